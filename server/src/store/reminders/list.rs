//! Reminders with the messages that they are of, as far as their owners can see these.

use app::protocol::{ListPage, NamedConversation, NotificationId, Reminder, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::{MESSAGES, SEEN, WAITING};
use crate::store::dialect::Dialect;
use crate::store::lease::on_pool;
use crate::store::rows::{MESSAGE_COLUMNS, MessageRow};
use crate::store::{Result, Store};

/// A reminder with its message as far as its row has it.
#[derive(sqlx::FromRow)]
pub(super) struct ReminderRow {
    reminder_id: i64,
    owner_id: i64,
    remind_at: Timestamp,
    due: i64,
    conversation_name: String,
    #[sqlx(flatten)]
    message: MessageRow,
}

impl Store {
    /// A page of a person's reminders of messages that they can see, by their time; only those that are due, or all. An
    /// unknown cursor is as none.
    pub async fn reminders(
        &self,
        user: UserId,
        only_due: bool,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Reminder>> {
        let (at, id) = cursor.and_then(position).unwrap_or((i64::MIN, 0));
        let mut rows: Vec<ReminderRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = select::<Db>();
            query.push(" AND r.user_id = ").push_bind(user.get());
            if only_due {
                query.push(" AND ");
                push_due(&mut query);
            }
            query.push(" AND (r.remind_at > ").push_bind(at);
            query.push(" OR (r.remind_at = ").push_bind(at);
            query.push(" AND r.id > ").push_bind(id).push("))");
            query.push(" ORDER BY r.remind_at, r.id LIMIT ").push_bind(i64::from(limit) + 1);
            query.build_query_as().fetch_all(connection).await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows.last().filter(|_| more);
        let next_cursor = next_cursor.map(|row| format!("{}.{}", row.remind_at, row.reminder_id));
        let items = self.whole(Some(user), rows).await?;
        Ok(ListPage {
            items: items.into_iter().map(|(_, reminder)| reminder).collect(),
            next_cursor,
        })
    }

    /// Reminders with all that their messages carry, and whose they are.
    pub(super) async fn whole(
        &self,
        reader: Option<UserId>,
        rows: Vec<ReminderRow>,
    ) -> Result<Vec<(UserId, Reminder)>> {
        let (mut parts, mut messages) = (Vec::new(), Vec::new());
        for row in rows {
            parts.push((
                row.owner_id,
                row.reminder_id,
                row.conversation_name,
                row.remind_at,
                row.due,
            ));
            messages.push(row.message.into_partial()?);
        }
        let messages = self.complete(reader, messages).await?;
        let whole = parts.into_iter().zip(messages).map(|((user, id, name, at, due), message)| {
            let conversation = NamedConversation { id: message.conversation_id, name };
            let id = NotificationId::new(id);
            (UserId::new(user), Reminder { id, message, conversation, at, due: due != 0 })
        });
        Ok(whole.collect())
    }
}

/// [`ReminderRow`]s whose message their owner can see; what else is asked follows after `AND`.
pub(super) fn select<Db: sqlx::Database>() -> QueryBuilder<Db>
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    let mut query = QueryBuilder::new("SELECT r.id AS reminder_id, r.user_id AS owner_id, ");
    query.push("r.remind_at, CASE WHEN ");
    push_due(&mut query);
    // As the chat list names them.
    query.push(
        " THEN 1 ELSE 0 END AS due, CASE WHEN c.kind = 1 THEN COALESCE((SELECT MIN(p.nickname) \
         FROM message_session o JOIN user p ON p.id = o.user_id \
         WHERE o.conversation_id = c.id AND o.user_id <> r.user_id), '') \
         ELSE c.name END AS conversation_name, ",
    );
    query.push(MESSAGE_COLUMNS).push(" FROM reminder r").push(MESSAGES);
    query.push(" JOIN user a ON a.id = m.sender_id WHERE ").push(SEEN);
    query
}

/// Whether the time of a `reminder r` has come.
fn push_due<Db: sqlx::Database>(query: &mut QueryBuilder<Db>)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push("(r.state <> ").push_bind(WAITING).push(" OR r.remind_at <= ");
    query.push(Dialect::of::<Db>().now()).push(")");
}

fn position(cursor: &str) -> Option<(Timestamp, i64)> {
    let (at, id) = cursor.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
