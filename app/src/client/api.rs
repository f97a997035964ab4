//! The HTTP calls of the browser; named as in `backend::Backend`, which answers the same questions
//! when the server renders.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;

use super::{json, refresh};
use crate::protocol::{
    ApiError, Conversation, ConversationId, ErrorBody, ErrorKind, Head, ListPage, MessagePage,
    User, UserId, Window, limits,
};

/// The chat list, from a page's cursor on.
///
/// # Errors
/// As every call here: what the server says, and `unavailable` when it does not answer.
pub async fn conversations(cursor: Option<&str>) -> Result<ListPage<Conversation>, ApiError> {
    let limit = limits::PAGE_MAX;
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={}", encode(cursor)));
    get(&format!("/api/v1/conversations?limit={limit}{cursor}")).await
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

/// A person; `not_found` if there is none.
pub async fn user(id: UserId) -> Result<User, ApiError> {
    get(&format!("/api/v1/users/{id}")).await
}

/// People whose username or nickname starts with this.
pub async fn find_people(query: &str) -> Result<Vec<User>, ApiError> {
    let page: ListPage<User> = get(&format!("/api/v1/users?query={}", encode(query))).await?;
    Ok(page.items)
}

/// Ends the login by its cookies; `unauthenticated` when it has ended already.
pub(super) async fn log_out() -> Result<(), ApiError> {
    send(Request::post("/api/v1/auth/logout")).await.map(drop)
}

/// Asks; when the access token is past its time, refreshes the login and asks once more. Goes to
/// the sign-in page when the login has ended.
async fn get<T: DeserializeOwned>(url: &str) -> Result<T, ApiError> {
    let text = get_text(url.to_owned()).await?;
    json::read(&text).ok_or_else(ApiError::unavailable)
}

/// What there is to it whatever the answer says: one piece of code for all.
async fn get_text(url: String) -> Result<String, ApiError> {
    let first = once(&url).await;
    let result = match first {
        Err(error) if error.kind == ErrorKind::TokenExpired => match refresh::login().await {
            Ok(()) => once(&url).await,
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

async fn once(url: &str) -> Result<String, ApiError> {
    let response = send(Request::get(url)).await?;
    response.text().await.map_err(|_| ApiError::unavailable())
}

/// Sends a request of this origin, with its cookies.
pub(super) async fn send(request: RequestBuilder) -> Result<Response, ApiError> {
    let response = request.send().await.map_err(|_| ApiError::unavailable())?;
    if response.ok() {
        return Ok(response);
    }
    // Something between us and Kith may answer in words of its own.
    let text = response.text().await.unwrap_or_default();
    let body: Option<ErrorBody> = json::read(&text);
    Err(body.map_or_else(ApiError::unavailable, |body| body.error))
}

fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
