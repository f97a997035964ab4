//! The documents that stand where there is no page.

use app::protocol::ApiError;
use app::ui::preferences::Preferences;
use app::ui::shared::errors::message;
use app::ui::words::{Words, td_string};
use leptos::prelude::*;

use super::head::StaticLooks;
use super::shell::shell;

/// The document for when no page can be made: the database is away, or something broke.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub(in crate::pages) fn FailureDocument(
    /// What went wrong.
    error: ApiError,
    /// How this browser is to be shown it.
    preferences: Preferences,
) -> impl IntoView {
    let words = Words::of(preferences.language);
    let title = td_string!(words, app.name);
    let body = view! {
        <main class="gate">
            <div class="card">
                <h1 class="brand">{title}</h1>
                <p class="alert" role="alert">
                    {message(&error, words)}
                </p>
                <p class="other">
                    <a href="">{td_string!(words, talk.try_again)}</a>
                </p>
            </div>
        </main>
    };
    shell(title.to_owned(), preferences, view! { <StaticLooks /> }, body)
}

/// The document for whoever comes by a name that the server does not answer to.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub(in crate::pages) fn MisdirectedDocument(
    /// The name.
    host: String,
    /// How this browser is to be shown it.
    preferences: Preferences,
) -> impl IntoView {
    let words = Words::of(preferences.language);
    let title = td_string!(words, misdirected.title);
    let body = view! {
        <main class="gate">
            <div class="card">
                <h1>{title}</h1>
                <p>{td_string!(words, misdirected.text)}</p>
                <p>
                    <code>{format!("KITH_PUBLIC_URL=http://{host}")}</code>
                </p>
                <p>{td_string!(words, misdirected.tls)}</p>
            </div>
        </main>
    };
    shell(title.to_owned(), preferences, view! { <StaticLooks /> }, body)
}
