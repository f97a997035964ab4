//! The HTTP calls of the browser: what the server loads itself for a page that it renders
//! (`server/src/pages/load`), a page that is open asks for.

use gloo_net::http::Request;
use serde::de::DeserializeOwned;

use super::requests::{HttpRequest, request};
use super::send::{send, send_bare};
use super::{json, refresh};
use crate::protocol::urls::encode;
use crate::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, Head, ListPage, MessageChanges, MessagePage,
    Timestamp, User, UserId, Window, limits,
};
use crate::state::{Action, Outcome};

/// The chat list, or what is archived, from a page's cursor on.
///
/// # Errors
/// As every call here: what the server says, and `unavailable` when it does not answer.
pub async fn conversations(
    archived: bool,
    cursor: Option<&str>,
) -> Result<ListPage<Conversation>, ApiError> {
    let limit = limits::PAGE_MAX;
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={}", encode(cursor)));
    get(&format!("/api/v1/conversations?limit={limit}&archived={archived}{cursor}")).await
}

/// Where each conversation stands.
pub async fn heads() -> Result<Vec<Head>, ApiError> {
    get("/api/v1/conversations/heads").await
}

/// One conversation; `not_found` unless a member.
pub async fn conversation(id: ConversationId) -> Result<Conversation, ApiError> {
    get(&format!("/api/v1/conversations/{id}")).await
}

/// Part of a conversation's history, at most `limit` messages.
pub async fn messages(
    id: ConversationId,
    window: Window,
    limit: u32,
) -> Result<MessagePage, ApiError> {
    let place = match window {
        Window::Latest => String::new(),
        Window::Before(seq) => format!("&before={seq}"),
        Window::After(seq) => format!("&after={seq}"),
        Window::Around(seq) => format!("&around={seq}"),
    };
    get(&format!("/api/v1/conversations/{id}/messages?limit={limit}{place}")).await
}

/// The messages around a moment.
pub(super) async fn messages_at(
    id: ConversationId,
    at: Timestamp,
) -> Result<MessagePage, ApiError> {
    get(&format!("/api/v1/conversations/{id}/messages?at={at}")).await
}

/// What has changed since this `rev`.
pub(super) async fn changes(
    id: ConversationId,
    after_rev: i64,
) -> Result<MessageChanges, ApiError> {
    let limit = limits::PAGE_MAX;
    get(&format!("/api/v1/conversations/{id}/messages?limit={limit}&after_rev={after_rev}")).await
}

/// A person; `not_found` if there is none.
pub async fn user(id: UserId) -> Result<User, ApiError> {
    get(&format!("/api/v1/users/{id}")).await
}

/// A part of a page as the server renders it, where the names of others are text and no markup.
pub async fn fragment(path: &str) -> Result<String, ApiError> {
    text_of(HttpRequest { method: "GET", path: path.to_owned(), body: None }).await
}

/// Ends the login by its cookies; `unauthenticated` when it has ended already.
pub(super) async fn log_out() -> Result<(), ApiError> {
    send_bare(Request::post("/api/v1/auth/logout")).await.map(drop)
}

/// Does what the user wants.
pub(super) async fn act(action: &Action) -> Result<Outcome, ApiError> {
    let text = text_of(request(action)).await?;
    Ok(match action {
        Action::Edit(..) => Outcome::Message(Box::new(read(&text)?)),
        _ => Outcome::Done,
    })
}

async fn get<T: DeserializeOwned>(url: &str) -> Result<T, ApiError> {
    let request = HttpRequest { method: "GET", path: url.to_owned(), body: None };
    read(&text_of(request).await?)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    json::read(text).ok_or_else(ApiError::unavailable)
}

/// Asks; when the access token is past its time, refreshes the login and asks once more. Goes to
/// the sign-in page when the login has ended. One piece of code, whatever the answer says.
async fn text_of(request: HttpRequest) -> Result<String, ApiError> {
    let first = once(&request).await;
    let result = match first {
        Err(error) if error.kind == ErrorKind::TokenExpired => match refresh::login().await {
            Ok(()) => once(&request).await,
            Err(error) => Err(error),
        },
        other => other,
    };
    if let Err(error) = &result
        && error.code == ErrorKind::Unauthenticated.status()
    {
        refresh::sign_in();
    }
    result
}

async fn once(request: &HttpRequest) -> Result<String, ApiError> {
    let url = &request.path;
    let builder = match request.method {
        "GET" => Request::get(url),
        "POST" => Request::post(url),
        "PUT" => Request::put(url),
        "PATCH" => Request::patch(url),
        _ => Request::delete(url),
    };
    let built = match &request.body {
        Some(body) => builder.header("content-type", "application/json").body(body),
        None => builder.build(),
    };
    let built = built.map_err(|_| ApiError::unavailable())?;
    send(built).await?.text().await.map_err(|_| ApiError::unavailable())
}
