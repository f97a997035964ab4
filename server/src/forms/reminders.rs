//! The plain forms of `/c/{id}/remind` and `/reminders`: setting a reminder, and deleting one.

use app::protocol::{ApiError, ConversationId, Seq, Timestamp};
use app::ui::route::{own_path, remind_path};
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
use crate::pages::{Times, zone};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/c/{id}/remind", post(set)).route("/reminders", post(delete))
}

async fn set(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let set = async {
        let (seq, at) = (fields.one::<Seq>("m")?, chosen(&state, &page, &fields)?);
        state.chat.set_reminder(viewer.user_id, id, seq, at).await.map_err(Failure)?;
        Ok(seq)
    };
    match set.await {
        Ok(seq) => see_other(&remind_path(id, seq)),
        Err(failure) => again_with(state, page, failure, &fields).await,
    }
}

/// The time that a form names, by the clocks of the browser's zone.
fn chosen(state: &AppState, page: &Parts, fields: &Fields) -> Result<Timestamp, Failure> {
    let zone = zone(page);
    let chosen = match fields.get("when") {
        "hour" | "evening" | "tomorrow" => {
            Times::after(state.chat.now(), &zone).named(fields.get("when"))
        }
        _ => zone.moment_of(fields.get("day"), fields.get("time")),
    };
    // This evening may have passed since the page was made.
    Ok(chosen.ok_or_else(|| ApiError::validation("at", "at is no moment"))?)
}

async fn delete(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let deleted = async {
        let (id, seq) = (fields.one("c")?, fields.one("m")?);
        state.chat.delete_reminder(viewer.user_id, id, seq).await.map_err(Failure)
    };
    match deleted.await {
        Ok(()) if fields.has("next") => see_other(own_path(fields.get("next"))),
        Ok(()) => see_other("/reminders"),
        Err(failure) => again_with(state, page, failure, &fields).await,
    }
}
