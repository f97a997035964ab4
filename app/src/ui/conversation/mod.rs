//! A conversation: its head, its messages, and where one writes.

mod article;
mod bar;
mod composer;
mod content;
mod field;
pub mod files;
mod log;
mod mentions;
mod menu;
mod reading_positions;
mod render_window;
mod rows;
mod scroll;

use leptos::prelude::*;

use self::composer::Composer;
use self::log::Log;
pub use self::reading_positions::ReadingPositions;
use self::rows::conversation_of;
use self::scroll::Goal;
use super::location::Location;
use super::overlays::TO_DATE;
use super::page::{Delivered, Pane};
use super::people::Persons;
use super::route::{conversation_path, info_path, message_path, profile_path};
use super::shared::naming::avatar_label;
use super::shared::notice::typing;
use super::shared::presence::{dot, in_words};
use super::shared::{Avatar, AvatarLabel, Clock, Icon, IconView, called};
use super::words::{counted, td_string, words};
use crate::client::use_client;
use crate::protocol::{ConversationKind, ErrorKind, Seq, Target, Timestamp, User, UserId};

/// A conversation, or a person to whom nothing was said yet; that turns into the conversation
/// with the first message, and everything that was typed stays.
#[component]
pub fn Conversation(
    /// What the address named when this was opened.
    target: Target,
    /// What came with the page, if this was on it.
    delivered: Option<Delivered>,
) -> impl IntoView {
    let client = use_client();
    let location = Location::of_page();
    let opened_as = target;
    let target = Memo::new(move |_| match opened_as {
        Target::User(peer) => match client.opened().get() {
            Some((user, id)) if user == peer => Target::Conversation(id),
            _ => opened_as,
        },
        Target::Conversation(_) => opened_as,
    });
    let goal = RwSignal::new(delivered.is_none().then_some(Goal::Unread));
    let fresh = delivered.is_none();
    Effect::new(move |before: Option<Target>| {
        let target = target.get();
        if let Target::Conversation(id) = target {
            if before.is_some() {
                location.replace(&conversation_path(id));
            }
            if before.is_some() || fresh {
                client.open(id);
                goal.set(Some(Goal::Unread));
            }
        }
        target
    });
    Effect::new(move |before: Option<Sought>| {
        let sought = location.place().with(|place| (place.seq("m"), place.param("day")));
        let here = conversation_of(target.get_untracked());
        if before.as_ref() != Some(&sought) && (before.is_some() || fresh) {
            if let Some(seq) = sought.0 {
                goal.set(Some(Goal::Message(seq)));
            }
            if let Some((id, at)) = here.zip(sought.1.as_deref().and_then(midnight)) {
                client.load_at(id, at);
            }
        }
        // What stood at the day has been found.
        if let Some((id, seq)) = client.found().get().filter(|_| sought.1.is_some())
            && here == Some(id)
        {
            location.replace(&message_path(id, seq));
        }
        sought
    });
    let persons = Persons::of_page();
    let me = client.me().id;
    Effect::new(move |_| {
        // Again when the connection is back: the answer may have been lost.
        client.connection().track();
        if let Target::User(id) = target.get()
            && id != me
            && persons.get(id).is_none()
        {
            persons.ask(id);
        }
    });
    let about = About::of(target);
    // Nothing can be written where one is not.
    let gone = move || match target.get() {
        Target::Conversation(id) => {
            client.failure(id).is_some_and(|error| error.kind == ErrorKind::NotFound)
        }
        Target::User(_) => false,
    };
    view! {
        <section class="talk" class:gone=gone>
            <Head target about />
            <Log target about goal />
            <Composer target goal delivered=delivered.map(form_of) />
        </section>
    }
}

/// What the address asks for: a message, or a day.
type Sought = (Option<Seq>, Option<String>);

/// When a day such as 2026-03-14 begins where the reader is.
#[cfg(feature = "hydrate")]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds fit an i64 for ages")]
fn midnight(day: &str) -> Option<Timestamp> {
    let at = js_sys::Date::parse(&format!("{day}T00:00"));
    (!at.is_nan()).then_some((at as Timestamp).max(0))
}

/// On the server nobody goes anywhere.
#[cfg(not(feature = "hydrate"))]
const fn midnight(_: &str) -> Option<Timestamp> {
    None
}

/// What the plain form needs: the failed try, and the name of the next message.
fn form_of(delivered: Delivered) -> composer::Form {
    let (client_id, read_seq) = match delivered.pane {
        Pane::Talk(talk) => (talk.client_id, talk.messages.items.last().map(|message| message.seq)),
        Pane::Person { client_id, .. } => (client_id, None),
        Pane::Static => (String::new(), None),
    };
    composer::Form { client_id, read_seq, failed: delivered.form }
}

/// Who or what a conversation is with.
#[derive(Clone, Debug, Default, PartialEq)]
struct About {
    avatar: AvatarLabel,
    /// The other person's username; absent in Notes to oneself, and of who is gone.
    handle: Option<String>,
    /// How many members a group has.
    members: Option<u32>,
    /// The other person; none in a group and in Notes.
    peer: Option<UserId>,
    /// Where there is more about it.
    details: Option<String>,
}

impl About {
    fn of(target: Memo<Target>) -> Memo<Self> {
        let words = words();
        let client = use_client();
        let persons = Persons::of_page();
        let me = client.me();
        // Of what is there no more the name stays.
        let last =
            |before: Option<&Self>| Self { details: None, ..before.cloned().unwrap_or_default() };
        Memo::new(move |before: Option<&Self>| match target.get() {
            Target::Conversation(id) => client.with_chats(|chats| {
                chats.get(id).map_or_else(
                    || last(before),
                    |conversation| Self {
                        avatar: avatar_label(conversation, words),
                        handle: conversation.peer.as_ref().and_then(handle),
                        members: (conversation.kind == ConversationKind::Group)
                            .then_some(conversation.member_count),
                        peer: conversation.peer.as_ref().map(|peer| peer.id),
                        details: match (conversation.kind, &conversation.peer) {
                            (_, Some(peer)) => Some(profile_path(peer.id)),
                            (ConversationKind::Private, None) => Some(profile_path(me.id)),
                            (ConversationKind::Group, None) => Some(info_path(id)),
                        },
                    },
                )
            }),
            Target::User(id) if id == me.id => {
                let name = td_string!(words, chats.notes).to_owned();
                let details = Some(profile_path(id));
                Self { avatar: AvatarLabel::of(&me, name), details, ..Self::default() }
            }
            Target::User(id) => persons.get(id).map_or_else(Self::default, |user| Self {
                avatar: AvatarLabel::of(&user, called(&user, words)),
                handle: handle(&user),
                members: None,
                peer: Some(id),
                details: Some(profile_path(id)),
            }),
        })
    }
}

fn handle(user: &User) -> Option<String> {
    (!user.is_deleted()).then(|| user.username.clone())
}

#[component]
fn Head(target: Memo<Target>, about: Memo<About>) -> impl IntoView {
    let words = words();
    let client = use_client();
    let clock = Clock::of_page();
    let presence = move || client.presence(about.with(|about| about.peer)?);
    let typists = move || match target.get() {
        Target::Conversation(id) => client.typists(id),
        Target::User(_) => Vec::new(),
    };
    // Who is typing; how many a group has; what is known of the person now, else their name.
    let status = move || {
        let (typists, members) = (typists(), about.with(|about| about.members));
        if !typists.is_empty() {
            return typing(&typists, members.is_some(), words);
        }
        if let Some(members) = members {
            return counted!(words, members as usize, talk.members);
        }
        let there = presence().and_then(|presence| in_words(presence, clock, words));
        let handle = || about.with(|about| about.handle.as_ref().map(|name| format!("@{name}")));
        there.or_else(handle).unwrap_or_default()
    };
    let class = move || {
        format!("head {} {}", dot(presence()), if typists().is_empty() { "" } else { "typing" })
    };
    // A form, so that it is a button that leads to a page.
    let details = move || {
        let path = about.with(|about| about.details.clone());
        path.map(|path| {
            view! {
                <form action=path>
                    <button class="round" aria-label=td_string!(words, talk.details)>
                        <IconView icon=Icon::Info />
                    </button>
                </form>
            }
        })
    };
    view! {
        <header class=class>
            <a class="round back" href="/" aria-label=td_string!(words, talk.back)>
                <IconView icon=Icon::Back />
            </a>
            <Avatar label=move || about.with(|about| about.avatar.clone()) />
            <div class="who">
                <h1 dir="auto">{move || about.with(|about| about.avatar.name.clone())}</h1>
                <span class="handle">{status}</span>
            </div>
            <button
                class="round"
                type="button"
                popovertarget=TO_DATE
                aria-label=td_string!(words, talk.to_date)
            >
                <IconView icon=Icon::Calendar />
            </button>
            {details}
        </header>
    }
}
