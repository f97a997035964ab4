//! A message that changes: edited, recalled, reacted to.
//!
//! Each change takes the conversation's next `rev`, and what changes nothing takes none. All is read
//! and written in statements of its own: a change is rare beside the messages that it shares its
//! transaction with.

use std::sync::Arc;

use app::protocol::{
    ApiError, Caption, Content, ErrorKind, Message, ReactionChange, Seq, limits, rules,
};

use super::{ChangeContext, Changed, Done, Standing, Stop};
use crate::events::{Event, Fact, Local, Members, MessageChange};
use crate::store::codes::{BLOCKED, OPEN};
use crate::store::mentions::{self, Mentions};
use crate::store::writer::batch::QueuedChange;
use crate::store::{message_changes as rows, message_files, reactions, schedules};

/// A message that is to change, as its actor sees it.
pub(super) struct Found {
    pub(super) message: Message,
    /// Who is in the conversation.
    everyone: Members,
    /// The conversation's newest position.
    last_seq: Seq,
    /// The `rev` of the next change.
    pub(super) rev: i64,
}

impl ChangeContext<'_, '_> {
    /// Gives a text, or what stands below files, other words.
    pub(super) async fn edit(
        &mut self,
        change: &QueuedChange,
        seq: Seq,
        words: &Caption,
        mentions: &Mentions,
    ) -> Result<Done, Stop> {
        let found = self.message(change, seq).await?;
        let message = &found.message;
        if !rules::is_editable(message) {
            let others = message.forwarded_from.is_some() && !message.is_recalled();
            let why = if others {
                "These are someone else's words"
            } else {
                "This message cannot be edited"
            };
            return Err(forbidden(why).into());
        }
        let content = message.content.clone().reworded(words)?;
        if message.content == content {
            return self.no_change(change, found, None).await;
        }
        let edited = Message {
            content,
            edited_at: Some(self.now),
            mentions: mentions.among(&found.everyone),
            mentions_all: mentions.names_everyone(&found.everyone),
            rev: found.rev,
            ..message.clone()
        };
        rows::edit(self.transaction, &edited).await?;
        mentions::delete(self.transaction, message).await?;
        mentions::insert(self.transaction, &Mentions::rows(&edited)).await?;
        self.message_changed(change, found, None).await
    }

    /// Takes a message back: its place stays, and what it said goes.
    pub(super) async fn recall(&mut self, change: &QueuedChange, seq: Seq) -> Result<Done, Stop> {
        let found = self.message(change, seq).await?;
        let message = &found.message;
        if !rules::is_recallable(&message.content) {
            return Err(forbidden("This message cannot be recalled").into());
        }
        if message.is_recalled() {
            return self.no_change(change, found, None).await;
        }
        let id = message.conversation_id;
        rows::recall(self.transaction, id, seq, found.rev).await?;
        mentions::delete(self.transaction, message).await?;
        reactions::delete_all(self.transaction, id, seq).await?;
        message_files::let_go(self.transaction, message, self.now).await?;
        if matches!(message.content, Content::Schedule { .. }) {
            schedules::recall(self.transaction, (id, seq), found.rev, self.now).await?;
        }
        self.message_changed(change, found, None).await
    }

    /// Puts the actor's reaction on a message, or takes it off.
    pub(super) async fn react(
        &mut self,
        change: &QueuedChange,
        seq: Seq,
        emoji: &'static str,
        added: bool,
    ) -> Result<Done, Stop> {
        let found = self.message(change, seq).await?;
        let message = &found.message;
        if !rules::takes_reactions(&message.content) {
            return Err(forbidden("Nobody can react to this message").into());
        }
        let there = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
        let reaction = ReactionChange { emoji: emoji.to_owned(), added };
        if there.and_then(|reaction| reaction.mine).unwrap_or_default() == added {
            return self.no_change(change, found, Some(reaction)).await;
        }
        if added && there.is_none() && message.reactions.len() >= limits::REACTIONS {
            let most = limits::REACTIONS;
            let error = format!("A message has at most {most} different reactions");
            return Err(ApiError::validation("emoji", error).into());
        }
        let (id, actor) = (message.conversation_id, change.actor.id);
        if added {
            reactions::insert(self.transaction, id, seq, actor, emoji, found.rev).await?;
        } else {
            reactions::delete(self.transaction, id, seq, actor, emoji).await?;
        }
        rows::set_rev(self.transaction, id, seq, found.rev).await?;
        self.message_changed(change, found, Some(reaction)).await
    }

    /// The message at a position, which the actor can see and by the rule may change.
    pub(super) async fn message(&mut self, change: &QueuedChange, seq: Seq) -> Result<Found, Stop> {
        let (id, actor) = (change.conversation_id, change.actor.id);
        let conversation = self.conversation(change)?;
        let (kind, closed) = (conversation.kind(), conversation.closed);
        let role = conversation.role_of(actor);
        let last_seq = Seq::new(conversation.last_seq);
        let everyone = conversation.everyone().ok_or_else(ApiError::not_found)?;
        // Whoever is no member learns the same of every message, whether it is there or not.
        let standing = Standing {
            kind,
            open: false,
            actor: role,
            subject: None,
            oneself: false,
            blocked: closed == BLOCKED,
            gone: ![OPEN, BLOCKED].contains(&closed),
        };
        if role.is_none() {
            (change.rule)(&standing)?;
        }
        let found = rows::visible(self.transaction, actor, id, seq).await?;
        let (message, rev) = found.ok_or_else(ApiError::not_found)?;
        (change.rule)(&Standing { oneself: message.sender.id == actor, ..standing })?;
        Ok(Found { message, everyone, last_seq, rev: rev + 1 })
    }

    /// It is as it was to be. That may be this change's own doing, whose COMMIT came through though
    /// nobody learnt of it: then everyone does now.
    pub(super) async fn no_change(
        &mut self,
        change: &QueuedChange,
        found: Found,
        reaction: Option<ReactionChange>,
    ) -> Result<Done, Stop> {
        if change.may_be_stored {
            return self.tell_message(change, found, reaction).await;
        }
        let message = Some(Arc::new(found.message));
        Ok(Done { events: Vec::new(), changed: Changed { message } })
    }

    /// Takes the conversation's next `rev`, and tells everyone.
    pub(super) async fn message_changed(
        &mut self,
        change: &QueuedChange,
        found: Found,
        reaction: Option<ReactionChange>,
    ) -> Result<Done, Stop> {
        let (id, seq) = (found.message.conversation_id, found.message.seq);
        rows::raise_rev(self.transaction, id, found.rev, self.now).await?;
        let actor = change.actor.id;
        let read = rows::visible(self.transaction, actor, id, seq).await?;
        let (message, _) = read.ok_or_else(ApiError::not_found)?;
        self.tell_message(change, Found { message, ..found }, reaction).await
    }

    async fn tell_message(
        &mut self,
        change: &QueuedChange,
        found: Found,
        reaction: Option<ReactionChange>,
    ) -> Result<Done, Stop> {
        let Found { message, everyone, last_seq, .. } = found;
        let (id, seq) = (message.conversation_id, message.seq);
        let hidden_from = rows::hidden_from(self.transaction, id, seq).await?;
        let told = MessageChange {
            message: Arc::new(as_told(message.clone())),
            by: change.actor.id,
            reaction,
            audience: everyone.audience(),
            hidden_from,
            after: last_seq,
        };
        let fact = Fact::MessageChanged(Box::new(told));
        let local = Local { origin: None, members: Some(everyone) };
        let changed = Changed { message: Some(Arc::new(message)) };
        Ok(Done { events: vec![Event::Fact { fact, local }], changed })
    }
}

/// As all are told of it: whose the reactions are differs by reader, and what was answered.
fn as_told(mut message: Message) -> Message {
    for reaction in &mut message.reactions {
        reaction.mine = None;
    }
    if let Content::Schedule { schedule, .. } = &mut message.content {
        schedule.mine = None;
    }
    message
}

fn forbidden(message: &str) -> ApiError {
    ApiError::new(ErrorKind::Forbidden, message)
}
