//! A group as it lies in the database, and how everyone is told that it changed.

use std::sync::Arc;

use app::protocol::{
    ApiError, ClientId, Conversation as Shown, ConversationId, ConversationKind, History, Message,
    Role, Seq, SystemEvent, SystemNotice, Timestamp, User, UserId,
};
use sqlx::QueryBuilder;

use super::{ChangeKind, Changed, Done, Scene, Standing, Stop};
use crate::event::{Event, GroupChange};
use crate::store::conversations::{
    BLOCKED, EVERYTHING, GROUP, OPEN, first_visible, role, role_number,
};
use crate::store::dialect::Dialect;
use crate::store::engine::on_engine;
use crate::store::lists::{padded, powers_of_two};
use crate::store::names::name_key;
use crate::store::rows::{system_message, unreadable};
use crate::store::subjects::people_among;
use crate::store::transaction::Transaction;
use crate::store::writer::plan::{Conversation, Member, Membership};
use crate::store::writer::statements::message_at;
use crate::store::writer::work::QueuedChange;
use crate::store::{Result, StoreError};

/// What of a group's row a change may change.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) is_open: i64,
    pub(super) history: i64,
    pub(super) closed: i64,
    pub(super) member_count: i64,
    rev: i64,
    last_activity: Timestamp,
}

impl Group {
    /// One that is made now.
    pub(super) fn new(name: String, open: bool, history: History) -> Self {
        let mut group = Self {
            name,
            is_open: i64::from(open),
            history: 0,
            closed: 0,
            member_count: 0,
            rev: 0,
            last_activity: 0,
        };
        group.set_history(history);
        group
    }

    pub(super) fn set_history(&mut self, history: History) {
        self.history = match history {
            History::Joined => 1,
            History::All => EVERYTHING,
        };
    }
}

/// What a change did to a group, to be told.
#[derive(Default)]
pub(super) struct News {
    pub(super) messages: Vec<Arc<Message>>,
    pub(super) newcomers: Vec<UserId>,
    pub(super) left: Vec<UserId>,
    /// To whom it looks different, since their role is another.
    pub(super) seen_differently: Vec<UserId>,
    /// Who is to hear of it, where that is not who is in it now.
    pub(super) audience: Option<Membership>,
}

impl Scene<'_, '_> {
    /// The group's row and how the actor stands in it, once the rule allows what they want to do,
    /// to `subject` if it is done to someone. What is not there is looked for as long as what is not
    /// the actor's.
    pub(super) async fn allowed(
        &mut self,
        change: &QueuedChange,
        subject: Option<UserId>,
    ) -> Result<(Group, Standing), Stop> {
        let id = change.conversation_id;
        let row = find_group(self.transaction, id).await?;
        let oneself = subject == Some(change.actor.id);
        let other = match subject.filter(|_| !oneself) {
            Some(other) => role_in(self.transaction, id, other).await?,
            None => None,
        };
        let conversation = self.conversation(change)?;
        let (kind, actor) = (conversation.kind(), conversation.role_of(change.actor.id));
        let group = row.ok_or_else(ApiError::not_found)?;
        let subject = if oneself { actor } else { other };
        let (open, blocked) = (group.is_open != 0, group.closed == BLOCKED);
        let standing = Standing { kind, open, actor, subject, oneself, blocked, gone: false };
        (change.rule)(&standing)?;
        Ok((group, standing))
    }

    /// Appends the message that tells what the actor did.
    pub(super) fn say(
        &mut self,
        change: &QueuedChange,
        name: &str,
        notice: SystemNotice,
    ) -> Result<Arc<Message>, Stop> {
        let now = self.now;
        let client_id = ClientId::parse(name)?;
        let seq = self.conversation(change)?.next_seq(change.actor.id);
        let id = change.conversation_id;
        let message = Arc::new(system_message(id, Seq::new(seq), client_id, notice, now));
        self.planner.insert(Arc::clone(&message));
        Ok(message)
    }

    /// Takes these in from a position on: what comes before is not for them, unless the group's
    /// history is.
    pub(super) async fn seat(
        &mut self,
        change: &QueuedChange,
        users: &[(UserId, Role)],
        joined_seq: i64,
    ) -> Result<(), Stop> {
        // Who comes in by themselves wrote the message that says so, and so has read it.
        let held = |user: UserId| if user == change.actor.id { joined_seq } else { joined_seq - 1 };
        let sessions: Vec<_> = users.iter().map(|(id, role)| (*id, *role, held(*id))).collect();
        insert_sessions(self.transaction, change.conversation_id, &sessions, joined_seq, self.now)
            .await?;
        let conversation = self.conversation(change)?;
        for (user_id, role, held) in sessions {
            conversation.members.push(Member {
                user_id,
                role,
                read_seq: held,
                delivered_seq: held,
                marked_unread: false,
                version: 0,
                changed: false,
            });
        }
        conversation.regroup(|ids| {
            ids.extend(users.iter().map(|(id, _)| *id));
            ids.sort_unstable();
        });
        Ok(())
    }

    /// Tells once more of what an earlier attempt has done, as far as it can be known: nobody heard
    /// of it.
    pub(super) async fn told_again(
        &mut self,
        change: &QueuedChange,
        message: Arc<Message>,
    ) -> Result<Done, Stop> {
        let row = find_group(self.transaction, change.conversation_id).await?;
        let group = row.ok_or_else(ApiError::not_found)?;
        let membership = self.conversation(change)?.membership();
        let is_in = |user: &UserId| membership.ids.binary_search(user).is_ok();
        // Others may have come and gone since.
        let (id, seq) = (change.conversation_id, message.seq.get());
        let then = membership.as_of(self.transaction, id, seq).await?;
        let mut news = News::default();
        if let Some(handed_over) = self.stored_message(change, &hand_over_name(change)).await? {
            news.messages.push(handed_over);
        }
        news.messages.push(message);
        match &change.kind {
            ChangeKind::Create(new) => news.newcomers.clone_from(&new.members),
            ChangeKind::Add(users) => news.newcomers.clone_from(users),
            ChangeKind::Remove(user) => news.left.push(*user),
            ChangeKind::SetRole(user, _) => news.seen_differently.push(*user),
            // What happens to messages is told by them.
            ChangeKind::Join
            | ChangeKind::Set(_)
            | ChangeKind::Edit(..)
            | ChangeKind::Recall(_)
            | ChangeKind::React(..) => {}
        }
        if matches!(change.kind, ChangeKind::Create(_) | ChangeKind::Join) {
            news.newcomers.push(change.actor.id);
        }
        news.newcomers.retain(|user| then.ids.binary_search(user).is_ok());
        news.left.retain(|user| !is_in(user));
        news.audience = Some(then);
        self.told(change, &group, news).await
    }

    /// Stores how the group is now, and tells it.
    pub(super) async fn changed(
        &mut self,
        change: &QueuedChange,
        mut group: Group,
        news: News,
    ) -> Result<Done, Stop> {
        let conversation = self.conversation(change)?;
        let membership = conversation.membership();
        group.member_count = i64::try_from(membership.ids.len()).map_err(unreadable)?;
        write_group(self.transaction, change.conversation_id, &group, membership.rev).await?;
        self.told(change, &group, news).await
    }

    /// Tells how the group is now.
    pub(super) async fn told(
        &mut self,
        change: &QueuedChange,
        group: &Group,
        news: News,
    ) -> Result<Done, Stop> {
        let id = change.conversation_id;
        let last_seq = self.conversation(change)?.last_seq;
        let newest = match news.messages.last().cloned().or_else(|| self.planner.newest(id)) {
            Some(newest) => Some(newest),
            None => message_at(self.transaction, id, last_seq).await?.map(Arc::new),
        };
        let conversation = self.conversation(change)?;
        let membership = news.audience.unwrap_or_else(|| conversation.membership());
        // Who comes in has read what was before the message that says so, and it if it is their own.
        let first = news.messages.first().map_or(last_seq, |message| message.seq.get());
        let shown = Shown {
            id,
            kind: ConversationKind::Group,
            name: group.name.clone(),
            avatar_url: None,
            peer: None,
            role: Some(Role::Member),
            member_count: u32::try_from(group.member_count).map_err(unreadable)?,
            last_message: newest.as_deref().cloned(),
            first_seq: Seq::new(first_visible(group.history, first, 0)),
            last_seq: Seq::new(last_seq),
            rev: group.rev,
            updated_at: newest.map_or(group.last_activity, |newest| newest.created_at),
            read_seq: Seq::new(first - 1),
            delivered_seq: Seq::new(first - 1),
            peer_read_seq: None,
            peer_delivered_seq: None,
            unread: 0,
            mention_seq: None,
            marked_unread: false,
            pinned: false,
            muted_until: None,
            archived: false,
            open: group.is_open != 0,
            history: if group.history == EVERYTHING { History::All } else { History::Joined },
        };
        let (own, others): (Vec<_>, Vec<_>) =
            news.newcomers.into_iter().partition(|user| *user == change.actor.id);
        let mut newcomers = Vec::new();
        if !own.is_empty() {
            let role = conversation.role_of(change.actor.id);
            let (read_seq, delivered_seq) = (Seq::new(first), Seq::new(first));
            newcomers.push((Shown { role, read_seq, delivered_seq, ..shown.clone() }, own));
        }
        if !others.is_empty() {
            newcomers.push((shown.clone(), others));
        }
        let message = news.messages.last().cloned();
        let told = GroupChange {
            conversation: shown,
            messages: news.messages,
            audience: membership.audience(),
            newcomers,
            left: news.left,
            origin: change.origin().cloned(),
        };
        let differently = news.seen_differently.into_iter();
        let differently = differently.map(|to| Event::Changed { conversation_id: id, to });
        let events = std::iter::once(Event::Group(Arc::new(told))).chain(differently).collect();
        Ok(Done { events, changed: Changed { message } })
    }
}

impl Conversation {
    /// Who is in it: nobody in what is no group.
    pub(super) fn membership(&self) -> Membership {
        self.group.clone().unwrap_or(Membership::unknown(0))
    }

    /// A group that is made now.
    pub(super) fn new_group() -> Self {
        Self {
            last_seq: 0,
            closed: OPEN,
            group: Some(Membership::unknown(0)),
            members: Vec::new(),
            grown: false,
            regrouped: false,
        }
    }

    /// Gives a member a role, if they do something in this transaction.
    pub(super) fn appoint(&mut self, user: UserId, role: Role) {
        if let Some(member) = self.members.iter_mut().find(|member| member.user_id == user) {
            member.role = role;
        }
    }

    /// Changes who is in it.
    pub(super) fn regroup(&mut self, change: impl FnOnce(&mut Vec<UserId>)) {
        let Membership { rev, ids } = self.membership();
        let mut ids = ids.to_vec();
        change(&mut ids);
        self.group = Some(Membership { rev: rev + 1, ids: ids.into() });
        self.regrouped = true;
    }
}

/// The name of the message that an owner who leaves hands over: another one than that of the message
/// by which another attempt is known.
pub(super) fn hand_over_name(change: &QueuedChange) -> String {
    format!("{}.owner", change.notice)
}

/// A notice of what someone did.
pub(super) fn notice(actor: &User, event: SystemEvent, subjects: Vec<User>) -> SystemNotice {
    SystemNotice { event, actor: actor.clone(), subjects, name: None }
}

/// People who are there, and stay until the commit; in the order in which they were asked for.
///
/// # Errors
/// `not_found` when one of them is not.
pub(super) async fn people(
    transaction: &mut Transaction,
    ids: &[UserId],
) -> Result<Vec<User>, Stop> {
    let mut there = Vec::with_capacity(ids.len());
    for chunk in padded(ids) {
        let rows: Vec<i64> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("SELECT id FROM user WHERE deleted_at IS NULL AND id IN (");
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(") ORDER BY id").push(Dialect::of::<Db>().for_share());
            let rows = query.build_query_scalar().fetch_all(connection).await;
            rows.map_err(StoreError::from)?
        });
        there.extend(rows.into_iter().map(UserId::new));
    }
    let mut found = people_among(transaction.connection()?, &there).await?;
    let people: Option<Vec<_>> = ids.iter().map(|id| found.remove(id)).collect();
    people.ok_or_else(|| ApiError::not_found().into())
}

/// What someone is in a conversation.
pub(super) async fn role_in(
    transaction: &mut Transaction,
    id: ConversationId,
    user: UserId,
) -> Result<Option<Role>> {
    let number: Option<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT role FROM message_session WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(user.get())
        .bind(id.get())
        .fetch_optional(connection)
        .await?
    });
    number.map(role).transpose()
}

async fn find_group(transaction: &mut Transaction, id: ConversationId) -> Result<Option<Group>> {
    Ok(on_engine!(transaction.connection()?, |connection| {
        sqlx::query_as(
            "SELECT name, is_open, history, closed, member_count, rev, last_activity \
             FROM conversation WHERE id = ?",
        )
        .bind(id.get())
        .fetch_optional(connection)
        .await?
    }))
}

/// Gives a member a role.
pub(super) async fn set_role(
    transaction: &mut Transaction,
    id: ConversationId,
    user: UserId,
    role: Role,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE message_session SET role = ? WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(role_number(role))
        .bind(user.get())
        .bind(id.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Makes the row of a group that nobody is in yet.
pub(super) async fn insert_group(
    transaction: &mut Transaction,
    id: ConversationId,
    group: &Group,
    now: Timestamp,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "INSERT INTO conversation (id, kind, name, is_open, history, last_activity, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.get())
        .bind(GROUP)
        .bind(&group.name)
        .bind(group.is_open)
        .bind(group.history)
        .bind(now)
        .bind(now)
        .execute(connection)
        .await?;
    });
    Ok(())
}

async fn write_group(
    transaction: &mut Transaction,
    id: ConversationId,
    group: &Group,
    members_rev: i64,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE conversation SET name = ?, name_key = ?, is_open = ?, history = ?, closed = ?, \
             member_count = ?, members_rev = ?, version = version + 1 WHERE id = ?",
        )
        .bind(&group.name)
        .bind(name_key(&group.name))
        .bind(group.is_open)
        .bind(group.history)
        .bind(group.closed)
        .bind(group.member_count)
        .bind(members_rev)
        .bind(id.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

async fn insert_sessions(
    transaction: &mut Transaction,
    id: ConversationId,
    sessions: &[(UserId, Role, i64)],
    joined_seq: i64,
    now: Timestamp,
) -> Result<()> {
    for chunk in powers_of_two(sessions) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO message_session (user_id, conversation_id, role, read_seq, \
                 delivered_seq, joined_seq, joined_at) ",
            );
            query.push_values(chunk, |mut row, (user, role, held)| {
                row.push_bind(user.get()).push_bind(id.get()).push_bind(role_number(*role));
                row.push_bind(*held).push_bind(*held);
                row.push_bind(joined_seq).push_bind(now);
            });
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}
