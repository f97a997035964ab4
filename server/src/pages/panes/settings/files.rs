//! What one's files take, and the largest of them with where they were sent.

use app::protocol::{MessageRef, OwnFile};
use app::ui::route::message_path;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use crate::pages::message_files::{Download, size};
use crate::pages::shared::part::Part;

/// The room that is used, and what uses it.
#[component]
pub(super) fn Files(
    /// The bytes that are used, and the most that may be.
    room: (i64, i64),
    /// The largest of the viewer's files.
    files: Vec<OwnFile>,
) -> impl IntoView {
    let words = words();
    let (used, most) = (size(room.0), size(room.1));
    let entry = |own: OwnFile| {
        let sent = own.sent.first().map(|MessageRef { conversation_id, seq }| {
            let path = message_path(*conversation_id, *seq);
            view! {
                <a class="where" href=path>
                    {td_string!(words, files.show)}
                </a>
            }
        });
        view! {
            <li>
                <Download file=own.file />
                {sent}
            </li>
        }
    };
    let entries = files.into_iter().map(entry).collect_view();
    view! {
        <Part name="files" title=td_string!(words, files.room)>
            <p>{td_string!(words, files.used, used = used, most = most)}</p>
            <ul class="files own-files">{entries}</ul>
        </Part>
    }
}
