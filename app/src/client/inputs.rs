//! What the user wants: handed to the state, whose effects are then carried out.

use leptos::prelude::*;

use super::Client;
use super::clock::now;
use crate::protocol::{
    ApiError, ClientId, Conversation, ConversationId, MessagePage, MessageText, Seq, Target,
    Timestamp,
};
use crate::state::{Changes, Effect, State};

impl Client {
    /// Sends a text; it stands in the target's items at once.
    ///
    /// # Errors
    /// `validation` when it is blank or too long: then nothing was sent. On the server `unavailable`.
    pub fn send(self, target: Target, text: &str) -> Result<ClientId, ApiError> {
        let text = MessageText::parse(text)?;
        let client_id = new_client_id()?;
        let name = client_id.clone();
        self.input(|state, now| state.send(target, name, text, now));
        Ok(client_id)
    }

    /// Tries a message again that was not sent.
    pub fn retry(self, client_id: &ClientId) {
        self.input(|state, now| state.retry(client_id, now));
    }

    /// Gives a message up that was not sent.
    pub fn delete(self, client_id: &ClientId) {
        self.input(|state, now| state.delete(client_id, now));
    }

    /// Takes in what the server rendered of a conversation, and puts "New" where it belongs.
    pub fn adopt(self, conversation: Conversation, page: MessagePage) {
        self.input(|state, now| state.adopt(conversation, page, now));
    }

    /// Someone looks at a conversation now: loads it around the first unread message unless it is
    /// there, and puts "New" where it belongs. Call it at every visit, and to try again after a
    /// [`failure`](Client::failure).
    pub fn open(self, id: ConversationId) {
        self.input(|state, now| state.open(id, now));
    }

    /// Loads older messages; does nothing while it does, and at the first.
    pub fn load_older(self, id: ConversationId) {
        self.input(|state, now| state.load_older(id, now));
    }

    /// Loads newer messages; does nothing while it does, and at the newest.
    pub fn load_newer(self, id: ConversationId) {
        self.input(|state, now| state.load_newer(id, now));
    }

    /// Loads the newest messages, in place of what is loaded when that lies apart.
    pub fn load_latest(self, id: ConversationId) {
        self.input(|state, now| state.load_latest(id, now));
    }

    /// Loads the messages around a position, in place of what is loaded when that lies apart.
    pub fn load_around(self, id: ConversationId, seq: Seq) {
        self.input(|state, now| state.load_around(id, seq, now));
    }

    /// Everything up to here was inside the viewport of a visible, focused tab.
    pub fn seen(self, id: ConversationId, seq: Seq) {
        self.input(|state, now| state.seen(id, seq, now));
    }

    /// Keeps what was begun to be written.
    pub fn set_draft(self, target: Target, text: &str) {
        self.input(|state, _| state.set_draft(target, text));
    }

    /// The user writes, or has removed what was written.
    pub fn typing(self, target: Target, active: bool) {
        self.input(|state, now| state.typing(target, active, now));
    }

    /// Connects although a newer connection took this one's place ("Use here").
    pub fn use_here(self) {
        self.input(State::use_here);
    }

    /// Brings the client to life: reads the storage, opens the socket. For an `Effect`, which runs
    /// in the browser only, once the page is hydrated; the server's clock showed `server_time` when
    /// it rendered the page. A second call does nothing.
    #[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "browsers do this"))]
    pub fn start(self, server_time: Timestamp) {
        #[cfg(feature = "hydrate")]
        super::effects::start(self, server_time);
    }

    /// What the server's clock shows, as far as it is known.
    pub fn server_time(self) -> Timestamp {
        self.state.with_value(|state| state.server_time(now()))
    }

    /// Logs out. Once that is done, the user's unsent messages and drafts are removed from the
    /// browser, and the sign-in page is shown; otherwise everything stays, and `failed` hears why.
    #[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "browsers do this"))]
    pub fn log_out(self, failed: impl FnOnce(ApiError) + 'static) {
        #[cfg(feature = "hydrate")]
        super::effects::log_out(self, failed);
    }

    /// Drops the socket, because the page is being left for another: what the server says to
    /// sockets meanwhile, such as that the login has ended, is no reason to go elsewhere.
    pub fn disconnect(self) {
        #[cfg(feature = "hydrate")]
        super::effects::disconnect(self);
    }

    /// Lets the state take something in, tells whoever reads what has changed, and carries out
    /// what the state asks for.
    pub(super) fn input(self, take: impl FnOnce(&mut State, Timestamp) -> Vec<Effect>) {
        let mut take = Some(take);
        self.run(&mut |state, now| take.take().map_or_else(Vec::new, |take| take(state, now)));
    }

    /// The same, once for all inputs: they are many, and everyone downloads them.
    fn run(self, take: &mut dyn FnMut(&mut State, Timestamp) -> Vec<Effect>) {
        let now = now();
        let taken = self.state.try_update_value(|state| {
            let effects = take(state, now);
            (effects, state.take_changes(), state.connection_status())
        });
        let Some((effects, changes, connection)) = taken else { return };
        if self.connection.get_untracked() != connection {
            self.connection.set(connection);
        }
        self.tell(&changes);
        for effect in effects {
            match effect {
                Effect::Opened(person, id) => self.opened.set(Some((person, id))),
                Effect::Found(id, seq) => self.found.set(Some((id, seq))),
                Effect::Refused(error) => self.refusal.set(Some(error)),
                Effect::Announce(message) => self.arrival.set(Some(*message)),
                other => self.perform(other),
            }
        }
        #[cfg(feature = "hydrate")]
        super::effects::schedule(self);
    }

    #[cfg(feature = "hydrate")]
    fn perform(self, effect: Effect) {
        super::effects::perform(self, effect);
    }

    /// On the server there is nothing to be done.
    #[cfg(not(feature = "hydrate"))]
    #[expect(clippy::unused_self, reason = "as in the browser")]
    fn perform(self, _: Effect) {}

    fn tell(self, changes: &Changes) {
        if changes.chats {
            self.chats.notify();
        }
        if changes.outbox {
            self.outbox.notify();
        }
        if changes.people {
            self.people.notify();
        }
        if changes.drafts {
            self.drafts.notify();
        }
        for id in changes.timelines.keys() {
            if let Some(signal) = self.timelines.with_value(|signals| signals.get(id).cloned()) {
                signal.notify();
            }
        }
    }
}

#[cfg(feature = "hydrate")]
#[expect(clippy::disallowed_methods, reason = "here is where ids are made, and handed in")]
pub(super) fn new_client_id() -> Result<ClientId, ApiError> {
    ClientId::parse(&uuid::Uuid::new_v4().to_string())
}

#[cfg(not(feature = "hydrate"))]
pub(super) fn new_client_id() -> Result<ClientId, ApiError> {
    Err(ApiError::unavailable())
}
