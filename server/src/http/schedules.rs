//! Appointments: answering them, what was answered, those ahead, and one as a calendar's file.

use app::protocol::{ConversationId, ListPage, Message, PutAnswer, ScheduleAnswer, Seq, Timestamp};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::extract::{self, Page, Path, Query, page_limit};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

/// The media type of calendars.
pub(super) const CALENDAR: &str = "text/calendar; charset=utf-8";

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(put_answer, take_back))
        .routes(routes!(answers))
        .routes(routes!(file))
        .routes(routes!(ahead))
}

/// Answers an appointment.
///
/// Another answer takes the place of the one before. `forbidden` on what is no appointment, on a recalled one, and
/// across a block.
#[utoipa::path(put, path = "/conversations/{id}/messages/{seq}/answer",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = NO_CONTENT)))]
async fn put_answer(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
    extract::Json(put): extract::Json<PutAnswer>,
) -> Result<StatusCode, Failure> {
    chat.answer_schedule(viewer.user_id, id, seq, Some(put.answer)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes your answer to an appointment back, if there is one.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}/answer",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = NO_CONTENT)))]
async fn take_back(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
) -> Result<StatusCode, Failure> {
    chat.answer_schedule(viewer.user_id, id, seq, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was answered to an appointment, the earliest first; its message has the first 20.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/answers",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), Page),
    responses((status = OK, body = ListPage<ScheduleAnswer>)))]
async fn answers(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
    Query(page): Query<Page>,
) -> Result<Json<ListPage<ScheduleAnswer>>, Failure> {
    let (cursor, limit) = (page.cursor.as_deref(), page.limit()?);
    Ok(Json(chat.schedule_answers(viewer.user_id, id, seq, cursor, limit).await?))
}

/// An appointment as a file for calendars (iCalendar).
///
/// Read in again it moves the event instead of making a second one. A recalled one says `STATUS:CANCELLED`.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/schedule.ics",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = OK, body = String, content_type = "text/calendar")))]
async fn file(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
) -> Result<Response, Failure> {
    let calendar = chat.schedule_file(viewer.user_id, id, seq).await?;
    let headers = [
        (header::CONTENT_TYPE, CALENDAR),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"schedule.ics\""),
    ];
    Ok((headers, calendar).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// A moment: those that are over by then are left out; absent: now.
    after: Option<Timestamp>,
    /// Those of this conversation alone; absent: of all that you are in.
    #[param(value_type = Option<i64>)]
    conversation_id: Option<ConversationId>,
    /// The `next_cursor` of the page before; absent: the first page.
    cursor: Option<String>,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
}

/// The appointments ahead that you can read, the next one first, whatever you have answered.
#[utoipa::path(get, path = "/schedules", params(Part),
    responses((status = OK, body = ListPage<Message>)))]
async fn ahead(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Query(part): Query<Part>,
) -> Result<Json<ListPage<Message>>, Failure> {
    let (cursor, limit) = (part.cursor.as_deref(), page_limit(part.limit)?);
    let (after, conversation) = (part.after, part.conversation_id);
    Ok(Json(chat.schedules_ahead(viewer.user_id, after, conversation, cursor, limit).await?))
}
