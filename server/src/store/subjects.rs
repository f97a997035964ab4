//! The people of whom system messages tell, named as they are called now.

use std::collections::HashMap;

use app::protocol::{Message, User, UserId};
use sqlx::QueryBuilder;

use super::engine::on_engine;
use super::lease::{Connection, Lease, PATIENCE, limited};
use super::lists::padded;
use super::rows::UserRow;
use super::{Result, Store};

/// People, by id.
pub(super) type People = HashMap<UserId, User>;

impl Store {
    /// Names the people of whom these messages tell: by a statement, where there are any.
    pub(super) async fn with_subjects(&self, mut messages: Vec<Message>) -> Result<Vec<Message>> {
        let ids = subjects(messages.iter());
        if !ids.is_empty() {
            name_subjects(messages.iter_mut(), &self.people(&ids).await?);
        }
        Ok(messages)
    }

    /// Those of these people that there are.
    pub(super) async fn people(&self, ids: &[UserId]) -> Result<People> {
        let people = Box::pin(async {
            let mut lease = Lease::of(&self.readers).await?;
            let outcome = match lease.connection() {
                Ok(connection) => people_among(connection, ids).await,
                Err(error) => Err(error),
            };
            lease.settle(outcome)
        });
        limited(PATIENCE, people).await
    }
}

/// Of whom these messages tell, each once.
pub(super) fn subjects<'m>(messages: impl Iterator<Item = &'m Message>) -> Vec<UserId> {
    let notices = messages.filter_map(|message| message.system.as_ref());
    let mut ids: Vec<_> = notices.flat_map(|notice| &notice.subjects).map(|user| user.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Names them.
pub(super) fn name_subjects<'m>(messages: impl Iterator<Item = &'m mut Message>, people: &People) {
    let notices = messages.filter_map(|message| message.system.as_mut());
    for subject in notices.flat_map(|notice| &mut notice.subjects) {
        if let Some(person) = people.get(&subject.id) {
            subject.clone_from(person);
        }
    }
}

/// Those of these people that there are, on a connection.
pub(super) async fn people_among(connection: Connection<'_>, ids: &[UserId]) -> Result<People> {
    let mut people = People::with_capacity(ids.len());
    on_engine!(connection, |connection, Db| {
        for chunk in padded(ids) {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT id, username, nickname, created_at FROM user WHERE id IN (",
            );
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(")");
            let rows: Vec<UserRow> = query.build_query_as().fetch_all(&mut *connection).await?;
            people.extend(rows.into_iter().map(UserRow::into_user).map(|user| (user.id, user)));
        }
    });
    Ok(people)
}
