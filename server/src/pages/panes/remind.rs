//! `/c/{id}/remind?m={seq}`: when to be reminded of a message; a static pane.

use app::protocol::{ApiError, ErrorKind, Message, Timestamp};
use app::ui::route::{message_path, remind_path};
use app::ui::shared::Clock;
use app::ui::shared::civil::Zone;
use app::ui::shared::quoted::Quoted;
use app::ui::words::{Words, td_string, words};
use leptos::prelude::*;

use super::groups::Head;
use crate::pages::shared::part::reason;

const HOUR_MS: Timestamp = 60 * 60 * 1_000;
const DAY_MS: Timestamp = 24 * HOUR_MS;

/// Times that are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// In an hour.
    pub hour: Timestamp,
    /// At six this evening, else at nine; absent where that is past.
    pub evening: Option<Timestamp>,
    /// At nine tomorrow morning.
    pub tomorrow: Option<Timestamp>,
}

impl Times {
    /// Those that follow on a moment, by the clocks of a zone.
    pub fn after(now: Timestamp, zone: &Zone) -> Self {
        let today = zone.civil(now);
        let evening = match today.hour {
            0..18 => Some("18:00"),
            18..21 => Some("21:00"),
            _ => None,
        };
        // From noon to noon there is a day between, however long it is.
        let noon = zone.moment_of(&today.date(), "12:00");
        let tomorrow = noon.map(|noon| zone.civil(noon + DAY_MS).date());
        Self {
            hour: now + HOUR_MS,
            evening: evening.and_then(|time| zone.moment_of(&today.date(), time)),
            tomorrow: tomorrow.and_then(|day| zone.moment_of(&day, "09:00")),
        }
    }

    /// The one that a form calls so.
    pub fn named(self, name: &str) -> Option<Timestamp> {
        match name {
            "hour" => Some(self.hour),
            "evening" => self.evening,
            "tomorrow" => self.tomorrow,
            _ => None,
        }
    }
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Remind {
    /// The message.
    pub message: Message,
    /// When the viewer is reminded of it as it stands.
    pub standing: Option<Timestamp>,
    /// What is offered.
    pub times: Times,
    /// By whose clocks.
    pub zone: Zone,
    /// The day that was typed and refused.
    pub day: Option<String>,
    /// The time that was.
    pub time: Option<String>,
    /// Why it was refused.
    pub refused: Option<ApiError>,
}

/// The page on which one says when to be reminded of a message.
#[component]
pub fn RemindPage(
    /// What it shows.
    page: Remind,
) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let (id, seq) = (page.message.conversation_id, page.message.seq);
    let back = message_path(id, seq);
    let alert = page.refused.as_ref().map(|error| {
        view! { <p class="alert" role="alert">{refusal(error, words)}</p> }
    });
    let standing = page.standing.map(|at| {
        let text = td_string!(words, reminders.standing, moment = clock.coming(at));
        view! {
            <form class="standing" method="post" action="/reminders">
                <p class="done" role="status">{text}</p>
                <input type="hidden" name="c" value=id.to_string() />
                <input type="hidden" name="m" value=seq.to_string() />
                <input type="hidden" name="next" value=remind_path(id, seq) />
                <button class="quiet">{td_string!(words, reminders.delete)}</button>
            </form>
        }
    });
    view! {
        <section class="settings">
            <Head back=back.clone() title=td_string!(words, reminders.remind).to_owned() />
            <div class="parts">
                <div class="part">
                    {alert}
                    <a class="quote" href=back>
                        <Quoted quote=page.message.quote() />
                    </a>
                    {standing} <Offered page=page.clone() />
                    <a class="quiet" href="/reminders">
                        {td_string!(words, reminders.all)}
                    </a>
                </div>
                <OwnTime page />
            </div>
        </section>
    }
}

fn refusal(error: &ApiError, words: Words) -> &'static str {
    match (error.kind, error.field.as_deref()) {
        (ErrorKind::Validation, Some("at")) => td_string!(words, reminders.past),
        (ErrorKind::Validation, Some("reminders")) => td_string!(words, reminders.too_many),
        _ => reason(error, words),
    }
}

/// The times that are offered, a press each.
#[component]
fn Offered(page: Remind) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let Remind { message, times, .. } = page;
    let offered = [
        ("hour", td_string!(words, reminders.hour)),
        ("evening", td_string!(words, reminders.evening)),
        ("tomorrow", td_string!(words, reminders.tomorrow)),
    ];
    let entry = |(name, text): (&'static str, &'static str)| {
        times.named(name).map(|at| {
            view! {
                <li>
                    <button class="person" name="when" value=name>
                        <span class="names">
                            <strong>{text}</strong>
                            " "
                            <span class="handle">{clock.coming(at)}</span>
                        </span>
                    </button>
                </li>
            }
        })
    };
    view! {
        <form
            class="destinations"
            method="post"
            action=remind_path(message.conversation_id, message.seq)
        >
            <input type="hidden" name="m" value=message.seq.to_string() />
            <ul aria-label=td_string!(words, reminders.remind)>{offered.map(entry).collect_view()}</ul>
        </form>
    }
}

/// A day and a time of the reader's own, at first the next full hour.
#[component]
fn OwnTime(page: Remind) -> impl IntoView {
    let words = words();
    let Remind { message, times, zone, day, time, refused, .. } = page;
    let next = zone.civil(times.hour);
    let day = day.unwrap_or_else(|| next.date());
    let time = time.unwrap_or_else(|| format!("{:02}:00", next.hour));
    let invalid = refused.is_some().then_some("true");
    view! {
        <section class="part" aria-labelledby="own-time">
            <h2 id="own-time">{td_string!(words, reminders.own)}</h2>
            <form method="post" action=remind_path(message.conversation_id, message.seq)>
                <input type="hidden" name="m" value=message.seq.to_string() />
                <div class="field">
                    <label for="remind-day">{td_string!(words, reminders.day)}</label>
                    <input id="remind-day" type="date" name="day" value=day required aria-invalid=invalid />
                </div>
                <div class="field">
                    <label for="remind-time">{td_string!(words, reminders.time)}</label>
                    <input
                        id="remind-time"
                        type="time"
                        name="time"
                        value=time
                        required
                        aria-invalid=invalid
                        aria-describedby="remind-zone"
                    />
                    <p class="hint" id="remind-zone">
                        {td_string!(words, reminders.zone, zone = zone.name())}
                    </p>
                </div>
                <button class="solid" name="when" value="own">
                    {td_string!(words, reminders.set)}
                </button>
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use app::ui::shared::civil::{Zone, machine_readable};

    use super::Times;

    #[test]
    fn times_are_offered_by_the_clocks_of_the_zone() {
        let berlin = Zone::from_cookie("Europe/Berlin");
        let offered = |day, time| {
            let times = Times::after(berlin.moment_of(day, time).expect("a time"), &berlin);
            [Some(times.hour), times.evening, times.tomorrow].map(|at| at.map(machine_readable))
        };
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(
            offered("2026-12-01", "15:30"),
            [
                told("2026-12-01T15:30:00Z"),
                told("2026-12-01T17:00:00Z"),
                told("2026-12-02T08:00:00Z")
            ]
        );
        // Clocks change in the night.
        let tomorrow = told("2026-03-29T07:00:00Z");
        assert_eq!(
            offered("2026-03-28", "19:00"),
            [told("2026-03-28T19:00:00Z"), told("2026-03-28T20:00:00Z"), tomorrow.clone()]
        );
        assert_eq!(offered("2026-03-28", "23:30"), [told("2026-03-28T23:30:00Z"), None, tomorrow]);
    }
}
