//! Moments as people type them at the command line.

use app::protocol::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant};

/// A text that names no moment.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is no time; write 2026-12-24T18:00Z, 2026-12-24 18:00 (by this machine's clock), or 2h or 3d from now"
)]
pub struct NoMoment(String);

/// The moment that a text names: a time with an offset, one without by the clock of this machine, or so long after `now`.
///
/// # Errors
/// Where it names none.
pub fn moment(text: &str, now: Timestamp) -> Result<Timestamp, NoMoment> {
    read(text.trim(), now).ok_or_else(|| NoMoment(text.to_owned()))
}

fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Instant>() {
        return Some(instant.as_millisecond());
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return Some(civil.to_zoned(TimeZone::system()).ok()?.timestamp().as_millisecond());
    }
    let span: Span = text.parse().ok()?;
    // A day is 24 hours here, whatever clocks do meanwhile.
    let later =
        Instant::from_millisecond(now).ok()?.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(later.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::moment;

    /// 2026-12-01T00:00:00Z
    const NOW: i64 = 1_796_083_200_000;
    const HOUR: i64 = 3_600_000;

    #[test]
    fn moments_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2026-12-01T02:00Z", NOW + 2 * HOUR),
            ("2026-12-01T02:00+01:00", NOW + HOUR),
            ("2026-12-01 02:00:00Z", NOW + 2 * HOUR),
            ("2h", NOW + 2 * HOUR),
            ("90m", NOW + HOUR * 3 / 2),
            ("3d", NOW + 72 * HOUR),
            (" 1d 1h ", NOW + 25 * HOUR),
        ] {
            assert_eq!(moment(text, NOW).ok(), Some(expected), "{text}");
        }
        // By the clock of whatever machine this is.
        let local = moment("2026-12-01 02:00", NOW).expect("a time");
        assert!((local - NOW).abs() <= 16 * HOUR, "{local}");
        for text in ["", "soon", "25:00", "2026-13-01 10:00", "1", "99999y"] {
            assert!(moment(text, NOW).is_err(), "{text}");
        }
    }
}
