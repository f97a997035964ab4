//! The plain forms about groups: making one, setting one, joining one.

use app::protocol::{
    ApiError, ConversationId, ErrorKind, History, MAX_INTEGER, Role, UpdateConversation, UserId,
};
use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;

use super::fields::Fields;
use super::{again_with, sign_in_first};
use crate::edge::answer::Failure;
use crate::edge::extract::{Form, Path};
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::error::Error;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/new/group", post(create))
        .route("/c/{id}/info", post(change))
        .route("/groups", post(join))
}

const HOUR_MS: i64 = 60 * 60 * 1000;

async fn create(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    if fields.has("enter") && fields.get("query").trim() != fields.get("searched") {
        return see_other(&format!("/new/group?{}", fields.query()));
    }
    let made = async {
        let (members, history) = (fields.all("member")?, history(&fields)?);
        let (name, open) = (fields.get("name"), fields.has("open"));
        state.rate_limits.message(viewer.user_id).await.map_err(ApiError::rate_limited)?;
        state.chat.create_group(viewer.user_id, name, members, open, history).await
    };
    match made.await {
        Ok(group) => see_other(&format!("/c/{}", group.id)),
        Err(error) => again_with(state, page, Failure(error), &fields).await,
    }
}

async fn change(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let part = fields.get("part");
    match change_part(&state, viewer.user_id, id, part, &fields).await {
        Ok(()) if part == "leave" => see_other("/"),
        Ok(()) => see_other(&format!("/c/{id}/info?done={part}#{part}")),
        Err(error) => again_with(state, page, Failure(error), &fields).await,
    }
}

/// What a part of the page sets, by the names that `ui::groups` gives them.
async fn change_part(
    state: &AppState,
    viewer: UserId,
    id: ConversationId,
    part: &str,
    fields: &Fields,
) -> Result<(), Error> {
    let chat = &state.chat;
    if part != "mute" {
        // All members are told.
        state.rate_limits.message(viewer).await.map_err(ApiError::rate_limited)?;
    }
    match part {
        "name" => chat.set_group(viewer, id, Some(fields.get("name")), None, None).await,
        "access" => {
            let history = history(fields)?;
            chat.set_group(viewer, id, None, Some(fields.has("open")), Some(history)).await
        }
        "add" => chat.add_members(viewer, id, fields.all("member")?).await.map(drop),
        "members" => {
            let user = fields.one("user_id")?;
            let role = match fields.get("deed") {
                "remove" => return chat.remove_member(viewer, id, user).await,
                "admin" => Role::Admin,
                "member" => Role::Member,
                "owner" => Role::Owner,
                _ => return Err(unknown("deed")),
            };
            chat.set_role(viewer, id, user, role).await.map(drop)
        }
        "mute" => {
            let until = match fields.get("mute") {
                "hour" => chat.now() + HOUR_MS,
                "day" => chat.now() + 24 * HOUR_MS,
                "ever" => MAX_INTEGER,
                "off" => 0,
                _ => return Err(unknown("mute")),
            };
            let update =
                UpdateConversation { muted_until: Some(until), ..UpdateConversation::default() };
            chat.update_conversation(viewer, id, &update).await.map(drop)
        }
        "leave" => chat.remove_member(viewer, id, viewer).await,
        _ => Err(unknown("part")),
    }
}

async fn join(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let joined = async {
        let id: ConversationId = fields.one("id")?;
        state.chat.join(viewer.user_id, id).await
    };
    match joined.await {
        Ok(group) => see_other(&format!("/c/{}", group.id)),
        Err(error) => again_with(state, page, Failure(error), &fields).await,
    }
}

/// What who comes later may read; unless said, what is written from then on.
fn history(fields: &Fields) -> Result<History, Error> {
    match fields.get("history") {
        "" | "joined" => Ok(History::Joined),
        "all" => Ok(History::All),
        _ => Err(unknown("history")),
    }
}

pub(super) fn unknown(field: &str) -> Error {
    ApiError::new(ErrorKind::BadRequest, format!("{field} has a value that is none of its own"))
        .into()
}
