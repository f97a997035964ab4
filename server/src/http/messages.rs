//! Messages: sending them, and reading history.

use app::protocol::{ApiError, ConversationId, MAX_INTEGER, Message, SendMessage, Seq, Timestamp};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use super::answer::Failure;
use super::extract::{self, Path, Query, page_limit};
use super::state::AppState;
use super::viewer::Viewer;
use crate::chat::{Chat, Window};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/messages", post(send)).route("/conversations/{id}/messages", get(history))
}

async fn send(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    extract::Json(message): extract::Json<SendMessage>,
) -> Result<(StatusCode, Json<Message>), Failure> {
    state.limits.message(viewer.user_id).await.map_err(ApiError::rate_limited)?;
    let appended = state.chat.send_message(viewer.user_id, &message).await?;
    let status = if appended.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(Message::clone(&appended.message))))
}

#[derive(Deserialize)]
struct Part {
    before: Option<Seq>,
    after: Option<Seq>,
    around: Option<Seq>,
    at: Option<i64>,
    after_rev: Option<i64>,
    limit: Option<i64>,
}

/// What of a conversation's messages is asked for.
enum Wanted {
    Window(Window),
    At(Timestamp),
    Changes(i64),
}

impl Part {
    fn wanted(&self) -> Result<Wanted, Failure> {
        let ways = [
            self.before.map(|seq| Wanted::Window(Window::Before(seq))),
            self.after.map(|seq| Wanted::Window(Window::After(seq))),
            self.around.map(|seq| Wanted::Window(Window::Around(seq))),
            natural("at", self.at)?.map(Wanted::At),
            natural("after_rev", self.after_rev)?.map(Wanted::Changes),
        ];
        let mut given = ways.into_iter().flatten();
        match (given.next(), given.next()) {
            (None, _) => Ok(Wanted::Window(Window::Latest)),
            (Some(wanted), None) => Ok(wanted),
            _ => Err(Failure::bad_request(
                "Give at most one of before, after, around, at and after_rev",
            )),
        }
    }
}

fn natural(name: &str, value: Option<i64>) -> Result<Option<i64>, Failure> {
    match value {
        Some(value) if !(0..=MAX_INTEGER).contains(&value) => {
            Err(Failure::bad_request(format!("{name} is an integer from 0 to 2^53-1")))
        }
        value => Ok(value),
    }
}

async fn history(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Response, Failure> {
    let (wanted, limit) = (part.wanted()?, page_limit(part.limit)?);
    let viewer = viewer.user_id;
    Ok(match wanted {
        Wanted::Window(window) => {
            Json(chat.messages(viewer, id, window, limit).await?).into_response()
        }
        Wanted::At(at) => Json(chat.messages_at(viewer, id, at, limit).await?).into_response(),
        Wanted::Changes(rev) => {
            Json(chat.message_changes(viewer, id, rev, limit).await?).into_response()
        }
    })
}
