//! What a returning socket missed: each conversation in pages, oldest first, while its live
//! messages are held back so that the socket sees one ascending order.

use std::collections::{BTreeSet, HashMap, VecDeque};

use app::protocol::{
    ConversationId, Head, Message, MessagePage, OfflineMessages, Seq, ServerFrame, limits,
};
use axum::extract::ws::Utf8Bytes;

use super::frames::encode;

/// Conversations of which a page may be on its way at the same time.
const OPEN_AT_ONCE: usize = 4;

/// Messages in a page.
pub(super) const PAGE: u32 = 100;

/// Bytes kept free in a frame for what stands around its messages.
const ENVELOPE: usize = 256;

/// The conversations that a socket still has to catch up with. Empty for most of its life.
#[derive(Debug, Default)]
pub(super) struct Drain {
    draining: HashMap<ConversationId, Progress>,
    /// Those of which nothing was read yet.
    queued: VecDeque<ConversationId>,
    /// Those whose last page has been taken in, so that the next may be read.
    ready: VecDeque<ConversationId>,
    open: usize,
    /// Up to where a drained conversation was told; live events may still carry less.
    told: HashMap<ConversationId, Seq>,
}

#[derive(Debug)]
struct Progress {
    /// Told up to here; before the first page, the delivered mark.
    sent: Seq,
    /// The newest position known.
    newest: Seq,
    /// Positions that this very socket wrote and got acks for, and so need no telling.
    own: BTreeSet<Seq>,
    /// The last position in the frame that the client has yet to confirm.
    awaits: Option<Seq>,
    any_sent: bool,
}

impl Drain {
    /// Begins with all conversations that have something above the delivered mark.
    pub(super) fn new(heads: impl IntoIterator<Item = Head>) -> Self {
        let mut drain = Self::default();
        for head in heads {
            if head.last_seq > head.delivered_seq {
                let progress = Progress {
                    sent: head.delivered_seq,
                    newest: head.last_seq,
                    own: BTreeSet::new(),
                    awaits: None,
                    any_sent: false,
                };
                drain.draining.insert(head.id, progress);
                drain.queued.push_back(head.id);
            }
        }
        drain
    }

    /// Whether a live message must not go out: it comes with a page, or has come with one.
    pub(super) fn holds_back(&mut self, id: ConversationId, seq: Seq) -> bool {
        if let Some(progress) = self.draining.get_mut(&id) {
            progress.newest = progress.newest.max(seq);
            return true;
        }
        self.told.get(&id).is_some_and(|told| seq <= *told)
    }

    /// This socket got an ack for this position.
    pub(super) fn acked(&mut self, id: ConversationId, seq: Seq) {
        if let Some(progress) = self.draining.get_mut(&id) {
            progress.own.insert(seq);
        }
    }

    /// The client holds everything up to here.
    pub(super) fn delivered(&mut self, id: ConversationId, seq: Seq) {
        if let Some(progress) = self.draining.get_mut(&id)
            && progress.awaits.is_some_and(|awaited| seq >= awaited)
        {
            progress.awaits = None;
            self.ready.push_back(id);
        }
    }

    /// The next page to read, if one may be: the conversation, and the position it starts after.
    pub(super) fn next(&mut self) -> Option<(ConversationId, Seq)> {
        let id = match self.ready.pop_front() {
            Some(id) => id,
            None if self.open < OPEN_AT_ONCE => {
                let id = self.queued.pop_front()?;
                self.open += 1;
                id
            }
            None => return None,
        };
        Some((id, self.draining.get(&id)?.sent))
    }

    /// Turns a page into a frame; no page (not a member any more) ends the conversation's drain.
    pub(super) fn take(
        &mut self,
        id: ConversationId,
        page: Option<MessagePage>,
    ) -> Option<Utf8Bytes> {
        let Some((page, progress)) = page.zip(self.draining.get_mut(&id)) else {
            self.close(id, None);
            return None;
        };
        let own = std::mem::take(&mut progress.own);
        let items = page.items.into_iter().filter(|message| !own.contains(&message.seq)).collect();
        let (messages, cut) = cut_to_frame(items);
        progress.sent = match (cut, messages.last()) {
            (true, Some(last)) => last.seq,
            _ => page.to_seq.max(progress.sent),
        };
        let newest = progress.newest;
        let has_more = cut || page.has_more_after || progress.sent < newest;
        let worth_telling = progress.any_sent || !messages.is_empty();
        progress.any_sent |= worth_telling;
        progress.own = own.into_iter().filter(|seq| *seq > progress.sent).collect();
        let sent = progress.sent;
        if !has_more {
            self.close(id, Some(sent));
        } else if let Some(last) = messages.last() {
            // Own messages at the page's end are not in the frame, and hold no mark back.
            progress.awaits = Some(last.seq);
        } else {
            // A page of nothing but own messages: there is nothing to wait for.
            self.ready.push_back(id);
            return None;
        }
        worth_telling.then(|| {
            encode(&ServerFrame::OfflineMessages(OfflineMessages {
                conversation_id: id,
                messages,
                has_more,
            }))
        })
    }

    fn close(&mut self, id: ConversationId, told: Option<Seq>) {
        if self.draining.remove(&id).is_some() {
            self.open = self.open.saturating_sub(1);
        }
        if let Some(told) = told {
            self.told.insert(id, told);
        }
    }
}

/// As many messages from the front as fit into one frame; tells whether some were cut off.
fn cut_to_frame(mut messages: Vec<Message>) -> (Vec<Message>, bool) {
    let mut room = limits::SERVER_FRAME - ENVELOPE;
    let fitting = messages.iter().take_while(|message| {
        let size = serde_json::to_string(message).map_or(0, |text| text.len() + 1);
        let fits = size <= room;
        room = room.saturating_sub(size);
        fits
    });
    // One message always fits: its text is bounded far below a frame.
    let keep = fitting.count().max(1);
    let cut = keep < messages.len();
    messages.truncate(keep);
    (messages, cut)
}

#[cfg(test)]
mod tests {
    use app::protocol::{
        ClientId, ConversationId, Head, Message, MessagePage, MessageType, Seq, ServerFrame, User,
        UserId, limits,
    };

    use super::Drain;

    const ID: ConversationId = ConversationId::new(7);

    fn head(id: i64, delivered: i64, last: i64) -> Head {
        Head {
            id: ConversationId::new(id),
            last_seq: Seq::new(last),
            rev: 0,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::new(delivered),
            peer_delivered_seq: Seq::ZERO,
            peer_read_seq: Seq::ZERO,
            version: 0,
        }
    }

    fn message(seq: i64, content: String) -> Message {
        Message {
            conversation_id: ID,
            seq: Seq::new(seq),
            client_id: ClientId::parse(&format!("c{seq}")).expect("valid"),
            sender: User {
                id: UserId::new(1),
                username: "mei".into(),
                nickname: "Mei".into(),
                avatar_url: None,
                created_at: 0,
                presence: None,
            },
            message_type: MessageType::Text,
            content,
            file: None,
            schedule: None,
            reply_to: None,
            forwarded_from: None,
            mentions: Vec::new(),
            reactions: Vec::new(),
            system: None,
            created_at: 0,
            edited_at: None,
            recalled: false,
            rev: 0,
        }
    }

    fn page(from: i64, to: i64, last: i64, content: &str) -> MessagePage {
        MessagePage {
            items: (from..=to).map(|seq| message(seq, content.to_owned())).collect(),
            from_seq: Seq::new(from),
            to_seq: Seq::new(to),
            has_more_before: from > 1,
            has_more_after: to < last,
            rev: 0,
        }
    }

    fn told(drain: &mut Drain, page: MessagePage) -> (Vec<i64>, bool) {
        let text = drain.take(ID, Some(page)).expect("a frame");
        assert!(text.len() <= limits::SERVER_FRAME);
        match serde_json::from_str(&text).expect("a frame") {
            ServerFrame::OfflineMessages(offline) => (
                offline.messages.iter().map(|message| message.seq.get()).collect(),
                offline.has_more,
            ),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_follow_the_delivered_mark_and_live_messages_wait_for_the_end() {
        let mut drain = Drain::new([head(7, 2, 5)]);
        assert_eq!(drain.next(), Some((ID, Seq::new(2))));
        assert!(drain.holds_back(ID, Seq::new(6)), "a live message while draining");
        assert_eq!(told(&mut drain, page(3, 5, 5, "x")), (vec![3, 4, 5], true));
        assert_eq!(drain.next(), None, "before its delivered");
        drain.delivered(ID, Seq::new(4));
        assert_eq!(drain.next(), None, "not all of it");
        drain.delivered(ID, Seq::new(5));
        assert_eq!(drain.next(), Some((ID, Seq::new(5))));
        assert_eq!(told(&mut drain, page(6, 6, 6, "x")), (vec![6], false));
        assert!(drain.holds_back(ID, Seq::new(6)), "it came with the last page");
        assert!(!drain.holds_back(ID, Seq::new(7)));
    }

    #[test]
    fn own_messages_that_were_acked_here_are_not_told_again() {
        let mut drain = Drain::new([head(7, 0, 2)]);
        drain.next();
        drain.acked(ID, Seq::new(3));
        assert_eq!(told(&mut drain, page(1, 3, 3, "x")), (vec![1, 2], false));
    }

    #[test]
    fn own_messages_at_the_end_of_a_page_hold_no_mark_back() {
        let mut drain = Drain::new([head(7, 0, 6)]);
        drain.next();
        for own in 3..=4 {
            drain.acked(ID, Seq::new(own));
        }
        assert_eq!(told(&mut drain, page(1, 4, 6, "x")), (vec![1, 2], true));
        drain.delivered(ID, Seq::new(2));
        assert_eq!(drain.next(), Some((ID, Seq::new(4))));
    }

    #[test]
    fn at_most_four_are_open() {
        let mut drain = Drain::new((1..=6).map(|id| head(id, 0, 1)));
        let open: Vec<_> = std::iter::from_fn(|| drain.next()).collect();
        assert_eq!(open.len(), 4);
        drain.take(open[0].0, None);
        assert!(drain.next().is_some());
        assert!(drain.next().is_none());
    }

    #[test]
    fn a_frame_is_cut_to_its_size() {
        let long = "😀".repeat(limits::TEXT);
        let mut drain = Drain::new([head(7, 0, 100)]);
        drain.next();
        let (seqs, has_more) = told(&mut drain, page(1, 100, 100, &long));
        assert!(has_more && seqs.len() < 100 && !seqs.is_empty());
        let last = *seqs.last().expect("some");
        drain.delivered(ID, Seq::new(last));
        assert_eq!(drain.next(), Some((ID, Seq::new(last))));
    }
}
