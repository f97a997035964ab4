//! Reading what has to be known of messages: under the locks, after all that was before them is written
//! down.

use app::protocol::{NewContent, Seq, Timestamp};

use super::batch::QueuedAppend;
use super::known::Known;
use super::plan::Conversations;
use super::statements::find_stored;
use crate::store::Result;
use crate::store::extras::answered;
use crate::store::forwards::forwards;
use crate::store::message_files::lock_uploads;
use crate::store::transaction::Transaction;

impl Known {
    /// Reads what is known of these messages.
    pub(super) async fn of(
        transaction: &mut Transaction,
        appends: &[QueuedAppend],
        now: Timestamp,
    ) -> Result<Self> {
        let stored = find_stored(transaction, appends).await?;
        let asked = appends.iter().filter_map(|append| {
            let seq = append.extras.as_ref()?.reply_to?;
            Some((append.conversation_id.get(), append.sender.id.get(), seq.get()))
        });
        let answered = answered(transaction.lease(), &asked.collect::<Vec<_>>()).await?;
        let asked = appends.iter().filter_map(|append| match &append.content {
            NewContent::Forward(of) => Some((append.sender.id, *of)),
            NewContent::Text(_)
            | NewContent::Image(_)
            | NewContent::File(_)
            | NewContent::Schedule { .. } => None,
        });
        let forwards = forwards(transaction.lease(), &asked.collect::<Vec<_>>()).await?;
        let asked = appends.iter().flat_map(|append| match &append.content {
            // One that nobody waits for is looked for, and not stored.
            NewContent::Image(files) | NewContent::File(files) if !append.reply.is_nobody() => {
                &files.ids[..]
            }
            _ => &[],
        });
        let uploads = lock_uploads(transaction, asked.copied().collect(), now).await?;
        Ok(Self { stored, answered, forwards, uploads })
    }
}

/// How many of these may be decided on by what is stored now: up to the first that speaks of a message
/// which those before it may have to make first.
pub(super) fn run_length(appends: &[QueuedAppend], conversations: &Conversations) -> usize {
    let is_ahead = |append: &QueuedAppend| {
        let newest = |id| conversations.get(&id).map_or(0, |found| found.last_seq);
        let beyond = |id, seq: Seq| seq.get() > newest(id);
        let reply_to = append.extras.as_ref().and_then(|extras| extras.reply_to);
        reply_to.is_some_and(|seq| beyond(append.conversation_id, seq))
            || matches!(&append.content, NewContent::Forward(of) if beyond(of.conversation_id, of.seq))
    };
    let later = appends.iter().skip(1).position(is_ahead);
    later.map_or(appends.len(), |position| position + 1)
}
