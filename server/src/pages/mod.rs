//! The server-rendered pages: they stand, readable and answerable, before and without any script.

mod document;
mod fragments;
mod load;
mod misdirected;
mod overlays;
mod panes;
mod shared;
mod sign_in;

use app::forms::FormOutcome;
use app::protocol::{ApiError, ErrorKind};
use app::ui::preferences::{Language, Preferences, Theme};
use app::ui::shared::civil::Zone;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
pub use misdirected::misdirected;
pub use panes::forward::Destination;

use self::document::{Frame, document, failure};
use self::load::{Ask, Loaded, load};
use crate::clock::random;
use crate::edge::{AppState, RequestId, Viewer, error_given, retry_after, see_other};
use crate::site;

/// All pages, and the assets that they need.
pub fn routes() -> Router<AppState> {
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
        None => render(state, Request::from_parts(parts, body)).await,
    }
}

/// Renders the page that `request` names (its path, as a GET), for forms that failed: their
/// [`FormOutcome`](app::forms::FormOutcome) lies in the request's extensions, and so does the
/// [`Viewer`](crate::edge::Viewer) where someone is signed in. The caller sets the status.
pub async fn render(state: AppState, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let nonce = nonce();
    let frame = frame(&parts, &nonce);
    match load(&state.chat, &state.auth, ask(&state, &parts)).await {
        Ok(Loaded::SeeOther(path)) => see_other(&path),
        Ok(Loaded::Page(loaded)) => html(loaded.status(), document(&loaded, &frame), &nonce),
        Err(error) if error.kind == ErrorKind::Unauthenticated => see_other("/login"),
        Err(error) => html(error.code, failure(&error, &frame), &nonce),
    }
}

/// The page that says why there is none, for a request that was not let in.
pub fn refused(parts: &Parts, error: &ApiError) -> Response {
    error_given("page", error.kind);
    let nonce = nonce();
    let mut response = html(error.code, failure(error, &frame(parts, &nonce)), &nonce);
    retry_after(response.headers_mut(), error.retry_after_ms);
    response
}

/// What a document's own scripts and styles are known by, this once.
fn nonce() -> String {
    format!("{:032x}", random::<u128>())
}

fn frame<'a>(parts: &Parts, nonce: &'a str) -> Frame<'a> {
    Frame { preferences: preferences(parts), assets: site::assets(), nonce }
}

/// A document, with the policy that lets run what carries its nonce.
fn html(code: u16, html: String, nonce: &str) -> Response {
    let mut response = (status(code), Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn ask(state: &AppState, parts: &Parts) -> Ask {
    let zone = CookieJar::from_headers(&parts.headers)
        .get("tz")
        .map_or(Zone::Utc, |zone| Zone::from_cookie(zone.value()));
    Ask {
        path_and_query: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        now: state.chat.now(),
        zone,
        viewer: parts.extensions.get::<Viewer>().map(|viewer| viewer.0),
        form: parts.extensions.get::<FormOutcome>().cloned(),
        client_id: format!("form-{:032x}", random::<u128>()),
        request_id: request_id(parts),
    }
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

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Nothing from elsewhere; scripts and styles only from our files, and those in the page by the nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
