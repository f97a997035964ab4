//! Times in words: `14:05`, `Yesterday`, `Mon`, `3 Mar`; and the clock that they are told by.

use leptos::prelude::*;

use super::civil::{Civil, Zone};
use crate::protocol::Timestamp;
use crate::ui::words::{List, Words, keys, td_string};

/// The reader's clock: what day it is, and in which zone. Lies in the context.
#[derive(Clone, Copy)]
pub struct Clock {
    face: RwSignal<(Zone, Timestamp)>,
    /// The present, for what is told in minutes.
    present: RwSignal<Timestamp>,
    words: Words,
}

impl Clock {
    /// A clock that shows this moment in this zone.
    #[must_use]
    pub fn new(now: Timestamp, zone: Zone, words: Words) -> Self {
        Self { face: RwSignal::new((zone, now)), present: RwSignal::new(now), words }
    }

    /// The clock of this page.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Time has passed, less than a day.
    pub fn pass(self, now: Timestamp) {
        self.present.set(now);
    }

    /// From now on it shows this.
    pub fn set(self, now: Timestamp, zone: Zone) {
        self.face.set((zone, now));
        self.present.set(now);
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
        self.face.get().0.civil(at).day_number()
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
            2..=6 => self.words.nth(keys::time::weekdays_short, then.weekday()).to_owned(),
            _ => self.date(then, today, keys::time::months_short),
        }
    }

    /// When someone was last seen: `last seen 5 min ago`, `last seen yesterday at 14:05`.
    #[must_use]
    pub fn seen(self, at: Timestamp) -> String {
        let (then, today) = self.civil(at);
        let words = self.words;
        match (today.day_number() - then.day_number(), (self.present.get() - at) / 60_000) {
            (_, i64::MIN..=0) => td_string!(words, presence.seen_now).to_owned(),
            (_, count @ 1..60) => td_string!(words, presence.seen_minutes, count = count),
            (..=0, _) => td_string!(words, presence.seen_today, time = then.clock()),
            (1, _) => td_string!(words, presence.seen_yesterday, time = then.clock()),
            _ => td_string!(words, presence.seen_day, day = self.short(at)),
        }
    }

    /// On a day divider: `Today`, `Yesterday`, `Monday, 3 March`.
    #[must_use]
    pub fn long(self, at: Timestamp) -> String {
        let (then, today) = self.civil(at);
        match today.day_number() - then.day_number() {
            i64::MIN..=0 => td_string!(self.words, time.today).to_owned(),
            1 => td_string!(self.words, time.yesterday).to_owned(),
            _ => self.weekday_and_date(then, today),
        }
    }

    fn weekday_and_date(self, then: Civil, today: Civil) -> String {
        let date = self.date(then, today, keys::time::months);
        let weekday = self.words.nth(keys::time::weekdays, then.weekday());
        td_string!(self.words, time.weekday_day, weekday = weekday, date = date)
    }

    /// The day as on a divider, and the time: `Yesterday, 14:05`.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn moment(self, at: Timestamp) -> String {
        td_string!(self.words, profile.moment, day = self.long(at), time = self.time(at))
    }

    /// The same of a moment that lies ahead: `Tomorrow, 14:05`, `Monday, 3 March, 14:05`.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn coming(self, at: Timestamp) -> String {
        let (then, today) = self.civil(at);
        let words = self.words;
        let day = match then.day_number() - today.day_number() {
            i64::MIN..=0 => self.long(at),
            1 => td_string!(words, reminders.tomorrow_day).to_owned(),
            _ => self.weekday_and_date(then, today),
        };
        td_string!(words, profile.moment, day = day, time = then.clock())
    }

    /// The name of the month, and the year.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn month_and_year(self, at: Timestamp) -> (&'static str, i64) {
        let (then, _) = self.civil(at);
        (self.words.nth(keys::time::months, then.month.saturating_sub(1)), then.year)
    }

    fn date(self, then: Civil, today: Civil, months: List) -> String {
        let (day, year) = (then.day, then.year);
        let month = self.words.nth(months, then.month.saturating_sub(1));
        if year == today.year {
            td_string!(self.words, time.day_month, day = day, month = month)
        } else {
            td_string!(self.words, time.day_month_year, day = day, month = month, year = year)
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::Owner;

    use super::Clock;
    use crate::ui::preferences::Language;
    use crate::ui::shared::civil::Zone;
    use crate::ui::words::{Words, counted};

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// Friday, 6 March 2026, 15:30 UTC.
    const NOW: i64 = 1_772_811_000_000;

    /// What both languages say of this many milliseconds before now.
    fn told(ago: i64, tell: impl Fn(Clock, i64) -> String) -> [String; 2] {
        let owner = Owner::new_root(None);
        Language::ALL.map(|language| {
            owner.with(|| tell(Clock::new(NOW, Zone::Utc, Words::of(language)), NOW - ago))
        })
    }

    #[test]
    fn rows_tell_the_time_then_the_day_in_both_languages() {
        for (ago, english, chinese) in [
            (-HOUR, "16:30", "16:30"),
            (0, "15:30", "15:30"),
            (DAY, "Yesterday", "昨天"),
            (2 * DAY, "Wed", "周三"),
            (5 * DAY, "Sun", "周日"),
            (6 * DAY, "Sat", "周六"),
            (7 * DAY, "27 Feb", "2月27日"),
            (64 * DAY, "1 Jan", "1月1日"),
            (65 * DAY, "31 Dec 2025", "2025年12月31日"),
        ] {
            assert_eq!(told(ago, Clock::short), [english, chinese], "{ago}");
        }
    }

    #[test]
    fn dividers_tell_the_day_in_both_languages() {
        for (ago, english, chinese) in [
            (15 * HOUR, "Today", "今天"),
            (16 * HOUR, "Yesterday", "昨天"),
            (3 * DAY, "Tuesday, 3 March", "3月3日 星期二"),
            (430 * DAY, "Tuesday, 31 December 2024", "2024年12月31日 星期二"),
        ] {
            assert_eq!(told(ago, Clock::long), [english, chinese], "{ago}");
        }
        assert_eq!(told(DAY, Clock::moment), ["Yesterday, 15:30", "昨天 15:30"]);
    }

    #[test]
    fn counts_take_the_form_of_their_language() {
        let left = |count| {
            Language::ALL.map(|language| counted!(Words::of(language), count, composer.left))
        };
        assert_eq!(left(1), ["1 character left", "还可以输入 1 个字符"]);
        assert_eq!(left(0), ["0 characters left", "还可以输入 0 个字符"]);
        assert_eq!(left(12), ["12 characters left", "还可以输入 12 个字符"]);
    }
}
