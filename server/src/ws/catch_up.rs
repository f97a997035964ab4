//! What a returning socket missed: each conversation in pages, oldest first, while its live
//! messages are held back so that the socket sees one ascending order.

use std::collections::{BTreeSet, HashMap, VecDeque};

use app::protocol::{
    ConversationId, Head, Message, MessagePage, OfflineMessages, Seq, ServerFrame, limits,
};
use tungstenite::Utf8Bytes;

use super::frames::encode;

/// Conversations of which a page may be on its way at the same time.
const MAX_OPEN: usize = 4;

/// Messages in a page.
pub(super) const PAGE_SIZE: u32 = 100;

/// Bytes kept free in a frame for what stands around its messages.
const ENVELOPE_BYTES: usize = 256;

/// The conversations that a socket still has to catch up with. Empty for most of its life.
#[derive(Debug, Default)]
pub(super) struct CatchUp {
    in_progress: HashMap<ConversationId, Progress>,
    /// Those of which nothing was read yet.
    queued: VecDeque<ConversationId>,
    /// Those whose last page has been taken in, so that the next may be read.
    ready: VecDeque<ConversationId>,
    open: usize,
    /// The position up to which a conversation was told that has caught up; live events may still carry less.
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
    /// The `client_id` of the next message, when this very socket sent it and has no answer yet: a
    /// socket is not told of its own message, and its ack must not come after what is above it.
    blocked_by: Option<String>,
    any_sent: bool,
}

impl CatchUp {
    /// Begins with all conversations that have something above the delivered mark.
    pub(super) fn new(heads: impl IntoIterator<Item = Head>) -> Self {
        let mut catch_up = Self::default();
        for head in heads {
            if head.last_seq > head.delivered_seq {
                let progress = Progress {
                    sent: head.delivered_seq,
                    newest: head.last_seq,
                    own: BTreeSet::new(),
                    awaits: None,
                    blocked_by: None,
                    any_sent: false,
                };
                catch_up.in_progress.insert(head.id, progress);
                catch_up.queued.push_back(head.id);
            }
        }
        catch_up
    }

    /// Whether a live message must not go out: it comes with a page, or has come with one.
    pub(super) fn holds_back(&mut self, id: ConversationId, seq: Seq) -> bool {
        if let Some(progress) = self.in_progress.get_mut(&id) {
            progress.newest = progress.newest.max(seq);
            return true;
        }
        self.told.get(&id).is_some_and(|told| seq <= *told)
    }

    /// This socket got the answer to a message of its own: an ack with its position, or a refusal.
    pub(super) fn answered(&mut self, id: ConversationId, client_id: &str, seq: Option<Seq>) {
        let Some(progress) = self.in_progress.get_mut(&id) else { return };
        progress.own.extend(seq);
        if progress.blocked_by.as_deref() == Some(client_id) {
            progress.blocked_by = None;
            self.go_on(id);
        }
    }

    /// The client holds everything up to here.
    pub(super) fn delivered(&mut self, id: ConversationId, seq: Seq) {
        if let Some(progress) = self.in_progress.get_mut(&id)
            && progress.awaits.is_some_and(|awaited| seq >= awaited)
        {
            progress.awaits = None;
            self.go_on(id);
        }
    }

    /// The next page to read, if one may be: the conversation, and the position it starts after.
    pub(super) fn next(&mut self) -> Option<(ConversationId, Seq)> {
        let id = match self.ready.pop_front() {
            Some(id) => id,
            None if self.open < MAX_OPEN => {
                let id = self.queued.pop_front()?;
                self.open += 1;
                id
            }
            None => return None,
        };
        Some((id, self.in_progress.get(&id)?.sent))
    }

    /// Turns a page into a frame; no page (not a member any more) ends it for the conversation.
    /// The page ends before the first message that is `pending`.
    pub(super) fn take(
        &mut self,
        id: ConversationId,
        page: Option<MessagePage>,
        pending: impl Fn(&Message) -> bool,
    ) -> Option<Utf8Bytes> {
        let Some((page, progress)) = page.zip(self.in_progress.get_mut(&id)) else {
            self.close(id, None);
            return None;
        };
        let own = std::mem::take(&mut progress.own);
        let mut messages: Vec<Message> =
            page.items.into_iter().filter(|message| !own.contains(&message.seq)).collect();
        let first_pending = messages.iter().position(pending);
        let blocking = first_pending.map(|at| messages.swap_remove(at));
        messages.truncate(first_pending.unwrap_or(messages.len()));
        let cut = cut_to_frame(&mut messages);
        progress.sent = match (cut, messages.last(), &blocking) {
            (true, Some(last), _) => last.seq,
            (_, _, Some(blocking)) => blocking.seq.previous(),
            _ => page.to_seq.max(progress.sent),
        };
        progress.blocked_by = blocking.filter(|_| !cut).map(|own| own.client_id.into_inner());
        let blocked = progress.blocked_by.is_some();
        let has_more = cut || blocked || page.has_more_after || progress.sent < progress.newest;
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
            // A page of nothing but own messages: the client has nothing to confirm.
            self.go_on(id);
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

    /// The conversation is not this socket's any more: nothing is told of it.
    pub(super) fn forget(&mut self, id: ConversationId) {
        self.told.remove(&id);
        self.ready.retain(|ready| *ready != id);
        if let Some(at) = self.queued.iter().position(|queued| *queued == id) {
            // Not one of those that are open.
            self.queued.remove(at);
            self.in_progress.remove(&id);
        } else {
            self.close(id, None);
        }
    }

    /// The next page may be read, once nothing is waited for.
    fn go_on(&mut self, id: ConversationId) {
        let waits =
            |progress: &Progress| progress.awaits.is_some() || progress.blocked_by.is_some();
        if self.in_progress.get(&id).is_some_and(|progress| !waits(progress)) {
            self.ready.push_back(id);
        }
    }

    fn close(&mut self, id: ConversationId, told: Option<Seq>) {
        if self.in_progress.remove(&id).is_some() {
            self.open = self.open.saturating_sub(1);
        }
        if let Some(told) = told {
            self.told.insert(id, told);
        }
    }
}

/// Keeps as many messages from the front as fit into one frame; tells whether some were cut off.
fn cut_to_frame(messages: &mut Vec<Message>) -> bool {
    let mut room = limits::SERVER_FRAME - ENVELOPE_BYTES;
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
    cut
}

#[cfg(test)]
mod tests;
