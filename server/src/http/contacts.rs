//! Contacts.

use app::protocol::{Contact, ListPage, PutContact, UserId};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{Page, Path, Query, json, unread};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// Your contacts, sorted by alias, or by nickname where there is none.
#[utoipa::path(get, path = "/contacts", params(Page),
    responses((status = OK, body = ListPage<Contact>)))]
async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(page): Query<Page>,
) -> Result<Json<ListPage<Contact>>, Failure> {
    let limit = page.limit()?;
    Ok(Json(chat.contacts(viewer.user_id, page.cursor.as_deref(), limit).await?))
}

/// Adds a person to your contacts, or changes their alias.
///
/// From then on they may see your presence. `validation` on the field `user_id` where it is you.
#[utoipa::path(put, path = "/contacts/{user_id}", params(("user_id" = UserId, Path)),
    request_body = Option<PutContact>, responses((status = NO_CONTENT)))]
async fn put(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(contact): Path<UserId>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Failure> {
    let body = body.map_err(|rejection| unread(&rejection))?;
    let PutContact { alias } = if body.is_empty() { PutContact::default() } else { json(&body)? };
    chat.put_contact(viewer.user_id, contact, alias.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a person from your contacts, if they are among them.
#[utoipa::path(delete, path = "/contacts/{user_id}", params(("user_id" = UserId, Path)),
    responses((status = NO_CONTENT)))]
async fn remove(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(contact): Path<UserId>,
) -> Result<StatusCode, Failure> {
    chat.remove_contact(viewer.user_id, contact).await?;
    Ok(StatusCode::NO_CONTENT)
}
