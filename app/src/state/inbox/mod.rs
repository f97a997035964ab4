//! Messages coming in, in whatever order: shown in theirs, each once.

mod buffer;

use crate::protocol::{
    Command, ConversationId, Mark, Message, MessagePage, OfflineMessages, Seq, Timestamp,
};

use super::chats::Version;
use super::{Effect, Request, State};
use crate::protocol::rules::counts;

pub(super) use buffer::{Inbox, Span, Strays};

/// A hole may close by itself for this long before it is fetched.
pub(super) const HOLE_WAIT_MS: Timestamp = 300;
/// A hole that a fetch did not close is looked at again after this long.
pub(super) const HOLE_RETRY_MS: Timestamp = 2_000;

impl State {
    /// Up to where the conversation has been taken in: where something is loaded that follows the
    /// newest messages, that; else the row.
    pub(super) fn held(&self, id: ConversationId) -> Option<Seq> {
        let row = self.chats.get(id)?;
        let live = self.timelines.get(&id).filter(|timeline| !timeline.has_more_after());
        Some(live.map_or(row.last_seq, super::Timeline::to))
    }

    /// Takes in a piece of a conversation.
    pub(super) fn arrive(&mut self, id: ConversationId, mut span: Span, now: Timestamp) {
        // Now: by the time that it is taken in, what it answers may not be known any more.
        for message in &mut span.items {
            self.refresh_quote(message);
        }
        self.recognise(&span.items);
        self.announce_known(id, &span);
        if let Some(row) = self.chats.row_mut(id) {
            // What came through here and follows the mark is held, even where the row came with
            // it already: the `conversation` before a first message may.
            if span.from <= row.conversation.delivered_seq.next() {
                row.deliver(span.to);
            }
            row.inbox.hold(span);
            self.admit(id, now);
        } else {
            self.strays.entry(id).or_default().spans.push(span);
            self.fetch(Request::Conversation(id));
        }
    }

    /// A row may count a message before it comes: the `conversation` before a first message does.
    /// What is taken in later does not announce it then.
    fn announce_known(&mut self, id: ConversationId, span: &Span) {
        let (Some(held), Some(row)) = (self.held(id), self.chats.get(id)) else { return };
        let known = row.delivered_seq.next()..=held;
        let known = span.items.iter().filter(|message| {
            span.live && known.contains(&message.seq) && counts(message, self.me.id)
        });
        for message in known {
            self.out.push(Effect::Announce(Box::new(message.clone())));
        }
    }

    /// Shows what was held back, as far as there is no hole before it.
    pub(super) fn admit(&mut self, id: ConversationId, now: Timestamp) {
        while let Some(held) = self.held(id)
            && let Some(span) = self.chats.row_mut(id).and_then(|row| row.inbox.release(held))
        {
            self.take_in(id, held, span, now);
        }
        let Some(held) = self.held(id) else { return };
        self.update_delivered(id, held, now);
        self.outbox.settle(id, held, &mut self.out);
        if let Some(row) = self.chats.row_mut(id) {
            let hole = row.inbox.expected > held;
            let fetch_at = now + HOLE_WAIT_MS;
            row.inbox.hole_at =
                hole.then(|| row.inbox.hole_at.map_or(fetch_at, |at| at.min(fetch_at)));
        }
    }

    fn take_in(&mut self, id: ConversationId, held: Seq, mut span: Span, now: Timestamp) {
        if let Some(row) = self.chats.row(id) {
            row.inbox.apply_revisions(&mut span);
        }
        self.note_in_row(id, &span.items, span.from, span.to, now);
        let (mut fresh, known): (Vec<_>, Vec<_>) =
            span.items.into_iter().partition(|message| message.seq > held);
        if span.live {
            for message in fresh.iter().filter(|message| counts(message, self.me.id)) {
                self.out.push(Effect::Announce(Box::new(message.clone())));
            }
        }
        if let Some(timeline) = self.timelines.get_mut(&id) {
            for message in known {
                timeline.replace(message);
            }
            if !timeline.has_more_after() {
                timeline.extend(fresh.drain(..), span.to);
                timeline.trim_oldest();
            }
        }
        self.out.timeline_changed(id);
    }

    /// Moves the row on by what is newer than it.
    pub(super) fn note_in_row(
        &mut self,
        id: ConversationId,
        items: &[Message],
        from: Seq,
        to: Seq,
        now: Timestamp,
    ) {
        let me = self.me.id;
        let Some(row) = self.chats.row_mut(id) else { return };
        let last = row.conversation.last_seq;
        if to <= last {
            return;
        }
        if from > last.next() {
            row.version = Version::Touched;
            row.inbox.doubt(now);
        }
        for message in items.iter().filter(|message| message.seq > last) {
            row.push(message, me, now);
        }
        row.conversation.last_seq = to;
        row.inbox.expected = row.inbox.expected.max(to);
        self.out.chats_changed();
    }

    /// Everything up to here is held when it came through here, or is loaded.
    fn update_delivered(&mut self, id: ConversationId, held: Seq, now: Timestamp) {
        let timeline = self.timelines.get(&id);
        let loaded = timeline.filter(|timeline| !timeline.has_more_after());
        let Some(row) = self.chats.row_mut(id) else { return };
        let above = row.inbox.received_above;
        let above = loaded.map_or(above, |timeline| above.min(timeline.from().previous()));
        if row.conversation.delivered_seq >= above {
            row.deliver(held);
        }
        if row.has_news() {
            self.note_marks(now);
        }
    }

    /// What was above our delivered mark when we connected; the next of it follows our answer.
    pub(super) fn take_offline(&mut self, frame: OfflineMessages, now: Timestamp) {
        let id = frame.conversation_id;
        let Some(span) = Span::of_messages(frame.messages) else { return };
        let last = span.to;
        self.arrive(id, span, now);
        if let Some(row) = self.chats.row_mut(id) {
            row.deliver(last);
            row.inbox.told_delivered = row.inbox.told_delivered.max(last);
        } else if let Some(strays) = self.strays.get_mut(&id) {
            strays.delivered = strays.delivered.max(last);
        }
        let mark = Mark { conversation_id: id, seq: last };
        self.connection.send(None, Command::Delivered(mark), &mut self.out);
        if let Some(held) = self.held(id) {
            self.update_delivered(id, held, now);
        }
    }

    /// Fetches the holes that have been open for too long.
    pub(super) fn close_holes(&mut self, now: Timestamp) {
        let due: Vec<_> = self
            .chats
            .rows()
            .filter(|(_, row)| row.inbox.hole_at.is_some_and(|at| at <= now))
            .map(|(id, _)| id)
            .collect();
        for id in due {
            self.catch_up(id);
        }
    }

    /// Asks for what follows what is held, unless that is asked already.
    pub(super) fn catch_up(&mut self, id: ConversationId) {
        let Some(held) = self.held(id) else { return };
        if let Some(row) = self.chats.row_mut(id) {
            row.inbox.hole_at = None;
        }
        let asked = |request: &Request| matches!(request, Request::CatchUp(at, _) if *at == id);
        if !self.requests.any(asked) {
            self.fetch(Request::CatchUp(id, held));
        }
    }

    pub(super) fn caught_up(&mut self, id: ConversationId, page: MessagePage, now: Timestamp) {
        let before = self.held(id);
        let more = page.has_more_after;
        self.note_page_rev(id, page.rev, now);
        self.arrive(id, Span::of_page(page), now);
        let progress = self.held(id) > before;
        if more && progress {
            self.catch_up(id);
        } else if let Some(row) = self.chats.row_mut(id)
            && row.inbox.hole_at.is_some()
        {
            let wait = if progress { 0 } else { HOLE_RETRY_MS };
            row.inbox.hole_at = Some(now + wait);
        }
    }
}
