//! `/settings`: a static pane of plain forms, each of which says in its place whether it worked.

mod appearance;
mod calendar;
mod devices;
mod files;
mod identity;

use app::forms::FormOutcome;
use app::protocol::{Login, Me, OwnFile};
use app::ui::preferences::Preferences;
use app::ui::shared::{Icon, IconView};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use self::appearance::Appearance;
use self::calendar::Calendar;
pub use self::calendar::Feed;
use self::devices::Devices;
use self::files::Files;
use self::identity::{Delete, Leave, Nickname, Password, Privacy};
use crate::pages::shared::part::Outcome;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The viewer, with what only they see of themselves.
    pub me: Me,
    /// The largest of their files.
    pub files: Vec<OwnFile>,
    /// Where a calendar reads their appointments.
    pub feed: Feed,
    /// On which devices they are signed in, newest use first.
    pub logins: Vec<Login>,
    /// Which form has just worked, by the name of its part.
    pub done: Option<String>,
    /// The form post that failed.
    pub failed: Option<FormOutcome>,
}

/// The page of the settings.
#[component]
pub fn SettingsPage(
    /// What it shows.
    settings: Settings,
    /// How this browser is shown its pages.
    preferences: Preferences,
) -> impl IntoView {
    let words = words();
    let Settings { me, files, feed, logins, done, failed } = settings;
    let outcome = Outcome { done, failed };
    view! {
        <section class="settings">
            <header class="head">
                <a class="round back" href="/" aria-label=td_string!(words, talk.back)>
                    <IconView icon=Icon::Back />
                </a>
                <h1>{td_string!(words, settings.title)}</h1>
            </header>
            <div class="parts">
                <Nickname user=me.user.clone() outcome=outcome.clone() />
                <Appearance preferences />
                <Files room=(me.files_used, me.files_quota) files />
                <Calendar feed outcome=outcome.clone() />
                <Privacy shown=me.show_last_seen outcome=outcome.clone() />
                <Password username=me.user.username outcome=outcome.clone() />
                <Devices logins outcome=outcome.clone() />
                <Leave />
                <Delete outcome />
            </div>
        </section>
    }
}
