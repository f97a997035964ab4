//! `/new/group`: making a group.

use app::forms::FormOutcome;
use app::protocol::History;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use super::Head;
use super::picker::{Choice, Picker};
use super::settings::Access;
use crate::pages::shared::part::{Field, reason};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGroup {
    /// What was typed as its name.
    pub name: String,
    /// Anyone may find and join it.
    pub open: bool,
    /// What who comes later may read.
    pub history: History,
    /// Who can be in it.
    pub choice: Choice,
    /// The form that has failed.
    pub failed: Option<FormOutcome>,
}

/// The page on which a group is made.
#[component]
pub fn NewGroupPage(
    /// What it shows.
    page: NewGroup,
) -> impl IntoView {
    let words = words();
    let NewGroup { name, open, history, choice, failed } = page;
    let bad_name =
        failed.as_ref().is_some_and(|failed| failed.error.field.as_deref() == Some("name"));
    let alert = failed.map(|failed| {
        view! { <p class="alert" role="alert">{reason(&failed.error, words)}</p> }
    });
    view! {
        <section class="settings">
            <Head back="/new".to_owned() title=td_string!(words, groups.new).to_owned() />
            <div class="parts">
                <form class="part" method="post" action="/new/group">
                    <Enter query=choice.query.clone() />
                    {alert}
                    <Field
                        id="group-name"
                        name="name"
                        kind="text"
                        label=td_string!(words, groups.name)
                        value=name
                        autocomplete="off"
                        invalid=bad_name
                    />
                    <Picker choice action="/new/group".to_owned() />
                    <Access open history />
                    <button class="solid">{td_string!(words, groups.create)}</button>
                </form>
            </div>
        </section>
    }
}

/// The form's first button, which Enter in any of its fields presses: it searches where something
/// else stands in the search than was searched for, and makes the group otherwise.
#[component]
fn Enter(query: String) -> impl IntoView {
    view! {
        <input type="hidden" name="searched" value=query />
        <button class="unseen" name="enter" formnovalidate tabindex="-1" aria-hidden="true"></button>
    }
}
