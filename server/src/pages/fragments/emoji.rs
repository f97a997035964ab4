//! The emoji of the picker, in their groups. Browsers fetch them when the picker is first opened.

use app::ui::preferences::Language;
use app::ui::words::{Words, td_string, words};
use emojis::{Emoji, EmojiVersion, Group};
use leptos::prelude::*;

use super::rendered;

/// The emoji as HTML, with the groups' names in a language. A screen reader reads each in the
/// listener's own language; what each is called for the search is in English.
#[must_use]
pub fn emoji_html(language: Language) -> String {
    rendered(language, || {
        Group::iter().map(|group| view! { <EmojiGroup group /> }.to_html()).collect()
    })
}

#[component]
fn EmojiGroup(group: Group) -> impl IntoView {
    let title = title(group, words());
    let button = |emoji: &'static Emoji| {
        let codes = emoji.shortcodes().flat_map(|code| [" ", code]);
        let name = [emoji.name()].into_iter().chain(codes).collect::<String>().to_lowercase();
        view! {
            <button type="button" tabindex="-1" data-do="" title=name>
                {emoji.as_str()}
            </button>
        }
    };
    view! {
        <h2>{title}</h2>
        <div>{group.emojis().filter(|emoji| is_drawn(emoji)).map(button).collect::<Vec<_>>()}</div>
    }
}

/// Whether most systems have a picture of it by now.
fn is_drawn(emoji: &Emoji) -> bool {
    emoji.emoji_version() <= EmojiVersion::new(15, 0)
}

fn title(group: Group, words: Words) -> &'static str {
    match group {
        Group::SmileysAndEmotion => td_string!(words, emoji.smileys),
        Group::PeopleAndBody => td_string!(words, emoji.people),
        Group::AnimalsAndNature => td_string!(words, emoji.nature),
        Group::FoodAndDrink => td_string!(words, emoji.food),
        Group::TravelAndPlaces => td_string!(words, emoji.places),
        Group::Activities => td_string!(words, emoji.activities),
        Group::Objects => td_string!(words, emoji.objects),
        Group::Symbols => td_string!(words, emoji.symbols),
        Group::Flags => td_string!(words, emoji.flags),
    }
}

#[cfg(test)]
mod tests {
    use super::emoji_html;
    use app::ui::preferences::Language;

    #[test]
    fn every_group_is_named_and_has_its_emoji() {
        for (language, first) in [(Language::English, "Smileys"), (Language::Chinese, "表情")] {
            let html = emoji_html(language);
            assert!(html.starts_with(&format!("<h2>{first}</h2>")), "{}", &html[..80]);
            assert_eq!(html.matches("<h2>").count(), 9);
            assert!(html.matches("<button").count() > 1_500);
            assert!(html.contains("data-do=\"\" title=\"thumbs up +1 thumbsup\">👍</button>"));
        }
    }
}
