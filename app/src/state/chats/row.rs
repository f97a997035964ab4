//! A row of the chat list: a conversation as its reader sees it, and what is known of the server's view of it.

use super::version::Version;
use crate::protocol::rules::{calls, counts};
use crate::protocol::{
    Conversation, ConversationKind, Head, Message, Seq, SystemEvent, Timestamp, User, UserId,
    limits,
};
use crate::state::Timeline;
use crate::state::inbox::{Buffer, Revisions};
use crate::state::naming::{rename, rename_in};
use crate::state::output::Output;

/// A conversation, and what is known of the server's view of it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct ChatRow {
    pub(super) conversation: Conversation,
    pub(super) version: Version,
    pub(super) buffer: Buffer,
    pub(super) revisions: Revisions,
    /// The read mark that the server knows.
    pub(super) told_read: Seq,
    /// The delivered mark that the server knows.
    pub(super) told_delivered: Seq,
    /// The count of what is unread could not be kept, and is wrong perhaps.
    is_doubtful: bool,
    /// When to fetch the row anew for that reason.
    recount_at: Option<Timestamp>,
}

/// With whom a private conversation is; with oneself for Notes.
pub(in crate::state) fn partner(row: &Conversation, me: UserId) -> Option<UserId> {
    let is_private = row.kind == ConversationKind::Private;
    is_private.then(|| row.peer.as_ref().map_or(me, |peer| peer.id))
}

impl ChatRow {
    pub fn new(conversation: Conversation, version: Version) -> Self {
        Self {
            version,
            buffer: Buffer::new(conversation.last_seq),
            revisions: Revisions::new(conversation.rev),
            told_read: conversation.read_seq,
            told_delivered: conversation.delivered_seq,
            is_doubtful: false,
            recount_at: None,
            conversation,
        }
    }

    /// A person has another name or picture: the partner, or who is named by messages that wait.
    pub fn take_user(&mut self, user: &User) {
        let row = &mut self.conversation;
        if let Some(peer) = row.peer.as_mut().filter(|peer| peer.id == user.id) {
            rename(peer, user);
            row.name.clone_from(&user.nickname);
            row.avatar_url.clone_from(&user.avatar_url);
        }
        let last = row.last_message.iter_mut();
        let waiting = self.buffer.messages_mut().chain(self.revisions.messages_mut());
        for message in last.chain(waiting) {
            rename_in(message, user);
        }
    }

    /// Up to where the conversation has been taken in: where something is loaded that follows the
    /// newest messages, that; else the row.
    pub fn held(&self, timeline: Option<&Timeline>) -> Seq {
        let live = timeline.filter(|timeline| !timeline.has_more_after());
        live.map_or(self.conversation.last_seq, Timeline::to)
    }

    /// Whether the server knows something of it that is not here.
    pub fn differs(&self, head: &Head) -> bool {
        let row = &self.conversation;
        let behind = head.last_seq > row.last_seq
            || head.rev > self.revisions.rev()
            || head.read_seq > row.read_seq
            || head.delivered_seq > row.delivered_seq
            || head.peer_read_seq > row.peer_read_seq.unwrap_or_default()
            || head.peer_delivered_seq > row.peer_delivered_seq.unwrap_or_default();
        behind
            || match self.version {
                Version::Fresh => false,
                Version::Known(version) => version != head.version,
                Version::Touched => true,
            }
    }

    /// Moves on by what is newer than the row.
    pub fn append(
        &mut self,
        items: &[Message],
        (from, to): (Seq, Seq),
        me: UserId,
        now: Timestamp,
        out: &mut Output,
    ) {
        let last = self.conversation.last_seq;
        if to <= last {
            return;
        }
        if from > last.next() {
            self.version = Version::Touched;
            self.doubt(now);
        }
        for message in items.iter().filter(|message| message.seq > last) {
            self.push(message, me, now);
        }
        self.conversation.last_seq = to;
        self.buffer.expect(to);
        out.chats_changed();
    }

    /// Takes in a message that is newer than all in it.
    fn push(&mut self, message: &Message, me: UserId, now: Timestamp) {
        let row = &mut self.conversation;
        if counts(message, me) && message.seq > row.read_seq {
            row.unread = (row.unread + 1).min(limits::UNREAD);
            if calls(message, me) {
                row.mention_seq.get_or_insert(message.seq);
            }
        }
        row.archived &= row.muted_until.is_some();
        row.last_seq = message.seq;
        row.updated_at = row.updated_at.max(message.created_at);
        row.rev = row.rev.max(message.rev);
        row.last_message = Some(message.clone());
        if let Some(notice) = message.notice()
            && matches!(notice.event, SystemEvent::Role | SystemEvent::Owner)
        {
            // The reader's own role may have changed, which a group's frames leave out.
            self.doubt(now);
        }
        if message.sender.id == me {
            self.step_over(message.seq);
        }
    }

    /// Takes in that a message has changed.
    pub fn update(&mut self, message: &Message) {
        let row = &mut self.conversation;
        row.rev = row.rev.max(message.rev);
        if let Some(last) = &mut row.last_message
            && last.seq == message.seq
            && last.rev <= message.rev
        {
            last.clone_from(message);
        }
    }

    /// An own message never holds a mark back that stands just below it. The server does the
    /// same, so it need not be told.
    fn step_over(&mut self, own: Seq) {
        let row = &mut self.conversation;
        for (mark, told) in [
            (&mut row.read_seq, &mut self.told_read),
            (&mut row.delivered_seq, &mut self.told_delivered),
        ] {
            if mark.next() == own {
                if *told == *mark {
                    *told = own;
                }
                *mark = own;
            }
        }
    }

    /// Moves the delivered mark, if that is forward.
    pub fn deliver(&mut self, up_to: Seq) {
        let mark = &mut self.conversation.delivered_seq;
        *mark = up_to.max(*mark);
    }

    /// The server knows the marks up to here.
    pub fn told(&mut self, read: Seq, delivered: Seq) {
        self.told_read = self.told_read.max(read);
        self.told_delivered = self.told_delivered.max(delivered);
    }

    /// Whether there is a mark that the server has not been told.
    pub fn has_news(&self) -> bool {
        self.conversation.read_seq > self.told_read
            || self.conversation.delivered_seq > self.told_delivered
    }

    /// The count of what is unread could not be kept.
    pub fn doubt(&mut self, fetch_at: Timestamp) {
        self.is_doubtful = true;
        self.recount_at.get_or_insert(fetch_at);
    }

    /// The count of what is unread is right.
    pub fn trust(&mut self) {
        self.is_doubtful = false;
        self.recount_at = None;
    }

    /// Whether the count of what is unread is wrong perhaps.
    pub const fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// When to fetch the row anew because its count is wrong perhaps.
    pub const fn recount_at(&self) -> Option<Timestamp> {
        self.recount_at
    }

    /// The row is asked for anew now.
    pub const fn count_requested(&mut self) {
        self.recount_at = None;
    }
}
