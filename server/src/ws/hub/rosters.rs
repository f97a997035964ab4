//! Who is in a group, where a fact came without the list of its members, since it happened on another node.
//!
//! A roster is good for every fact up to its own `members_rev`: of what was said before, those hear who were in the group
//! by then and still are. What tells of a later one waits until the roster is read anew. So a fact that was lost can
//! delay another, but never lead it to someone who has left.

use std::collections::{HashMap, VecDeque};

use app::protocol::{ConversationId, Seq};
use moka::sync::Cache;

use super::Hub;
use crate::chat::Roster;
use crate::events::{Audience, Members};

/// Members that are remembered, of all groups together: 16 bytes each.
const MAX_CACHED_MEMBERS: u64 = 1_000_000;

/// Facts of one group that wait while its roster is read. Beyond that they are dropped, and clients fetch what they
/// miss.
const MAX_WAITING: usize = 256;

/// See the module.
pub(super) struct Rosters {
    known: Cache<ConversationId, Roster>,
    /// What waits for a group's roster, in its order. It is being read for each group that is in here.
    waiting: HashMap<ConversationId, VecDeque<Waiting>>,
}

struct Waiting {
    members_rev: i64,
    at: Seq,
    tell: Box<Tell>,
}

type Tell = dyn FnOnce(&Hub, &Members) + Send;

impl Default for Rosters {
    fn default() -> Self {
        let weight = |_: &ConversationId, roster: &Roster| {
            u32::try_from(roster.size() + 16).unwrap_or(u32::MAX)
        };
        let known = Cache::builder().max_capacity(MAX_CACHED_MEMBERS).weigher(weight).build();
        Self { known, waiting: HashMap::new() }
    }
}

impl Rosters {
    fn known(&self, id: ConversationId, members_rev: i64) -> Option<Roster> {
        self.known.get(&id).filter(|roster| roster.rev() >= members_rev)
    }

    /// What waits longest in a group; once nothing does, its roster is no longer being read.
    fn next(&mut self, id: ConversationId) -> Option<Waiting> {
        let next = self.waiting.get_mut(&id)?.pop_front();
        if next.is_none() {
            self.waiting.remove(&id);
        }
        next
    }
}

impl Hub {
    /// Tells of something that happened in a conversation, once it is known who was in it at that position: at once
    /// where the list came along (`known`) or is remembered.
    pub(super) fn with_members(
        &self,
        id: ConversationId,
        audience: Audience,
        at: Seq,
        known: Option<Members>,
        tell: impl FnOnce(&Self, &Members) + Send + 'static,
    ) {
        let members_rev = match (known, audience) {
            (Some(members), _) => return tell(self, &members),
            (None, Audience::Private(one, other)) => {
                return tell(self, &Members::Private(one, other));
            }
            (None, Audience::Group { members_rev }) => members_rev,
        };
        let mut state = self.state();
        let rosters = &mut state.rosters;
        let is_read = rosters.waiting.contains_key(&id);
        if let Some(roster) = rosters.known(id, members_rev).filter(|_| !is_read) {
            drop(state);
            return tell(self, &Members::Group(roster.as_of(at)));
        }
        let waiting = rosters.waiting.entry(id).or_default();
        if waiting.len() < MAX_WAITING {
            waiting.push_back(Waiting { members_rev, at, tell: Box::new(tell) });
        }
        if !is_read {
            let hub = self.clone();
            self.inner.tasks.spawn(async move { hub.tell_waiting(id).await });
        }
    }

    /// Tells of all that waits in a group, in its order.
    async fn tell_waiting(&self, id: ConversationId) {
        loop {
            let Some(next) = self.state().rosters.next(id) else { return };
            let known = self.state().rosters.known(id, next.members_rev);
            let roster = match known {
                Some(roster) => roster,
                None => match self.inner.reader.roster(id).await {
                    Ok(Some(roster)) if roster.rev() >= next.members_rev => {
                        self.state().rosters.known.insert(id, roster.clone());
                        roster
                    }
                    // There is no such group any more, or its change is not to be seen yet.
                    Ok(_) => continue,
                    Err(error) => {
                        tracing::warn!(%error, "the members of a group could not be read");
                        self.state().rosters.waiting.remove(&id);
                        return;
                    }
                },
            };
            (next.tell)(self, &Members::Group(roster.as_of(next.at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use app::protocol::{Conversation, History, LoginId, SendMessage, Seq, ServerFrame, UserId};

    use tokio::time::timeout;

    use crate::events::{Audience, Event, Fact, codec};
    use crate::ws::hub::tests::{TestHub, hub};
    use crate::ws::mailbox::Mailbox;
    use crate::ws::outbound::Outbound;

    /// A group of 1 and 2 on another node, of which this one has the sockets of 1, 2 and 3.
    async fn elsewhere() -> (TestHub, Conversation, [Mailbox; 3]) {
        let hub = hub().await;
        for number in 1..=3 {
            hub.house.person(number).await;
        }
        let mailboxes = [1, 2, 3].map(|user| hub.join(UserId::new(user), LoginId::new(user)).1);
        let (one, two) = (UserId::new(1), UserId::new(2));
        let chat = &hub.house.chat;
        let made = chat.create_group(one, "Tea", vec![two], true, History::Joined).await;
        let made = made.expect("a group");
        (hub, made, mailboxes)
    }

    async fn say(hub: &TestHub, group: &Conversation, text: &str) {
        let message = SendMessage {
            client_id: text.to_owned(),
            conversation_id: Some(group.id),
            content: Some(text.to_owned()),
            ..SendMessage::default()
        };
        hub.house.chat.send_message(UserId::new(1), &message).await.expect("stored");
    }

    /// What was told since, as it comes from another node.
    fn travelled(hub: &TestHub) -> Vec<Event> {
        let fact = |event| match event {
            Event::Fact { fact, .. } => {
                codec::decode(&codec::encode(&fact)).expect("it is ours").into()
            }
            Event::Reply(reply) => panic!("nobody sent anything by a socket: {reply:?}"),
        };
        hub.house.told().into_iter().map(fact).collect()
    }

    /// The next frames that a socket is to send, in short; waits for so many.
    async fn frames(mailbox: &Mailbox, count: usize) -> Vec<String> {
        let mut taken = Vec::new();
        while taken.len() < count {
            let missing = count - taken.len();
            let more = mailbox.take(&mut taken, missing);
            timeout(Duration::from_secs(10), more).await.expect("it is told");
        }
        let short = |outbound| {
            let text = match outbound {
                Outbound::Message { frame, .. }
                | Outbound::Removed { frame, .. }
                | Outbound::Frame(frame) => frame,
                other => panic!("unexpected {other:?}"),
            };
            match serde_json::from_str(text.as_str()).expect("a frame") {
                ServerFrame::NewMessage { message } if message.notice().is_some() => {
                    "notice".into()
                }
                ServerFrame::NewMessage { message } => message.client_id.as_str().to_owned(),
                ServerFrame::MessageUpdated { message, .. } => format!("{} changed", message.seq),
                ServerFrame::Conversation { .. } => "conversation".into(),
                ServerFrame::ConversationRemoved { .. } => "removed".into(),
                other => panic!("unexpected {other:?}"),
            }
        };
        taken.into_iter().map(short).collect()
    }

    #[tokio::test]
    async fn a_fact_from_another_node_reaches_the_members_and_nobody_who_has_left() {
        let (hub, group, [one, two, three]) = elsewhere().await;
        say(&hub, &group, "a").await;
        hub.accept(travelled(&hub));
        let begun = ["conversation", "notice", "a"];
        assert_eq!(frames(&one, 3).await, begun);
        assert_eq!(frames(&two, 3).await, begun);
        // 2 is removed, and no fact tells this node of it.
        hub.house.chat.remove_member(UserId::new(1), group.id, UserId::new(2)).await.expect("gone");
        hub.house.told();
        say(&hub, &group, "b").await;
        hub.accept(travelled(&hub));
        assert_eq!(frames(&one, 1).await, ["b"]);
        assert_eq!((two.len(), three.len()), (0, 0), "2 has left, 3 never came");
    }

    #[tokio::test]
    async fn whoever_comes_in_later_hears_nothing_of_before() {
        let (hub, group, [one, two, three]) = elsewhere().await;
        say(&hub, &group, "a").await;
        hub.house
            .chat
            .edit_message(UserId::new(1), group.id, Seq::new(2), "A")
            .await
            .expect("edited");
        hub.house.chat.join(UserId::new(3), group.id).await.expect("open");
        say(&hub, &group, "b").await;
        // All of it comes late: when it is known that 3 is a member.
        hub.accept(travelled(&hub));
        let all = ["conversation", "notice", "a", "2 changed", "conversation", "notice", "b"];
        assert_eq!(frames(&one, 7).await, all);
        assert_eq!(frames(&two, 7).await, all);
        assert_eq!(frames(&three, 3).await, ["conversation", "notice", "b"]);
        assert_eq!(three.len(), 0);
    }

    #[tokio::test]
    async fn what_is_remembered_is_not_read_again() {
        let (hub, group, [one, ..]) = elsewhere().await;
        say(&hub, &group, "a").await;
        hub.accept(travelled(&hub));
        frames(&one, 3).await;
        say(&hub, &group, "b").await;
        hub.accept(travelled(&hub));
        // It is there before any task had its turn.
        assert_eq!(one.len(), 1);
    }

    #[tokio::test]
    async fn a_change_that_is_not_to_be_seen_yet_waits_for_no_one() {
        let (hub, group, [one, ..]) = elsewhere().await;
        say(&hub, &group, "a").await;
        let mut events = travelled(&hub);
        let Some(Event::Fact { fact: Fact::MessageStored { message, .. }, .. }) = events.pop()
        else {
            panic!("a message was last")
        };
        let audience = Audience::Group { members_rev: 99 };
        hub.accept(vec![Fact::MessageStored { message, audience }.into()]);
        hub.accept(events);
        assert_eq!(frames(&one, 2).await, ["conversation", "notice"]);
    }
}
