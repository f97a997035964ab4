//! The words and files that people carry on: of which messages, and whose they are.

use std::collections::HashMap;

use app::protocol::{ApiError, Content, ErrorKind, MessageRef, Schedule, User, UserId, rules};
use sqlx::QueryBuilder;

use super::Result;
use super::engine::on_engine;
use super::files::{files, hold, holds_files};
use super::lease::Lease;
use super::lists::padded;
use super::rows::{UserRow, content};
use super::schedules::{self, holds_schedule};
use super::sight::{sees, sight};

/// Who carries which message on.
pub(super) type Asked = (UserId, MessageRef);

/// What is carried on, and its first author.
#[derive(Clone, Debug)]
pub(super) struct Forward {
    pub(super) content: Content,
    pub(super) author: User,
}

/// What may be carried on of what was asked for, or why it may not; absent where there is no such
/// message that they can see.
pub(super) type Forwards = HashMap<Asked, std::result::Result<Forward, ApiError>>;

#[derive(sqlx::FromRow)]
struct ForwardRow {
    conversation_id: i64,
    seq: i64,
    message_type: i64,
    recalled: i64,
    content: String,
    #[sqlx(flatten)]
    author: UserRow,
}

/// Whether what a message says can be carried on by someone who can see it.
///
/// # Errors
/// `forbidden` when it says nothing of people, or nothing any more.
pub fn check_forwardable(content: &Content) -> std::result::Result<(), ApiError> {
    if rules::is_forwardable(content) {
        return Ok(());
    }
    Err(ApiError::new(ErrorKind::Forbidden, "This message cannot be forwarded"))
}

/// What these messages say. Statements are as many whether someone sees them or not.
pub(super) async fn forwards(lease: &mut Lease, asked: &[Asked]) -> Result<Forwards> {
    let place = |of: &MessageRef| (of.conversation_id.get(), of.seq.get());
    let reader = |(user, of): &Asked| (of.conversation_id.get(), user.get());
    let sight = sight(lease, &asked.iter().map(reader).collect::<Vec<_>>()).await?;
    let places: Vec<_> = asked.iter().map(|(_, of)| place(of)).collect();
    let mut found = Vec::new();
    for chunk in padded(&places) {
        let rows: Vec<ForwardRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT m.conversation_id, m.seq, m.message_type, m.recalled, m.content, \
                 a.id, a.username, a.nickname, a.avatar, a.created_at FROM message m \
                 JOIN user a ON a.id = COALESCE(m.forwarded_from, m.sender_id) WHERE ",
            );
            for (index, (conversation_id, seq)) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("m.conversation_id = ").push_bind(*conversation_id);
                query.push(" AND m.seq = ").push_bind(*seq).push(")");
            }
            query.build_query_as().fetch_all(connection).await?
        });
        for row in rows {
            let author = row.author.into_user();
            let content = content(row.message_type, row.recalled, row.content, &author)?;
            found.push(((row.conversation_id, row.seq), content, author));
        }
    }
    let holding = found.iter().filter(|(_, content, _)| holds_files(content));
    let mut files = files(lease, &holding.map(|(place, ..)| *place).collect::<Vec<_>>()).await?;
    let about = found.iter().filter(|(_, content, _)| holds_schedule(content));
    let about: Vec<_> = about.map(|(place, ..)| *place).collect();
    let mut about = schedules::unanswered(lease, &about).await?;
    let found = found.into_iter().map(|(place, mut content, author)| {
        let schedule = about.remove(&place).map(Schedule::unanswered);
        schedules::put(&mut content, schedule);
        hold(&mut content, files.remove(&place));
        (place, check_forwardable(&content).map(|()| Forward { content, author }))
    });
    let found: HashMap<_, _> = found.collect();
    let seen = asked.iter().filter(|one| sees(&sight, reader(one), one.1.seq.get()));
    Ok(seen.filter_map(|one| Some((*one, found.get(&place(&one.1))?.clone()))).collect())
}
