//! Whom a text names: `@username`, and `@all`.

use std::collections::HashMap;

use app::protocol::{MessageText, UserId, limits};

use super::Chat;
use crate::error::Error;
use crate::store::mentions::Mentions;

/// Names a text holds, each with what else it may be: a full stop at the end may be the name's or
/// the sentence's.
#[derive(Debug, Default, PartialEq, Eq)]
struct Names<'a> {
    everyone: bool,
    people: Vec<Vec<&'a str>>,
}

impl Chat {
    /// Whom a text may name. Asks the database only about texts with names in them.
    pub(super) async fn mentioned(&self, text: &MessageText) -> Result<Mentions, Error> {
        let folded = text.as_str().to_ascii_lowercase();
        let names = names(&folded);
        let asked: Vec<_> = names.people.iter().flatten().map(|name| (*name).to_owned()).collect();
        let known: HashMap<String, UserId> =
            self.store.users_named(&asked).await?.into_iter().collect();
        let whose =
            |name: Vec<&str>| name.iter().filter_map(|name| known.get(*name)).copied().collect();
        let people = names.people.into_iter().map(whose).collect();
        Ok(Mentions { everyone: names.everyone, people })
    }
}

fn names(text: &str) -> Names<'_> {
    let mut found = Names::default();
    for (at, _) in text.match_indices('@') {
        // An address of e-mail names nobody.
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || is_of_name(c) || c == '@') {
            continue;
        }
        let rest = &text[at + 1..];
        let name = &rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())];
        if name.trim_end_matches(['.', '-', '_']) == "all" {
            found.everyone = true;
            continue;
        }
        let readings = readings(name);
        if !readings.is_empty() && !found.people.contains(&readings) {
            found.people.push(readings);
        }
        if found.people.len() == limits::MENTIONS {
            break;
        }
    }
    found
}

/// What a name may be, the longest first: all of it, or without what ends a sentence.
fn readings(name: &str) -> Vec<&str> {
    let fits = |name: &&str| (limits::USERNAME_MIN..=limits::USERNAME_MAX).contains(&name.len());
    let bare = name.trim_end_matches(['.', '-', '_']);
    // More than a few such characters are no name's.
    let ends = (bare.len()..=name.len()).rev().take(4).chain([bare.len()]);
    let mut readings: Vec<_> = ends.map(|end| &name[..end]).filter(fits).collect();
    readings.dedup();
    readings
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::names;

    fn people(text: &str) -> Vec<Vec<&str>> {
        names(text).people
    }

    #[test]
    fn names_stand_alone() {
        assert_eq!(people("@mei, (@tom) and 你好@omar!"), [["mei"], ["tom"]]);
        assert_eq!(people("mail mei@example.org or x.@tom or @@tom"), Vec::<Vec<&str>>::new());
        assert_eq!(people("@ab @ @-- @a b"), Vec::<Vec<&str>>::new(), "nobody is called so");
        assert_eq!(people("@mei @mei @tom"), [["mei"], ["tom"]]);
        assert_eq!(people("\n@mei\n@tom"), [["mei"], ["tom"]]);
    }

    #[test]
    fn a_full_stop_may_be_the_names_or_the_sentences() {
        assert_eq!(people("Ask @mei.lin."), [vec!["mei.lin.", "mei.lin"]]);
        assert_eq!(people("@mei..."), [vec!["mei...", "mei..", "mei.", "mei"]]);
        assert_eq!(
            people("@mei........."),
            [vec!["mei.........", "mei........", "mei.......", "mei......", "mei"]]
        );
    }

    #[test]
    fn all_is_everyone() {
        assert!(names("hear, hear @all!").everyone && names("@all.").everyone);
        assert!(!names("@allan").everyone && !names("at@all").everyone);
    }

    #[test]
    fn so_many_names_and_no_more() {
        let text: Vec<_> = (0..200).map(|number| format!("@user{number}")).collect();
        let text = text.join(" ");
        assert_eq!(names(&text).people.len(), 50);
    }
}
