//! What the writer is asked to do, and what comes of it.

use std::sync::Arc;

use app::protocol::{
    Answer, ApiError, Caption, ClientId, ConversationId, ConversationKind, GroupName, History,
    Message, MoveSchedule, NewContent, Role, Seq, User, UserId,
};
use tokio::sync::oneshot;

use crate::events::Origin;
use crate::store::mentions::Mentions;

/// A message on its way in.
#[derive(Debug)]
pub struct Append {
    /// The conversation that it goes to.
    pub conversation_id: ConversationId,
    /// The person who sends it.
    pub sender: Arc<User>,
    /// The sender's name for it.
    pub client_id: ClientId,
    /// What the message says. Whether its sender may forward is asked under the locks of both
    /// conversations.
    pub content: NewContent,
    /// What few messages carry beside their content.
    pub extras: Option<Box<Extras>>,
    /// Who waits for the outcome.
    pub reply: ReplyTo,
}

/// What few messages carry beside their content.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The position of the message that it answers.
    pub reply_to: Option<Seq>,
    /// Whom it may name.
    pub mentions: Mentions,
}

/// Who waits for an outcome.
#[derive(Debug, Default)]
pub enum ReplyTo<T = Appended> {
    /// A socket: it learns of it by the events.
    Socket(Origin),
    /// A caller that waits here. Everyone else still learns of it by its event.
    Caller(oneshot::Sender<Result<T, ApiError>>),
    /// Nobody, or nobody any more.
    #[default]
    Nobody,
}

impl<T> ReplyTo<T> {
    /// Whether nobody waits.
    pub fn is_nobody(&self) -> bool {
        matches!(self, Self::Nobody)
    }

    /// The socket and the caller, one of them at most.
    pub(super) fn split(self) -> (Option<Origin>, Option<oneshot::Sender<Result<T, ApiError>>>) {
        match self {
            Self::Socket(origin) => (Some(origin), None),
            Self::Caller(caller) => (None, Some(caller)),
            Self::Nobody => (None, None),
        }
    }
}

/// A stored message.
#[derive(Clone, Debug)]
pub struct Appended {
    /// As it is stored; for a repeat, as the first one was.
    pub message: Arc<Message>,
    /// It had been stored before.
    pub duplicate: bool,
}

/// Marks on their way forward.
#[derive(Debug)]
pub struct MoveMarks {
    /// The conversation that the marks belong to.
    pub conversation_id: ConversationId,
    /// The member whose marks they are.
    pub user_id: UserId,
    /// Everything up to here is held. (`read` implies it.)
    pub delivered: Seq,
    /// Everything up to here was seen.
    pub read: Seq,
    /// Who waits for the outcome.
    pub reply: ReplyTo<()>,
}

/// Something that is to happen to a conversation.
#[derive(Debug)]
pub struct Change {
    /// The conversation that is changed.
    pub conversation_id: ConversationId,
    /// The person who changes it.
    pub actor: Arc<User>,
    /// What happens to it.
    pub kind: ChangeKind,
    /// Whether they may: asked under the lock.
    pub rule: Rule,
    /// Who waits for the outcome.
    pub reply: ReplyTo<Changed>,
}

/// What happens to a conversation.
#[derive(Debug)]
pub enum ChangeKind {
    /// A group is made, under a fresh id; `conflict` where that is taken.
    Create(NewGroup),
    /// These come in, none of whom is in it yet; but for those whom the actor cannot bring.
    Add(Vec<UserId>),
    /// The actor comes in.
    Join,
    /// This one goes; the actor, if they leave.
    Remove(UserId),
    /// This one may do that from now on.
    SetRole(UserId, Role),
    /// What is given is set.
    Set(GroupSettings),
    /// The message at this position has these words from now on, which may name these.
    Edit(Seq, Caption, Mentions),
    /// What the message at this position says is taken back.
    Recall(Seq),
    /// An emoji is put on the message at this position, or taken off.
    React(Seq, &'static str, bool),
    /// The appointment at this position moves.
    Move(Seq, Box<MoveSchedule>),
    /// The actor answers the appointment at this position, or takes the answer back.
    Answer(Seq, Option<Answer>),
}

/// A group that is to be.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// The name of the group.
    pub name: GroupName,
    /// Who is in it beside the actor, each once; but for those who block the actor.
    pub members: Vec<UserId>,
    /// Anyone may find and join it.
    pub open: bool,
    /// What those who come later may read.
    pub history: History,
}

/// Another picture for a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewAvatar {
    /// One that is kept, by its hash.
    Kept(String),
    /// None any more.
    None,
}

/// How a group is set; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct GroupSettings {
    /// The new name of the group.
    pub name: Option<GroupName>,
    /// Its new picture.
    pub avatar: Option<NewAvatar>,
    /// Anyone may find and join it.
    pub open: Option<bool>,
    /// What those who come later may read.
    pub history: Option<History>,
}

impl NewAvatar {
    /// The hash of the picture, where there is one.
    pub(super) fn hash(&self) -> Option<&str> {
        match self {
            Self::Kept(hash) => Some(hash),
            Self::None => None,
        }
    }
}

/// What a rule looks at. It is true until the transaction commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which sort of conversation.
    pub kind: ConversationKind,
    /// A group that anyone may join.
    pub open: bool,
    /// What the actor is in it; absent for whoever is no member.
    pub actor: Option<Role>,
    /// What the one is in it to whom it is done; absent for whoever is no member, and where it is
    /// done to nobody.
    pub subject: Option<Role>,
    /// It is done to oneself, or to one's own message.
    pub oneself: bool,
    /// A private conversation one of whose two blocks the other.
    pub blocked: bool,
    /// A private conversation one of whose two has deleted their account.
    pub gone: bool,
}

/// Whether something may be done. Which rule is for what is not for the store to say.
pub type Rule = fn(&Standing) -> Result<(), ApiError>;

/// What a change has led to.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// The message that tells of it, or that was changed.
    pub message: Option<Arc<Message>>,
}
