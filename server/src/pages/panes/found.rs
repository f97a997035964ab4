//! Who was found, with the way to write to each; or a hint, where nobody was.

use app::protocol::{User, UserId};
use app::ui::route::person_path;
use app::ui::shared::{Avatar, AvatarLabel, called, within};
use app::ui::words::{td_string, words};
use leptos::either::EitherOf3;
use leptos::prelude::*;

/// What a search for people has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Who; absent before anything was searched for.
    pub people: Option<Vec<User>>,
    /// The person who searches.
    pub viewer: UserId,
    /// They stand below chats, whose links are called by the name alone.
    pub below_chats: bool,
}

/// The list of the people who were found.
#[component]
pub fn FoundPeople(
    /// The people, and how they are shown.
    found: Found,
) -> impl IntoView {
    let words = words();
    let Found { people, viewer, below_chats } = found;
    let people = match people {
        None => return EitherOf3::A(hint(td_string!(words, found.hint))),
        Some(people) if people.is_empty() => {
            return EitherOf3::A(hint(td_string!(words, found.none)));
        }
        Some(people) => people,
    };
    if below_chats {
        let entry = |user: User| {
            let name = td_string!(words, found.write_to, name = within(&called(&user, words)));
            view! { <Person is_me=user.id == viewer name user /> }
        };
        return EitherOf3::B(view! {
            <div role="group" aria-label=td_string!(words, found.results)>
                {people.into_iter().map(entry).collect_view()}
            </div>
        });
    }
    let entry = |user: User| view! { <li><Person is_me=user.id == viewer user /></li> };
    EitherOf3::C(view! {
        <ul aria-label=td_string!(words, found.results)>{people.into_iter().map(entry).collect_view()}</ul>
    })
}

fn hint(text: &'static str) -> impl IntoView {
    view! { <p class="hint">{text}</p> }
}

#[component]
fn Person(
    user: User,
    is_me: bool,
    /// What the link is called, if not by what it shows.
    #[prop(optional, into)]
    name: Option<String>,
) -> impl IntoView {
    let words = words();
    let shown = called(&user, words);
    let avatar = AvatarLabel::of(&user, shown.clone());
    view! {
        <a class="person" href=person_path(user.id) aria-label=name>
            <Avatar label=move || avatar.clone() />
            <span class="names">
                <strong dir="auto">{shown}</strong>
                <span class="handle">
                    "@" {user.username}
                    {is_me.then(|| format!(" · {}", td_string!(words, found.you)))}
                </span>
            </span>
        </a>
    }
}
