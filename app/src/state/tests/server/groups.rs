//! Groups of the miniature server: who is in them, and what they are told.

use super::{ME, Server, Thread, Words, user};
use crate::protocol::rules::is_forwardable;
use crate::protocol::{
    Content, Conversation, ConversationId, Role, Seq, ServerFrame, SystemEvent, SystemNotice,
    UserId,
};

/// As many groups there are at most.
const MAX_GROUPS: usize = 2;

impl Server {
    fn groups(&self) -> Vec<ConversationId> {
        let groups = self.threads.iter().filter(|(_, thread)| thread.peer.is_none());
        groups.map(|(id, _)| *id).collect()
    }

    /// A group of the person and two others, made by one of them.
    pub fn new_group(&mut self, by: UserId) -> Option<ConversationId> {
        let known = self.groups().len();
        if known >= MAX_GROUPS {
            return None;
        }
        let id = ConversationId::new(200 + i64::try_from(known).unwrap_or(0));
        let mut group = Thread::group(id, format!("Group {known}"));
        group.called.clone_from(&self.called);
        group.role = if by == ME { Role::Owner } else { Role::Member };
        self.threads.insert(id, group);
        self.happens(id, by, SystemEvent::Created, Vec::new(), true);
        Some(id)
    }

    pub fn member_sends(&mut self, at: u8, who: u8) {
        let groups = self.groups();
        if groups.is_empty() {
            return;
        }
        let id = groups[usize::from(at) % groups.len()];
        let message = self.says(id, Self::peer(who));
        self.tell_new(&message, None);
    }

    /// Someone else does something to a group.
    pub fn member_manages(&mut self, at: u8, how: u8) {
        let groups = self.groups();
        if groups.is_empty() {
            return;
        }
        let id = groups[usize::from(at) % groups.len()];
        let (by, other) = (Self::peer(how), user(Self::peer(how.wrapping_add(1))));
        let thread = self.thread(id);
        let within = thread.within;
        match how % 6 {
            0 => self.rename(id, by, &format!("Name {how}")),
            1 => {
                thread.members += 1;
                self.happens(id, by, SystemEvent::Added, vec![other], false);
            }
            2 if within => self.leave(id, by),
            3 if !within => {
                thread.within = true;
                thread.members += 1;
                thread.joined = thread.last().next();
                thread.mine.read = thread.last();
                thread.mine.delivered = thread.last();
                thread.role = Role::Member;
                thread.pinned = false;
                thread.marked_unread = false;
                thread.muted_until = 0;
                thread.archived = Seq::ZERO;
                self.happens(id, by, SystemEvent::Added, vec![user(ME)], true);
            }
            4 if within => {
                thread.role = if thread.role == Role::Admin { Role::Member } else { Role::Admin };
                self.happens(id, by, SystemEvent::Role, vec![user(ME)], false);
            }
            5 if thread.members > 2 => {
                thread.members -= 1;
                self.happens(id, by, SystemEvent::Left, Vec::new(), false);
            }
            _ => {}
        }
    }

    /// What the person does by the plain forms of pages, in groups and with messages of others.
    pub fn by_form(&mut self, what: u8, at: u8, which: u8) {
        if what.is_multiple_of(4) {
            self.new_group(ME);
            return;
        }
        let within = self.groups().into_iter().filter(|id| self.threads[id].within);
        let group = within.cycle().nth(usize::from(at % 8));
        match (group, what % 4) {
            (Some(id), 1) => self.rename(id, ME, &format!("Renamed {which}")),
            (Some(id), 2) => self.leave(id, ME),
            (_, 3) => self.forward(at, which),
            _ => {}
        }
    }

    /// Carries words on from one conversation to another.
    fn forward(&mut self, at: u8, which: u8) {
        let (Some(from), Some(to)) = (self.nth(at), self.nth(which)) else { return };
        let messages = &self.threads[&from].messages;
        let Some(message) = messages.get(usize::from(which) % messages.len().max(1)) else {
            return;
        };
        if !is_forwardable(&message.content) {
            return;
        }
        let author = message.forwarded_from.as_ref().unwrap_or(&message.sender).clone();
        let (content, forwarded_from) = (message.content.clone(), Some(author));
        let words = Words { forwarded_from, ..Words::new(self.name(), content) };
        let stored = self.append(to, ME, words);
        self.tell_new(&stored, None);
    }

    fn rename(&mut self, id: ConversationId, by: UserId, name: &str) {
        name.clone_into(&mut self.thread(id).name);
        self.happens(id, by, SystemEvent::Renamed, Vec::new(), false);
    }

    /// The person leaves, or is removed.
    fn leave(&mut self, id: ConversationId, by: UserId) {
        let event = if by == ME { SystemEvent::Left } else { SystemEvent::Removed };
        let thread = self.thread(id);
        thread.within = false;
        thread.members -= 1;
        self.happens(id, by, event, vec![user(ME)], false);
        for socket in &mut self.sockets {
            socket.draining.remove(&id);
        }
        self.push_all(&ServerFrame::ConversationRemoved { id: None, conversation_id: id });
    }

    /// The group has changed: its members are told, and a message in it tells of it.
    fn happens(
        &mut self,
        id: ConversationId,
        by: UserId,
        event: SystemEvent,
        subjects: Vec<crate::protocol::User>,
        is_new: bool,
    ) {
        let name = self.name();
        self.thread(id).version += 1;
        let system =
            SystemNotice { event, actor: user(by), subjects, subjects_more: 0, name: None };
        let words = Words::new(name, Content::System(Box::new(system)));
        let message = self.append(id, by, words);
        if !self.threads[&id].within {
            return;
        }
        if is_new {
            self.push_row(id);
        } else {
            let conversation = shared(&self.row(id));
            self.push_all(&ServerFrame::Conversation { id: None, conversation });
        }
        self.tell_new(&message, None);
    }
}

/// What is pushed to all members: without what differs by reader.
fn shared(row: &Conversation) -> Conversation {
    let mut value = serde_json::to_value(row).expect("a row");
    let fields = value.as_object_mut().expect("an object");
    for name in Conversation::OF_THE_READER {
        fields.remove(name);
    }
    serde_json::from_value(value).expect("a shared row")
}
