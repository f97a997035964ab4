//! What opens and whose code is loaded then: the emoji picker. Where it cannot be had, the reader is told why, and
//! what helps.

use leptos::web_sys::Element;

use super::{Chosen, Overlays};

#[cfg(feature = "hydrate")]
impl Overlays {
    /// Brings the picker that was just opened to life.
    pub(super) fn bring_to_life(self, picker: Element, chosen: Chosen) {
        use std::rc::Rc;

        use leptos::prelude::{GetValue, location};

        use super::{PICKER, UNAVAILABLE, UPDATED, close};
        use crate::client::parts::{self, PartError};

        leptos::task::spawn_local(async move {
            let Err(error) = parts::open(PICKER, &picker).await else { return };
            // The reader may have gone on meanwhile, or have opened it anew.
            let is_open = picker.matches(":popover-open").unwrap_or(false);
            let opened = self.0.try_get_value().flatten().filter(|_| is_open);
            let Some((button, _)) = opened.filter(|(_, now)| Rc::ptr_eq(now, &chosen)) else {
                return;
            };
            close(&picker);
            let again = button.clone();
            let told = if error == PartError::Updated { UPDATED } else { UNAVAILABLE };
            self.open(told, &button, &[], move |_| match error {
                // A browser that does not want to stays.
                PartError::Updated => drop(location().reload()),
                PartError::Unavailable => self.open_for(PICKER, &again, &[], Rc::clone(&chosen)),
            });
        });
    }
}

/// On the server nothing opens.
#[cfg(not(feature = "hydrate"))]
impl Overlays {
    #[expect(clippy::unused_self, reason = "as in the browser")]
    pub(super) fn bring_to_life(self, _: Element, _: Chosen) {}
}
