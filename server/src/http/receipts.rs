//! Delivered and read marks, and how far others are.

use app::protocol::{ConversationId, ListPage, Mark, MarkRequest, MessageReceipt, Seq};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::{Chat, MarkKind};
use crate::edge::answer::Failure;
use crate::edge::extract::{Json, Path};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(delivered)).routes(routes!(receipts))
}

/// Moves your read mark: you have seen every message up to a position.
///
/// A mark moves forward only. The delivered mark moves with it.
#[utoipa::path(post, path = "/conversations/{id}/read", params(("id" = ConversationId, Path)),
    responses((status = NO_CONTENT)))]
async fn read(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(conversation_id): Path<ConversationId>,
    Json(MarkRequest { seq }): Json<MarkRequest>,
) -> Result<StatusCode, Failure> {
    let mark = Mark { conversation_id, seq };
    chat.move_mark(viewer.user_id, mark, MarkKind::Read).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves your delivered mark: your client holds every message up to a position.
///
/// A mark moves forward only.
#[utoipa::path(post, path = "/conversations/{id}/delivered",
    params(("id" = ConversationId, Path)), responses((status = NO_CONTENT)))]
async fn delivered(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(conversation_id): Path<ConversationId>,
    Json(MarkRequest { seq }): Json<MarkRequest>,
) -> Result<StatusCode, Failure> {
    let mark = Mark { conversation_id, seq };
    chat.move_mark(viewer.user_id, mark, MarkKind::Delivered).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The members that hold a message, and those that have seen it.
///
/// It lists all who can see the message, but you and its sender; those who have read furthest come
/// first.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/receipts",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = OK, body = ListPage<MessageReceipt>)))]
async fn receipts(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
) -> Result<axum::Json<ListPage<MessageReceipt>>, Failure> {
    let items = chat.receipts(viewer.user_id, id, seq).await?;
    Ok(axum::Json(ListPage { items, next_cursor: None }))
}
