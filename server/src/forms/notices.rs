//! The plain form of a notice: it was seen.

use app::ui::route::own_path;
use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;

use super::fields::Fields;
use super::{again_with, sign_in_first};
use crate::edge::answer::Failure;
use crate::edge::extract::Form;
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/notices", post(dismiss))
}

async fn dismiss(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let seen = async {
        let id = fields.one("id")?;
        state.chat.see_notice(viewer.user_id, id).await.map_err(Failure)
    };
    match seen.await {
        Ok(()) => see_other(own_path(fields.get("next"))),
        Err(failure) => again_with(state, page, failure, &fields).await,
    }
}
