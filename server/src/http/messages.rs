//! Messages: sending them, and reading history.

use app::protocol::{
    ConversationId, EditMessage, MAX_INTEGER, Message, MessageChanges, MessagePage, SendMessage,
    Seq, Timestamp,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::{Chat, Window};
use crate::edge::answer::Failure;
use crate::edge::extract::{self, Path, Query, page_limit};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(send))
        .routes(routes!(history))
        .routes(routes!(edit, recall))
}

/// Sends a message; answered after the commit.
///
/// A repeat with the same `client_id` is not stored again: it answers 200 with what was stored. `validation`
/// on `file_ids` unless these are 1 to 10 whole uploads of yours, each once, and those of an `image`
/// were uploaded as `photo`.
#[utoipa::path(post, path = "/messages", responses(
    (status = CREATED, body = Message),
    (status = OK, body = Message, description = "It was stored before."),
))]
async fn send(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    extract::Json(message): extract::Json<SendMessage>,
) -> Result<(StatusCode, Json<Message>), Failure> {
    let appended = state.chat.send_message(viewer.user_id, &message).await?;
    let status = if appended.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(Message::clone(&appended.message))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// A position: the answer is the page just below it.
    before: Option<Seq>,
    /// A position: the answer is the page just above it; 0: from the start.
    after: Option<Seq>,
    /// A position: the answer is the page with it in the middle.
    around: Option<Seq>,
    /// A time in milliseconds since the Unix epoch: the answer is the page around the first message stored
    /// then or later, or the latest page where there is none.
    at: Option<i64>,
    /// A `rev`: the answer is the messages that changed since, as they are now; 0: all that ever did.
    after_rev: Option<i64>,
    /// The most items in the answer: 1 to 100; absent: 50.
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

/// A page of history, or with `after_rev` the messages that changed.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum PageOrChanges {
    /// A page of history.
    Page(MessagePage),
    /// The messages that changed since `after_rev`.
    Changes(MessageChanges),
}

/// A page of a conversation's history, or the messages that changed in it.
///
/// Give at most one of `before`, `after`, `around`, `at` and `after_rev`; without any it is the
/// latest page.
#[utoipa::path(get, path = "/conversations/{id}/messages",
    params(("id" = ConversationId, Path), Part), responses((status = OK, body = PageOrChanges)))]
async fn history(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Json<PageOrChanges>, Failure> {
    let (wanted, limit) = (part.wanted()?, page_limit(part.limit)?);
    let viewer = viewer.user_id;
    Ok(Json(match wanted {
        Wanted::Window(window) => {
            PageOrChanges::Page(chat.messages(viewer, id, window, limit).await?)
        }
        Wanted::At(at) => PageOrChanges::Page(chat.messages_at(viewer, id, at, limit).await?),
        Wanted::Changes(rev) => {
            PageOrChanges::Changes(chat.message_changes(viewer, id, rev, limit).await?)
        }
    }))
}

/// Edits a text of your own, the caption of your own files, or moves an appointment of your own.
///
/// The same words change nothing. What of an appointment is not given stays, and so do its answers. `forbidden` for
/// others' messages, forwarded ones, recalled ones and system messages, and across a block.
#[utoipa::path(patch, path = "/conversations/{id}/messages/{seq}",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = OK, body = Message)))]
async fn edit(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
    extract::Json(edit): extract::Json<EditMessage>,
) -> Result<Json<Message>, Failure> {
    let viewer = viewer.user_id;
    Ok(Json(match (edit.content, edit.schedule) {
        (Some(content), None) => state.chat.edit_message(viewer, id, seq, &content).await?,
        (None, Some(by)) => state.chat.move_schedule(viewer, id, seq, by).await?,
        _ => return Err(Failure::bad_request("Give one of content and schedule")),
    }))
}

/// Recalls a message: your own, or as an admin or the owner of a group anyone's.
///
/// Its position stays, without text, files, mentions and reactions. A file that no other message holds is
/// deleted, within a minute. `forbidden` for others' messages, and for
/// system messages.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = NO_CONTENT)))]
async fn recall(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path((id, seq)): Path<(ConversationId, Seq)>,
) -> Result<StatusCode, Failure> {
    state.chat.recall_message(viewer.user_id, id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
