//! Messages that changed.

use std::time::Instant;

use super::Hub;
use super::delivery::{Arrival, deliver};
use crate::events::Update;

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
