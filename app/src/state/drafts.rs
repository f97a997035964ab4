//! What was begun to be written, per target.

use crate::protocol::Target;

use super::{Effect, State};

impl State {
    /// What was begun to be written to a target; empty when nothing.
    #[must_use]
    pub fn draft(&self, target: Target) -> &str {
        self.drafts.get(&target).map_or("", String::as_str)
    }

    /// The user writes here, and sees it where it is written: nobody else need be told.
    pub fn set_draft(&mut self, target: Target, text: &str) -> Vec<Effect> {
        if self.draft(target) == text {
            return Vec::new();
        }
        self.put_draft(target, text);
        vec![Effect::KeepDraft(target, text.to_owned())]
    }

    /// The user wrote in another tab.
    pub fn note_draft(&mut self, target: Target, text: &str) {
        self.put_draft(target, text);
        self.changes.drafts = true;
    }

    fn put_draft(&mut self, target: Target, text: &str) {
        if text.is_empty() {
            self.drafts.remove(&target);
        } else {
            self.drafts.insert(target, text.to_owned());
        }
    }
}
