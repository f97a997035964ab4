//! Quotes of what is answered, which tell it as it is now.

use crate::protocol::text::excerpt;
use crate::protocol::{Message, Quote, Seq, limits};

/// What a message answers is quoted as it is known, unless the message has changed after that: then its
/// quote is no older.
pub(super) fn refresh<'a>(message: &mut Message, known: impl FnOnce(Seq) -> Option<&'a Message>) {
    let sought = message.reply_to.as_ref().map(|quote| quote.seq);
    if let Some(answered) = sought.and_then(known)
        && answered.rev > message.rev
    {
        put_excerpt(message, answered.seq, &excerpt_of(answered));
    }
}

/// A message that answers the one at this position quotes this.
pub(super) fn put_excerpt(message: &mut Message, answered: Seq, excerpt: &str) {
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
