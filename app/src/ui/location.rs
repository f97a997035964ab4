//! Where the reader is, and going elsewhere without loading a new page.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::{JsCast, JsValue};

use super::route::Address;

/// The reader's place. Lies in the context of the pages of who is signed in.
#[derive(Clone, Copy)]
pub struct Location {
    place: RwSignal<Address>,
}

impl Location {
    /// Puts the place of this page into the context.
    pub fn provide(place: Address) -> Self {
        let location = Self { place: RwSignal::new(place) };
        provide_context(location);
        location
    }

    /// The place of this page.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Where the reader is.
    #[must_use]
    pub fn place(self) -> RwSignal<Address> {
        self.place
    }

    /// Goes there, so that Back leads here again.
    pub fn go(self, path: &str) {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        }
        self.place.set(Address::parse(path));
    }

    /// Goes there in place of here.
    pub fn replace(self, path: &str) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
        }
        self.place.set(Address::parse(path));
    }

    /// Follows links and the Back button from now on. For the browser.
    pub fn follow(self) {
        let back = window_event_listener(ev::popstate, move |_| {
            let place = current();
            if place.route.is_static() {
                // A reload that the browser refuses leaves the page as it is.
                let _ = window().location().reload();
            } else {
                self.place.set(place);
            }
        });
        let click = window_event_listener(ev::click, move |click| {
            if let Some(path) = local_link(&click) {
                click.prevent_default();
                if Address::parse(&path) != self.place.get_untracked() {
                    self.go(&path);
                }
            }
        });
        on_cleanup(move || {
            back.remove();
            click.remove();
        });
    }
}

fn current() -> Address {
    let location = window().location();
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    Address::parse(&format!("{}{}", part(location.pathname()), part(location.search())))
}

/// The path that a plain click on a link of ours leads to; absent where the browser is to go there
/// by itself.
fn local_link(click: &ev::MouseEvent) -> Option<String> {
    let modified = click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
    if modified || click.button() != 0 || click.default_prevented() {
        return None;
    }
    let element = click.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = element.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let ours = link.origin() == window().location().origin().ok()?;
    let here = ours && link.target().is_empty() && !link.has_attribute("download");
    let path = here.then(|| format!("{}{}", link.pathname(), link.search()))?;
    (!Address::parse(&path).route.is_static()).then_some(path)
}
