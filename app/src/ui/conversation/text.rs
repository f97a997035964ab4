//! The words of a message, as views.

use leptos::either::EitherOf7;
use leptos::prelude::*;

use crate::protocol::text::{Kind, Span, spans};
use crate::ui::words::{Words, td_string};

/// A longer text is folded: characters, or lines.
const LONG: (usize, usize) = (1_200, 24);

/// The words; `mentions` says that they name members of the conversation, and `me` is the reader's
/// username.
pub(super) fn text(text: &str, mentions: bool, me: &str, words: Words) -> impl IntoView + use<> {
    let is_long = text.len() > LONG.0 && text.chars().count() > LONG.0
        || text.bytes().filter(|byte| *byte == b'\n').count() > LONG.1;
    let parts: Vec<_> = spans(text).into_iter().map(|span| part(span, mentions, me)).collect();
    // A box of the platform, so that it unfolds before and without script.
    let unfold = is_long.then(|| {
        view! {
            <label class="unfold">
                <input type="checkbox" class="unseen" />
                {td_string!(words, talk.unfold)}
            </label>
        }
    });
    let class = if is_long { "text folded" } else { "text" };
    view! {
        <span class=class>{parts}</span>
        {unfold}
    }
}

fn part(span: Span<'_>, mentions: bool, me: &str) -> impl IntoView + use<> {
    let text = span.text.to_owned();
    let class = match (span.strong, span.emphasis) {
        (true, true) => Some("strong em"),
        (true, false) => Some("strong"),
        (false, true) => Some("em"),
        (false, false) => None,
    };
    match span.kind {
        Kind::Link => EitherOf7::A(view! {
            <a class=class href=span.text.to_owned() target="_blank" rel="noopener noreferrer nofollow">
                {text}
            </a>
        }),
        Kind::Mention if mentions => {
            let name = &span.text[1..];
            let is_me = name.eq_ignore_ascii_case(me) || name == "all";
            let class = if is_me { "mention me" } else { "mention" };
            EitherOf7::B(view! { <span class=class>{text}</span> })
        }
        Kind::Code => EitherOf7::C(view! { <code class=class>{text}</code> }),
        Kind::Block => EitherOf7::D(view! { <pre tabindex="0">{text}</pre> }),
        Kind::Plain | Kind::Mention => match (span.strong, span.emphasis) {
            (false, false) => EitherOf7::E(text),
            (true, _) => EitherOf7::F(view! { <strong class=class>{text}</strong> }),
            (false, true) => EitherOf7::G(view! { <em>{text}</em> }),
        },
    }
}
