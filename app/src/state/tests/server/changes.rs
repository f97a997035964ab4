//! Messages of the miniature server that change: by the person, by others.

use super::{ME, Server};
use crate::protocol::rules::takes_reactions;
use crate::protocol::{
    ApiError, Caption, Content, ConversationId, ErrorKind, Message, ReactionChange, Seq,
    ServerFrame, UserId,
};

const EMOJI: [&str; 3] = ["👍", "❤", "🎉"];

pub(in crate::state::tests) fn emoji(at: u8) -> &'static str {
    EMOJI[usize::from(at) % EMOJI.len()]
}

impl Server {
    /// Someone else edits, recalls or reacts to what is there.
    pub fn peer_changes(&mut self, at: u8, which: u8, how: u8) {
        let Some(id) = self.nth(at) else { return };
        let thread = &self.threads[&id];
        let Some(seq) = thread.messages.get(usize::from(which) % thread.messages.len().max(1))
        else {
            return;
        };
        let (seq, who) = (seq.seq, thread.peer.unwrap_or(Self::peer(which)));
        // What may not be done is not.
        let _ = match how % 4 {
            // What stands below files may go.
            0 if how.is_multiple_of(8)
                && !thread.messages[super::index(seq) - 1].files().is_empty() =>
            {
                self.edit(id, seq, who, "")
            }
            0 => self.edit(id, seq, who, &format!("edited {how}")),
            1 => self.recall(id, seq, who),
            _ => {
                let there = (seq, emoji(how).to_owned(), who);
                let added = !self.threads[&id].reactions.contains(&there);
                self.react(id, seq, who, emoji(how), added)
            }
        };
    }

    fn changeable(&mut self, id: ConversationId, seq: Seq) -> Result<&mut Message, ApiError> {
        let thread = self.threads.get_mut(&id).filter(|thread| thread.within);
        let thread = thread.ok_or_else(ApiError::not_found)?;
        let first = thread.first();
        let mut visible = thread.messages.iter_mut().filter(|message| message.seq >= first);
        let message = visible.find(|message| message.seq == seq);
        let message = message.ok_or_else(ApiError::not_found)?;
        let fits = takes_reactions(&message.content);
        if fits { Ok(message) } else { Err(ApiError::new(ErrorKind::Forbidden, "no")) }
    }

    pub(super) fn edit(
        &mut self,
        id: ConversationId,
        seq: Seq,
        by: UserId,
        text: &str,
    ) -> Result<(), ApiError> {
        let message = self.changeable(id, seq)?;
        if message.sender.id != by {
            return Err(ApiError::new(ErrorKind::Forbidden, "no"));
        }
        let words = Caption::parse(text)?;
        message.content = message.content.clone().reworded(&words)?;
        message.edited_at = Some(seq.get());
        message.mentions = if text.ends_with('4') { vec![ME] } else { Vec::new() };
        self.changed(id, seq, by, None);
        Ok(())
    }

    pub(super) fn recall(
        &mut self,
        id: ConversationId,
        seq: Seq,
        by: UserId,
    ) -> Result<(), ApiError> {
        let message = self.changeable(id, seq)?;
        if message.sender.id != by {
            return Err(ApiError::new(ErrorKind::Forbidden, "no"));
        }
        message.content = Content::Recalled(message.content.kind());
        message.mentions.clear();
        message.reply_to = None;
        message.forwarded_from = None;
        self.thread(id).reactions.retain(|(at, ..)| *at != seq);
        self.changed(id, seq, by, None);
        Ok(())
    }

    pub(super) fn react(
        &mut self,
        id: ConversationId,
        seq: Seq,
        by: UserId,
        emoji: &str,
        added: bool,
    ) -> Result<(), ApiError> {
        self.changeable(id, seq)?;
        let there = (seq, emoji.to_owned(), by);
        let reactions = &mut self.thread(id).reactions;
        if reactions.contains(&there) == added {
            return Ok(());
        }
        if added {
            reactions.push(there);
        } else {
            reactions.retain(|known| *known != there);
        }
        let change = ReactionChange { emoji: emoji.to_owned(), added };
        self.changed(id, seq, by, Some(change));
        Ok(())
    }

    fn changed(
        &mut self,
        id: ConversationId,
        seq: Seq,
        by: UserId,
        reaction: Option<ReactionChange>,
    ) {
        let thread = self.thread(id);
        thread.rev += 1;
        thread.messages[super::index(seq) - 1].rev = thread.rev;
        let message = thread.view(seq, false);
        if thread.within && seq >= thread.first() {
            self.push_all(&ServerFrame::MessageUpdated { message, by, reaction });
        }
    }
}
