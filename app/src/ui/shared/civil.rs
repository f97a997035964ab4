//! Calendar days and times of the day, in the zone of whoever looks.
//!
//! The first render must read the same on the server and in the browser. The server uses the zone
//! that the browser left in the cookie `tz` (UTC before it has one) and names it in the page; the
//! browser uses the same for its first render, and its own from then on.

use serde::{Deserialize, Serialize};

use crate::protocol::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// A moment as a calendar and a clock on the wall show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year of the Gregorian calendar.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The minute, 0 to 59.
    pub minute: u8,
}

impl Civil {
    /// Days since 1970-01-01 of the calendar.
    #[must_use]
    pub fn day_number(self) -> i64 {
        // Howard Hinnant's days_from_civil: years begin in March, eras are 400 years.
        let month = i64::from(self.month);
        let year = if month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// 0 (Monday) to 6 (Sunday).
    #[must_use]
    pub fn weekday(self) -> u8 {
        u8::try_from((self.day_number() + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// The moment in UTC.
    #[must_use]
    pub fn utc(at: Timestamp) -> Self {
        let days = at.div_euclid(DAY_MS);
        let minutes = at.rem_euclid(DAY_MS) / 60_000;
        // Howard Hinnant's civil_from_days.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let small = |value: i64| u8::try_from(value).unwrap_or(0);
        Self {
            year,
            month: small(month),
            day: small(day),
            hour: small(minutes / 60),
            minute: small(minutes % 60),
        }
    }

    /// `14:05`
    #[must_use]
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `2026-03-03`, as fields for a day have it.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The moment in the form that `<time datetime>` wants.
#[must_use]
pub fn machine_readable(at: Timestamp) -> String {
    let Civil { year, month, day, hour, minute } = Civil::utc(at);
    let second = at.rem_euclid(60_000) / 1_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Where the reader's clock hangs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Zone {
    /// Coordinated universal time: nobody knows better yet.
    #[default]
    Utc,
    /// A zone of the IANA database, such as `Europe/Berlin`.
    Named(String),
    /// Where this browser is.
    Here,
}

impl Zone {
    /// The moment as clocks in this zone show it.
    #[must_use]
    pub fn civil(&self, at: Timestamp) -> Civil {
        match self {
            Self::Utc => Civil::utc(at),
            #[cfg(feature = "ssr")]
            Self::Named(name) => on_server::civil(name, at),
            #[cfg(feature = "ssr")]
            Self::Here => Civil::utc(at),
            #[cfg(not(feature = "ssr"))]
            Self::Named(name) => in_browser::civil_in(name, at),
            #[cfg(not(feature = "ssr"))]
            Self::Here => in_browser::civil_here(at),
        }
    }
}

#[cfg(feature = "ssr")]
mod on_server {
    use jiff::Timestamp;
    use jiff::civil::{Date, Time};
    use jiff::tz::TimeZone;

    use super::{Civil, Zone};

    impl Zone {
        /// The zone that a browser named, if it exists.
        #[must_use]
        pub fn from_cookie(name: &str) -> Self {
            match TimeZone::get(name) {
                Ok(_) => Self::Named(name.to_owned()),
                Err(_) => Self::Utc,
            }
        }

        /// The moment of a day such as `2026-03-03` and a time such as `14:05` in this zone, or where clocks skip that
        /// time, as much later; absent where they name none.
        #[must_use]
        pub fn moment_of(&self, day: &str, time: &str) -> Option<i64> {
            let day = Date::strptime("%Y-%m-%d", day).ok()?;
            // Some browsers send seconds.
            let time =
                Time::strptime("%H:%M", time).or_else(|_| Time::strptime("%H:%M:%S", time)).ok()?;
            Some(
                day.to_datetime(time)
                    .to_zoned(self.on_server()?)
                    .ok()?
                    .timestamp()
                    .as_millisecond(),
            )
        }

        fn on_server(&self) -> Option<TimeZone> {
            match self {
                Self::Named(name) => TimeZone::get(name).ok(),
                Self::Utc | Self::Here => Some(TimeZone::UTC),
            }
        }

        /// What the zone is called.
        #[must_use]
        pub fn name(&self) -> &str {
            match self {
                Self::Named(name) => name,
                Self::Utc | Self::Here => "UTC",
            }
        }

        /// When a day such as `2026-03-03` begins in this zone; absent where that names no day.
        #[must_use]
        pub fn beginning_of(&self, day: &str) -> Option<i64> {
            let zone = self.on_server()?;
            let day = Date::strptime("%Y-%m-%d", day).ok()?;
            // Where clocks skip midnight, the day begins after what they skip.
            Some(day.to_zoned(zone).ok()?.timestamp().as_millisecond())
        }
    }

    pub(super) fn civil(name: &str, at: i64) -> Civil {
        // TimeZone::get remembers the zones that it has read.
        let (Ok(zone), Ok(moment)) = (TimeZone::get(name), Timestamp::from_millisecond(at)) else {
            return Civil::utc(at);
        };
        let offset = zone.to_offset(moment);
        Civil::utc(at + i64::from(offset.seconds()) * 1_000)
    }
}

#[cfg(not(feature = "ssr"))]
mod in_browser {
    use js_sys::{Date, Intl, Object, Reflect};
    use wasm_bindgen::JsValue;

    use super::{Civil, Zone};

    #[expect(clippy::cast_precision_loss, reason = "timestamps have 53 bits at most")]
    fn date(at: i64) -> Date {
        Date::new(&JsValue::from_f64(at as f64))
    }

    fn small(value: u32) -> u8 {
        u8::try_from(value).unwrap_or(0)
    }

    pub(super) fn civil_here(at: i64) -> Civil {
        let date = date(at);
        Civil {
            year: i64::from(date.get_full_year()),
            month: small(date.get_month() + 1),
            day: small(date.get_date()),
            hour: small(date.get_hours()),
            minute: small(date.get_minutes()),
        }
    }

    /// Only for the first render, when the server used another zone than the browser's own.
    pub(super) fn civil_in(name: &str, at: i64) -> Civil {
        let options = Object::new();
        let set = Reflect::set(&options, &"timeZone".into(), &name.into());
        // Sweden writes 2026-11-20 19:08:00, which is easily read.
        let text = date(at).to_locale_string("sv-SE", &options).as_string();
        match (set, text.as_deref().and_then(read)) {
            (Ok(_), Some(civil)) => civil,
            _ => Civil::utc(at),
        }
    }

    fn read(text: &str) -> Option<Civil> {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u16>);
        let mut next = || numbers.next()?.ok();
        let year = i64::from(next()?);
        let mut small = || u8::try_from(next()?).ok();
        Some(Civil { year, month: small()?, day: small()?, hour: small()?, minute: small()? })
    }

    impl Zone {
        /// The name of this browser's zone, for the cookie.
        #[must_use]
        pub fn name_here() -> Option<String> {
            let options = Intl::DateTimeFormat::default().resolved_options();
            Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Civil, DAY_MS, machine_readable};

    #[test]
    fn days_and_their_numbers_agree() {
        for day in (-150_000..150_000).step_by(13) {
            let civil = Civil::utc(day * DAY_MS + 60_000 * 61);
            assert_eq!(civil.day_number(), day);
            assert_eq!((civil.hour, civil.minute), (1, 1));
        }
    }

    #[test]
    fn known_moments() {
        assert_eq!(machine_readable(951_782_399_000), "2000-02-28T23:59:59Z");
        assert_eq!(machine_readable(951_868_799_000), "2000-02-29T23:59:59Z");
        assert_eq!(Civil::utc(0).weekday(), 3);
        assert_eq!(Civil::utc(1_795_000_000_000).clock(), "11:06");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn zones_carry_their_summer_time() {
        use super::Zone;
        let berlin = Zone::from_cookie("Europe/Berlin");
        assert_eq!(berlin.civil(1_751_371_200_000).clock(), "14:00");
        assert_eq!(berlin.civil(1_767_268_800_000).clock(), "13:00");
        assert_eq!(Zone::from_cookie("../etc/passwd"), Zone::Utc);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn times_are_those_of_the_zone() {
        use super::Zone;
        let berlin = Zone::from_cookie("Europe/Berlin");
        let told =
            |day, time| berlin.moment_of(day, time).map(machine_readable).unwrap_or_default();
        assert_eq!(told("2026-03-03", "09:00"), "2026-03-03T08:00:00Z");
        assert_eq!(told("2026-07-03", "09:00:30"), "2026-07-03T07:00:30Z");
        // From 02:00 to 03:00 there is no time on that day.
        assert_eq!(told("2026-03-29", "02:30"), "2026-03-29T01:30:00Z");
        // And here it comes twice: the first one.
        assert_eq!(told("2026-10-25", "02:30"), "2026-10-25T00:30:00Z");
        for (day, time) in
            [("", ""), ("2026-02-30", "10:00"), ("2026-03-03", "25:00"), ("2026-03-03", "x")]
        {
            assert_eq!(berlin.moment_of(day, time), None, "{day} {time}");
        }
        assert_eq!(berlin.civil(1_767_268_800_000).date(), "2026-01-01");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn days_begin_where_the_reader_is() {
        use super::Zone;
        let begins = |zone: &str, day| Zone::from_cookie(zone).beginning_of(day);
        let told = |zone: &str, day| begins(zone, day).map(machine_readable).unwrap_or_default();
        assert_eq!(told("UTC", "2026-03-03"), "2026-03-03T00:00:00Z");
        assert_eq!(told("Asia/Shanghai", "2026-03-03"), "2026-03-02T16:00:00Z");
        assert_eq!(told("America/New_York", "2026-07-01"), "2026-07-01T04:00:00Z");
        // Cairo's clocks went from 23:59 to 01:00.
        assert_eq!(told("Africa/Cairo", "2024-04-26"), "2024-04-25T22:00:00Z");
        for no_day in ["", "today", "2026-02-30", "2026-3", "2026-03-03T10:00", "99999-01-01"] {
            assert_eq!(begins("Europe/Berlin", no_day), None, "{no_day}");
        }
    }
}
