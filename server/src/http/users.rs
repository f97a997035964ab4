//! People.

use app::protocol::{ListPage, User, UserId};
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::answer::Failure;
use super::extract::{Path, Query, page_limit};
use super::state::AppState;
use super::viewer::Viewer;
use crate::chat::Chat;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/users", get(find)).route("/users/{id}", get(show))
}

#[derive(Deserialize)]
struct Find {
    #[serde(default)]
    query: String,
    limit: Option<i64>,
}

async fn find(
    State(chat): State<Chat>,
    _: Viewer,
    Query(find): Query<Find>,
) -> Result<Json<ListPage<User>>, Failure> {
    let items = chat.find_people(&find.query, page_limit(find.limit)?).await?;
    Ok(Json(ListPage { items, next_cursor: None }))
}

async fn show(
    State(chat): State<Chat>,
    _: Viewer,
    Path(id): Path<UserId>,
) -> Result<Json<User>, Failure> {
    let user = chat.user(id).await?;
    Ok(Json(User::clone(&user)))
}
