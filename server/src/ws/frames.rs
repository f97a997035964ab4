//! Frames as the bytes that come in, and that go out: encoded once, shared by all their receivers.

use app::protocol::{ClientFrame, Conversation, FrameError, Message, ServerFrame};
use serde::Serialize;
use serde_json::Value;
use tungstenite::Utf8Bytes;

use super::meters;
use crate::edge::error_given;

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

/// The text of a frame.
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

/// A `conversation` frame's bytes for all members of a group: without what differs by reader.
pub(super) fn encode_shared(conversation: &Conversation) -> Utf8Bytes {
    let frame = ServerFrame::Conversation { id: None, conversation: conversation.clone() };
    let mut shared = serde_json::to_value(&frame).unwrap_or_default();
    if let Some(fields) = shared.get_mut("conversation").and_then(Value::as_object_mut) {
        for field in Conversation::OF_THE_READER {
            fields.remove(field);
        }
    }
    to_text(&shared)
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
    use app::protocol::{ConversationId, ServerFrame};

    use super::{encode, encode_new_message};
    use crate::events::samples;

    #[test]
    fn a_lent_message_is_encoded_as_an_owned_one() {
        let message = samples::message(ConversationId::new(1), 2, "hi");
        let lent = encode_new_message(&message);
        assert_eq!(lent, encode(&ServerFrame::NewMessage { message }));
    }
}
