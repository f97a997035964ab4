//! Has happen what happens in the demo's groups, by the use cases of the server, each at its time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

use app::protocol::{
    ApiError, ConversationId, MAX_INTEGER, Mark, MessageRef, MessageType, NewSchedule, SendMessage,
    Seq, Timestamp, UpdateConversation, UserId,
};

use super::attachments;
use super::faces::SIDE;
use super::groups::{Deed, GROUPS, Group};
use crate::chat::{Chat, MarkKind};
use crate::error::Error;
use crate::files::Files;

const MINUTE: i64 = 60_000;
/// A group is made so long before anything happens in it.
const BEFORE: i64 = 5 * MINUTE;

/// The groups as they come to be.
pub(super) struct Play<'a> {
    pub(super) chat: &'a Chat,
    pub(super) files: &'a Files,
    /// The clock of the use cases.
    pub(super) time: &'a AtomicI64,
    pub(super) people: &'a HashMap<&'static str, UserId>,
    pub(super) now: Timestamp,
}

impl Play<'_> {
    /// All of them, one after the other.
    pub(super) async fn run(&self) -> Result<(), Error> {
        let mut said = HashMap::new();
        for group in &GROUPS {
            self.group(group, &mut said).await?;
        }
        self.time.store(self.now, Ordering::Relaxed);
        Ok(())
    }

    async fn group(
        &self,
        group: &Group,
        said: &mut HashMap<&'static str, MessageRef>,
    ) -> Result<(), Error> {
        let begins = group.deeds.iter().map(|(ago, ..)| *ago).max().unwrap_or_default();
        self.time.store(self.now - begins * MINUTE - BEFORE, Ordering::Relaxed);
        let (owner, members) = (self.person(group.owner)?, self.persons(group.members)?);
        let (open, history) = (group.open, group.history);
        let made = self.chat.create_group(owner, group.name, members, open, history).await?;
        for (ago, actor, deed) in group.deeds {
            self.time.store(self.now - ago * MINUTE, Ordering::Relaxed);
            self.act(made.id, self.person(actor)?, deed, said).await?;
        }
        let Some((witness, _)) = group.readers.first() else { return Ok(()) };
        let last = self.chat.conversation(self.person(witness)?, made.id).await?.last_seq;
        for (reader, unread) in group.readers {
            let reader = self.person(reader)?;
            let mark = |seq| Mark { conversation_id: made.id, seq };
            self.chat.move_mark(reader, mark(last), MarkKind::Delivered).await?;
            let read = Seq::new(last.get() - unread);
            self.chat.move_mark(reader, mark(read), MarkKind::Read).await?;
        }
        Ok(())
    }

    async fn act(
        &self,
        id: ConversationId,
        actor: UserId,
        deed: &Deed,
        said: &mut HashMap<&'static str, MessageRef>,
    ) -> Result<(), Error> {
        let of = |label: &str| said.get(label).copied().ok_or_else(ApiError::not_found);
        let chat = self.chat;
        match *deed {
            Deed::Say(label, text) => {
                said.insert(label, self.send(id, actor, text, None).await?);
            }
            Deed::Answer(to, label, text) => {
                let to = of(to)?.seq;
                said.insert(label, self.send(id, actor, text, Some(to)).await?);
            }
            Deed::Show(label, caption, files) => {
                let message = SendMessage {
                    content: Some(caption.to_owned()),
                    ..attachments::send(self.files, actor, files).await?
                };
                said.insert(label, self.store(id, actor, message).await?);
            }
            Deed::Plan(label, title, place, ahead) => {
                let starts_at = self.now + ahead * MINUTE;
                let schedule = NewSchedule {
                    title: title.to_owned(),
                    starts_at,
                    ends_at: Some(starts_at + 120 * MINUTE),
                    all_day: None,
                    zone: Some("Europe/Berlin".into()),
                    place: Some(place.to_owned()),
                    remind_before_ms: None,
                };
                let message = SendMessage {
                    message_type: Some(MessageType::Schedule),
                    schedule: Some(schedule),
                    ..SendMessage::default()
                };
                said.insert(label, self.store(id, actor, message).await?);
            }
            Deed::Coming(label, answer) => {
                chat.answer_schedule(actor, id, of(label)?.seq, Some(answer)).await?;
            }
            Deed::Forward(label) => {
                let forward = Some(of(label)?);
                self.store(id, actor, SendMessage { forward, ..SendMessage::default() }).await?;
            }
            Deed::React(label, emoji) => chat.react(actor, id, of(label)?.seq, emoji, true).await?,
            Deed::Edit(label, text) => {
                chat.edit_message(actor, id, of(label)?.seq, text).await?;
            }
            Deed::Recall(label) => chat.recall_message(actor, id, of(label)?.seq).await?,
            Deed::Add(people) => {
                chat.add_members(actor, id, self.persons(people)?).await?;
            }
            Deed::Remove(person) => chat.remove_member(actor, id, self.person(person)?).await?,
            Deed::Join => drop(chat.join(actor, id).await?),
            Deed::Leave => chat.remove_member(actor, id, actor).await?,
            Deed::Role(person, role) => {
                chat.set_role(actor, id, self.person(person)?, role).await?;
            }
            Deed::Rename(name) => chat.set_group(actor, id, Some(name), None, None).await?,
            Deed::Portray(view) => {
                let drawn = tokio::task::spawn_blocking(|| view.draw_in(SIDE).jpeg());
                let drawn = drawn.await.map_err(Error::internal)?.map_err(Error::internal)?;
                let hash = self.files.keep_avatar(attachments::body(drawn)).await?;
                chat.set_group_avatar(actor, id, Some(hash)).await?;
            }
            Deed::Mute => {
                let muted_until = Some(MAX_INTEGER);
                let update = UpdateConversation { muted_until, ..UpdateConversation::default() };
                chat.update_conversation(actor, id, &update).await?;
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        id: ConversationId,
        sender: UserId,
        text: &str,
        reply_to_seq: Option<Seq>,
    ) -> Result<MessageRef, Error> {
        let content = Some(text.to_owned());
        let message = SendMessage { content, reply_to_seq, ..SendMessage::default() };
        self.store(id, sender, message).await
    }

    async fn store(
        &self,
        id: ConversationId,
        sender: UserId,
        message: SendMessage,
    ) -> Result<MessageRef, Error> {
        let at = self.time.load(Ordering::Relaxed);
        let client_id = format!("demo-{at}-{sender}");
        let message = SendMessage { client_id, conversation_id: Some(id), ..message };
        let seq = self.chat.send_message(sender, &message).await?.message.seq;
        Ok(MessageRef { conversation_id: id, seq })
    }

    fn person(&self, name: &str) -> Result<UserId, ApiError> {
        self.people.get(name).copied().ok_or_else(ApiError::not_found)
    }

    fn persons(&self, names: &[&str]) -> Result<Vec<UserId>, ApiError> {
        names.iter().map(|name| self.person(name)).collect()
    }
}
