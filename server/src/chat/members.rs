//! The members of a group: who they are, who comes, who goes, what each may do.

use std::collections::HashSet;

use app::protocol::SharedGroup;
use app::protocol::{
    ApiError, Conversation, ConversationId, ConversationKind, ErrorKind, ListPage, Member,
    OpenGroup, Role, User, UserId,
};

use super::groups::others;
use super::permissions::{Action, may};
use super::{Chat, ReplyTo};
use crate::error::Error;
use crate::events::Origin;
use crate::store::writer::{Change, ChangeKind, Rule, Standing};

impl Chat {
    /// A page of those of a group's members whose username or nickname starts with `query`, all of
    /// them for a blank one: the owner first, then admins, then the others as they came.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member, `forbidden` where it is no group.
    pub async fn members(
        &self,
        viewer: UserId,
        id: ConversationId,
        query: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Member>, Error> {
        self.check(Action::ListMembers, viewer, id).await?;
        Ok(self.store.members(id, query.trim(), cursor, limit).await?)
    }

    /// Whether a member may do this as things stand now; what is decided under the writer's lock is asked there again.
    pub(super) async fn check(
        &self,
        action: Action,
        viewer: UserId,
        id: ConversationId,
    ) -> Result<(), Error> {
        let membership =
            self.store.membership(viewer, id).await?.ok_or_else(ApiError::not_found)?;
        let kind =
            if membership.is_group { ConversationKind::Group } else { ConversationKind::Private };
        let standing = Standing {
            kind,
            open: false,
            actor: Some(membership.role),
            subject: None,
            oneself: false,
            blocked: false,
            gone: false,
        };
        Ok(may(action, &standing)?)
    }

    /// A page of all of them, with how those are seen whose presence the viewer may know.
    ///
    /// # Errors
    /// As [`Self::members`].
    pub async fn members_seen(
        &self,
        viewer: UserId,
        id: ConversationId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Member>, Error> {
        let mut page = self.members(viewer, id, "", cursor, limit).await?;
        let people: Vec<_> = page.items.iter().map(|member| member.user.id).collect();
        let people: Vec<_> = self.store.watched_among(viewer, &people).await?.into_iter().collect();
        let seen = self.presences_of(&people).await?;
        for Member { user, .. } in &mut page.items {
            user.presence = seen.get(&user.id).copied();
        }
        Ok(page)
    }

    /// The groups that both the viewer and someone else are in, by name.
    pub async fn shared_groups(
        &self,
        viewer: UserId,
        other: UserId,
        limit: u32,
    ) -> Result<Vec<SharedGroup>, Error> {
        Ok(self.store.shared_groups(viewer, other, limit).await?)
    }

    /// Those of these people who are not in a conversation, whose member the caller is.
    pub async fn outsiders(
        &self,
        id: ConversationId,
        people: Vec<User>,
    ) -> Result<Vec<User>, Error> {
        let ids: Vec<_> = people.iter().map(|user| user.id).collect();
        let members = self.store.members_among(id, &ids).await?;
        let members: HashSet<_> = members.into_iter().map(|member| member.user.id).collect();
        Ok(people.into_iter().filter(|user| !members.contains(&user.id)).collect())
    }

    /// Brings people into a group; returns how those are in it who came. Who blocks the viewer does not,
    /// nor for a day who left it after the viewer had brought them in: perhaps it is nobody.
    ///
    /// # Errors
    /// `validation` on `user_ids`, `not_found` unless a member or when one of them is not there,
    /// `forbidden` unless an admin, `conflict` when one is in it already or the group is full.
    pub async fn add_members(
        &self,
        viewer: UserId,
        id: ConversationId,
        users: Vec<UserId>,
    ) -> Result<Vec<Member>, Error> {
        if users.is_empty() {
            return Err(ApiError::validation("user_ids", "user_ids is empty").into());
        }
        let oneself = users.contains(&viewer);
        let users = others("user_ids", users, viewer)?;
        // Nobody adds themselves: a member is one already, and nobody else may add.
        let asked = if oneself { vec![viewer] } else { users.clone() };
        let rule: Rule = |standing| may(Action::Add, standing);
        self.change(viewer, id, ChangeKind::Add(asked), rule).await?;
        Ok(self.store.members_among(id, &users).await?)
    }

    /// The viewer comes into an open group.
    ///
    /// # Errors
    /// `not_found` unless it is open, `conflict` when they are in it already or it is full.
    pub async fn join(&self, viewer: UserId, id: ConversationId) -> Result<Conversation, Error> {
        self.change(viewer, id, ChangeKind::Join, JOIN).await?;
        self.conversation(viewer, id).await
    }

    /// Takes someone out of a group, or lets the viewer leave it.
    ///
    /// # Errors
    /// `not_found` unless both are members, `forbidden` unless the viewer's role is above theirs, or
    /// where it is no group.
    pub async fn remove_member(
        &self,
        viewer: UserId,
        id: ConversationId,
        user: UserId,
    ) -> Result<(), Error> {
        self.change(viewer, id, ChangeKind::Remove(user), REMOVE).await?;
        self.forget_typing(id, user);
        self.drop_reminders_in(user, id).await;
        Ok(())
    }

    /// Gives a member of a group another role; returns how they are in it now.
    ///
    /// # Errors
    /// `not_found` unless both are members, `forbidden` unless the viewer owns the group.
    pub async fn set_role(
        &self,
        viewer: UserId,
        id: ConversationId,
        user: UserId,
        role: Role,
    ) -> Result<Member, Error> {
        let permitted: Rule = match role {
            Role::Owner => |standing| may(Action::HandOver, standing),
            Role::Admin | Role::Member => |standing| may(Action::Appoint, standing),
        };
        self.change(viewer, id, ChangeKind::SetRole(user, role), permitted).await?;
        // They may have gone since.
        let member = self.store.members_among(id, &[user]).await?.pop();
        member.ok_or_else(|| ApiError::not_found().into())
    }

    /// Queues that a socket's user comes into an open group, or leaves a group: the socket learns of
    /// it by the events.
    ///
    /// # Errors
    /// `unavailable` while shutting down.
    pub async fn queue_join_or_leave(
        &self,
        user: UserId,
        conversation_id: ConversationId,
        joins: bool,
        origin: Origin,
    ) -> Result<(), Error> {
        let actor = self.user(user).await?;
        let (kind, rule) =
            if joins { (ChangeKind::Join, JOIN) } else { (ChangeKind::Remove(user), REMOVE) };
        if !joins {
            self.forget_typing(conversation_id, user);
        }
        let reply = ReplyTo::Socket(origin);
        let change = Change { conversation_id, actor, kind, rule, reply };
        self.writer.change(change).await.map_err(Error::from)
    }

    /// Takes the viewer out of all their groups; whoever owns one hands it over.
    pub async fn leave_groups(&self, viewer: UserId) -> Result<(), Error> {
        for id in self.store.groups_of(viewer).await? {
            match self.remove_member(viewer, id, viewer).await {
                // They were removed meanwhile.
                Err(Error::Api(error)) if error.kind == ErrorKind::NotFound => {}
                left => left?,
            }
        }
        Ok(())
    }

    /// Open groups whose name starts with `query`, by name; all of them for a blank one.
    pub async fn find_groups(
        &self,
        viewer: UserId,
        query: &str,
        limit: u32,
    ) -> Result<Vec<OpenGroup>, Error> {
        Ok(self.store.open_groups(viewer, query.trim(), limit).await?)
    }
}

const JOIN: Rule = |standing| may(Action::Join, standing);
const REMOVE: Rule = |standing| may(Action::Remove, standing);
