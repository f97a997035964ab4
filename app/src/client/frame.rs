//! Reads a frame of the server whose type is known, by the one struct that has it.
//!
//! The derived reader of [`ServerFrame`] says the same, but it reads into a buffer of any shape
//! before it knows the type, which makes a second reader of every type in the contract: a tenth of
//! the code that every visitor downloads.
//!
//! A `notification` is not read here: `frontend/starter.js` has it shown.

use serde::{Deserialize, Deserializer};

use crate::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, Message, PresenceStatus, ReactionChange,
    ServerFrame, Timestamp, User, UserId,
};

/// The frame of this type; `None` for one of a later version.
pub(super) fn read<'de>(kind: &str, body: impl Deserializer<'de>) -> Option<ServerFrame> {
    Some(match kind {
        "ready" => ServerFrame::Ready(part(body)?),
        "message_ack" => ServerFrame::MessageAck(part(body)?),
        "new_message" => {
            let Told { message } = part(body)?;
            ServerFrame::NewMessage { message }
        }
        "offline_messages" => ServerFrame::OfflineMessages(part(body)?),
        "message_updated" => {
            let Updated { message, by, reaction } = part(body)?;
            ServerFrame::MessageUpdated { message, by, reaction }
        }
        "receipt" => ServerFrame::Receipt(part(body)?),
        "conversation" => {
            let Changed { id, conversation } = part(body)?;
            ServerFrame::Conversation { id, conversation }
        }
        "conversation_removed" => {
            let Removed { id, conversation_id } = part(body)?;
            ServerFrame::ConversationRemoved { id, conversation_id }
        }
        "typing" => {
            let Typing { conversation_id, user_id, active } = part(body)?;
            ServerFrame::Typing { conversation_id, user_id, active }
        }
        "presence" => {
            let Seen { user_id, status, last_seen_at } = part(body)?;
            ServerFrame::Presence { user_id, status, last_seen_at }
        }
        "user" => {
            let Person { user } = part(body)?;
            ServerFrame::User { user }
        }
        "resync" => {
            let Resync { spread_ms } = part(body)?;
            ServerFrame::Resync { spread_ms }
        }
        "pong" => {
            let Pong { id, timestamp } = part(body)?;
            ServerFrame::Pong { id, timestamp }
        }
        "error" => part::<Refused>(body)?.into(),
        _ => return None,
    })
}

fn part<'de, T: Deserialize<'de>>(body: impl Deserializer<'de>) -> Option<T> {
    T::deserialize(body).ok()
}

#[derive(Deserialize)]
struct Told {
    message: Message,
}

#[derive(Deserialize)]
struct Updated {
    message: Message,
    by: UserId,
    reaction: Option<ReactionChange>,
}

#[derive(Deserialize)]
struct Changed {
    id: Option<String>,
    conversation: Conversation,
}

#[derive(Deserialize)]
struct Removed {
    id: Option<String>,
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
struct Person {
    user: User,
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
    use std::collections::BTreeSet;

    use serde_json::{Value, from_str};

    use crate::protocol::ServerFrame;

    fn read(text: &str) -> Option<ServerFrame> {
        let body: Value = from_str(text).ok()?;
        let kind = body.get("type")?.as_str()?.to_owned();
        super::read(&kind, body)
    }

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
            format!(
                r#"{{"type":"message_updated","message":{message},"by":7,"reaction":{{"emoji":"👍","added":true}}}}"#
            ),
            // A group's, without what differs by reader.
            r#"{"type":"conversation","conversation":{"id":5,"kind":"group","name":"Team","avatar_url":null,"peer":null,
            "member_count":3,"last_message":null,"last_seq":4,"rev":1,"updated_at":9,"open":false,"history":"joined"}}"#.into(),
            r#"{"type":"receipt","conversation_id":1,"user_id":7,"delivered_seq":2,"read_seq":1,"unread":3}"#.into(),
            r#"{"type":"conversation_removed","conversation_id":1}"#.into(),
            r#"{"type":"typing","conversation_id":1,"user_id":7,"active":true}"#.into(),
            r#"{"type":"presence","user_id":7,"status":"away","last_seen_at":4}"#.into(),
            format!(r#"{{"type":"user","user":{user}}}"#),
            r#"{"type":"resync","spread_ms":500}"#.into(),
            r#"{"type":"pong","id":"p","timestamp":4}"#.into(),
            r#"{"type":"error","client_id":"x","code":422,"kind":"validation","message":"m","field":"content"}"#.into(),
        ];
        let mut kinds = BTreeSet::new();
        for text in frames {
            let derived: ServerFrame = from_str(&text).unwrap();
            kinds.insert(number(&derived));
            assert_eq!(read(&text), Some(derived), "{text}");
        }
        assert!(kinds.into_iter().eq(0..KINDS), "a frame of each kind is read");
        let notification =
            r#"{"type":"notification","id":1,"kind":"k","title":"t","body":"b","at":4}"#;
        let derived: ServerFrame = from_str(notification).unwrap();
        assert_eq!((number(&derived), read(notification)), (KINDS, None), "left to another");
    }

    /// How many kinds of frames are read here.
    const KINDS: usize = 14;

    /// A number for each: a new kind does not compile until it stands here.
    const fn number(frame: &ServerFrame) -> usize {
        match frame {
            ServerFrame::Ready(_) => 0,
            ServerFrame::MessageAck(_) => 1,
            ServerFrame::NewMessage { .. } => 2,
            ServerFrame::OfflineMessages(_) => 3,
            ServerFrame::MessageUpdated { .. } => 4,
            ServerFrame::Receipt(_) => 5,
            ServerFrame::Conversation { .. } => 6,
            ServerFrame::ConversationRemoved { .. } => 7,
            ServerFrame::Typing { .. } => 8,
            ServerFrame::Presence { .. } => 9,
            ServerFrame::User { .. } => 10,
            ServerFrame::Resync { .. } => 11,
            ServerFrame::Pong { .. } => 12,
            ServerFrame::Error { .. } => 13,
            ServerFrame::Notification(_) => 14,
        }
    }

    #[test]
    fn what_it_does_not_know_it_leaves() {
        for text in [r#"{"type":"later"}"#, "[]", "", r#"{"type":"pong"}"#, r#"{"type":5}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
