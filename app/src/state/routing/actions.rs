//! What the user does to what is there already, and what comes of it, handed to actions and chats.

use crate::protocol::{ApiError, Content, ConversationId, Message, Seq, Timestamp};
use crate::state::actions::{Action, Outcome, Pending, Token, react};
use crate::state::chats::retouch;
use crate::state::{Effect, Request, State};

impl State {
    /// The user does something; what comes of it is told by [`acted`](Self::acted).
    pub fn act(&mut self, token: Token, action: Action, now: Timestamp) -> Vec<Effect> {
        self.begin(token, action);
        self.finish(now)
    }

    pub(super) fn begin(&mut self, token: Token, action: Action) {
        let before = match action {
            Action::Set(id, setting) => self.chats.set(id, setting, &mut self.out),
            _ => None,
        };
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
            self.note_action(action);
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
        let (last, rev) = pending.sent.unwrap_or_default();
        match (pending.action, outcome) {
            (_, Outcome::Message(message)) => {
                if let Some(mut thread) = self.thread(message.conversation_id, now) {
                    thread.take_changed(*message, false);
                }
            }
            (Action::Recall(id, seq), _) => self.retouch(id, (seq, rev), &|message| {
                message.content = Content::Recalled(message.content.kind());
            }),
            (Action::React(id, seq, emoji, wanted), _) => {
                self.retouch(id, (seq, rev), &|message| {
                    react(&mut message.reactions, &emoji, wanted);
                });
            }
            (Action::Hide(id), _) => {
                if let Some(mut thread) = self.thread(id, now) {
                    thread.hide(last);
                }
            }
            _ => {}
        }
    }

    fn failed(&mut self, pending: &Pending) {
        if let Some(before) = pending.before {
            // Those that are on their way go on top of it.
            let id = pending.action.conversation();
            let settings = std::iter::once(before).chain(self.actions.settings_of(id));
            self.chats.restore(id, settings);
        }
    }

    /// Changes a message as it is known, unless it has changed since.
    fn retouch(
        &mut self,
        id: ConversationId,
        (seq, since): (Seq, i64),
        change: &dyn Fn(&mut Message),
    ) {
        retouch(self.chats.row_mut(id), self.history.get_mut(id), (seq, since), change);
    }

    /// Who shows the conversation shows what the action is about.
    fn note_action(&mut self, action: &Action) {
        self.out.timeline_changed(action.conversation());
        self.out.chats_changed();
    }
}
