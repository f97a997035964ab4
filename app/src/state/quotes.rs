//! Quotes of what is answered, which tell it as it is now.

use crate::protocol::text::excerpt;
use crate::protocol::{ConversationId, Message, Quote, Seq, limits};

use super::State;

impl State {
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

pub(super) fn quote_of(message: &Message) -> Quote {
    Quote { seq: message.seq, sender: message.sender.clone(), excerpt: excerpt_of(message) }
}

/// A message's beginning in one line, as the server tells it.
#[must_use]
pub fn excerpt_of(message: &Message) -> String {
    excerpt(message.text(), limits::EXCERPT)
}
