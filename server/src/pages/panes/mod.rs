//! Static panes: what the server alone renders, as links and plain forms, a file or folder a pane.

pub mod blank;
pub mod contacts;
pub mod forward;
pub mod found;
pub mod groups;
pub mod people;
pub mod profile;
pub mod remind;
pub mod reminders;
pub mod settings;
pub mod shared_files;

use app::protocol::ApiError;
use app::ui::preferences::Preferences;
use app::ui::route::Route;
use app::ui::shared::errors::message;
use app::ui::words::words;
use leptos::prelude::*;

use self::blank::{Failed, Missing, Nothing};
use self::contacts::{Contacts, ContactsPage};
use self::forward::{Forward, ForwardPage};
use self::groups::GroupInfo;
use self::groups::info::GroupInfoPage;
use self::groups::new::{NewGroup, NewGroupPage};
use self::groups::open::{OpenGroups, OpenGroupsPage};
use self::groups::receipts::{Receipts, ReceiptsPage};
use self::people::{People, PeoplePage};
use self::profile::{Nobody, Profile, ProfilePage};
use self::remind::{Remind, RemindPage};
use self::reminders::{Reminders, RemindersPage};
use self::settings::{Settings, SettingsPage};

/// What the server alone renders.
#[derive(Clone, Debug, PartialEq)]
pub enum StaticPane {
    /// The viewer's settings.
    Settings(Settings),
    /// A person's profile.
    Profile(Box<Profile>),
    /// The viewer's contacts.
    Contacts(Contacts),
    /// The open groups.
    Groups(OpenGroups),
    /// A group that is being made.
    NewGroup(NewGroup),
    /// What there is to know and to set about a group.
    Info(Box<GroupInfo>),
    /// How far the others are with a message.
    Receipts(Receipts),
    /// The search for people.
    People(People),
    /// Where to carry a message on to.
    Forward(Box<Forward>),
    /// When to be reminded of a message.
    Remind(Box<Remind>),
    /// The viewer's reminders.
    Reminders(Reminders),
    /// Nobody has the id that the address names.
    Nobody,
    /// Nothing but a word on how to start.
    Nothing,
    /// There is no such page.
    Missing,
    /// It cannot be shown.
    Failed(ApiError),
}

impl StaticPane {
    /// Whether browsers show it without asking the server as well, so that all pages have its looks.
    pub const fn is_shown_without_asking(&self) -> bool {
        matches!(self, Self::People(_) | Self::Nothing | Self::Missing | Self::Failed(_))
    }
}

/// A pane as HTML, under the current owner, in whose context are words and a clock.
pub fn static_html(static_pane: StaticPane, route: Route, preferences: Preferences) -> String {
    match static_pane {
        StaticPane::Settings(settings) => view! { <SettingsPage settings preferences /> }.to_html(),
        StaticPane::Profile(profile) => view! { <ProfilePage profile=*profile /> }.to_html(),
        StaticPane::Contacts(page) => view! { <ContactsPage page /> }.to_html(),
        StaticPane::Groups(page) => view! { <OpenGroupsPage page /> }.to_html(),
        StaticPane::NewGroup(page) => view! { <NewGroupPage page /> }.to_html(),
        StaticPane::Info(page) => view! { <GroupInfoPage page=*page /> }.to_html(),
        StaticPane::Receipts(page) => view! { <ReceiptsPage page /> }.to_html(),
        StaticPane::People(page) => view! { <PeoplePage page /> }.to_html(),
        StaticPane::Forward(page) => view! { <ForwardPage page=*page /> }.to_html(),
        StaticPane::Remind(page) => view! { <RemindPage page=*page /> }.to_html(),
        StaticPane::Reminders(page) => view! { <RemindersPage page /> }.to_html(),
        StaticPane::Nobody => view! { <Nobody /> }.to_html(),
        StaticPane::Nothing => view! { <Nothing /> }.to_html(),
        StaticPane::Missing => view! { <Missing /> }.to_html(),
        StaticPane::Failed(error) => {
            view! { <Failed text=message(&error, words()) route /> }.to_html()
        }
    }
}
