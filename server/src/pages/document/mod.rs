//! The HTML document around a page: its head, the rendered app, and what the browser needs to
//! bring it to life.

use app::protocol::ApiError;
use app::ui::app::{App, Opening};
use app::ui::overlays::OverlaysHtml;
use app::ui::page::{self, Pane, unread};
use app::ui::preferences::{Preferences, Theme};
use app::ui::route::{Address, Route};
use app::ui::shared::errors::message;
use app::ui::shared::naming::conversation_name;
use app::ui::shared::{Clock, called};
use app::ui::static_panes::StaticHtml;
use app::ui::words::{Words, td_string};
use leptos::prelude::*;
use serde::Serialize;

use super::load::LoadedPage;
use super::overlays::overlays;
use super::panes::{StaticPane, static_html};
use super::sign_in::SignIn;
use crate::site::Assets;

/// What a document is made with, beside its page.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// How this browser is to be shown its pages.
    pub preferences: Preferences,
    /// The site's files.
    pub assets: &'a Assets,
    /// What the response's policy lets scripts run by.
    pub nonce: &'a str,
}

/// Notes the browser's time zone for the next page that the server renders.
const ZONE_SCRIPT: &str = "try{document.cookie='tz='+encodeURIComponent(Intl.DateTimeFormat()\
.resolvedOptions().timeZone)+';path=/;max-age=31536000;samesite=lax'}catch(e){}";

/// Places the scroll before the first paint: at the message that the address names, else with the
/// first unread message in view, else at the end.
const SCROLL_SCRIPT: &str = "(()=>{const l=document.querySelector('[role=log]');if(!l)return;\
const q=new URLSearchParams(location.search),m=q.get('m')&&document.getElementById('m-'+q.get('m')),\
n=l.querySelector('.new-line'),t=e=>e.getBoundingClientRect().top-l.getBoundingClientRect().top;\
l.scrollTop=m?t(m)-l.clientHeight/3:q.has('after')?0:n?t(n)-16:l.scrollHeight})()";

/// The same without script, in style. Laid out from its end, the log opens there; a message to begin
/// with pulls the view to itself by a snap that holds only while an animation runs, so that from
/// then on the reader scrolls freely. (The animation is not one that is seen, so it also runs for
/// those who want less motion.)
fn unscripted(place: &Address, nonce: &str) -> String {
    let (begin, align) = match (place.seq("m"), place.seq("after")) {
        (Some(seq), _) => (format!("#m-{seq}"), "center"),
        // Newer messages follow on what was read.
        (None, Some(_)) => return String::new(),
        (None, None) => (".new-line".to_owned(), "start"),
    };
    format!(
        "<noscript><style nonce=\"{nonce}\">\
         .log{{display:flex;flex-direction:column-reverse;scroll-snap-type:y mandatory;\
         scroll-padding:16px}}.lane{{flex:none;width:100%}}\
         {begin}{{animation:begin .2s!important}}\
         @keyframes begin{{from,to{{scroll-snap-align:{align}}}}}</style></noscript>"
    )
}

/// Renders a page as a whole document.
#[must_use]
pub fn document(loaded: &LoadedPage, frame: &Frame) -> String {
    let words = Words::of(frame.preferences.language);
    let title = escape(&title(loaded, words));
    let page = &loaded.page;
    let (Assets { js, wasm, static_css, .. }, nonce) = (frame.assets, frame.nonce);
    // What comes to life needs it not; static panes are loaded anew, and so bring it along.
    let is_static = page.session.is_none() || loaded.static_pane.is_some();
    let looks = if is_static { stylesheet(static_css) } else { String::new() };
    // Who is not signed in has only plain forms; the code is fetched while they type.
    let (preload, start) = if page.session.is_some() {
        let preload = format!(
            "<link rel=\"modulepreload\" href=\"{js}\"><link rel=\"preload\" href=\"{wasm}\" \
             as=\"fetch\" type=\"application/wasm\" crossorigin>{}",
            unscripted(&page.place, nonce)
        );
        let start = format!(
            "<script nonce=\"{nonce}\">{SCROLL_SCRIPT}</script>\
             <script type=\"application/json\" id=\"words\">{}</script>\
             <script type=\"application/json\" id=\"page\">{}</script>\
             <script type=\"module\" nonce=\"{nonce}\">import init,{{hydrate}} from \"{js}\";\
             init({{module_or_path:\"{wasm}\"}}).then(hydrate)</script>",
            json(&words.for_browsers()),
            json(page)
        );
        (preload, start)
    } else {
        let preload = format!(
            "<link rel=\"prefetch\" href=\"{js}\"><link rel=\"prefetch\" href=\"{wasm}\" \
             as=\"fetch\" crossorigin>"
        );
        (preload, String::new())
    };
    let body = body(loaded.clone(), words, frame.preferences);
    whole(&title, frame, &format!("{looks}{preload}"), &format!("{body}{start}"))
}

/// The document for when no page can be made: the database is away, or something broke.
#[must_use]
pub fn failure(error: &ApiError, frame: &Frame) -> String {
    let words = Words::of(frame.preferences.language);
    let title = escape(td_string!(words, app.name));
    let text = escape(message(error, words));
    let again = escape(td_string!(words, talk.try_again));
    let body = format!(
        "<main class=\"gate\"><div class=\"card\"><h1 class=\"brand\">{title}</h1>\
         <p class=\"alert\" role=\"alert\">{text}</p><p class=\"other\"><a href=\"\">{again}</a></p>\
         </div></main>"
    );
    whole(&title, frame, &stylesheet(&frame.assets.static_css), &body)
}

/// The document for whoever comes by a `host` that the server does not answer to.
#[must_use]
pub fn misdirected(host: &str, frame: &Frame) -> String {
    let words = Words::of(frame.preferences.language);
    let title = escape(td_string!(words, misdirected.title));
    let text = escape(td_string!(words, misdirected.text));
    let tls = escape(td_string!(words, misdirected.tls));
    let host = escape(host);
    let body = format!(
        "<main class=\"gate\"><div class=\"card\"><h1>{title}</h1><p>{text}</p>\
         <p><code>KITH_PUBLIC_URL=http://{host}</code></p><p>{tls}</p></div></main>"
    );
    whole(&title, frame, &stylesheet(&frame.assets.static_css), &body)
}

fn stylesheet(address: &str) -> String {
    format!("<link rel=\"stylesheet\" href=\"{address}\">")
}

fn whole(title: &str, frame: &Frame, preload: &str, body: &str) -> String {
    let Frame { preferences, assets: Assets { css, manifest, icon, .. }, nonce } = frame;
    let language = preferences.language.tag();
    let (theme, colors) = colors(preferences.theme);
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"{theme}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, \
         viewport-fit=cover, interactive-widget=resizes-content\"><title>{title}</title>{colors}\
         <link rel=\"stylesheet\" href=\"{css}\"><link rel=\"icon\" href=\"{icon}\" \
         type=\"image/svg+xml\"><link rel=\"manifest\" href=\"{manifest}\">{preload}\
         <script nonce=\"{nonce}\">{ZONE_SCRIPT}</script></head><body>{body}</body></html>"
    )
}

/// The theme's attribute for the root, which the styles obey, and what the head says of it, which
/// the browser obeys before there are styles.
fn colors(theme: Theme) -> (&'static str, &'static str) {
    match theme {
        Theme::System => (
            "",
            "<meta name=\"color-scheme\" content=\"light dark\">\
             <meta name=\"theme-color\" media=\"(prefers-color-scheme: light)\" content=\"#ffffff\">\
             <meta name=\"theme-color\" media=\"(prefers-color-scheme: dark)\" content=\"#141c1f\">",
        ),
        Theme::Light => (
            " data-theme=\"light\"",
            "<meta name=\"color-scheme\" content=\"light\">\
             <meta name=\"theme-color\" content=\"#ffffff\">",
        ),
        Theme::Dark => (
            " data-theme=\"dark\"",
            "<meta name=\"color-scheme\" content=\"dark\">\
             <meta name=\"theme-color\" content=\"#141c1f\">",
        ),
    }
}

/// What the browser's tab says.
fn title(loaded: &LoadedPage, words: Words) -> String {
    let chats = loaded.page.session.iter().flat_map(|session| &session.chats.items);
    page::title(&subject(loaded, words), unread(chats), words)
}

fn subject(loaded: &LoadedPage, words: Words) -> String {
    let LoadedPage { page, static_pane } = loaded;
    let is_me = |id| page.session.as_ref().is_some_and(|session| session.me.id == id);
    let text = match (page.place.route, page.session.as_ref().map(|session| &session.pane)) {
        (_, Some(Pane::Talk(talk))) => return conversation_name(&talk.conversation, words),
        (_, Some(Pane::Person { user, .. })) if is_me(user.id) => td_string!(words, chats.notes),
        (_, Some(Pane::Person { user, .. })) => return called(user, words),
        (_, Some(Pane::Missing)) => td_string!(words, missing.title),
        (_, Some(Pane::Failed(_))) => td_string!(words, talk.failed_title),
        (_, Some(Pane::Static)) => match static_pane {
            Some(StaticPane::Settings(_)) => td_string!(words, settings.title),
            Some(StaticPane::Profile(profile)) => return called(&profile.user, words),
            Some(StaticPane::Contacts(_)) => td_string!(words, contacts.title),
            Some(StaticPane::Groups(_)) => td_string!(words, groups.title),
            Some(StaticPane::NewGroup(_)) => td_string!(words, groups.new),
            Some(StaticPane::Info(info)) => &info.conversation.name,
            Some(StaticPane::Receipts(_)) => td_string!(words, groups.message_info),
            Some(StaticPane::Forward(_)) => td_string!(words, forward.title),
            Some(StaticPane::Found(_) | StaticPane::Nobody) | None => {
                td_string!(words, profile.nobody_title)
            }
        },
        (Route::People, _) => td_string!(words, people.title),
        (Route::LogIn, _) => td_string!(words, sign_in.log_in),
        (Route::Register, _) => td_string!(words, sign_in.create),
        _ => "",
    };
    text.to_owned()
}

fn body(loaded: LoadedPage, words: Words, preferences: Preferences) -> String {
    let LoadedPage { page, static_pane } = loaded;
    let language = preferences.language;
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(words);
        if let Some(pane) = static_pane {
            provide_context(Clock::new(page.now, page.zone.clone(), words));
            provide_context(StaticHtml(static_html(pane, preferences)));
        }
        match page.session {
            Some(session) => {
                let opening =
                    Opening { place: page.place, now: page.now, zone: page.zone, form: page.form };
                provide_context(OverlaysHtml(overlays(&session.me)));
                view! { <App opening session /> }.to_html()
            }
            None => view! { <SignIn place=page.place form=page.form language /> }.to_html(),
        }
    });
    owner.cleanup();
    html
}

/// What browsers read from the page, as JSON that cannot end the script element it stands in.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_title_cannot_become_markup() {
        assert_eq!(escape("</title>&amp;"), "&lt;/title&gt;&amp;amp;");
    }
}
