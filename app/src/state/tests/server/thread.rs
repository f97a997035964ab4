//! One conversation of the miniature server, as the person sees it.

use std::collections::BTreeMap;

use super::{ME, PAGE_SIZE, index, user};
use crate::protocol::rules::takes_reactions;
use crate::protocol::{
    Content, Conversation, ConversationId, ConversationKind, Head, History, Message,
    MessageChanges, MessagePage, Quote, Reaction, Role, Seq, Timestamp, User, UserId, Window,
};

pub(in crate::state::tests) struct Thread {
    id: ConversationId,
    /// The other person; none in a group.
    pub peer: Option<UserId>,
    pub name: String,
    pub members: u32,
    pub role: Role,
    /// The person is in it.
    pub within: bool,
    pub messages: Vec<Message>,
    pub reactions: Vec<(Seq, String, UserId)>,
    pub rev: i64,
    pub mine: Marks,
    pub theirs: Marks,
    pub pinned: bool,
    pub muted_until: Timestamp,
    pub archived: Seq,
    pub marked_unread: bool,
    /// The first position that the person can see.
    pub joined: Seq,
    /// Hidden up to here.
    pub cleared: Seq,
    pub version: i64,
    /// The others under the names and with the pictures that they have by now.
    pub called: BTreeMap<UserId, User>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::state::tests) struct Marks {
    pub read: Seq,
    pub delivered: Seq,
}

impl Marks {
    pub fn hold(&mut self, seq: Seq, read: bool) {
        self.delivered = self.delivered.max(seq);
        if read {
            self.read = self.read.max(seq);
        }
    }

    /// Own messages never hold a mark back.
    fn step_over(&mut self, messages: &[Message], me: UserId) {
        for message in messages.iter().filter(|message| message.sender.id == me) {
            if self.read.next() == message.seq {
                self.read = message.seq;
            }
            if self.delivered.next() == message.seq {
                self.delivered = message.seq;
            }
        }
        self.delivered = self.delivered.max(self.read);
    }
}

impl Thread {
    pub fn private(id: ConversationId, peer: UserId) -> Self {
        Self {
            id,
            peer: Some(peer),
            name: user(peer).nickname,
            members: 2,
            role: Role::Member,
            within: true,
            messages: Vec::new(),
            reactions: Vec::new(),
            rev: 0,
            mine: Marks::default(),
            theirs: Marks::default(),
            pinned: false,
            muted_until: 0,
            archived: Seq::ZERO,
            marked_unread: false,
            joined: Seq::new(1),
            cleared: Seq::ZERO,
            version: 0,
            called: BTreeMap::new(),
        }
    }

    pub fn group(id: ConversationId, name: String) -> Self {
        Self { peer: None, name, members: 3, ..Self::private(id, ME) }
    }

    pub fn last(&self) -> Seq {
        self.messages.last().map_or(Seq::ZERO, |message| message.seq)
    }

    pub fn first(&self) -> Seq {
        self.joined.max(self.cleared.next())
    }

    pub fn find(&self, client_id: &str) -> Option<&Message> {
        let mut own = self.messages.iter().filter(|message| message.sender.id == ME);
        own.find(|message| message.client_id.as_str() == client_id)
    }

    pub fn quote(&self, seq: Seq) -> Quote {
        self.messages[index(seq) - 1].quote()
    }

    fn person(&self, id: UserId) -> User {
        self.called.get(&id).cloned().unwrap_or_else(|| user(id))
    }

    /// A message as it is now; what is pushed to everyone tells nobody's own reactions.
    pub fn view(&self, seq: Seq, exact: bool) -> Message {
        let mut message = self.messages[index(seq) - 1].clone();
        for (_, emoji, who) in self.reactions.iter().filter(|(at, ..)| *at == seq) {
            let known = message.reactions.iter_mut().find(|known| known.emoji == *emoji);
            let mine = exact.then_some(*who == ME);
            match known {
                Some(known) => {
                    known.count += 1;
                    known.mine = known.mine.max(mine);
                }
                None => {
                    message.reactions.push(Reaction { emoji: emoji.clone(), count: 1, mine });
                }
            }
        }
        if let Some(quote) = &mut message.reply_to {
            *quote = self.quote(quote.seq);
        }
        for person in people_in(&mut message) {
            *person = self.person(person.id);
        }
        message
    }

    fn counted(&self) -> impl Iterator<Item = &Message> {
        let (read, first) = (self.mine.read, self.first());
        self.messages.iter().filter(move |message| {
            let counts = message.sender.id != ME && takes_reactions(&message.content);
            message.seq > read && message.seq >= first && counts
        })
    }

    pub fn unread(&self) -> u32 {
        u32::try_from(self.counted().count()).unwrap_or(0)
    }

    pub fn step_over(&mut self) {
        self.mine.step_over(&self.messages, ME);
        if let Some(peer) = self.peer {
            self.theirs.step_over(&self.messages, peer);
        }
    }

    /// A row with its marks moved over own messages: the server does so even for those that the
    /// client has not loaded.
    pub fn comparable_row(&self, row: &Conversation) -> Conversation {
        let mut mine = Marks { read: row.read_seq, delivered: row.delivered_seq };
        mine.step_over(&self.messages, ME);
        Conversation {
            read_seq: mine.read,
            delivered_seq: mine.delivered,
            last_message: row.last_message.as_ref().map(|last| self.comparable(last)),
            ..row.clone()
        }
    }

    /// A message without the words that it quotes of a hidden one: nobody tells of a hidden message
    /// that it has changed, so that a device that missed the change may keep the old ones.
    pub fn comparable(&self, message: &Message) -> Message {
        let mut message = message.clone();
        if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.seq < self.first()) {
            quote.excerpt.clear();
        }
        message
    }

    pub fn above(&self, seq: Seq) -> Vec<Message> {
        let from = seq.next().max(self.first());
        (from.get()..=self.last().get()).map(|seq| self.view(Seq::new(seq), true)).collect()
    }

    pub fn page(&self, window: Window) -> MessagePage {
        let (first, last) = (self.first().get(), self.last().get());
        let size = i64::try_from(PAGE_SIZE).expect("small");
        let (from, to) = match window {
            Window::Latest => (last - size + 1, last),
            Window::Before(seq) => {
                let to = seq.previous().get().min(last);
                (to - size + 1, to)
            }
            Window::After(seq) => {
                let from = seq.next().get();
                (from, last.min(from.max(first) + size - 1).max(seq.get()))
            }
            Window::Around(seq) => {
                let from = (seq.get() - size / 2).max(first);
                let to = last.min(from + size - 1);
                (to - size + 1, to)
            }
        };
        let from = if matches!(window, Window::After(_)) { from } else { from.max(first) };
        let to = to.max(from - 1);
        MessagePage {
            items: (from.max(first)..=to).map(|seq| self.view(Seq::new(seq), true)).collect(),
            from_seq: Seq::new(from),
            to_seq: Seq::new(to),
            has_more_before: from > first,
            has_more_after: to < last,
            rev: self.rev,
        }
    }

    pub fn changes(&self, after: i64) -> MessageChanges {
        let mut changed: Vec<_> = self
            .messages
            .iter()
            .filter(|message| message.rev > after && message.seq >= self.first())
            .map(|message| self.view(message.seq, true))
            .collect();
        changed.sort_by_key(|message| message.rev);
        let has_more = changed.len() > PAGE_SIZE;
        changed.truncate(PAGE_SIZE);
        let last = changed.last().map_or(after, |message| message.rev);
        let rev = if has_more { last } else { last.max(self.rev) };
        MessageChanges { items: changed, rev, has_more }
    }

    pub fn row(&self, now: Timestamp) -> Conversation {
        let last = self.last();
        let is_muted = self.muted_until > now;
        let is_private = self.peer.is_some();
        let peer = self.peer.map(|peer| self.person(peer));
        Conversation {
            id: self.id,
            kind: if is_private { ConversationKind::Private } else { ConversationKind::Group },
            name: peer.as_ref().map_or(&self.name, |peer| &peer.nickname).clone(),
            avatar_url: peer.as_ref().and_then(|peer| peer.avatar_url.clone()),
            peer,
            role: Some(self.role),
            member_count: self.members,
            first_seq: self.first(),
            last_seq: last,
            rev: self.rev,
            updated_at: self.messages.last().map_or(0, |message| message.created_at),
            last_message: (last >= self.first()).then(|| self.view(last, true)),
            read_seq: self.mine.read,
            delivered_seq: self.mine.delivered,
            peer_read_seq: is_private.then_some(self.theirs.read),
            peer_delivered_seq: is_private.then_some(self.theirs.delivered),
            unread: self.unread(),
            mention_seq: self
                .counted()
                .find(|message| message.names(ME))
                .map(|message| message.seq),
            marked_unread: self.marked_unread,
            pinned: self.pinned,
            muted_until: is_muted.then_some(self.muted_until),
            archived: self.archived > Seq::ZERO && (self.archived >= last || is_muted),
            open: false,
            history: History::Joined,
        }
    }

    pub fn head(&self, now: Timestamp) -> Head {
        let row = self.row(now);
        Head {
            id: row.id,
            last_seq: row.last_seq,
            rev: row.rev,
            read_seq: row.read_seq,
            delivered_seq: row.delivered_seq,
            peer_delivered_seq: row.peer_delivered_seq.unwrap_or_default(),
            peer_read_seq: row.peer_read_seq.unwrap_or_default(),
            version: self.version,
        }
    }
}

/// All whom a message names.
fn people_in(message: &mut Message) -> Vec<&mut User> {
    let mut people = vec![&mut message.sender];
    people.extend(&mut message.mentioned);
    people.extend(&mut message.forwarded_from);
    people.extend(message.reply_to.as_mut().map(|quote| &mut quote.sender));
    if let Content::System(notice) = &mut message.content {
        people.push(&mut notice.actor);
        people.extend(&mut notice.subjects);
    }
    people
}
