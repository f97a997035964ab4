//! What the server tells of its group, in a sentence.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{Content, UserId};
use crate::ui::conversation::rows::ArticleRow;
use crate::ui::shared::notice::sentence;
use crate::ui::words::Words;

/// What a system message tells the reader.
pub(in crate::ui::conversation) fn notice(
    row: impl Fn() -> Arc<ArticleRow> + Send + Sync + 'static,
    me: UserId,
    words: Words,
) -> impl IntoView {
    let told = move || match &row().content {
        Content::System(notice) => sentence(notice, me, words),
        _ => String::new(),
    };
    view! { <p>{told}</p> }
}
