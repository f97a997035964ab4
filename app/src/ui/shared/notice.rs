//! What the server tells of a group, and who is typing in it, in the reader's words.

use super::{called, within};
use crate::protocol::{SystemEvent, SystemNotice, User, UserId};
use crate::ui::words::{Words, counted, td_string};

/// So many people are named; of more it is told how many they are.
const MAX_NAMED: usize = 4;

/// A system message as a sentence; the reader is told of as such.
#[must_use]
pub fn sentence(notice: &SystemNotice, me: UserId, words: Words) -> String {
    let actor = if notice.actor.id == me {
        td_string!(words, system.you).to_owned()
    } else {
        within(&called(&notice.actor, words))
    };
    let whom = names(&notice.subjects, notice.subjects_more, me, words);
    let name = within(notice.name.as_deref().unwrap_or_default());
    match notice.event {
        SystemEvent::Created => td_string!(words, system.created, actor = actor),
        SystemEvent::Renamed => td_string!(words, system.renamed, actor = actor, name = name),
        SystemEvent::Avatar => td_string!(words, system.avatar, actor = actor),
        SystemEvent::Added => td_string!(words, system.added, actor = actor, whom = whom),
        SystemEvent::Joined => td_string!(words, system.joined, actor = actor),
        SystemEvent::Left => td_string!(words, system.left, actor = actor),
        SystemEvent::Removed => td_string!(words, system.removed, actor = actor, whom = whom),
        SystemEvent::Role if name == "admin" => {
            td_string!(words, system.admin, actor = actor, whom = whom)
        }
        SystemEvent::Role => td_string!(words, system.member, actor = actor, whom = whom),
        SystemEvent::Owner => td_string!(words, system.owner, actor = actor, whom = whom),
    }
}

fn names(people: &[User], more: u32, me: UserId, words: Words) -> String {
    let count = people.len() + more as usize;
    // One more is as long as to say that there is one more.
    let named = if count > MAX_NAMED + 1 { MAX_NAMED.min(people.len()) } else { people.len() };
    let (named, others) = (&people[..named], count - named);
    let mut list = String::new();
    for (index, person) in named.iter().enumerate() {
        if index > 0 {
            let ends = others == 0 && index + 1 == named.len();
            let between =
                if ends { td_string!(words, system.and) } else { td_string!(words, system.comma) };
            list.push_str(between);
        }
        let is_reader = person.id == me;
        if is_reader {
            list.push_str(td_string!(words, system.whom));
        } else {
            list.push_str(&within(&called(person, words)));
        }
    }
    if others > 0 {
        list.push_str(&counted!(words, others, system.others));
    }
    list
}

/// Who is typing; in a private conversation, and where the name is not known, only that.
#[must_use]
pub fn typing(typists: &[String], is_group: bool, words: Words) -> String {
    match typists {
        [name] if is_group && !name.is_empty() => {
            td_string!(words, presence.typing_one, name = within(name))
        }
        [first, second] if !first.is_empty() && !second.is_empty() => {
            td_string!(words, presence.typing_two, first = within(first), second = within(second))
        }
        [_, _, ..] => td_string!(words, presence.typing_many, count = typists.len()),
        _ => td_string!(words, presence.typing).to_owned(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{sentence, typing};
    use crate::protocol::{SystemEvent, SystemNotice, User, UserId};
    use crate::ui::preferences::Language;
    use crate::ui::words::Words;

    fn user(id: i64, name: &str) -> User {
        User {
            id: UserId::new(id),
            username: name.to_lowercase(),
            nickname: name.to_owned(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        }
    }

    fn told(event: SystemEvent, actor: u8, subjects: &[u8], name: Option<&str>) -> [String; 2] {
        let named = ["", "Me", "Ann", "Bob", "Cy", "Di", "Eve", "Flo"];
        let person = |id: u8| user(id.into(), named[usize::from(id)]);
        let notice = SystemNotice {
            event,
            actor: person(actor),
            subjects: subjects.iter().map(|id| person(*id)).take(5).collect(),
            subjects_more: subjects.len().saturating_sub(5).try_into().unwrap_or(u32::MAX),
            name: name.map(str::to_owned),
        };
        [Language::English, Language::Chinese]
            .map(|language| sentence(&notice, UserId::new(1), Words::of(language)))
    }

    #[test]
    fn events_are_told_to_the_reader() {
        use SystemEvent as E;
        assert_eq!(told(E::Created, 1, &[], Some("Lab"))[0], "You created the group");
        assert_eq!(told(E::Renamed, 2, &[], Some("{0}"))[0], "Ann renamed the group to “{0}”");
        assert_eq!(told(E::Added, 2, &[1], None), ["Ann added you", "Ann将你加入了群组"]);
        assert_eq!(told(E::Added, 2, &[3, 1, 4], None)[0], "Ann added Bob, you and Cy");
        let many = told(E::Added, 1, &[2, 3, 4, 5, 6, 7], None);
        assert_eq!(many[0], "You added Ann, Bob, Cy, Di and 2 others");
        assert_eq!(many[1], "你将Ann、Bob、Cy、Di等另外 2 人加入了群组");
        assert_eq!(
            told(E::Added, 1, &[2, 3, 4, 5, 6], None)[0],
            "You added Ann, Bob, Cy, Di and Eve"
        );
        assert_eq!(told(E::Role, 2, &[1], Some("admin"))[0], "Ann made you an admin");
        assert_eq!(told(E::Role, 2, &[3], Some("member"))[0], "Ann made Bob a plain member");
        assert_eq!(told(E::Removed, 2, &[3], None)[0], "Ann removed Bob");
    }

    #[test]
    fn a_name_keeps_its_direction_and_the_sentence_its() {
        let words = Words::of(Language::English);
        let named = typing(&["نور".to_owned()], true, words);
        assert_eq!(named, "\u{200E}\u{2068}نور\u{2069} is typing…");
    }

    #[test]
    fn typists_are_named_in_groups() {
        let words = Words::of(Language::English);
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(typing(&names(&["Ann"]), false, words), "typing…");
        assert_eq!(typing(&names(&[""]), true, words), "typing…");
        assert_eq!(typing(&names(&["Ann"]), true, words), "Ann is typing…");
        assert_eq!(typing(&names(&["Ann", "Bob"]), true, words), "Ann and Bob are typing…");
        assert_eq!(typing(&names(&["Ann", ""]), true, words), "2 people are typing…");
    }
}
