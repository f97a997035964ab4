//! Making a group.

use app::protocol::{ApiError, ErrorKind, Role, SystemEvent, SystemNotice};

use super::announce::{Announcement, notice};
use super::group::{Group, insert_group};
use super::membership::people;
use super::newcomers::not_blocking;
use super::{ChangeContext, Done, Stop};
use crate::store::writer::batch::QueuedChange;
use crate::store::writer::commands::NewGroup;
use crate::store::writer::plan::Conversation;

impl ChangeContext<'_, '_> {
    /// Makes a group, with all its members and the message that tells of it.
    pub(super) async fn create(
        &mut self,
        change: &QueuedChange,
        new: &NewGroup,
    ) -> Result<Done, Stop> {
        let id = change.conversation_id;
        if self.locked.contains_key(&id) {
            // By an earlier attempt, or by someone else: then it has another id the next time.
            let before = self.told_before(change).await?;
            let message =
                before.ok_or_else(|| ApiError::new(ErrorKind::Conflict, "That id is taken"))?;
            return self.told_again(change, message).await;
        }
        let mut ids = new.members.clone();
        ids.push(change.actor.id);
        let mut subjects = people(self.transaction, &ids).await?;
        let members = not_blocking(self.transaction, change.actor.id, &new.members).await?;
        subjects.retain(|user| members.contains(&user.id));
        let name = new.name.as_str().to_owned();
        let group = Group::new(name.clone(), new.open, new.history);
        insert_group(self.transaction, id, &group, self.now).await?;
        self.locked.insert(id, Conversation::new_group());
        let notice = SystemNotice {
            name: Some(name),
            ..notice(&change.actor, SystemEvent::Created, subjects)
        };
        let message = self.say(change, &change.notice, notice)?;
        let roles = members.into_iter().map(|id| (id, Role::Member));
        let roles: Vec<_> = roles.chain([(change.actor.id, Role::Owner)]).collect();
        self.add_members(change, &roles, message.seq.get()).await?;
        let newcomers = roles.into_iter().map(|(id, _)| id).collect();
        let news = Announcement { messages: vec![message], newcomers, ..Announcement::default() };
        self.changed(change, group, news).await
    }
}
