//! What the user does to what is there already: changes of messages, settings of the list. Each is asked
//! over HTTP; those of one conversation one after the other, in their order.
//!
//! A setting shows at once, and goes back if it is refused; a reaction shows at once, laid over what
//! is known (see [`State::reactions`]). All else shows when it has happened. Nothing is tried again
//! by itself: what fails, offline too, is told.

use crate::protocol::{ApiError, Content, ConversationId, Message, Reaction, Seq, Timestamp};

mod action;

use super::{ChatList, Effect, Request, State};
pub use action::{Action, Outcome, Setting, Token};

/// What is asked, in its order; of each conversation the first is under way.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Actions {
    queue: Vec<Pending>,
}

#[derive(Clone, Debug, PartialEq)]
struct Pending {
    token: Token,
    action: Action,
    /// What a setting was before.
    before: Option<Setting>,
    /// The conversation's newest position and change that were known when this was asked; none: it
    /// waits for its turn.
    sent: Option<(Seq, i64)>,
}

impl Actions {
    /// The settings of a conversation that are on their way.
    pub fn settings_of(&self, id: ConversationId) -> impl Iterator<Item = Setting> {
        self.queue.iter().filter_map(move |pending| match pending.action {
            Action::Set(at, setting) if at == id => Some(setting),
            _ => None,
        })
    }

    /// What may be asked now.
    fn next(&mut self, chats: &ChatList) -> Vec<Effect> {
        let mut next = Vec::new();
        for at in 0..self.queue.len() {
            let (before, rest) = self.queue.split_at_mut(at);
            let Some(pending) = rest.first_mut().filter(|pending| pending.sent.is_none()) else {
                continue;
            };
            let about = pending.action.conversation();
            let waits = before.iter().any(|earlier| earlier.action.conversation() == about);
            if !waits {
                let known = chats.get(about).map(|row| (row.last_seq, row.rev));
                pending.sent = Some(known.unwrap_or_default());
                next.push(Effect::Act(pending.token, Box::new(pending.action.clone())));
            }
        }
        next
    }
}

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
            self.changes.chats = true;
        }
        self.note_action(&action);
        self.actions.queue.push(Pending { token, action, before, sent: None });
    }

    /// Something came of an action that was to be done.
    pub fn acted(
        &mut self,
        token: Token,
        action: &Action,
        result: &Result<Outcome, ApiError>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let sent = |known: &Pending| {
            known.sent.is_some() && known.token == token && known.action == *action
        };
        if let Some(at) = self.actions.queue.iter().position(sent) {
            let pending = self.actions.queue.remove(at);
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
                self.retouch(id, seq, rev, &|message| lay(&mut message.reactions, &emoji, wanted));
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
        let mut reactions = message.reactions.clone();
        for pending in &self.actions.queue {
            if let Action::React(id, seq, emoji, wanted) = &pending.action
                && (*id, *seq) == (message.conversation_id, message.seq)
            {
                lay(&mut reactions, emoji, *wanted);
            }
        }
        reactions
    }

    /// Whether the user's reaction is on a message, or on its way there: the other is to be asked.
    #[must_use]
    pub fn has_reacted(&self, message: &Message, emoji: &str) -> bool {
        let reactions = self.reactions(message);
        reactions.iter().any(|known| known.emoji == emoji && known.mine == Some(true))
    }

    pub(super) fn pump_actions(&mut self) {
        let next = self.actions.next(&self.chats);
        self.effects.extend(next);
    }

    /// Who shows the conversation shows what the action is about.
    fn note_action(&mut self, action: &Action) {
        self.changes.timelines.insert(action.conversation(), ());
        self.changes.chats = true;
    }
}

/// Puts an emoji of the reader among reactions, or takes it away, unless it is so already.
fn lay(reactions: &mut Vec<Reaction>, emoji: &str, wanted: bool) {
    let at = reactions.iter().position(|known| known.emoji == emoji);
    match at.map(|at| &mut reactions[at]) {
        Some(known) if (known.mine == Some(true)) != wanted => {
            known.mine = Some(wanted);
            known.count = if wanted { known.count + 1 } else { known.count.saturating_sub(1) };
        }
        None if wanted => {
            reactions.push(Reaction { emoji: emoji.to_owned(), count: 1, mine: Some(true) });
        }
        _ => {}
    }
    reactions.retain(|known| known.count > 0);
}
