//! Rows as they lie in the database, and how they become the protocol's types.

use std::borrow::Cow;

use app::protocol::{
    ClientId, Content, ConversationId, Message, MessageType, Seq, SystemEvent, SystemNotice,
    Timestamp, User, UserId, limits,
};
use serde::{Deserialize, Serialize};

use super::Result;
use super::error::unreadable;

/// A person, as columns of the table `user`.
#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    id: i64,
    username: String,
    nickname: String,
    avatar: Option<String>,
    created_at: Timestamp,
}

impl UserRow {
    pub(super) const fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn into_user(self) -> User {
        user(self.id, self.username, self.nickname, self.avatar.as_deref(), self.created_at)
    }
}

/// A person, as the protocol has them.
pub(super) fn user(
    id: i64,
    username: String,
    nickname: String,
    avatar: Option<&str>,
    created_at: Timestamp,
) -> User {
    let avatar_url = avatar_url(avatar);
    User { id: UserId::new(id), username, nickname, avatar_url, created_at, presence: None }
}

/// The address of an avatar, by its hash.
pub(super) fn avatar_url(hash: Option<&str>) -> Option<String> {
    hash.map(|hash| format!("/avatars/{hash}"))
}

/// A person of whom only the id is known yet.
fn nameless(id: UserId) -> User {
    user(id.get(), String::new(), String::new(), None, 0)
}

/// What [`MessageRow`] is read from, for `message m` joined with `user a`, its author.
pub(super) const MESSAGE_COLUMNS: &str = "m.conversation_id, m.seq, m.client_id, m.message_type, \
     m.content, m.reply_to_seq, m.forwarded_from, m.mentions, m.created_at, m.edited_at, \
     m.recalled, m.rev AS message_rev, \
     a.id AS sender_id, a.username AS sender_username, a.nickname AS sender_nickname, \
     a.avatar AS sender_avatar, a.created_at AS sender_created_at";

/// Names a message: its conversation, and its position in it.
pub(super) type MessageKey = (i64, i64);

/// A message as its row has it, and what is still to be read from elsewhere.
#[derive(Debug)]
pub(super) struct PartialMessage {
    pub(super) message: Message,
    pub(super) reply_to: Option<i64>,
    pub(super) forwarded_from: Option<UserId>,
}

/// A message with its author.
#[derive(sqlx::FromRow)]
pub(super) struct MessageRow {
    pub(super) conversation_id: i64,
    pub(super) seq: i64,
    pub(super) client_id: String,
    pub(super) message_type: i64,
    pub(super) content: String,
    pub(super) reply_to_seq: Option<i64>,
    pub(super) forwarded_from: Option<i64>,
    /// As [`mentions_text`] writes them.
    pub(super) mentions: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) recalled: i64,
    #[sqlx(rename = "message_rev")]
    pub(super) rev: i64,
    pub(super) sender_id: i64,
    pub(super) sender_username: String,
    pub(super) sender_nickname: String,
    pub(super) sender_avatar: Option<String>,
    pub(super) sender_created_at: Timestamp,
}

impl MessageRow {
    /// The message as far as its row has it. Of a recalled one only the place is left.
    pub(super) fn into_partial(self) -> Result<PartialMessage> {
        let sender = user(
            self.sender_id,
            self.sender_username,
            self.sender_nickname,
            self.sender_avatar.as_deref(),
            self.sender_created_at,
        );
        let content = content(self.message_type, self.recalled, self.content, &sender)?;
        let recalled = matches!(content, Content::Recalled(_));
        let mentions = self.mentions.filter(|_| !recalled);
        let (mentions, mentions_all) =
            mentions.as_deref().map(named).transpose()?.unwrap_or_default();
        let id = ConversationId::new(self.conversation_id);
        let client_id = ClientId::parse(&self.client_id).map_err(unreadable)?;
        let message = Message {
            mentions,
            mentions_all,
            edited_at: self.edited_at,
            rev: self.rev,
            ..Message::new(id, Seq::new(self.seq), client_id, sender, content, self.created_at)
        };
        Ok(PartialMessage {
            message,
            reply_to: self.reply_to_seq.filter(|_| !recalled),
            forwarded_from: self.forwarded_from.filter(|_| !recalled).map(UserId::new),
        })
    }
}

/// What a row of `message` says: without its files and its appointment, and of those to whom something was done with
/// the ids alone.
pub(super) fn content(
    type_number: i64,
    recalled: i64,
    stored: String,
    sender: &User,
) -> Result<Content> {
    let kind = message_type(type_number)?;
    Ok(match kind {
        kind if recalled != 0 => Content::Recalled(kind),
        MessageType::System => {
            let stored: StoredNotice = serde_json::from_str(&stored).map_err(unreadable)?;
            Content::System(Box::new(stored.into_notice(sender.clone())))
        }
        MessageType::Image => Content::Image { files: Vec::new(), caption: stored },
        MessageType::File => Content::File { files: Vec::new(), caption: stored },
        MessageType::Schedule => Content::Schedule { schedule: Box::default(), caption: stored },
        MessageType::Text => Content::Text(stored),
    })
}

/// What a system message tells, as it lies in the column `content`. People are named when they are
/// read, since names change.
#[derive(Serialize, Deserialize)]
struct StoredNotice {
    event: SystemEvent,
    /// The first of them; all, in rows of before there was `subjects_more`.
    #[serde(default)]
    subjects: Vec<UserId>,
    #[serde(default, skip_serializing_if = "is_zero")]
    subjects_more: u32,
    #[serde(default)]
    name: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks in this way")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl StoredNotice {
    fn into_notice(self, actor: User) -> SystemNotice {
        let Self { event, mut subjects, subjects_more, name } = self;
        let beyond = subjects.len().saturating_sub(limits::SUBJECTS);
        subjects.truncate(limits::SUBJECTS);
        let subjects_more = subjects_more.saturating_add(u32::try_from(beyond).unwrap_or(u32::MAX));
        let subjects = subjects.into_iter().map(nameless).collect();
        SystemNotice { event, actor, subjects, subjects_more, name }
    }
}

/// What the column `content` holds for this message.
pub(super) fn stored_content(message: &Message) -> Cow<'_, str> {
    let Some(notice) = message.notice() else { return Cow::Borrowed(message.text()) };
    let subjects = notice.subjects.iter().map(|subject| subject.id).collect();
    let &SystemNotice { event, subjects_more, ref name, .. } = notice;
    let stored = StoredNotice { event, subjects, subjects_more, name: name.clone() };
    Cow::Owned(serde_json::to_string(&stored).unwrap_or_default())
}

/// Stands in the column `mentions` for everyone.
const ALL: &str = "all";

/// Whom a message names, as the column `mentions` holds it: ids with blanks between them, after `all`
/// where it names everyone. Absent when it names nobody.
pub(super) fn mentions_text(message: &Message) -> Option<String> {
    let all = message.mentions_all.then(|| ALL.to_owned());
    let named: Vec<_> =
        all.into_iter().chain(message.mentions.iter().map(ToString::to_string)).collect();
    (!named.is_empty()).then(|| named.join(" "))
}

/// Who is named one by one, and whether everyone is.
fn named(text: &str) -> Result<(Vec<UserId>, bool)> {
    let (all, ids) = match text.strip_prefix(ALL) {
        Some(ids) => (true, ids.trim_start()),
        None => (false, text),
    };
    let ids = ids.split(' ').filter(|id| !id.is_empty());
    Ok((ids.map(|id| id.parse().map_err(unreadable)).collect::<Result<_>>()?, all))
}

/// `message_type` of a system message.
pub(super) const SYSTEM: i64 = 5;

/// A type's number in the database.
pub(super) const fn type_number(message_type: MessageType) -> i64 {
    match message_type {
        MessageType::Text => 1,
        MessageType::Image => 2,
        MessageType::File => 3,
        MessageType::Schedule => 4,
        MessageType::System => SYSTEM,
    }
}

fn message_type(number: i64) -> Result<MessageType> {
    Ok(match number {
        1 => MessageType::Text,
        2 => MessageType::Image,
        3 => MessageType::File,
        4 => MessageType::Schedule,
        SYSTEM => MessageType::System,
        _ => return Err(unreadable(format!("there is no message type {number}"))),
    })
}
