//! Mentions in a text: `@username`, and `@all`. They are read from the spans that are shown, so that code and
//! addresses mention nobody.

use super::formatting::{Kind, spans};
use super::names::Mention;

/// The mentions in a text, in its order.
pub fn mentions(text: &str) -> impl Iterator<Item = Mention<'_>> {
    let named = spans(text).into_iter().filter(|span| span.kind == Kind::Mention);
    named.map(|span| Mention::of_span(span.text))
}

#[cfg(test)]
mod tests {
    use super::mentions;
    use crate::protocol::text::names::{Mention, begins_mention};

    fn people(text: &str) -> Vec<Vec<&str>> {
        let people = mentions(text).filter(|mention| !mention.is_everyone());
        people.map(|mention| mention.readings().collect()).collect()
    }

    #[test]
    fn names_stand_alone() {
        assert_eq!(people("@mei, (@tom) and @omar!"), [["mei"], ["tom"], ["omar"]]);
        assert_eq!(people("mail mei@example.org or x.@tom or @@tom"), Vec::<Vec<&str>>::new());
        assert_eq!(people("@ab @ @-- @a b"), Vec::<Vec<&str>>::new(), "nobody is called so");
        assert_eq!(people("\n@mei\n@tom"), [["mei"], ["tom"]]);
        assert_eq!(people(&format!("@{}", "a".repeat(33))), Vec::<Vec<&str>>::new());
        assert_eq!(people("@Mei"), [["Mei"]]);
    }

    #[test]
    fn a_letter_of_a_script_without_blanks_ends_no_name() {
        assert_eq!(people("你好@bob再见@tom，ね@mei"), [["bob"], ["tom"], ["mei"]]);
        assert_eq!(people("안녕@bob님"), [["bob"]]);
        assert_eq!(people("привет@bob é@tom"), Vec::<Vec<&str>>::new());
        assert!(begins_mention(None) && begins_mention(Some('好')) && begins_mention(Some('(')));
        assert!(
            !begins_mention(Some('é')) && !begins_mention(Some('7')) && !begins_mention(Some('_'))
        );
    }

    #[test]
    fn code_and_addresses_name_nobody() {
        for text in ["`@bob`", "```\n@all\n```", "https://medium.example/@bob/x"] {
            assert_eq!(mentions(text).count(), 0, "{text}");
        }
        assert_eq!(people("`x` @bob ```y``` `@tom"), [["bob"], ["tom"]]);
    }

    #[test]
    fn a_full_stop_may_be_the_names_or_the_sentences() {
        assert_eq!(people("Ask @mei.lin."), [vec!["mei.lin.", "mei.lin"]]);
        assert_eq!(people("@bob_ and @bob-"), [vec!["bob_", "bob"], vec!["bob-", "bob"]]);
        assert_eq!(people("_@bob_"), [vec!["bob"]]);
        assert_eq!(people("@mei..."), [vec!["mei...", "mei..", "mei.", "mei"]]);
        assert_eq!(
            people("@mei........."),
            [vec!["mei.........", "mei........", "mei.......", "mei......", "mei"]]
        );
    }

    #[test]
    fn all_is_everyone() {
        let everyone = |text| mentions(text).any(Mention::is_everyone);
        for text in ["hear, hear @all!", "@all.", "@All", "@ALL", "大家@all看", "_@all_"] {
            assert!(everyone(text), "{text}");
        }
        assert!(!everyone("@allan") && !everyone("at@all"));
    }
}
