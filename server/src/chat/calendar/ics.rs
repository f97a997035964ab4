//! Appointments in the form of calendars (RFC 5545): moments in UTC and no zones, so that no calendar needs to know
//! ours; lines folded at 75 octets.

use app::protocol::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::store::calendars::Event;

/// The most octets in a line.
const LINE: usize = 75;

/// A calendar with these appointments, on the server of this name.
pub(super) fn calendar(events: &[Event], server: &str) -> String {
    let mut ics = Ics::default();
    ics.line("BEGIN:VCALENDAR");
    ics.line("VERSION:2.0");
    ics.line("PRODID:-//Kith//Kith//EN");
    for event in events {
        ics.event(event, server);
    }
    ics.line("END:VCALENDAR");
    ics.0
}

/// What is written, line by line.
#[derive(Default)]
struct Ics(String);

impl Ics {
    fn event(&mut self, event: &Event, server: &str) {
        let Event { conversation_id, seq, .. } = event;
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{conversation_id}-{seq}@{server}"));
        self.line(&format!("DTSTAMP:{}", moment(event.changed_at)));
        self.line(&format!("SEQUENCE:{}", event.moves));
        if event.all_day == 0 {
            self.line(&format!("DTSTART:{}", moment(event.starts_at)));
            if let Some(ends_at) = event.ends_at {
                self.line(&format!("DTEND:{}", moment(ends_at)));
            }
        } else {
            let (first, after) = days(event);
            self.line(&format!("DTSTART;VALUE=DATE:{}", date(first)));
            self.line(&format!("DTEND;VALUE=DATE:{}", date(after)));
        }
        for (name, text) in [
            ("SUMMARY", &event.title),
            ("LOCATION", &event.place),
            ("DESCRIPTION", &event.description),
        ] {
            if !text.is_empty() {
                self.line(&format!("{name}:{}", escaped(text)));
            }
        }
        self.line(if event.recalled == 0 { "STATUS:CONFIRMED" } else { "STATUS:CANCELLED" });
        self.line("END:VEVENT");
    }

    /// One line, folded between characters.
    fn line(&mut self, line: &str) {
        let mut octets = 0;
        for character in line.chars() {
            if octets + character.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(character);
            octets += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// As a text is written: without control characters but for line breaks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A moment in UTC. What is too late for the library by some hours is told as the last that it knows.
fn moment(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn date(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// The first day of one that is about whole days, and the day after its last.
fn days(event: &Event) -> (Date, Date) {
    let zone = TimeZone::get(&event.zone).unwrap_or(TimeZone::UTC);
    let day = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
        zone.to_datetime(at).date()
    };
    let first = day(event.starts_at);
    // One that ends at midnight does not take in the day that begins there.
    let last = event.ends_at.map_or(event.starts_at, |ends_at| (ends_at - 1).max(event.starts_at));
    (first, day(last).tomorrow().unwrap_or(Date::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tea() -> Event {
        Event {
            conversation_id: 7,
            seq: 3,
            title: "Tea; with, Mei\\".into(),
            place: String::new(),
            description: "one\ntwo".into(),
            starts_at: 1_772_811_000_000,
            ends_at: None,
            all_day: 0,
            zone: "Europe/Berlin".into(),
            moves: 2,
            recalled: 0,
            changed_at: 0,
        }
    }

    #[test]
    fn an_appointment_is_written_as_calendars_read_it() {
        let lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Kith//Kith//EN",
            "BEGIN:VEVENT",
            "UID:7-3@here",
            "DTSTAMP:19700101T000000Z",
            "SEQUENCE:2",
            "DTSTART:20260306T153000Z",
            "SUMMARY:Tea\\; with\\, Mei\\\\",
            "DESCRIPTION:one\\ntwo",
            "STATUS:CONFIRMED",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(calendar(&[tea()], "here"), lines.join("\r\n"));
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let title = "茶🌿é".repeat(40);
        let text = calendar(&[Event { title: title.clone(), ..tea() }], "here");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{title}\r\n")));
    }

    #[test]
    fn whole_days_are_those_of_its_maker() {
        // From midnight in Berlin on 29 March, a day of 23 hours, to midnight two days later.
        let (first, hours) = (1_774_738_800_000, 3_600_000);
        let told = |ends_at| {
            let event = Event { all_day: 1, starts_at: first, ends_at, ..tea() };
            let text = calendar(&[event], "here");
            let lines = text.split("\r\n").filter(|line| line.contains("VALUE=DATE"));
            lines.map(|line| line.split_once(':').unwrap().1.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(told(None), ["20260329", "20260330"]);
        assert_eq!(told(Some(first + 23 * hours)), ["20260329", "20260330"]);
        assert_eq!(told(Some(first + 47 * hours)), ["20260329", "20260331"]);
        assert_eq!(told(Some(first + 48 * hours)), ["20260329", "20260401"]);
    }

    #[test]
    fn the_ends_of_time_are_told() {
        for at in [0, 253_402_300_799_999] {
            let text = calendar(
                &[
                    Event { starts_at: at, ends_at: Some(at), ..tea() },
                    Event { starts_at: at, ends_at: Some(at), all_day: 1, ..tea() },
                ],
                "here",
            );
            let year = if at == 0 { "1970" } else { "9999" };
            assert_eq!(text.matches(&format!("DTSTART:{year}")).count(), 1, "{text}");
            assert_eq!(text.matches(&format!("DTSTART;VALUE=DATE:{year}")).count(), 1, "{text}");
        }
    }
}
