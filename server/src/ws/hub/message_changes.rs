//! Messages that changed.

use std::time::Instant;

use super::Hub;
use super::delivery::{Arrival, deliver};
use crate::events::{Members, MessageChange};

impl Hub {
    /// Tells of a changed message in its place among the messages: after all that was said before
    /// it changed, so that nobody hears of a change of what they have not heard.
    pub(super) fn tell_message_change(&self, change: Box<MessageChange>, members: &Members) {
        let (id, after) = (change.message.conversation_id, change.after);
        let mut state = self.state();
        if members.ids().all(|member| state.sockets.of(member).is_empty()) {
            return;
        }
        let arrival = Arrival::Changed { change, members: members.clone() };
        match state.sequencers.get_mut(&id) {
            Some(sequencer) => {
                let step = sequencer.follow(after, arrival, Instant::now());
                self.take(&mut state, id, members, step);
            }
            None => deliver(&mut state.sockets, arrival),
        }
    }
}
