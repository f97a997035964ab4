//! What is let go of, so that what is loaded stays bounded however long a history is.

use super::Timeline;
use crate::protocol::Seq;

/// So many messages stay loaded around what is shown; what is further away is let go of. (In tests
/// few, so that it happens.)
pub(in crate::state) const MAX_LOADED: usize = if cfg!(test) { 9 } else { 600 };
/// Of a conversation that nobody looks at so many stay.
const MAX_LOADED_AT_REST: usize = if cfg!(test) { 3 } else { 100 };
/// Above the first message that is shown so many stay, and below it so many may be shown.
const KEPT_ABOVE: usize = if cfg!(test) { 2 } else { 200 };

impl Timeline {
    /// Lets go of the newest messages, where there are many below what is shown. What arrives is not
    /// appended then: it would leave a hole.
    pub(in crate::state::history) fn trim_newest(&mut self) {
        if self.messages.len() > MAX_LOADED {
            self.messages.truncate(MAX_LOADED);
            self.to = self.messages.back().map_or(self.to, |last| last.seq);
            self.live = false;
        }
    }

    /// Lets go of the oldest messages, as far as they are not shown. Where too many have come below
    /// what is shown, of the newest.
    pub(in crate::state) fn trim_oldest(&mut self) {
        let above = self.top.and_then(|top| self.index_of(top)).unwrap_or(self.messages.len());
        let surplus = self.messages.len().saturating_sub(MAX_LOADED);
        self.drop_oldest(surplus.min(above.saturating_sub(KEPT_ABOVE)));
        if self.messages.len() > 2 * MAX_LOADED {
            self.trim_newest();
        }
    }

    /// Nobody looks any more: lets go of all but the newest, or of all but what was shown.
    pub(in crate::state::history) fn rest(&mut self) {
        let top = self.top.and_then(|top| self.index_of(top));
        let surplus = self.messages.len().saturating_sub(MAX_LOADED_AT_REST);
        self.drop_oldest(surplus.min(top.unwrap_or(surplus)));
    }

    /// What stands below this position is not there any more.
    pub(in crate::state) fn forget_below(&mut self, first: Seq) {
        if self.from < first {
            let gone = self.messages.partition_point(|message| message.seq < first);
            self.messages.drain(..gone);
            self.from = first;
            self.to = self.to.max(first.previous());
        }
        self.has_more_before = self.from > first;
    }

    fn drop_oldest(&mut self, count: usize) {
        if count > 0 {
            self.messages.drain(..count);
            self.from = self.messages.front().map_or(self.to.next(), |first| first.seq);
            self.has_more_before = true;
        }
    }
}
