//! The handle by which pages read what the client knows and say what the user wants.
//!
//! The same components run on the server, where the handle shows the state that was put into it
//! and does nothing; in the browser [`Client::start`] brings it to life.

use std::collections::HashMap;
use std::ops::Range;

use leptos::prelude::*;

use crate::protocol::{
    ApiError, ClientId, Conversation, ConversationId, Message, MessagePage, Seq, Target, User,
    UserId,
};
use crate::state::{ChatList, Connection, Item, Outbox, State, Timeline};

/// What the client knows and does. Cheap to copy; one a page, in the context.
///
/// Methods that read subscribe whoever calls them inside a memo, an effect or a view to exactly
/// what they read. The closures handed to them must not call the client again.
#[derive(Clone, Copy)]
pub struct Client {
    state: StoredValue<State>,
    chats: RwSignal<()>,
    outbox: RwSignal<()>,
    connection: RwSignal<Connection>,
    timelines: StoredValue<HashMap<ConversationId, ArcRwSignal<()>>>,
    opened: RwSignal<Option<(UserId, ConversationId)>>,
    arrival: RwSignal<Option<Message>>,
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
            connection: RwSignal::new(state.connection()),
            state: StoredValue::new(state),
            chats: RwSignal::new(()),
            outbox: RwSignal::new(()),
            timelines: StoredValue::new(HashMap::new()),
            opened: RwSignal::new(None),
            arrival: RwSignal::new(None),
        };
        provide_context(client);
        client
    }

    /// Brings the client to life: reads the storage, opens the socket. For an `Effect`, which runs
    /// in the browser only, once the page is hydrated.
    pub fn start(self) {}

    /// Who is signed in.
    pub fn me(self) -> User {
        self.state.with_value(|state| state.me().clone())
    }

    /// The connection, as a person is told of it.
    pub fn connection(self) -> Signal<Connection> {
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

    /// The private conversation with this person, where there is one.
    pub fn conversation_with(self, person: UserId) -> Option<ConversationId> {
        self.chats.track();
        self.state.with_value(|state| {
            state.chats().with(person, state.me().id).map(|conversation| conversation.id)
        })
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

    /// How many newer messages there are than the last loaded one.
    pub fn newer(self, id: ConversationId) -> i64 {
        self.track_timeline(id);
        self.state.with_value(|state| state.newer(id))
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

    /// Sends a text; it stands in the target's items at once.
    ///
    /// # Errors
    /// `validation` when it is blank or too long: then nothing was sent.
    pub fn send(self, target: Target, text: &str) -> Result<ClientId, ApiError> {
        let _ = (target, text);
        ClientId::parse("x")
    }

    /// Tries a message again that was not sent.
    pub fn retry(self, client_id: &ClientId) {
        let _ = client_id;
    }

    /// Gives a message up that was not sent.
    pub fn delete(self, client_id: &ClientId) {
        let _ = client_id;
    }

    /// Takes in what the server rendered of a conversation, and puts "New" where it belongs.
    pub fn adopt(self, conversation: Conversation, page: MessagePage) {
        let _ = (conversation, page);
    }

    /// Someone looks at a conversation now: loads it around the first unread message unless it is
    /// there, and puts "New" where it belongs. Call it at every visit.
    pub fn open(self, id: ConversationId) {
        let _ = id;
    }

    /// Loads older messages; does nothing while it does, and at the first.
    pub fn load_older(self, id: ConversationId) {
        let _ = id;
    }

    /// Loads newer messages; does nothing while it does, and at the newest.
    pub fn load_newer(self, id: ConversationId) {
        let _ = id;
    }

    /// Loads the newest messages, in place of what is loaded when that lies apart.
    pub fn load_latest(self, id: ConversationId) {
        let _ = id;
    }

    /// Loads the messages around a position, in place of what is loaded when that lies apart.
    pub fn load_around(self, id: ConversationId, seq: Seq) {
        let _ = (id, seq);
    }

    /// Everything up to here was inside the viewport of a visible, focused tab.
    pub fn seen(self, id: ConversationId, seq: Seq) {
        let _ = (id, seq);
    }

    /// What was begun to be written to a target. Not tracked.
    pub fn draft(self, target: Target) -> String {
        self.state.with_value(|state| state.draft(target).to_owned())
    }

    /// Keeps what was begun to be written.
    pub fn set_draft(self, target: Target, text: &str) {
        let _ = (target, text);
    }

    /// Connects although a newer connection took this one's place ("Use here").
    pub fn use_here(self) {}

    /// Whether there is something unsent that logging out would lose.
    pub fn log_out_warning(self) -> bool {
        self.state.with_value(|state| state.outbox().iter().any(crate::state::Entry::is_unsent))
    }

    /// Removes the user's unsent messages and drafts from the browser: at log-out.
    pub fn forget_local_data(self) {}

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
