//! Counting what a member has not read.
//!
//! An OR-chain of constant ranges, because a correlated COUNT reads everything: 200,000 rows to
//! count 500 in MariaDB, measured.

use std::collections::HashMap;

use app::protocol::{ConversationId, UserId, limits};
use sqlx::QueryBuilder;

use super::conversations::first_visible;
use super::lease::on_pool;
use super::lists::padded;
use super::rows::SYSTEM;
use super::{Result, Store};

/// Positions of one conversation that a member has not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewsRange {
    pub(super) conversation_id: i64,
    /// Above this one.
    pub(super) above: i64,
    /// Up to and with this one.
    pub(super) to: i64,
}

impl NewsRange {
    /// Positions that are looked at, in a long range: enough for a full count with as many of the
    /// reader's own in between.
    const LOOKED_AT: i64 = 2 * limits::UNREAD as i64;

    fn is_long(&self) -> bool {
        self.to - self.above > Self::LOOKED_AT
    }

    fn looked_at(self) -> Self {
        Self { to: self.to.min(self.above + Self::LOOKED_AT), ..self }
    }
}

#[derive(sqlx::FromRow)]
struct Mark {
    last_seq: i64,
    read_seq: i64,
    history: i64,
    joined_seq: i64,
    cleared_seq: i64,
}

impl Store {
    /// How many messages of others stand above the user's read mark, cut at 999.
    pub async fn unread(&self, user: UserId, id: ConversationId) -> Result<u32> {
        let mark: Option<Mark> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.last_seq, c.history, s.read_seq, s.joined_seq, s.cleared_seq \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 WHERE s.user_id = ? AND s.conversation_id = ?",
            )
            .bind(user.get())
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        let Some(mark) = mark else { return Ok(0) };
        let first = first_visible(mark.history, mark.joined_seq, mark.cleared_seq);
        let above = mark.read_seq.max(first - 1);
        let news = NewsRange { conversation_id: id.get(), above, to: mark.last_seq };
        Ok(self.count_news(user, &[news]).await?.remove(&id.get()).unwrap_or(0))
    }

    /// Others' messages in each range that are neither recalled nor system, cut at 999; by
    /// conversation, which is absent when there are none.
    pub(super) async fn count_news(
        &self,
        reader: UserId,
        ranges: &[NewsRange],
    ) -> Result<HashMap<i64, u32>> {
        let ranges: Vec<_> =
            ranges.iter().filter(|range| range.above < range.to).copied().collect();
        let mut counts = HashMap::new();
        for chunk in padded(&ranges) {
            let rows: Vec<(i64, i64)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT conversation_id, COUNT(*) FROM message WHERE (",
                );
                for (index, range) in chunk.iter().map(|range| range.looked_at()).enumerate() {
                    query.push(if index == 0 { "(" } else { " OR (" });
                    query.push("conversation_id = ").push_bind(range.conversation_id);
                    query.push(" AND seq > ").push_bind(range.above);
                    query.push(" AND seq <= ").push_bind(range.to).push(")");
                }
                query.push(") AND sender_id <> ").push_bind(reader.get());
                query.push(" AND recalled = 0 AND message_type <> ").push_bind(SYSTEM);
                query.push(" GROUP BY conversation_id");
                query.build_query_as().fetch_all(connection).await?
            });
            counts.extend(rows.into_iter().map(|(id, count)| (id, cut(count))));
        }
        for range in ranges.iter().filter(|range| range.is_long()) {
            let counted = counts.entry(range.conversation_id).or_insert(0);
            // Many of its first positions are the reader's own: count on, message by message.
            if *counted < limits::UNREAD {
                *counted = self.count_to_the_limit(reader, *range).await?;
            }
        }
        Ok(counts)
    }

    async fn count_to_the_limit(&self, reader: UserId, range: NewsRange) -> Result<u32> {
        let count: i64 = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM (SELECT 1 FROM message \
                 WHERE conversation_id = ? AND seq > ? AND seq <= ? AND sender_id <> ? \
                 AND recalled = 0 AND message_type <> ? ORDER BY seq LIMIT ?) news",
            )
            .bind(range.conversation_id)
            .bind(range.above)
            .bind(range.to)
            .bind(reader.get())
            .bind(SYSTEM)
            .bind(i64::from(limits::UNREAD))
            .fetch_one(connection)
            .await?
        });
        Ok(cut(count))
    }
}

fn cut(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(limits::UNREAD).min(limits::UNREAD)
}
