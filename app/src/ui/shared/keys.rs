//! Keys, as everything that listens to them reads them: by one function, so that what an input method is
//! busy with is nobody's, and a sign that is typed by `AltGr` is no shortcut.

use leptos::ev::KeyboardEvent;
use leptos::web_sys;
use wasm_bindgen::JsCast;

/// What browsers call a key that an input method has; of the one that ends a composition, Safari says
/// only this.
const INPUT_METHOD_KEY_CODE: u32 = 229;

/// A key that was pressed.
pub struct Key {
    /// Its name, such as `Enter` or `k`.
    pub name: String,
    /// What was held down besides Shift.
    pub held: Held,
    /// Shift was held down.
    pub shift: bool,
}

/// What makes another key of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The key stands for itself.
    Nothing,
    /// Ctrl, or on a Mac the command key.
    Control,
    /// Alt, on a Mac the option key.
    Alt,
    /// Several at once, or `AltGr`, which some systems call Ctrl and Alt: it writes signs.
    Several,
}

impl Key {
    /// The key of an event; none while an input method composes, whose keys they are then: Enter and
    /// Escape end a composition, arrows choose in it.
    #[expect(clippy::disallowed_methods, reason = "here is where keys are read")]
    #[must_use]
    pub fn of(event: &KeyboardEvent) -> Option<Self> {
        // What a browser fills in by itself it tells by events that have no key.
        let event = event.dyn_ref::<web_sys::KeyboardEvent>()?;
        if event.is_composing() || event.key_code() == INPUT_METHOD_KEY_CODE {
            return None;
        }
        let control = event.ctrl_key() || event.meta_key();
        let held = match (control, event.alt_key()) {
            _ if event.get_modifier_state("AltGraph") => Held::Several,
            (false, false) => Held::Nothing,
            (true, false) => Held::Control,
            (false, true) => Held::Alt,
            (true, true) => Held::Several,
        };
        Some(Self { name: event.key(), held, shift: event.shift_key() })
    }

    /// Whether it is this one, alone.
    #[must_use]
    pub fn is_plain(&self, name: &str) -> bool {
        self.is_alone() && self.name == name
    }

    /// Whether nothing was held down with it.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.held == Held::Nothing && !self.shift
    }
}
