//! What a message says, as a view: a file a kind.

mod recalled;
mod system;
mod text;

use leptos::either::Either;
use leptos::prelude::*;

use super::files::message_files;
use super::rows::ArticleRow;
use crate::protocol::{Content, ConversationId, MessageRef, UserId};
use crate::ui::words::Words;
use text::Named;

pub(super) use system::notice;

/// What a person's message says.
pub(super) fn content(
    row: &ArticleRow,
    id: Option<ConversationId>,
    me: UserId,
    words: Words,
) -> impl IntoView + use<> {
    match &row.content {
        Content::Recalled(_) | Content::System(_) => Either::Left(recalled::recalled(words)),
        said => {
            let named = Named { people: &row.mentioned, all: row.mentions_all, me };
            let of =
                id.zip(row.seq).map(|(conversation_id, seq)| MessageRef { conversation_id, seq });
            let has_more = !matches!(said, Content::Text(_));
            let files = has_more.then(|| message_files(said, of));
            Either::Right((files, text::text(said.text(), named, words)))
        }
    }
}
