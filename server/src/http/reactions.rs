//! Reactions to messages.

use app::protocol::{ConversationId, Seq};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::answer::Failure;
use crate::edge::extract::Path;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(react, unreact))
}

/// Puts your reaction on a message.
///
/// A person may put several emoji on one message; one that is there already stays. `validation` on
/// `emoji` where it is not one emoji, or would be the 21st different one on the message; `forbidden`
/// on a recalled message and on a system message, and across a block.
#[utoipa::path(put, path = "/conversations/{id}/messages/{seq}/reactions/{emoji}",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), ("emoji" = String, Path)),
    responses((status = NO_CONTENT)))]
async fn react(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path((id, seq, emoji)): Path<(ConversationId, Seq, String)>,
) -> Result<StatusCode, Failure> {
    state.chat.react(viewer.user_id, id, seq, &emoji, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes your reaction off a message, if it is there.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}/reactions/{emoji}",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), ("emoji" = String, Path)),
    responses((status = NO_CONTENT)))]
async fn unreact(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path((id, seq, emoji)): Path<(ConversationId, Seq, String)>,
) -> Result<StatusCode, Failure> {
    state.chat.react(viewer.user_id, id, seq, &emoji, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
