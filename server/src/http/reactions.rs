//! Reactions to messages.

use app::protocol::{ConversationId, Seq};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::Failure;
use super::extract::Path;
use super::state::AppState;
use super::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(react, unreact))
}

/// Puts an emoji on a message.
///
/// A person may leave several; one that is there already stays. `validation` on `emoji` for what is
/// not one emoji, and for more than 20 different ones on a message; `forbidden` on a message that was
/// recalled.
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

/// Takes one's own emoji off a message; one that is not there is gone already.
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
