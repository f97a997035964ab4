//! What the viewer has to do with someone: keeping them among the contacts, blocking them.

use app::protocol::UserId;
use app::ui::route::profile_path;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use crate::pages::shared::part::{Field, Outcome, Part};

/// What someone is to a viewer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// They are among the viewer's contacts.
    pub contact: bool,
    /// What the viewer calls them.
    pub alias: Option<String>,
    /// The viewer blocks them.
    pub blocked: bool,
}

/// Keeping someone among one's contacts, under a name of one's own.
#[component]
pub(super) fn Keep(
    id: UserId,
    relation: Relation,
    typed: Option<String>,
    outcome: Outcome,
) -> impl IntoView {
    let words = words();
    let Relation { contact, alias, .. } = relation;
    let refused = outcome.failed("contact").is_some();
    let value = typed.filter(|_| refused).or(alias);
    let keep =
        if contact { td_string!(words, settings.save) } else { td_string!(words, profile.add) };
    let remove = contact.then(|| {
        view! {
            <button class="quiet danger" name="part" value="forget" formnovalidate>
                {td_string!(words, profile.remove)}
            </button>
        }
    });
    view! {
        <Part
            name="contact"
            title=td_string!(words, profile.contact_title)
            done=td_string!(words, settings.saved)
            outcome
        >
            <form method="post" action=profile_path(id)>
                <Field
                    id="alias"
                    name="alias"
                    kind="text"
                    label=td_string!(words, profile.alias)
                    hint=td_string!(words, profile.alias_hint)
                    value=value.unwrap_or_default()
                    autocomplete="off"
                    invalid=refused
                    may_be_empty=true
                />
                <div class="actions">
                    <button class="solid" name="part" value="contact">
                        {keep}
                    </button>
                    {remove}
                </div>
            </form>
        </Part>
    }
}

/// Blocking someone, or no longer.
#[component]
pub(super) fn Bar(id: UserId, blocked: bool, outcome: Outcome) -> impl IntoView {
    let words = words();
    let (part, text, hint) = if blocked {
        let hint = td_string!(words, profile.blocked_hint);
        ("unblock", td_string!(words, profile.unblock), hint)
    } else {
        ("block", td_string!(words, profile.block), td_string!(words, profile.block_hint))
    };
    let class = if blocked { "quiet" } else { "quiet danger" };
    view! {
        <Part name="block" title=td_string!(words, profile.block_title) outcome>
            <form method="post" action=profile_path(id)>
                <p class="hint">{hint}</p>
                <button class=class name="part" value=part>
                    {text}
                </button>
            </form>
        </Part>
    }
}
