//! What was begun to be written and is not sent: drafts, what they answer, and edits.

use litemap::LiteMap;

use crate::protocol::{ConversationId, Quote, Seq, Target, UserId};

use super::Effect;
use super::output::Output;

/// A message that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The position of the message.
    pub seq: Seq,
    /// The words as they are so far.
    pub text: String,
}

/// What was begun, by where it goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drafts {
    texts: LiteMap<Target, String>,
    /// What is being answered, beside the draft.
    replies: Vec<(Target, Quote)>,
    edits: LiteMap<ConversationId, Edit>,
}

impl Drafts {
    pub const fn new() -> Self {
        Self { texts: LiteMap::new(), replies: Vec::new(), edits: LiteMap::new() }
    }

    /// What was begun to be written to a target; empty when nothing.
    pub fn text(&self, target: Target) -> &str {
        self.texts.get(&target).map_or("", String::as_str)
    }

    /// The user writes here, and sees it where it is written: nobody else need be told.
    pub fn write(&mut self, target: Target, text: &str, out: &mut Output) {
        if self.text(target) != text {
            self.put(target, text);
            out.push(Effect::KeepDraft(target, text.to_owned()));
        }
    }

    /// The user wrote in another tab.
    pub fn note(&mut self, target: Target, text: &str, out: &mut Output) {
        self.put(target, text);
        out.drafts_changed();
    }

    /// What was kept in storage.
    pub fn restore(&mut self, drafts: Vec<(Target, String)>, out: &mut Output) {
        for (target, text) in drafts {
            self.texts.insert(target, text);
        }
        out.drafts_changed();
    }

    fn put(&mut self, target: Target, text: &str) {
        if text.is_empty() {
            self.texts.remove(&target);
        } else {
            self.texts.insert(target, text.to_owned());
        }
    }

    /// What was begun to be written to a person is written to the conversation with them.
    pub fn redirect(&mut self, person: UserId, id: ConversationId, out: &mut Output) {
        let (from, to) = (Target::User(person), Target::Conversation(id));
        if let Some(draft) = self.texts.remove(&from) {
            out.push(Effect::KeepDraft(from, String::new()));
            if self.text(to).is_empty() {
                out.push(Effect::KeepDraft(to, draft.clone()));
                self.texts.insert(to, draft);
            }
        }
    }

    /// What the next message to a target answers.
    pub fn reply(&self, target: Target) -> Option<&Quote> {
        self.replies.iter().find(|(at, _)| *at == target).map(|(_, quote)| quote)
    }

    /// The user answers this, or nothing.
    pub fn set_reply(&mut self, target: Target, quote: Option<Quote>, out: &mut Output) {
        if self.reply(target) != quote.as_ref() {
            self.note_reply(target, quote.clone(), out);
            out.push(Effect::KeepReply(target, quote.map(Box::new)));
        }
    }

    /// What was kept, or was changed in another tab.
    pub fn note_reply(&mut self, target: Target, quote: Option<Quote>, out: &mut Output) {
        self.replies.retain(|(at, _)| *at != target);
        self.replies.extend(quote.map(|quote| (target, quote)));
        out.drafts_changed();
    }

    /// What a message answers that is sent now.
    pub fn take_reply(&mut self, target: Target, out: &mut Output) -> Option<Quote> {
        let quote = self.reply(target).cloned()?;
        self.note_reply(target, None, out);
        out.push(Effect::KeepReply(target, None));
        Some(quote)
    }

    /// What is being edited in a conversation.
    pub fn edit(&self, id: ConversationId) -> Option<&Edit> {
        self.edits.get(&id)
    }

    /// An edit begins, or has ended.
    pub fn set_edit(&mut self, id: ConversationId, edit: Option<Edit>, out: &mut Output) {
        self.note_edit(id, edit.clone(), out);
        out.push(Effect::KeepEdit(id, edit));
    }

    /// The user edits here, and sees it where it is written: nobody else need be told.
    pub fn write_edit(&mut self, id: ConversationId, text: &str, out: &mut Output) {
        if let Some(edit) = self.edits.get_mut(&id).filter(|edit| edit.text != text) {
            text.clone_into(&mut edit.text);
            out.push(Effect::KeepEdit(id, Some(edit.clone())));
        }
    }

    /// The edit of this message is saved, or given up.
    pub fn end_edit(&mut self, id: ConversationId, seq: Seq, out: &mut Output) {
        if self.edit(id).is_some_and(|edit| edit.seq == seq) {
            self.set_edit(id, None, out);
        }
    }

    /// What was kept, or was changed in another tab.
    pub fn note_edit(&mut self, id: ConversationId, edit: Option<Edit>, out: &mut Output) {
        match edit {
            Some(edit) => drop(self.edits.insert(id, edit)),
            None => drop(self.edits.remove(&id)),
        }
        out.drafts_changed();
    }
}
