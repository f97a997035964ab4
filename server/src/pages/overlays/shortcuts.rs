//! The list of the keyboard shortcuts.

use app::ui::shortcuts::ID;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// The list; `app::ui::shortcuts` opens it.
#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    let words = words();
    let list = [
        ("Ctrl K", td_string!(words, shortcuts.find)),
        ("Alt ↓ · Alt ↑", td_string!(words, shortcuts.next)),
        ("Esc", td_string!(words, shortcuts.back)),
        ("Enter", td_string!(words, shortcuts.send)),
        ("Shift Enter", td_string!(words, shortcuts.line)),
        ("Ctrl / · ?", td_string!(words, shortcuts.help)),
    ];
    let list = list.map(|(keys, what)| {
        view! {
            <div>
                <dt>{what}</dt>
                <dd>
                    <kbd>{keys}</kbd>
                </dd>
            </div>
        }
    });
    view! {
        <div class="keys" id=ID popover="auto" role="dialog" aria-labelledby="shortcuts-title">
            <h2 id="shortcuts-title">{td_string!(words, menu.shortcuts)}</h2>
            <dl>{list.into_iter().collect_view()}</dl>
            <button class="solid" type="button" popovertarget=ID autofocus>
                {td_string!(words, shortcuts.close)}
            </button>
        </div>
    }
}
