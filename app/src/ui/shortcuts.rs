//! The list of keyboard shortcuts: a popover of the platform, opened by keys and from the menu. The
//! server alone renders it, outside of what the browser's code brings to life.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::shared::dom::{focus, pressed};
use super::shared::keys::{Held, Key};
use super::shared::roving_focus::next_focus;
#[cfg(feature = "ssr")]
use super::words::{td_string, words};

/// The element's id, for whoever opens it.
pub const ID: &str = "shortcuts";

/// The list of the keyboard shortcuts.
#[cfg(feature = "ssr")]
#[component]
pub fn Shortcuts() -> impl IntoView {
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

/// Opens the list on `Ctrl /`, and on `?` where nobody writes; in a menu, goes where arrows point.
/// Answers whether it did.
pub fn on_key(press: &ev::KeyboardEvent, key: &Key) -> bool {
    if let Some(entry) = next_focus(&key.name).filter(|_| key.held == Held::Nothing) {
        press.prevent_default();
        focus(Some(entry));
        return true;
    }
    let writes = || pressed(press, "input, textarea").is_some();
    let asked = match (key.name.as_str(), key.held) {
        ("/", Held::Control) => true,
        ("?", Held::Nothing) => !writes(),
        _ => false,
    };
    let list = document().get_element_by_id(ID).filter(|_| asked);
    let Some(list) = list.and_then(|list| list.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    press.prevent_default();
    // One that is open already refuses, and stays.
    let _ = list.show_popover();
    true
}
