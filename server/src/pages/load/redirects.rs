//! Where a place leads instead of being a page of its own.

use app::protocol::{ApiError, ConversationId, ConversationKind, ErrorKind, Target, Timestamp};
use app::ui::route::{Address, Route, conversation_path, message_path, profile_path};
use app::ui::shared::civil::Zone;

use super::source::Source;

/// The person whom one writes to leads, once there is a conversation with them, to that; a day of a
/// conversation to its first message, or else the last one before it; what there is to know about a
/// private conversation to the person.
pub(super) async fn elsewhere(
    source: Source<'_>,
    place: &Address,
    zone: &Zone,
) -> Result<Option<String>, ApiError> {
    let (chat, viewer) = (source.chat, source.viewer.user_id);
    match place.route {
        Route::Talk(Target::Conversation(id)) => {
            let day = place.param("day").and_then(|day| zone.beginning_of(&day));
            let Some(at) = day else { return Ok(None) };
            found(message_at(source, id, at).await)
        }
        Route::Talk(Target::User(peer)) => {
            let found = source.told(chat.private_conversation(viewer, peer).await)?;
            Ok(found.map(|conversation| conversation_path(conversation.id)))
        }
        Route::Info(id) if place.seq("m").is_none() => {
            let talk = source.told(chat.conversation(viewer, id).await);
            found(talk.map(|talk| {
                let is_private = talk.kind == ConversationKind::Private;
                is_private.then(|| profile_path(talk.peer.map_or(viewer, |peer| peer.id)))
            }))
        }
        _ => Ok(None),
    }
}

/// The path of the first message created at or after a moment, else of the last one.
async fn message_at(
    source: Source<'_>,
    id: ConversationId,
    at: Timestamp,
) -> Result<Option<String>, ApiError> {
    let page = source.told(source.chat.messages_at(source.viewer.user_id, id, at, 1).await)?;
    Ok(page.items.first().map(|message| message_path(id, message.seq)))
}

/// What there is not leads nowhere: its page says so.
fn found(path: Result<Option<String>, ApiError>) -> Result<Option<String>, ApiError> {
    path.or_else(|error| if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) })
}
