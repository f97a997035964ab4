//! Loads the pane of a conversation, or of the person to write to.

use app::protocol::{ApiError, Conversation, ConversationId, Target, Window, limits};
use app::ui::page::{Pane, Talk};
use app::ui::route::Address;

use super::source::Source;

/// The pane of a conversation.
pub(super) async fn pane(
    source: Source<'_>,
    target: Target,
    place: &Address,
    client_id: String,
) -> Result<Pane, ApiError> {
    match target {
        Target::Conversation(id) => talk(source, id, place, client_id).await,
        Target::User(peer) => {
            let user = source.chat.person(source.viewer.user_id, peer).await;
            Ok(Pane::Person { user: source.told(user)?, client_id })
        }
    }
}

async fn talk(
    source: Source<'_>,
    id: ConversationId,
    place: &Address,
    client_id: String,
) -> Result<Pane, ApiError> {
    let (chat, viewer) = (source.chat, source.viewer.user_id);
    let conversation = source.told(chat.conversation(viewer, id).await)?;
    let window = window(place, &conversation);
    let messages = chat.messages(viewer, id, window, limits::PAGE_DEFAULT).await;
    let messages = source.told(messages)?;
    Ok(Pane::Talk(Box::new(Talk { conversation, messages, client_id })))
}

/// Which part of the history a place shows: what its query names, else around the first unread
/// message, else the end.
fn window(place: &Address, conversation: &Conversation) -> Window {
    if let Some(seq) = place.seq("m") {
        Window::Around(seq)
    } else if let Some(seq) = place.seq("before") {
        Window::Before(seq)
    } else if let Some(seq) = place.seq("after") {
        Window::After(seq)
    } else if conversation.unread > 0 {
        Window::Around(conversation.read_seq.next())
    } else {
        Window::Latest
    }
}
