//! Choosing people in a plain form: who is found can be ticked, and who was ticked stays so over
//! another search, which the same form asks for by GET.

use app::protocol::User;
use app::ui::shared::{Avatar, AvatarLabel};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use crate::pages::shared::search_field::SearchField;

/// The people to choose from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What was searched for.
    pub query: String,
    /// Who was ticked so far.
    pub chosen: Vec<User>,
    /// Who else there is: who was found, or those whom the viewer knows.
    pub offered: Vec<User>,
}

/// The search, and a box to tick for each. Stands in the form that takes who is ticked.
#[component]
pub(super) fn Picker(
    /// Who can be ticked.
    choice: Choice,
    /// Where the search leads: the page of the form.
    action: String,
) -> impl IntoView {
    let words = words();
    let Choice { query, chosen, offered } = choice;
    let nobody = (offered.is_empty() && !query.is_empty())
        .then(|| view! { <p class="hint">{td_string!(words, groups.nobody)}</p> });
    let chosen = chosen.into_iter().map(|user| view! { <Person user chosen=true /> });
    let people =
        chosen.chain(offered.into_iter().map(|user| view! { <Person user chosen=false /> }));
    let people: Vec<_> = people.collect();
    let list = (!people.is_empty())
        .then(|| view! { <ul aria-label=td_string!(words, found.results)>{people}</ul> });
    view! {
        <fieldset class="picker">
            <legend>{td_string!(words, groups.members)}</legend>
            <div class="seek">
                <SearchField query label=td_string!(words, people.find) />
                <button class="quiet" formmethod="get" formaction=action formnovalidate>
                    {td_string!(words, people.go)}
                </button>
            </div>
            {nobody}
            {list}
        </fieldset>
    }
}

#[component]
fn Person(user: User, chosen: bool) -> impl IntoView {
    let avatar = AvatarLabel::of(&user, user.nickname.clone());
    view! {
        <li>
            <label class="check">
                <input type="checkbox" name="member" value=user.id.to_string() checked=chosen />
                <Avatar label=move || avatar.clone() />
                <span class="about">
                    <strong dir="auto">{user.nickname}</strong>
                    " "
                    <span class="hint">"@" {user.username}</span>
                </span>
            </label>
        </li>
    }
}
