//! Messages that changed.

use std::time::Instant;

use app::protocol::ServerFrame;

use super::Hub;
use super::messages::{Arrival, deliver};
use crate::event::Update;
use crate::ws::frames::encode;
use crate::ws::sockets::{Outbound, Sockets};

impl Hub {
    /// Tells of a changed message in its place among the messages: after all that was said before
    /// it changed, so that nobody hears of a change of what they have not heard.
    pub(super) fn tell_updated(&self, update: Box<Update>) {
        let (id, after) = (update.message.conversation_id, update.after);
        let audience = update.audience.clone();
        let mut state = self.state();
        if audience.members().all(|member| state.sockets.of(member).is_empty()) {
            return;
        }
        let arrival = Arrival::Updated(update);
        match state.sequencers.get_mut(&id) {
            Some(sequencer) => {
                let step = sequencer.follow(after, arrival, Instant::now());
                self.take(&mut state, id, &audience, step);
            }
            None => deliver(&mut state.sockets, arrival),
        }
    }
}

/// A `message_updated` to every socket of every member who can see the message.
pub(super) fn tell_update(sockets: &mut Sockets, update: &Update) {
    let Update { message, by, reaction, audience, hidden_from, .. } = update;
    let readers = audience.members().filter(|member| !hidden_from.contains(member));
    sockets.push_to_all(readers, None, || {
        let message = (**message).clone();
        Outbound::Frame(encode(&ServerFrame::MessageUpdated {
            message,
            by: *by,
            reaction: reaction.clone(),
        }))
    });
}
