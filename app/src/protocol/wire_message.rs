//! A message as it travels: flat, with a field for the parts of each kind, as clients know it.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{
    ClientId, Content, ConversationId, File, Message, MessageType, Quote, Reaction, Schedule, Seq,
    SystemNotice, Timestamp, User, UserId,
};

/// A message, identified by (`conversation_id`, `seq`); `seq` is its place in the order.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Message))]
pub(super) struct WireMessage {
    /// The conversation that the message belongs to.
    conversation_id: ConversationId,
    /// The message's position in the conversation, given when it was stored.
    seq: Seq,
    /// The sender's name for the message, by which sending it again is harmless.
    client_id: ClientId,
    /// The author; of a system message the person who acted.
    sender: User,
    /// The kind of message.
    message_type: MessageType,
    /// The text or the caption; empty in system messages and recalled ones.
    content: String,
    /// The first of `files`, for clients that show one file a message; absent where there is none.
    file: Option<File>,
    /// The files of an `image` or a `file` message in their order, 1 to 10; none in others.
    #[serde(default)]
    files: Vec<File>,
    /// The appointment of a `schedule` message; absent in others.
    schedule: Option<Schedule>,
    /// The message that this one answers, in short; absent where it answers none or was recalled.
    reply_to: Option<Quote>,
    /// The first author of a forwarded message, however often it was sent on; absent in others.
    forwarded_from: Option<User>,
    /// The ids of the members whom the text names one by one by `@username`, found by the server;
    /// 50 at most.
    #[serde(default)]
    mentions: Vec<UserId>,
    /// Whether the text names by `@all` everyone who was in the group when it was written or last
    /// edited, but for the sender.
    #[serde(default)]
    mentions_all: bool,
    /// The users in `mentions`, in the same order, by whose usernames their places in the text are
    /// found; without those whose accounts have been deleted since. Absent when there are none.
    #[serde(default)]
    mentioned: Vec<User>,
    /// The emoji that people put on the message, each once, the earliest first.
    #[serde(default)]
    reactions: Vec<Reaction>,
    /// What happened, in a system message; absent in others.
    system: Option<SystemNotice>,
    /// The time at which the message was stored.
    created_at: Timestamp,
    /// The time of the last edit; absent: it was never edited.
    edited_at: Option<Timestamp>,
    /// Whether the message was taken back: its position stays, its content is gone.
    recalled: bool,
    /// The conversation's `rev` at the message's last change; 0: it was never changed.
    rev: i64,
}

impl From<WireMessage> for Message {
    /// Where the parts of its kind are missing, a message is its words alone.
    fn from(wire: WireMessage) -> Self {
        let text = wire.content;
        let files = if wire.files.is_empty() { Vec::from_iter(wire.file) } else { wire.files };
        let schedule = wire.schedule.map(Box::new);
        let content = match (wire.message_type, schedule, wire.system) {
            (kind, ..) if wire.recalled => Content::Recalled(kind),
            (MessageType::System, _, Some(notice)) => Content::System(Box::new(notice)),
            (MessageType::Image, ..) if !files.is_empty() => {
                Content::Image { files, caption: text }
            }
            (MessageType::File, ..) if !files.is_empty() => Content::File { files, caption: text },
            (MessageType::Schedule, Some(schedule), _) => {
                Content::Schedule { schedule, caption: text }
            }
            _ => Content::Text(text),
        };
        Self {
            conversation_id: wire.conversation_id,
            seq: wire.seq,
            client_id: wire.client_id,
            sender: wire.sender,
            content,
            reply_to: wire.reply_to,
            forwarded_from: wire.forwarded_from,
            mentions: wire.mentions,
            mentions_all: wire.mentions_all,
            mentioned: wire.mentioned,
            reactions: wire.reactions,
            created_at: wire.created_at,
            edited_at: wire.edited_at,
            rev: wire.rev,
        }
    }
}

/// Written from where it stands, since every message goes out this way.
impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let content = &self.content;
        let files = content.files();
        let schedule = match content {
            Content::Schedule { schedule, .. } => Some(schedule),
            _ => None,
        };
        let has_mentioned = !self.mentioned.is_empty();
        let mut wire = serializer.serialize_struct("Message", 19 + usize::from(has_mentioned))?;
        wire.serialize_field("conversation_id", &self.conversation_id)?;
        wire.serialize_field("seq", &self.seq)?;
        wire.serialize_field("client_id", &self.client_id)?;
        wire.serialize_field("sender", &self.sender)?;
        wire.serialize_field("message_type", &content.kind())?;
        wire.serialize_field("content", content.text())?;
        wire.serialize_field("file", &files.first())?;
        wire.serialize_field("files", files)?;
        wire.serialize_field("schedule", &schedule)?;
        wire.serialize_field("reply_to", &self.reply_to)?;
        wire.serialize_field("forwarded_from", &self.forwarded_from)?;
        wire.serialize_field("mentions", &self.mentions)?;
        wire.serialize_field("mentions_all", &self.mentions_all)?;
        if has_mentioned {
            wire.serialize_field("mentioned", &self.mentioned)?;
        }
        wire.serialize_field("reactions", &self.reactions)?;
        wire.serialize_field("system", &self.notice())?;
        wire.serialize_field("created_at", &self.created_at)?;
        wire.serialize_field("edited_at", &self.edited_at)?;
        wire.serialize_field("recalled", &self.is_recalled())?;
        wire.serialize_field("rev", &self.rev)?;
        wire.end()
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

    fn file() -> File {
        File {
            id: FileId::new(7),
            name: "tea.png".into(),
            size: 9,
            mime: "image/png".into(),
            voice: false,
            width: Some(3),
            height: Some(4),
            duration_ms: None,
            waveform: None,
            animated: false,
            color: Some("#7a9e55".into()),
            url: Some("/api/v1/files/7".into()),
            thumbnail_url: None,
        }
    }

    fn contents() -> Vec<Content> {
        let caption = "tea".to_owned();
        let schedule =
            Schedule { title: "Tea".into(), starts_at: 5, mine: Some(None), ..Schedule::default() };
        let notice = SystemNotice {
            event: SystemEvent::Added,
            actor: user(1),
            subjects: vec![user(2)],
            subjects_more: 0,
            name: None,
        };
        vec![
            Content::Text(caption.clone()),
            Content::Image {
                files: vec![file(), File { name: "b".into(), ..file() }],
                caption: caption.clone(),
            },
            Content::File { files: vec![file()], caption: caption.clone() },
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
            r#"{{"conversation_id":1,"seq":2,"client_id":"x","sender":{user},"message_type":"text","content":"tea","file":null,"files":[],"schedule":null,"reply_to":null,"forwarded_from":null,"mentions":[],"mentions_all":false,"reactions":[],"system":null,"created_at":3,"edited_at":null,"recalled":false,"rev":0}}"#
        );
        assert_eq!(text, expected);
        let recalled = serde_json::to_value(message(Content::Recalled(MessageType::Image)));
        let recalled = recalled.expect("JSON");
        assert_eq!(recalled["message_type"], "image");
        assert_eq!((&recalled["content"], &recalled["file"]), (&"".into(), &().into()));
        assert_eq!(recalled["recalled"], true);
        let album = serde_json::to_value(message(contents()[1].clone())).expect("JSON");
        assert_eq!((&album["file"], &album["files"][1]["name"]), (&album["files"][0], &"b".into()));
    }

    #[test]
    fn what_lacks_the_parts_of_its_kind_is_its_words_alone() {
        for content in contents() {
            let mut wire = serde_json::to_value(message(content.clone())).expect("JSON");
            for part in ["file", "files", "schedule", "system"] {
                wire.as_object_mut().expect("an object").remove(part);
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
