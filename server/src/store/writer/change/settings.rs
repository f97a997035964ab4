//! How a group is set: its name, who may come in and read what, and the roles of its members.

use app::protocol::{ApiError, Role, SystemEvent, SystemNotice, UserId};

use super::announce::{Announcement, notice};
use super::membership::{people, set_role};
use super::{ChangeContext, Done, Stop};
use crate::store::avatars::exchange;
use crate::store::writer::batch::QueuedChange;
use crate::store::writer::commands::{GroupSettings, NewAvatar};

impl ChangeContext<'_, '_> {
    /// Sets what is given. A new name and a new picture are told by messages; the rest shows in the conversation.
    pub(super) async fn set(
        &mut self,
        change: &QueuedChange,
        settings: &GroupSettings,
    ) -> Result<Done, Stop> {
        if let Some(message) = self.told_before(change).await? {
            return self.told_again(change, message).await;
        }
        let (mut group, _) = self.allowed(change, None).await?;
        let before = group.clone();
        let mut news = Announcement::default();
        if let Some(open) = settings.open {
            group.is_open = i64::from(open);
        }
        if let Some(history) = settings.history {
            group.set_history(history);
        }
        if let Some(name) = settings.name.as_ref().filter(|name| name.as_str() != group.name) {
            name.as_str().clone_into(&mut group.name);
            let renamed = SystemNotice {
                name: Some(group.name.clone()),
                ..notice(&change.actor, SystemEvent::Renamed, Vec::new())
            };
            news.messages.push(self.say(change, &change.notice, renamed)?);
        } else if let Some(avatar) = settings.avatar.as_ref().map(NewAvatar::hash)
            && avatar != group.avatar.as_deref()
        {
            if !exchange(self.transaction, group.avatar.as_deref(), avatar, self.now).await? {
                return Err(ApiError::unavailable().into());
            }
            group.avatar = avatar.map(str::to_owned);
            let shown = notice(&change.actor, SystemEvent::Avatar, Vec::new());
            news.messages.push(self.say(change, &change.notice, shown)?);
        } else if group == before && !change.may_be_stored {
            return Ok(Done::nothing());
        }
        self.changed(change, group, news).await
    }

    /// Gives a member another role. A new owner takes the place of the old one, who is an admin
    /// then.
    pub(super) async fn set_role(
        &mut self,
        change: &QueuedChange,
        user: UserId,
        role: Role,
    ) -> Result<Done, Stop> {
        if let Some(message) = self.told_before(change).await? {
            return self.told_again(change, message).await;
        }
        let (group, standing) = self.allowed(change, Some(user)).await?;
        if standing.subject == Some(role) {
            return Ok(Done::nothing());
        }
        let id = change.conversation_id;
        let subjects = people(self.transaction, &[user]).await?;
        let mut news = Announcement { seen_differently: vec![user], ..Announcement::default() };
        set_role(self.transaction, id, user, role).await?;
        self.conversation(change)?.appoint(user, role);
        let notice = if role == Role::Owner {
            let old = change.actor.id;
            set_role(self.transaction, id, old, Role::Admin).await?;
            self.conversation(change)?.appoint(old, Role::Admin);
            news.seen_differently.push(old);
            notice(&change.actor, SystemEvent::Owner, subjects)
        } else {
            let name = if role == Role::Admin { "admin" } else { "member" };
            SystemNotice {
                name: Some(name.to_owned()),
                ..notice(&change.actor, SystemEvent::Role, subjects)
            }
        };
        news.messages.push(self.say(change, &change.notice, notice)?);
        self.changed(change, group, news).await
    }
}
