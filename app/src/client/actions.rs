//! What the user does to what is there already, and what comes of it.

use leptos::prelude::*;

use super::Client;
use crate::protocol::{ApiError, ConversationId, Quote, Reaction, Seq, Target, Timestamp};
use crate::state::{Action, Edit, Outcome, State};

/// Hears what came of an action.
pub(super) type Done = Box<dyn FnOnce(Result<Outcome, ApiError>)>;

impl Client {
    /// Does something over HTTP, after what was asked before in the same conversation; `done` hears
    /// what came of it. Settings of the list and reactions show at once and go back when they are
    /// refused, all else shows when it has happened. Nothing is tried again: without a network it
    /// is refused as `unavailable`.
    pub fn act(self, action: Action, done: impl FnOnce(Result<Outcome, ApiError>) + 'static) {
        self.act_now(action, Box::new(done));
    }

    /// On the server there is nothing to be done.
    #[cfg(not(feature = "hydrate"))]
    #[expect(clippy::unused_self, reason = "as in the browser")]
    fn act_now(self, _: Action, _: Done) {}

    /// The same for whoever does not wait: what is refused is told by [`refusal`](Self::refusal).
    pub fn attempt(self, action: Action) {
        self.act(action, move |result| {
            if let Err(error) = result {
                self.refusal.set(Some(error));
            }
        });
    }

    /// Why the last attempt was refused, to be told in a sentence; until it is
    /// [dismissed](Self::dismiss).
    pub fn refusal(self) -> Signal<Option<ApiError>> {
        self.refusal.into()
    }

    /// Something that the user wanted was refused.
    pub fn refuse(self, error: ApiError) {
        self.refusal.set(Some(error));
    }

    /// The refusal was read.
    pub fn dismiss(self) {
        self.refusal.set(None);
    }

    /// Puts the user's emoji on a message, or takes it away if it is there.
    pub fn react(self, id: ConversationId, seq: Seq, emoji: &str) {
        let there = self.state.with_value(|state| {
            let message = state.timeline(id).and_then(|timeline| timeline.get(seq));
            message.map(|message| state.has_reacted(message, emoji))
        });
        if let Some(there) = there {
            self.attempt(Action::React(id, seq, emoji.to_owned(), !there));
        }
    }

    /// A message's reactions, the user's own that are on their way among them.
    pub fn reactions(self, id: ConversationId, seq: Seq) -> Vec<Reaction> {
        self.track_timeline(id);
        self.state.with_value(|state| {
            let message = state.timeline(id).and_then(|timeline| timeline.get(seq));
            message.map_or_else(Vec::new, |message| state.reactions(message))
        })
    }

    /// What the next message to a target answers: sent along with it, and kept like a draft.
    pub fn reply(self, target: Target) -> Option<Quote> {
        self.drafts.track();
        self.state.with_value(|state| state.reply(target).cloned())
    }

    /// The user answers the loaded message at this position, or none.
    pub fn set_reply(self, target: Target, seq: Option<Seq>) {
        self.input(|state, _| state.set_reply(target, seq));
    }

    /// What is being edited in a conversation. Whoever reads is told when an edit begins or ends, and of
    /// what is written elsewhere, not of what is written in this tab.
    pub fn edit(self, id: ConversationId) -> Option<Edit> {
        self.drafts.track();
        self.state.with_value(|state| state.edit(id).cloned())
    }

    /// The user begins to edit the loaded message at this position.
    pub fn begin_edit(self, id: ConversationId, seq: Seq) {
        self.input(|state, _| state.begin_edit(id, seq));
    }

    /// Keeps what a message is edited to.
    pub fn write_edit(self, id: ConversationId, text: &str) {
        self.input(|state, _| state.write_edit(id, text));
    }

    /// The edit of this message is saved, or given up.
    pub fn end_edit(self, id: ConversationId, seq: Seq) {
        self.input(|state, _| state.end_edit(id, seq));
    }

    /// Everything in a conversation counts as seen, because the user says so in the list.
    pub fn mark_read(self, id: ConversationId) {
        self.input(|state, now| state.mark_read(id, now));
    }

    /// Silences a conversation for so many milliseconds from now, by the server's clock; 0: no more.
    pub fn mute(self, id: ConversationId, for_ms: Timestamp) {
        let until = if for_ms > 0 { self.server_time() + for_ms } else { 0 };
        let until = until.min(crate::protocol::MAX_INTEGER);
        self.attempt(Action::Set(id, crate::state::Setting::MutedUntil(until)));
    }

    /// Loads the messages around a moment, in place of what is loaded when that lies apart;
    /// [`found`](Self::found) tells which stood then.
    pub fn load_at(self, id: ConversationId, at: Timestamp) {
        self.found.set(None);
        self.input(|state, now| state.load_at(id, at, now));
    }

    /// What the last [`load_at`](Self::load_at) found: the first message at or after the moment,
    /// else the last before it.
    pub fn found(self) -> Signal<Option<(ConversationId, Seq)>> {
        self.found.into()
    }

    /// Whether a conversation that was [opened](Self::open) has still to be loaded where it opens.
    pub fn is_opening(self, id: ConversationId) -> bool {
        self.state.with_value(|state| state.is_opening(id))
    }

    /// The reader looks at this message and those below it; none: at the newest. What is far from
    /// there may be let go of, and is loaded again when it is wanted. Nobody need be told.
    pub fn look_at(self, id: ConversationId, top: Option<Seq>) {
        self.state.try_update_value(|state| state.look_at(id, top));
    }

    /// Who is typing in a conversation now; empty where the name is not known.
    pub fn typists(self, id: ConversationId) -> Vec<String> {
        self.people.track();
        self.state.with_value(|state| {
            let name = |person| state.name_in(id, person).unwrap_or_default().to_owned();
            state.typists(id).map(name).collect()
        })
    }

    /// The last own message of a conversation that can be edited, of those that are loaded.
    pub fn last_own(self, id: ConversationId) -> Option<Seq> {
        self.state.with_value(|state| State::last_own(state, id))
    }
}
