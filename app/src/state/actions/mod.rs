//! What the user does to what is there already: changes of messages, settings of the list. Each is asked
//! over HTTP; those of one conversation one after the other, in their order.
//!
//! A setting shows at once, and goes back if it is refused; a reaction shows at once, laid over what
//! is known (see [`Actions::reactions`]). All else shows when it has happened. Nothing is tried again
//! by itself: what fails, offline too, is told.

mod action;

use crate::protocol::{ConversationId, Message, Reaction, Seq};

use super::output::Output;
use super::{ChatList, Effect};

pub use action::{Action, Outcome, Setting, Token};

/// What is asked, in its order; of each conversation the first is under way.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Actions {
    queue: Vec<Pending>,
}

/// An action of which nothing has come yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pending {
    token: Token,
    pub action: Action,
    /// What a setting was before.
    pub before: Option<Setting>,
    /// The conversation's newest position and change that were known when this was asked; none: it
    /// waits for its turn.
    pub sent: Option<(Seq, i64)>,
}

impl Actions {
    /// The user does something, after all that they did before.
    pub fn push(&mut self, token: Token, action: Action, before: Option<Setting>) {
        self.queue.push(Pending { token, action, before, sent: None });
    }

    /// Something came of an action that was under way.
    pub fn remove(&mut self, token: Token, action: &Action) -> Option<Pending> {
        let sent = |known: &Pending| {
            known.sent.is_some() && known.token == token && known.action == *action
        };
        let at = self.queue.iter().position(sent)?;
        Some(self.queue.remove(at))
    }

    /// The settings of a conversation that are on their way.
    pub fn settings_of(&self, id: ConversationId) -> impl Iterator<Item = Setting> {
        self.queue.iter().filter_map(move |pending| match pending.action {
            Action::Set(at, setting) if at == id => Some(setting),
            _ => None,
        })
    }

    /// A message's reactions, those of the user that are on their way among them.
    pub fn reactions(&self, message: &Message) -> Vec<Reaction> {
        let mut reactions = message.reactions.clone();
        for pending in &self.queue {
            if let Action::React(id, seq, emoji, wanted) = &pending.action
                && (*id, *seq) == (message.conversation_id, message.seq)
            {
                react(&mut reactions, emoji, *wanted);
            }
        }
        reactions
    }

    /// Asks for what may be asked now.
    pub fn pump(&mut self, chats: &ChatList, out: &mut Output) {
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
                out.push(Effect::Act(pending.token, Box::new(pending.action.clone())));
            }
        }
    }
}

/// Puts an emoji of the reader among reactions, or takes it away, unless it is so already.
pub(super) fn react(reactions: &mut Vec<Reaction>, emoji: &str, wanted: bool) {
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
