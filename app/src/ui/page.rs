//! What a page is made of. The server loads it, renders it, and writes it into the HTML; the
//! browser renders the same from it, so that hydration moves nothing.

use serde::{Deserialize, Serialize};

use super::route::{Place, Route};
use super::shared::Face;
use super::shared::civil::Zone;
use super::words::{Words, td_string};
use crate::forms::FormOutcome;
use crate::protocol::{
    ApiError, Conversation, ConversationKind, ListPage, MessagePage, Timestamp, User,
};

/// A page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// What was asked for.
    pub place: Place,
    /// When.
    pub now: Timestamp,
    /// In which zone its times are told.
    pub zone: Zone,
    /// The form post that failed, when this page shows it again.
    pub form: Option<FormOutcome>,
    /// What someone who is signed in sees.
    pub session: Option<Session>,
}

/// What someone who is signed in sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub me: User,
    /// The chat list.
    pub chats: ListPage<Conversation>,
    /// What stands beside it.
    pub pane: Pane,
}

/// What stands beside the chat list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pane {
    /// Nothing but a word on how to start.
    Nothing,
    /// A conversation.
    Talk(Box<Talk>),
    /// A person to write the first message to.
    Person {
        /// Who.
        user: User,
        /// The `client_id` of the plain form's message.
        client_id: String,
    },
    /// The search for people.
    People {
        /// Who was found; absent before anything was searched for.
        results: Option<Vec<User>>,
    },
    /// It cannot be shown.
    Failed(ApiError),
    /// There is no such page.
    Missing,
}

/// A conversation with a part of its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Talk {
    /// Which.
    pub conversation: Conversation,
    /// The messages.
    pub messages: MessagePage,
    /// The `client_id` of the plain form's message.
    pub client_id: String,
}

impl Page {
    /// The HTTP status that fits.
    #[must_use]
    pub fn status(&self) -> u16 {
        if let Some(form) = &self.form {
            return form.error.code;
        }
        match self.session.as_ref().map(|session| &session.pane) {
            Some(Pane::Failed(error)) => error.code,
            Some(Pane::Missing) => 404,
            _ => 200,
        }
    }

    /// What the browser's tab says.
    #[must_use]
    pub fn title(&self, words: Words) -> String {
        let chats = self.session.iter().flat_map(|session| &session.chats.items);
        let subject = match (self.place.route, self.session.as_ref().map(|session| &session.pane)) {
            (_, Some(Pane::Talk(talk))) => conversation_name(&talk.conversation, words),
            (_, Some(Pane::Person { user, .. })) if self.is_me(user) => {
                td_string!(words, chats.notes).to_owned()
            }
            (_, Some(Pane::Person { user, .. })) => user.nickname.clone(),
            (_, Some(Pane::Missing)) => td_string!(words, missing.title).to_owned(),
            (_, Some(Pane::Failed(_))) => td_string!(words, talk.failed_title).to_owned(),
            (Route::People, _) => td_string!(words, people.title).to_owned(),
            (Route::LogIn, _) => td_string!(words, sign_in.log_in).to_owned(),
            (Route::Register, _) => td_string!(words, sign_in.create).to_owned(),
            _ => String::new(),
        };
        title(&subject, unread(chats), words)
    }

    fn is_me(&self, user: &User) -> bool {
        self.session.as_ref().is_some_and(|session| session.me.id == user.id)
    }
}

/// How many messages of others are unread in all these.
#[must_use]
pub fn unread<'a>(chats: impl Iterator<Item = &'a Conversation>) -> u32 {
    chats.map(|chat| chat.unread).sum()
}

/// What the browser's tab says: how much is unread, what is shown (empty: the list alone), the site.
#[must_use]
pub fn title(subject: &str, unread: u32, words: Words) -> String {
    let site = td_string!(words, app.name);
    let count = if unread > 0 { format!("({unread}) ") } else { String::new() };
    let between = if subject.is_empty() { "" } else { " · " };
    format!("{count}{subject}{between}{site}")
}

/// What a conversation is called: a group by its name, a private one by the other person, one's
/// own Notes.
#[must_use]
pub fn conversation_name(conversation: &Conversation, words: Words) -> String {
    match (conversation.kind, &conversation.peer) {
        (ConversationKind::Private, None) => td_string!(words, chats.notes).to_owned(),
        (ConversationKind::Private, Some(peer)) => peer.nickname.clone(),
        (ConversationKind::Group, _) => conversation.name.clone(),
    }
}

/// A conversation's avatar: the other person's, else its own.
#[must_use]
pub fn face(conversation: &Conversation, words: Words) -> Face {
    let id = conversation.peer.as_ref().map_or(conversation.id.get(), |peer| peer.id.get());
    Face { name: conversation_name(conversation, words), id }
}
