//! The card of an appointment: when, where, who comes, and buttons to answer, which are a plain form.
//!
//! The server tells the time in its maker's zone, and names that; `frontend/parts/schedule.js` tells it in the reader's.

use app::protocol::{Answer, MessageRef, Schedule, Timestamp};
use app::ui::shared::called;
use app::ui::words::{Words, keys, td_string, words};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// The card, for the message at this place.
pub(super) fn card(schedule: &Schedule, of: MessageRef) -> impl IntoView + use<> {
    let words = words();
    let MessageRef { conversation_id: id, seq } = of;
    let mine = schedule.mine.flatten();
    let counts = schedule.counts;
    let answers = [
        (Answer::Yes, "yes", td_string!(words, schedules.yes), counts.yes),
        (Answer::Maybe, "maybe", td_string!(words, schedules.maybe), counts.maybe),
        (Answer::No, "no", td_string!(words, schedules.no), counts.no),
    ];
    let buttons = answers.map(|(answer, value, label, _)| {
        let pressed = mine == Some(answer);
        // What is pressed already is taken back.
        let sent = if pressed { "" } else { value };
        let pressed = if pressed { "true" } else { "false" };
        view! {
            <button class="quiet" name="answer" value=sent data-answer=value aria-pressed=pressed>
                {label}
            </button>
        }
    });
    let people = answers.map(|(answer, _, label, count)| {
        let named = named(schedule, answer, words);
        let beyond = usize::try_from(count).unwrap_or_default().saturating_sub(named.len());
        let more = (beyond > 0).then(|| td_string!(words, schedules.more, count = beyond));
        let who = named.into_iter().chain(more).collect::<Vec<_>>().join(", ");
        (count > 0).then(|| {
            view! {
                <p class="who" dir="auto">
                    <b>{label} " (" {count} ")"</b>
                    " "
                    {who}
                </p>
            }
        })
    });
    let place = (!schedule.place.is_empty())
        .then(|| view! { <p class="where" dir="auto">{schedule.place.clone()}</p> });
    view! {
        <div
            class="schedule"
            role="group"
            aria-label=schedule.title.clone()
            data-message=format!("/c/{id}/{seq}")
            data-rev=schedule.rev.to_string()
            data-failed=td_string!(words, schedules.failed)
        >
            <strong dir="auto">{schedule.title.clone()}</strong>
            <p
                class="when"
                data-starts=schedule.starts_at.to_string()
                data-ends=schedule.ends_at.map(|ends_at| ends_at.to_string())
                data-zone=(!schedule.all_day).then(|| schedule.zone.clone())
            >
                {when(schedule, words)}
            </p>
            {place}
            <form class="answers" method="post" action=format!("/c/{id}/{seq}/answer")>
                {buttons.collect_view()}
            </form>
            {people.collect_view()}
            <a
                class="add"
                download="schedule.ics"
                href=format!("/api/v1/conversations/{id}/messages/{seq}/schedule.ics")
            >
                {td_string!(words, schedules.add)}
            </a>
        </div>
    }
}

/// The names of those among the first who answered this.
fn named(schedule: &Schedule, answer: Answer, words: Words) -> Vec<String> {
    let given = schedule.answers.iter().filter(|given| given.answer == answer);
    given.map(|given| called(&given.user, words)).collect()
}

/// When it is, on its maker's calendar; of whole days without a time, and else with the name of the zone.
fn when(schedule: &Schedule, words: Words) -> String {
    let zone = TimeZone::get(&schedule.zone).unwrap_or(TimeZone::UTC);
    let civil = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
        zone.to_datetime(at)
    };
    let starts = civil(schedule.starts_at);
    if schedule.all_day {
        // One that ends at midnight does not take in the day that begins there.
        let last = schedule.ends_at.map(|at| civil((at - 1).max(schedule.starts_at)));
        let last = last.filter(|last| last.date() > starts.date());
        return span(day(starts, words), last.map(|last| day(last, words)), words);
    }
    let ends = schedule
        .ends_at
        .map(civil)
        .map(|ends| if ends.date() == starts.date() { time(ends) } else { moment(ends, words) });
    let when = span(moment(starts, words), ends, words);
    td_string!(words, schedules.in_zone, when = when, zone = schedule.zone)
}

fn span(from: String, to: Option<String>, words: Words) -> String {
    match to {
        Some(to) => td_string!(words, schedules.until, from = from, to = to),
        None => from,
    }
}

fn moment(at: DateTime, words: Words) -> String {
    td_string!(words, profile.moment, day = day(at, words), time = time(at))
}

fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Such as Friday, 6 March 2026.
fn day(at: DateTime, words: Words) -> String {
    let nth = |number: i8| u8::try_from(number).unwrap_or_default();
    let month = words.nth(keys::time::months, nth(at.month() - 1));
    let (day, year) = (at.day(), at.year());
    let date = td_string!(words, time.day_month_year, day = day, month = month, year = year);
    let weekday = words.nth(keys::time::weekdays, nth(at.weekday().to_monday_zero_offset()));
    td_string!(words, time.weekday_day, weekday = weekday, date = date)
}
