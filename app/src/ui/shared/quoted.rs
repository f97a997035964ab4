//! What a message answers.

use leptos::prelude::*;

use super::called;
use crate::protocol::Quote;
use crate::ui::words::{td_string, words};

/// Who wrote what is answered, and how it begins.
#[component]
pub fn Quoted(
    /// The message that is answered, as it is quoted.
    quote: Quote,
) -> impl IntoView {
    let words = words();
    let Quote { sender, excerpt, .. } = quote;
    let excerpt =
        if excerpt.is_empty() { td_string!(words, chats.recalled).to_owned() } else { excerpt };
    view! {
        <strong dir="auto">{called(&sender, words)}</strong>
        <span dir="auto">{excerpt}</span>
    }
}
