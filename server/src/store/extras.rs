//! What a message carries beside its own row: what it holds, what it answers, whose words it carries on,
//! of whom it tells, and what people put on it. Each is one statement for all messages of a page, and none where
//! there is nothing to read.

use std::collections::HashMap;

use app::protocol::{Message, Quote, Reaction, Seq, User, UserId};
use sqlx::QueryBuilder;

use super::engine::on_engine;
use super::files::{files, hold, holds_files};
use super::lease::{DATABASE_TIMEOUT, Lease, on_lease};
use super::lists::padded;
use super::rows::{MessageKey, PartialMessage, UserRow, content};
use super::schedules::{self, holds_schedule, schedules};
use super::sight::{sees, sight};
use super::subjects::{People, name_subjects, people_among, subjects};
use super::{Result, Store};

impl PartialMessage {
    fn key(&self) -> MessageKey {
        (self.message.conversation_id.get(), self.message.seq.get())
    }

    fn answered(&self) -> Option<MessageKey> {
        self.reply_to.map(|seq| (self.message.conversation_id.get(), seq))
    }

    /// A reaction raises `rev`: what was never changed has none.
    fn may_have_reactions(&self) -> bool {
        self.message.rev > 0 && !self.message.is_recalled()
    }

    /// Of whom only the id is known yet.
    fn named(&self) -> impl Iterator<Item = UserId> {
        let mentioned = self.message.mentions.iter().copied();
        let subjects = subjects(std::iter::once(&self.message));
        self.forwarded_from.into_iter().chain(subjects).chain(mentioned)
    }

    fn is_whole(&self) -> bool {
        !holds_files(&self.message.content)
            && !holds_schedule(&self.message.content)
            && self.reply_to.is_none()
            && self.named().next().is_none()
            && !self.may_have_reactions()
    }
}

impl Store {
    /// The messages with all that they carry; `mine` of reactions is this reader's, and absent
    /// without one.
    pub(super) async fn complete(
        &self,
        reader: Option<UserId>,
        messages: Vec<PartialMessage>,
    ) -> Result<Vec<Message>> {
        if messages.iter().all(PartialMessage::is_whole) {
            return Ok(messages.into_iter().map(|partial| partial.message).collect());
        }
        on_lease!(&self.readers, DATABASE_TIMEOUT, |lease| complete(lease, reader, messages).await)
    }
}

/// As [`Store::complete`], on this connection.
pub(super) async fn complete(
    lease: &mut Lease,
    reader: Option<UserId>,
    messages: Vec<PartialMessage>,
) -> Result<Vec<Message>> {
    let answered: Vec<_> = messages.iter().filter_map(PartialMessage::answered).collect();
    let quotes = quotes(lease, &answered).await?;
    let named: Vec<_> = messages.iter().flat_map(PartialMessage::named).collect();
    let people = people_among(lease.connection()?, &named).await?;
    let reacted_to: Vec<_> = messages
        .iter()
        .filter(|partial| partial.may_have_reactions())
        .map(PartialMessage::key)
        .collect();
    let mut reactions = reactions(lease, reader, &reacted_to).await?;
    let holding = messages.iter().filter(|partial| holds_files(&partial.message.content));
    let mut files = files(lease, &holding.map(PartialMessage::key).collect::<Vec<_>>()).await?;
    let about = messages.iter().filter(|partial| holds_schedule(&partial.message.content));
    let about: Vec<_> = about.map(PartialMessage::key).collect();
    let mut about = schedules(lease, reader, &about).await?;
    let whole = messages.into_iter().map(|mut partial| {
        let key = partial.key();
        schedules::put(&mut partial.message.content, about.remove(&key));
        let held = files.remove(&key);
        hold(&mut partial.message.content, held);
        Message {
            reply_to: partial.answered().and_then(|key| quotes.get(&key).cloned()),
            forwarded_from: partial.forwarded_from.and_then(|id| people.get(&id).cloned()),
            reactions: reactions.remove(&partial.key()).unwrap_or_default(),
            mentioned: living(&partial.message.mentions, &people),
            ..partial.message
        }
    });
    let mut whole: Vec<_> = whole.collect();
    name_subjects(whole.iter_mut(), &people);
    Ok(whole)
}

/// Those of these people whose accounts there are.
fn living(ids: &[UserId], people: &People) -> Vec<User> {
    let people = ids.iter().filter_map(|id| people.get(id));
    people.filter(|user| !user.is_deleted()).cloned().collect()
}

#[derive(sqlx::FromRow)]
struct QuoteRow {
    conversation_id: i64,
    seq: i64,
    message_type: i64,
    recalled: i64,
    content: String,
    #[sqlx(flatten)]
    sender: UserRow,
}

/// The messages at these keys as those quote them that answer them; absent where there is none.
pub(super) async fn quotes(
    lease: &mut Lease,
    keys: &[MessageKey],
) -> Result<HashMap<MessageKey, Quote>> {
    let mut found = Vec::new();
    for chunk in padded(keys) {
        let rows: Vec<QuoteRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT q.conversation_id, q.seq, q.message_type, q.recalled, q.content, \
                 a.id, a.username, a.nickname, a.avatar, a.created_at \
                 FROM message q JOIN user a ON a.id = q.sender_id WHERE ",
            );
            for (index, (conversation_id, seq)) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("q.conversation_id = ").push_bind(*conversation_id);
                query.push(" AND q.seq = ").push_bind(*seq).push(")");
            }
            query.build_query_as().fetch_all(connection).await?
        });
        for row in rows {
            let sender = row.sender.into_user();
            let content = content(row.message_type, row.recalled, row.content, &sender)?;
            found.push(((row.conversation_id, row.seq), sender, content));
        }
    }
    let holding = found.iter().filter(|(.., content)| holds_files(content));
    let mut files = files(lease, &holding.map(|(key, ..)| *key).collect::<Vec<_>>()).await?;
    let about = found.iter().filter(|(.., content)| holds_schedule(content));
    let about: Vec<_> = about.map(|(key, ..)| *key).collect();
    let mut about = schedules::unanswered(lease, &about).await?;
    let quotes = found.into_iter().map(|(key, sender, mut content)| {
        schedules::put(&mut content, about.remove(&key));
        hold(&mut content, files.remove(&key));
        let quote = Quote {
            seq: Seq::new(key.1),
            sender,
            message_type: content.kind(),
            voice: content.is_voice(),
            excerpt: content.excerpt(),
        };
        (key, quote)
    });
    Ok(quotes.collect())
}

/// What messages quote that their senders can see: by conversation, sender and position.
pub(super) type Answered = HashMap<(i64, i64, i64), Quote>;

/// The messages that these people (conversation, person, position) want to answer, as far as they
/// can see them.
pub(super) async fn answered(lease: &mut Lease, asked: &[(i64, i64, i64)]) -> Result<Answered> {
    let keys: Vec<_> = asked.iter().map(|(id, _, seq)| (*id, *seq)).collect();
    let quotes = quotes(lease, &keys).await?;
    let readers: Vec<_> = asked.iter().map(|(id, user, _)| (*id, *user)).collect();
    let sight = sight(lease, &readers).await?;
    let visible = asked.iter().filter(|(id, user, seq)| sees(&sight, (*id, *user), *seq));
    let seen = visible.filter_map(|one| Some((*one, quotes.get(&(one.0, one.2))?.clone())));
    Ok(seen.collect())
}

#[derive(sqlx::FromRow)]
struct ReactionRow {
    conversation_id: i64,
    seq: i64,
    emoji: String,
    people: i64,
    own: i64,
}

async fn reactions(
    lease: &mut Lease,
    reader: Option<UserId>,
    keys: &[MessageKey],
) -> Result<HashMap<MessageKey, Vec<Reaction>>> {
    let mut reactions: HashMap<_, Vec<_>> = HashMap::new();
    for chunk in padded(keys) {
        let rows: Vec<ReactionRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT conversation_id, seq, emoji, COUNT(*) AS people, \
                 COUNT(CASE WHEN user_id = ",
            );
            query.push_bind(reader.map_or(0, UserId::get));
            query.push(" THEN 1 END) AS own, MIN(rev) AS since FROM reaction WHERE ");
            for (index, (conversation_id, seq)) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("conversation_id = ").push_bind(*conversation_id);
                query.push(" AND seq = ").push_bind(*seq).push(")");
            }
            query.push(" GROUP BY conversation_id, seq, emoji ORDER BY since, emoji");
            query.build_query_as().fetch_all(connection).await?
        });
        for row in rows {
            let of_message = reactions.entry((row.conversation_id, row.seq)).or_default();
            of_message.push(Reaction {
                emoji: row.emoji,
                count: u32::try_from(row.people).unwrap_or(u32::MAX),
                mine: reader.map(|_| row.own > 0),
            });
        }
    }
    Ok(reactions)
}
