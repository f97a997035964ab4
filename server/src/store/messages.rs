//! Reading messages: key ranges of a conversation, never an OFFSET.

use std::collections::HashMap;

use app::protocol::{ConversationId, Message, MessageChanges, MessagePage, Seq, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::codes::first_visible;
use super::lease::on_pool;
use super::lists::padded;
use super::page_range::Range;
use super::rows::{MESSAGE_COLUMNS, MessageKey, MessageRow, PartialMessage};
use super::{Result, Store};

pub use app::protocol::Window;

/// So many positions below the one that bisection finds are looked through for an earlier one:
/// more than are committed within the moments by which clocks differ or are set back.
const MAX_DISORDER: i64 = 256;

/// A conversation's extent, as a member sees it.
#[derive(sqlx::FromRow)]
struct Extent {
    last_seq: i64,
    rev: i64,
    history: i64,
    joined_seq: i64,
    cleared_seq: i64,
}

impl Extent {
    /// The oldest position that the member can see.
    fn first(&self) -> i64 {
        first_visible(self.history, self.joined_seq, self.cleared_seq)
    }
}

impl Store {
    /// Part of a conversation's history as a member sees it, at most `limit` messages (1…100);
    /// absent unless a member.
    pub async fn message_page(
        &self,
        user: UserId,
        id: ConversationId,
        window: Window,
        limit: u32,
    ) -> Result<Option<MessagePage>> {
        let Some(extent) = self.extent(user, id).await? else { return Ok(None) };
        self.page_of(user, id, &extent, window, limit).await.map(Some)
    }

    /// The page around the first message created at or after a moment, or the latest one when there
    /// is none so late; absent unless a member.
    pub async fn message_page_at(
        &self,
        user: UserId,
        id: ConversationId,
        at: Timestamp,
        limit: u32,
    ) -> Result<Option<MessagePage>> {
        let Some(extent) = self.extent(user, id).await? else { return Ok(None) };
        let seq = self.first_seq_at(id, extent.first(), extent.last_seq, at).await?;
        self.page_of(user, id, &extent, Window::Around(Seq::new(seq)), limit).await.map(Some)
    }

    /// The messages that were changed after `after_rev`, ascending by `rev`, at most `limit`
    /// (1…100); absent unless a member.
    pub async fn message_changes(
        &self,
        user: UserId,
        id: ConversationId,
        after_rev: i64,
        limit: u32,
    ) -> Result<Option<MessageChanges>> {
        let Some(extent) = self.extent(user, id).await? else { return Ok(None) };
        // One more than asked for tells whether there are more.
        let mut rows: Vec<MessageRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            // Cut first and joined then: MariaDB would rather sort everything that was ever changed.
            query.push(MESSAGE_COLUMNS);
            query.push(" FROM (SELECT * FROM message WHERE conversation_id = ").push_bind(id.get());
            query.push(" AND rev > ").push_bind(after_rev);
            // Not a bare column: a range of positions must not look like the better index.
            query.push(" AND seq + 0 >= ").push_bind(extent.first());
            query.push(" ORDER BY rev LIMIT ").push_bind(i64::from(limit) + 1);
            query.push(") m JOIN user a ON a.id = m.sender_id ORDER BY m.rev");
            query.build_query_as().fetch_all(connection).await?
        });
        let has_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let items = self.complete(Some(user), partial(rows)?).await?;
        let last = items.last().map_or(after_rev, |message| message.rev);
        // At the end all is covered that there was before the messages were read.
        let rev = if has_more { last } else { last.max(extent.rev) };
        Ok(Some(MessageChanges { items, rev, has_more }))
    }

    /// Read before the messages: what changes in between is then above `rev`, not lost below.
    async fn extent(&self, user: UserId, id: ConversationId) -> Result<Option<Extent>> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.last_seq, c.rev, c.history, s.joined_seq, s.cleared_seq \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 WHERE s.user_id = ? AND s.conversation_id = ?",
            )
            .bind(user.get())
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        }))
    }

    async fn page_of(
        &self,
        reader: UserId,
        id: ConversationId,
        extent: &Extent,
        window: Window,
        limit: u32,
    ) -> Result<MessagePage> {
        let first = extent.first();
        let range = Range::of(window, i64::from(limit), first, extent.last_seq);
        let rows = self.rows_between(id, range.from.max(first), range.to).await?;
        let items = self.complete(Some(reader), partial(rows)?).await?;
        Ok(MessagePage {
            items,
            from_seq: Seq::new(range.from),
            to_seq: Seq::new(range.to),
            has_more_before: range.from > first,
            has_more_after: range.to < extent.last_seq,
            rev: extent.rev,
        })
    }

    /// The first position in `first..=last` whose message was created at or after `at`; `last + 1`
    /// when there is none.
    ///
    /// By bisection over the primary key: positions follow the time, so that two dozen single rows
    /// tell in ten million, and an index by time would be paid for by every message that is ever
    /// written. They follow it nearly: a clock may be set back, and two nodes' differ. So what lies
    /// just below is looked through at the end.
    async fn first_seq_at(
        &self,
        id: ConversationId,
        first: i64,
        last: i64,
        at: Timestamp,
    ) -> Result<i64> {
        let (mut from, mut to) = (first, last + 1);
        while from < to {
            let middle = from + (to - from) / 2;
            // The next one where this one is gone.
            let found: Option<(i64, Timestamp)> = on_pool!(&self.readers, |connection| {
                sqlx::query_as(
                    "SELECT seq, created_at FROM message \
                     WHERE conversation_id = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1",
                )
                .bind(id.get())
                .bind(middle)
                .bind(to)
                .fetch_optional(connection)
                .await?
            });
            match found {
                Some((seq, created_at)) if created_at < at => from = seq + 1,
                _ => to = middle,
            }
        }
        let found: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT seq FROM message WHERE conversation_id = ? AND seq >= ? AND seq <= ? \
                 AND created_at >= ? ORDER BY seq LIMIT 1",
            )
            .bind(id.get())
            .bind((from - MAX_DISORDER).max(first))
            .bind(last)
            .bind(at)
            .fetch_optional(connection)
            .await?
        });
        Ok(found.unwrap_or(last + 1))
    }

    /// The messages in `from..=to`, ascending, as they are told to all their receivers: for the hub
    /// that missed them.
    pub async fn messages_between(
        &self,
        id: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>> {
        let rows = self.rows_between(id, from.get(), to.get()).await?;
        self.complete(None, partial(rows)?).await
    }

    /// One message as a member sees it; absent unless they can see it.
    pub async fn message(
        &self,
        user: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Option<Message>> {
        let Some(extent) = self.extent(user, id).await? else { return Ok(None) };
        let rows = self.rows_between(id, seq.get().max(extent.first()), seq.get()).await?;
        Ok(self.complete(Some(user), partial(rows)?).await?.pop())
    }

    /// The messages at these keys, each as this reader is to see it; whether they can is asked elsewhere.
    pub(super) async fn messages_at(
        &self,
        reader: UserId,
        keys: &[MessageKey],
    ) -> Result<HashMap<MessageKey, Message>> {
        let mut rows = Vec::new();
        for chunk in padded(keys) {
            let found: Vec<MessageRow> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("SELECT ");
                query.push(MESSAGE_COLUMNS);
                query.push(" FROM message m JOIN user a ON a.id = m.sender_id WHERE ");
                for (index, (conversation_id, seq)) in chunk.iter().enumerate() {
                    query.push(if index == 0 { "(" } else { " OR (" });
                    query.push("m.conversation_id = ").push_bind(*conversation_id);
                    query.push(" AND m.seq = ").push_bind(*seq).push(")");
                }
                query.build_query_as().fetch_all(connection).await?
            });
            rows.extend(found);
        }
        let messages = self.complete(Some(reader), partial(rows)?).await?;
        let key = |message: &Message| (message.conversation_id.get(), message.seq.get());
        Ok(messages.into_iter().map(|message| (key(&message), message)).collect())
    }

    async fn rows_between(
        &self,
        id: ConversationId,
        from: i64,
        to: i64,
    ) -> Result<Vec<MessageRow>> {
        if from > to {
            return Ok(Vec::new());
        }
        Ok(on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            query.push(MESSAGE_COLUMNS);
            query.push(
                " FROM message m JOIN user a ON a.id = m.sender_id WHERE m.conversation_id = ",
            );
            query.push_bind(id.get()).push(" AND m.seq >= ").push_bind(from);
            query.push(" AND m.seq <= ").push_bind(to).push(" ORDER BY m.seq");
            query.build_query_as().fetch_all(connection).await?
        }))
    }
}

fn partial(rows: Vec<MessageRow>) -> Result<Vec<PartialMessage>> {
    rows.into_iter().map(MessageRow::into_partial).collect()
}
