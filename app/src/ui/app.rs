//! Which view stands where: the sign-in card, or the chat list with a pane beside it.

use leptos::either::EitherOf5;
use leptos::prelude::*;

use super::chat_list::Chats;
use super::conversation::{Conversation, ReadingPositions};
use super::location::Location;
use super::overlays::{OverlayHost, Overlays};
use super::page::{Delivered, Pane, Session};
use super::people::{People, Persons};
use super::route::{Address, Route, conversation_path, person_path};
use super::shared::civil::Zone;
use super::shared::errors::message;
use super::shared::notice::sentence;
use super::shared::{Clock, Icon, IconView, called, within};
use super::static_panes::StaticPaneHost;
use super::words::{Words, td_string, words};
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
        _ => {}
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
                    {pane_view(shown, delivered.try_update_value(Option::take).flatten(), words)}
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

fn pane_view(shown: Shown, delivered: Option<Delivered>, words: Words) -> impl IntoView {
    match (shown, delivered.as_ref().map(|delivered| &delivered.pane)) {
        (_, Some(Pane::Failed(error))) => {
            EitherOf5::A(view! { <Failed text=message(error, words) /> })
        }
        (_, Some(Pane::Missing)) | (Shown::Missing, _) => EitherOf5::B(blank(true, words)),
        (Shown::Talk(target), _) => {
            EitherOf5::C(view! { <Conversation target delivered=delivered /> })
        }
        (Shown::People, delivered) => {
            EitherOf5::D(view! { <People delivered=delivered.is_some() /> })
        }
        (Shown::Nothing, _) => EitherOf5::B(blank(false, words)),
        (Shown::Static, _) => EitherOf5::E(view! { <StaticPaneHost /> }),
    }
}

/// A pane that has nothing but a word on where to go.
#[component]
fn Blank(
    icon: Icon,
    title: &'static str,
    text: &'static str,
    /// Where the link leads, and what it says.
    link: (&'static str, &'static str),
) -> impl IntoView {
    view! {
        <div class="blank pane-center">
            <span class="badge"><IconView icon /></span>
            <h1>{title}</h1>
            <p>{text}</p>
            <a class="solid" href=link.0>
                {link.1}
            </a>
        </div>
    }
}

/// No chat was picked, or there is no such page.
fn blank(missing: bool, words: Words) -> impl IntoView {
    if missing {
        let (title, text) = (td_string!(words, missing.title), td_string!(words, missing.text));
        view! { <Blank icon=Icon::Search title text link=("/", td_string!(words, missing.home)) /> }
    } else {
        let (title, text) =
            (td_string!(words, chats.pick_title), td_string!(words, chats.pick_text));
        view! { <Blank icon=Icon::Talk title text link=("/new", td_string!(words, chats.start)) /> }
    }
}

#[component]
fn Failed(text: &'static str) -> impl IntoView {
    let words = words();
    let path = move || match Location::of_page().place().get().route {
        Route::Talk(Target::Conversation(id)) => conversation_path(id),
        Route::Talk(Target::User(id)) => person_path(id),
        Route::People => "/new".to_owned(),
        _ => "/".to_owned(),
    };
    view! {
        <div class="blank pane-center">
            <span class="badge"><IconView icon=Icon::Alert /></span>
            <h1>{td_string!(words, talk.failed_title)}</h1>
            <p role="alert">{text}</p>
            <a class="solid" href=path rel="external" target="_self">
                {td_string!(words, talk.try_again)}
            </a>
        </div>
    }
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
                let (name, text) = (called(&message.sender, words), message.text());
                td_string!(words, talk.announce, name = within(&name), text = text)
            })
        })
    };
    view! { <div class="unseen" aria-live="polite">{text}</div> }
}
