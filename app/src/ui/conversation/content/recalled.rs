//! What stands in the place of a message that was taken back.

use leptos::prelude::*;

use crate::ui::words::{Words, td_string};

pub(super) fn recalled(words: Words) -> impl IntoView + use<> {
    view! { <span class="text gone">{td_string!(words, chats.recalled)}</span> }
}
