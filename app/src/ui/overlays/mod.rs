//! Menus and pickers: popovers of the platform, one of each a page. The server alone renders them, as
//! HTML that the browser's code does not bring to life; it opens them beside whatever asked, shows
//! those entries that make sense there, and hears what was chosen. So they weigh next to nothing in
//! the WebAssembly.

mod parts;

use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement};
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::location::Location;
use super::route::{Route, target_path};
use super::shared::dom::{close, each, focus, has_keyboard, pressed};

/// Who is signed in, and logging out.
pub const ACCOUNT: &str = "account-menu";
/// The menu of a message.
pub const MESSAGE: &str = "message-menu";
/// The emoji that are at hand.
pub const REACTIONS: &str = "reactions";
/// The menu of a chat in the list.
pub const CHAT: &str = "chat-menu";
/// For how long a chat is to be silent.
pub const MUTE: &str = "mute-menu";
/// The picker of all emoji.
pub const PICKER: &str = "emoji-picker";
/// What could not be loaded is of an earlier release.
pub const UPDATED: &str = "part-updated";
/// What could not be loaded may be there another time.
pub const UNAVAILABLE: &str = "part-unavailable";
/// To a day of a conversation.
pub const TO_DATE: &str = "to-date";

/// What is left free around a popover, in CSS pixels.
const MARGIN_PX: f64 = 8.0;

type Chosen = Rc<dyn Fn(&str)>;

/// The button that opened what is open, and who hears what is chosen there.
type Opened = (Element, Chosen);

/// The overlays of this page. Lies in the context.
#[derive(Clone, Copy)]
pub struct Overlays(StoredValue<Option<Opened>, LocalStorage>);

/// What the server has rendered, on its way into the page. Lies in the context, on the server.
#[derive(Clone)]
pub struct OverlaysHtml(pub String);

impl Overlays {
    /// Puts them into the context.
    pub fn provide() -> Self {
        let overlays = Self(StoredValue::new_local(None));
        provide_context(overlays);
        overlays
    }

    /// Those of this page.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Opens one beside a button, or closes it where the same button has opened it. Of a menu's entries
    /// these are shown, and all if none is named; `chosen` hears the name of the one that is chosen, or
    /// the emoji.
    pub fn open(
        self,
        id: &str,
        button: &Element,
        entries: &[&str],
        chosen: impl Fn(&str) + 'static,
    ) {
        self.open_for(id, button, entries, Rc::new(chosen));
    }

    fn open_for(self, id: &str, button: &Element, entries: &[&str], chosen: Chosen) {
        let Some(popover) = document().get_element_by_id(id) else { return };
        if popover.matches(":popover-open").unwrap_or(false) {
            close(&popover);
            if self.0.with_value(|opened| opened.as_ref().is_some_and(|opened| opened.0 == *button))
            {
                return;
            }
        }
        self.0.set_value(Some((button.clone(), chosen.clone())));
        show(&popover, button, entries);
        if id == PICKER {
            self.bring_to_life(popover, chosen);
        }
    }

    /// A press in one of them.
    fn pressed(self, press: &ev::MouseEvent) {
        let Some(entry) = pressed(press, "[data-do]") else { return };
        let name = entry.get_attribute("data-do").unwrap_or_default();
        // An emoji stands for itself.
        let name = if name.is_empty() { entry.text_content().unwrap_or_default() } else { name };
        if let Ok(Some(popover)) = entry.closest("[popover]") {
            close(&popover);
        }
        // It may open the next.
        if let Some((_, chosen)) = self.0.get_value() {
            chosen(&name);
        }
    }
}

/// The element that the overlays stand in.
#[component]
pub fn OverlayHost(
    /// Hears what is chosen.
    overlays: Overlays,
) -> impl IntoView {
    // In the browser there is none: hydration does not touch what stands in an element by its HTML.
    let location = Location::of_page();
    // What is open is about where the reader was.
    Effect::new(move |before: Option<Route>| {
        let route = location.place().with(|place| place.route);
        if before.is_some_and(|before| before != route) {
            overlays.0.set_value(None);
            if let Ok(Some(open)) = document().query_selector(":popover-open") {
                close(&open);
            }
        }
        route
    });
    let html = use_context::<OverlaysHtml>().map(|OverlaysHtml(html)| html).unwrap_or_default();
    view! {
        <div
            inner_html=html
            on:click=move |press| overlays.pressed(&press)
            on:submit=move |submit| to_date(&submit, location)
        ></div>
    }
}

/// A day was asked for: the conversation that is shown goes there by its address.
fn to_date(submit: &ev::SubmitEvent, location: Location) {
    let form = pressed(submit, ".to-date");
    let field = form.as_ref().and_then(|form| form.query_selector("input").ok()?);
    if let (Some(form), Some(field)) = (form, field.and_then(|field| field.dyn_into().ok())) {
        let field: web_sys::HtmlInputElement = field;
        submit.prevent_default();
        close(&form);
        let route = location.place().with_untracked(|place| place.route);
        if let Route::Talk(target) = route {
            // Also when the same day is asked for again.
            location.replace(&target_path(target));
            location.go(&format!("{}?day={}", target_path(target), field.value()));
        }
    }
}

/// The button of a menu that is asked for: pressed itself, or by a long press on what it belongs to.
#[must_use]
pub fn asked(press: &ev::MouseEvent, whole: &str) -> Option<Element> {
    if press.type_() != "contextmenu" {
        return asking(press, ".menu-button");
    }
    let touched = press.dyn_ref::<web_sys::PointerEvent>();
    let touched = touched.is_some_and(|press| press.pointer_type() == "touch");
    let whole = pressed(press, whole).filter(|_| touched)?;
    let button = whole.query_selector(".menu-button").ok()??;
    press.prevent_default();
    Some(button)
}

/// The button that was pressed to open something by [`Overlays::open`], and not what it does by itself.
#[must_use]
pub fn asking(press: &ev::MouseEvent, selector: &str) -> Option<Element> {
    let button = pressed(press, selector)?;
    press.prevent_default();
    Some(button)
}

fn show(popover: &Element, button: &Element, entries: &[&str]) {
    if !entries.is_empty() {
        each(popover, "[data-do]", &|entry| {
            let name = entry.get_attribute("data-do").unwrap_or_default();
            hide(entry, !entries.contains(&name.as_str()));
        });
    }
    // A second press on the button is about what it opened: it does not close it as one beside it does,
    // before the press is heard of. What browsers do not know of they leave alone.
    let _ = Reflect::set(button, &"popoverTargetElement".into(), popover);
    open(popover, button);
    // A field that raises a keyboard over half of the screen waits until it is wanted.
    let first = if has_keyboard() {
        "input, :scope > [role^=menuitem]:not([hidden])"
    } else {
        ":scope > [role^=menuitem]:not([hidden])"
    };
    focus(popover.query_selector(first).ok().flatten());
}

/// Opens a popover beside the button that asked for it.
fn open(popover: &Element, button: &Element) {
    let Some(popover) = popover.dyn_ref::<HtmlElement>() else { return };
    // One that is open already refuses, and stays.
    let _ = popover.show_popover();
    let place = button.get_bounding_client_rect();
    let Some(page) = document().document_element() else { return };
    let (wide, high) = (f64::from(page.client_width()), f64::from(page.client_height()));
    let (width, height) = (f64::from(popover.offset_width()), f64::from(popover.offset_height()));
    let left = (place.right() - width).min(wide - width - MARGIN_PX).max(MARGIN_PX);
    let below = place.bottom() + height + MARGIN_PX <= high;
    let top = if below { place.bottom() } else { place.top() - height - MARGIN_PX };
    let style = HtmlElement::style(popover);
    // The CSSOM is not subject to the policy that forbids style attributes.
    let _ = style.set_property("left", &pixels(left));
    let _ = style.set_property("top", &pixels(top.max(MARGIN_PX)));
}

/// Whole ones: the words of fractions would be a fiftieth of the code that everyone downloads.
#[expect(clippy::cast_possible_truncation, reason = "a screen's pixels")]
fn pixels(length: f64) -> String {
    format!("{}px", length as i32)
}

fn hide(element: &Element, hidden: bool) {
    // A flag without a value cannot be refused.
    let _ = element.toggle_attribute_with_force("hidden", hidden);
}
