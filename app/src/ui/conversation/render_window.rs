//! Which of the loaded messages stand in the DOM: never more than 200, so that a long history
//! scrolls like a short one.

use std::collections::VecDeque;
use std::ops::Range;

use crate::protocol::{Message, Seq};

/// Articles in the DOM, at most.
pub(super) const MAX_RENDERED: usize = 200;
/// Articles by which the window moves. One at a time, because of all others `For` then finds that they
/// stay: where several come before them, tachys 0.2 takes each out of the page and puts it back.
const STEP: usize = 1;

/// The part that stands in the DOM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum RenderWindow {
    /// The newest of what is loaded, and whatever follows.
    #[default]
    Newest,
    /// From this message on.
    From(Seq),
}

impl RenderWindow {
    /// The indices of its articles among `count` items, of which `messages` are the first.
    pub fn range(self, messages: &VecDeque<Message>, count: usize) -> Range<usize> {
        match self {
            Self::From(seq) => {
                let start = messages.partition_point(|message| message.seq < seq);
                if start < messages.len() {
                    return start..count.min(start + MAX_RENDERED);
                }
                // What was loaded has made way for another part of the history.
                Self::Newest.range(messages, count)
            }
            Self::Newest => count.saturating_sub(MAX_RENDERED)..count,
        }
    }

    /// Its first message; none where it shows the newest.
    pub fn top(self, messages: &VecDeque<Message>, count: usize) -> Option<Seq> {
        if self == Self::Newest {
            return None;
        }
        messages.get(self.range(messages, count).start).map(|first| first.seq)
    }

    /// Moved towards the older ones; `None` when it shows the oldest loaded one.
    pub fn up(self, messages: &VecDeque<Message>, count: usize) -> Option<Self> {
        let start = self.range(messages, count).start;
        let first = messages.get(start.saturating_sub(STEP))?;
        (start > 0).then_some(Self::From(first.seq))
    }

    /// Moved towards the newer ones; `None` when it shows the newest loaded one.
    pub fn down(self, messages: &VecDeque<Message>, count: usize) -> Option<Self> {
        let range = self.range(messages, count);
        if range.end >= count {
            return None;
        }
        let start = range.start + STEP;
        let last = start + MAX_RENDERED >= count;
        Some(if last { Self::Newest } else { Self::From(messages.get(start)?.seq) })
    }

    /// Held where it stands, so that what arrives at the end does not push out what is read.
    pub fn held(self, messages: &VecDeque<Message>, count: usize) -> Self {
        let start = self.range(messages, count).start;
        messages.get(start).map_or(self, |first| Self::From(first.seq))
    }

    /// A window with the message at `index` in it, and some before it.
    pub fn around(index: usize, messages: &VecDeque<Message>, count: usize) -> Self {
        let start = index.saturating_sub(MAX_RENDERED / 2);
        if start + MAX_RENDERED >= count {
            return Self::Newest;
        }
        messages.get(start).map_or(Self::Newest, |first| Self::From(first.seq))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::{MAX_RENDERED, RenderWindow};
    use crate::protocol::{ClientId, Content, ConversationId, Message, Seq, User, UserId};

    fn messages(seqs: std::ops::RangeInclusive<i64>) -> VecDeque<Message> {
        let sender = User {
            id: UserId::new(1),
            username: "mei".into(),
            nickname: "Mei".into(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        };
        seqs.map(|seq| {
            let client_id = ClientId::parse("x").unwrap();
            let content = Content::Text(String::new());
            let (id, position) = (ConversationId::new(1), Seq::new(seq));
            Message::new(id, position, client_id, sender.clone(), content, seq)
        })
        .collect()
    }

    #[test]
    fn it_moves_over_the_whole_history_and_back() {
        let messages = messages(1..=1000);
        let count = messages.len() + 3;
        let mut window = RenderWindow::Newest;
        assert_eq!(window.range(&messages, count), 803..1003);
        let mut steps = 0;
        while let Some(up) = window.up(&messages, count) {
            let (old, new) = (window.range(&messages, count), up.range(&messages, count));
            assert!(
                new.len() <= MAX_RENDERED && new.start < old.start && new.end > old.start + 100
            );
            window = up;
            steps += 1;
        }
        assert_eq!(window.range(&messages, count), 0..200);
        while let Some(down) = window.down(&messages, count) {
            let (old, new) = (window.range(&messages, count), down.range(&messages, count));
            assert!(new.len() <= MAX_RENDERED && new.end > old.end && new.start < old.end - 100);
            window = down;
            steps -= 1;
        }
        assert_eq!(window, RenderWindow::Newest);
        assert!((-1..=1).contains(&steps));
    }

    #[test]
    fn what_is_read_stays_while_others_arrive() {
        let before = messages(1..=200);
        let held = RenderWindow::Newest.held(&before, 200);
        let after = messages(1..=260);
        assert_eq!(held.range(&after, 260), 0..200);
        assert_eq!(RenderWindow::Newest.range(&after, 260), 60..260);
    }

    #[test]
    fn another_part_of_the_history_is_shown_at_its_end() {
        let far = messages(9_000..=9_049);
        assert_eq!(RenderWindow::From(Seq::new(99_000)).range(&far, 50), 0..50);
        assert_eq!(RenderWindow::From(Seq::new(3)).range(&far, 50), 0..50);
        assert_eq!(RenderWindow::Newest.range(&VecDeque::new(), 0), 0..0);
        assert_eq!(RenderWindow::around(0, &far, 50), RenderWindow::Newest);
        assert_eq!(
            RenderWindow::around(150, &messages(1..=900), 900),
            RenderWindow::From(Seq::new(51))
        );
    }
}
