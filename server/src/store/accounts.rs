//! Changes of accounts: names and settings, passwords, keeping people out, deleting.
//!
//! Whoever changes an account holds its row's lock before any other: logins that begin meanwhile and
//! conversations that are made meanwhile come before the change, or find it.

use app::protocol::{ConversationId, LoginId, Nickname, Timestamp, User, UserId};
use sqlx::QueryBuilder;

use super::avatars::exchange;
use super::calendars;
use super::codes::{GROUP, PRIVATE};
use super::engine::on_engine;
use super::lease::on_pool;
use super::lists::padded;
use super::logins::end_logins;
use super::message_files::give_up_unsent;
use super::names::name_key;
use super::rows::UserRow;
use super::transaction::{Transaction, transact};
use super::{Result, Store};

/// What stands for the name of whoever is gone.
const DELETED: &str = "Deleted account";

/// A person with what only they see of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// As others see them.
    pub user: User,
    /// Whether others may know when they were last there.
    pub show_last_seen: bool,
}

/// A private conversation that looks different to someone from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The person to whom it looks different.
    pub partner: UserId,
}

/// What became of an account that was to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The account is deleted.
    Done(Deleted),
    /// The person is in a group, which they have to leave first: whoever stays must learn of it, and
    /// a group must not be left without an owner.
    InGroups,
    /// There is no such account, with this password.
    NoSuchAccount,
}

/// What went with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The logins that ended.
    pub logins: Vec<LoginId>,
    /// The conversations that were closed, those in which something was said.
    pub conversations: Vec<Changed>,
}

#[derive(sqlx::FromRow)]
struct SettingsRow {
    #[sqlx(flatten)]
    user: UserRow,
    show_last_seen: i64,
}

impl Store {
    /// What a person sees of themselves.
    pub async fn settings(&self, id: UserId) -> Result<Option<Settings>> {
        let row: Option<SettingsRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, avatar, created_at, show_last_seen FROM user \
                 WHERE id = ? AND deleted_at IS NULL",
            )
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(|row| Settings {
            user: row.user.into_user(),
            show_last_seen: row.show_last_seen != 0,
        }))
    }

    /// Sets whether others may know when this person was last there.
    pub async fn set_show_last_seen(&self, id: UserId, show: bool) -> Result<()> {
        on_pool!(&self.writers, |connection| {
            sqlx::query("UPDATE user SET show_last_seen = ? WHERE id = ?")
                .bind(i64::from(show))
                .bind(id.get())
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Names a person anew; tells whose private conversations look different now.
    pub async fn set_nickname(&self, id: UserId, nickname: &Nickname) -> Result<Vec<Changed>> {
        Ok(transact!(self, |transaction| {
            let renamed = on_engine!(transaction.connection()?, |connection| {
                sqlx::query(
                    "UPDATE user SET nickname = ?, nickname_key = ? \
                     WHERE id = ? AND deleted_at IS NULL AND nickname <> ?",
                )
                .bind(nickname.as_str())
                .bind(name_key(nickname.as_str()))
                .bind(id.get())
                .bind(nickname.as_str())
                .execute(connection)
                .await?
                .rows_affected()
            });
            if renamed == 0 {
                return Ok(Vec::new());
            }
            change_private_conversations(transaction, id, "").await
        }))
    }

    /// Gives a person another picture, by its hash, or none; tells whose private conversations look different now.
    /// Absent where that picture is kept no longer.
    pub async fn set_avatar(
        &self,
        id: UserId,
        avatar: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Vec<Changed>>> {
        Ok(transact!(self, |transaction| {
            if !locked(transaction, id, None).await? {
                return Ok(Some(Vec::new()));
            }
            let old = avatar_of(transaction, id).await?;
            if old.as_deref() == avatar {
                return Ok(Some(Vec::new()));
            }
            if !exchange(transaction, old.as_deref(), avatar, now).await? {
                return Ok(None);
            }
            on_engine!(transaction.connection()?, |connection| {
                sqlx::query("UPDATE user SET avatar = ? WHERE id = ?")
                    .bind(avatar)
                    .bind(id.get())
                    .execute(connection)
                    .await?;
            });
            change_private_conversations(transaction, id, "").await.map(Some)
        }))
    }

    /// Changes a password and ends the person's logins, all or all but one; tells which. Absent when
    /// there is no such account, or `old` is given and not the hash that stands.
    pub async fn set_password(
        &self,
        id: UserId,
        old: Option<&str>,
        new: &str,
        but: Option<LoginId>,
    ) -> Result<Option<Vec<LoginId>>> {
        Ok(transact!(self, |transaction| {
            if !locked(transaction, id, old).await? {
                return Ok(None);
            }
            on_engine!(transaction.connection()?, |connection| {
                sqlx::query("UPDATE user SET password_hash = ? WHERE id = ?")
                    .bind(new)
                    .bind(id.get())
                    .execute(connection)
                    .await?;
            });
            end_logins(transaction, id, but).await.map(Some)
        }))
    }

    /// Keeps a person out from a moment on, and ends their logins; without one lets them in again.
    /// Tells which logins ended.
    pub async fn set_disabled(&self, id: UserId, since: Option<Timestamp>) -> Result<Vec<LoginId>> {
        Ok(transact!(self, |transaction| {
            on_engine!(transaction.connection()?, |connection| {
                sqlx::query("UPDATE user SET disabled_at = ? WHERE id = ?")
                    .bind(since)
                    .bind(id.get())
                    .execute(connection)
                    .await?;
            });
            match since {
                Some(_) => end_logins(transaction, id, None).await,
                None => Ok(Vec::new()),
            }
        }))
    }

    /// Deletes an account whose password has this hash, of someone who is in no group. The row stays,
    /// for the messages, without a name; what is left of the username is its key, so that nobody
    /// takes on the name of someone who is gone.
    pub async fn delete_user(
        &self,
        id: UserId,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Deletion> {
        Ok(transact!(self, |transaction| {
            if !locked(transaction, id, Some(password_hash)).await? {
                return Ok(Deletion::NoSuchAccount);
            }
            // Whoever brings them into one holds their row, and so came before, or finds them gone.
            if is_in_groups(transaction, id).await? {
                return Ok(Deletion::InGroups);
            }
            let avatar = avatar_of(transaction, id).await?;
            exchange(transaction, avatar.as_deref(), None, now).await?;
            on_engine!(transaction.connection()?, |connection| {
                sqlx::query(
                    "UPDATE user SET deleted_at = ?, username = ?, nickname = ?, \
                     nickname_key = ?, password_hash = '', avatar = NULL, last_seen_at = NULL \
                     WHERE id = ?",
                )
                .bind(now)
                .bind(User::deleted_username(id))
                .bind(DELETED)
                .bind(Vec::<u8>::new())
                .bind(id.get())
                .execute(connection)
                .await?;
            });
            let logins = end_logins(transaction, id, None).await?;
            let conversations =
                change_private_conversations(transaction, id, "closed = 1, ").await?;
            calendars::end(transaction, id).await?;
            forget_relations(transaction, id).await?;
            // After the conversations, as whoever sends them locks them.
            give_up_unsent(transaction, id, now).await?;
            Ok(Deletion::Done(Deleted { logins, conversations }))
        }))
    }
}

/// Locks an account until the commit; tells whether it is there, with this password where one is
/// given.
async fn locked(transaction: &mut Transaction, id: UserId, hash: Option<&str>) -> Result<bool> {
    let known: Option<String> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT password_hash FROM user WHERE id = ");
        query.push_bind(id.get()).push(" AND deleted_at IS NULL");
        query.push(super::dialect::Dialect::of::<Db>().for_update());
        query.build_query_scalar().fetch_optional(connection).await?
    });
    Ok(known.is_some_and(|known| hash.is_none_or(|hash| hash == known)))
}

/// The picture that a person has, by its hash.
async fn avatar_of(transaction: &mut Transaction, id: UserId) -> Result<Option<String>> {
    Ok(on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar("SELECT avatar FROM user WHERE id = ?")
            .bind(id.get())
            .fetch_one(connection)
            .await?
    }))
}

async fn is_in_groups(transaction: &mut Transaction, id: UserId) -> Result<bool> {
    let group: Option<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT c.id FROM message_session s JOIN conversation c \
             ON c.id = s.conversation_id WHERE s.user_id = ? AND c.kind = ? LIMIT 1",
        )
        .bind(id.get())
        .bind(GROUP)
        .fetch_optional(connection)
        .await?
    });
    Ok(group.is_some())
}

/// Whoever is gone stands in nobody's contacts and behind nobody's block, has none, and is reminded of nothing.
async fn forget_relations(transaction: &mut Transaction, id: UserId) -> Result<()> {
    for statement in [
        "DELETE FROM contact WHERE user_id = ?",
        "DELETE FROM contact WHERE contact_id = ?",
        "DELETE FROM block WHERE user_id = ?",
        "DELETE FROM block WHERE blocked_id = ?",
        "DELETE FROM reminder WHERE user_id = ?",
        "DELETE FROM notice_seen WHERE user_id = ?",
    ] {
        on_engine!(transaction.connection()?, |connection| {
            sqlx::query(statement).bind(id.get()).execute(connection).await?;
        });
    }
    Ok(())
}

/// Raises the version of a person's private conversations, and sets what else is to be; tells of
/// those in which something was said.
async fn change_private_conversations(
    transaction: &mut Transaction,
    id: UserId,
    set: &'static str,
) -> Result<Vec<Changed>> {
    let rows: Vec<(i64, i64, i64)> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_as(
            "SELECT c.id, p.user_id, c.last_seq FROM message_session s \
             JOIN conversation c ON c.id = s.conversation_id \
             JOIN message_session p ON p.conversation_id = c.id AND p.user_id <> s.user_id \
             WHERE s.user_id = ? AND c.kind = ? ORDER BY c.id",
        )
        .bind(id.get())
        .bind(PRIVATE)
        .fetch_all(connection)
        .await?
    });
    // In the order in which the writer locks them.
    let ids: Vec<i64> = rows.iter().map(|(id, _, _)| *id).collect();
    for chunk in padded(&ids) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE conversation SET ");
            query.push(set).push("version = version + 1 WHERE id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id);
            }
            query.push(")").build().execute(connection).await?;
        });
    }
    let said = rows.into_iter().filter(|(_, _, last_seq)| *last_seq > 0);
    Ok(said
        .map(|(id, partner, _)| Changed {
            conversation_id: ConversationId::new(id),
            partner: UserId::new(partner),
        })
        .collect())
}
