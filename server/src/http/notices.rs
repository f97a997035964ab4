//! Notices of the operator.

use app::protocol::{ListPage, Notice, NotificationId};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{Page, Path, Query};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(seen))
}

/// Notices of the operator to you that you have not seen, the latest first.
///
/// One that has ended is not among them.
#[utoipa::path(get, path = "/notices", params(Page),
    responses((status = OK, body = ListPage<Notice>)))]
async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(page): Query<Page>,
) -> Result<Json<ListPage<Notice>>, Failure> {
    let limit = page.limit()?;
    Ok(Json(chat.notices(viewer.user_id, page.cursor.as_deref(), limit).await?))
}

/// Notes that you have seen a notice: it is in your list no more.
#[utoipa::path(put, path = "/notices/{id}/seen", params(("id" = NotificationId, Path)),
    responses((status = NO_CONTENT)))]
async fn seen(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<NotificationId>,
) -> Result<StatusCode, Failure> {
    chat.see_notice(viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
