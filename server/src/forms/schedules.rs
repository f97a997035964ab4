//! The plain form that answers an appointment, which stands in its card.

use app::forms::FormValues;
use app::protocol::{Answer, ApiError, ConversationId, ErrorKind, Seq};
use app::ui::route::message_path;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::{again, sign_in_first};
use crate::edge::answer::Failure;
use crate::edge::extract::{Form, Path};
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/c/{id}/{seq}/answer", post(answer))
}

/// Nothing takes the answer back.
#[derive(Deserialize)]
struct AnswerForm {
    #[serde(default)]
    answer: String,
}

impl AnswerForm {
    fn answer(&self) -> Result<Option<Answer>, ApiError> {
        Ok(Some(match self.answer.as_str() {
            "" => return Ok(None),
            "yes" => Answer::Yes,
            "maybe" => Answer::Maybe,
            "no" => Answer::No,
            _ => return Err(ApiError::new(ErrorKind::BadRequest, "There is no such answer")),
        }))
    }
}

async fn answer(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path((id, seq)): Path<(ConversationId, Seq)>,
    mut page: Parts,
    Form(form): Form<AnswerForm>,
) -> Response {
    // Where the form stands.
    let address = message_path(id, seq);
    page.uri = address.parse().unwrap_or_else(|_| Uri::from_static("/"));
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let answered = match form.answer() {
        Ok(answer) => state.chat.answer_schedule(viewer.user_id, id, seq, answer).await,
        Err(error) => Err(error.into()),
    };
    match answered {
        Ok(()) => see_other(&address),
        Err(error) => again(state, page, Failure(error), FormValues::default()).await,
    }
}
