//! A message and a group for tests.

use app::protocol::{
    ClientId, Content, Conversation, ConversationId, ConversationKind, History, Message, Seq, User,
    UserId,
};

/// A message of user 1, whose `client_id` is `c` and its position.
pub(crate) fn message(conversation_id: ConversationId, seq: i64, content: &str) -> Message {
    let sender = User {
        id: UserId::new(1),
        username: "mei".into(),
        nickname: "Mei".into(),
        avatar_url: None,
        created_at: 0,
        presence: None,
    };
    let client_id = ClientId::parse(&format!("c{seq}")).expect("valid");
    let content = Content::Text(content.to_owned());
    Message::new(conversation_id, Seq::new(seq), client_id, sender, content, 0)
}

/// A group in which one thing was said, as nobody in particular sees it.
pub(crate) fn group(id: ConversationId, name: &str) -> Conversation {
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
