//! Whom messages name: who has a name, and the rows by which the first unread mention is found.

use app::protocol::{Message, User, UserId};
use sqlx::QueryBuilder;

use super::engine::on_engine;
use super::lease::on_pool;
use super::lists::{padded, powers_of_two};
use super::names::name_key;
use super::rows::UserRow;
use super::transaction::Transaction;
use super::{Result, Store};
use crate::events::Members;

/// Stands in the column `user_id` for everyone but the sender.
pub(super) const EVERYONE: i64 = 0;

/// Whom a text may name. Who of them is in the conversation is known under its lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// `@all`, which means something in groups alone.
    pub everyone: bool,
    /// For each name in the text whose it may be: the first of them who is a member.
    pub people: Vec<Vec<UserId>>,
    /// All of these people, as they are called.
    pub known: Vec<User>,
}

impl Mentions {
    /// Whether it names everyone, in this conversation.
    pub(super) fn names_everyone(&self, members: &Members) -> bool {
        self.everyone && matches!(members, Members::Group(_))
    }

    /// Those in this conversation who are named one by one, in the order of the text.
    pub(super) fn among(&self, members: &Members) -> Vec<UserId> {
        let mut named: Vec<UserId> = Vec::new();
        for people in &self.people {
            let member = people.iter().find(|id| members.ids().any(|member| member == **id));
            named.extend(member.filter(|id| !named.contains(id)));
        }
        named
    }

    /// These people, as they are called.
    pub(super) fn called(&self, ids: &[UserId]) -> Vec<User> {
        let user = |id: &UserId| self.known.iter().find(|user| user.id == *id);
        ids.iter().filter_map(user).cloned().collect()
    }

    /// By which rows a message that names these is found: one for all of a wide group.
    pub(super) fn rows(message: &Message) -> Vec<MentionRow> {
        let everyone = message.mentions_all.then_some(EVERYONE);
        let named = message.mentions.iter().map(|id| id.get()).filter(|_| everyone.is_none());
        let named = named.filter(|id| *id != message.sender.id.get());
        let row = |user_id| MentionRow {
            conversation_id: message.conversation_id.get(),
            user_id,
            seq: message.seq.get(),
            sender_id: message.sender.id.get(),
        };
        everyone.into_iter().chain(named).map(row).collect()
    }
}

/// A row of the table `mention`.
#[derive(Clone, Copy, Debug)]
pub(super) struct MentionRow {
    conversation_id: i64,
    user_id: i64,
    seq: i64,
    sender_id: i64,
}

impl Store {
    /// Who of these usernames there is. Nobody who is gone.
    pub async fn users_named(&self, names: &[String]) -> Result<Vec<User>> {
        let mut users = Vec::new();
        for chunk in padded(names) {
            let rows: Vec<UserRow> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT id, username, nickname, avatar, created_at FROM user \
                     WHERE deleted_at IS NULL AND username_key IN (",
                );
                let mut list = query.separated(", ");
                for name in &chunk {
                    list.push_bind(name_key(name));
                }
                query.push(")");
                query.build_query_as().fetch_all(connection).await?
            });
            users.extend(rows.into_iter().map(UserRow::into_user));
        }
        Ok(users)
    }
}

/// Writes down whom new messages mention.
pub(super) async fn insert(transaction: &mut Transaction, rows: &[MentionRow]) -> Result<()> {
    for chunk in powers_of_two(rows) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO mention (conversation_id, user_id, seq, sender_id) ",
            );
            query.push_values(chunk, |mut values, row| {
                values.push_bind(row.conversation_id).push_bind(row.user_id);
                values.push_bind(row.seq).push_bind(row.sender_id);
            });
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}

/// Forgets that a message mentioned these, or everyone.
pub(super) async fn delete(transaction: &mut Transaction, message: &Message) -> Result<()> {
    let everyone = message.mentions_all.then_some(EVERYONE);
    let users: Vec<_> =
        everyone.into_iter().chain(message.mentions.iter().map(|user| user.get())).collect();
    let (id, seq) = (message.conversation_id, message.seq);
    for chunk in padded(&users) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("DELETE FROM mention WHERE conversation_id = ");
            query.push_bind(id.get()).push(" AND seq = ").push_bind(seq.get());
            let mut list = query.push(" AND user_id IN (").separated(", ");
            for user in &chunk {
                list.push_bind(*user);
            }
            query.push(")");
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}
