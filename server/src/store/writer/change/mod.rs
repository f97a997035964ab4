//! What happens to a conversation under its lock beside messages and marks, a file a concern.
//!
//! A change is rare where messages are not, so that it may take statements of its own; but it
//! shares its transaction with the messages that arrived around it, in their order. All that can be
//! refused is looked at before anything is written.
//!
//! * [`group`] — a group's row
//! * [`membership`] — who is in a group and as what, and who may do something
//! * [`announce`] — how everyone is told that a group changed
//! * [`create`] — making one
//! * [`join`] — who comes in
//! * [`newcomers`] — whom someone can bring in
//! * [`leave`] — who goes
//! * [`message`] — a message edited, recalled, reacted to
//! * [`schedule`] — an appointment moved or answered
//! * [`settings`] — name, openness, history, roles

mod announce;
mod create;
mod group;
mod join;
mod leave;
mod membership;
mod message;
mod newcomers;
mod schedule;
mod settings;

use std::sync::Arc;

use app::protocol::{ApiError, ConversationKind, Message, Role, Timestamp, UserId};

use super::batch::QueuedChange;
use super::commands::{ChangeKind, Changed, Standing};
use super::plan::{Conversation, Conversations, Planner};
use super::sessions::Groups;
use super::statements::find_message;
use crate::events::Event;
use crate::store::transaction::Transaction;
use crate::store::{Result, StoreError};

/// What becomes of a change; where it did not happen, the error for the one who waits.
pub(super) type ChangeOutcome = std::result::Result<Done, ApiError>;

/// Why a change does not go on.
enum Stop {
    /// It must not be.
    Refused(ApiError),
    /// The transaction failed.
    Failed(StoreError),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// What happened.
pub(super) struct Done {
    /// What everyone is told of it, in this order.
    pub(super) events: Vec<Event>,
    /// What the one is told who waits.
    pub(super) changed: Changed,
}

impl Done {
    /// It was so already.
    fn nothing() -> Self {
        Self { events: Vec::new(), changed: Changed::default() }
    }
}

/// Where changes happen: a transaction that holds the locks.
pub(super) struct ChangeContext<'a, 'p> {
    pub(super) transaction: &'a mut Transaction,
    pub(super) locked: &'a mut Conversations,
    pub(super) planner: &'a mut Planner<'p>,
    pub(super) groups: &'a Groups,
    pub(super) now: Timestamp,
}

impl ChangeContext<'_, '_> {
    /// Carries a change out, or finds that it must not be.
    pub(super) async fn carry_out(&mut self, change: &QueuedChange) -> Result<ChangeOutcome> {
        let done = match &change.kind {
            ChangeKind::Create(group) => self.create(change, group).await,
            ChangeKind::Add(users) => self.add(change, users).await,
            ChangeKind::Join => self.join(change).await,
            ChangeKind::Remove(user) => self.remove(change, *user).await,
            ChangeKind::SetRole(user, role) => self.set_role(change, *user, *role).await,
            ChangeKind::Set(settings) => self.set(change, settings).await,
            ChangeKind::Edit(seq, content, mentions) => {
                self.edit(change, *seq, content, mentions).await
            }
            ChangeKind::Recall(seq) => self.recall(change, *seq).await,
            ChangeKind::React(seq, emoji, added) => self.react(change, *seq, emoji, *added).await,
            ChangeKind::Move(seq, by) => self.move_schedule(change, *seq, by).await,
            ChangeKind::Answer(seq, answer) => self.answer(change, *seq, *answer).await,
        };
        match done {
            Ok(done) => Ok(Ok(done)),
            Err(Stop::Refused(error)) => Ok(Err(error)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// The conversation that the change is about.
    fn conversation(&mut self, change: &QueuedChange) -> Result<&mut Conversation, Stop> {
        let found = self.locked.get_mut(&change.conversation_id);
        found.ok_or_else(|| ApiError::not_found().into())
    }

    /// Finds out who is in a group into which the actor may come, who is not in it yet.
    async fn look_around(&mut self, change: &QueuedChange) -> Result<(), Stop> {
        let id = change.conversation_id;
        let found = self.locked.get_mut(&id).ok_or_else(ApiError::not_found)?;
        Ok(self.groups.look_up(self.transaction, id, found).await?)
    }

    /// The message by which an earlier attempt told of this change, if its COMMIT came through
    /// though nobody learnt of it.
    async fn told_before(&mut self, change: &QueuedChange) -> Result<Option<Arc<Message>>, Stop> {
        if !change.may_be_stored {
            return Ok(None);
        }
        self.stored_message(change, &change.notice).await
    }

    /// The actor's message under this name.
    async fn stored_message(
        &mut self,
        change: &QueuedChange,
        name: &str,
    ) -> Result<Option<Arc<Message>>, Stop> {
        let (id, sender) = (change.conversation_id, change.actor.id);
        Ok(find_message(self.transaction, id, sender, name).await?.map(Arc::new))
    }
}

impl Conversation {
    fn kind(&self) -> ConversationKind {
        if self.group.is_some() { ConversationKind::Group } else { ConversationKind::Private }
    }

    /// What someone is in it who does something in this transaction.
    fn role_of(&self, user: UserId) -> Option<Role> {
        self.members.iter().find(|member| member.user_id == user).map(|member| member.role)
    }
}
