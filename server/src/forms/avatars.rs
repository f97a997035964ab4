//! The plain forms that change the picture of oneself and of a group.

use app::forms::FormValues;
use app::protocol::{ApiError, ConversationId, UserId};
use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;

use super::{again, sign_in_first};
use crate::edge::answer::Failure;
use crate::edge::extract::Path;
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::pages::{AVATAR, AvatarOwner};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/settings/avatar", get(back).post(set_own))
        .route("/settings/avatar/remove", get(back).post(remove_own))
        .route("/c/{id}/avatar", get(back_to_group).post(set))
        .route("/c/{id}/avatar/remove", get(back_to_group).post(remove))
        // The picture has a limit of its own.
        .layer(DefaultBodyLimit::disable())
}

/// The page that the form with this address stands on.
pub(super) fn stands_on(path: &str) -> Option<String> {
    let owner = match path.strip_suffix("/avatar")? {
        "/settings" => AvatarOwner::Viewer,
        group => AvatarOwner::Group(group.strip_prefix("/c/")?.parse().ok()?),
    };
    Some(owner.page())
}

/// Whoever comes to a form's address by a link, or from signing in anew.
async fn back() -> Response {
    see_other(&AvatarOwner::Viewer.page())
}

async fn back_to_group(Path(id): Path<ConversationId>) -> Response {
    see_other(&AvatarOwner::Group(id).page())
}

async fn set_own(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    form: Multipart,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = async {
        let hash = kept(&state, form).await?;
        state.chat.set_avatar(viewer.user_id, Some(&hash)).await?;
        Ok(())
    };
    let result = result.await;
    shown(state, page, AvatarOwner::Viewer, result).await
}

async fn remove_own(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = state.chat.set_avatar(viewer.user_id, None).await;
    shown(state, page, AvatarOwner::Viewer, result.map(drop).map_err(Failure)).await
}

async fn set(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    page: Parts,
    form: Multipart,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = async {
        state.chat.check_may_set(viewer.user_id, id).await?;
        all_are_told(&state, viewer.user_id).await?;
        let hash = kept(&state, form).await?;
        state.chat.set_group_avatar(viewer.user_id, id, Some(hash)).await?;
        Ok(())
    };
    let result = result.await;
    shown(state, page, AvatarOwner::Group(id), result).await
}

async fn remove(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    page: Parts,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = async {
        all_are_told(&state, viewer.user_id).await?;
        state.chat.set_group_avatar(viewer.user_id, id, None).await?;
        Ok(())
    };
    let result = result.await;
    shown(state, page, AvatarOwner::Group(id), result).await
}

/// A change of a group is a message to all of its members.
async fn all_are_told(state: &AppState, viewer: UserId) -> Result<(), Failure> {
    Ok(state.rate_limits.message(viewer).await.map_err(ApiError::rate_limited)?)
}

/// Keeps the picture of a form.
async fn kept(state: &AppState, mut form: Multipart) -> Result<String, Failure> {
    let broken = |error: MultipartError| Failure::bad_request(error.body_text());
    let field = form.next_field().await.map_err(broken)?;
    let field = field.filter(|field| field.name() == Some("picture"));
    let field = field.ok_or_else(|| ApiError::validation("picture", "There is no picture"))?;
    Ok(state.files.keep_avatar(field).await?)
}

/// What came of a form, in its place on the page.
async fn shown(
    state: AppState,
    mut page: Parts,
    owner: AvatarOwner,
    result: Result<(), Failure>,
) -> Response {
    match result {
        Ok(()) => see_other(&owner.done()),
        Err(failure) => {
            page.uri = owner.page().parse().unwrap_or_else(|_| Uri::from_static("/"));
            let values = FormValues { part: AVATAR.to_owned(), ..FormValues::default() };
            again(state, page, failure, values).await
        }
    }
}
