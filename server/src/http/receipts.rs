//! Delivered and read marks.

use app::protocol::{ConversationId, Mark, MarkRequest};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;

use super::answer::Failure;
use super::extract::{Json, Path};
use super::state::AppState;
use super::viewer::Viewer;
use crate::chat::{Chat, MarkKind};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/conversations/{id}/read", post(read))
        .route("/conversations/{id}/delivered", post(delivered))
}

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
