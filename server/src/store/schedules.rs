//! Appointments: what messages of their kind are about, and what people answered.

use std::collections::HashMap;

use app::protocol::{
    Answer, Content, ConversationId, ListPage, Message, NewSchedule, Schedule, ScheduleAnswer, Seq,
    Timestamp, UserId, limits,
};
use sqlx::QueryBuilder;

use super::engine::on_engine;
use super::error::unreadable;
use super::files::push_sight;
use super::lease::{Lease, on_pool};
use super::lists::{padded, powers_of_two};
use super::rows::{MessageKey, UserRow};
use super::transaction::Transaction;
use super::{Result, Store};

/// An answer's number in the database.
const fn answer_number(answer: Answer) -> i64 {
    match answer {
        Answer::Yes => 1,
        Answer::No => 2,
        Answer::Maybe => 3,
    }
}

fn answer(number: i64) -> Result<Answer> {
    Ok(match number {
        1 => Answer::Yes,
        2 => Answer::No,
        3 => Answer::Maybe,
        _ => return Err(unreadable(format!("there is no answer {number}"))),
    })
}

#[derive(sqlx::FromRow)]
struct ScheduleRow {
    conversation_id: i64,
    seq: i64,
    title: String,
    place: String,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
    all_day: i64,
    zone: String,
    remind_before_ms: Option<i64>,
    rev: i64,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    conversation_id: i64,
    seq: i64,
    answer: i64,
    people: i64,
    own: i64,
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    conversation_id: i64,
    seq: i64,
    answer: i64,
    rev: i64,
    #[sqlx(flatten)]
    user: UserRow,
}

impl AnswerRow {
    fn into_answer(self) -> Result<ScheduleAnswer> {
        Ok(ScheduleAnswer { user: self.user.into_user(), answer: answer(self.answer)? })
    }
}

/// Whether it is of the kind that is about an appointment.
pub(super) const fn holds_schedule(content: &Content) -> bool {
    matches!(content, Content::Schedule { .. })
}

/// Puts what was read of a message's appointment to what is known of it by its row; without one it is its words.
pub(super) fn put(content: &mut Content, found: Option<Schedule>) {
    let Content::Schedule { schedule, caption } = content else { return };
    match found {
        Some(found) => **schedule = found,
        None => *content = Content::Text(std::mem::take(caption)),
    }
}

/// What these messages are about, which nobody has answered as far as is told here.
pub(super) async fn unanswered(
    lease: &mut Lease,
    keys: &[MessageKey],
) -> Result<HashMap<MessageKey, Schedule>> {
    let mut found = HashMap::new();
    for chunk in padded(keys) {
        let rows: Vec<ScheduleRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT conversation_id, seq, title, place, starts_at, ends_at, all_day, zone, \
                 remind_before_ms, rev FROM schedule WHERE ",
            );
            push_keys(&mut query, &chunk);
            query.build_query_as().fetch_all(connection).await?
        });
        found.extend(rows.into_iter().map(|row| {
            let schedule = Schedule {
                title: row.title,
                place: row.place,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                all_day: row.all_day != 0,
                zone: row.zone,
                remind_before_ms: row.remind_before_ms,
                rev: row.rev,
                ..Schedule::default()
            };
            ((row.conversation_id, row.seq), schedule)
        }));
    }
    Ok(found)
}

/// What these messages are about, with how many have answered what and the first of them; `mine` is this reader's,
/// and absent without one.
pub(super) async fn schedules(
    lease: &mut Lease,
    reader: Option<UserId>,
    keys: &[MessageKey],
) -> Result<HashMap<MessageKey, Schedule>> {
    let mut found = unanswered(lease, keys).await?;
    for schedule in found.values_mut() {
        schedule.mine = reader.map(|_| None);
    }
    for chunk in padded(keys) {
        let counts: Vec<CountRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT conversation_id, seq, answer, COUNT(*) AS people, \
                 COUNT(CASE WHEN user_id = ",
            );
            query.push_bind(reader.map_or(0, UserId::get));
            query.push(" THEN 1 END) AS own FROM schedule_answer WHERE ");
            push_keys(&mut query, &chunk);
            query.push(" GROUP BY conversation_id, seq, answer");
            query.build_query_as().fetch_all(connection).await?
        });
        for row in counts {
            let Some(schedule) = found.get_mut(&(row.conversation_id, row.seq)) else { continue };
            let people = u32::try_from(row.people).unwrap_or(u32::MAX);
            let answer = answer(row.answer)?;
            match answer {
                Answer::Yes => schedule.counts.yes = people,
                Answer::No => schedule.counts.no = people,
                Answer::Maybe => schedule.counts.maybe = people,
            }
            if reader.is_some() && row.own > 0 {
                schedule.mine = Some(Some(answer));
            }
        }
        let first: Vec<AnswerRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT r.conversation_id, r.seq, r.answer, r.rev, \
                 a.id, a.username, a.nickname, a.avatar, a.created_at \
                 FROM (SELECT conversation_id, seq, user_id, answer, rev, \
                 ROW_NUMBER() OVER (PARTITION BY conversation_id, seq ORDER BY rev) AS nth \
                 FROM schedule_answer WHERE ",
            );
            push_keys(&mut query, &chunk);
            query.push(") r JOIN user a ON a.id = r.user_id WHERE r.nth <= ");
            query.push_bind(limits::ANSWERS).push(" ORDER BY r.rev");
            query.build_query_as().fetch_all(connection).await?
        });
        for row in first {
            if let Some(schedule) = found.get_mut(&(row.conversation_id, row.seq)) {
                schedule.answers.push(row.into_answer()?);
            }
        }
    }
    Ok(found)
}

fn push_keys<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, keys: &[MessageKey])
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push("(");
    for (index, (conversation_id, seq)) in keys.iter().enumerate() {
        query.push(if index == 0 { "(" } else { " OR (" });
        query.push("conversation_id = ").push_bind(*conversation_id);
        query.push(" AND seq = ").push_bind(*seq).push(")");
    }
    query.push(")");
}

/// Writes down what new messages are about.
pub(super) async fn insert(
    transaction: &mut Transaction,
    messages: impl Iterator<Item = &Message>,
) -> Result<()> {
    let rows: Vec<_> = messages
        .filter_map(|message| match &message.content {
            Content::Schedule { schedule, .. } => Some((message, schedule)),
            _ => None,
        })
        .collect();
    for chunk in powers_of_two(&rows) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO schedule (conversation_id, seq, title, place, starts_at, ends_at, \
                 all_day, zone, remind_before_ms, changed_at) ",
            );
            query.push_values(chunk, |mut row, (message, schedule)| {
                row.push_bind(message.conversation_id.get()).push_bind(message.seq.get());
                row.push_bind(&schedule.title).push_bind(&schedule.place);
                row.push_bind(schedule.starts_at).push_bind(schedule.ends_at);
                row.push_bind(i64::from(schedule.all_day)).push_bind(&schedule.zone);
                row.push_bind(schedule.remind_before_ms).push_bind(message.created_at);
            });
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}

/// Moves an appointment; its answers stay.
pub(super) async fn update(
    transaction: &mut Transaction,
    (id, seq): (ConversationId, Seq),
    new: &NewSchedule,
    rev: i64,
    now: Timestamp,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE schedule SET title = ?, place = ?, starts_at = ?, ends_at = ?, all_day = ?, \
             zone = ?, remind_before_ms = ?, moves = moves + 1, rev = ?, changed_at = ? \
             WHERE conversation_id = ? AND seq = ?",
        )
        .bind(&new.title)
        .bind(new.place.as_deref().unwrap_or_default())
        .bind(new.starts_at)
        .bind(new.ends_at)
        .bind(i64::from(new.all_day.unwrap_or_default()))
        .bind(new.zone.as_deref().unwrap_or("UTC"))
        .bind(new.remind_before_ms)
        .bind(rev)
        .bind(now)
        .bind(id.get())
        .bind(seq.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Leaves of an appointment what calendars have to be told: that it is off, and when it would have been.
pub(super) async fn recall(
    transaction: &mut Transaction,
    (id, seq): (ConversationId, Seq),
    rev: i64,
    now: Timestamp,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE schedule SET title = '', place = '', recalled = 1, moves = moves + 1, rev = ?, \
             changed_at = ? WHERE conversation_id = ? AND seq = ?",
        )
        .bind(rev)
        .bind(now)
        .bind(id.get())
        .bind(seq.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Sets what someone answers, or takes it back.
pub(super) async fn set_answer(
    transaction: &mut Transaction,
    (id, seq): (ConversationId, Seq),
    user: UserId,
    answer: Option<Answer>,
    rev: i64,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "DELETE FROM schedule_answer WHERE conversation_id = ? AND seq = ? AND user_id = ?",
        )
        .bind(id.get())
        .bind(seq.get())
        .bind(user.get())
        .execute(connection)
        .await?;
    });
    if let Some(answer) = answer {
        on_engine!(transaction.connection()?, |connection| {
            sqlx::query(
                "INSERT INTO schedule_answer (conversation_id, seq, user_id, answer, rev) \
                 VALUES (?, ?, ?, ?, ?)",
            )
            .bind(id.get())
            .bind(seq.get())
            .bind(user.get())
            .bind(answer_number(answer))
            .bind(rev)
            .execute(connection)
            .await?;
        });
    }
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("UPDATE schedule SET rev = ? WHERE conversation_id = ? AND seq = ?")
            .bind(rev)
            .bind(id.get())
            .bind(seq.get())
            .execute(connection)
            .await?;
    });
    Ok(())
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    conversation_id: i64,
    seq: i64,
    starts_at: Timestamp,
}

impl Store {
    /// A page of what was answered to an appointment, the earliest first. An unknown cursor is as none.
    pub async fn schedule_answers(
        &self,
        id: ConversationId,
        seq: Seq,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<ScheduleAnswer>> {
        let after: i64 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let mut rows: Vec<AnswerRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT r.conversation_id, r.seq, r.answer, r.rev, \
                 a.id, a.username, a.nickname, a.avatar, a.created_at \
                 FROM schedule_answer r JOIN user a ON a.id = r.user_id \
                 WHERE r.conversation_id = ? AND r.seq = ? AND r.rev > ? ORDER BY r.rev LIMIT ?",
            )
            .bind(id.get())
            .bind(seq.get())
            .bind(after)
            .bind(i64::from(limit) + 1)
            .fetch_all(connection)
            .await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.rev.to_string());
        let items = rows.into_iter().map(AnswerRow::into_answer).collect::<Result<_>>()?;
        Ok(ListPage { items, next_cursor })
    }

    /// A page of the appointments that a reader can see and that are not over at a moment, the next one first; of all
    /// conversations, or of one. An unknown cursor is as none.
    pub async fn schedules_ahead(
        &self,
        reader: UserId,
        after: Timestamp,
        conversation: Option<ConversationId>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Message>> {
        let (from, in_conversation, above) =
            cursor.and_then(place).unwrap_or((i64::MIN, i64::MIN, i64::MIN));
        let earliest = after.saturating_sub(limits::LONGEST_SCHEDULE_MS);
        let mut rows: Vec<KeyRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT h.conversation_id, h.seq, h.starts_at FROM schedule h",
            );
            push_sight(&mut query, reader);
            if let Some(id) = conversation {
                query.push(" AND h.conversation_id = ").push_bind(id.get());
            }
            query.push(" AND h.recalled = 0 AND h.starts_at >= ").push_bind(earliest.max(from));
            query.push(" AND COALESCE(h.ends_at, h.starts_at) >= ").push_bind(after);
            query.push(" AND (h.starts_at > ").push_bind(from);
            query.push(" OR h.conversation_id > ").push_bind(in_conversation);
            query.push(" OR (h.conversation_id = ").push_bind(in_conversation);
            query.push(" AND h.seq > ").push_bind(above).push("))");
            query.push(" ORDER BY h.starts_at, h.conversation_id, h.seq LIMIT ");
            query.push_bind(i64::from(limit) + 1);
            query.build_query_as().fetch_all(connection).await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows
            .last()
            .filter(|_| more)
            .map(|row| format!("{}.{}.{}", row.starts_at, row.conversation_id, row.seq));
        let keys: Vec<_> = rows.iter().map(|row| (row.conversation_id, row.seq)).collect();
        let mut messages = self.messages_at(reader, &keys).await?;
        let items = keys.iter().filter_map(|key| messages.remove(key)).collect();
        Ok(ListPage { items, next_cursor })
    }
}

/// The three numbers of a cursor.
fn place(cursor: &str) -> Option<(i64, i64, i64)> {
    let mut numbers = cursor.splitn(3, '.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?))
}
