//! The plain form that sends one file: it is uploaded at once, and then a message.

use app::forms::FormValues;
use app::protocol::{ApiError, ConversationId, File, MessageType, SendMessage, Target, UserId};
use app::ui::route::{conversation_path, target_path};
use axum::Router;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::{again, sign_in_first};
use crate::edge::allowance;
use crate::edge::answer::Failure;
use crate::edge::extract::{Path, Query};
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::files::uploads::Announced;

/// What can be cleaned, and is sent as a picture.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// The name of the message stands in the form's address, so that a form that is sent twice is one message: in the form
/// it would come behind the file.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    client_id: String,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{id}/files", post(send))
        .route("/new/{user_id}/files", post(send_first))
        // The file has a limit of its own.
        .layer(DefaultBodyLimit::disable())
}

/// The page that the form with this address stands on.
pub(super) fn stands_on(path: &str) -> Option<String> {
    path.strip_suffix("/files").map(str::to_owned)
}

async fn send(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<ConversationId>,
    Query(named): Query<Named>,
    page: Parts,
    form: Multipart,
) -> Response {
    answer(state, viewer, Target::Conversation(id), named, page, form).await
}

async fn send_first(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<UserId>,
    Query(named): Query<Named>,
    page: Parts,
    form: Multipart,
) -> Response {
    answer(state, viewer, Target::User(id), named, page, form).await
}

async fn answer(
    state: AppState,
    viewer: Option<Viewer>,
    target: Target,
    named: Named,
    mut page: Parts,
    form: Multipart,
) -> Response {
    // Where the form stands.
    page.uri = target_path(target).parse().unwrap_or_else(|_| Uri::from_static("/"));
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    match send_file(&state, viewer.user_id, target, named, form).await {
        Ok(id) => see_other(&conversation_path(id)),
        Err(failure) => again(state, page, failure, FormValues::default()).await,
    }
}

async fn send_file(
    state: &AppState,
    sender: UserId,
    target: Target,
    named: Named,
    mut form: Multipart,
) -> Result<ConversationId, Failure> {
    let broken = |error: MultipartError| Failure::bad_request(error.body_text());
    let field = form.next_field().await.map_err(broken)?;
    let field = field.filter(|field| field.name() == Some("file"));
    let field = field.ok_or_else(|| ApiError::validation("file", "There is no file"))?;
    let file = upload(state, sender, field).await?;
    let sent = state.chat.send_message(sender, &message(named.client_id, target, &file)).await?;
    Ok(sent.message.conversation_id)
}

async fn upload(state: &AppState, owner: UserId, field: Field<'_>) -> Result<File, Failure> {
    let _turn = allowance::to_upload(state, owner).await?;
    let mut announced = Announced::nameless(state.files.max_file());
    announced.say("filename", field.file_name().unwrap_or_default())?;
    // A picture is one to look at, and so carries no place.
    if field.content_type().is_some_and(|mime| PICTURES.contains(&mime)) {
        announced.say("as", "photo")?;
    }
    Ok(state.files.receive_whole(owner, announced, field).await?)
}

fn message(client_id: String, target: Target, file: &File) -> SendMessage {
    let (conversation_id, to_user_id) = match target {
        Target::Conversation(id) => (Some(id), None),
        Target::User(id) => (None, Some(id)),
    };
    // What is no picture is kept as a file, whatever it was said to be.
    let kind = if file.thumbnail_url.is_some() { MessageType::Image } else { MessageType::File };
    SendMessage {
        client_id,
        conversation_id,
        to_user_id,
        message_type: Some(kind),
        file_ids: Some(vec![file.id]),
        ..SendMessage::default()
    }
}
