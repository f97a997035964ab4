//! Who is in a conversation, how far each of them is, and which groups anyone may join.

use std::sync::Arc;

use app::protocol::SharedGroup;
use app::protocol::{
    ConversationId, ListPage, Member, MessageReceipt, OpenGroup, Role, Seq, Timestamp, UserId,
};
use sqlx::QueryBuilder;

use super::codes::{GROUP, first_visible, role};
use super::error::unreadable;
use super::lease::on_pool;
use super::names::prefix_range;
use super::rows::{UserRow, avatar_url};
use super::{Result, Store};
use crate::events::GroupMembers;

/// Someone's membership in a conversation, as far as it decides what they may see of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// It is a group.
    pub is_group: bool,
    /// What they may do.
    pub role: Role,
    /// The oldest position that they can see.
    pub first_seq: Seq,
    /// The newest position of the conversation.
    pub last_seq: Seq,
}

/// The members of a group, and the position from which on each is one. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    members: GroupMembers,
    /// The position at which each of them came in.
    joined: Arc<[Seq]>,
}

impl Roster {
    /// The `members_rev` of which it is true.
    pub fn rev(&self) -> i64 {
        self.members.rev
    }

    /// The number of members.
    pub fn size(&self) -> usize {
        self.members.ids.len()
    }

    /// Those of the members who were it already when something happened at a position.
    pub fn as_of(&self, at: Seq) -> GroupMembers {
        if self.joined.iter().all(|joined| *joined <= at) {
            return self.members.clone();
        }
        let members = self.members.ids.iter().zip(&*self.joined);
        let ids = members.filter(|(_, joined)| **joined <= at).map(|(id, _)| *id).collect();
        GroupMembers { rev: self.members.rev, ids }
    }
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    kind: i64,
    role: i64,
    history: i64,
    joined_seq: i64,
    cleared_seq: i64,
    last_seq: i64,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    user: UserRow,
    role: i64,
    joined_seq: i64,
    joined_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ReceiptRow {
    #[sqlx(flatten)]
    user: UserRow,
    delivered_seq: i64,
    read_seq: i64,
}

#[derive(sqlx::FromRow)]
struct OpenGroupRow {
    id: i64,
    name: String,
    avatar: Option<String>,
    member_count: i64,
    joined: Option<i64>,
}

/// The start of a list of members.
const MEMBERS: &str = "SELECT u.id, u.username, u.nickname, u.avatar, u.created_at, s.role, s.joined_seq, \
     s.joined_at FROM message_session s JOIN user u ON u.id = s.user_id \
     WHERE s.conversation_id = ";

impl Store {
    /// Someone's membership in a conversation; absent unless a member.
    pub async fn membership(&self, user: UserId, id: ConversationId) -> Result<Option<Membership>> {
        let row: Option<MembershipRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.kind, s.role, c.history, s.joined_seq, s.cleared_seq, c.last_seq \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 WHERE s.user_id = ? AND s.conversation_id = ?",
            )
            .bind(user.get())
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        row.map(MembershipRow::into_membership).transpose()
    }

    /// The roster of a group; absent where there is no such group.
    pub async fn roster(&self, id: ConversationId) -> Result<Option<Roster>> {
        // One statement, so that the list is that of its `members_rev`. A group that all have left has one row.
        let rows: Vec<(i64, Option<i64>, Option<i64>)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.members_rev, s.user_id, s.joined_seq FROM conversation c \
                 LEFT JOIN message_session s ON s.conversation_id = c.id \
                 WHERE c.id = ? AND c.kind = ? ORDER BY s.user_id",
            )
            .bind(id.get())
            .bind(GROUP)
            .fetch_all(connection)
            .await?
        });
        let Some((rev, ..)) = rows.first() else { return Ok(None) };
        let ids = rows.iter().filter_map(|(_, user, _)| *user).map(UserId::new).collect();
        let joined = rows.iter().filter_map(|(.., joined)| *joined).map(Seq::new).collect();
        Ok(Some(Roster { members: GroupMembers { rev: *rev, ids }, joined }))
    }

    /// A page of those of a conversation's members whose username or nickname starts with `prefix`
    /// (compared as `name_key`): the owner first, then admins, then the others, each in the order in
    /// which they came. An unknown cursor is as none.
    pub async fn members(
        &self,
        id: ConversationId,
        prefix: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Member>> {
        let after = cursor.and_then(MemberCursor::parse).unwrap_or_default();
        let (from, to) = prefix_range(prefix);
        let mut rows: Vec<MemberRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(MEMBERS);
            query.push_bind(id.get()).push(" AND (s.role > ").push_bind(after.role);
            query.push(" OR (s.role = ").push_bind(after.role);
            query.push(" AND (s.joined_seq > ").push_bind(after.joined_seq);
            query.push(" OR (s.joined_seq = ").push_bind(after.joined_seq);
            query.push(" AND s.user_id > ").push_bind(after.user).push("))))");
            query.push(" AND (u.username_key >= ").push_bind(&from);
            query.push(" AND u.username_key < ").push_bind(&to);
            query.push(" OR u.nickname_key >= ").push_bind(&from);
            query.push(" AND u.nickname_key < ").push_bind(&to).push(")");
            query.push(" ORDER BY s.role, s.joined_seq, s.user_id LIMIT ");
            // One row more than asked for tells whether there is a next page.
            query.push_bind(i64::from(limit) + 1);
            query.build_query_as().fetch_all(connection).await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let last = rows.last().filter(|_| more).map(MemberRow::cursor);
        let items = rows.into_iter().map(MemberRow::into_member).collect::<Result<Vec<_>>>()?;
        let next_cursor = last.zip(items.last()).map(|(cursor, member)| {
            MemberCursor { user: member.user.id.get(), ..cursor }.to_string()
        });
        Ok(ListPage { items, next_cursor })
    }

    /// These of a conversation's members, by id.
    pub async fn members_among(&self, id: ConversationId, users: &[UserId]) -> Result<Vec<Member>> {
        let mut members = Vec::with_capacity(users.len());
        for chunk in super::lists::padded(users) {
            let rows: Vec<MemberRow> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(MEMBERS);
                query.push_bind(id.get()).push(" AND s.user_id IN (");
                let mut list = query.separated(", ");
                for user in &chunk {
                    list.push_bind(user.get());
                }
                query.push(") ORDER BY s.user_id");
                query.build_query_as().fetch_all(connection).await?
            });
            members.extend(rows);
        }
        members.into_iter().map(MemberRow::into_member).collect()
    }

    /// How far the others are who can see a message, but for its sender: who holds it, who has seen
    /// it. Absent when there is no such message.
    pub async fn receipts(
        &self,
        id: ConversationId,
        seq: Seq,
        viewer: UserId,
    ) -> Result<Option<Vec<MessageReceipt>>> {
        let sender: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT sender_id FROM message WHERE conversation_id = ? AND seq = ?",
            )
            .bind(id.get())
            .bind(seq.get())
            .fetch_optional(connection)
            .await?
        });
        let Some(sender) = sender else { return Ok(None) };
        // One's own marks are no news, and who wrote it holds it.
        let rows: Vec<ReceiptRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT u.id, u.username, u.nickname, u.avatar, u.created_at, \
                 COALESCE(s.shown_delivered_seq, s.delivered_seq) AS delivered_seq, \
                 COALESCE(s.shown_read_seq, s.read_seq) AS read_seq \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 JOIN user u ON u.id = s.user_id \
                 WHERE s.conversation_id = ? AND s.user_id <> ? AND s.user_id <> ? \
                 AND (s.joined_seq <= ? OR c.history <> 1) \
                 ORDER BY read_seq DESC, delivered_seq DESC, u.id",
            )
            .bind(id.get())
            .bind(sender)
            .bind(viewer.get())
            .bind(seq.get())
            .fetch_all(connection)
            .await?
        });
        let receipts = rows.into_iter().map(|row| MessageReceipt {
            delivered: row.delivered_seq.max(row.read_seq) >= seq.get(),
            read: row.read_seq >= seq.get(),
            user: row.user.into_user(),
        });
        Ok(Some(receipts.collect()))
    }

    /// Open groups whose name starts with `prefix` (compared as `name_key`), by name.
    pub async fn open_groups(
        &self,
        viewer: UserId,
        prefix: &str,
        limit: u32,
    ) -> Result<Vec<OpenGroup>> {
        let (from, to) = prefix_range(prefix);
        let rows: Vec<OpenGroupRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.id, c.name, c.avatar, c.member_count, s.user_id AS joined FROM conversation c \
                 LEFT JOIN message_session s ON s.user_id = ? AND s.conversation_id = c.id \
                 WHERE c.is_open = 1 AND c.name_key >= ? AND c.name_key < ? AND c.kind = ? \
                 ORDER BY c.name_key, c.id LIMIT ?",
            )
            .bind(viewer.get())
            .bind(&from)
            .bind(&to)
            .bind(GROUP)
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?
        });
        rows.into_iter().map(OpenGroupRow::into_group).collect()
    }

    /// The groups that two people are in, by name.
    pub async fn shared_groups(
        &self,
        one: UserId,
        other: UserId,
        limit: u32,
    ) -> Result<Vec<SharedGroup>> {
        // Along the sessions of the one; of the other each is looked up by its key.
        let rows: Vec<(i64, String, Option<String>, i64)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.id, c.name, c.avatar, c.member_count FROM message_session s \
                 JOIN message_session o ON o.user_id = ? AND o.conversation_id = s.conversation_id \
                 JOIN conversation c ON c.id = s.conversation_id \
                 WHERE s.user_id = ? AND c.kind = ? ORDER BY c.name_key, c.id LIMIT ?",
            )
            .bind(other.get())
            .bind(one.get())
            .bind(GROUP)
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?
        });
        let group = |(id, name, avatar, members): (i64, String, Option<String>, i64)| {
            let member_count = u32::try_from(members).map_err(unreadable)?;
            let avatar_url = avatar_url(avatar.as_deref());
            Ok(SharedGroup { id: ConversationId::new(id), name, avatar_url, member_count })
        };
        rows.into_iter().map(group).collect()
    }

    /// The groups that someone is in.
    pub async fn groups_of(&self, user: UserId) -> Result<Vec<ConversationId>> {
        let ids: Vec<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT c.id FROM message_session s JOIN conversation c \
                 ON c.id = s.conversation_id WHERE s.user_id = ? AND c.kind = ? ORDER BY c.id",
            )
            .bind(user.get())
            .bind(GROUP)
            .fetch_all(connection)
            .await?
        });
        Ok(ids.into_iter().map(ConversationId::new).collect())
    }
}

impl MembershipRow {
    fn into_membership(self) -> Result<Membership> {
        let first = first_visible(self.history, self.joined_seq, self.cleared_seq);
        Ok(Membership {
            is_group: self.kind == GROUP,
            role: role(self.role)?,
            first_seq: Seq::new(first),
            last_seq: Seq::new(self.last_seq),
        })
    }
}

impl MemberRow {
    /// Where it stands, but for who it is.
    fn cursor(&self) -> MemberCursor {
        MemberCursor { role: self.role, joined_seq: self.joined_seq, user: 0 }
    }

    fn into_member(self) -> Result<Member> {
        let role = role(self.role)?;
        Ok(Member { user: self.user.into_user(), role, joined_at: self.joined_at })
    }
}

impl OpenGroupRow {
    fn into_group(self) -> Result<OpenGroup> {
        Ok(OpenGroup {
            id: ConversationId::new(self.id),
            name: self.name,
            avatar_url: avatar_url(self.avatar.as_deref()),
            member_count: u32::try_from(self.member_count).map_err(unreadable)?,
            joined: self.joined.is_some(),
        })
    }
}

/// Where a member stands in the list; as text, a cursor.
#[derive(Clone, Copy, Default)]
struct MemberCursor {
    role: i64,
    joined_seq: i64,
    user: i64,
}

impl MemberCursor {
    fn parse(cursor: &str) -> Option<Self> {
        let mut parts = cursor.split('.').map(str::parse);
        let mut next = || parts.next()?.ok();
        let cursor = Self { role: next()?, joined_seq: next()?, user: next()? };
        parts.next().is_none().then_some(cursor)
    }
}

impl std::fmt::Display for MemberCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.role, self.joined_seq, self.user)
    }
}
