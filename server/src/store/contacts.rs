//! Whom people have among their contacts.

use app::protocol::{Alias, Contact, ListPage, Presence, PresenceStatus, Timestamp, User, UserId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::lease::on_pool;
use super::names::name_key;
use super::rows::UserRow;
use super::transaction::transact;
use super::users::both_there;
use super::{Result, Store};

#[derive(sqlx::FromRow)]
struct ContactRow {
    #[sqlx(flatten)]
    user: UserRow,
    alias: Option<String>,
    shown_key: Vec<u8>,
    seen_at: Option<Timestamp>,
}

impl ContactRow {
    fn cursor(&self) -> String {
        format!("{}.{}", self.user.id(), URL_SAFE_NO_PAD.encode(&self.shown_key))
    }

    fn into_contact(self) -> Contact {
        let presence = Presence { status: PresenceStatus::Offline, last_seen_at: self.seen_at };
        let user = User { presence: Some(presence), ..self.user.into_user() };
        Contact { user, alias: self.alias }
    }
}

impl Store {
    /// Puts someone among a user's contacts, or names them anew; false when they are nobody, or
    /// gone.
    pub async fn put_contact(
        &self,
        user: UserId,
        contact: UserId,
        alias: Option<&Alias>,
        now: Timestamp,
    ) -> Result<bool> {
        Ok(transact!(self, |transaction| {
            // Whoever deletes their account meanwhile comes before, or takes this along.
            if !both_there(transaction, user, contact, Dialect::for_share).await? {
                return Ok(false);
            }
            on_engine!(transaction.connection()?, |connection, Db| {
                let mut insert = QueryBuilder::<Db>::new(
                    "INSERT INTO contact (user_id, contact_id, alias, alias_key, created_at) \
                     VALUES (",
                );
                let mut values = insert.separated(", ");
                values.push_bind(user.get()).push_bind(contact.get());
                values.push_bind(alias.map(Alias::as_str));
                values.push_bind(alias.map(|alias| name_key(alias.as_str()))).push_bind(now);
                let update =
                    Dialect::of::<Db>().or_update("user_id, contact_id", &["alias", "alias_key"]);
                insert.push(")").push(update).build().execute(connection).await?;
            });
            Ok(true)
        }))
    }

    /// Takes someone out of a user's contacts, if they are there.
    pub async fn remove_contact(&self, user: UserId, contact: UserId) -> Result<()> {
        on_pool!(&self.writers, |connection| {
            sqlx::query("DELETE FROM contact WHERE user_id = ? AND contact_id = ?")
                .bind(user.get())
                .bind(contact.get())
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// What a user calls someone of their contacts; absent when they are none.
    pub async fn contact(&self, user: UserId, contact: UserId) -> Result<Option<Option<String>>> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT alias FROM contact WHERE user_id = ? AND contact_id = ?")
                .bind(user.get())
                .bind(contact.get())
                .fetch_optional(connection)
                .await?
        }))
    }

    /// A user's contacts, by the names under which they are shown; each offline, since who is there
    /// is not in the database. An unknown cursor is as none.
    pub async fn contacts(
        &self,
        user: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Contact>> {
        let (id, key) = cursor.and_then(position).unwrap_or_default();
        let mut rows: Vec<ContactRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT u.id, u.username, u.nickname, u.avatar, u.created_at, k.alias, \
                 COALESCE(k.alias_key, u.nickname_key) AS shown_key, \
                 CASE WHEN u.show_last_seen = 1 THEN u.last_seen_at END AS seen_at \
                 FROM contact k JOIN user u ON u.id = k.contact_id WHERE k.user_id = ? \
                 AND (COALESCE(k.alias_key, u.nickname_key) > ? \
                 OR (COALESCE(k.alias_key, u.nickname_key) = ? AND k.contact_id > ?)) \
                 ORDER BY shown_key, k.contact_id LIMIT ?",
            )
            .bind(user.get())
            .bind(&key)
            .bind(&key)
            .bind(id)
            .bind(i64::from(limit) + 1)
            .fetch_all(connection)
            .await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows.last().filter(|_| more).map(ContactRow::cursor);
        let items = rows.into_iter().map(ContactRow::into_contact).collect();
        Ok(ListPage { items, next_cursor })
    }
}

fn position(cursor: &str) -> Option<(i64, Vec<u8>)> {
    let (id, key) = cursor.split_once('.')?;
    Some((id.parse().ok()?, URL_SAFE_NO_PAD.decode(key).ok()?))
}
