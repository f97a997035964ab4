//! Reading messages: key ranges of a conversation, never an OFFSET.

use app::protocol::{ConversationId, Message, MessagePage, Seq, UserId};
use sqlx::QueryBuilder;

use super::conversations::first_visible;
use super::lease::on_pool;
use super::rows::{MESSAGE_COLUMNS, MessageRow};
use super::{Result, Store};

pub use app::backend::Window;

/// A conversation's extent, as a member sees it.
#[derive(sqlx::FromRow)]
struct Extent {
    last_seq: i64,
    rev: i64,
    history: i64,
    joined_seq: i64,
    cleared_seq: i64,
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
        // Read before the messages: what changes in between is then above `rev`, not lost below.
        let extent: Option<Extent> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.last_seq, c.rev, c.history, s.joined_seq, s.cleared_seq \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 WHERE s.user_id = ? AND s.conversation_id = ?",
            )
            .bind(user.get())
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        let Some(extent) = extent else { return Ok(None) };
        let first = first_visible(extent.history, extent.joined_seq, extent.cleared_seq);
        let range = Range::of(window, i64::from(limit), first, extent.last_seq);
        let items =
            self.messages_between(id, Seq::new(range.from.max(first)), Seq::new(range.to)).await?;
        Ok(Some(MessagePage {
            items,
            from_seq: Seq::new(range.from),
            to_seq: Seq::new(range.to),
            has_more_before: range.from > first,
            has_more_after: range.to < extent.last_seq,
            rev: extent.rev,
        }))
    }

    /// The messages in `from..=to`, ascending, for the hub that missed them.
    pub async fn messages_between(
        &self,
        id: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>> {
        if from > to {
            return Ok(Vec::new());
        }
        let rows: Vec<MessageRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            query.push(MESSAGE_COLUMNS);
            query.push(
                " FROM message m JOIN user a ON a.id = m.sender_id WHERE m.conversation_id = ",
            );
            query.push_bind(id.get()).push(" AND m.seq >= ").push_bind(from.get());
            query.push(" AND m.seq <= ").push_bind(to.get()).push(" ORDER BY m.seq");
            query.build_query_as().fetch_all(connection).await?
        });
        rows.into_iter().map(MessageRow::into_message).collect()
    }
}

/// The covered positions of a page; empty when `from` is one above `to`.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    from: i64,
    to: i64,
}

impl Range {
    /// Positions have no holes, so that a page's extent is arithmetic. `first` and `last` are the
    /// oldest and the newest position that the reader can see.
    fn of(window: Window, limit: i64, first: i64, last: i64) -> Self {
        let (from, to) = match window {
            Window::Latest => (last - limit + 1, last),
            Window::Before(seq) => {
                let to = seq.previous().get().min(last);
                (to - limit + 1, to)
            }
            Window::After(seq) => {
                // What is hidden below `first` counts as covered: there is nothing to come back for.
                let from = seq.get() + 1;
                return Self { from, to: last.min(from.max(first) + limit - 1).max(seq.get()) };
            }
            Window::Around(seq) => {
                let from = (seq.get() - limit / 2).max(first);
                let to = last.min(from + limit - 1);
                (to - limit + 1, to)
            }
        };
        let from = from.max(first);
        Self { from, to: to.max(from - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, Window};
    use app::protocol::Seq;

    fn range(window: Window, first: i64, last: i64) -> (i64, i64) {
        let range = Range::of(window, 10, first, last);
        (range.from, range.to)
    }

    #[test]
    fn pages_cover_what_they_say() {
        let at = Seq::new;
        for (window, first, last, expected) in [
            (Window::Latest, 1, 100, (91, 100)),
            (Window::Latest, 1, 4, (1, 4)),
            (Window::Latest, 1, 0, (1, 0)),
            (Window::Before(at(50)), 1, 100, (40, 49)),
            (Window::Before(at(5)), 1, 100, (1, 4)),
            (Window::Before(at(1)), 1, 100, (1, 0)),
            (Window::Before(at(0)), 1, 100, (1, 0)),
            (Window::Before(at(500)), 1, 100, (91, 100)),
            (Window::Before(at(25)), 20, 100, (20, 24)),
            (Window::After(at(50)), 1, 100, (51, 60)),
            (Window::After(at(95)), 1, 100, (96, 100)),
            (Window::After(at(100)), 1, 100, (101, 100)),
            (Window::After(at(500)), 1, 100, (501, 500)),
            (Window::After(at(0)), 20, 100, (1, 29)),
            (Window::Around(at(50)), 1, 100, (45, 54)),
            (Window::Around(at(2)), 1, 100, (1, 10)),
            (Window::Around(at(99)), 1, 100, (91, 100)),
            (Window::Around(at(500)), 1, 100, (91, 100)),
            (Window::Around(at(2)), 20, 100, (20, 29)),
            (Window::Around(at(3)), 1, 5, (1, 5)),
        ] {
            assert_eq!(range(window, first, last), expected, "{window:?} of {first}..={last}");
        }
    }
}
