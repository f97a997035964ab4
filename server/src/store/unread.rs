//! Counting what a member has not read, and finding where it first mentions them.
//!
//! An OR-chain of constant ranges, because a correlated COUNT reads everything: 200,000 rows to
//! count 500 in MariaDB, measured.

use std::collections::HashMap;

use app::protocol::{ConversationId, UserId, limits};
use sqlx::QueryBuilder;

use super::codes::first_visible;
use super::lease::on_pool;
use super::lists::padded;
use super::mentions::EVERYONE;
use super::rows::SYSTEM;
use super::{Result, Store};

/// Positions of one conversation that a member has not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewsRange {
    pub(super) conversation_id: i64,
    /// The position below the first of them.
    pub(super) above: i64,
    /// The position of the last of them.
    pub(super) to: i64,
}

/// What a member has not read of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct UnreadNews {
    /// Others' messages that are neither recalled nor system, cut at 999.
    pub(super) unread: u32,
    /// The first position that mentions the member.
    pub(super) mention: Option<i64>,
}

impl NewsRange {
    /// Positions that are looked at, in a long range: enough for a full count with as many of the
    /// reader's own in between.
    const MAX_LOOKED_AT: i64 = 2 * limits::UNREAD as i64;

    fn is_long(&self) -> bool {
        self.to - self.above > Self::MAX_LOOKED_AT
    }

    fn looked_at(self) -> Self {
        Self { to: self.to.min(self.above + Self::MAX_LOOKED_AT), ..self }
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
        Ok(self.count_news(user, &[news]).await?.remove(&id.get()).unwrap_or_default().unread)
    }

    /// What there is in each range; by conversation, which is absent when there is nothing.
    pub(super) async fn count_news(
        &self,
        reader: UserId,
        ranges: &[NewsRange],
    ) -> Result<HashMap<i64, UnreadNews>> {
        let ranges: Vec<_> =
            ranges.iter().filter(|range| range.above < range.to).copied().collect();
        let mut found: HashMap<i64, UnreadNews> = HashMap::new();
        for chunk in padded(&ranges) {
            let rows: Vec<(i64, i64, i64)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT conversation_id, COUNT(*), 0 FROM message WHERE (",
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
                // In the same statement, so that a list is two of them whoever is mentioned.
                query.push(" UNION ALL SELECT conversation_id, MIN(seq), 1 FROM mention WHERE (");
                for (index, range) in chunk.iter().enumerate() {
                    for (nth, user) in [reader.get(), EVERYONE].into_iter().enumerate() {
                        query.push(if index + nth == 0 { "(" } else { " OR (" });
                        query.push("conversation_id = ").push_bind(range.conversation_id);
                        query.push(" AND user_id = ").push_bind(user);
                        query.push(" AND seq > ").push_bind(range.above);
                        query.push(" AND seq <= ").push_bind(range.to).push(")");
                    }
                }
                query.push(") AND sender_id <> ").push_bind(reader.get());
                query.push(" GROUP BY conversation_id");
                query.build_query_as().fetch_all(connection).await?
            });
            for (id, value, is_mention) in rows {
                let news = found.entry(id).or_default();
                if is_mention == 0 {
                    news.unread = cut(value);
                } else {
                    news.mention = Some(value);
                }
            }
        }
        for range in ranges.iter().filter(|range| range.is_long()) {
            let counted = &mut found.entry(range.conversation_id).or_default().unread;
            // Many of its first positions are the reader's own: count on, message by message.
            if *counted < limits::UNREAD {
                *counted = self.count_to_the_limit(reader, *range).await?;
            }
        }
        Ok(found)
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
