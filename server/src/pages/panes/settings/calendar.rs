//! The address at which a calendar reads one's appointments: made, shown once, ended.

use app::ui::words::{td_string, words};
use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::pages::shared::part::{Outcome, Part};

/// What there is to show of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// There is no address.
    None,
    /// There is one, which was shown when it was made.
    There,
    /// This one was just made.
    New(String),
}

#[component]
pub(super) fn Calendar(feed: Feed, outcome: Outcome) -> impl IntoView {
    let words = words();
    let make = |label: &'static str| {
        view! {
            <form method="post" action="/settings/calendar">
                <button class="quiet">{label}</button>
            </form>
        }
    };
    let end = || {
        view! {
            <form method="post" action="/settings/calendar/end">
                <button class="quiet danger">{td_string!(words, schedules.end)}</button>
            </form>
        }
    };
    let anew = td_string!(words, schedules.anew);
    let shown = match feed {
        Feed::None => EitherOf3::A(make(td_string!(words, schedules.begin))),
        Feed::There => EitherOf3::B(view! {
            <p>{td_string!(words, schedules.there_is)}</p>
            <div class="buttons">{make(anew)} {end()}</div>
        }),
        Feed::New(url) => EitherOf3::C(view! {
            <div class="field">
                <label for="calendar-address">{td_string!(words, schedules.address)}</label>
                <input
                    id="calendar-address"
                    readonly
                    autofocus
                    value=url
                    aria-describedby="calendar-once"
                />
                <p class="hint" id="calendar-once">
                    {td_string!(words, schedules.once)}
                </p>
            </div>
            <div class="buttons">{make(anew)} {end()}</div>
        }),
    };
    view! {
        <Part
            name="calendar"
            title=td_string!(words, schedules.address)
            done=td_string!(words, schedules.ended)
            outcome
        >
            <p class="hint">{td_string!(words, schedules.calendar_hint)}</p>
            {shown}
        </Part>
    }
}
