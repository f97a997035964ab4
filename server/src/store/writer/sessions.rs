//! Who is in the locked conversations, and where they stand.
//!
//! Of a private conversation both sessions are read. Of a group only the sessions of those who do
//! something; who else is in it matters only to its members, and is remembered for as long as the
//! row's `members_rev` says that it is true: a message to 500 reads one session.

use std::sync::Arc;

use app::protocol::{ConversationId, UserId};
use moka::sync::Cache;
use sqlx::QueryBuilder;

use super::batch::Batch;
use super::plan::{Conversation, Conversations, Member};
use super::statements::Locked;
use crate::events::GroupMembers;
use crate::store::Result;
use crate::store::codes::{PRIVATE, role};
use crate::store::engine::on_engine;
use crate::store::lists::padded;
use crate::store::transaction::Transaction;

/// Members that are remembered, of all groups together: 8 bytes each.
const MAX_CACHED_MEMBERS: u64 = 1_000_000;

/// Who is in the groups that were written to lately. Cheap to clone.
#[derive(Clone)]
pub(super) struct Groups(Cache<ConversationId, GroupMembers>);

impl Default for Groups {
    fn default() -> Self {
        let weight = |_: &ConversationId, group: &GroupMembers| {
            u32::try_from(group.ids.len() + 16).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(MAX_CACHED_MEMBERS).weigher(weight).build())
    }
}

impl Groups {
    /// Remembers who is in groups whose members were changed, once that is committed.
    pub(super) fn learn(&self, conversations: &Conversations) {
        for (id, conversation) in conversations {
            if let Some(group) = conversation.group.as_ref().filter(|_| conversation.regrouped) {
                self.0.insert(*id, group.clone());
            }
        }
    }

    /// Finds out who is in a group, unless that is known.
    pub(super) async fn look_up(
        &self,
        transaction: &mut Transaction,
        id: ConversationId,
        conversation: &mut Conversation,
    ) -> Result<()> {
        // Whoever changes who is in it knows.
        let group = conversation.group.as_mut().filter(|_| !conversation.regrouped);
        let Some(group) = group.filter(|group| group.ids.is_empty()) else { return Ok(()) };
        if let Some(known) = self.0.get(&id).filter(|known| known.rev == group.rev) {
            *group = known;
            return Ok(());
        }
        // Under its lock, and before this transaction changes it: what is committed.
        let ids: Vec<i64> = on_engine!(transaction.connection()?, |connection| {
            sqlx::query_scalar(
                "SELECT user_id FROM message_session WHERE conversation_id = ? ORDER BY user_id",
            )
            .bind(id.get())
            .fetch_all(connection)
            .await?
        });
        group.ids = ids.into_iter().map(UserId::new).collect();
        self.0.insert(id, group.clone());
        Ok(())
    }
}

impl GroupMembers {
    /// Of a group of which nobody knows yet who is in it.
    pub(super) fn unknown(rev: i64) -> Self {
        Self { rev, ids: Arc::from([]) }
    }

    /// Those of them who were in it already when something was said at a position.
    pub(super) async fn as_of(
        &self,
        transaction: &mut Transaction,
        id: ConversationId,
        seq: i64,
    ) -> Result<Self> {
        let ids: Vec<i64> = on_engine!(transaction.connection()?, |connection| {
            sqlx::query_scalar(
                "SELECT user_id FROM message_session WHERE conversation_id = ? \
                 AND joined_seq <= ? ORDER BY user_id",
            )
            .bind(id.get())
            .bind(seq)
            .fetch_all(connection)
            .await?
        });
        Ok(Self { rev: self.rev, ids: ids.into_iter().map(UserId::new).collect() })
    }
}

/// A member's session, as it lies in the database.
#[derive(sqlx::FromRow)]
struct Session {
    conversation_id: i64,
    user_id: i64,
    role: i64,
    read_seq: i64,
    delivered_seq: i64,
    marked_unread: i64,
    version: i64,
}

const SESSIONS: &str = "SELECT conversation_id, user_id, role, read_seq, delivered_seq, \
     marked_unread, version FROM message_session WHERE ";

/// The conversations of this batch with what of their sessions matters to those who act in them.
/// Sessions change under their conversation's lock alone, so that reading them needs none.
///
/// It takes as many statements to find that someone is in no such conversation as that there is none:
/// one that is not there counts as a private one, and who is in a group is read for its members.
pub(super) async fn read(
    transaction: &mut Transaction,
    rows: Vec<Locked>,
    batch: &Batch,
    groups: &Groups,
) -> Result<Conversations> {
    let mut conversations = Conversations::with_capacity(rows.len());
    for row in rows {
        let conversation = Conversation {
            last_seq: row.last_seq,
            closed: row.closed,
            group: (row.kind != PRIVATE).then(|| GroupMembers::unknown(row.members_rev)),
            members: Vec::new(),
            grown: false,
            regrouped: false,
        };
        conversations.insert(ConversationId::new(row.id), conversation);
    }
    let is_group =
        |id: &ConversationId| conversations.get(id).is_some_and(|found| found.group.is_some());
    let (wide, others): (Vec<_>, Vec<_>) = batch.conversations().into_iter().partition(is_group);
    let mut acting: Vec<_> = batch.actors().filter(|(id, _)| is_group(id)).collect();
    acting.sort_unstable();
    acting.dedup();
    for chunk in padded(&others) {
        let sessions: Vec<Session> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(SESSIONS);
            let mut list = query.push("conversation_id IN (").separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(") ORDER BY conversation_id, user_id");
            query.build_query_as().fetch_all(connection).await?
        });
        add_sessions(&mut conversations, sessions)?;
    }
    read_some(transaction, &acting, &mut conversations).await?;
    let may_be_stored = batch.may_be_stored();
    for id in wide {
        let Some(conversation) = conversations.get_mut(&id) else { continue };
        // What an earlier attempt stored is told, even if its sender has gone since.
        if may_be_stored || !conversation.members.is_empty() {
            groups.look_up(transaction, id, conversation).await?;
        }
    }
    Ok(conversations)
}

async fn read_some(
    transaction: &mut Transaction,
    acting: &[(ConversationId, UserId)],
    conversations: &mut Conversations,
) -> Result<()> {
    for chunk in padded(acting) {
        let sessions: Vec<Session> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(SESSIONS);
            for (index, (conversation_id, user_id)) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("user_id = ").push_bind(user_id.get());
                query.push(" AND conversation_id = ").push_bind(conversation_id.get()).push(")");
            }
            query.build_query_as().fetch_all(connection).await?
        });
        add_sessions(conversations, sessions)?;
    }
    Ok(())
}

fn add_sessions(conversations: &mut Conversations, sessions: Vec<Session>) -> Result<()> {
    for session in sessions {
        let id = ConversationId::new(session.conversation_id);
        if let Some(conversation) = conversations.get_mut(&id) {
            conversation.members.push(Member {
                user_id: UserId::new(session.user_id),
                role: role(session.role)?,
                read_seq: session.read_seq,
                delivered_seq: session.delivered_seq,
                marked_unread: session.marked_unread != 0,
                version: session.version,
                changed: false,
            });
        }
    }
    Ok(())
}
