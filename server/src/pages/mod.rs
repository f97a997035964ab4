//! The server-rendered pages: they stand, readable and answerable, before and without any script.

mod backend;
mod document;
mod fragments;
mod load;
mod misdirected;
mod overlays;
mod panes;
mod shared;
mod sign_in;

use app::forms::FormOutcome;
use app::protocol::{
    ApiError, Block, Contact, Conversation, ConversationId, ErrorKind, ListPage, Login, Me, Member,
    Message, MessagePage, MessageReceipt, MessageRef, OpenGroup, Seq, Timestamp, User, UserId,
    limits,
};
use app::protocol::{SharedGroup, Window};
use app::ui::preferences::{Language, Preferences, Theme};
use app::ui::shared::civil::Zone;
use async_trait::async_trait;
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

use self::backend::{Backend, Relation};
use self::document::{Frame, document, failure};
use self::load::{Ask, Loaded, load};
use crate::auth::Auth;
use crate::chat::Chat;
use crate::clock::random;
use crate::edge::{AppState, RequestId, Viewer, error_given, retry_after, see_other};
use crate::error::Error;
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
    let backend = Pages {
        chat: state.chat.clone(),
        auth: state.auth.clone(),
        viewer: parts.extensions.get::<Viewer>().copied(),
        request_id: request_id(&parts),
    };
    match load(&backend, ask(&state, &parts)).await {
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
        viewer: parts.extensions.get::<Viewer>().map(|viewer| viewer.0.user_id),
        form: parts.extensions.get::<FormOutcome>().cloned(),
        client_id: format!("form-{:032x}", random::<u128>()),
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

/// The use cases, as the pages ask for them.
struct Pages {
    chat: Chat,
    auth: Auth,
    viewer: Option<Viewer>,
    request_id: String,
}

impl Pages {
    fn told(&self, error: impl Into<Error>) -> ApiError {
        let error = error.into().into_api(&self.request_id);
        error_given("page", error.kind);
        error
    }
}

#[async_trait]
impl Backend for Pages {
    async fn conversations(
        &self,
        viewer: UserId,
        archived: bool,
        cursor: Option<&str>,
    ) -> Result<ListPage<Conversation>, ApiError> {
        let list = self.chat.chat_list(viewer, archived, cursor, limits::PAGE_MAX).await;
        list.map_err(|error| self.told(error))
    }

    async fn conversation(
        &self,
        viewer: UserId,
        id: ConversationId,
    ) -> Result<Conversation, ApiError> {
        self.chat.conversation(viewer, id).await.map_err(|error| self.told(error))
    }

    async fn private_conversation(
        &self,
        viewer: UserId,
        peer: UserId,
    ) -> Result<Option<Conversation>, ApiError> {
        self.chat.private_conversation(viewer, peer).await.map_err(|error| self.told(error))
    }

    async fn messages(
        &self,
        viewer: UserId,
        id: ConversationId,
        window: Window,
        limit: u32,
    ) -> Result<MessagePage, ApiError> {
        self.chat.messages(viewer, id, window, limit).await.map_err(|error| self.told(error))
    }

    async fn seq_at(
        &self,
        viewer: UserId,
        id: ConversationId,
        at: Timestamp,
    ) -> Result<Option<Seq>, ApiError> {
        let page = self.chat.messages_at(viewer, id, at, 1).await;
        let page = page.map_err(|error| self.told(error))?;
        Ok(page.items.first().map(|message| message.seq))
    }

    async fn forwardable(&self, viewer: UserId, of: MessageRef) -> Result<Message, ApiError> {
        self.chat.forwardable(viewer, of).await.map_err(|error| self.told(error))
    }

    async fn me(&self, viewer: UserId) -> Result<Me, ApiError> {
        self.chat.me(viewer).await.map_err(|error| self.told(error))
    }

    async fn logins(&self, _: UserId) -> Result<Vec<Login>, ApiError> {
        let Some(Viewer(viewer)) = self.viewer else { return Ok(Vec::new()) };
        self.auth.logins(viewer).await.map_err(|error| self.told(error))
    }

    async fn user(&self, viewer: UserId, id: UserId) -> Result<User, ApiError> {
        self.chat.person(viewer, id).await.map_err(|error| self.told(error))
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, ApiError> {
        self.chat.users(ids).await.map_err(|error| self.told(error))
    }

    async fn outsiders(
        &self,
        id: ConversationId,
        people: Vec<User>,
    ) -> Result<Vec<User>, ApiError> {
        self.chat.outsiders(id, people).await.map_err(|error| self.told(error))
    }

    async fn contacts(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
    ) -> Result<ListPage<Contact>, ApiError> {
        let page = self.chat.contacts(viewer, cursor, limits::PAGE_MAX).await;
        page.map_err(|error| self.told(error))
    }

    async fn blocks(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
    ) -> Result<ListPage<Block>, ApiError> {
        let page = self.chat.blocks(viewer, cursor, limits::PAGE_MAX).await;
        page.map_err(|error| self.told(error))
    }

    async fn relation(&self, viewer: UserId, other: UserId) -> Result<Relation, ApiError> {
        let alias = self.chat.contact(viewer, other).await.map_err(|error| self.told(error))?;
        let blocked = self.chat.blocks_person(viewer, other).await;
        let blocked = blocked.map_err(|error| self.told(error))?;
        Ok(Relation { contact: alias.is_some(), alias: alias.flatten(), blocked })
    }

    async fn shared_groups(
        &self,
        viewer: UserId,
        other: UserId,
    ) -> Result<Vec<SharedGroup>, ApiError> {
        let groups = self.chat.shared_groups(viewer, other, limits::PAGE_MAX).await;
        groups.map_err(|error| self.told(error))
    }

    async fn members(
        &self,
        viewer: UserId,
        id: ConversationId,
        cursor: Option<&str>,
    ) -> Result<ListPage<Member>, ApiError> {
        let page = self.chat.members_seen(viewer, id, cursor, limits::PAGE_DEFAULT).await;
        page.map_err(|error| self.told(error))
    }

    async fn receipts(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Vec<MessageReceipt>, ApiError> {
        self.chat.receipts(viewer, id, seq).await.map_err(|error| self.told(error))
    }

    async fn find_groups(&self, viewer: UserId, query: &str) -> Result<Vec<OpenGroup>, ApiError> {
        let found = self.chat.find_groups(viewer, query, limits::PAGE_MAX).await;
        found.map_err(|error| self.told(error))
    }

    async fn find_people(&self, _: UserId, query: &str) -> Result<Vec<User>, ApiError> {
        let found = self.chat.find_people(query, limits::PAGE_DEFAULT).await;
        found.map_err(|error| self.told(error))
    }
}
