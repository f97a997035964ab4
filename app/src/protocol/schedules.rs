//! Appointments: as their readers see them, as they are sent, and how they move.

use serde::{Deserialize, Deserializer, Serialize};

use super::{ApiError, Timestamp, User, limits, text};

/// An appointment, which members accept or decline.
///
/// The browser's code reads what it has to know before the server has rendered the card, and skips the rest.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(feature = "hydrate"), derive(PartialEq, Eq))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Schedule {
    /// The subject of the appointment: 1 to 200 characters.
    pub title: String,
    /// The time at which it starts.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub starts_at: Timestamp,
    /// The time at which it ends; absent: none was given.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub ends_at: Option<Timestamp>,
    /// Whether it is about whole days: those in which it starts and ends on the calendar of `zone`.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    #[serde(default)]
    pub all_day: bool,
    /// The IANA time zone in which its maker thought of it.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    #[serde(default = "utc")]
    pub zone: String,
    /// The place where it happens: 0 to 200 characters; empty where none was given.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    #[serde(default)]
    pub place: String,
    /// The milliseconds before the start at which members want to be reminded; absent: they do not. It is kept for
    /// clients: the server reminds nobody of it so far.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub remind_before_ms: Option<i64>,
    /// How many people have answered what.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    #[serde(default)]
    pub counts: AnswerCounts,
    /// The first 20 answers, the earliest first.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    #[serde(default)]
    pub answers: Vec<ScheduleAnswer>,
    /// What the reader has answered, or null; absent in frames that are the same for all their receivers.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    #[cfg_attr(
        not(feature = "hydrate"),
        serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Answer>))]
    pub mine: Option<Option<Answer>>,
    /// The conversation's `rev` when it was last moved or answered; 0: it never was.
    #[serde(default)]
    pub rev: i64,
}

/// The browser's code knows two apart by what it reads of them.
#[cfg(feature = "hydrate")]
impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        (self.rev, &self.title) == (other.rev, &other.title)
    }
}

#[cfg(feature = "hydrate")]
impl Eq for Schedule {}

/// How many people have answered what to an appointment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AnswerCounts {
    /// The number of people who come.
    pub yes: u32,
    /// The number of people who do not come.
    pub no: u32,
    /// The number of people who may come.
    pub maybe: u32,
}

/// One person's answer to an appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScheduleAnswer {
    /// The person who answered.
    pub user: User,
    /// Whether the person comes.
    pub answer: Answer,
}

/// An answer to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The person comes.
    Yes,
    /// The person does not come.
    No,
    /// The person may come.
    Maybe,
}

/// An appointment on its way in. What else is given, such as answers, is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewSchedule {
    /// The subject of the appointment: 1 to 200 characters, trimmed, in one line.
    pub title: String,
    /// The time at which it starts: from 1970 to 9999.
    pub starts_at: Timestamp,
    /// The time at which it ends: not before it starts, and at most 366 days later; absent: none is given.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// Whether it is about whole days: those in which it starts and ends on the calendar of `zone`; absent: no.
    #[serde(default)]
    pub all_day: Option<bool>,
    /// The IANA time zone in which its maker thinks of it, such as `Europe/Berlin`; absent: `UTC`.
    #[serde(default)]
    pub zone: Option<String>,
    /// The place where it happens: at most 200 characters, trimmed, in one line; absent: none is given.
    #[serde(default)]
    pub place: Option<String>,
    /// The milliseconds before the start at which members want to be reminded: at most 30 days; absent: they do not.
    #[serde(default)]
    pub remind_before_ms: Option<i64>,
}

/// How an appointment moves. What is absent stays; with another start and no end given it lasts as long as before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MoveSchedule {
    /// The new subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// The new end; null: none from now on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Timestamp>))]
    pub ends_at: Option<Option<Timestamp>>,
    /// Whether it is about whole days from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_day: Option<bool>,
    /// The time zone in which it is thought of from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The new place; empty: none from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How long before the start members want to be reminded from now on; null: not at all.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<i64>))]
    pub remind_before_ms: Option<Option<i64>>,
}

/// The body of `PUT /api/v1/conversations/{id}/messages/{seq}/answer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PutAnswer {
    /// Whether you come.
    #[serde(deserialize_with = "super::strict::word")]
    pub answer: Answer,
}

/// The answer to `POST /api/v1/calendar`.
// No `Debug`: it holds a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CalendarAddress {
    /// The address of the feed, which whoever has it can read: it is told this once.
    pub url: String,
}

impl NewSchedule {
    /// The appointment, trimmed; `zone` is looked up by the server.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn checked(self) -> Result<Self, ApiError> {
        let title = line(&self.title, "title", limits::SCHEDULE_TITLE)?;
        if text::is_blank(&title) {
            return Err(ApiError::validation("title", "The title is empty"));
        }
        let place = line(self.place.as_deref().unwrap_or_default(), "place", limits::PLACE)?;
        if !(0..=limits::LAST_MOMENT).contains(&self.starts_at) {
            return Err(ApiError::validation("starts_at", "It has to start from 1970 to 9999"));
        }
        if let Some(ends_at) = self.ends_at {
            let last = limits::LAST_MOMENT.min(self.starts_at + limits::LONGEST_SCHEDULE_MS);
            if !(self.starts_at..=last).contains(&ends_at) {
                let why = "It has to end after it starts, and within 366 days";
                return Err(ApiError::validation("ends_at", why));
            }
        }
        if self.remind_before_ms.is_some_and(|ms| !(0..=limits::REMIND_BEFORE_MS).contains(&ms)) {
            let why = "People are reminded at most 30 days before the start";
            return Err(ApiError::validation("remind_before_ms", why));
        }
        Ok(Self { title, place: Some(place), ..self })
    }
}

impl MoveSchedule {
    /// An appointment as it is once it has moved.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn applied_to(&self, schedule: &Schedule) -> Result<NewSchedule, ApiError> {
        let starts_at = self.starts_at.unwrap_or(schedule.starts_at);
        let lasting = schedule
            .ends_at
            .map(|ends_at| starts_at.saturating_add(ends_at.saturating_sub(schedule.starts_at)));
        let moved = NewSchedule {
            title: self.title.clone().unwrap_or_else(|| schedule.title.clone()),
            starts_at,
            ends_at: self.ends_at.unwrap_or(lasting),
            all_day: Some(self.all_day.unwrap_or(schedule.all_day)),
            zone: Some(self.zone.clone().unwrap_or_else(|| schedule.zone.clone())),
            place: Some(self.place.clone().unwrap_or_else(|| schedule.place.clone())),
            remind_before_ms: self.remind_before_ms.unwrap_or(schedule.remind_before_ms),
        };
        moved.checked()
    }
}

impl From<NewSchedule> for Schedule {
    /// Nobody has answered it yet.
    fn from(new: NewSchedule) -> Self {
        Self {
            title: new.title,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            all_day: new.all_day.unwrap_or_default(),
            zone: new.zone.unwrap_or_else(utc),
            place: new.place.unwrap_or_default(),
            remind_before_ms: new.remind_before_ms,
            ..Self::default()
        }
    }
}

impl Schedule {
    /// The same, which nobody has answered.
    #[must_use]
    pub fn unanswered(self) -> Self {
        Self { counts: AnswerCounts::default(), answers: Vec::new(), mine: None, rev: 0, ..self }
    }
}

fn utc() -> String {
    "UTC".into()
}

/// A text in one line, trimmed.
fn line(typed: &str, field: &str, most: usize) -> Result<String, ApiError> {
    let trimmed = typed.trim();
    let refused = |why: String| Err(ApiError::validation(field, why));
    if trimmed.chars().count() > most {
        return refused(format!("The {field} is too long ({most} at most)"));
    }
    if trimmed.chars().any(char::is_control) || text::holds_bidi_control(trimmed) {
        return refused(format!("The {field} is in one line, and turns no direction of writing"));
    }
    Ok(trimmed.to_owned())
}

/// Tells what is null from what is absent.
#[expect(clippy::option_option, reason = "absent stays as it is, and null takes it away")]
fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn tea() -> NewSchedule {
        NewSchedule {
            title: " Tea ".into(),
            starts_at: 5 * DAY,
            ends_at: Some(6 * DAY),
            all_day: None,
            zone: None,
            place: None,
            remind_before_ms: None,
        }
    }

    fn field(new: NewSchedule) -> Option<String> {
        new.checked().err().and_then(|error| error.field)
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |name: &str, new| assert_eq!(field(new).as_deref(), Some(name));
        wrong("title", NewSchedule { title: "x".repeat(201), ..tea() });
        wrong("title", NewSchedule { title: " \u{200b} ".into(), ..tea() });
        wrong("title", NewSchedule { title: "a\nb".into(), ..tea() });
        wrong("title", NewSchedule { title: "a\u{202e}b".into(), ..tea() });
        wrong("place", NewSchedule { place: Some("x".repeat(201)), ..tea() });
        wrong("starts_at", NewSchedule { starts_at: -1, ..tea() });
        wrong("starts_at", NewSchedule { starts_at: 253_402_300_800_000, ..tea() });
        wrong("ends_at", NewSchedule { ends_at: Some(5 * DAY - 1), ..tea() });
        wrong("ends_at", NewSchedule { ends_at: Some((5 + 366) * DAY + 1), ..tea() });
        wrong("remind_before_ms", NewSchedule { remind_before_ms: Some(-1), ..tea() });
        wrong("remind_before_ms", NewSchedule { remind_before_ms: Some(30 * DAY + 1), ..tea() });
    }

    #[test]
    fn the_ends_of_what_is_right_are_right() {
        assert_eq!(tea().checked().expect("right").title, "Tea");
        for new in [
            NewSchedule { title: "茶".repeat(200), ..tea() },
            NewSchedule { starts_at: 0, ends_at: Some(0), ..tea() },
            NewSchedule { starts_at: 253_402_300_799_999, ends_at: None, ..tea() },
            NewSchedule { ends_at: Some((5 + 366) * DAY), ..tea() },
            NewSchedule { remind_before_ms: Some(30 * DAY), ..tea() },
        ] {
            assert_eq!(field(new.clone()), None, "{new:?}");
        }
    }

    #[test]
    fn what_moves_lasts_as_long() {
        let schedule = Schedule::from(tea().checked().expect("right"));
        let later = MoveSchedule { starts_at: Some(9 * DAY), ..MoveSchedule::default() };
        let moved = later.applied_to(&schedule).expect("it moves");
        assert_eq!((moved.starts_at, moved.ends_at), (9 * DAY, Some(10 * DAY)));
        let open: MoveSchedule = serde_json::from_str(r#"{"ends_at":null}"#).expect("a change");
        assert_eq!(open.applied_to(&schedule).expect("it moves").ends_at, None);
        let wrong = MoveSchedule { ends_at: Some(Some(1)), ..MoveSchedule::default() };
        assert!(wrong.applied_to(&schedule).is_err());
    }
}
