//! Messages and their acks, each conversation in the order of `seq`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::protocol::{ConversationId, Message, Seq, ServerFrame};

use super::delivery::{Arrival, answer, deliver};
use super::groups::{GroupNews, tell_change};
use super::{Hub, State, push_to_user};
use crate::events::{Members, Origin};
use crate::ws::frames::encode;
use crate::ws::meters;
use crate::ws::sequencer::{Late, Sequencer, Step, Then};

/// How long an early message waits for the one before it, until that is read from the database.
const GAP_TIMEOUT: Duration = Duration::from_millis(250);

/// How long a conversation's sequencer is remembered after its last message.
const SEQUENCER_TTL: Duration = Duration::from_mins(1);

impl Hub {
    /// Learns that a conversation stood at `last` when a socket of this node began to write to it,
    /// so that what another node writes is not overlooked.
    pub(in crate::ws) fn expect_after(&self, conversation_id: ConversationId, last: Seq) {
        let mut state = self.state();
        let sequencer = state
            .sequencers
            .entry(conversation_id)
            .or_insert_with(|| Sequencer::new(Instant::now()));
        sequencer.expect_after(last);
    }

    pub(super) fn arrive(
        &self,
        message: Arc<Message>,
        members: &Members,
        origin: Option<Origin>,
        news: Option<Box<GroupNews>>,
    ) {
        let (id, seq) = (message.conversation_id, message.seq);
        let mut state = self.state();
        let left = news.as_ref().map_or(&[][..], |news| &news.change.left);
        let mut people = members.ids().chain(left.iter().copied());
        let nobody_here = people.all(|it| state.sockets.of(it).is_empty());
        let arrival = Arrival::Message { message, members: members.clone(), origin, news };
        if nobody_here {
            // Whoever connects later reads it from the database. Its sender may have left since.
            state.sequencers.remove(&id);
            return answer(&mut state.sockets, arrival);
        }
        let now = Instant::now();
        let sequencer = state.sequencers.entry(id).or_insert_with(|| Sequencer::new(now));
        if matches!(members, Members::Group(_)) {
            // Whoever is new to a group is told of it with the message that says so.
            sequencer.needs_no_introduction();
        }
        match sequencer.offer(seq, arrival, now) {
            Ok(step) => self.take(&mut state, id, members, step),
            Err(Late(Arrival::Message { news: Some(news), .. })) => {
                tell_change(&mut state.sockets, &news);
            }
            Err(Late(arrival)) => answer(&mut state.sockets, arrival),
        }
    }

    /// The answer to a message that had been stored before goes out after that message.
    pub(super) fn repeat(&self, message: Arc<Message>, members: Option<Members>, to: Origin) {
        let (id, seq, connection) = (message.conversation_id, message.seq, to.connection);
        let arrival = Arrival::Repeat { message, to };
        let mut state = self.state();
        // Whoever is no longer a member is told of nothing that the answer could overtake.
        let members = members.filter(|members| {
            members.ids().any(|member| state.sockets.of(member).contains(&connection))
        });
        match (state.sequencers.get_mut(&id), members) {
            (Some(sequencer), Some(members)) => {
                let step = sequencer.follow(seq, arrival, Instant::now());
                self.take(&mut state, id, &members, step);
            }
            _ => answer(&mut state.sockets, arrival),
        }
    }

    pub(super) fn take(
        &self,
        state: &mut State,
        id: ConversationId,
        members: &Members,
        step: Step<Arrival>,
    ) {
        for arrival in step.deliver {
            deliver(&mut state.sockets, arrival);
        }
        let (hub, members) = match step.then {
            Then::Wait => return,
            _ => (self.clone(), members.clone()),
        };
        match step.then {
            Then::Wait => {}
            Then::Introduce => {
                self.inner.tasks.spawn(async move { hub.introduce(id, members).await });
            }
            Then::AwaitGap => {
                self.inner.tasks.spawn(async move { hub.close_gap(id, members).await });
            }
        }
    }

    /// Tells both members of a conversation in which something is said for the first time.
    async fn introduce(&self, id: ConversationId, members: Members) {
        let mut frames = Vec::new();
        for member in members.ids() {
            if self.state().sockets.of(member).is_empty() {
                continue;
            }
            match self.inner.reader.conversation(member, id).await {
                Ok(conversation) => {
                    frames.push((
                        member,
                        encode(&ServerFrame::Conversation { id: None, conversation }),
                    ));
                }
                // They still get the message, and fetch the conversation when it is unknown.
                Err(error) => tracing::warn!(%error, "a new conversation could not be read"),
            }
        }
        let mut state = self.state();
        for (member, frame) in frames {
            push_to_user(&mut state.sockets, member, None, &frame);
        }
        if let Some(sequencer) = state.sequencers.get_mut(&id) {
            let step = sequencer.introduced();
            self.take(&mut state, id, &members, step);
        }
    }

    /// Gives a missing message a moment to come, then reads it from the database.
    async fn close_gap(&self, id: ConversationId, members: Members) {
        tokio::time::sleep(GAP_TIMEOUT).await;
        let gap = self.state().sequencers.get_mut(&id).and_then(Sequencer::gap);
        let missed = match (gap, &members) {
            (Some((from, to)), Members::Private(..)) => {
                meters::gap();
                let read = self.inner.reader.messages_between(id, from, to).await;
                read.unwrap_or_else(|error| {
                    // Clients see the hole and fetch it themselves.
                    tracing::warn!(%error, "missed messages could not be read");
                    Vec::new()
                })
            }
            // Who was a member of a group when these were said is not known here: whoever was sees
            // the hole, and fetches what is theirs to see.
            (Some(_), Members::Group(_)) | (None, _) => Vec::new(),
        };
        let mut state = self.state();
        let now = Instant::now();
        for message in missed {
            let seq = message.seq;
            let message = Arc::new(message);
            let to = members.clone();
            let arrival = Arrival::Message { message, members: to, origin: None, news: None };
            let Some(sequencer) = state.sequencers.get_mut(&id) else { return };
            if let Ok(step) = sequencer.offer(seq, arrival, now) {
                self.take(&mut state, id, &members, step);
            }
        }
        if let Some(sequencer) = state.sequencers.get_mut(&id) {
            let step = sequencer.gap_closed(gap.map_or(Seq::ZERO, |(_, to)| to));
            self.take(&mut state, id, &members, step);
        }
    }

    pub(super) async fn forget_idle_sequencers(&self) {
        while self
            .inner
            .stopping
            .run_until_cancelled(tokio::time::sleep(SEQUENCER_TTL))
            .await
            .is_some()
        {
            let Some(then) = Instant::now().checked_sub(SEQUENCER_TTL) else { continue };
            self.state().sequencers.retain(|_, sequencer| !sequencer.is_idle_since(then));
        }
    }
}

#[cfg(test)]
mod tests {
    use app::protocol::{ConversationId, LoginId, Seq, UserId};

    use crate::events::{
        ConnectionId, Event, Fact, GroupMembers, Local, Members, Origin, Reply, samples,
    };
    use crate::ws::Hub;
    use crate::ws::hub::tests::hub;
    use crate::ws::mailbox::Mailbox;
    use crate::ws::outbound::Outbound;

    const ID: ConversationId = ConversationId::new(7);
    const MEMBERS: Members = Members::Private(UserId::new(1), UserId::new(2));

    fn stored_among(members: Members, seq: i64, origin: Option<ConnectionId>) -> Event {
        let message = samples::message(ID, seq, "hi").into();
        let fact = Fact::MessageStored { message, audience: members.audience() };
        let origin = origin.map(|connection| Origin { connection, frame_id: None });
        Event::Fact { fact, local: Local { origin, members: Some(members) } }
    }

    fn stored(seq: i64, origin: Option<ConnectionId>) -> Event {
        stored_among(MEMBERS, seq, origin)
    }

    fn repeat(seq: i64, connection: ConnectionId) -> Event {
        let message = samples::message(ID, seq, "hi").into();
        let to = Origin { connection, frame_id: None };
        Event::Reply(Reply::Repeated { message, members: Some(MEMBERS), to })
    }

    /// Positions as they go out, those of acks below zero.
    async fn told(mailbox: &Mailbox, count: usize) -> Vec<i64> {
        let mut told = Vec::new();
        while told.len() < count {
            let missing = count - told.len();
            mailbox.take(&mut told, missing).await;
        }
        let seq = |outbound| match outbound {
            Outbound::Message { seq, .. } => seq.get(),
            Outbound::MessageReply(answer) => -answer.seq.expect("an ack").get(),
            other => panic!("unexpected {other:?}"),
        };
        told.into_iter().map(seq).collect()
    }

    fn joined(hub: &Hub) -> (ConnectionId, Mailbox) {
        hub.join(UserId::new(1), LoginId::new(1))
    }

    #[tokio::test]
    async fn whoever_has_left_since_is_answered_though_nobody_else_is_here() {
        let hub = hub().await;
        let (gone, mailbox) = joined(&hub);
        let nobody = Members::Group(GroupMembers { rev: 2, ids: [].into() });
        hub.accept(vec![stored_among(nobody, 1, Some(gone))]);
        assert!(matches!(mailbox.pop(), Some(Outbound::MessageReply(ack)) if ack.seq.is_some()));
    }

    #[tokio::test]
    async fn a_repeat_does_not_overtake_what_waits_for_the_introduction() {
        let hub = hub().await;
        let (first, _gone) = joined(&hub);
        let (again, mailbox) = joined(&hub);
        hub.expect_after(ID, Seq::ZERO);
        hub.accept(vec![stored(1, Some(first)), stored(2, None), repeat(1, again)]);
        assert_eq!(told(&mailbox, 3).await, [1, -1, 2]);
        hub.accept(vec![repeat(2, again)]);
        assert_eq!(told(&mailbox, 1).await, [-2]);
    }

    #[tokio::test]
    async fn a_repeat_does_not_overtake_what_waits_for_a_gap() {
        let hub = hub().await;
        let (again, mailbox) = joined(&hub);
        hub.accept(vec![stored(2, None), stored(4, None), repeat(4, again)]);
        assert_eq!(told(&mailbox, 1).await, [2]);
        assert_eq!(mailbox.len(), 0, "3 is missing");
        // It comes nowhere, and the others are waited for no longer.
        assert_eq!(told(&mailbox, 2).await, [4, -4]);
    }
}
