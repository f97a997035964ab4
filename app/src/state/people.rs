//! Who is there and who is typing, believed for as long as it may be true; and what others are told
//! of the user here.

use crate::protocol::{
    Command, Conversation, ConversationId, Presence, PresenceStatus, Timestamp, UserId,
};

use super::connection::Connection;
use super::output::Output;

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
    /// Whether someone is there, where that may be known.
    pub fn presence(&self, person: UserId) -> Option<Presence> {
        let known = self.known.iter().find(|known| known.person == person);
        known.map(|known| known.presence)
    }

    /// Who is typing in a conversation, in the order in which they began.
    pub fn typists(&self, id: ConversationId) -> impl Iterator<Item = UserId> {
        self.typing.iter().filter(move |(at, ..)| *at == id).map(|(_, person, _)| *person)
    }

    /// Whether others are told that the user is away.
    pub const fn is_away(&self) -> bool {
        self.away
    }

    /// The user begins to use the page, whose rows tell of people.
    pub fn start<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a Conversation>,
        now: Timestamp,
        out: &mut Output,
    ) {
        self.used = now;
        for row in rows {
            self.take_row(row, out);
        }
    }

    /// The user did something: moved, pressed, came back.
    pub fn used(&mut self, now: Timestamp, connection: &Connection, out: &mut Output) {
        self.used = now;
        if std::mem::take(&mut self.away) {
            tell(PresenceStatus::Online, connection, out);
        }
    }

    /// The user writes, or has removed what was written.
    pub fn write(
        &mut self,
        id: ConversationId,
        active: bool,
        now: Timestamp,
        connection: &Connection,
        out: &mut Output,
    ) {
        let told = self.told.filter(|(at, ..)| *at == id);
        let fits = match told {
            Some((_, was, at)) => now - at >= TYPING_INTERVAL_MS && (active || was),
            None => active,
        };
        if fits && connection.is_ready() {
            self.told = Some((id, active, now));
            connection.send(None, Command::Typing { conversation_id: id, active }, out);
        }
    }

    /// The server tells whether someone is there.
    pub fn take_presence(&mut self, person: UserId, presence: Presence, out: &mut Output) {
        self.known.retain(|known| known.person != person);
        self.known.push(Known { person, presence, confirmed: true });
        out.people_changed();
    }

    /// A row tells of its person, too; but who was told to be there is there until told otherwise.
    pub fn take_row(&mut self, row: &Conversation, out: &mut Output) {
        let Some(peer) = &row.peer else { return };
        let there = |known: Presence| known.status != PresenceStatus::Offline;
        if let Some(presence) = peer.presence
            && !self.presence(peer.id).is_some_and(there)
        {
            self.take_presence(peer.id, presence, out);
        }
    }

    /// Someone other than the user types, or does so no more.
    pub fn take_typing(
        &mut self,
        id: ConversationId,
        person: UserId,
        active: bool,
        now: Timestamp,
        out: &mut Output,
    ) {
        let known = self.typing.iter().position(|(at, who, _)| (*at, *who) == (id, person));
        match (known, active) {
            // Who types on keeps their place.
            (Some(known), true) => self.typing[known].2 = now + TYPING_TIMEOUT_MS,
            (Some(known), false) => drop(self.typing.remove(known)),
            (None, true) => self.typing.push((id, person, now + TYPING_TIMEOUT_MS)),
            (None, false) => return,
        }
        out.people_changed();
    }

    /// The server tells of all who are there after `ready`; and it takes the user for there.
    pub fn reconnected(&mut self, now: Timestamp, connection: &Connection, out: &mut Output) {
        for known in &mut self.known {
            known.confirmed = known.presence.status == PresenceStatus::Offline;
        }
        self.confirm_by = Some(now + CONFIRM_TIMEOUT_MS);
        self.typing.clear();
        self.told = None;
        out.people_changed();
        if self.away {
            tell(PresenceStatus::Away, connection, out);
        }
    }

    /// Time has passed: what was believed for a while is so no more.
    pub fn tick(&mut self, now: Timestamp, connection: &Connection, out: &mut Output) {
        let before = self.typing.len();
        self.typing.retain(|(.., until)| *until > now);
        if self.typing.len() < before {
            out.people_changed();
        }
        if self.confirm_by.is_some_and(|at| at <= now) {
            self.confirm_by = None;
            for known in self.known.iter_mut().filter(|known| !known.confirmed) {
                known.presence.status = PresenceStatus::Offline;
                out.people_changed();
            }
        }
        if !self.away && self.used + IDLE_TIMEOUT_MS <= now {
            self.away = true;
            tell(PresenceStatus::Away, connection, out);
        }
    }

    /// When [`tick`](Self::tick) has something to do.
    pub fn deadline(&self) -> Option<Timestamp> {
        let idle = (!self.away).then_some(self.used + IDLE_TIMEOUT_MS);
        self.typing.iter().map(|(.., until)| *until).chain(self.confirm_by).chain(idle).min()
    }
}

/// Others are told how the user is there.
fn tell(status: PresenceStatus, connection: &Connection, out: &mut Output) {
    connection.send(None, Command::Presence { status }, out);
}
