//! What the server tells of its group, in a sentence.

use leptos::prelude::*;

use crate::protocol::{SystemNotice, UserId};
use crate::ui::shared::notice::sentence;
use crate::ui::words::Words;

/// A notice, as the reader is told of it.
pub(in crate::ui::conversation) fn notice(
    notice: &SystemNotice,
    me: UserId,
    words: Words,
) -> impl IntoView + use<> {
    view! { <p>{sentence(notice, me, words)}</p> }
}
