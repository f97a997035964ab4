//! What everyone is told: facts and replies in the order of the commit, and answers to callers that wait.

use std::sync::Arc;

use app::protocol::ApiError;
use tokio::time::Instant;

use super::attempt::Outcome;
use super::batch::{Batch, QueuedAppend, QueuedChange, QueuedMarks};
use super::change::{ChangeOutcome, Done};
use super::commands::{Appended, ReplyTo};
use super::plan::{Decision, Moved};
use crate::events::{Event, Fact, Local, Publisher, Reply};
use crate::store::lease::DATABASE_TIMEOUT;

/// Tells of a commit. The events leave before the answers: whoever is answered can already count
/// on them.
pub(super) fn publish(publisher: &Publisher, batch: Batch, outcome: Outcome) {
    let mut events = Vec::with_capacity(outcome.decisions.len() + outcome.moved.len());
    let mut answers: Vec<Box<dyn FnOnce()>> = Vec::new();
    let mut changes = batch.changes.into_iter().zip(outcome.change_outcomes).peekable();
    for (append, decision) in batch.appends.into_iter().zip(outcome.decisions) {
        while let Some((change, outcome)) =
            changes.next_if(|(change, _)| change.place < append.place)
        {
            answers.extend(tell_change(change, outcome, &mut events));
        }
        answers.extend(tell(append, decision, &mut events));
    }
    for (change, outcome) in changes {
        answers.extend(tell_change(change, outcome, &mut events));
    }
    for (marks, moved) in batch.marks.into_iter().zip(outcome.moved) {
        answers.push(tell_marks(marks, moved, &mut events));
    }
    publisher.publish(events);
    for answer in answers {
        answer();
    }
}

/// Tells everyone who waits that it failed.
pub(super) fn refuse(publisher: &Publisher, batch: Batch, error: &ApiError) {
    let mut events = Vec::new();
    for mut append in batch.appends {
        refuse_append(&mut append, error, &mut events);
    }
    for change in batch.changes {
        refuse_change(change, error, &mut events);
    }
    for marks in batch.marks {
        refuse_marks(marks, error, &mut events);
    }
    publisher.publish(events);
}

/// Tells those who have waited long enough that the database is away. Messages of which nobody knows
/// whether they are stored keep their place, to be looked for when it is back.
pub(super) fn refuse_late(publisher: &Publisher, batch: &mut Batch) {
    let (now, error) = (Instant::now(), ApiError::unavailable());
    let is_late = |arrived_at: Instant| arrived_at + DATABASE_TIMEOUT <= now;
    let mut events = Vec::new();
    batch.appends.retain_mut(|append| {
        let late = is_late(append.arrived_at);
        if late {
            refuse_append(append, &error, &mut events);
        }
        !late || append.may_be_stored
    });
    // A change in doubt is not looked for: if it is stored, all who compare `heads` find it.
    for change in batch.changes.extract_if(.., |change| is_late(change.arrived_at)) {
        refuse_change(change, &error, &mut events);
    }
    for marks in batch.marks.extract_if(.., |marks| is_late(marks.arrived_at)) {
        refuse_marks(marks, &error, &mut events);
    }
    publisher.publish(events);
}

type PendingReply = Box<dyn FnOnce()>;

fn tell(
    mut append: QueuedAppend,
    decision: Decision,
    events: &mut Vec<Event>,
) -> Option<PendingReply> {
    if let Decision::Refused(error) = &decision {
        refuse_append(&mut append, error, events);
    }
    let (origin, caller) = append.command.reply.split();
    let appended = match decision {
        Decision::Forgotten | Decision::Refused(_) => return None,
        Decision::New(message, members) => {
            let audience = members.audience();
            let fact = Fact::MessageStored { message: Arc::clone(&message), audience };
            events.push(Event::Fact { fact, local: Local { origin, members: Some(members) } });
            Appended { message, duplicate: false }
        }
        Decision::Repeat(message, members) => {
            if let Some(to) = origin {
                let message = Arc::clone(&message);
                events.push(Event::Reply(Reply::Repeated { message, members, to }));
            }
            Appended { message, duplicate: true }
        }
    };
    // A caller that no longer waits is no failure of ours.
    caller.map(|caller| -> PendingReply { Box::new(move || drop(caller.send(Ok(appended)))) })
}

fn tell_change(
    change: QueuedChange,
    outcome: ChangeOutcome,
    events: &mut Vec<Event>,
) -> Option<PendingReply> {
    match outcome {
        Err(error) => {
            refuse_change(change, &error, events);
            None
        }
        Ok(Done { events: told, changed }) => {
            events.extend(told);
            let ReplyTo::Caller(caller) = change.command.reply else { return None };
            Some(Box::new(move || drop(caller.send(Ok(changed)))))
        }
    }
}

fn refuse_change(change: QueuedChange, error: &ApiError, events: &mut Vec<Event>) {
    let conversation_id = change.conversation_id;
    match change.command.reply {
        ReplyTo::Nobody => {}
        ReplyTo::Caller(caller) => drop(caller.send(Err(error.clone()))),
        ReplyTo::Socket(to) => {
            let error = error.clone();
            events.push(Event::Reply(Reply::Refused {
                error,
                conversation_id,
                client_id: None,
                to,
            }));
        }
    }
}

fn tell_marks(marks: QueuedMarks, moved: Moved, events: &mut Vec<Event>) -> PendingReply {
    match moved {
        Moved::NotFound => {
            refuse_marks(marks, &ApiError::not_found(), events);
            return Box::new(|| {});
        }
        Moved::Nowhere => {}
        Moved::Forward { receipt, partner, unflagged } => {
            let fact = Fact::MarksMoved { receipt, partner };
            events.push(Event::Fact { fact, local: Local { origin: marks.origin, members: None } });
            if unflagged {
                let (conversation_id, to) = (marks.conversation_id, marks.user_id);
                // No receipt tells of the flag.
                events.push(Fact::ConversationChanged { conversation_id, to }.into());
            }
        }
    }
    let replies = marks.replies;
    Box::new(move || replies.into_iter().for_each(|reply| drop(reply.send(Ok(())))))
}

fn refuse_append(append: &mut QueuedAppend, error: &ApiError, events: &mut Vec<Event>) {
    match std::mem::take(&mut append.command.reply) {
        ReplyTo::Nobody => {}
        ReplyTo::Caller(caller) => drop(caller.send(Err(error.clone()))),
        ReplyTo::Socket(to) => events.push(Event::Reply(Reply::Refused {
            error: error.clone(),
            conversation_id: append.conversation_id,
            client_id: Some(append.client_id.as_str().to_owned()),
            to,
        })),
    }
}

fn refuse_marks(marks: QueuedMarks, error: &ApiError, events: &mut Vec<Event>) {
    for reply in marks.replies {
        drop(reply.send(Err(error.clone())));
    }
    if let Some(to) = marks.origin {
        events.push(Event::Reply(Reply::Refused {
            error: error.clone(),
            conversation_id: marks.conversation_id,
            client_id: None,
            to,
        }));
    }
}
