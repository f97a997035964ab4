//! What calendars are told of appointments, and the feeds that they subscribe to.

use app::protocol::{ConversationId, Seq, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::files::push_sight;
use super::lease::on_pool;
use super::transaction::{Transaction, transact};
use super::{Result, Store};

/// So many appointments are in a feed, the earliest first.
const FEED: i64 = 1_000;

/// An appointment as a calendar is told of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// The conversation of its message.
    pub conversation_id: i64,
    /// The position of its message.
    pub seq: i64,
    /// The subject; empty once it was recalled.
    pub title: String,
    /// The place; may be empty.
    pub place: String,
    /// What it is about; may be empty.
    #[sqlx(rename = "content")]
    pub description: String,
    /// The start.
    pub starts_at: Timestamp,
    /// The end, where one is given.
    pub ends_at: Option<Timestamp>,
    /// 1: it is about whole days.
    pub all_day: i64,
    /// The time zone in which its maker thinks of it.
    pub zone: String,
    /// How often it was moved or recalled.
    pub moves: i64,
    /// 1: it is off.
    pub recalled: i64,
    /// When it was made, or last moved or recalled.
    pub changed_at: Timestamp,
}

const EVENT: &str = "SELECT h.conversation_id, h.seq, h.title, h.place, m.content, h.starts_at, \
     h.ends_at, h.all_day, h.zone, h.moves, h.recalled, h.changed_at FROM schedule h \
     JOIN message m ON m.conversation_id = h.conversation_id AND m.seq = h.seq";

impl Store {
    /// An appointment; absent unless the reader can see its message.
    pub async fn event(
        &self,
        reader: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Option<Event>> {
        Ok(on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(EVENT);
            push_sight(&mut query, reader);
            query.push(" AND h.conversation_id = ").push_bind(id.get());
            query.push(" AND h.seq = ").push_bind(seq.get());
            query.build_query_as().fetch_optional(connection).await?
        }))
    }

    /// What a reader has said yes or maybe to, can see now and is not over at a moment, the earliest first: 1,000 at
    /// most.
    pub async fn events_of(&self, reader: UserId, since: Timestamp) -> Result<Vec<Event>> {
        Ok(on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(EVENT);
            query.push(
                " JOIN schedule_answer r ON r.conversation_id = h.conversation_id \
                 AND r.seq = h.seq AND r.answer IN (1, 3) AND r.user_id = ",
            );
            query.push_bind(reader.get());
            push_sight(&mut query, reader);
            query.push(" AND COALESCE(h.ends_at, h.starts_at) >= ").push_bind(since);
            query.push(" ORDER BY h.starts_at, h.conversation_id, h.seq LIMIT ").push_bind(FEED);
            query.build_query_as().fetch_all(connection).await?
        }))
    }

    /// Whose feed has this secret.
    pub async fn calendar_owner(&self, secret_hash: &[u8]) -> Result<Option<UserId>> {
        let owner: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT user_id FROM calendar WHERE secret_hash = ?")
                .bind(secret_hash.to_vec())
                .fetch_optional(connection)
                .await?
        });
        Ok(owner.map(UserId::new))
    }

    /// Whether someone has a feed.
    pub async fn has_calendar(&self, owner: UserId) -> Result<bool> {
        let found: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT user_id FROM calendar WHERE user_id = ?")
                .bind(owner.get())
                .fetch_optional(connection)
                .await?
        });
        Ok(found.is_some())
    }

    /// Gives someone a feed under another secret; the one before ends.
    pub async fn set_calendar(
        &self,
        owner: UserId,
        secret_hash: &[u8],
        now: Timestamp,
    ) -> Result<()> {
        transact!(self, |transaction| {
            on_engine!(transaction.connection()?, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "INSERT INTO calendar (user_id, secret_hash, created_at) ",
                );
                query.push_values([()], |mut row, ()| {
                    row.push_bind(owner.get()).push_bind(secret_hash.to_vec()).push_bind(now);
                });
                query
                    .push(Dialect::of::<Db>().or_update("user_id", &["secret_hash", "created_at"]));
                query.build().execute(connection).await?;
            });
            Ok(())
        });
        Ok(())
    }

    /// Ends someone's feed, if there is one.
    pub async fn end_calendar(&self, owner: UserId) -> Result<()> {
        transact!(self, |transaction| end(transaction, owner).await);
        Ok(())
    }

    /// The name that this server goes by in calendars; `fresh` becomes it where there is none yet.
    pub async fn server_identity(&self, fresh: &str) -> Result<String> {
        if let Some(known) = self.known_identity().await? {
            return Ok(known);
        }
        transact!(self, |transaction| {
            on_engine!(transaction.connection()?, |connection, Db| {
                let mut query =
                    QueryBuilder::<Db>::new("INSERT INTO server_identity (only_one, id) ");
                query.push_values([()], |mut row, ()| {
                    row.push_bind(1_i64).push_bind(fresh);
                });
                query.push(Dialect::of::<Db>().or_nothing("only_one"));
                query.build().execute(connection).await?;
            });
            Ok(())
        });
        Ok(self.known_identity().await?.unwrap_or_else(|| fresh.to_owned()))
    }

    async fn known_identity(&self) -> Result<Option<String>> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT id FROM server_identity WHERE only_one = 1")
                .fetch_optional(connection)
                .await?
        }))
    }
}

/// Ends someone's feed, if there is one.
pub(super) async fn end(transaction: &mut Transaction, owner: UserId) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("DELETE FROM calendar WHERE user_id = ?")
            .bind(owner.get())
            .execute(connection)
            .await?;
    });
    Ok(())
}
