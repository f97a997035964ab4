//! What a page is made of. The server loads it, renders it, and writes it into the HTML; the
//! browser renders the same from it, so that hydration moves nothing.

use serde::{Deserialize, Serialize};

use super::route::Address;
use super::shared::civil::Zone;
use super::words::{Words, td_string};
use crate::forms::FormOutcome;
use crate::protocol::{Conversation, ListPage, MessagePage, Timestamp, User};

/// All that a page is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// What was asked for.
    pub place: Address,
    /// The server's time when it was rendered.
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
    /// The person who is signed in.
    pub me: User,
    /// The chat list, as far as it goes along with the page.
    pub chats: ListPage<Conversation>,
    /// What stands beside it.
    pub pane: Pane,
}

/// What stands beside the chat list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pane {
    /// A conversation, with a part of its history.
    Talk(Box<Talk>),
    /// A person to write the first message to.
    Person {
        /// The person to write to.
        user: User,
        /// The `client_id` of the plain form's message.
        client_id: String,
    },
    /// What the server alone renders: it stands in the HTML, and not in the page.
    Static,
}

/// A conversation with a part of its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Talk {
    /// The conversation that is shown.
    pub conversation: Conversation,
    /// A page of its messages.
    pub messages: MessagePage,
    /// The `client_id` of the plain form's message.
    pub client_id: String,
}

/// What came with the page, for the first view that shows it.
#[derive(Clone)]
pub struct Delivered {
    /// The pane as the server rendered it.
    pub pane: Pane,
    /// The form post that failed.
    pub form: Option<FormOutcome>,
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
