//! `/c/{id}/forward?m={seq}`: where to carry a message on to; a static pane.

mod destination;

use app::protocol::{ApiError, Conversation, ErrorKind, Message, MessageRef, Quote, User, UserId};
use app::ui::route::{forward_path, message_path};
use app::ui::shared::Avatar;
use app::ui::shared::quoted::Quoted;
use app::ui::words::{Words, td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

use self::destination::{Entry, entries};
use super::groups::Head;
use crate::pages::shared::part::reason;
use crate::pages::shared::search_field::SearchField;

pub use self::destination::Destination;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Forward {
    /// The message to be forwarded.
    pub of: MessageRef,
    /// The same; absent when it cannot be forwarded.
    pub message: Option<Message>,
    /// The person who forwards it.
    pub me: UserId,
    /// What was searched for.
    pub query: String,
    /// The viewer's chats, in the order of their list: with a search all of them.
    pub chats: Vec<Conversation>,
    /// Who was found by the search.
    pub people: Vec<User>,
    /// The `client_id` of what is sent, so that a form that is sent twice is one message.
    pub client_id: String,
    /// Why it cannot be forwarded, or could not there.
    pub refused: Option<ApiError>,
}

/// The page on which a message is forwarded.
#[component]
pub fn ForwardPage(
    /// What it shows.
    page: Forward,
) -> impl IntoView {
    let words = words();
    let back = message_path(page.of.conversation_id, page.of.seq);
    let alert = page.refused.as_ref().map(|error| {
        let text = refusal(error, page.message.is_some(), words);
        view! { <p class="alert" role="alert">{text}</p> }
    });
    let choice = page.message.clone().map(|message| view! { <Choice page message /> });
    view! {
        <section class="settings">
            <Head back title=td_string!(words, forward.title).to_owned() />
            <div class="parts">
                <div class="part">{alert} {choice}</div>
            </div>
        </section>
    }
}

fn refusal(error: &ApiError, can_be_forwarded: bool, words: Words) -> &'static str {
    match (error.kind, can_be_forwarded) {
        (ErrorKind::Forbidden, false) => td_string!(words, forward.impossible),
        (ErrorKind::Forbidden, true) => td_string!(words, forward.closed),
        _ => reason(error, words),
    }
}

/// The message, and where it can go.
#[component]
fn Choice(page: Forward, message: Message) -> impl IntoView {
    let words = words();
    let Forward { of, query, client_id, .. } = page.clone();
    let entries = entries(page, words);
    let quote = message.quote();
    let quote = Quote { sender: message.forwarded_from.unwrap_or(message.sender), ..quote };
    let path = forward_path(of.conversation_id, of.seq);
    let seq = of.seq.to_string();
    let list = if entries.is_empty() {
        Either::Left(view! { <p class="hint">{td_string!(words, forward.none)}</p> })
    } else {
        let entries: Vec<_> =
            entries.into_iter().map(|entry| view! { <DestinationRow entry /> }).collect();
        Either::Right(view! { <ul aria-label=td_string!(words, forward.to)>{entries}</ul> })
    };
    view! {
        <a class="quote" href=message_path(of.conversation_id, of.seq)>
            <Quoted quote />
        </a>
        <form class="seek" action=path.clone() role="search">
            <input type="hidden" name="m" value=seq.clone() />
            <SearchField query=query.clone() label=td_string!(words, forward.find) autofocus=true />
            <button class="quiet">{td_string!(words, people.go)}</button>
        </form>
        <form class="destinations" method="post" action=path>
            <input type="hidden" name="m" value=seq />
            <input type="hidden" name="query" value=query />
            <input type="hidden" name="client_id" value=client_id />
            {list}
        </form>
    }
}

#[component]
fn DestinationRow(entry: Entry) -> impl IntoView {
    let Entry { to, avatar, note } = entry;
    let name = avatar.name.clone();
    view! {
        <li>
            <button class="person" name="to" value=to.to_string()>
                <Avatar label=move || avatar.clone() />
                <span class="names">
                    <strong dir="auto">{name}</strong>
                    " "
                    <span class="handle">{note}</span>
                </span>
            </button>
        </li>
    }
}
