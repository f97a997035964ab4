//! What the user begins to write, in this tab and in others, handed to the drafts.

use crate::protocol::{ConversationId, Message, Quote, Seq, Target};
use crate::state::{Edit, Effect, State};

impl State {
    /// The user writes here, and sees it where it is written: nobody else need be told.
    pub fn set_draft(&mut self, target: Target, text: &str) -> Vec<Effect> {
        self.drafts.write(target, text, &mut self.out);
        self.out.take_effects()
    }

    /// The user wrote in another tab.
    pub fn note_draft(&mut self, target: Target, text: &str) {
        self.drafts.note(target, text, &mut self.out);
    }

    /// The user answers the message at this position, or none.
    pub fn set_reply(&mut self, target: Target, seq: Option<Seq>) -> Vec<Effect> {
        let Target::Conversation(id) = target else { return Vec::new() };
        let quote = seq.and_then(|seq| self.known(id, seq)).map(Message::quote);
        self.drafts.set_reply(target, quote, &mut self.out);
        self.out.take_effects()
    }

    /// What was kept, or was changed in another tab.
    pub fn note_reply(&mut self, target: Target, quote: Option<Quote>) {
        self.drafts.note_reply(target, quote, &mut self.out);
    }

    /// The user begins to edit the loaded message at this position.
    pub fn begin_edit(&mut self, id: ConversationId, seq: Seq) -> Vec<Effect> {
        let known = self.known(id, seq).map(|message| message.text().to_owned());
        if let Some(text) = known {
            self.drafts.set_edit(id, Some(Edit { seq, text }), &mut self.out);
        }
        self.out.take_effects()
    }

    /// The user edits here, and sees it where it is written: nobody else need be told.
    pub fn write_edit(&mut self, id: ConversationId, text: &str) -> Vec<Effect> {
        self.drafts.write_edit(id, text, &mut self.out);
        self.out.take_effects()
    }

    /// The edit of this message is saved, or given up.
    pub fn end_edit(&mut self, id: ConversationId, seq: Seq) -> Vec<Effect> {
        self.drafts.end_edit(id, seq, &mut self.out);
        self.out.take_effects()
    }

    /// What was kept, or was changed in another tab.
    pub fn note_edit(&mut self, id: ConversationId, edit: Option<Edit>) {
        self.drafts.note_edit(id, edit, &mut self.out);
    }
}
