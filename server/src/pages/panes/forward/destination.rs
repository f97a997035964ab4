//! Where a message can be forwarded to: the viewer's chats, Notes, and people who were found.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use app::protocol::{Conversation, ConversationKind, Target, User, UserId};
use app::state::{matches, wanted};
use app::ui::shared::AvatarLabel;
use app::ui::shared::naming::avatar_label;
use app::ui::words::{Words, counted, td_string};

use super::Forward;

/// Where to, as a value of the form: `c:7` is a conversation, `u:9` a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination(pub Target);

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Target::Conversation(id) => write!(f, "c:{id}"),
            Target::User(id) => write!(f, "u:{id}"),
        }
    }
}

/// A text that names no destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a conversation nor a person")]
pub struct NoDestination;

impl FromStr for Destination {
    type Err = NoDestination;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let target = match text.split_once(':') {
            Some(("c", id)) => id.parse().ok().map(Target::Conversation),
            Some(("u", id)) => id.parse().ok().map(Target::User),
            _ => None,
        };
        target.map(Self).ok_or(NoDestination)
    }
}

/// A line of the list.
pub(super) struct Entry {
    pub to: Destination,
    pub avatar: AvatarLabel,
    /// What tells it from others of its name.
    pub note: String,
}

/// What the page offers: the chats that fit what was searched for, Notes among them even before
/// anything was noted, then whoever else was found.
pub(super) fn entries(page: Forward, words: Words) -> Vec<Entry> {
    let Forward { me, query, chats, people, .. } = page;
    let wanted = wanted(&query);
    // Of a person the note is the username.
    let fits = |entry: &Entry| {
        let username = entry.note.strip_prefix('@');
        let mut names = username.into_iter().chain([&*entry.avatar.name]);
        names.any(|name| matches(name, &wanted).is_some())
    };
    let peer = |chat: &Conversation| match chat.kind {
        ConversationKind::Private => Some(chat.peer.as_ref().map_or(me, |peer| peer.id)),
        ConversationKind::Group => None,
    };
    let gone = |chat: &Conversation| chat.peer.as_ref().is_some_and(User::is_deleted);
    let mut listed = HashSet::new();
    let mut entries = Vec::new();
    for chat in chats.into_iter().filter(|chat| !gone(chat)) {
        let entry = of_chat(&chat, words);
        if fits(&entry) {
            listed.extend(peer(&chat));
            entries.push(entry);
        }
    }
    let notes = of_notes(me, words);
    if fits(&notes) && listed.insert(me) {
        entries.push(notes);
    }
    let people = people.into_iter().filter(|person| !person.is_deleted());
    for person in people {
        if listed.insert(person.id) {
            let own = person.id == me;
            entries.push(if own { of_notes(me, words) } else { of_person(&person) });
        }
    }
    entries
}

fn of_chat(chat: &Conversation, words: Words) -> Entry {
    let note = match (chat.kind, &chat.peer) {
        (ConversationKind::Group, _) => {
            let count = usize::try_from(chat.member_count).unwrap_or(usize::MAX);
            counted!(words, count, groups.count)
        }
        (_, Some(peer)) => format!("@{}", peer.username),
        (_, None) => td_string!(words, found.you).to_owned(),
    };
    let to = Destination(Target::Conversation(chat.id));
    Entry { to, avatar: avatar_label(chat, words), note }
}

fn of_notes(me: UserId, words: Words) -> Entry {
    let avatar =
        AvatarLabel { name: td_string!(words, chats.notes).to_owned(), id: me.get(), url: None };
    let note = td_string!(words, found.you).to_owned();
    Entry { to: Destination(Target::User(me)), avatar, note }
}

fn of_person(person: &User) -> Entry {
    let avatar = AvatarLabel::of(person, person.nickname.clone());
    let note = format!("@{}", person.username);
    Entry { to: Destination(Target::User(person.id)), avatar, note }
}

#[cfg(test)]
mod tests {
    use super::Destination;
    use app::protocol::{ConversationId, Target, UserId};

    #[test]
    fn destinations_are_read_as_they_are_written() {
        for target in [Target::Conversation(ConversationId::new(7)), Target::User(UserId::new(9))] {
            let written = Destination(target).to_string();
            assert_eq!(written.parse(), Ok(Destination(target)));
        }
        for bad in ["", "7", "c:", "c:0", "x:7", "c:7:8", "u:me"] {
            assert!(bad.parse::<Destination>().is_err(), "{bad}");
        }
    }
}
