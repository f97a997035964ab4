//! A message for tests.

use app::protocol::{ClientId, ConversationId, Message, MessageType, Seq, User, UserId};

/// A message of user 1, whose `client_id` is `c` and its position.
pub(super) fn message(conversation_id: ConversationId, seq: i64, content: &str) -> Message {
    Message {
        conversation_id,
        seq: Seq::new(seq),
        client_id: ClientId::parse(&format!("c{seq}")).expect("valid"),
        sender: User {
            id: UserId::new(1),
            username: "mei".into(),
            nickname: "Mei".into(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        },
        message_type: MessageType::Text,
        content: content.to_owned(),
        file: None,
        schedule: None,
        reply_to: None,
        forwarded_from: None,
        mentions: Vec::new(),
        reactions: Vec::new(),
        system: None,
        created_at: 0,
        edited_at: None,
        recalled: false,
        rev: 0,
    }
}
