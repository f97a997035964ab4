//! People.

use app::protocol::{ListPage, User, UserId};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{Path, Query, page_limit};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find)).routes(routes!(show))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Find {
    /// The beginning of the username or the nickname; blank: nobody is found.
    #[serde(default)]
    query: String,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
}

/// The people whose username or nickname begins with `query`.
#[utoipa::path(get, path = "/users", params(Find), responses((status = OK, body = ListPage<User>)))]
async fn find(
    State(chat): State<Chat>,
    _: Viewer,
    Query(find): Query<Find>,
) -> Result<Json<ListPage<User>>, Failure> {
    let items = chat.find_people(&find.query, page_limit(find.limit)?).await?;
    Ok(Json(ListPage { items, next_cursor: None }))
}

/// One person, with their presence where you may know it.
#[utoipa::path(get, path = "/users/{id}", params(("id" = UserId, Path)),
    responses((status = OK, body = User)))]
async fn show(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<UserId>,
) -> Result<Json<User>, Failure> {
    Ok(Json(chat.person(viewer.user_id, id).await?))
}
