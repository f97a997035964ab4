//! What messages hold beside their words, for a page that is open: of up to 50 at once.

use app::protocol::{ConversationId, Seq, Window, limits};
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;

use super::{fresh, rendered};
use crate::edge::{AppState, Failure, Path, Query, Viewer};
use crate::pages::message_files::message_html;
use crate::pages::preferences;

#[derive(Deserialize)]
pub(super) struct ContentsQuery {
    /// The position before the first message that is asked for.
    after: Seq,
}

/// The pictures, sound and files of the messages behind a position, each in an element that names its message's.
pub(super) async fn contents(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(asked): Query<ContentsQuery>,
    page: Parts,
) -> Result<Response, Failure> {
    let window = Window::After(asked.after);
    let messages = state.chat.messages(viewer.user_id, id, window, limits::PAGE_DEFAULT).await?;
    let html = || messages.items.iter().filter_map(message_html).collect();
    Ok(fresh(rendered(preferences(&page).language, html)))
}
