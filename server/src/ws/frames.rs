//! Frames as the bytes that come in, and that go out: encoded once, shared by all their receivers.

use app::protocol::{ClientFrame, FrameError, Message, ServerFrame};
use axum::extract::ws::Utf8Bytes;
use serde::Serialize;

use super::meters;
use crate::http::error_given;

/// [`ServerFrame::NewMessage`] around a message that is only lent.
#[derive(Serialize)]
struct NewMessage<'a> {
    r#type: &'static str,
    message: &'a Message,
}

/// Reads a frame, and counts it.
pub(super) fn decode(text: &str) -> Result<ClientFrame, FrameError> {
    let frame = ClientFrame::decode(text);
    meters::received(&frame);
    frame
}

/// A frame's bytes.
pub(super) fn encode(frame: &ServerFrame) -> Utf8Bytes {
    if let ServerFrame::Error { error, .. } = frame {
        error_given("socket", error.kind);
    }
    to_text(frame)
}

/// A `new_message` frame's bytes.
pub(super) fn encode_new_message(message: &Message) -> Utf8Bytes {
    to_text(&NewMessage { r#type: "new_message", message })
}

fn to_text(frame: &impl Serialize) -> Utf8Bytes {
    match serde_json::to_string(frame) {
        Ok(text) => text.into(),
        // Our frames hold neither maps with odd keys nor failing serializers.
        Err(error) => unreachable!("a frame did not serialize: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use app::protocol::{ConversationId, Message, MessageType, Seq, ServerFrame, User, UserId};

    use super::{encode, encode_new_message};

    #[test]
    fn a_lent_message_is_encoded_as_an_owned_one() {
        let message = Message {
            conversation_id: ConversationId::new(1),
            seq: Seq::new(2),
            client_id: app::protocol::ClientId::parse("c").expect("valid"),
            sender: User {
                id: UserId::new(3),
                username: "mei".into(),
                nickname: "Mei".into(),
                avatar_url: None,
                created_at: 4,
                presence: None,
            },
            message_type: MessageType::Text,
            content: "hi".into(),
            file: None,
            schedule: None,
            reply_to: None,
            forwarded_from: None,
            mentions: Vec::new(),
            reactions: Vec::new(),
            system: None,
            created_at: 5,
            edited_at: None,
            recalled: false,
            rev: 0,
        };
        let lent = encode_new_message(&message);
        assert_eq!(lent, encode(&ServerFrame::NewMessage { message }));
    }
}
