//! Messages: sending them, and reading history.

use app::protocol::{ApiError, ConversationId, Message, MessagePage, SendMessage, Seq};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::IgnoredAny;

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
    limit: Option<i64>,
    at: Option<IgnoredAny>,
    after_rev: Option<IgnoredAny>,
}

impl Part {
    fn window(&self) -> Result<Window, Failure> {
        // Better refused than answered with something else.
        for (field, asked) in [("at", &self.at), ("after_rev", &self.after_rev)] {
            if asked.is_some() {
                let message = format!("{field} cannot be asked for so far");
                return Err(ApiError::validation(field, message).into());
            }
        }
        match (self.before, self.after, self.around) {
            (None, None, None) => Ok(Window::Latest),
            (Some(seq), None, None) => Ok(Window::Before(seq)),
            (None, Some(seq), None) => Ok(Window::After(seq)),
            (None, None, Some(seq)) => Ok(Window::Around(seq)),
            _ => Err(Failure::bad_request("Give at most one of before, after and around")),
        }
    }
}

async fn history(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Json<MessagePage>, Failure> {
    let (window, limit) = (part.window()?, page_limit(part.limit)?);
    Ok(Json(chat.messages(viewer.user_id, id, window, limit).await?))
}
