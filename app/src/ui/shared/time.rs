//! Times in words: `14:05`, `Yesterday`, `Mon`, `3 Mar`; and the clock that they are told by.

use leptos::prelude::*;

use super::civil::{Civil, Zone};
use crate::protocol::Timestamp;
use crate::ui::words::{Words, td_string};

/// The reader's clock: what day it is, and in which zone. Lies in the context.
#[derive(Clone, Copy)]
pub struct Clock {
    face: RwSignal<(Zone, Timestamp)>,
    words: Words,
}

impl Clock {
    /// A clock that shows this moment in this zone.
    #[must_use]
    pub fn new(now: Timestamp, zone: Zone, words: Words) -> Self {
        Self { face: RwSignal::new((zone, now)), words }
    }

    /// The clock of this page.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }

    /// From now on it shows this.
    pub fn set(self, now: Timestamp, zone: Zone) {
        self.face.set((zone, now));
    }

    /// The moment and the present, as this clock shows them.
    fn civil(self, at: Timestamp) -> (Civil, Civil) {
        let (zone, now) = self.face.get();
        (zone.civil(at), zone.civil(now))
    }

    /// Whether another day has begun by `now`.
    #[must_use]
    pub fn is_yesterdays(self, now: Timestamp) -> bool {
        let (zone, shown) = self.face.get_untracked();
        zone.civil(now).day_number() != zone.civil(shown).day_number()
    }

    /// Days since 1970 on the reader's calendar.
    #[must_use]
    pub fn day(self, at: Timestamp) -> i64 {
        self.civil(at).0.day_number()
    }

    /// `14:05`
    #[must_use]
    pub fn time(self, at: Timestamp) -> String {
        self.civil(at).0.clock()
    }

    /// In a row of the chat list: the time today, then the day.
    #[must_use]
    pub fn short(self, at: Timestamp) -> String {
        let (then, today) = self.civil(at);
        match today.day_number() - then.day_number() {
            // What the server stamped a moment ahead of this clock is of today as well.
            i64::MIN..=0 => then.clock(),
            1 => td_string!(self.words, time.yesterday).to_owned(),
            2..=6 => weekday_short(self.words, then.weekday()).to_owned(),
            _ => self.date(then, today, month_short(self.words, then.month)),
        }
    }

    /// On a day divider: `Today`, `Yesterday`, `Monday, 3 March`.
    #[must_use]
    pub fn long(self, at: Timestamp) -> String {
        let (then, today) = self.civil(at);
        match today.day_number() - then.day_number() {
            i64::MIN..=0 => td_string!(self.words, time.today).to_owned(),
            1 => td_string!(self.words, time.yesterday).to_owned(),
            _ => {
                let date = self.date(then, today, month(self.words, then.month));
                let weekday = weekday(self.words, then.weekday());
                td_string!(self.words, time.weekday_day, weekday = weekday, date = date)
            }
        }
    }

    fn date(self, then: Civil, today: Civil, month: &'static str) -> String {
        let (day, year) = (then.day, then.year);
        if year == today.year {
            td_string!(self.words, time.day_month, day = day, month = month)
        } else {
            td_string!(self.words, time.day_month_year, day = day, month = month, year = year)
        }
    }
}

macro_rules! names {
    ($name:ident, $table:ident, $first:literal: $($entry:ident)*; $last:ident) => {
        fn $name(words: Words, index: u8) -> &'static str {
            let mut at = $first;
            $(if index == at {
                return td_string!(words, time.$table.$entry);
            }
            at += 1;)*
            let _ = at;
            td_string!(words, time.$table.$last)
        }
    };
}

names!(weekday, weekdays, 0: mon tue wed thu fri sat; sun);
names!(weekday_short, weekdays_short, 0: mon tue wed thu fri sat; sun);
names!(month, months, 1: jan feb mar apr may jun jul aug sep oct nov; dec);
names!(month_short, months_short, 1: jan feb mar apr may jun jul aug sep oct nov; dec);
