//! Facts: what was committed, or has happened. They know of no socket and of no list of members, so that they are the
//! same on every node.

use std::sync::Arc;

use app::protocol::{
    Conversation, ConversationId, Message, Notification, Presence, ReactionChange, Receipt, Seq,
    User, UserId,
};
use serde::{Deserialize, Serialize};

use super::Audience;

/// Something that was committed, or has happened. A conversation's facts are told in the order of their commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
#[serde(tag = "kind", content = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A message was stored: a `new_message` to every socket of every member but its origin, which gets an ack.
    MessageStored {
        /// The message as it is stored.
        message: Arc<Message>,
        /// The members of its conversation.
        audience: Audience,
    },
    /// A message changed: a `message_updated` to every member who can see it. In a box, since the others are smaller
    /// and many more.
    MessageChanged(Box<MessageChange>),
    /// A group changed: a `conversation` to its members, `conversation_removed` to those who left, and a
    /// `new_message` for each system message.
    GroupChanged(Arc<GroupChange>),
    /// A conversation looks different to one of its members, for a reason that is no message: a `conversation` to
    /// their sockets.
    ConversationChanged {
        /// The conversation that looks different.
        conversation_id: ConversationId,
        /// The member to whom it looks different.
        to: UserId,
    },
    /// A member's marks moved forward: a `receipt` to the partner and to the member's other sockets.
    MarksMoved {
        /// The marks as they are now, without the number of unread messages.
        receipt: Receipt,
        /// The other member of a private conversation; absent where nobody else is told.
        partner: Option<UserId>,
    },
    /// A person came, went or looks away: a `presence` to those who may know.
    PresenceChanged {
        /// The person whose presence changed.
        user_id: UserId,
        /// The person's presence now.
        presence: Presence,
        /// The people who may know.
        to: Vec<UserId>,
    },
    /// A person has another name or picture: a `user` to those who know them.
    PersonChanged {
        /// The person as they are now, without presence.
        user: User,
        /// The private partners, the members of shared groups, and the person.
        to: Vec<UserId>,
    },
    /// People are told something beside messages: a `notification` to all their sockets.
    Notified {
        /// What they are told.
        notification: Notification,
        /// The people who are told; absent: everyone.
        #[serde(default)]
        to: Option<Vec<UserId>>,
    },
    /// A member starts or stops typing: a `typing` to the others.
    TypingChanged {
        /// The conversation in which it happens.
        conversation_id: ConversationId,
        /// The member who types, or did.
        user_id: UserId,
        /// Whether the member types now.
        active: bool,
        /// The other members, who hear of it.
        to: Vec<UserId>,
    },
}

/// A message that was edited, recalled or reacted to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageChange {
    /// The message as it is now, to all its receivers alike.
    pub message: Arc<Message>,
    /// The person who changed it.
    pub by: UserId,
    /// The reaction that was put on it or taken off; absent for other changes.
    pub reaction: Option<ReactionChange>,
    /// The members of its conversation.
    pub audience: Audience,
    /// Those of them who cannot see the message.
    pub hidden_from: Vec<UserId>,
    /// The conversation's newest position when it changed.
    pub after: Seq,
}

/// A change in who is in a group, or in how it is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChange {
    /// The group as it is now. Members learn of it without what differs by reader.
    pub conversation: Conversation,
    /// The system messages that tell of it, ascending; none for a setting that nobody is told of.
    pub messages: Vec<Arc<Message>>,
    /// The members after the change.
    pub audience: Audience,
    /// The members to whom the group is new.
    pub newcomers: Vec<Newcomers>,
    /// The people who are no longer in it: they hear nothing of what comes from here on.
    pub left: Vec<UserId>,
}

/// New members of a group who see it alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomers {
    /// The group as each of them sees it: they are told of it whole.
    pub conversation: Conversation,
    /// The new members.
    pub people: Vec<UserId>,
}

impl Fact {
    /// The conversation whose `seq` or `rev` it raised; absent where it raised none.
    pub fn raised(&self) -> Option<ConversationId> {
        match self {
            Self::MessageStored { message, .. } => Some(message.conversation_id),
            Self::MessageChanged(change) => Some(change.message.conversation_id),
            Self::GroupChanged(change) => {
                let told = !change.messages.is_empty();
                told.then_some(change.conversation.id)
            }
            Self::ConversationChanged { .. }
            | Self::MarksMoved { .. }
            | Self::PresenceChanged { .. }
            | Self::PersonChanged { .. }
            | Self::Notified { .. }
            | Self::TypingChanged { .. } => None,
        }
    }
}

impl GroupChange {
    /// Whether the group is new to this member.
    pub fn is_new_to(&self, member: UserId) -> bool {
        self.newcomers.iter().any(|newcomers| newcomers.people.contains(&member))
    }
}
