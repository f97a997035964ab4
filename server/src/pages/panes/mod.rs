//! Static panes: what the server alone renders, as links and plain forms, a file or folder a pane.

pub mod contacts;
pub mod forward;
pub mod found;
pub mod groups;
pub mod profile;
pub mod settings;

use app::ui::preferences::Preferences;
use leptos::prelude::*;

use self::contacts::{Contacts, ContactsPage};
use self::forward::{Forward, ForwardPage};
use self::found::{Found, FoundPeople};
use self::groups::GroupInfo;
use self::groups::info::GroupInfoPage;
use self::groups::new::{NewGroup, NewGroupPage};
use self::groups::open::{OpenGroups, OpenGroupsPage};
use self::groups::receipts::{Receipts, ReceiptsPage};
use self::profile::{Nobody, Profile, ProfilePage};
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
    /// The people who were found.
    Found(Found),
    /// Where to carry a message on to.
    Forward(Box<Forward>),
    /// Nobody has the id that the address names.
    Nobody,
}

/// A pane as HTML, under the current owner, in whose context are words and a clock.
pub fn static_html(static_pane: StaticPane, preferences: Preferences) -> String {
    match static_pane {
        StaticPane::Settings(settings) => view! { <SettingsPage settings preferences /> }.to_html(),
        StaticPane::Profile(profile) => view! { <ProfilePage profile=*profile /> }.to_html(),
        StaticPane::Contacts(page) => view! { <ContactsPage page /> }.to_html(),
        StaticPane::Groups(page) => view! { <OpenGroupsPage page /> }.to_html(),
        StaticPane::NewGroup(page) => view! { <NewGroupPage page /> }.to_html(),
        StaticPane::Info(page) => view! { <GroupInfoPage page=*page /> }.to_html(),
        StaticPane::Receipts(page) => view! { <ReceiptsPage page /> }.to_html(),
        StaticPane::Found(found) => view! { <FoundPeople found /> }.to_html(),
        StaticPane::Forward(page) => view! { <ForwardPage page=*page /> }.to_html(),
        StaticPane::Nobody => view! { <Nobody /> }.to_html(),
    }
}
