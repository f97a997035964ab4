//! Pictures of people and groups.

use app::protocol::{ApiError, Conversation, ConversationId, Me};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::answer::Failure;
use crate::edge::extract::Path;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::files::Files;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(set_own, remove_own)).routes(routes!(set, remove))
}

/// Where they are looked at; an address never changes what it shows.
pub(super) fn pictures() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(picture))
}

/// Gives you another picture.
///
/// The body is the picture: JPEG, PNG, GIF or WebP, at most 10 MiB (`too_large`). The square in its middle is kept, at
/// most 256 pixels wide, without anything that it told beside. Who knows you is told by `user`. `unsupported_type` for
/// anything else, whatever the request calls it.
#[utoipa::path(put, path = "/users/me/avatar",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, body = Me)))]
async fn set_own(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    body: Body,
) -> Result<Json<Me>, Failure> {
    let hash = state.files.keep_avatar(body.into_data_stream()).await?;
    Ok(Json(state.chat.set_avatar(viewer.user_id, Some(&hash)).await?))
}

/// Takes your picture away. Its bytes are deleted within a minute, unless somebody else has the same.
#[utoipa::path(delete, path = "/users/me/avatar", responses((status = NO_CONTENT)))]
async fn remove_own(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
) -> Result<StatusCode, Failure> {
    state.chat.set_avatar(viewer.user_id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a group another picture, as its owner or an admin: `forbidden` for others, and in a private conversation.
///
/// The body is as that of your own picture. A system message `avatar` tells of it.
#[utoipa::path(put, path = "/conversations/{id}/avatar", params(("id" = ConversationId, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, body = Conversation)))]
async fn set(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    body: Body,
) -> Result<Json<Conversation>, Failure> {
    state.chat.check_may_set(viewer.user_id, id).await?;
    // All members are told.
    state.rate_limits.message(viewer.user_id).await.map_err(ApiError::rate_limited)?;
    let hash = state.files.keep_avatar(body.into_data_stream()).await?;
    Ok(Json(state.chat.set_group_avatar(viewer.user_id, id, Some(hash)).await?))
}

/// Takes a group's picture away, as its owner or an admin.
#[utoipa::path(delete, path = "/conversations/{id}/avatar", params(("id" = ConversationId, Path)),
    responses((status = NO_CONTENT)))]
async fn remove(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, Failure> {
    state.rate_limits.message(viewer.user_id).await.map_err(ApiError::rate_limited)?;
    state.chat.set_group_avatar(viewer.user_id, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture of a person or a group, for anyone signed in.
#[utoipa::path(get, path = "/avatars/{hash}", params(("hash" = String, Path)),
    responses((status = OK, content_type = "image/jpeg", body = Vec<u8>)))]
async fn picture(
    State(files): State<Files>,
    _viewer: Viewer,
    Path(hash): Path<String>,
) -> Result<Response, Failure> {
    let avatar = files.avatar(&hash).await?;
    let headers = [
        (header::CONTENT_TYPE, avatar.mime),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    Ok((headers, avatar.bytes).into_response())
}
