//! Who is there and who is typing, believed for as long as it may be true; and what others are told
//! of the user here.

use crate::protocol::{
    Command, Conversation, ConversationId, Presence, PresenceStatus, Target, Timestamp, UserId,
};

use super::{Effect, State};

/// Someone who has not been heard typing for this long does so no more.
const TYPING_TIMEOUT_MS: Timestamp = 6_000;
/// How often others are told that the user is typing, at most.
const TYPING_INTERVAL_MS: Timestamp = 3_000;
/// Who was there before a reconnection and is not told again within this time has left meanwhile.
const CONFIRM_TIMEOUT_MS: Timestamp = 3_000;
/// A user who does nothing for this long is away: five minutes.
const IDLE_TIMEOUT_MS: Timestamp = 5 * 60 * 1_000;

/// What is known of the others, and what they know of the user.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct People {
    known: Vec<Known>,
    confirm_by: Option<Timestamp>,
    /// Who types where, and until when that is believed.
    typing: Vec<(ConversationId, UserId, Timestamp)>,
    /// When the user did something here.
    used: Timestamp,
    away: bool,
    /// Where others were told that the user types, whether still, and when.
    told: Option<(ConversationId, bool, Timestamp)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Known {
    person: UserId,
    presence: Presence,
    /// It was told since the last connection.
    confirmed: bool,
}

impl People {
    pub fn deadline(&self) -> Option<Timestamp> {
        let idle = (!self.away).then_some(self.used + IDLE_TIMEOUT_MS);
        self.typing.iter().map(|(.., until)| *until).chain(self.confirm_by).chain(idle).min()
    }
}

impl State {
    /// Whether someone is there, where that may be known.
    #[must_use]
    pub fn presence(&self, person: UserId) -> Option<Presence> {
        let known = self.people.known.iter().find(|known| known.person == person);
        known.map(|known| known.presence)
    }

    /// Who is typing in a conversation now, in the order in which they began.
    pub fn typists(&self, id: ConversationId) -> impl Iterator<Item = UserId> {
        self.people.typing.iter().filter(move |(at, ..)| *at == id).map(|(_, person, _)| *person)
    }

    /// What someone is called in a conversation, if they have said something that is loaded.
    #[must_use]
    pub fn name_in(&self, id: ConversationId, person: UserId) -> Option<&str> {
        let row = self.chats.get(id)?;
        let loaded = self.timelines.get(&id).into_iter().flat_map(|t| t.messages().iter().rev());
        let said = row.last_message.iter().chain(loaded).flat_map(|message| {
            let subjects = message.notice().into_iter().flat_map(|notice| &notice.subjects);
            std::iter::once(&message.sender).chain(subjects)
        });
        let mut people = row.peer.iter().chain(said);
        people.find(|known| known.id == person).map(|known| known.nickname.as_str())
    }

    /// Whether others are told that the user is away.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        self.people.away
    }

    /// The user did something: moved, pressed, came back.
    pub fn used(&mut self, now: Timestamp) -> Vec<Effect> {
        self.people.used = now;
        if std::mem::take(&mut self.people.away) {
            self.send_frame(None, Command::Presence { status: PresenceStatus::Online });
        }
        self.finish(now)
    }

    /// The user writes, or has removed what was written.
    pub fn typing(&mut self, target: Target, active: bool, now: Timestamp) -> Vec<Effect> {
        let Target::Conversation(id) = target else { return Vec::new() };
        let told = self.people.told.filter(|(at, ..)| *at == id);
        let fits = match told {
            Some((_, was, at)) => now - at >= TYPING_INTERVAL_MS && (active || was),
            None => active,
        };
        if fits && self.connection.is_ready() {
            self.people.told = Some((id, active, now));
            self.send_frame(None, Command::Typing { conversation_id: id, active });
        }
        self.finish(now)
    }

    pub(super) fn take_presence(&mut self, person: UserId, presence: Presence) {
        self.people.known.retain(|known| known.person != person);
        self.people.known.push(Known { person, presence, confirmed: true });
        self.changes.people = true;
    }

    /// A row tells of its person, too; but who was told to be there is there until told otherwise.
    pub(super) fn take_presence_of_row(&mut self, row: &Conversation) {
        let Some(peer) = &row.peer else { return };
        let there = |known: Presence| known.status != PresenceStatus::Offline;
        if let Some(presence) = peer.presence
            && !self.presence(peer.id).is_some_and(there)
        {
            self.take_presence(peer.id, presence);
        }
    }

    pub(super) fn take_typing(
        &mut self,
        id: ConversationId,
        person: UserId,
        active: bool,
        now: Timestamp,
    ) {
        let typing = &mut self.people.typing;
        let known = typing.iter().position(|(at, who, _)| (*at, *who) == (id, person));
        match (known, active && person != self.me.id) {
            // Who types on keeps their place.
            (Some(known), true) => typing[known].2 = now + TYPING_TIMEOUT_MS,
            (Some(known), false) => drop(typing.remove(known)),
            (None, true) => typing.push((id, person, now + TYPING_TIMEOUT_MS)),
            (None, false) => return,
        }
        self.changes.people = true;
    }

    /// The server tells of all who are there after `ready`; and it takes the user for there.
    pub(super) fn begin_presence(&mut self, now: Timestamp) {
        for known in &mut self.people.known {
            known.confirmed = known.presence.status == PresenceStatus::Offline;
        }
        self.people.confirm_by = Some(now + CONFIRM_TIMEOUT_MS);
        self.people.typing.clear();
        self.people.told = None;
        self.changes.people = true;
        if self.people.away {
            self.send_frame(None, Command::Presence { status: PresenceStatus::Away });
        }
    }

    pub(super) fn begin_use(&mut self, now: Timestamp) {
        self.people.used = now;
        for row in self.chats.iter().cloned().collect::<Vec<_>>() {
            self.take_presence_of_row(&row);
        }
    }

    pub(super) fn pass_presence(&mut self, now: Timestamp) {
        let before = self.people.typing.len();
        self.people.typing.retain(|(.., until)| *until > now);
        self.changes.people |= self.people.typing.len() < before;
        if self.people.confirm_by.is_some_and(|at| at <= now) {
            self.people.confirm_by = None;
            for known in self.people.known.iter_mut().filter(|known| !known.confirmed) {
                known.presence.status = PresenceStatus::Offline;
                self.changes.people = true;
            }
        }
        if !self.people.away && self.people.used + IDLE_TIMEOUT_MS <= now {
            self.people.away = true;
            self.send_frame(None, Command::Presence { status: PresenceStatus::Away });
        }
    }
}
