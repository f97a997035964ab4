//! Deciding, in memory, what a transaction does: it holds the conversations' locks, so that what
//! was read of them stays true until it commits.

use std::collections::HashMap;
use std::sync::Arc;

use app::protocol::{ConversationId, Message, Seq, Timestamp, UserId};

use super::work::{QueuedAppend, QueuedMarks};
use crate::event::Audience;
use crate::store::rows::text_message;

/// Names a message before it has a position.
pub(super) type Name = (ConversationId, UserId, String);

/// What is stored already, by name.
pub(super) type Stored = HashMap<Name, Arc<Message>>;

/// What becomes of a message.
pub(super) enum Decision {
    /// It is inserted, or was by an earlier attempt: news for everyone.
    New(Arc<Message>, Audience),
    /// It was stored before: news for nobody. Absent is who is in a conversation that has nobody.
    Repeat(Arc<Message>, Option<Audience>),
    /// There is no such conversation, or the sender is not in it.
    NotFound,
    /// Nobody may write there any more.
    Closed,
    /// Its sender was told `unavailable`, and so it was.
    Forgotten,
}

/// What becomes of marks.
#[derive(Clone, Copy)]
pub(super) enum Moved {
    /// They stand further than before.
    Forward { audience: Audience, delivered: Seq, read: Seq },
    /// They stood there already.
    Nowhere,
    /// There is no such conversation, or the user is not in it.
    NotFound,
}

/// The locked conversations.
pub(super) type Conversations = HashMap<ConversationId, Conversation>;

/// A locked conversation.
pub(super) struct Conversation {
    pub(super) last_seq: i64,
    /// Nobody may write any more.
    pub(super) closed: bool,
    pub(super) members: Vec<Member>,
    /// Something was appended.
    pub(super) grown: bool,
}

/// A member's session.
pub(super) struct Member {
    pub(super) user_id: UserId,
    pub(super) read_seq: i64,
    pub(super) delivered_seq: i64,
    pub(super) marked_unread: bool,
    pub(super) version: i64,
    pub(super) changed: bool,
}

impl Conversation {
    fn member(&mut self, user: UserId) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.user_id == user)
    }

    fn audience(&self) -> Option<Audience> {
        let one = self.members.first()?.user_id;
        let other = self.members.get(1).map_or(one, |member| member.user_id);
        Some(Audience::Private(one, other))
    }

    /// Numbers a message of this member.
    ///
    /// # Errors
    /// `NotFound` when they are none, `Closed` when nobody may write.
    fn number(&mut self, sender: UserId) -> Result<(i64, Audience), Decision> {
        let audience = self.audience().ok_or(Decision::NotFound)?;
        let (seq, closed) = (self.last_seq + 1, self.closed);
        let member = self.member(sender).ok_or(Decision::NotFound)?;
        if closed {
            return Err(Decision::Closed);
        }
        member.step_over(seq);
        self.last_seq = seq;
        self.grown = true;
        Ok((seq, audience))
    }
}

impl Member {
    /// One's own messages never hold a mark back: one that stands just below steps over.
    fn step_over(&mut self, own: i64) {
        for mark in [&mut self.read_seq, &mut self.delivered_seq] {
            if *mark == own - 1 {
                *mark = own;
                self.changed = true;
            }
        }
    }
}

/// Decides on each message, in order: repeats first (what was stored is acknowledged even if its
/// sender has been removed since), then membership, then the number. Returns what to insert as
/// `New` decisions whose message is not in `stored`.
pub(super) fn plan_appends(
    appends: &[QueuedAppend],
    conversations: &mut Conversations,
    stored: &Stored,
    now: Timestamp,
) -> Plan {
    let mut plan = Plan::default();
    let mut seen: HashMap<(ConversationId, UserId, &str), Arc<Message>> = HashMap::new();
    for append in appends {
        let name = (append.conversation_id, append.sender.id, append.client_id.as_str());
        let conversation = conversations.get_mut(&append.conversation_id);
        let audience = conversation.as_ref().and_then(|found| found.audience());
        if let Some(first) = seen.get(&name) {
            plan.decisions.push(Decision::Repeat(Arc::clone(first), audience));
            continue;
        }
        let owned = (name.0, name.1, name.2.to_owned());
        let (message, decision) = match (stored.get(&owned), conversation) {
            (Some(found), _) => match audience {
                Some(audience) if append.may_be_stored => {
                    (found, Decision::New(Arc::clone(found), audience))
                }
                _ => (found, Decision::Repeat(Arc::clone(found), audience)),
            },
            (None, _) if append.reply.is_none() => {
                plan.decisions.push(Decision::Forgotten);
                continue;
            }
            (None, conversation) => {
                let numbered = conversation.ok_or(Decision::NotFound);
                let numbered = numbered.and_then(|found| found.number(append.sender.id));
                let (seq, audience) = match numbered {
                    Ok(numbered) => numbered,
                    Err(refusal) => {
                        plan.decisions.push(refusal);
                        continue;
                    }
                };
                let message = Arc::new(message(append, seq, now));
                plan.inserts.push(Arc::clone(&message));
                seen.insert(name, Arc::clone(&message));
                plan.decisions.push(Decision::New(message, audience));
                continue;
            }
        };
        seen.insert(name, Arc::clone(message));
        plan.decisions.push(decision);
    }
    plan
}

/// What a transaction does with its messages.
#[derive(Default)]
pub(super) struct Plan {
    /// One a message, in their order.
    pub(super) decisions: Vec<Decision>,
    /// The rows that are new.
    pub(super) inserts: Vec<Arc<Message>>,
}

fn message(append: &QueuedAppend, seq: i64, now: Timestamp) -> Message {
    text_message(
        append.conversation_id,
        Seq::new(seq),
        append.client_id.clone(),
        (*append.sender).clone(),
        append.content.as_str().to_owned(),
        now,
    )
}

/// One member's mark below the newest message: own messages may stand just above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Standing {
    pub(super) conversation_id: ConversationId,
    pub(super) user_id: UserId,
    pub(super) seq: i64,
}

/// Where marks step to that have own messages just above them.
pub(super) type Steps = HashMap<Standing, i64>;

/// Where each of these marks would stand, cut to the newest message, before it steps over own ones.
pub(super) fn standings(marks: &[QueuedMarks], conversations: &Conversations) -> Vec<Standing> {
    let mut standings = Vec::new();
    for marks in marks {
        let Some(conversation) = conversations.get(&marks.conversation_id) else { continue };
        let member = conversation.members.iter().find(|member| member.user_id == marks.user_id);
        let Some(member) = member else { continue };
        for (wanted, current) in
            [(marks.read, member.read_seq), (marks.delivered, member.delivered_seq)]
        {
            let seq = wanted.get();
            let standing =
                Standing { conversation_id: marks.conversation_id, user_id: marks.user_id, seq };
            if seq > current && seq < conversation.last_seq && standings.last() != Some(&standing) {
                standings.push(standing);
            }
        }
    }
    standings
}

/// Moves a member's marks: only forward, cut to the newest message, over own messages just above,
/// and what was read was delivered.
pub(super) fn move_marks(
    marks: &QueuedMarks,
    conversations: &mut Conversations,
    steps: &Steps,
) -> Moved {
    let Some(conversation) = conversations.get_mut(&marks.conversation_id) else {
        return Moved::NotFound;
    };
    let Some(audience) = conversation.audience() else { return Moved::NotFound };
    let last_seq = conversation.last_seq;
    let Some(member) = conversation.member(marks.user_id) else { return Moved::NotFound };
    let stepped = |mark: Seq| {
        let seq = mark.get().min(last_seq);
        let standing =
            Standing { conversation_id: marks.conversation_id, user_id: marks.user_id, seq };
        steps.get(&standing).map_or(seq, |end| (*end).min(last_seq))
    };
    let read = member.read_seq.max(stepped(marks.read));
    let delivered = member.delivered_seq.max(stepped(marks.delivered)).max(read);
    // Reading takes the flag "unread" away, wherever the mark stands.
    let unflagged = member.marked_unread && marks.read > Seq::ZERO;
    if (read, delivered) == (member.read_seq, member.delivered_seq) && !unflagged {
        return Moved::Nowhere;
    }
    if unflagged {
        member.marked_unread = false;
        member.version += 1;
    }
    member.read_seq = read;
    member.delivered_seq = delivered;
    member.changed = true;
    Moved::Forward { audience, delivered: Seq::new(delivered), read: Seq::new(read) }
}
