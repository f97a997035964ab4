//! Where the reader was in each conversation when they left it, so that they find it again.

use leptos::prelude::*;
use litemap::LiteMap;

use crate::protocol::{ConversationId, Seq};

/// A message, and how far below the upper edge of the view it stood, in CSS pixels.
pub(super) type ReadingPosition = (Seq, f64);

/// Lies in the context, as long as the page.
#[derive(Clone, Copy)]
pub struct ReadingPositions(StoredValue<LiteMap<ConversationId, ReadingPosition>>);

impl ReadingPositions {
    /// Puts an empty collection into the context.
    pub fn provide() {
        provide_context(Self(StoredValue::new(LiteMap::new())));
    }

    /// The collection of this page.
    pub(super) fn of_page() -> Self {
        expect_context()
    }

    /// Where the reader was; none: at the end, or never there.
    pub(super) fn get(self, id: ConversationId) -> Option<ReadingPosition> {
        self.0.with_value(|positions| positions.get(&id).copied())
    }

    /// The reader is there now; none: at the end.
    pub(super) fn note(self, id: ConversationId, position: Option<ReadingPosition>) {
        self.0.update_value(|positions| match position {
            Some(position) => drop(positions.insert(id, position)),
            None => drop(positions.remove(&id)),
        });
    }
}
