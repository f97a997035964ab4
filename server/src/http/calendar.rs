//! The feed of one's appointments that calendars subscribe to.

use app::protocol::{ApiError, CalendarAddress};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::schedules::CALENDAR;
use crate::edge::answer::Failure;
use crate::edge::extract::Path;
use crate::edge::host::calendar_address;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(begin, end))
}

/// Where calendars read them: whoever knows the address need not sign in.
pub(super) fn feeds() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(feed))
}

/// Gives you an address at which a calendar can read your appointments.
///
/// The feed has what you have said yes or maybe to and can read now, from 90 days back. The address is told this once,
/// and whoever has it can read the feed; the one before ends.
#[utoipa::path(post, path = "/calendar", responses((status = OK, body = CalendarAddress)))]
async fn begin(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    headers: HeaderMap,
) -> Result<Json<CalendarAddress>, Failure> {
    let secret = state.chat.new_calendar(viewer.user_id).await?;
    Ok(Json(CalendarAddress { url: calendar_address(&state.site, &headers, &secret) }))
}

/// Ends the address of your feed, if there is one.
#[utoipa::path(delete, path = "/calendar", responses((status = NO_CONTENT)))]
async fn end(State(state): State<AppState>, Viewer(viewer): Viewer) -> Result<StatusCode, Failure> {
    state.chat.end_calendar(viewer.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Someone's appointments, for a calendar that subscribes to them (iCalendar): 60 times an hour at most.
#[utoipa::path(get, path = "/calendar/{name}", security(()),
    params(("name" = String, Path, description = "The 43 characters of the secret, and `.ics`.")),
    responses((status = OK, body = String, content_type = "text/calendar")))]
async fn feed(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let secret = name.strip_suffix(".ics").ok_or_else(ApiError::not_found)?;
    let owner = state.chat.calendar_owner(secret).await?;
    state.rate_limits.calendar(owner).await.map_err(ApiError::rate_limited)?;
    let calendar = state.chat.calendar(owner).await?;
    let headers = [(header::CONTENT_TYPE, CALENDAR), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, calendar).into_response())
}
