//! The language and the theme of a browser: a plain form that sets cookies, for everyone, signed in
//! or not.

use app::ui::preferences::{Language, Theme};
use app::ui::route::own_path;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use crate::edge::extract::Form;
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;

/// 400 days in seconds, the longest that browsers keep a cookie.
const MAX_AGE: u32 = 400 * 24 * 60 * 60;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/preferences", post(prefer))
}

/// What is absent stays as it is.
#[derive(Deserialize)]
struct Preferred {
    lang: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    next: String,
}

async fn prefer(State(state): State<AppState>, Form(preferred): Form<Preferred>) -> Response {
    let mut response = see_other(own_path(&preferred.next));
    let language = preferred.lang.as_deref().and_then(Language::parse);
    let language = language.map(|language| ("lang", language.code(), MAX_AGE));
    let theme = preferred.theme.as_deref().map(|theme| match Theme::parse(theme) {
        // Without a cookie the system decides.
        Theme::System => ("theme", "", 0),
        theme => ("theme", theme.code(), MAX_AGE),
    });
    let secure = if state.site.is_https() { "; Secure" } else { "" };
    for (name, value, max_age) in language.into_iter().chain(theme) {
        let cookie = format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}
