//! What people are told beside messages: rows above the panes, which come with the page, and what is put there or over
//! it while a page is open (`frontend/parts/told.js`).

use app::protocol::Notice;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// What a page tells beside what it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Notices of the operator that the viewer has not seen, the latest first.
    pub notices: Vec<Notice>,
    /// Whether one of the viewer's reminders is due.
    pub due: bool,
}

/// All that a page tells, and templates of what it may tell later.
#[component]
pub(super) fn ToldRows(
    /// What there is to tell.
    told: Told,
    /// The address of the page, where a plain form leads back to.
    here: String,
) -> impl IntoView {
    let words = words();
    let row = |notice: Notice| {
        let (id, here) = (notice.id.to_string(), here.clone());
        view! { <NoticeRow id text=notice.text here /> }
    };
    let notices: Vec<_> = told.notices.into_iter().map(row).collect();
    let due = told.due.then(|| {
        view! {
            <section class="banner" aria-label=td_string!(words, reminders.title)>
                <a href="/reminders">{td_string!(words, reminders.due)}</a>
            </section>
        }
    });
    view! {
        <div id="told">{notices} {due}</div>
        <div id="told-now" role="status" aria-label=td_string!(words, reminders.reminder)></div>
        <template id="told-notice">
            <NoticeRow id=String::new() text=String::new() here />
        </template>
        <template id="told-reminder">
            <p class="reminder">
                <a>
                    <strong>{td_string!(words, reminders.reminder)}</strong>
                    <time></time>
                    <span dir="auto"></span>
                </a>
                <button type="button">{td_string!(words, reminders.close)}</button>
            </p>
        </template>
    }
}

/// A notice, and the form that says that it was seen.
#[component]
fn NoticeRow(id: String, text: String, here: String) -> impl IntoView {
    let words = words();
    view! {
        <section class="banner" aria-label=td_string!(words, reminders.notice)>
            <p dir="auto">{text}</p>
            <form method="post" action="/notices">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="next" value=here />
                <button data-part="told">{td_string!(words, reminders.dismiss)}</button>
            </form>
        </section>
    }
}
