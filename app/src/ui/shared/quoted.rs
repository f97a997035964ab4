//! What a message answers.

use leptos::prelude::*;

use super::called;
use super::summary::held;
use crate::protocol::{MessageType, Quote};
use crate::ui::words::{td_string, words};

/// Who wrote what is answered, and how it begins.
#[component]
pub fn Quoted(
    /// The message that is answered, as it is quoted.
    quote: Quote,
) -> impl IntoView {
    let words = words();
    let Quote { sender, message_type, voice, excerpt, .. } = quote;
    let held = match message_type {
        // Its title tells more.
        MessageType::Schedule => "",
        kind => held(kind, voice, words),
    };
    let told = match (excerpt.is_empty(), held) {
        (true, _) => td_string!(words, chats.recalled),
        (_, "") => &excerpt,
        (_, held) => held,
    };
    let told = told.to_owned();
    view! {
        <strong dir="auto">{called(&sender, words)}</strong>
        <span dir="auto">{told}</span>
    }
}
