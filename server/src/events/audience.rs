//! The people whom a fact is for: as it travels, and as the list of them.

use std::sync::Arc;

use app::protocol::UserId;
use serde::{Deserialize, Serialize};

/// The people whom a fact is for, in as few words as can travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Both members of a private conversation; twice the same for Notes to oneself.
    Private(UserId, UserId),
    /// The members of a group.
    Group {
        /// The number of changes to the group's membership so far: a list of members is theirs for as long as it
        /// has this number.
        members_rev: i64,
    },
}

/// The members of a conversation. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// Both members of a private conversation; twice the same for Notes to oneself.
    Private(UserId, UserId),
    /// The members of a group.
    Group(GroupMembers),
}

/// The members of a group. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMembers {
    /// The number of changes to the group's membership so far.
    pub rev: i64,
    /// The members, ascending.
    pub ids: Arc<[UserId]>,
}

impl Members {
    /// The members, each once.
    pub fn ids(&self) -> impl Iterator<Item = UserId> {
        let (pair, group) = match self {
            Self::Private(one, other) => ([Some(*one), (other != one).then_some(*other)], &[][..]),
            Self::Group(group) => ([None, None], &*group.ids),
        };
        pair.into_iter().flatten().chain(group.iter().copied())
    }

    /// The other member of a private conversation; absent in Notes and in groups.
    pub fn partner_of(&self, user: UserId) -> Option<UserId> {
        match self {
            Self::Private(..) => self.ids().find(|member| *member != user),
            Self::Group(_) => None,
        }
    }

    /// The same people, as a fact names them.
    pub fn audience(&self) -> Audience {
        match self {
            Self::Private(one, other) => Audience::Private(*one, *other),
            Self::Group(group) => Audience::Group { members_rev: group.rev },
        }
    }
}
