//! One part of a static pane with several forms: its heading, and what came of its form.

use app::forms::FormOutcome;
use app::protocol::{ApiError, ErrorKind};
use app::ui::shared::errors::message;
use app::ui::words::{Words, td_string, words};
use leptos::prelude::*;

/// What came of the form that was posted last.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The part whose form has worked.
    pub done: Option<String>,
    /// The form that has not.
    pub failed: Option<FormOutcome>,
}

impl Outcome {
    /// What failed in this part.
    pub fn failed(&self, part: &str) -> Option<&FormOutcome> {
        self.failed.as_ref().filter(|failed| failed.values.part == part)
    }

    fn worked(&self, part: &str) -> bool {
        self.done.as_deref() == Some(part)
    }
}

/// A part with its heading, what came of its form, and the rest.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub fn Part(
    /// Its name: what its form posts to, and the anchor in the page.
    name: &'static str,
    /// Its heading.
    title: &'static str,
    /// What to say when its form has worked.
    #[prop(default = "")]
    done: &'static str,
    /// What came of the form that was posted last; absent where the change itself is seen.
    #[prop(optional)]
    outcome: Option<Outcome>,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let told = outcome.as_ref().map(|outcome| told(name, done, outcome));
    view! {
        <section class="part" id=name aria-labelledby=format!("{name}-title")>
            <h2 id=format!("{name}-title")>{title}</h2>
            {told}
            {children()}
        </section>
    }
}

/// Whether the form of a part has worked, with what to say then; nothing where it was not posted.
pub fn told(part: &str, done: &'static str, outcome: &Outcome) -> impl IntoView + use<> {
    let words = words();
    let failed = outcome.failed(part).map(|failed| {
        view! { <p class="alert" role="alert">{reason(&failed.error, words)}</p> }
    });
    let worked = outcome.worked(part).then(|| view! { <p class="done" role="status">{done}</p> });
    (failed, worked)
}

/// In words that fit who is signed in already: only a password can be wrong, only a group can be full.
pub fn reason(error: &ApiError, words: Words) -> &'static str {
    match (error.kind, error.field.as_deref()) {
        (ErrorKind::BadCredentials, _) => td_string!(words, settings.wrong_password),
        (ErrorKind::Conflict, _) => td_string!(words, groups.conflict),
        (ErrorKind::Validation, Some("name")) => td_string!(words, groups.bad_name),
        (ErrorKind::Validation, Some("member_ids" | "user_ids")) => {
            td_string!(words, groups.bad_members)
        }
        (ErrorKind::Validation, Some("alias")) => td_string!(words, contacts.bad_alias),
        (ErrorKind::UnsupportedType, _) => td_string!(words, avatar.unsupported),
        (ErrorKind::TooLarge, _) => td_string!(words, avatar.too_large),
        _ => message(error, words),
    }
}

/// A field that may be refused, with its label above it and a hint below.
#[component]
pub fn Field(
    /// The id of the input.
    id: &'static str,
    /// What the form calls it.
    name: &'static str,
    /// What kind of input it is.
    #[prop(default = "password")]
    kind: &'static str,
    /// What it is called.
    label: &'static str,
    /// What may stand in it.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// The id of what describes it, where that is not its hint.
    #[prop(optional)]
    described: Option<&'static str>,
    /// What stands in it at first.
    #[prop(optional)]
    value: Option<String>,
    /// What browsers may fill in.
    autocomplete: &'static str,
    /// Whether what was typed was refused.
    invalid: bool,
    /// It may stay empty.
    #[prop(optional)]
    may_be_empty: bool,
) -> impl IntoView {
    let hint_id = hint.map(|_| format!("{id}-hint"));
    let described = described.map(str::to_owned).or_else(|| hint_id.clone());
    let hint = hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                dir="auto"
                required=!may_be_empty
                aria-describedby=described
                aria-invalid=invalid.then_some("true")
                autofocus=invalid
            />
            {hint}
        </div>
    }
}
