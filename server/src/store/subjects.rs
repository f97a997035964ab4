//! The people of whom system messages tell, named as they are called now.

use std::collections::HashMap;

use app::protocol::{Content, Message, User, UserId};
use sqlx::QueryBuilder;

use super::Result;
use super::engine::on_engine;
use super::lease::Connection;
use super::lists::padded;
use super::rows::UserRow;

/// People, by id.
pub(super) type People = HashMap<UserId, User>;

/// Of whom these messages tell.
pub(super) fn subjects<'m>(messages: impl Iterator<Item = &'m Message>) -> Vec<UserId> {
    let notices = messages.filter_map(Message::notice);
    notices.flat_map(|notice| &notice.subjects).map(|user| user.id).collect()
}

/// Fills in the names of those of whom these messages tell.
pub(super) fn name_subjects<'m>(messages: impl Iterator<Item = &'m mut Message>, people: &People) {
    let notices = messages.filter_map(|message| match &mut message.content {
        Content::System(notice) => Some(notice),
        _ => None,
    });
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
                "SELECT id, username, nickname, avatar, created_at FROM user WHERE id IN (",
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
