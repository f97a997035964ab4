//! Conversations: the chat list, and starting one.

use app::protocol::{Conversation, ConversationId, Head, ListPage, StartConversation};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::Failure;
use super::extract::{self, Path, Query, page_limit};
use super::state::AppState;
use super::viewer::Viewer;
use crate::chat::Chat;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, start)).routes(routes!(heads)).routes(routes!(show))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// `next_cursor` of the page before; absent: the first page.
    cursor: Option<String>,
    /// How many at most: 1 to 100; 50 unless said.
    limit: Option<i64>,
    /// Those out of the list instead.
    #[serde(default)]
    archived: bool,
}

/// The chat list: what is pinned first, then the newest activity.
#[utoipa::path(get, path = "/conversations", params(Page),
    responses((status = OK, body = ListPage<Conversation>)))]
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

/// Where all your conversations stand, to compare with what you have.
#[utoipa::path(get, path = "/conversations/heads", responses((status = OK, body = Vec<Head>)))]
async fn heads(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
) -> Result<Json<Vec<Head>>, Failure> {
    Ok(Json(chat.heads(viewer.user_id).await?))
}

/// The conversation with a person, made if there was none.
///
/// An empty one stands in no list, and no frame tells of it until something is said. A first message
/// by `to_user_id` makes it, too.
#[utoipa::path(post, path = "/conversations", responses(
    (status = CREATED, body = Conversation),
    (status = OK, body = Conversation, description = "There was one."),
))]
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

/// A conversation.
#[utoipa::path(get, path = "/conversations/{id}", params(("id" = ConversationId, Path)),
    responses((status = OK, body = Conversation)))]
async fn show(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Failure> {
    Ok(Json(chat.conversation(viewer.user_id, id).await?))
}
