//! What the user does to what is there already, and what comes of it, handed to the parts that it concerns.

use crate::protocol::{ApiError, Content, Message, Reaction, Timestamp};

use super::actions::{Action, Outcome, Pending, Token, react};
use super::{Effect, Request, State};

impl State {
    /// The user does something; what comes of it is told by [`acted`](Self::acted).
    pub fn act(&mut self, token: Token, action: Action, now: Timestamp) -> Vec<Effect> {
        self.begin(token, action);
        self.finish(now)
    }

    pub(super) fn begin(&mut self, token: Token, action: Action) {
        let mut before = None;
        if let Action::Set(id, setting) = action
            && let Some(row) = self.chats.row_mut(id)
        {
            before = Some(setting.of(&row.conversation));
            setting.apply(&mut row.conversation);
            self.out.chats_changed();
        }
        self.note_action(&action);
        self.actions.push(token, action, before);
    }

    /// Something came of an action that was to be done.
    pub fn acted(
        &mut self,
        token: Token,
        action: &Action,
        result: &Result<Outcome, ApiError>,
        now: Timestamp,
    ) -> Vec<Effect> {
        if let Some(pending) = self.actions.remove(token, action) {
            match result {
                Ok(outcome) => self.succeeded(pending, outcome.clone(), now),
                Err(_) => self.failed(&pending),
            }
            if let Action::Set(id, _) = action {
                // What rows have told meanwhile was covered by it. And if it failed, it may have been
                // changed elsewhere, or done although the answer was lost.
                self.fetch(Request::Conversation(*id));
            }
        }
        self.finish(now)
    }

    fn succeeded(&mut self, pending: Pending, outcome: Outcome, now: Timestamp) {
        let (action, (last, rev)) = (pending.action, pending.sent.unwrap_or_default());
        self.note_action(&action);
        match (action, outcome) {
            (_, Outcome::Message(message)) => self.take_changed(*message, false, now),
            (Action::Recall(id, seq), _) => self.retouch(id, seq, rev, &|message| {
                message.content = Content::Recalled(message.content.kind());
            }),
            (Action::React(id, seq, emoji, wanted), _) => {
                self.retouch(id, seq, rev, &|message| {
                    react(&mut message.reactions, &emoji, wanted);
                });
            }
            (Action::Hide(id), _) => self.hide(id, last, now),
            _ => {}
        }
    }

    fn failed(&mut self, pending: &Pending) {
        self.note_action(&pending.action);
        let id = pending.action.conversation();
        if let (Some(before), Some(row)) = (pending.before, self.chats.row_mut(id)) {
            before.apply(&mut row.conversation);
            for setting in self.actions.settings_of(id) {
                setting.apply(&mut row.conversation);
            }
        }
    }

    /// A message's reactions, those of the user that are on their way among them.
    #[must_use]
    pub fn reactions(&self, message: &Message) -> Vec<Reaction> {
        self.actions.reactions(message)
    }

    /// Whether the user's reaction is on a message, or on its way there: the other is to be asked.
    #[must_use]
    pub fn has_reacted(&self, message: &Message, emoji: &str) -> bool {
        let reactions = self.reactions(message);
        reactions.iter().any(|known| known.emoji == emoji && known.mine == Some(true))
    }

    /// Who shows the conversation shows what the action is about.
    fn note_action(&mut self, action: &Action) {
        self.out.timeline_changed(action.conversation());
        self.out.chats_changed();
    }
}
