//! A message as it travels: flat, with a field for the parts of each kind, as clients know it.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Attachment, ClientId, Content, ConversationId, Message, MessageType, Quote, Reaction, Schedule,
    Seq, SystemNotice, Timestamp, User, UserId,
};

/// A message, identified by (`conversation_id`, `seq`); `seq` is its place in the order.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Message))]
pub(super) struct WireMessage<'a> {
    /// The conversation that the message belongs to.
    conversation_id: ConversationId,
    /// The message's position in the conversation, given when it was stored.
    seq: Seq,
    /// The sender's name for the message, by which sending it again is harmless.
    client_id: Cow<'a, ClientId>,
    /// The author; of a system message the person who acted.
    sender: Cow<'a, User>,
    /// The kind of message.
    message_type: MessageType,
    /// The text or the caption; empty in system messages and recalled ones.
    content: Cow<'a, str>,
    /// The file of an `image` or a `file` message; absent in others.
    file: Option<Cow<'a, Attachment>>,
    /// The appointment of a `schedule` message; absent in others.
    schedule: Option<Cow<'a, Schedule>>,
    /// The message that this one answers, in short; absent where it answers none or was recalled.
    reply_to: Option<Cow<'a, Quote>>,
    /// The first author of a forwarded text, however often it was sent on; absent in others.
    forwarded_from: Option<Cow<'a, User>>,
    /// The ids of the members whom the text names one by one by `@username`, found by the server;
    /// 50 at most.
    #[serde(default)]
    mentions: Cow<'a, [UserId]>,
    /// Whether the text names by `@all` everyone who was in the group when it was written or last
    /// edited, but for the sender.
    #[serde(default)]
    mentions_all: bool,
    /// The users in `mentions`, in the same order, by whose usernames their places in the text are
    /// found; without those whose accounts have been deleted since. Absent when there are none.
    #[serde(default, skip_serializing_if = "<[User]>::is_empty")]
    mentioned: Cow<'a, [User]>,
    /// The emoji that people put on the message, each once, the earliest first.
    #[serde(default)]
    reactions: Cow<'a, [Reaction]>,
    /// What happened, in a system message; absent in others.
    system: Option<Cow<'a, SystemNotice>>,
    /// The time at which the message was stored.
    created_at: Timestamp,
    /// The time of the last edit; absent: it was never edited.
    edited_at: Option<Timestamp>,
    /// Whether the message was taken back: its position stays, its content is gone.
    recalled: bool,
    /// The conversation's `rev` at the message's last change; 0: it was never changed.
    rev: i64,
}

impl<'a> From<&'a Message> for WireMessage<'a> {
    fn from(message: &'a Message) -> Self {
        let content = &message.content;
        let (file, schedule, system) = match content {
            Content::Image { file, .. } | Content::File { file, .. } => (Some(&**file), None, None),
            Content::Schedule { schedule, .. } => (None, Some(&**schedule), None),
            Content::System(notice) => (None, None, Some(&**notice)),
            Content::Text(_) | Content::Recalled(_) => (None, None, None),
        };
        Self {
            conversation_id: message.conversation_id,
            seq: message.seq,
            client_id: Cow::Borrowed(&message.client_id),
            sender: Cow::Borrowed(&message.sender),
            message_type: content.kind(),
            content: Cow::Borrowed(content.text()),
            file: file.map(Cow::Borrowed),
            schedule: schedule.map(Cow::Borrowed),
            reply_to: message.reply_to.as_ref().map(Cow::Borrowed),
            forwarded_from: message.forwarded_from.as_ref().map(Cow::Borrowed),
            mentions: Cow::Borrowed(&message.mentions),
            mentions_all: message.mentions_all,
            mentioned: Cow::Borrowed(&message.mentioned),
            reactions: Cow::Borrowed(&message.reactions),
            system: system.map(Cow::Borrowed),
            created_at: message.created_at,
            edited_at: message.edited_at,
            recalled: matches!(content, Content::Recalled(_)),
            rev: message.rev,
        }
    }
}

impl From<WireMessage<'_>> for Message {
    /// Where the parts of its kind are missing, a message is its words alone.
    fn from(wire: WireMessage<'_>) -> Self {
        let text = wire.content.into_owned();
        let file = wire.file.map(|file| Box::new(file.into_owned()));
        let schedule = wire.schedule.map(|schedule| Box::new(schedule.into_owned()));
        let content = match (wire.message_type, file, schedule, wire.system) {
            (kind, ..) if wire.recalled => Content::Recalled(kind),
            (MessageType::System, _, _, Some(notice)) => {
                Content::System(Box::new(notice.into_owned()))
            }
            (MessageType::Image, Some(file), ..) => Content::Image { file, caption: text },
            (MessageType::File, Some(file), ..) => Content::File { file, caption: text },
            (MessageType::Schedule, _, Some(schedule), _) => {
                Content::Schedule { schedule, caption: text }
            }
            _ => Content::Text(text),
        };
        Self {
            conversation_id: wire.conversation_id,
            seq: wire.seq,
            client_id: wire.client_id.into_owned(),
            sender: wire.sender.into_owned(),
            content,
            reply_to: wire.reply_to.map(Cow::into_owned),
            forwarded_from: wire.forwarded_from.map(Cow::into_owned),
            mentions: wire.mentions.into_owned(),
            mentions_all: wire.mentions_all,
            mentioned: wire.mentioned.into_owned(),
            reactions: wire.reactions.into_owned(),
            created_at: wire.created_at,
            edited_at: wire.edited_at,
            rev: wire.rev,
        }
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WireMessage::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        WireMessage::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{FileId, SystemEvent};

    fn user(id: i64) -> User {
        let name = format!("user{id}");
        User {
            id: UserId::new(id),
            username: name.clone(),
            nickname: name,
            avatar_url: None,
            created_at: 1,
            presence: None,
        }
    }

    fn file() -> Attachment {
        Attachment {
            id: FileId::new(7),
            name: "tea.png".into(),
            size: 9,
            mime: "image/png".into(),
            width: Some(3),
            height: Some(4),
            url: "/api/v1/files/7".into(),
            thumbnail_url: None,
        }
    }

    fn contents() -> Vec<Content> {
        let caption = "tea".to_owned();
        let schedule = Schedule {
            title: "Tea".into(),
            starts_at: 5,
            ends_at: None,
            place: None,
            remind_before_ms: None,
            answers: Vec::new(),
        };
        let notice = SystemNotice {
            event: SystemEvent::Added,
            actor: user(1),
            subjects: vec![user(2)],
            subjects_more: 0,
            name: None,
        };
        vec![
            Content::Text(caption.clone()),
            Content::Image { file: Box::new(file()), caption: caption.clone() },
            Content::File { file: Box::new(file()), caption: caption.clone() },
            Content::Schedule { schedule: Box::new(schedule), caption },
            Content::System(Box::new(notice)),
            Content::Recalled(MessageType::Image),
        ]
    }

    fn message(content: Content) -> Message {
        let client_id = ClientId::parse("x").expect("a name");
        Message::new(ConversationId::new(1), Seq::new(2), client_id, user(1), content, 3)
    }

    #[test]
    fn every_kind_of_content_survives_the_wire() {
        for content in contents() {
            let sent = message(content);
            let text = serde_json::to_string(&sent).expect("JSON");
            assert_eq!(serde_json::from_str::<Message>(&text).expect("a message"), sent, "{text}");
        }
    }

    #[test]
    fn a_message_is_as_flat_as_clients_know_it() {
        let text = serde_json::to_string(&message(Content::Text("tea".into()))).expect("JSON");
        let user =
            r#"{"id":1,"username":"user1","nickname":"user1","avatar_url":null,"created_at":1}"#;
        let expected = format!(
            r#"{{"conversation_id":1,"seq":2,"client_id":"x","sender":{user},"message_type":"text","content":"tea","file":null,"schedule":null,"reply_to":null,"forwarded_from":null,"mentions":[],"mentions_all":false,"reactions":[],"system":null,"created_at":3,"edited_at":null,"recalled":false,"rev":0}}"#
        );
        assert_eq!(text, expected);
        let recalled = serde_json::to_value(message(Content::Recalled(MessageType::Image)));
        let recalled = recalled.expect("JSON");
        assert_eq!(recalled["message_type"], "image");
        assert_eq!((&recalled["content"], &recalled["file"]), (&"".into(), &().into()));
        assert_eq!(recalled["recalled"], true);
    }

    #[test]
    fn what_lacks_the_parts_of_its_kind_is_its_words_alone() {
        for content in contents() {
            let mut wire = serde_json::to_value(message(content.clone())).expect("JSON");
            for part in ["file", "schedule", "system"] {
                wire[part] = serde_json::Value::Null;
            }
            let read: Message = serde_json::from_value(wire).expect("a message");
            let expected = match content {
                Content::Recalled(kind) => Content::Recalled(kind),
                other => Content::Text(other.text().to_owned()),
            };
            assert_eq!(read.content, expected);
        }
    }
}
