//! What is to be true of each device: at any moment, and when the network has healed.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::{Device, Fault, Simulation};
use crate::protocol::{ConversationId, PresenceStatus, Seq};
use crate::state::tests::server::Thread;

impl Simulation {
    /// One good reconnection, and a minute and a half without faults.
    pub fn heal(&mut self) {
        self.server.refuse_next = false;
        for device in 0..self.devices.len() {
            self.devices[device].lose_call = false;
            self.input(device, |state, now| state.lead(true, now));
            self.cut(device, 0);
        }
        for _ in 0..900 {
            self.settle();
            self.pass(100);
        }
        self.server.tell_of_people();
        self.settle();
    }

    /// All that is on its way arrives.
    fn settle(&mut self) {
        while self.is_busy() {
            for device in 0..self.devices.len() {
                self.reach_server(device, Fault::None);
                self.reach_client(device, Fault::None);
                self.answer(device, 0, true);
                self.acted(device, 0, true);
            }
        }
    }

    fn is_busy(&self) -> bool {
        self.devices.iter().zip(&self.server.sockets).any(|(device, socket)| {
            !(device.to_server.is_empty()
                && socket.to_client.is_empty()
                && device.questions.is_empty()
                && device.calls.is_empty())
        })
    }

    /// At any moment: what is shown ascends, without a repeat and without a hole.
    pub fn check_order(&self) -> Result<(), TestCaseError> {
        for (device, (id, thread)) in self.on_each_thread() {
            let Some(timeline) = device.state.timeline(*id) else { continue };
            let shown: Vec<_> = timeline.messages().iter().map(|m| m.seq.get()).collect();
            // What is hidden may be known still, or no more.
            let hidden = |seq: &i64| *seq < thread.first().get() && !shown.contains(seq);
            let covered = timeline.from().get()..=timeline.to().get();
            let covered: Vec<_> = covered.filter(|seq| !hidden(seq)).collect();
            prop_assert_eq!(&shown, &covered, "in {}", id);
            prop_assert!(timeline.from() <= thread.last().next(), "in {}", id);
        }
        Ok(())
    }

    fn on_each_thread(&self) -> impl Iterator<Item = (&Device, (&ConversationId, &Thread))> {
        let threads = &self.server.threads;
        self.devices.iter().flat_map(move |device| threads.iter().map(move |of| (device, of)))
    }

    /// Each device knows what the server knows, and the server what the devices wanted.
    pub fn check_equal(&self) -> Result<(), TestCaseError> {
        let ids = self.server.ids();
        for (device, socket) in self.devices.iter().zip(&self.server.sockets) {
            let (state, refused) = (&device.state, device.refused());
            let left: Vec<_> = state.outbox().iter().map(|e| e.client_id.clone()).collect();
            prop_assert_eq!(&left, &refused, "left: {:?}", state.outbox());
            prop_assert_eq!(device.storage.len(), refused.len(), "kept: {:?}", device.storage);
            let known: Vec<_> = state.chats().iter().map(|row| row.id).collect();
            prop_assert_eq!(&known, &ids);
            prop_assert_eq!(socket.away, state.is_away());
        }
        for (device, (id, thread)) in self.on_each_thread() {
            let state = &device.state;
            prop_assert_eq!(state.typists(*id).count(), 0);
            if let Some(peer) = thread.peer {
                let status = state.presence(peer).map_or(PresenceStatus::Offline, |p| p.status);
                let told = self.server.presence.get(&peer).copied();
                prop_assert_eq!(status, told.unwrap_or(PresenceStatus::Offline), "of {}", peer);
            }
            if thread.within {
                let row = state.chats().get(*id).map(|row| thread.comparable_row(row));
                prop_assert_eq!(row, Some(thread.comparable_row(&self.server.row(*id))));
                check_timeline(device, *id, thread)?;
            } else {
                prop_assert_eq!(state.timeline(*id), None);
            }
            check_written(device, *id, thread)?;
        }
        Ok(())
    }
}

fn check_timeline(
    device: &Device,
    id: ConversationId,
    thread: &Thread,
) -> Result<(), TestCaseError> {
    let Some(timeline) = device.state.timeline(id) else { return Ok(()) };
    for message in timeline.messages() {
        let stored = thread.view(message.seq, true);
        prop_assert_eq!(thread.comparable(message), thread.comparable(&stored));
        prop_assert_eq!(device.state.reactions(message), message.reactions.clone());
    }
    if !timeline.has_more_after() {
        prop_assert_eq!(timeline.to().max(thread.first().previous()), thread.last());
    }
    prop_assert_eq!(timeline.has_more_before(), timeline.from() > thread.first().max(Seq::new(1)));
    Ok(())
}

/// What was written on a device is there: once, in order.
fn check_written(
    device: &Device,
    id: ConversationId,
    thread: &Thread,
) -> Result<(), TestCaseError> {
    let refused = device.refused();
    let mine = device.written.iter().filter(|(at, name)| *at == id && !refused.contains(name));
    let mine: Vec<_> = mine.map(|(_, name)| name).collect();
    let stored = thread.messages.iter().map(|message| &message.client_id);
    let names: Vec<_> = device.written.iter().map(|(_, name)| name).collect();
    let stored: Vec<_> = stored.filter(|name| names.contains(name)).collect();
    prop_assert_eq!(stored, mine, "what was written to {}: once, in order", id);
    Ok(())
}
