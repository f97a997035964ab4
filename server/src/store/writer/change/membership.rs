//! Who is in a group and as what: whether they may do what they want to, and who becomes a member.

use app::protocol::{ApiError, ConversationId, Role, Timestamp, User, UserId};
use sqlx::QueryBuilder;

use super::group::{Group, find_group};
use super::{ChangeContext, Standing, Stop};
use crate::events::GroupMembers;
use crate::store::codes::{BLOCKED, OPEN, role, role_number};
use crate::store::dialect::Dialect;
use crate::store::engine::on_engine;
use crate::store::lists::{padded, powers_of_two};
use crate::store::subjects::people_among;
use crate::store::transaction::Transaction;
use crate::store::writer::batch::QueuedChange;
use crate::store::writer::plan::{Conversation, Member};
use crate::store::{Result, StoreError};

impl ChangeContext<'_, '_> {
    /// The group's row and how the actor stands in it, once the rule allows what they want to do,
    /// to `subject` if it is done to someone. What is not there is looked for as long as what is not
    /// the actor's.
    pub(super) async fn allowed(
        &mut self,
        change: &QueuedChange,
        subject: Option<UserId>,
    ) -> Result<(Group, Standing), Stop> {
        let id = change.conversation_id;
        let row = find_group(self.transaction, id).await?;
        let oneself = subject == Some(change.actor.id);
        let other = match subject.filter(|_| !oneself) {
            Some(other) => role_in(self.transaction, id, other).await?,
            None => None,
        };
        let conversation = self.conversation(change)?;
        let (kind, actor) = (conversation.kind(), conversation.role_of(change.actor.id));
        let group = row.ok_or_else(ApiError::not_found)?;
        let subject = if oneself { actor } else { other };
        let (open, blocked) = (group.is_open != 0, group.closed == BLOCKED);
        let standing = Standing { kind, open, actor, subject, oneself, blocked, gone: false };
        (change.rule)(&standing)?;
        Ok((group, standing))
    }

    /// Takes these in from a position on: what comes before is not for them, unless the group's
    /// history is.
    pub(super) async fn add_members(
        &mut self,
        change: &QueuedChange,
        users: &[(UserId, Role)],
        joined_seq: i64,
    ) -> Result<(), Stop> {
        // Who comes in by themselves wrote the message that says so, and so has read it.
        let held = |user: UserId| if user == change.actor.id { joined_seq } else { joined_seq - 1 };
        let sessions: Vec<_> = users.iter().map(|(id, role)| (*id, *role, held(*id))).collect();
        insert_sessions(self.transaction, change, &sessions, joined_seq, self.now).await?;
        let conversation = self.conversation(change)?;
        for (user_id, role, held) in sessions {
            conversation.members.push(Member {
                user_id,
                role,
                read_seq: held,
                delivered_seq: held,
                marked_unread: false,
                version: 0,
                changed: false,
            });
        }
        conversation.regroup(|ids| {
            ids.extend(users.iter().map(|(id, _)| *id));
            ids.sort_unstable();
        });
        Ok(())
    }
}

impl Conversation {
    /// Who is in it: nobody in what is no group.
    pub(super) fn group_members(&self) -> GroupMembers {
        self.group.clone().unwrap_or(GroupMembers::unknown(0))
    }

    /// A group that is made now.
    pub(super) fn new_group() -> Self {
        Self {
            last_seq: 0,
            closed: OPEN,
            group: Some(GroupMembers::unknown(0)),
            members: Vec::new(),
            grown: false,
            regrouped: false,
        }
    }

    /// Gives a member a role, if they do something in this transaction.
    pub(super) fn appoint(&mut self, user: UserId, role: Role) {
        if let Some(member) = self.members.iter_mut().find(|member| member.user_id == user) {
            member.role = role;
        }
    }

    /// Changes who is in it.
    pub(super) fn regroup(&mut self, change: impl FnOnce(&mut Vec<UserId>)) {
        let GroupMembers { rev, ids } = self.group_members();
        let mut ids = ids.to_vec();
        change(&mut ids);
        self.group = Some(GroupMembers { rev: rev + 1, ids: ids.into() });
        self.regrouped = true;
    }
}

/// People who are there, and stay until the commit; in the order in which they were asked for.
///
/// # Errors
/// `not_found` when one of them is not.
pub(super) async fn people(
    transaction: &mut Transaction,
    ids: &[UserId],
) -> Result<Vec<User>, Stop> {
    let mut there = Vec::with_capacity(ids.len());
    for chunk in padded(ids) {
        let rows: Vec<i64> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("SELECT id FROM user WHERE deleted_at IS NULL AND id IN (");
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(") ORDER BY id").push(Dialect::of::<Db>().for_share());
            let rows = query.build_query_scalar().fetch_all(connection).await;
            rows.map_err(StoreError::from)?
        });
        there.extend(rows.into_iter().map(UserId::new));
    }
    let mut found = people_among(transaction.connection()?, &there).await?;
    let people: Option<Vec<_>> = ids.iter().map(|id| found.remove(id)).collect();
    people.ok_or_else(|| ApiError::not_found().into())
}

/// What someone is in a conversation.
pub(super) async fn role_in(
    transaction: &mut Transaction,
    id: ConversationId,
    user: UserId,
) -> Result<Option<Role>> {
    let number: Option<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT role FROM message_session WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(user.get())
        .bind(id.get())
        .fetch_optional(connection)
        .await?
    });
    number.map(role).transpose()
}

/// Gives a member a role.
pub(super) async fn set_role(
    transaction: &mut Transaction,
    id: ConversationId,
    user: UserId,
    role: Role,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE message_session SET role = ? WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(role_number(role))
        .bind(user.get())
        .bind(id.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

async fn insert_sessions(
    transaction: &mut Transaction,
    change: &QueuedChange,
    sessions: &[(UserId, Role, i64)],
    joined_seq: i64,
    now: Timestamp,
) -> Result<()> {
    let (id, actor) = (change.conversation_id, change.actor.id);
    for chunk in powers_of_two(sessions) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO message_session (user_id, conversation_id, role, read_seq, \
                 delivered_seq, joined_seq, joined_at, added_by) ",
            );
            query.push_values(chunk, |mut row, (user, role, held)| {
                row.push_bind(user.get()).push_bind(id.get()).push_bind(role_number(*role));
                row.push_bind(*held).push_bind(*held);
                row.push_bind(joined_seq).push_bind(now);
                row.push_bind((*user != actor).then_some(actor.get()));
            });
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}
