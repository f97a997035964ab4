//! The words of a message, as views.

use leptos::either::EitherOf7;
use leptos::prelude::*;

use crate::protocol::text::{Kind, Mention, Span, spans};
use crate::protocol::{User, UserId};
use crate::ui::shared::called;
use crate::ui::shared::newline::behind_tag;
use crate::ui::words::{Words, td_string};

/// A text of more characters is folded.
const MAX_UNFOLDED_CHARS: usize = 1_200;
/// A text of more line breaks is folded.
const MAX_UNFOLDED_BREAKS: usize = 24;

/// Whom a message names.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// The people whom it names one by one.
    pub people: &'a [User],
    /// Whether it names all members.
    pub all: bool,
    /// The reader.
    pub me: UserId,
}

impl Named<'_> {
    /// What to show of a name in the text: its class, whom it names, and what stands behind it. Of `@all` and of
    /// people whose nickname cannot be seen, what was written.
    fn show(self, span: &str, words: Words) -> Option<(&'static str, String, String)> {
        let mention = Mention::of_span(span);
        let (is_me, length, shown) = if mention.is_everyone() && self.all {
            (true, mention.bare().len(), format!("@{}", mention.bare()))
        } else {
            let of = |name: &str| {
                self.people.iter().find(|user| user.username.eq_ignore_ascii_case(name))
            };
            let (name, user) = mention.readings().find_map(|name| Some((name, of(name)?)))?;
            (user.id == self.me, name.len(), format!("@{}", called(user, words)))
        };
        let class = if is_me { "mention me" } else { "mention" };
        Some((class, shown, mention.name[length..].to_owned()))
    }
}

/// The words of a message that names these.
pub(super) fn text(text: &str, named: Named<'_>, words: Words) -> impl IntoView + use<> {
    let is_long = text.len() > MAX_UNFOLDED_CHARS && text.chars().count() > MAX_UNFOLDED_CHARS
        || text.bytes().filter(|byte| *byte == b'\n').count() > MAX_UNFOLDED_BREAKS;
    let parts: Vec<_> = spans(text).into_iter().map(|span| part(span, named, words)).collect();
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

fn part(span: Span<'_>, named: Named<'_>, words: Words) -> impl IntoView + use<> {
    let text = span.text.to_owned();
    let class = match (span.strong, span.emphasis) {
        (true, true) => Some("strong em"),
        (true, false) => Some("strong"),
        (false, true) => Some("em"),
        (false, false) => None,
    };
    let mention = (span.kind == Kind::Mention).then(|| named.show(span.text, words)).flatten();
    if let Some((class, shown, behind)) = mention {
        let written = text[..text.len() - behind.len()].to_owned();
        return EitherOf7::B(view! {
            <bdi class=class title=written>{shown}</bdi>
            {behind}
        });
    }
    match span.kind {
        Kind::Link => EitherOf7::A(view! {
            <a class=class href=span.text.to_owned() target="_blank" rel="noopener noreferrer nofollow">
                {text}
            </a>
        }),
        Kind::Code => EitherOf7::C(view! { <code class=class>{text}</code> }),
        Kind::Block => EitherOf7::D(view! { <pre tabindex="0">{behind_tag(text)}</pre> }),
        Kind::Plain | Kind::Mention => match (span.strong, span.emphasis) {
            (false, false) => EitherOf7::E(text),
            (true, _) => EitherOf7::F(view! { <strong class=class>{text}</strong> }),
            (false, true) => EitherOf7::G(view! { <em>{text}</em> }),
        },
    }
}
