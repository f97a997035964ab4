//! Deciding, in memory, what a transaction does: it holds the conversations' locks, so that what
//! was read of them stays true until it commits.

use std::collections::HashMap;
use std::sync::Arc;

use app::protocol::{
    ApiError, Content, ConversationId, Message, NewContent, NewFiles, Quote, Receipt, Role,
    Schedule, Seq, Timestamp, User, UserId,
};

use super::batch::{QueuedAppend, QueuedMarks};
use super::known::Known;
use crate::events::{GroupMembers, Members};
use crate::store::codes::{BLOCKED, OPEN};
use crate::store::mentions::{self, Mentions};
use crate::store::message_files::take;

/// What becomes of a message.
pub(super) enum Decision {
    /// It is inserted, or was by an earlier attempt: news for everyone.
    New(Arc<Message>, Members),
    /// It was stored before: news for nobody.
    Repeat(Arc<Message>, Option<Members>),
    /// It is not for its sender to write there, or not for anyone.
    Refused(ApiError),
    /// Its sender was told `unavailable`, and so it was.
    Forgotten,
}

/// What becomes of marks.
#[derive(Clone, Copy)]
pub(super) enum Moved {
    /// They stand further than before, or the flag "unread" was taken away.
    Forward {
        /// Where they stand now.
        receipt: Receipt,
        /// The other one, who hears of it.
        partner: Option<UserId>,
        /// The flag "unread" was taken away.
        unflagged: bool,
    },
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
    /// Why nobody may write, as the column has it.
    pub(super) closed: i64,
    /// Who is in it, if it is a group.
    pub(super) group: Option<GroupMembers>,
    /// In a private conversation both members' sessions; in a group those of its members who do
    /// something in this transaction.
    pub(super) members: Vec<Member>,
    /// Whether something was appended.
    pub(super) grown: bool,
    /// Who is in it was changed.
    pub(super) regrouped: bool,
}

/// A member's session.
pub(super) struct Member {
    pub(super) user_id: UserId,
    pub(super) role: Role,
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

    /// Who is in it: in a group that may be nobody any more. Absent in a private conversation that
    /// has nobody.
    pub(super) fn everyone(&self) -> Option<Members> {
        if let Some(group) = &self.group {
            return Some(Members::Group(group.clone()));
        }
        let one = self.members.first()?.user_id;
        let other = self.members.get(1).map_or(one, |member| member.user_id);
        Some(Members::Private(one, other))
    }

    /// Gives the next position to what this user did; their own marks step over it.
    pub(super) fn next_seq(&mut self, by: UserId) -> i64 {
        self.last_seq += 1;
        self.grown = true;
        let seq = self.last_seq;
        if let Some(member) = self.member(by) {
            member.step_over(seq);
        }
        seq
    }

    /// Who hears of a message of this member.
    ///
    /// # Errors
    /// `not_found` when they are none, `forbidden` when nobody may write.
    fn hears(&mut self, sender: UserId) -> Result<Members, ApiError> {
        let everyone = self.everyone().ok_or_else(ApiError::not_found)?;
        self.member(sender).ok_or_else(ApiError::not_found)?;
        match self.closed {
            OPEN => {}
            BLOCKED => return Err(ApiError::blocked()),
            _ => return Err(ApiError::closed()),
        }
        Ok(everyone)
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

/// Decides on messages, in order: repeats first (what was stored is acknowledged even if its sender
/// has been removed since), then membership, then the number.
pub(super) struct Planner<'a> {
    now: Timestamp,
    seen: HashMap<(ConversationId, UserId, &'a str), Arc<Message>>,
    decisions: Vec<Decision>,
    new: Rows,
}

/// What is to be written of messages.
#[derive(Default)]
pub(super) struct Rows {
    /// The messages that are new, system messages among them.
    pub(super) messages: Vec<Arc<Message>>,
    /// By which those are found whom they mention.
    pub(super) mentions: Vec<mentions::MentionRow>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, seen: HashMap::new(), decisions: Vec::new(), new: Rows::default() }
    }

    /// The moment at which all of it is stored.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Takes in a system message, which is numbered already.
    pub(super) fn insert(&mut self, message: Arc<Message>) {
        self.new.messages.push(message);
    }

    /// What is not written down yet.
    pub(super) fn take_rows(&mut self) -> Rows {
        std::mem::take(&mut self.new)
    }

    /// What became of all messages, in their order.
    pub(super) fn finish(self) -> Vec<Decision> {
        self.decisions
    }

    /// Decides on these by what was read after all before them was written down.
    pub(super) fn append(
        &mut self,
        appends: &'a [QueuedAppend],
        known: &Known,
        locked: &mut Conversations,
    ) {
        for append in appends {
            let decision = self.decide(append, known, locked);
            self.decisions.push(decision);
        }
    }

    fn decide(
        &mut self,
        append: &'a QueuedAppend,
        known: &Known,
        locked: &mut Conversations,
    ) -> Decision {
        let name = (append.conversation_id, append.sender.id, append.client_id.as_str());
        let conversation = locked.get_mut(&append.conversation_id);
        // As it is by now, where it was changed since.
        let found = known.stored.get(&(name.0, name.1, name.2.to_owned()));
        if let Some(first) = self.seen.get(&name) {
            let everyone = conversation.as_ref().and_then(|found| found.everyone());
            return Decision::Repeat(Arc::clone(found.unwrap_or(first)), everyone);
        }
        if let Some(found) = found {
            let everyone = conversation.as_ref().and_then(|found| found.everyone());
            self.seen.insert(name, Arc::clone(found));
            return match everyone {
                Some(everyone) if append.may_be_stored => {
                    Decision::New(Arc::clone(found), everyone)
                }
                everyone => Decision::Repeat(Arc::clone(found), everyone),
            };
        }
        if append.reply.is_nobody() {
            return Decision::Forgotten;
        }
        match self.number(append, known, conversation) {
            Ok((message, members)) => {
                let message = Arc::new(message);
                self.new.messages.push(Arc::clone(&message));
                self.seen.insert(name, Arc::clone(&message));
                Decision::New(message, members)
            }
            Err(error) => Decision::Refused(error),
        }
    }

    /// The message as it is to be stored, or why it is not.
    fn number(
        &mut self,
        append: &QueuedAppend,
        known: &Known,
        conversation: Option<&mut Conversation>,
    ) -> Result<(Message, Members), ApiError> {
        let sender = append.sender.id;
        let conversation = conversation.ok_or_else(ApiError::not_found)?;
        let members = conversation.hears(sender)?;
        let (content, forwarded_from) = said(append, known)?;
        let reply_to = quote(append, known)?;
        let mut message = Message::new(
            append.conversation_id,
            Seq::new(conversation.next_seq(sender)),
            append.client_id.clone(),
            (*append.sender).clone(),
            content,
            self.now,
        );
        message.forwarded_from = forwarded_from;
        if let Some(extras) = &append.extras {
            message.reply_to = reply_to;
            message.mentions = extras.mentions.among(&members);
            message.mentioned = extras.mentions.called(&message.mentions);
            message.mentions_all = extras.mentions.names_everyone(&members);
            self.new.mentions.extend(Mentions::rows(&message));
        }
        Ok((message, members))
    }
}

/// What a message says, and whose words those are if not its sender's.
fn said(append: &QueuedAppend, known: &Known) -> Result<(Content, Option<User>), ApiError> {
    match &append.content {
        NewContent::Text(text) => Ok((Content::Text(text.as_str().to_owned()), None)),
        NewContent::Image(NewFiles { ids, caption }) => {
            let files = take(&known.uploads, append.sender.id, ids, true)?;
            Ok((Content::Image { files, caption: caption.as_str().to_owned() }, None))
        }
        NewContent::File(NewFiles { ids, caption }) => {
            let files = take(&known.uploads, append.sender.id, ids, false)?;
            Ok((Content::File { files, caption: caption.as_str().to_owned() }, None))
        }
        NewContent::Schedule { schedule, caption } => {
            let schedule = Box::new(Schedule::from((**schedule).clone()));
            Ok((Content::Schedule { schedule, caption: caption.as_str().to_owned() }, None))
        }
        NewContent::Forward(of) => {
            let found = known.forwards.get(&(append.sender.id, *of));
            let carried = found.cloned().ok_or_else(ApiError::not_found)??;
            Ok((carried.content, Some(carried.author)))
        }
    }
}

/// What a message answers.
fn quote(append: &QueuedAppend, known: &Known) -> Result<Option<Quote>, ApiError> {
    let Some(seq) = append.extras.as_ref().and_then(|extras| extras.reply_to) else {
        return Ok(None);
    };
    let asked = (append.conversation_id.get(), append.sender.id.get(), seq.get());
    let quote = known.answered.get(&asked).cloned().map(Some);
    quote.ok_or_else(|| {
        let message = "There is no such message to answer";
        ApiError::validation("reply_to_seq", message)
    })
}

/// One member's mark below the newest message: own messages may stand just above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct MarkPosition {
    pub(super) conversation_id: ConversationId,
    pub(super) user_id: UserId,
    pub(super) seq: i64,
}

/// Where marks step to that have own messages just above them.
pub(super) type Steps = HashMap<MarkPosition, i64>;

/// Where each of these marks would stand, cut to the newest message, before it steps over own ones.
pub(super) fn mark_positions(
    marks: &[QueuedMarks],
    conversations: &Conversations,
) -> Vec<MarkPosition> {
    let mut positions = Vec::new();
    for marks in marks {
        let Some(conversation) = conversations.get(&marks.conversation_id) else { continue };
        let member = conversation.members.iter().find(|member| member.user_id == marks.user_id);
        let Some(member) = member else { continue };
        for (wanted, current) in
            [(marks.read, member.read_seq), (marks.delivered, member.delivered_seq)]
        {
            let seq = wanted.get();
            let position = MarkPosition {
                conversation_id: marks.conversation_id,
                user_id: marks.user_id,
                seq,
            };
            if seq > current && seq < conversation.last_seq && positions.last() != Some(&position) {
                positions.push(position);
            }
        }
    }
    positions
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
    let (conversation_id, user_id) = (marks.conversation_id, marks.user_id);
    let Some(everyone) = conversation.everyone() else { return Moved::NotFound };
    // No receipts pass a block; the user's own other sockets still learn of it.
    let partner = everyone.partner_of(user_id).filter(|_| conversation.closed != BLOCKED);
    let last_seq = conversation.last_seq;
    let Some(member) = conversation.member(user_id) else { return Moved::NotFound };
    let stepped = |mark: Seq| {
        let seq = mark.get().min(last_seq);
        let position = MarkPosition { conversation_id, user_id, seq };
        steps.get(&position).map_or(seq, |end| (*end).min(last_seq))
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
    let (delivered_seq, read_seq) = (Seq::new(delivered), Seq::new(read));
    let receipt = Receipt { conversation_id, user_id, delivered_seq, read_seq, unread: None };
    Moved::Forward { receipt, partner, unflagged }
}
