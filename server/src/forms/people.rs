//! The plain forms of `/u/{id}`: keeping a person among one's contacts, blocking them.

use app::protocol::UserId;
use app::ui::route::own_path;
use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;

use super::fields::Fields;
use super::groups::unknown;
use super::{again_with, sign_in_first};
use crate::edge::answer::Failure;
use crate::edge::extract::{Form, Path};
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/u/{id}", post(change))
}

async fn change(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<UserId>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let (viewer, part) = (viewer.user_id, fields.get("part"));
    let alias = Some(fields.get("alias")).filter(|alias| !alias.trim().is_empty());
    let result = match part {
        "contact" => state.chat.put_contact(viewer, id, alias).await,
        "forget" => state.chat.remove_contact(viewer, id).await,
        "block" => state.chat.block(viewer, id).await,
        "unblock" => state.chat.unblock(viewer, id).await,
        _ => Err(unknown("part")),
    };
    match result {
        Ok(()) if fields.has("next") => see_other(own_path(fields.get("next"))),
        Ok(()) => see_other(&format!("/u/{id}?done={part}#{part}")),
        Err(error) => again_with(state, page, Failure(error), &fields).await,
    }
}
