//! Quotes of what is answered, which tell it as it is now.

use crate::protocol::{Message, Quote, Seq};

/// What a message answers is quoted as it is known, unless the message has changed after that: then its
/// quote is no older.
pub(super) fn refresh<'a>(message: &mut Message, known: impl FnOnce(Seq) -> Option<&'a Message>) {
    let sought = message.reply_to.as_ref().map(|quote| quote.seq);
    if let Some(answered) = sought.and_then(known)
        && answered.rev > message.rev
    {
        quote_anew(message, &answered.quote());
    }
}

/// A message that answers what is quoted here quotes it in this way.
pub(super) fn quote_anew(message: &mut Message, anew: &Quote) {
    if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.seq == anew.seq) {
        let Quote { seq: _, sender: _, message_type, voice, excerpt } = anew;
        (quote.message_type, quote.voice) = (*message_type, *voice);
        excerpt.clone_into(&mut quote.excerpt);
    }
}
