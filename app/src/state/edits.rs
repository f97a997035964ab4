//! Edits that were begun and are not saved, one per conversation: kept like drafts, and beside them.

use crate::protocol::{ConversationId, Seq};

use super::{Effect, State};

/// A message that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The position of the message.
    pub seq: Seq,
    /// The words as they are so far.
    pub text: String,
}

impl State {
    /// What is being edited in a conversation.
    #[must_use]
    pub fn edit(&self, id: ConversationId) -> Option<&Edit> {
        self.edits.get(&id)
    }

    /// The user begins to edit the loaded message at this position.
    pub fn begin_edit(&mut self, id: ConversationId, seq: Seq) -> Vec<Effect> {
        let known = self.known(id, seq).map(|message| message.text().to_owned());
        match known {
            Some(text) => self.put_edit(id, Some(Edit { seq, text })),
            None => Vec::new(),
        }
    }

    /// The user edits here, and sees it where it is written: nobody else need be told.
    pub fn write_edit(&mut self, id: ConversationId, text: &str) -> Vec<Effect> {
        let Some(edit) = self.edits.get_mut(&id).filter(|edit| edit.text != text) else {
            return Vec::new();
        };
        text.clone_into(&mut edit.text);
        vec![Effect::KeepEdit(id, Some(edit.clone()))]
    }

    /// The edit of this message is saved, or given up.
    pub fn end_edit(&mut self, id: ConversationId, seq: Seq) -> Vec<Effect> {
        let is_this = self.edit(id).is_some_and(|edit| edit.seq == seq);
        if is_this { self.put_edit(id, None) } else { Vec::new() }
    }

    /// What was kept, or was changed in another tab.
    pub fn note_edit(&mut self, id: ConversationId, edit: Option<Edit>) {
        match edit {
            Some(edit) => drop(self.edits.insert(id, edit)),
            None => drop(self.edits.remove(&id)),
        }
        self.changes.drafts = true;
    }

    fn put_edit(&mut self, id: ConversationId, edit: Option<Edit>) -> Vec<Effect> {
        self.note_edit(id, edit.clone());
        vec![Effect::KeepEdit(id, edit)]
    }
}
