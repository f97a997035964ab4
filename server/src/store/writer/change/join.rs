//! Who comes into a group.

use app::protocol::{ApiError, ErrorKind, Role, SystemEvent, UserId, limits};

use super::announce::{Announcement, notice};
use super::membership::people;
use super::newcomers::{not_blocking, not_left};
use super::{ChangeContext, Done, Stop};
use crate::store::writer::batch::QueuedChange;

impl ChangeContext<'_, '_> {
    /// Takes people in whom the actor brings.
    pub(super) async fn add(
        &mut self,
        change: &QueuedChange,
        users: &[UserId],
    ) -> Result<Done, Stop> {
        if let Some(message) = self.told_before(change).await? {
            return self.told_again(change, message).await;
        }
        self.take_in(change, users, SystemEvent::Added).await
    }

    /// Takes the actor in.
    pub(super) async fn join(&mut self, change: &QueuedChange) -> Result<Done, Stop> {
        if let Some(message) = self.told_before(change).await? {
            return self.told_again(change, message).await;
        }
        self.take_in(change, &[change.actor.id], SystemEvent::Joined).await
    }

    async fn take_in(
        &mut self,
        change: &QueuedChange,
        users: &[UserId],
        event: SystemEvent,
    ) -> Result<Done, Stop> {
        let (group, _) = self.allowed(change, None).await?;
        self.look_around(change).await?;
        let members = self.conversation(change)?.group_members().ids;
        if users.iter().any(|user| members.binary_search(user).is_ok()) {
            return Err(
                ApiError::new(ErrorKind::Conflict, "Someone of them is a member already").into()
            );
        }
        if members.len() + users.len() > limits::MEMBERS {
            let message = format!("A group has at most {} members", limits::MEMBERS);
            return Err(ApiError::new(ErrorKind::Conflict, message).into());
        }
        let mut subjects = people(self.transaction, users).await?;
        let mut users = users.to_vec();
        if event == SystemEvent::Joined {
            subjects.clear();
        } else {
            let (id, actor) = (change.conversation_id, change.actor.id);
            users = not_blocking(self.transaction, actor, &users).await?;
            users = not_left(self.transaction, id, actor, &users, self.now).await?;
            if users.is_empty() {
                return Ok(Done::nothing());
            }
            subjects.retain(|user| users.contains(&user.id));
        }
        let message = self.say(change, &change.notice, notice(&change.actor, event, subjects))?;
        let newcomers: Vec<_> = users.iter().map(|user| (*user, Role::Member)).collect();
        self.add_members(change, &newcomers, message.seq.get()).await?;
        let news =
            Announcement { messages: vec![message], newcomers: users, ..Announcement::default() };
        self.changed(change, group, news).await
    }
}
