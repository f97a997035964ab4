//! The members of a group, and finding groups to join.

use app::protocol::{
    AddMembers, ChangeMember, Conversation, ConversationId, ListPage, Member, OpenGroup, UserId,
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
        .routes(routes!(find))
        .routes(routes!(list, add))
        .routes(routes!(change, remove))
        .routes(routes!(join))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// The beginning of the group's name; blank: any name.
    #[serde(default)]
    query: String,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
}

/// The open groups whose name begins with `query`, sorted by name; anyone may join them.
#[utoipa::path(get, path = "/groups", operation_id = "find_groups", params(Search),
    responses((status = OK, body = ListPage<OpenGroup>)))]
async fn find(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(search): Query<Search>,
) -> Result<Json<ListPage<OpenGroup>>, Failure> {
    let limit = page_limit(search.limit)?;
    let items = chat.find_groups(viewer.user_id, &search.query, limit).await?;
    Ok(Json(ListPage { items, next_cursor: None }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MembersPage {
    /// The beginning of the username or the nickname; blank: any name.
    #[serde(default)]
    query: String,
    /// The `next_cursor` of the page before; absent: the first page.
    cursor: Option<String>,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
}

/// The members of a group whose username or nickname begins with `query`.
///
/// The owner comes first, then admins, then the others in the order in which they joined. `forbidden`
/// in a private conversation.
#[utoipa::path(get, path = "/conversations/{id}/members", operation_id = "list_members",
    params(("id" = ConversationId, Path), MembersPage),
    responses((status = OK, body = ListPage<Member>)))]
async fn list(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(page): Query<MembersPage>,
) -> Result<Json<ListPage<Member>>, Failure> {
    let MembersPage { query, cursor, limit } = page;
    let limit = page_limit(limit)?;
    Ok(Json(chat.members(viewer.user_id, id, &query, cursor.as_deref(), limit).await?))
}

/// Adds people to a group; answers with the new members.
///
/// People who block you are left out, and so are, for 24 h, people who left the group after you had
/// added them: the list may be empty.
///
/// `forbidden` unless you are an admin or the owner; `not_found` where one of the people does not
/// exist; `conflict` where one of them is a member already, or the group would have more than 500.
#[utoipa::path(post, path = "/conversations/{id}/members", operation_id = "add_members",
    params(("id" = ConversationId, Path)),
    responses((status = CREATED, body = ListPage<Member>)))]
async fn add(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    extract::Json(AddMembers { user_ids }): extract::Json<AddMembers>,
) -> Result<(StatusCode, Json<ListPage<Member>>), Failure> {
    let items = chat.add_members(viewer.user_id, id, user_ids).await?;
    Ok((StatusCode::CREATED, Json(ListPage { items, next_cursor: None })))
}

/// Gives a member another role.
///
/// `forbidden` unless you own the group. A new `owner` takes your place, and you become an admin.
#[utoipa::path(patch, path = "/conversations/{id}/members/{user_id}",
    operation_id = "change_member",
    params(("id" = ConversationId, Path), ("user_id" = UserId, Path)),
    responses((status = OK, body = Member)))]
async fn change(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, user)): Path<(ConversationId, UserId)>,
    extract::Json(ChangeMember { role }): extract::Json<ChangeMember>,
) -> Result<Json<Member>, Failure> {
    Ok(Json(chat.set_role(viewer.user_id, id, user, role).await?))
}

/// Removes a member from a group; yourself: you leave it.
///
/// `forbidden` unless your role is above theirs, and in a private conversation. An owner who leaves
/// hands the group over to the oldest admin, else to the oldest member.
#[utoipa::path(delete, path = "/conversations/{id}/members/{user_id}",
    operation_id = "remove_member",
    params(("id" = ConversationId, Path), ("user_id" = UserId, Path)),
    responses((status = NO_CONTENT)))]
async fn remove(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, user)): Path<(ConversationId, UserId)>,
) -> Result<StatusCode, Failure> {
    chat.remove_member(viewer.user_id, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Joins an open group.
///
/// `not_found` unless it is open; `conflict` where you are a member already, or it has 500 members.
#[utoipa::path(post, path = "/conversations/{id}/join", params(("id" = ConversationId, Path)),
    responses((status = OK, body = Conversation)))]
async fn join(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Failure> {
    Ok(Json(chat.join(viewer.user_id, id).await?))
}
