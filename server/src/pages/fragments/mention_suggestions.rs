//! Whom an `@` may mean, as the list that stands above the field where one writes.

use app::protocol::User;
use app::ui::preferences::Language;
use app::ui::shared::{Avatar, AvatarLabel};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use super::rendered;

/// The name that names everyone.
const ALL: &str = "all";

/// The list as HTML, for who typed `name`, in lower case; nothing where nobody goes by that name.
#[must_use]
pub fn mention_suggestions(people: Vec<User>, name: &str, language: Language) -> String {
    rendered(language, || {
        let everyone =
            AvatarLabel { name: td_string!(words(), found.everyone).to_owned(), id: 0, url: None };
        let people = people
            .into_iter()
            .map(|user| (user.username.clone(), AvatarLabel::of(&user, user.nickname.clone())));
        let all = ALL.starts_with(name).then(|| (ALL.to_owned(), everyone));
        let suggestions: Vec<_> = people.chain(all).collect();
        if suggestions.is_empty() {
            return String::new();
        }
        view! { <MentionSuggestions suggestions /> }.to_html()
    })
}

#[component]
fn MentionSuggestions(
    /// What is written for each, and how they look.
    suggestions: Vec<(String, AvatarLabel)>,
) -> impl IntoView {
    let entry = |(at, (username, avatar)): (usize, (String, AvatarLabel))| {
        let (name, id, written) = (avatar.name.clone(), format!("offer-{at}"), username.clone());
        view! {
            <li id=id role="option" aria-selected="false" data-name=written>
                <Avatar label=move || avatar.clone() small=true />
                <strong dir="auto">{name}</strong>
                <span class="handle">"@" {username}</span>
            </li>
        }
    };
    view! {
        <ul role="listbox" aria-label=td_string!(words(), found.members)>
            {suggestions.into_iter().enumerate().map(entry).collect_view()}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::mention_suggestions;
    use app::protocol::{User, UserId};
    use app::ui::preferences::Language;

    #[test]
    fn people_and_everyone_are_offered_and_names_are_no_markup() {
        let user = User {
            id: UserId::new(7),
            username: "mei".into(),
            nickname: "<b>Mei</b>".into(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        };
        let html = mention_suggestions(vec![user.clone()], "", Language::English);
        assert!(html.contains("data-name=\"mei\"") && html.contains("data-name=\"all\""));
        assert!(html.contains("&lt;b&gt;Mei") && !html.contains("<b>"), "{html}");
        let html = mention_suggestions(vec![user], "m", Language::English);
        assert!(html.contains("data-name=\"mei\"") && !html.contains("data-name=\"all\""));
        assert_eq!(mention_suggestions(Vec::new(), "zz", Language::Chinese), "");
    }
}
