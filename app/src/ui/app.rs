//! Which view stands where: the sign-in card, or the chat list with a pane beside it.

use leptos::either::Either;
use leptos::prelude::*;

use super::chat_list::Chats;
use super::conversation::{Conversation, ReadingPositions};
use super::location::Location;
use super::overlays::{OverlayHost, Overlays};
use super::page::{Delivered, Pane, Session};
use super::people::Persons;
use super::route::{Address, Route};
use super::shared::civil::Zone;
use super::shared::errors::message;
use super::shared::notice::sentence;
use super::shared::summary::summary;
use super::shared::{Clock, called, within};
use super::static_panes::{MISSING, NOTHING, PEOPLE, StaticPaneHost};
use super::words::{td_string, words};
use crate::client::{Client, use_client};
use crate::forms::FormOutcome;
use crate::protocol::{Target, Timestamp};
use crate::state::{ConnectionStatus, State};

/// How a page was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The address that it was opened at.
    pub place: Address,
    /// The server's time when it rendered the page.
    pub now: Timestamp,
    /// In which zone its times are told.
    pub zone: Zone,
    /// The form post that failed, when the page shows it again.
    pub form: Option<FormOutcome>,
}

/// What the pane beside the list shows. It is made anew when this changes, and only then.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Shown {
    Nothing,
    People,
    Talk(Target),
    Static,
    Missing,
}

/// All that someone who is signed in sees.
#[component]
pub fn App(
    /// How the page was opened.
    opening: Opening,
    /// What it is made of.
    session: Session,
) -> impl IntoView {
    let Opening { place, now, zone, form } = opening;
    let Session { me, chats, pane } = session;
    let words = words();
    provide_context(Clock::new(now, zone, words));
    let location = Location::provide(place);
    let older = chats.next_cursor.clone();
    let client = Client::provide(State::new(me, chats));
    let persons = Persons::provide();
    ReadingPositions::provide();
    let overlays = Overlays::provide();
    match &pane {
        Pane::Talk(talk) => client.adopt(talk.conversation.clone(), talk.messages.clone()),
        Pane::Person { user, .. } => persons.learn(user.clone()),
        Pane::Static => {}
    }
    let delivered = StoredValue::new(Some(Delivered { pane, form }));
    let shown = Memo::new(move |before: Option<&Shown>| {
        let next = shown_at(client, &location.place().get());
        match (before, next) {
            // A first message has turned the person into a conversation: the view stays.
            (Some(Shown::Talk(Target::User(peer))), Shown::Talk(Target::Conversation(id)))
                if client.opened().get_untracked() == Some((*peer, id)) =>
            {
                Shown::Talk(Target::User(*peer))
            }
            _ => next,
        }
    });
    Effect::new(move |_| super::live::begin(client, location, now));
    let class = move || {
        if location.place().with(|place| place.route == Route::Home) {
            "app at-home"
        } else {
            "app"
        }
    };
    view! {
        <div class=class>
            <ConnectionBanner />
            <Refusal />
            <Chats older />
            <main>
                // Keyed: another pane is another element, never the old one patched.
                <For each=move || [shown.get()] key=|shown| *shown let:shown>
                    {pane_view(shown, delivered.try_update_value(Option::take).flatten())}
                </For>
            </main>
            <Announcer />
            <OverlayHost overlays />
        </div>
    }
}

fn shown_at(client: Client, place: &Address) -> Shown {
    match place.route {
        Route::Talk(Target::User(peer)) => match untrack(|| client.conversation_with(peer)) {
            Some(id) => Shown::Talk(Target::Conversation(id)),
            None => Shown::Talk(Target::User(peer)),
        },
        Route::Talk(target) => Shown::Talk(target),
        Route::People => Shown::People,
        Route::Missing => Shown::Missing,
        Route::Home | Route::LogIn | Route::Register => Shown::Nothing,
        _ => Shown::Static,
    }
}

fn pane_view(shown: Shown, delivered: Option<Delivered>) -> impl IntoView {
    // What an address leads to may not be there.
    let stands = !matches!(delivered.as_ref().map(|it| &it.pane), Some(Pane::Static));
    if let (Shown::Talk(target), true) = (shown, stands) {
        return Either::Left(view! { <Conversation target delivered=delivered /> });
    }
    let template = match shown {
        Shown::Nothing => Some(NOTHING),
        Shown::People => Some(PEOPLE),
        Shown::Missing => Some(MISSING),
        Shown::Static | Shown::Talk(_) => None,
    };
    Either::Right(view! { <StaticPaneHost template delivered=delivered.is_some() /> })
}

/// How the connection stands: always there for assistive technology, seen only when it is not
/// well. At first it is given a moment.
#[component]
fn ConnectionBanner() -> impl IntoView {
    let words = words();
    let client = use_client();
    let connection = client.connection();
    let text = move || match connection.get() {
        ConnectionStatus::Connecting => td_string!(words, connection.starting),
        ConnectionStatus::Connected => td_string!(words, connection.connected),
        ConnectionStatus::Reconnecting => td_string!(words, connection.reconnecting),
        ConnectionStatus::Offline => td_string!(words, connection.offline),
        ConnectionStatus::Elsewhere => td_string!(words, connection.elsewhere),
    };
    let calm = move || {
        matches!(connection.get(), ConnectionStatus::Connecting | ConnectionStatus::Connected)
    };
    let elsewhere = move || connection.get() == ConnectionStatus::Elsewhere;
    view! {
        <div class="banner" class:calm=calm>
            <div role="status" aria-label=td_string!(words, connection.label)>
                {text}
            </div>
            {move || {
                elsewhere()
                    .then(|| {
                        view! {
                            <button type="button" on:click=move |_| client.use_here()>
                                {td_string!(words, connection.use_here)}
                            </button>
                        }
                    })
            }}
        </div>
    }
}

/// What was tried and refused, told in a sentence until it is read.
#[component]
fn Refusal() -> impl IntoView {
    let words = words();
    let client = use_client();
    let refusal = client.refusal();
    move || {
        refusal.get().map(|error| {
            view! {
                <div class="alert refusal" role="alert">
                    {message(&error, words)}
                    <button type="button" on:click=move |_| client.dismiss()>
                        {td_string!(words, talk.close)}
                    </button>
                </div>
            }
        })
    }
}

/// Tells new messages of others to those who do not see the page.
#[component]
fn Announcer() -> impl IntoView {
    let words = words();
    let client = use_client();
    let (arrival, me) = (client.arrival(), client.me().id);
    let text = move || {
        arrival.with(|arrival| {
            arrival.as_ref().map(|message| {
                if let Some(notice) = message.notice() {
                    return sentence(notice, me, words);
                }
                let (name, text) =
                    (called(&message.sender, words), summary(&message.content, words));
                td_string!(words, talk.announce, name = within(&name), text = text)
            })
        })
    };
    view! { <div class="unseen" aria-live="polite">{text}</div> }
}
