//! Messages: sending them, and reading history.

use app::protocol::{ApiError, ConversationId, Message, MessagePage, SendMessage, Seq};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::IgnoredAny;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::Failure;
use super::extract::{self, Path, Query, page_limit};
use super::state::AppState;
use super::viewer::Viewer;
use crate::chat::{Chat, Window};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send)).routes(routes!(history))
}

/// Sends a message; answered after the commit.
///
/// A repeat with the same `client_id` is not stored again: it answers 200 with what was stored.
#[utoipa::path(post, path = "/messages", responses(
    (status = CREATED, body = Message),
    (status = OK, body = Message, description = "It was stored before."),
))]
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// Those just below this position.
    before: Option<Seq>,
    /// Those just above this position; 0: from the start.
    after: Option<Seq>,
    /// Those around this position.
    around: Option<Seq>,
    /// How many at most: 1 to 100; 50 unless said.
    limit: Option<i64>,
    #[param(ignore)]
    at: Option<IgnoredAny>,
    #[param(ignore)]
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

/// A part of a conversation's history.
///
/// Give at most one of `before`, `after` and `around`; without any it is the latest page.
#[utoipa::path(get, path = "/conversations/{id}/messages", params(("id" = ConversationId, Path), Part),
    responses((status = OK, body = MessagePage)))]
async fn history(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Json<MessagePage>, Failure> {
    let (window, limit) = (part.window()?, page_limit(part.limit)?);
    Ok(Json(chat.messages(viewer.user_id, id, window, limit).await?))
}
