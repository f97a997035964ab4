//! Conversations: the chat list, starting one, and what each sets of theirs.

use app::protocol::{
    ApiError, Conversation, ConversationId, Head, ListPage, StartConversation, UpdateConversation,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{self, Path, Query, page_limit};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, start))
        .routes(routes!(heads))
        .routes(routes!(show, update, hide))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// The `next_cursor` of the page before; absent: the first page.
    cursor: Option<String>,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
    /// Whether the archive is listed instead of the chat list; absent: no.
    #[serde(default)]
    archived: bool,
}

/// Your chat list, or with `archived` your archive.
///
/// Pinned conversations come first, then those with the newest messages.
#[utoipa::path(get, path = "/conversations", params(Filter),
    responses((status = OK, body = ListPage<Conversation>)))]
async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(Filter { cursor, limit, archived }): Query<Filter>,
) -> Result<Json<ListPage<Conversation>>, Failure> {
    let limit = page_limit(limit)?;
    Ok(Json(chat.chat_list(viewer.user_id, archived, cursor.as_deref(), limit).await?))
}

/// The state of each of your conversations that has messages, to compare with what you have.
#[utoipa::path(get, path = "/conversations/heads", responses((status = OK, body = Vec<Head>)))]
async fn heads(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
) -> Result<Json<Vec<Head>>, Failure> {
    Ok(Json(chat.heads(viewer.user_id).await?))
}

/// The conversation with a person, made if there was none; or a new group.
///
/// Give either `to_user_id`, or `name` and `member_ids`. An empty private conversation stands in no
/// list, and no frame tells of it until something is said; a first message by `to_user_id` makes it,
/// too. People among `member_ids` who block you are left out of the group.
#[utoipa::path(post, path = "/conversations", responses(
    (status = CREATED, body = Conversation),
    (status = OK, body = Conversation, description = "There was one."),
))]
async fn start(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    extract::Json(request): extract::Json<StartConversation>,
) -> Result<(StatusCode, Json<Conversation>), Failure> {
    if request.to_user_id.is_none() {
        // Its first message tells of it.
        state.rate_limits.message(viewer.user_id).await.map_err(ApiError::rate_limited)?;
    }
    let (conversation, made) = state.chat.start_conversation(viewer.user_id, request).await?;
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(conversation)))
}

/// One conversation, as you see it.
#[utoipa::path(get, path = "/conversations/{id}", params(("id" = ConversationId, Path)),
    responses((status = OK, body = Conversation)))]
async fn show(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Failure> {
    Ok(Json(chat.conversation(viewer.user_id, id).await?))
}

/// Changes a conversation; what is absent stays as it is.
///
/// `name`, `open` and `history` are for the owner and the admins of a group: `forbidden` for its other
/// members, and in a private conversation.
///
/// `pinned`, `muted_until`, `archived` and `marked_unread` are your own: nobody else sees them, and
/// your other devices hear of them by `conversation`.
#[utoipa::path(patch, path = "/conversations/{id}", params(("id" = ConversationId, Path)),
    responses((status = OK, body = Conversation)))]
async fn update(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    extract::Json(update): extract::Json<UpdateConversation>,
) -> Result<Json<Conversation>, Failure> {
    if update.name.is_some() || update.open.is_some() || update.history.is_some() {
        // All members are told.
        state.rate_limits.message(viewer.user_id).await.map_err(ApiError::rate_limited)?;
    }
    Ok(Json(state.chat.update_conversation(viewer.user_id, id, &update).await?))
}

/// Hides a conversation and its history up to now, from you alone.
///
/// It stands in no list of yours until something new is said in it; what was said before stays hidden.
#[utoipa::path(delete, path = "/conversations/{id}", params(("id" = ConversationId, Path)),
    responses((status = NO_CONTENT)))]
async fn hide(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, Failure> {
    chat.hide_conversation(viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
