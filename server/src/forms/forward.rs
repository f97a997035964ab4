//! The plain form of `/c/{id}/forward`: carrying a message on.

use app::protocol::{ConversationId, MessageRef, SendMessage, Target};
use app::ui::route::conversation_path;
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
use crate::pages::Destination;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/c/{id}/forward", post(forward))
}

async fn forward(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    page: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let sent = async {
        let message = message(id, &fields)?;
        state.chat.send_message(viewer.user_id, &message).await.map_err(Failure)
    };
    match sent.await {
        Ok(sent) => see_other(&conversation_path(sent.message.conversation_id)),
        Err(failure) => again_with(state, page, failure, &fields).await,
    }
}

fn message(id: ConversationId, fields: &Fields) -> Result<SendMessage, Failure> {
    let Destination(target) = fields.one("to")?;
    let (conversation_id, to_user_id) = match target {
        Target::Conversation(id) => (Some(id), None),
        Target::User(id) => (None, Some(id)),
    };
    Ok(SendMessage {
        client_id: fields.get("client_id").to_owned(),
        conversation_id,
        to_user_id,
        forward: Some(MessageRef { conversation_id: id, seq: fields.one("m")? }),
        ..SendMessage::default()
    })
}
