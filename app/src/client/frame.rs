//! Reads a frame of the server: first its type, then the one struct that has it.
//!
//! The derived reader of [`ServerFrame`] says the same, but it reads into a buffer of any shape
//! before it knows the type, which makes a second reader of every type in the contract: a tenth of
//! the code that every visitor downloads.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, Message, PresenceStatus, ServerFrame,
    Timestamp, UserId,
};

/// The frame in this text; `None` for one of a later version.
pub(super) fn read(text: &str) -> Option<ServerFrame> {
    let Tag { kind } = part(text)?;
    Some(match kind.as_str() {
        "ready" => ServerFrame::Ready(part(text)?),
        "message_ack" => ServerFrame::MessageAck(part(text)?),
        "new_message" => {
            let Told { message } = part(text)?;
            ServerFrame::NewMessage { message }
        }
        "offline_messages" => ServerFrame::OfflineMessages(part(text)?),
        "message_updated" => {
            let Updated { message, by } = part(text)?;
            ServerFrame::MessageUpdated { message, by }
        }
        "receipt" => ServerFrame::Receipt(part(text)?),
        "conversation" => {
            let Changed { conversation } = part(text)?;
            ServerFrame::Conversation { conversation }
        }
        "conversation_removed" => {
            let Removed { conversation_id } = part(text)?;
            ServerFrame::ConversationRemoved { conversation_id }
        }
        "typing" => {
            let Typing { conversation_id, user_id, active } = part(text)?;
            ServerFrame::Typing { conversation_id, user_id, active }
        }
        "presence" => {
            let Seen { user_id, status, last_seen_at } = part(text)?;
            ServerFrame::Presence { user_id, status, last_seen_at }
        }
        "notification" => {
            let Notice { kind, title, body, conversation_id, at } = part(text)?;
            ServerFrame::Notification { kind, title, body, conversation_id, at }
        }
        "resync" => {
            let Resync { spread_ms } = part(text)?;
            ServerFrame::Resync { spread_ms }
        }
        "pong" => {
            let Pong { id, timestamp } = part(text)?;
            ServerFrame::Pong { id, timestamp }
        }
        "error" => part::<Refused>(text)?.into(),
        _ => return None,
    })
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Told {
    message: Message,
}

#[derive(Deserialize)]
struct Updated {
    message: Message,
    by: UserId,
}

#[derive(Deserialize)]
struct Changed {
    conversation: Conversation,
}

#[derive(Deserialize)]
struct Removed {
    conversation_id: ConversationId,
}

#[derive(Deserialize)]
struct Typing {
    conversation_id: ConversationId,
    user_id: UserId,
    active: bool,
}

#[derive(Deserialize)]
struct Seen {
    user_id: UserId,
    status: PresenceStatus,
    last_seen_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Notice {
    kind: String,
    title: String,
    body: String,
    conversation_id: Option<ConversationId>,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Resync {
    spread_ms: u64,
}

#[derive(Deserialize)]
struct Pong {
    id: Option<String>,
    timestamp: Timestamp,
}

#[derive(Deserialize)]
struct Refused {
    id: Option<String>,
    client_id: Option<String>,
    code: u16,
    kind: ErrorKind,
    message: String,
    field: Option<String>,
    retry_after_ms: Option<u64>,
    request_id: Option<String>,
}

impl From<Refused> for ServerFrame {
    fn from(refused: Refused) -> Self {
        let Refused { id, client_id, code, kind, message, field, retry_after_ms, request_id } =
            refused;
        let error = ApiError { code, kind, message, field, retry_after_ms, request_id };
        Self::Error { id, client_id, error }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::protocol::ServerFrame;

    #[test]
    fn it_reads_what_the_derived_reader_reads() {
        let user = r#"{"id":7,"username":"mei","nickname":"Mei","avatar_url":null,"created_at":5}"#;
        let message = format!(
            r#"{{"conversation_id":1,"seq":2,"client_id":"x","sender":{user},"message_type":"text",
            "content":"hi","created_at":3,"recalled":false,"rev":0}}"#
        );
        let frames = [
            format!(
                r#"{{"type":"ready","user":{user},"connection_id":"c","server_time":9,"heartbeat_ms":30000}}"#
            ),
            r#"{"type":"message_ack","id":"1","client_id":"x","conversation_id":1,"seq":2,"created_at":3,"duplicate":true}"#.into(),
            format!(r#"{{"type":"new_message","message":{message}}}"#),
            format!(
                r#"{{"type":"offline_messages","conversation_id":1,"messages":[{message}],"has_more":true}}"#
            ),
            format!(r#"{{"type":"message_updated","message":{message},"by":7}}"#),
            r#"{"type":"receipt","conversation_id":1,"user_id":7,"delivered_seq":2,"read_seq":1,"unread":3}"#.into(),
            r#"{"type":"conversation_removed","conversation_id":1}"#.into(),
            r#"{"type":"typing","conversation_id":1,"user_id":7,"active":true}"#.into(),
            r#"{"type":"presence","user_id":7,"status":"away","last_seen_at":4}"#.into(),
            r#"{"type":"notification","kind":"k","title":"t","body":"b","conversation_id":null,"at":4}"#.into(),
            r#"{"type":"resync","spread_ms":500}"#.into(),
            r#"{"type":"pong","id":"p","timestamp":4}"#.into(),
            r#"{"type":"error","client_id":"x","code":422,"kind":"validation","message":"m","field":"content"}"#.into(),
        ];
        for text in frames {
            let derived: ServerFrame = serde_json::from_str(&text).unwrap();
            assert_eq!(read(&text), Some(derived), "{text}");
        }
    }

    #[test]
    fn what_it_does_not_know_it_leaves() {
        for text in [r#"{"type":"later"}"#, "[]", "", r#"{"type":"pong"}"#, r#"{"type":5}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
