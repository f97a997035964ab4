//! The handle by which pages read what the client knows and say what the user wants.
//!
//! The same components run on the server, where the handle shows the state that was put into it
//! and does nothing; in the browser [`Client::start`] brings it to life.

mod actions;
#[cfg(feature = "hydrate")]
pub mod api;
mod clock;
#[cfg(feature = "hydrate")]
mod effects;
#[cfg(any(feature = "hydrate", test))]
mod frame;
mod inputs;
#[cfg(feature = "hydrate")]
pub mod json;
#[cfg(feature = "hydrate")]
mod locks;
#[cfg(feature = "hydrate")]
pub mod parts;
#[cfg(feature = "hydrate")]
mod reader;
#[cfg(feature = "hydrate")]
mod refresh;
#[cfg(any(feature = "hydrate", test))]
mod requests;
#[cfg(feature = "hydrate")]
mod send;
#[cfg(feature = "hydrate")]
mod socket;
#[cfg(feature = "hydrate")]
mod storage;
#[cfg(feature = "hydrate")]
mod tab_leader;

use std::ops::Range;

use leptos::prelude::*;
use litemap::LiteMap;

use crate::protocol::{
    ApiError, Conversation, ConversationId, Message, Presence, Seq, Target, User, UserId,
};
use crate::state::{ChatList, ConnectionStatus, Item, Outbox, State, Timeline};

/// What the client knows and does. Cheap to copy; one a page, in the context.
///
/// Methods that read subscribe whoever calls them inside a memo, an effect or a view to exactly
/// what they read. The closures handed to them must not call the client again.
#[derive(Clone, Copy)]
pub struct Client {
    state: StoredValue<State>,
    chats: RwSignal<()>,
    outbox: RwSignal<()>,
    drafts: RwSignal<()>,
    people: RwSignal<()>,
    connection: RwSignal<ConnectionStatus>,
    timelines: StoredValue<LiteMap<ConversationId, ArcRwSignal<()>>>,
    opened: RwSignal<Option<(UserId, ConversationId)>>,
    arrival: RwSignal<Option<Message>>,
    found: RwSignal<Option<(ConversationId, Seq)>>,
    refusal: RwSignal<Option<ApiError>>,
    #[cfg(feature = "hydrate")]
    runtime: StoredValue<effects::Runtime, LocalStorage>,
}

/// The client of this page.
///
/// # Panics
/// Where no client was provided: outside the pages of who is signed in.
#[must_use]
pub fn use_client() -> Client {
    expect_context::<Client>()
}

impl Client {
    /// A client with what the server knew when it rendered the page; put into the context.
    pub fn provide(state: State) -> Self {
        let client = Self {
            connection: RwSignal::new(state.connection_status()),
            state: StoredValue::new(state),
            chats: RwSignal::new(()),
            outbox: RwSignal::new(()),
            drafts: RwSignal::new(()),
            people: RwSignal::new(()),
            timelines: StoredValue::new(LiteMap::new()),
            opened: RwSignal::new(None),
            arrival: RwSignal::new(None),
            found: RwSignal::new(None),
            refusal: RwSignal::new(None),
            #[cfg(feature = "hydrate")]
            runtime: StoredValue::new_local(effects::Runtime::default()),
        };
        provide_context(client);
        client
    }

    /// Who is signed in.
    pub fn me(self) -> User {
        self.state.with_value(|state| state.me().clone())
    }

    /// The connection, as a person is told of it.
    pub fn connection(self) -> Signal<ConnectionStatus> {
        self.connection.into()
    }

    /// Reads the chat list; see [`ChatList::ordered`].
    pub fn with_chats<T>(self, read: impl FnOnce(&ChatList) -> T) -> T {
        self.chats.track();
        self.state.with_value(|state| read(state.chats()))
    }

    /// One row of the chat list.
    pub fn conversation(self, id: ConversationId) -> Option<Conversation> {
        self.with_chats(|chats| chats.get(id).cloned())
    }

    /// The private conversation with this person, where there is one: from the moment on that the
    /// first message is acknowledged.
    pub fn conversation_with(self, person: UserId) -> Option<ConversationId> {
        self.chats.track();
        self.state.with_value(|state| state.conversation_with(person))
    }

    /// Reads what is loaded of a conversation; `None` when nothing is, see [`Client::open`].
    pub fn with_timeline<T>(
        self,
        id: ConversationId,
        read: impl FnOnce(Option<&Timeline>) -> T,
    ) -> T {
        self.track_timeline(id);
        self.state.with_value(|state| read(state.timeline(id)))
    }

    /// How many articles a target has to show: loaded messages, and what is on its way.
    pub fn item_count(self, target: Target) -> usize {
        self.track_target(target);
        self.state.with_value(|state| state.item_count(target))
    }

    /// Reads some of a target's articles, oldest first. The state goes along, for
    /// [`State::delivery`].
    pub fn with_items<T>(
        self,
        target: Target,
        range: Range<usize>,
        read: impl FnOnce(&[Item<'_>], &State) -> T,
    ) -> T {
        self.track_target(target);
        self.state.with_value(|state| read(&state.items(target, range), state))
    }

    /// Reads what is not acknowledged yet.
    pub fn with_outbox<T>(self, read: impl FnOnce(&Outbox) -> T) -> T {
        self.outbox.track();
        self.state.with_value(|state| read(state.outbox()))
    }

    /// The last `to_user_id` target that has become a conversation: a page that shows the person
    /// moves to the conversation, keeping what it shows.
    pub fn opened(self) -> Signal<Option<(UserId, ConversationId)>> {
        self.opened.into()
    }

    /// The last message of someone else that arrived, for the live region.
    pub fn arrival(self) -> Signal<Option<Message>> {
        self.arrival.into()
    }

    /// Why a conversation could not be loaded, or more of it.
    pub fn failure(self, id: ConversationId) -> Option<ApiError> {
        self.track_timeline(id);
        self.state.with_value(|state| state.failure(id).cloned())
    }

    /// Whether someone is there, where that may be known: not while nothing is heard of anyone.
    pub fn presence(self, person: UserId) -> Option<Presence> {
        self.people.track();
        let status = self.connection.get();
        if matches!(status, ConnectionStatus::Offline | ConnectionStatus::Elsewhere) {
            return None;
        }
        self.state.with_value(|state| state.presence(person))
    }

    /// What was begun to be written to a target. Whoever reads is told of what was written
    /// elsewhere, and not of what is written in this tab.
    pub fn draft(self, target: Target) -> String {
        self.drafts.track();
        self.state.with_value(|state| state.draft(target).to_owned())
    }

    fn track_target(self, target: Target) {
        self.outbox.track();
        if let Target::Conversation(id) = target {
            self.track_timeline(id);
        }
    }

    fn track_timeline(self, id: ConversationId) {
        let known = self.timelines.with_value(|signals| signals.get(&id).cloned());
        let signal = known.unwrap_or_else(|| {
            let signal = ArcRwSignal::new(());
            self.timelines.update_value(|signals| {
                signals.insert(id, signal.clone());
            });
            signal
        });
        signal.track();
    }
}
