//! Who goes out of a group.

use app::protocol::{ConversationId, Role, SystemEvent, UserId};

use super::announce::{Announcement, hand_over_name, notice};
use super::membership::{people, set_role};
use super::newcomers::remember_departure;
use super::{ChangeContext, Done, Stop};
use crate::store::Result;
use crate::store::avatars::exchange;
use crate::store::engine::on_engine;
use crate::store::transaction::Transaction;
use crate::store::writer::batch::QueuedChange;

impl ChangeContext<'_, '_> {
    /// Takes someone out. An owner who leaves hands over first: to the oldest admin, else to the
    /// oldest member. With the last one nobody can come in any more.
    pub(super) async fn remove(
        &mut self,
        change: &QueuedChange,
        user: UserId,
    ) -> Result<Done, Stop> {
        if let Some(message) = self.told_before(change).await? {
            return self.told_again(change, message).await;
        }
        let (mut group, standing) = self.allowed(change, Some(user)).await?;
        let id = change.conversation_id;
        let mut news = Announcement { left: vec![user], ..Announcement::default() };
        if standing.subject == Some(Role::Owner)
            && let Some(heir) = heir(self.transaction, id, user).await?
        {
            set_role(self.transaction, id, heir, Role::Owner).await?;
            self.conversation(change)?.appoint(heir, Role::Owner);
            let heirs = people(self.transaction, &[heir]).await?;
            let handed_over = notice(&change.actor, SystemEvent::Owner, heirs);
            news.messages.push(self.say(change, &hand_over_name(change), handed_over)?);
            news.seen_differently.push(heir);
        }
        let gone = if standing.oneself {
            notice(&change.actor, SystemEvent::Left, Vec::new())
        } else {
            let subjects = people(self.transaction, &[user]).await?;
            notice(&change.actor, SystemEvent::Removed, subjects)
        };
        news.messages.push(self.say(change, &change.notice, gone)?);
        if standing.oneself {
            remember_departure(self.transaction, id, user, self.now).await?;
        }
        delete_session(self.transaction, id, user).await?;
        let conversation = self.conversation(change)?;
        conversation.members.retain(|member| member.user_id != user);
        conversation.regroup(|ids| ids.retain(|id| *id != user));
        if conversation.group_members().ids.is_empty() {
            (group.is_open, group.closed) = (0, 1);
            conversation.closed = group.closed;
            // Nobody sees its picture any more.
            let picture = group.avatar.take();
            exchange(self.transaction, picture.as_deref(), None, self.now).await?;
        }
        self.changed(change, group, news).await
    }
}

/// Who owns a group once this owner has left it.
async fn heir(
    transaction: &mut Transaction,
    id: ConversationId,
    owner: UserId,
) -> Result<Option<UserId>> {
    let heir: Option<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT user_id FROM message_session WHERE conversation_id = ? AND user_id <> ? \
             ORDER BY role, joined_seq, user_id LIMIT 1",
        )
        .bind(id.get())
        .bind(owner.get())
        .fetch_optional(connection)
        .await?
    });
    Ok(heir.map(UserId::new))
}

async fn delete_session(
    transaction: &mut Transaction,
    id: ConversationId,
    user: UserId,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("DELETE FROM message_session WHERE user_id = ? AND conversation_id = ?")
            .bind(user.get())
            .bind(id.get())
            .execute(connection)
            .await?;
    });
    Ok(())
}
