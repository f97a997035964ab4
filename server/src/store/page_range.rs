//! Which positions a page of history covers.

use app::protocol::Window;

/// The covered positions of a page; empty when `from` is one above `to`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Range {
    /// Positions have no holes, so that a page's extent is arithmetic. `first` and `last` are the
    /// oldest and the newest position that the reader can see.
    pub(super) fn of(window: Window, limit: i64, first: i64, last: i64) -> Self {
        let (from, to) = match window {
            Window::Latest => (last - limit + 1, last),
            Window::Before(seq) => {
                let to = seq.previous().get().min(last);
                (to - limit + 1, to)
            }
            Window::After(seq) => {
                // What is hidden below `first` counts as covered: there is nothing to come back for.
                let from = seq.get() + 1;
                return Self { from, to: last.min(from.max(first) + limit - 1).max(seq.get()) };
            }
            Window::Around(seq) => {
                let from = (seq.get() - limit / 2).max(first);
                let to = last.min(from + limit - 1);
                (to - limit + 1, to)
            }
        };
        let from = from.max(first);
        Self { from, to: to.max(from - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, Window};
    use app::protocol::Seq;

    fn range(window: Window, first: i64, last: i64) -> (i64, i64) {
        let range = Range::of(window, 10, first, last);
        (range.from, range.to)
    }

    #[test]
    fn pages_cover_what_they_say() {
        let at = Seq::new;
        for (window, first, last, expected) in [
            (Window::Latest, 1, 100, (91, 100)),
            (Window::Latest, 1, 4, (1, 4)),
            (Window::Latest, 1, 0, (1, 0)),
            (Window::Before(at(50)), 1, 100, (40, 49)),
            (Window::Before(at(5)), 1, 100, (1, 4)),
            (Window::Before(at(1)), 1, 100, (1, 0)),
            (Window::Before(at(0)), 1, 100, (1, 0)),
            (Window::Before(at(500)), 1, 100, (91, 100)),
            (Window::Before(at(25)), 20, 100, (20, 24)),
            (Window::After(at(50)), 1, 100, (51, 60)),
            (Window::After(at(95)), 1, 100, (96, 100)),
            (Window::After(at(100)), 1, 100, (101, 100)),
            (Window::After(at(500)), 1, 100, (501, 500)),
            (Window::After(at(0)), 20, 100, (1, 29)),
            (Window::Around(at(50)), 1, 100, (45, 54)),
            (Window::Around(at(2)), 1, 100, (1, 10)),
            (Window::Around(at(99)), 1, 100, (91, 100)),
            (Window::Around(at(500)), 1, 100, (91, 100)),
            (Window::Around(at(2)), 20, 100, (20, 29)),
            (Window::Around(at(3)), 1, 5, (1, 5)),
        ] {
            assert_eq!(range(window, first, last), expected, "{window:?} of {first}..={last}");
        }
    }
}
