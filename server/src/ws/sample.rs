//! A message and a group for tests.

use app::protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, History, Message, MessageType, Seq,
    User, UserId,
};

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
        mentions_all: false,
        mentioned: Vec::new(),
        reactions: Vec::new(),
        system: None,
        created_at: 0,
        edited_at: None,
        recalled: false,
        rev: 0,
    }
}

/// A group in which one thing was said, as nobody in particular sees it.
pub(super) fn group(id: ConversationId, name: &str) -> Conversation {
    Conversation {
        id,
        kind: ConversationKind::Group,
        name: name.to_owned(),
        avatar_url: None,
        peer: None,
        role: None,
        member_count: 500,
        last_message: None,
        first_seq: Seq::new(1),
        last_seq: Seq::new(1),
        rev: 0,
        updated_at: 0,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
        peer_read_seq: None,
        peer_delivered_seq: None,
        unread: 0,
        mention_seq: None,
        marked_unread: false,
        pinned: false,
        muted_until: None,
        archived: false,
        open: false,
        history: History::Joined,
    }
}
