//! Reminders of messages.

use app::protocol::{ConversationId, ListPage, Reminder, Seq, SetReminder};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{Json, Page, Path, Query};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(set, delete)).routes(routes!(list))
}

/// Reminds you of a message at a time.
///
/// Within 5 s of it all your sockets get a `notification`, and the reminder is due in your list until you delete it. One
/// that was set for the message before is replaced. It goes by itself where you cannot see the message any more.
/// `validation` on `at` unless it lies ahead, and on `reminders` where you have 1,000 others.
#[utoipa::path(put, path = "/conversations/{id}/messages/{seq}/reminder",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)), responses((status = NO_CONTENT)))]
async fn set(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
    Json(SetReminder { at }): Json<SetReminder>,
) -> Result<StatusCode, Failure> {
    chat.set_reminder(viewer.user_id, id, seq, at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes your reminder of a message, if there is one.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}/reminder",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)), responses((status = NO_CONTENT)))]
async fn delete(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
) -> Result<StatusCode, Failure> {
    chat.delete_reminder(viewer.user_id, id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Your reminders by their time, those that are due first.
#[utoipa::path(get, path = "/reminders", params(Page),
    responses((status = OK, body = ListPage<Reminder>)))]
async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(page): Query<Page>,
) -> Result<axum::Json<ListPage<Reminder>>, Failure> {
    let limit = page.limit()?;
    Ok(axum::Json(chat.reminders(viewer.user_id, page.cursor.as_deref(), limit).await?))
}
