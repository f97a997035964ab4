//! Choosing one of a few by one press, in a plain form.

use app::ui::preferences::Language;
use leptos::prelude::*;

/// A button that sends its value, pressed when it is the one chosen.
pub fn choice(
    name: &'static str,
    value: &'static str,
    lang: Option<&'static str>,
    text: &'static str,
    chosen: bool,
) -> impl IntoView {
    let pressed = if chosen { "true" } else { "false" };
    view! {
        <button name=name value=value lang=lang aria-pressed=pressed>
            {text}
        </button>
    }
}

/// A button for each language, by the name that it gives itself.
pub fn languages(current: Language) -> impl IntoView {
    let button = |language: Language| {
        let (code, tag) = (language.code(), Some(language.tag()));
        choice("lang", code, tag, language.name(), language == current)
    };
    view! { <div class="choices">{Language::ALL.map(button).collect_view()}</div> }
}
