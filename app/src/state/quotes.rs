//! Replies: what is being answered, kept beside the draft; and the excerpts of what was answered,
//! which tell it as it is now.

use crate::protocol::text::excerpt;
use crate::protocol::{ConversationId, Message, Quote, Seq, Target, limits};

use super::{Effect, State};

impl State {
    /// What the next message to a target answers.
    #[must_use]
    pub fn reply(&self, target: Target) -> Option<&Quote> {
        self.replies.iter().find(|(at, _)| *at == target).map(|(_, quote)| quote)
    }

    /// The user answers the message at this position, or none.
    pub fn set_reply(&mut self, target: Target, seq: Option<Seq>) -> Vec<Effect> {
        let Target::Conversation(id) = target else { return Vec::new() };
        let quote = seq.and_then(|seq| self.known(id, seq)).map(quote_of);
        if self.reply(target) == quote.as_ref() {
            return Vec::new();
        }
        self.note_reply(target, quote.clone());
        vec![Effect::KeepReply(target, quote.map(Box::new))]
    }

    /// What was kept, or was changed in another tab.
    pub fn note_reply(&mut self, target: Target, quote: Option<Quote>) {
        self.replies.retain(|(at, _)| *at != target);
        self.replies.extend(quote.map(|quote| (target, quote)));
        self.changes.drafts = true;
    }

    /// What a message answers that is sent now.
    pub(super) fn take_reply(&mut self, target: Target) -> Option<Quote> {
        let quote = self.reply(target).cloned()?;
        self.note_reply(target, None);
        self.effects.push(Effect::KeepReply(target, None));
        Some(quote)
    }

    /// A message has changed: what answers it quotes it as it is now.
    pub(super) fn quote_anew(&mut self, id: ConversationId, seq: Seq, told: String) {
        let excerpt = self.known(id, seq).map_or(told, excerpt_of);
        let anew = |message: &mut Message| put_excerpt(message, seq, &excerpt);
        if let Some(timeline) = self.timelines.get_mut(&id) {
            timeline.messages_mut().for_each(anew);
        }
        if let Some(row) = self.chats.row_mut(id) {
            row.conversation.last_message.iter_mut().for_each(anew);
            // When they are taken in, what they answer may not be known any more.
            row.inbox.waiting_mut().for_each(anew);
        }
    }

    /// What a message answers is quoted as it is known, unless the message has changed after that:
    /// then its quote is no older.
    pub(super) fn refresh_quote(&self, message: &mut Message) {
        let sought = message.reply_to.as_ref().map(|quote| quote.seq);
        if let Some(answered) = sought.and_then(|seq| self.known(message.conversation_id, seq))
            && answered.rev > message.rev
        {
            put_excerpt(message, answered.seq, &excerpt_of(answered));
        }
    }
}

/// A message that answers the one at this position quotes this.
fn put_excerpt(message: &mut Message, answered: Seq, excerpt: &str) {
    if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.seq == answered) {
        excerpt.clone_into(&mut quote.excerpt);
    }
}

fn quote_of(message: &Message) -> Quote {
    Quote { seq: message.seq, sender: message.sender.clone(), excerpt: excerpt_of(message) }
}

/// A message's beginning in one line, as the server tells it.
#[must_use]
pub fn excerpt_of(message: &Message) -> String {
    excerpt(message.text(), limits::EXCERPT)
}
