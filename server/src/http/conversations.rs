//! Conversations: the chat list, and starting one.

use app::protocol::{Conversation, ConversationId, Head, ListPage, StartConversation};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::answer::Failure;
use super::extract::{self, Path, Query, page_limit};
use super::state::AppState;
use super::viewer::Viewer;
use crate::chat::Chat;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/conversations", get(list).post(start))
        .route("/conversations/heads", get(heads))
        .route("/conversations/{id}", get(show))
}

#[derive(Deserialize)]
struct Page {
    cursor: Option<String>,
    limit: Option<i64>,
    #[serde(default)]
    archived: bool,
}

async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(page): Query<Page>,
) -> Result<Json<ListPage<Conversation>>, Failure> {
    let limit = page_limit(page.limit)?;
    if page.archived {
        // Nothing can be archived so far.
        return Ok(Json(ListPage { items: Vec::new(), next_cursor: None }));
    }
    Ok(Json(chat.chat_list(viewer.user_id, page.cursor.as_deref(), limit).await?))
}

async fn heads(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
) -> Result<Json<Vec<Head>>, Failure> {
    Ok(Json(chat.heads(viewer.user_id).await?))
}

async fn start(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    extract::Json(request): extract::Json<StartConversation>,
) -> Result<(StatusCode, Json<Conversation>), Failure> {
    let (conversation, made) =
        chat.start_private_conversation(viewer.user_id, request.to_user_id).await?;
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(conversation)))
}

async fn show(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Failure> {
    Ok(Json(chat.conversation(viewer.user_id, id).await?))
}
