//! What must work without JavaScript: plain form posts. One that succeeds leads on to a page by 303;
//! one that fails shows its page again, with the error and what was typed.

mod avatars;
mod fields;
mod files;
mod forward;
mod groups;
mod notices;
mod people;
mod preferences;
mod reminders;
mod schedules;
mod settings;

use app::forms::{FormOutcome, FormValues};
use app::protocol::urls::encode;
use app::protocol::{
    ConversationId, LogInRequest, Mark, RegisterRequest, SendMessage, Seq, UserId,
};
use app::ui::route::safe_next;
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use serde::Deserialize;

use crate::auth::SignedIn;
use crate::chat::MarkKind;
use crate::edge::allowance;
use crate::edge::answer::{self, Failure};
use crate::edge::boundary::RequestId;
use crate::edge::client_ip::ClientIp;
use crate::edge::cookies;
use crate::edge::credentials::{begin_account, begin_login};
use crate::edge::extract::{Form, Path};
use crate::edge::meters;
use crate::edge::redirect::see_other;
use crate::edge::session::identity_to_end;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::pages::{self, AVATAR};
use fields::Fields;

/// All that people send without script.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(preferences::routes())
        .merge(settings::routes())
        .merge(groups::routes())
        .merge(avatars::routes())
        .merge(forward::routes())
        .merge(people::routes())
        .merge(reminders::routes())
        .merge(notices::routes())
        .merge(files::routes())
        .merge(schedules::routes())
        .route("/login", post(log_in))
        .route("/register", post(register))
        .route("/logout", post(log_out))
        .route("/c/{id}", post(send))
        .route("/new/{user_id}", post(send_first))
}

/// For people: the form is shown again, with all that was filled in and how long to wait.
pub async fn admitted(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let error = match allowance::admit(&state, &mut parts).await {
        Ok(admitted) => return admitted.answer(next.run(Request::from_parts(parts, body))).await,
        Err(error) => error,
    };
    if parts.method.is_safe() {
        return pages::refused(&parts, error).await;
    }
    refused(state, Request::from_parts(parts, body), error.into()).await
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct SignInForm {
    username: String,
    nickname: String,
    password: String,
    next: String,
}

async fn log_in(
    State(state): State<AppState>,
    Extension(ClientIp(address)): Extension<ClientIp>,
    page: Parts,
    Form(form): Form<SignInForm>,
) -> Response {
    let SignInForm { username, password, next, .. } = form;
    let values = FormValues { username: username.clone(), next, ..FormValues::default() };
    let request = LogInRequest { username, password, device: None, cookies: Some(true) };
    match begin_login(&state, address, &page.headers, request).await {
        Ok(signed_in) => welcome(&state, &signed_in, &values.next),
        Err(error) => again(state, page, Failure(error), values).await,
    }
}

async fn register(
    State(state): State<AppState>,
    Extension(ClientIp(address)): Extension<ClientIp>,
    page: Parts,
    Form(form): Form<SignInForm>,
) -> Response {
    let SignInForm { username, nickname, password, next } = form;
    let given = Some(nickname.clone()).filter(|nickname| !nickname.trim().is_empty());
    let values = FormValues { username: username.clone(), nickname, next, ..FormValues::default() };
    let request = RegisterRequest { username, nickname: given, password, cookies: Some(true) };
    match begin_account(&state, address, &page.headers, request).await {
        Ok(signed_in) => welcome(&state, &signed_in, &values.next),
        Err(error) => again(state, page, Failure(error), values).await,
    }
}

async fn log_out(
    State(state): State<AppState>,
    viewer: Result<Viewer, Failure>,
    page: Parts,
) -> Result<Response, Failure> {
    if let Some(identity) = identity_to_end(&state, viewer, &page.headers).await? {
        state.auth.log_out(identity).await?;
    }
    let mut response = see_other("/login");
    cookies::clear(response.headers_mut(), &state.site);
    Ok(response)
}

/// `client_id` stands in the page, so that a form that is sent twice is one message.
#[derive(Default, Deserialize)]
#[serde(default)]
struct MessageForm {
    content: String,
    client_id: String,
    /// What the page showed, and so was seen.
    read_seq: Seq,
}

async fn send(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    page: Parts,
    Form(form): Form<MessageForm>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let mark = Mark { conversation_id: id, seq: form.read_seq };
    let (message, values) = form.into_message();
    let message = SendMessage { conversation_id: Some(id), ..message };
    let seen = state.chat.move_mark(viewer.user_id, mark, MarkKind::Read);
    // Side by side: a mark may wait a quarter of a second for others. That it failed is no reason to
    // keep the message back.
    let (sent, _) = tokio::join!(state.chat.send_message(viewer.user_id, &message), seen);
    match sent.map_err(Failure) {
        Ok(_) => see_other(&format!("/c/{id}")),
        Err(failure) => again(state, page, failure, values).await,
    }
}

async fn send_first(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(user_id): Path<UserId>,
    page: Parts,
    Form(form): Form<MessageForm>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let (message, values) = form.into_message();
    let message = SendMessage { to_user_id: Some(user_id), ..message };
    match state.chat.send_message(viewer.user_id, &message).await.map_err(Failure) {
        Ok(sent) => see_other(&format!("/c/{}", sent.message.conversation_id)),
        Err(failure) => again(state, page, failure, values).await,
    }
}

impl MessageForm {
    /// The message, still without a target, and what the page shows if it fails.
    fn into_message(self) -> (SendMessage, FormValues) {
        // Forms write every line break as CR LF.
        let content = self.content.replace("\r\n", "\n");
        let values = FormValues {
            content: content.clone(),
            client_id: self.client_id.clone(),
            ..FormValues::default()
        };
        let message = SendMessage {
            client_id: self.client_id,
            content: Some(content),
            ..SendMessage::default()
        };
        (message, values)
    }
}

/// On to where they wanted to go, signed in.
fn welcome(state: &AppState, signed_in: &SignedIn, next: &str) -> Response {
    let mut response = see_other(safe_next(next));
    cookies::set(response.headers_mut(), &state.site, signed_in);
    response
}

fn sign_in_first(page: &Parts) -> Response {
    let next = page.uri.path_and_query().map_or("/", |path| path.as_str());
    see_other(&format!("/login?next={}", encode(next)))
}

/// The page of a form that was not looked at, once more, with all that was filled in but passwords.
async fn refused(state: AppState, request: Request, failure: Failure) -> Response {
    let (mut page, body) = request.into_parts();
    // Nothing that came with a file is worth reading.
    if let Some((stands_on, part)) = form_with_file(page.uri.path()) {
        page.uri = stands_on.parse().unwrap_or_else(|_| Uri::from_static("/"));
        let values = FormValues { part: part.to_owned(), ..FormValues::default() };
        return again(state, page, failure, values).await;
    }
    let request = Request::from_parts(page.clone(), body);
    let fields = match Form::<Fields>::from_request(request, &state).await {
        Ok(Form(fields)) => fields,
        Err(failure) => return failure.into_response(),
    };
    let part = page.uri.path().strip_prefix("/settings/").map(|rest| rest.split('/').next());
    if part.is_none() && !fields.has("content") {
        return again_with(state, page, failure, &fields).await;
    }
    let given = |name| fields.get(name).to_owned();
    let values = FormValues {
        part: part.flatten().unwrap_or_default().to_owned(),
        nickname: given("nickname"),
        content: given("content").replace("\r\n", "\n"),
        client_id: given("client_id"),
        ..FormValues::default()
    };
    again(state, page, failure, values).await
}

/// Of a form that sends a file: the page that it stands on, and its part of it.
fn form_with_file(path: &str) -> Option<(String, &'static str)> {
    let message = files::stands_on(path).map(|page| (page, ""));
    message.or_else(|| avatars::stands_on(path).map(|page| (page, AVATAR)))
}

/// The page that the form stands on, once more: what was filled in is the page's query, and the
/// part whose form it was, the form's field `part`.
async fn again_with(
    state: AppState,
    mut page: Parts,
    failure: Failure,
    fields: &Fields,
) -> Response {
    let values = FormValues {
        part: fields.get("part").to_owned(),
        client_id: fields.get("client_id").to_owned(),
        ..FormValues::default()
    };
    let address = format!("{}?{}", page.uri.path(), fields.query());
    // What is too long for an address is shown no more.
    page.uri = address.parse().unwrap_or(page.uri);
    shown_again(state, page, failure, values).await
}

/// The page that the form stands on, once more.
async fn again(state: AppState, mut page: Parts, failure: Failure, values: FormValues) -> Response {
    page.uri = page.uri.path().parse().unwrap_or_else(|_| Uri::from_static("/"));
    shown_again(state, page, failure, values).await
}

async fn shown_again(
    state: AppState,
    mut page: Parts,
    failure: Failure,
    values: FormValues,
) -> Response {
    let request_id = page.extensions.get::<RequestId>().map(|id| id.0.clone());
    let error = failure.0.into_api(&request_id.unwrap_or_default());
    meters::error_given("page", error.kind);
    let status = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page.method = Method::GET;
    let retry_after_ms = error.retry_after_ms;
    page.extensions.insert(FormOutcome { error, values });
    let mut response = pages::render(state, Request::from_parts(page, Body::empty())).await;
    *response.status_mut() = status;
    answer::retry_after(response.headers_mut(), retry_after_ms);
    response
}
