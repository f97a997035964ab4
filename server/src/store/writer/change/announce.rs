//! How everyone is told that a group changed: by the messages that say so, and as it looks now.

use std::sync::Arc;

use app::protocol::{
    ApiError, ClientId, Content, Conversation as Shown, ConversationKind, History, Message, Role,
    Seq, SystemEvent, SystemNotice, User, UserId, limits,
};

use super::group::{Group, find_group, write_group};
use super::{ChangeContext, ChangeKind, Changed, Done, Stop};
use crate::events::{Audience, Event, Fact, GroupChange, GroupMembers, Local, Members, Newcomers};
use crate::store::codes::{EVERYTHING, first_visible};
use crate::store::error::unreadable;
use crate::store::message_changes::message_at;
use crate::store::rows::avatar_url;
use crate::store::writer::batch::QueuedChange;

/// What a change did to a group, to be told.
#[derive(Default)]
pub(super) struct Announcement {
    pub(super) messages: Vec<Arc<Message>>,
    pub(super) newcomers: Vec<UserId>,
    pub(super) left: Vec<UserId>,
    /// To whom it looks different, since their role is another.
    pub(super) seen_differently: Vec<UserId>,
    /// Who is to hear of it, where that is not who is in it now.
    pub(super) audience: Option<GroupMembers>,
}

impl ChangeContext<'_, '_> {
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
        let (sender, content) = (notice.actor.clone(), Content::System(Box::new(notice)));
        let message = Message::new(id, Seq::new(seq), client_id, sender, content, now);
        let message = Arc::new(message);
        self.planner.insert(Arc::clone(&message));
        Ok(message)
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
        let members = self.conversation(change)?.group_members();
        let is_in = |user: &UserId| members.ids.binary_search(user).is_ok();
        // Others may have come and gone since.
        let (id, seq) = (change.conversation_id, message.seq.get());
        let then = members.as_of(self.transaction, id, seq).await?;
        let mut news = Announcement::default();
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
            | ChangeKind::React(..)
            | ChangeKind::Move(..)
            | ChangeKind::Answer(..) => {}
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
        news: Announcement,
    ) -> Result<Done, Stop> {
        let conversation = self.conversation(change)?;
        let members = conversation.group_members();
        group.member_count = i64::try_from(members.ids.len()).map_err(unreadable)?;
        write_group(self.transaction, change.conversation_id, &group, members.rev).await?;
        self.told(change, &group, news).await
    }

    /// Tells how the group is now.
    pub(super) async fn told(
        &mut self,
        change: &QueuedChange,
        group: &Group,
        news: Announcement,
    ) -> Result<Done, Stop> {
        let id = change.conversation_id;
        let last_seq = self.conversation(change)?.last_seq;
        let newest = match news.messages.last() {
            Some(newest) => Some(Arc::clone(newest)),
            None => message_at(self.transaction, None, id, Seq::new(last_seq)).await?.map(Arc::new),
        };
        let conversation = self.conversation(change)?;
        let members = news.audience.unwrap_or_else(|| conversation.group_members());
        // Who comes in has read what was before the message that says so, and it if it is their own.
        let first = news.messages.first().map_or(last_seq, |message| message.seq.get());
        let shown = Shown {
            id,
            kind: ConversationKind::Group,
            name: group.name.clone(),
            avatar_url: avatar_url(group.avatar.as_deref()),
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
            let conversation = Shown { role, read_seq, delivered_seq, ..shown.clone() };
            newcomers.push(Newcomers { conversation, people: own });
        }
        if !others.is_empty() {
            newcomers.push(Newcomers { conversation: shown.clone(), people: others });
        }
        let message = news.messages.last().cloned();
        let told = GroupChange {
            conversation: shown,
            messages: news.messages,
            audience: Audience::Group { members_rev: members.rev },
            newcomers,
            left: news.left,
        };
        let local =
            Local { origin: change.origin().cloned(), members: Some(Members::Group(members)) };
        let told = Event::Fact { fact: Fact::GroupChanged(Arc::new(told)), local };
        let differently = news.seen_differently.into_iter();
        let differently =
            differently.map(|to| Fact::ConversationChanged { conversation_id: id, to }.into());
        let events = std::iter::once(told).chain(differently).collect();
        Ok(Done { events, changed: Changed { message } })
    }
}

/// The name of the message that an owner who leaves hands over: another one than that of the message
/// by which another attempt is known.
pub(super) fn hand_over_name(change: &QueuedChange) -> String {
    format!("{}.owner", change.notice)
}

/// A notice of what someone did, which names the first of those to whom it was done.
pub(super) fn notice(actor: &User, event: SystemEvent, mut subjects: Vec<User>) -> SystemNotice {
    let beyond = subjects.len().saturating_sub(limits::SUBJECTS);
    subjects.truncate(limits::SUBJECTS);
    let subjects_more = u32::try_from(beyond).unwrap_or(u32::MAX);
    SystemNotice { event, actor: actor.clone(), subjects, subjects_more, name: None }
}
