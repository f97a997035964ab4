//! What people want to be reminded of: a row a person and message, until they delete it.
//!
//! * [`list`] — a person's reminders, with the messages that they are of
//! * [`due`] — those whose time has come, claimed so that each is told once
//!
//! Times are the database's, as of jobs. A message that its reader cannot see any more has no reminder: what makes it so
//! deletes the row, and where that was cut off nobody is shown it, nor told.

pub mod due;
mod list;

use app::protocol::{ConversationId, NotificationId, Seq, Timestamp, UserId, limits};
use sqlx::QueryBuilder;

use super::engine::on_engine;
use super::error::conflict;
use super::lease::on_pool;
use super::transaction::transact;
use super::{Result, Store};

/// `state` of one whose time has not come.
const WAITING: i64 = 1;
/// `state` of one that someone is about to tell.
const CLAIMED: i64 = 2;
/// `state` of one that is due and was told.
const TOLD: i64 = 3;
/// `state` of one that is due, and that nobody tries to tell any more.
const DEAD: i64 = 4;

/// What came of setting a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOutcome {
    /// It is set.
    Set,
    /// The person has as many as one may have.
    TooMany,
    /// The person has deleted their account.
    Gone,
}

/// A reminder that is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewReminder {
    /// A fresh id.
    pub id: NotificationId,
    /// Who is reminded.
    pub user: UserId,
    /// The conversation of the message.
    pub conversation: ConversationId,
    /// The position of the message.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
}
/// The messages of `reminder r`, with what tells whether their owners can see them.
const MESSAGES: &str = " JOIN message m ON m.conversation_id = r.conversation_id AND m.seq = r.seq \
     JOIN message_session s ON s.conversation_id = r.conversation_id AND s.user_id = r.user_id \
     JOIN conversation c ON c.id = r.conversation_id";

/// Whether they can: as `first_visible` has it, and unless it was taken back.
const SEEN: &str =
    "m.recalled = 0 AND m.seq > s.cleared_seq AND (c.history = 2 OR m.seq >= s.joined_seq)";

impl Store {
    /// Reminds a person of a message, which they can see; what was set for it before is forgotten.
    ///
    /// # Errors
    /// `Conflict("id")` where the id is taken.
    pub async fn set_reminder(&self, new: NewReminder) -> Result<SetOutcome> {
        Ok(transact!(self, |transaction| {
            let dialect = self.writers.dialect();
            on_engine!(transaction.connection()?, |connection, Db| {
                // One after the other, so that they are counted.
                let mut person = QueryBuilder::<Db>::new(
                    "SELECT id FROM user WHERE deleted_at IS NULL AND id = ",
                );
                person.push_bind(new.user.get()).push(dialect.for_update());
                let person: Option<i64> =
                    person.build_query_scalar().fetch_optional(&mut *connection).await?;
                if person.is_none() {
                    return Ok(SetOutcome::Gone);
                }
                sqlx::query(
                    "DELETE FROM reminder WHERE user_id = ? AND conversation_id = ? AND seq = ?",
                )
                .bind(new.user.get())
                .bind(new.conversation.get())
                .bind(new.seq.get())
                .execute(&mut *connection)
                .await?;
                let count: i64 =
                    sqlx::query_scalar("SELECT COUNT(*) FROM reminder WHERE user_id = ?")
                        .bind(new.user.get())
                        .fetch_one(&mut *connection)
                        .await?;
                // Where one was set anew there is room for it.
                if usize::try_from(count).is_ok_and(|count| count >= limits::REMINDERS) {
                    return Ok(SetOutcome::TooMany);
                }
                sqlx::query(
                    "INSERT INTO reminder (id, user_id, conversation_id, seq, remind_at) \
                     VALUES (?, ?, ?, ?, ?)",
                )
                .bind(new.id.get())
                .bind(new.user.get())
                .bind(new.conversation.get())
                .bind(new.seq.get())
                .bind(new.at)
                .execute(connection)
                .await
                .map_err(|error| conflict(error, dialect, "reminder"))?;
            });
            Ok(SetOutcome::Set)
        }))
    }

    /// When a person will be reminded of a message; absent where they were or will not be.
    pub async fn reminder_of(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<Option<Timestamp>> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT remind_at FROM reminder \
                 WHERE user_id = ? AND conversation_id = ? AND seq = ? AND state = ?",
            )
            .bind(user.get())
            .bind(conversation.get())
            .bind(seq.get())
            .bind(WAITING)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Forgets a person's reminder of a message; false where there is none.
    pub async fn delete_reminder(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<bool> {
        let deleted = on_pool!(&self.writers, |connection| {
            sqlx::query(
                "DELETE FROM reminder WHERE user_id = ? AND conversation_id = ? AND seq = ?",
            )
            .bind(user.get())
            .bind(conversation.get())
            .bind(seq.get())
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(deleted > 0)
    }

    /// Forgets all reminders of a message, which was taken back.
    pub async fn drop_reminders_of(&self, conversation: ConversationId, seq: Seq) -> Result<()> {
        on_pool!(&self.writers, |connection| {
            sqlx::query("DELETE FROM reminder WHERE conversation_id = ? AND seq = ?")
                .bind(conversation.get())
                .bind(seq.get())
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Forgets a person's reminders in a conversation that they have left or hidden; absent: in any, where they cannot
    /// see the message.
    pub async fn drop_unseen_reminders(
        &self,
        user: UserId,
        conversation: Option<ConversationId>,
    ) -> Result<()> {
        let stale: Vec<i64> = on_pool!(&self.readers, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("SELECT d.id FROM reminder d WHERE d.user_id = ");
            query.push_bind(user.get());
            if let Some(id) = conversation {
                query.push(" AND d.conversation_id = ").push_bind(id.get());
            }
            query.push(" AND d.id NOT IN (SELECT r.id FROM reminder r").push(MESSAGES);
            query.push(" WHERE ").push(SEEN).push(" AND r.user_id = ").push_bind(user.get());
            query.push(")").build_query_scalar().fetch_all(connection).await?
        });
        for chunk in super::lists::padded(&stale) {
            on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("DELETE FROM reminder WHERE id IN (");
                let mut list = query.separated(", ");
                for id in &chunk {
                    list.push_bind(*id);
                }
                query.push(")").build().execute(connection).await?;
            });
        }
        Ok(())
    }
}
