//! Blocks.

use app::protocol::{Block, ListPage, UserId};
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
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// The people whom you block, the latest first.
#[utoipa::path(get, path = "/blocks", params(Page),
    responses((status = OK, body = ListPage<Block>)))]
async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(page): Query<Page>,
) -> Result<Json<ListPage<Block>>, Failure> {
    let limit = page.limit()?;
    Ok(Json(chat.blocks(viewer.user_id, page.cursor.as_deref(), limit).await?))
}

/// Blocks a person.
///
/// From then on neither of you can write in your private conversation (`forbidden`) or see whether the
/// other is online, types or has read. Groups stay as they are. `validation` on the field `user_id`
/// where it is you.
#[utoipa::path(put, path = "/blocks/{user_id}", params(("user_id" = UserId, Path)),
    responses((status = NO_CONTENT)))]
async fn put(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(other): Path<UserId>,
) -> Result<StatusCode, Failure> {
    chat.block(viewer.user_id, other).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends your block of a person, if there is one; theirs of you stays.
#[utoipa::path(delete, path = "/blocks/{user_id}", params(("user_id" = UserId, Path)),
    responses((status = NO_CONTENT)))]
async fn remove(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(other): Path<UserId>,
) -> Result<StatusCode, Failure> {
    chat.unblock(viewer.user_id, other).await?;
    Ok(StatusCode::NO_CONTENT)
}
