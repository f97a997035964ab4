//! Who comes into a group.

use app::protocol::{ApiError, ErrorKind, Role, SystemEvent, UserId, limits};

use super::seats::people;
use super::telling::{News, notice};
use super::{Done, Scene, Stop};
use crate::store::writer::work::QueuedChange;

impl Scene<'_, '_> {
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
        let members = self.conversation(change)?.membership().ids;
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
        if event == SystemEvent::Joined {
            subjects.clear();
        }
        let message = self.say(change, &change.notice, notice(&change.actor, event, subjects))?;
        let seats: Vec<_> = users.iter().map(|user| (*user, Role::Member)).collect();
        self.seat(change, &seats, message.seq.get()).await?;
        let news = News { messages: vec![message], newcomers: users.to_vec(), ..News::default() };
        self.changed(change, group, news).await
    }
}
