//! Groups: making them, and how they are set.

use std::collections::BTreeSet;

use app::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, GroupName, History, UserId, limits,
};
use tokio::sync::oneshot;

use super::permissions::{Action, may};
use super::{Chat, ReplyTo};
use crate::error::Error;
use crate::store::writer::{Change, ChangeKind, Changed, GroupSettings, NewAvatar, NewGroup, Rule};

impl Chat {
    /// Makes a group of the viewer, who owns it, and these people, but for those who block the viewer.
    ///
    /// # Errors
    /// `validation` on `name` or `member_ids`, `not_found` when one of them is not there.
    pub async fn create_group(
        &self,
        viewer: UserId,
        name: &str,
        members: Vec<UserId>,
        open: bool,
        history: History,
    ) -> Result<Conversation, Error> {
        let name = GroupName::parse(name)?;
        let members = others("member_ids", members, viewer)?;
        loop {
            let id = ConversationId::new(self.ids.next());
            let (name, members) = (name.clone(), members.clone());
            let kind = ChangeKind::Create(NewGroup { name, members, open, history });
            match self.change(viewer, id, kind, |_| Ok(())).await {
                Ok(_) => return self.conversation(viewer, id).await,
                Err(Error::Api(error)) if error.kind == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Sets what is given of a group, if anything is.
    ///
    /// # Errors
    /// `validation` on `name`, `not_found` unless a member, `forbidden` unless an admin.
    pub async fn set_group(
        &self,
        viewer: UserId,
        id: ConversationId,
        name: Option<&str>,
        open: Option<bool>,
        history: Option<History>,
    ) -> Result<(), Error> {
        let name = name.map(GroupName::parse).transpose()?;
        if name.is_none() && open.is_none() && history.is_none() {
            return Ok(());
        }
        self.set(viewer, id, GroupSettings { name, open, history, avatar: None }).await
    }

    /// Whether the viewer may set how a group is, before the work is done that it takes.
    ///
    /// # Errors
    /// `not_found` unless a member, `forbidden` unless an admin of a group.
    pub async fn check_may_set(&self, viewer: UserId, id: ConversationId) -> Result<(), Error> {
        self.check(Action::Set, viewer, id).await
    }

    /// Gives a group another picture, which is kept under this hash, or none.
    ///
    /// # Errors
    /// `not_found` unless a member, `forbidden` unless an admin of a group.
    pub async fn set_group_avatar(
        &self,
        viewer: UserId,
        id: ConversationId,
        hash: Option<String>,
    ) -> Result<Conversation, Error> {
        let avatar = Some(hash.map_or(NewAvatar::None, NewAvatar::Kept));
        self.set(viewer, id, GroupSettings { avatar, ..GroupSettings::default() }).await?;
        self.conversation(viewer, id).await
    }

    async fn set(
        &self,
        viewer: UserId,
        id: ConversationId,
        settings: GroupSettings,
    ) -> Result<(), Error> {
        let rule: Rule = |standing| may(Action::Set, standing);
        self.change(viewer, id, ChangeKind::Set(settings), rule).await.map(drop)
    }

    /// Has the writer change a conversation, and waits until that is stored.
    pub(super) async fn change(
        &self,
        actor: UserId,
        conversation_id: ConversationId,
        kind: ChangeKind,
        rule: Rule,
    ) -> Result<Changed, Error> {
        let actor = self.user(actor).await?;
        let (reply, outcome) = oneshot::channel();
        let reply = ReplyTo::Caller(reply);
        self.writer.change(Change { conversation_id, actor, kind, rule, reply }).await?;
        outcome.await.unwrap_or_else(|_| Err(ApiError::unavailable())).map_err(Error::from)
    }
}

/// These people without the viewer, each once.
///
/// # Errors
/// `validation` on the field when they are more than a group holds.
pub(super) fn others(
    field: &str,
    people: Vec<UserId>,
    viewer: UserId,
) -> Result<Vec<UserId>, ApiError> {
    let others: BTreeSet<_> = people.into_iter().filter(|user| *user != viewer).collect();
    if others.len() >= limits::MEMBERS {
        let message = format!("A group has at most {} members", limits::MEMBERS);
        return Err(ApiError::validation(field, message));
    }
    Ok(others.into_iter().collect())
}
