//! The server-rendered pages: they stand, readable and answerable, before and without any script.

mod document;
mod fragments;
mod load;
mod message_files;
mod misdirected;
mod overlays;
mod panes;
mod render;
mod shared;
mod sign_in;

use app::forms::FormOutcome;
use app::protocol::{ApiError, ErrorKind};
use app::ui::preferences::{Language, Preferences, Theme};
use app::ui::shared::civil::Zone;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use leptos::prelude::*;
pub use misdirected::misdirected;
pub use panes::forward::Destination;
pub use panes::remind::Times;
pub use shared::avatar_form::{AVATAR, AvatarOwner};

use self::document::{Document, FailureDocument};
use self::load::{Ask, Loaded, load};
use self::render::respond;
use crate::clock::random;
use crate::edge::{AppState, RequestId, Viewer, error_given, retry_after, see_other};
use crate::site;

/// All pages, and the assets that they need.
pub fn routes() -> Router<AppState> {
    render::init();
    Router::new()
        .route("/", get(page))
        .route("/login", get(page))
        .route("/register", get(page))
        .route("/c/{id}", get(page))
        .route("/new", get(page))
        .route("/new/group", get(page))
        .route("/new/{user_id}", get(page))
        .route("/c/{id}/info", get(page))
        .route("/c/{id}/forward", get(page))
        .route("/c/{id}/remind", get(page))
        .route("/reminders", get(page))
        .route("/contacts", get(page))
        .route("/groups", get(page))
        .route("/settings", get(page))
        .route("/u/{id}", get(page))
        .merge(fragments::routes())
        .fallback(anything_else)
}

async fn page(State(state): State<AppState>, request: Request) -> Response {
    render(state, request).await
}

/// A file of the site, or the page that says that there is nothing.
async fn anything_else(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let (parts, body) = request.into_parts();
    match site::file(&parts) {
        Some(file) => file,
        // Whoever loads code has no use for a page.
        None if site::is_packaged(parts.uri.path()) => StatusCode::NOT_FOUND.into_response(),
        None => render(state, Request::from_parts(parts, body)).await,
    }
}

/// The address of a calendar that was just made, in the extensions of a request for the page that shows it.
#[derive(Clone)]
pub struct NewCalendar(pub String);

/// Renders the page that `request` names (its path, as a GET), for forms that failed: their
/// [`FormOutcome`](app::forms::FormOutcome) lies in the request's extensions, and so does the
/// [`Viewer`](crate::edge::Viewer) where someone is signed in. The caller sets the status.
pub async fn render(state: AppState, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let preferences = preferences(&parts);
    match load(&state.chat, &state.auth, ask(&state, &parts)).await {
        Ok(Loaded::SeeOther(path)) => see_other(&path),
        Ok(Loaded::Page(loaded)) => {
            respond(loaded.status(), move || view! { <Document loaded=*loaded preferences /> })
                .await
        }
        Err(error) if error.kind == ErrorKind::Unauthenticated => see_other("/login"),
        Err(error) => failure(error, preferences).await,
    }
}

/// The page that says why there is none, for a request that was not let in.
pub async fn refused(parts: &Parts, error: ApiError) -> Response {
    error_given("page", error.kind);
    let retry_after_ms = error.retry_after_ms;
    let mut response = failure(error, preferences(parts)).await;
    retry_after(response.headers_mut(), retry_after_ms);
    response
}

async fn failure(error: ApiError, preferences: Preferences) -> Response {
    respond(error.code, move || view! { <FailureDocument error preferences /> }).await
}

fn ask(state: &AppState, parts: &Parts) -> Ask {
    Ask {
        path_and_query: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        now: state.chat.now(),
        zone: zone(parts),
        viewer: parts.extensions.get::<Viewer>().map(|viewer| viewer.0),
        form: parts.extensions.get::<FormOutcome>().cloned(),
        new_calendar: parts.extensions.get::<NewCalendar>().map(|new| new.0.clone()),
        client_id: format!("form-{:032x}", random::<u128>()),
        request_id: request_id(parts),
    }
}

/// The zone that the browser has named.
pub fn zone(parts: &Parts) -> Zone {
    let cookies = CookieJar::from_headers(&parts.headers);
    cookies.get("tz").map_or(Zone::Utc, |zone| Zone::from_cookie(zone.value()))
}

/// The language and the theme that cookies name, else those that the browser asks for.
fn preferences(parts: &Parts) -> Preferences {
    let cookies = CookieJar::from_headers(&parts.headers);
    let chosen = cookies.get("lang").and_then(|cookie| Language::parse(cookie.value()));
    let accepted = || {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
        header.map(Language::accepted).unwrap_or_default()
    };
    Preferences {
        language: chosen.unwrap_or_else(accepted),
        theme: cookies.get("theme").map(|cookie| Theme::parse(cookie.value())).unwrap_or_default(),
    }
}

fn request_id(parts: &Parts) -> String {
    parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}
