//! The chat list: conversations as one member sees them, in two statements however many there are.

use app::protocol::{
    Conversation, ConversationId, ConversationKind, History, ListPage, Presence, PresenceStatus,
    Seq, Timestamp, User, UserId,
};
use sqlx::QueryBuilder;

use super::codes::{BLOCKED, PRIVATE, first_visible, role};
use super::error::unreadable;
use super::lease::on_pool;
use super::rows::{MessageRow, PartialMessage, avatar_url, user};
use super::sessions::is_archived;
use super::unread::{NewsRange, UnreadNews};
use super::{Result, Store};

/// The reader's sessions with their conversations, filtered and cut first, so that only the rows of
/// the page are joined with messages and people.
const SESSIONS: &str = "SELECT c.id, c.kind, c.name, c.avatar, c.member_count, c.last_seq, c.rev, \
     c.last_activity, c.is_open, c.history, c.closed, s.user_id, s.role, s.read_seq, s.delivered_seq, \
     s.joined_seq, s.cleared_seq, s.archived_seq, s.pinned, s.marked_unread, s.muted_until \
     FROM message_session s JOIN conversation c ON c.id = s.conversation_id WHERE s.user_id = ";

/// What a row shows, from those sessions as `c`. COALESCE where a join may find nothing.
const COLUMNS: &str = "SELECT c.id, c.kind, c.name, c.avatar, c.member_count, c.last_seq, c.rev, \
     c.last_activity, c.is_open, c.history, c.closed, c.role, c.read_seq, c.delivered_seq, c.joined_seq, \
     c.cleared_seq, c.archived_seq, c.pinned, c.marked_unread, c.muted_until, \
     p.id AS peer_id, COALESCE(p.username, '') AS peer_username, \
     COALESCE(p.nickname, '') AS peer_nickname, COALESCE(p.created_at, 0) AS peer_created_at, \
     p.avatar AS peer_avatar, \
     CASE WHEN p.show_last_seen = 1 THEN p.last_seen_at END AS peer_last_seen_at, \
     COALESCE(o.shown_read_seq, o.read_seq, 0) AS peer_read_seq, \
     COALESCE(o.shown_delivered_seq, o.delivered_seq, 0) AS peer_delivered_seq, \
     CASE WHEN k.user_id IS NULL THEN 0 ELSE 1 END AS among_contacts, \
     c.id AS conversation_id, COALESCE(m.seq, 0) AS seq, COALESCE(m.client_id, '') AS client_id, \
     COALESCE(m.message_type, 0) AS message_type, COALESCE(m.content, '') AS content, \
     m.reply_to_seq, m.forwarded_from, m.mentions, \
     COALESCE(m.created_at, 0) AS created_at, m.edited_at, COALESCE(m.recalled, 0) AS recalled, \
     COALESCE(m.rev, 0) AS message_rev, COALESCE(a.id, 0) AS sender_id, \
     COALESCE(a.username, '') AS sender_username, COALESCE(a.nickname, '') AS sender_nickname, \
     a.avatar AS sender_avatar, COALESCE(a.created_at, 0) AS sender_created_at FROM (";

/// The last message with its author; in a private conversation the other member's session and name.
const JOINS: &str = ") c LEFT JOIN message m ON m.conversation_id = c.id AND m.seq = c.last_seq \
     LEFT JOIN user a ON a.id = m.sender_id \
     LEFT JOIN message_session o \
     ON o.conversation_id = c.id AND c.kind = 1 AND o.user_id <> c.user_id \
     LEFT JOIN user p ON p.id = o.user_id \
     LEFT JOIN contact k ON k.user_id = p.id AND k.contact_id = c.user_id";

#[derive(sqlx::FromRow)]
struct ChatListRow {
    id: i64,
    kind: i64,
    name: String,
    avatar: Option<String>,
    member_count: i64,
    last_seq: i64,
    rev: i64,
    last_activity: Timestamp,
    is_open: i64,
    history: i64,
    closed: i64,
    role: i64,
    read_seq: i64,
    delivered_seq: i64,
    joined_seq: i64,
    cleared_seq: i64,
    archived_seq: i64,
    pinned: i64,
    marked_unread: i64,
    muted_until: Option<Timestamp>,
    peer_id: Option<i64>,
    peer_username: String,
    peer_nickname: String,
    peer_avatar: Option<String>,
    peer_created_at: Timestamp,
    peer_last_seen_at: Option<Timestamp>,
    peer_read_seq: i64,
    peer_delivered_seq: i64,
    /// The peer has the reader among their contacts.
    among_contacts: i64,
    /// The last message; all zeros and empty where there is none.
    #[sqlx(flatten)]
    message: MessageRow,
}

impl Store {
    /// A page of the user's chat list, or of what is archived, in two statements: pinned first, then
    /// newest activity; without the empty ones, and those of which all is hidden. An unknown cursor
    /// is as none.
    ///
    /// A chat that moves up while the list is paged is past by then where the cursor stands. So what
    /// moved follows at the end, in one more round from the top; what had not moved may be in it again.
    pub async fn chat_list(
        &self,
        user: UserId,
        archived: bool,
        cursor: Option<&str>,
        limit: u32,
        now: Timestamp,
    ) -> Result<ListPage<Conversation>> {
        let Cursor { after, round } = cursor.and_then(Cursor::parse).unwrap_or(Cursor::FIRST);
        // One row more than asked for tells whether there is a next page.
        let wanted = i64::from(limit) + 1;
        let mut rows: Vec<ChatListRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(COLUMNS);
            query.push(SESSIONS).push_bind(user.get());
            push_listed(&mut query, archived, now);
            query.push(" AND (s.pinned < ").push_bind(after.pinned);
            query.push(" OR (s.pinned = ").push_bind(after.pinned);
            query.push(" AND (c.last_activity < ").push_bind(after.activity);
            query.push(" OR (c.last_activity = ").push_bind(after.activity);
            query.push(" AND c.id < ").push_bind(after.id).push("))))");
            if round.above != Cursor::FIRST.round.above {
                push_above(&mut query, round.above);
            }
            query.push(" ORDER BY s.pinned DESC, c.last_activity DESC, c.id DESC LIMIT ");
            query.push_bind(wanted).push(JOINS);
            query.push(" ORDER BY c.pinned DESC, c.last_activity DESC, c.id DESC");
            query.build_query_as().fetch_all(connection).await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let round = round.seen(&rows, !more);
        let next = match rows.last() {
            Some(last) if more => Some(Cursor { after: last.position(), round }),
            // What one statement has read, it has read at one moment.
            _ if after == Position::START => None,
            _ => self.next_round(user, archived, round, now).await?,
        };
        let next_cursor = next.map(|cursor| cursor.to_string());
        Ok(ListPage { items: self.assemble(user, rows, now).await?, next_cursor })
    }

    /// Where a list goes on that was read to its end, if chats have moved up since its round began.
    async fn next_round(
        &self,
        user: UserId,
        archived: bool,
        round: Round,
        now: Timestamp,
    ) -> Result<Option<Cursor>> {
        let (count, newest): (i64, Option<i64>) = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT COUNT(*), MAX(c.last_activity) FROM message_session s \
                 JOIN conversation c ON c.id = s.conversation_id WHERE s.user_id = ",
            );
            query.push_bind(user.get());
            push_listed(&mut query, archived, now);
            push_above(&mut query, round.floor);
            query.build_query_as().fetch_one(connection).await?
        });
        let still = (count, newest.unwrap_or(i64::MIN)) == (round.count, round.newest);
        Ok((!still).then_some(Cursor::above(round.floor)))
    }

    /// One conversation as a member sees it.
    pub async fn conversation(
        &self,
        user: UserId,
        id: ConversationId,
        now: Timestamp,
    ) -> Result<Option<Conversation>> {
        let rows: Vec<ChatListRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(COLUMNS);
            query.push(SESSIONS).push_bind(user.get()).push(" AND s.conversation_id = ");
            query.push_bind(id.get()).push(JOINS);
            query.build_query_as().fetch_all(connection).await?
        });
        Ok(self.assemble(user, rows, now).await?.pop())
    }

    async fn assemble(
        &self,
        reader: UserId,
        rows: Vec<ChatListRow>,
        now: Timestamp,
    ) -> Result<Vec<Conversation>> {
        let ranges: Vec<NewsRange> = rows.iter().map(ChatListRow::news).collect();
        let news = self.count_news(reader, &ranges).await?;
        let mut conversations = Vec::with_capacity(rows.len());
        let mut last_messages = Vec::with_capacity(rows.len());
        for row in rows {
            let news = news.get(&row.id).copied().unwrap_or_default();
            let (conversation, last_message) = row.into_conversation(news, now)?;
            conversations.push(conversation);
            last_messages.extend(last_message);
        }
        let mut last_messages =
            self.complete(Some(reader), last_messages).await?.into_iter().peekable();
        for conversation in &mut conversations {
            let id = conversation.id;
            conversation.last_message =
                last_messages.next_if(|message| message.conversation_id == id);
        }
        Ok(conversations)
    }
}

impl ChatListRow {
    fn position(&self) -> Position {
        Position { pinned: self.pinned, activity: self.last_activity, id: self.id }
    }

    fn first_seq(&self) -> i64 {
        first_visible(self.history, self.joined_seq, self.cleared_seq)
    }

    fn news(&self) -> NewsRange {
        NewsRange {
            conversation_id: self.id,
            above: self.read_seq.max(self.first_seq() - 1),
            to: self.last_seq,
        }
    }

    /// The conversation, and its last message where the reader can see it.
    fn into_conversation(
        self,
        news: UnreadNews,
        now: Timestamp,
    ) -> Result<(Conversation, Option<PartialMessage>)> {
        let private = self.kind == PRIVATE;
        let first_seq = self.first_seq();
        let archived = is_archived(self.archived_seq, self.last_seq, self.muted_until, now);
        // Whether they are there is not in the database. Until something is said, only their own
        // contacts may know; across a block, nobody.
        let offline =
            Presence { status: PresenceStatus::Offline, last_seen_at: self.peer_last_seen_at };
        let may_know = (self.last_seq > 0 || self.among_contacts != 0) && self.closed != BLOCKED;
        let presence = may_know.then_some(offline);
        let peer = self.peer_id.map(|id| User {
            presence,
            ..user(
                id,
                self.peer_username,
                self.peer_nickname,
                self.peer_avatar.as_deref(),
                self.peer_created_at,
            )
        });
        // Notes have nobody else, who holds and has read everything that was said.
        let peer_mark = |mark| (private && peer.is_some()).then_some(Seq::new(mark));
        let message = self.message;
        let visible = message.seq >= first_seq.max(1);
        let conversation = Conversation {
            id: ConversationId::new(self.id),
            kind: if private { ConversationKind::Private } else { ConversationKind::Group },
            name: peer.as_ref().map_or(self.name, |peer| peer.nickname.clone()),
            avatar_url: match &peer {
                Some(peer) => peer.avatar_url.clone(),
                None => avatar_url(self.avatar.as_deref()),
            },
            peer_read_seq: peer_mark(self.peer_read_seq),
            peer_delivered_seq: peer_mark(self.peer_delivered_seq),
            peer,
            role: Some(role(self.role)?),
            member_count: u32::try_from(self.member_count).map_err(unreadable)?,
            last_message: None,
            first_seq: Seq::new(first_seq),
            last_seq: Seq::new(self.last_seq),
            rev: self.rev,
            updated_at: self.last_activity,
            read_seq: Seq::new(self.read_seq),
            delivered_seq: Seq::new(self.delivered_seq),
            unread: news.unread,
            mention_seq: news.mention.map(Seq::new),
            marked_unread: self.marked_unread != 0,
            pinned: self.pinned != 0,
            muted_until: self.muted_until.filter(|until| *until > now),
            archived,
            open: self.is_open != 0,
            history: if self.history == 1 { History::Joined } else { History::All },
        };
        Ok((conversation, visible.then(|| message.into_partial()).transpose()?))
    }
}

/// Leaves out what is hidden, and either what is archived or all else.
fn push_listed<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, archived: bool, now: Timestamp)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push(" AND c.last_seq > s.cleared_seq");
    // As `is_archived` has it.
    query.push(" AND CASE WHEN s.archived_seq > 0 AND (s.archived_seq >= c.last_seq");
    query.push(" OR COALESCE(s.muted_until, 0) > ").push_bind(now);
    query.push(") THEN 1 ELSE 0 END = ").push_bind(i64::from(archived));
}

/// Leaves out what is not above these heights of the list.
fn push_above<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, heights: Heights)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push(" AND c.last_activity > CASE WHEN s.pinned > 0 THEN ").push_bind(heights.pinned);
    query.push(" ELSE ").push_bind(heights.others).push(" END");
}

/// An activity for each of the two parts of a list: what moves up comes to the top of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Heights {
    pinned: Timestamp,
    others: Timestamp,
}

/// One way through a list, from its top. What stood above the floor of a part when the way came to it
/// was on one page; if something else does at the end, chats have moved up past it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Round {
    /// It goes down to here.
    above: Heights,
    /// [`UNSEEN`] for a part that it has not come to.
    floor: Heights,
    /// How many stood above the floor.
    count: i64,
    /// The newest activity of these.
    newest: Timestamp,
}

/// The floor of a part of which nothing is known.
const UNSEEN: Timestamp = i64::MAX;

/// A chat that moves up has an activity that is at most so much older, in milliseconds, than the newest
/// that was seen before: two are written at once, and clocks of servers differ.
const MAX_DISORDER_MS: Timestamp = 10_000;

impl Round {
    /// With what its next page tells of the parts that begin on it; `ends`: it is the last page.
    fn seen(mut self, rows: &[ChatListRow], ends: bool) -> Self {
        let others_at = rows.iter().position(|row| row.pinned == 0);
        let (pinned, others) = rows.split_at(others_at.unwrap_or(rows.len()));
        if self.floor.pinned == UNSEEN {
            let is_whole = ends || !others.is_empty();
            self.floor.pinned = self.part(pinned, self.above.pinned, is_whole);
        }
        if self.floor.others == UNSEEN && (ends || !others.is_empty()) {
            self.floor.others = self.part(others, self.above.others, ends);
        }
        self
    }

    /// Notes what stands above the floor of a part, and gives that: the height to which all is on the
    /// page, but no deeper than it has to be, since it is listed once more if anything moves.
    fn part(&mut self, rows: &[ChatListRow], above: Timestamp, is_whole: bool) -> Timestamp {
        let floor = match rows {
            [first, .., last] | [first @ last] if !is_whole => {
                last.last_activity.max(first.last_activity.saturating_sub(MAX_DISORDER_MS))
            }
            _ => above,
        };
        for row in rows.iter().filter(|row| row.last_activity > floor) {
            self.count += 1;
            self.newest = self.newest.max(row.last_activity);
        }
        floor
    }
}

/// Where the next page of a list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    after: Position,
    round: Round,
}

impl Cursor {
    /// Before the first row.
    const FIRST: Self = Self::above(Heights { pinned: i64::MIN, others: i64::MIN });

    /// Before the first row of those above these heights.
    const fn above(above: Heights) -> Self {
        let floor = Heights { pinned: UNSEEN, others: UNSEEN };
        Self { after: Position::START, round: Round { above, floor, count: 0, newest: i64::MIN } }
    }

    fn parse(cursor: &str) -> Option<Self> {
        let mut parts = cursor.split('.').map(str::parse);
        let mut next = || parts.next()?.ok();
        let after = Position { pinned: next()?, activity: next()?, id: next()? };
        let above = Heights { pinned: next()?, others: next()? };
        let floor = Heights { pinned: next()?, others: next()? };
        let round = Round { above, floor, count: next()?, newest: next()? };
        parts.next().is_none().then_some(Self { after, round })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { after, round: Round { above, floor, count, newest } } = self;
        write!(f, "{}.{}.{}", after.pinned, after.activity, after.id)?;
        for Heights { pinned, others } in [above, floor] {
            write!(f, ".{pinned}.{others}")?;
        }
        write!(f, ".{count}.{newest}")
    }
}

/// Where a row stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    pinned: i64,
    activity: Timestamp,
    id: i64,
}

impl Position {
    /// Before the first row.
    const START: Self = Self { pinned: i64::MAX, activity: i64::MAX, id: i64::MAX };
}
