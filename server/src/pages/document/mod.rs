//! The documents around pages: the head, the rendered page, and what the browser needs to bring it to life.

mod files;
mod head;
mod notices;
mod scripts;
mod shell;
mod title;

use app::ui::app::{App, Opening};
use app::ui::overlays::OverlaysHtml;
use app::ui::preferences::Preferences;
use app::ui::shared::Clock;
use app::ui::static_panes::StaticHtml;
use app::ui::words::Words;
use leptos::either::Either;
use leptos::prelude::*;

use self::files::{attach_form, files_html, has_files};
use self::head::{FilesLooks, Preload, StaticLooks};
use self::scripts::{start, unscripted};
use self::shell::shell;
use self::title::title;
use super::load::LoadedPage;
use super::overlays::overlays;
use super::panes::static_html;
use super::sign_in::SignIn;

pub(super) use self::notices::{FailureDocument, MisdirectedDocument};

/// A page as a whole document.
#[component]
pub(super) fn Document(
    /// The page.
    loaded: LoadedPage,
    /// How this browser is to be shown it.
    preferences: Preferences,
) -> impl IntoView {
    let words = Words::of(preferences.language);
    provide_context(words);
    let title = title(&loaded, words);
    let LoadedPage { page, static_pane, told, here } = loaded;
    // What comes to life needs it not; static panes are loaded anew, and so bring it along.
    let is_static = page.session.is_none()
        || static_pane.as_ref().is_some_and(|pane| !pane.is_shown_without_asking());
    let unscripted = unscripted(&page.place);
    let attach_form = attach_form(&page);
    let is_signed_in = page.session.is_some();
    let has_files = has_files(&page, static_pane.as_ref());
    let head = view! {
        {has_files.then(|| view! { <FilesLooks /> })}
        {is_static.then(|| view! { <StaticLooks /> })}
        <Preload is_signed_in unscripted />
    };
    if let Some(pane) = static_pane {
        provide_context(Clock::new(page.now, page.zone.clone(), words));
        provide_context(StaticHtml(static_html(pane, page.place.route, preferences)));
    }
    let start = is_signed_in.then(|| start(&page, words));
    let body = if let (Some(session), Some(start)) = (page.session, start) {
        provide_context(files_html());
        let opening =
            Opening { place: page.place, now: page.now, zone: page.zone, form: page.form };
        provide_context(OverlaysHtml(overlays(&session.me, told, here) + &attach_form));
        Either::Left(view! {
            <App opening session />
            {start}
        })
    } else {
        let language = preferences.language;
        Either::Right(view! { <SignIn place=page.place form=page.form language /> })
    };
    shell(title, preferences, head, body)
}
