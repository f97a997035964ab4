//! The dialog that makes an appointment, or moves one; `frontend/parts/schedule-form.js` brings it to life.

use app::ui::words::{td_string, words};
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{fresh, rendered};
use crate::edge::{Failure, Query, Viewer};
use crate::pages::preferences;

#[derive(Deserialize)]
pub(super) struct FormQuery {
    /// One that is there moves.
    #[serde(default)]
    moves: bool,
}

/// The dialog, empty.
pub(super) async fn schedule_form(
    _: Viewer,
    Query(asked): Query<FormQuery>,
    page: Parts,
) -> Result<Response, Failure> {
    let html = || dialog(asked.moves).to_html();
    Ok(fresh(rendered(preferences(&page).language, html)))
}

fn dialog(moves: bool) -> impl IntoView {
    let words = words();
    let (title, done) = if moves {
        (td_string!(words, schedules.move_title), td_string!(words, schedules.save))
    } else {
        (td_string!(words, schedules.new), td_string!(words, schedules.create))
    };
    let about = (!moves).then(|| {
        view! {
            <div class="field">
                <label for="schedule-about">{td_string!(words, schedules.about)}</label>
                <textarea id="schedule-about" name="about" rows="2" maxlength="5000" dir="auto"></textarea>
            </div>
        }
    });
    view! {
        <dialog
            class="schedule-form"
            aria-labelledby="schedule-form-title"
            data-title=td_string!(words, schedules.bad_title)
            data-starts=td_string!(words, schedules.bad_starts)
            data-ends=td_string!(words, schedules.bad_ends)
            data-failed=td_string!(words, schedules.failed)
        >
            <form method="dialog" novalidate>
                <h2 id="schedule-form-title">{title}</h2>
                <div class="field">
                    <label for="schedule-title">{td_string!(words, schedules.title)}</label>
                    <input id="schedule-title" name="title" maxlength="200" dir="auto" autocomplete="off" />
                </div>
                <label class="check">
                    <input type="checkbox" name="days" />
                    {td_string!(words, schedules.all_day)}
                </label>
                <div class="times">
                    <div class="field">
                        <label for="schedule-starts">{td_string!(words, schedules.starts)}</label>
                        <input id="schedule-starts" name="starts" type="datetime-local" />
                    </div>
                    <div class="field">
                        <label for="schedule-ends">{td_string!(words, schedules.ends)}</label>
                        <input id="schedule-ends" name="ends" type="datetime-local" />
                    </div>
                </div>
                <div class="field">
                    <label for="schedule-place">{td_string!(words, schedules.place)}</label>
                    <input id="schedule-place" name="place" maxlength="200" dir="auto" autocomplete="off" />
                </div>
                {about}
                <p class="alert" role="alert" hidden></p>
                <div class="buttons">
                    <button type="button" class="quiet cancel">
                        {td_string!(words, schedules.cancel)}
                    </button>
                    <button class="solid">{done}</button>
                </div>
            </form>
        </dialog>
    }
}
