//! Lists of files: those of a conversation, and one's own.

use app::protocol::{ConversationId, FileKind, ListPage, OwnFile, SharedFile};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{Page, Path, Query, page_limit};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(of_conversation)).routes(routes!(own))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// Files of this kind alone; absent: of all kinds.
    #[param(inline)]
    kind: Option<FileKind>,
    /// The `next_cursor` of the page before; absent: the first page.
    cursor: Option<String>,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
}

/// The files that a conversation's messages hold, newest first.
///
/// Those of recalled messages, and of messages from before you joined, are not among them.
#[utoipa::path(get, path = "/conversations/{id}/files", params(("id" = ConversationId, Path), Part),
    responses((status = OK, body = ListPage<SharedFile>)))]
async fn of_conversation(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Json<ListPage<SharedFile>>, Failure> {
    let (cursor, limit) = (part.cursor.as_deref(), page_limit(part.limit)?);
    Ok(Json(chat.shared_files(viewer.user_id, id, part.kind, cursor, limit).await?))
}

/// Your own uploads, largest first, each with where you sent it.
#[utoipa::path(get, path = "/files", params(Page),
    responses((status = OK, body = ListPage<OwnFile>)))]
async fn own(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(page): Query<Page>,
) -> Result<Json<ListPage<OwnFile>>, Failure> {
    let limit = page.limit()?;
    Ok(Json(chat.own_files(viewer.user_id, page.cursor.as_deref(), limit).await?))
}
