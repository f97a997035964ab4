//! An appointment that moves, and what people answer.

use app::protocol::{
    Answer, ApiError, Content, ErrorKind, MoveSchedule, NewSchedule, Schedule, Seq,
};

use super::message::Found;
use super::{ChangeContext, Done, Stop};
use crate::store::writer::batch::QueuedChange;
use crate::store::{message_changes as rows, schedules};

impl ChangeContext<'_, '_> {
    /// Moves an appointment of the actor's own.
    pub(super) async fn move_schedule(
        &mut self,
        change: &QueuedChange,
        seq: Seq,
        by: &MoveSchedule,
    ) -> Result<Done, Stop> {
        let found = self.message(change, seq).await?;
        let schedule = schedule(&found)?;
        if found.message.forwarded_from.is_some() {
            return Err(forbidden("This is someone else's appointment").into());
        }
        let moved = by.applied_to(schedule)?;
        if is_as(schedule, &moved) {
            return self.no_change(change, found, None).await;
        }
        let (id, rev) = (found.message.conversation_id, found.rev);
        schedules::update(self.transaction, (id, seq), &moved, rev, self.now).await?;
        rows::set_rev(self.transaction, id, seq, rev).await?;
        self.message_changed(change, found, None).await
    }

    /// Sets what the actor answers, or takes it back.
    pub(super) async fn answer(
        &mut self,
        change: &QueuedChange,
        seq: Seq,
        answer: Option<Answer>,
    ) -> Result<Done, Stop> {
        let found = self.message(change, seq).await?;
        if schedule(&found)?.mine.flatten() == answer {
            return self.no_change(change, found, None).await;
        }
        let (id, rev, actor) = (found.message.conversation_id, found.rev, change.actor.id);
        schedules::set_answer(self.transaction, (id, seq), actor, answer, rev).await?;
        rows::set_rev(self.transaction, id, seq, rev).await?;
        self.message_changed(change, found, None).await
    }
}

/// What a message is about.
fn schedule(found: &Found) -> Result<&Schedule, ApiError> {
    match &found.message.content {
        Content::Schedule { schedule, .. } => Ok(schedule),
        _ => Err(forbidden("This message is no appointment, or no longer")),
    }
}

/// Whether an appointment is as it is to be.
fn is_as(schedule: &Schedule, new: &NewSchedule) -> bool {
    let Schedule { title, starts_at, ends_at, all_day, zone, place, remind_before_ms, .. } =
        Schedule::from(new.clone());
    title == schedule.title
        && (starts_at, ends_at) == (schedule.starts_at, schedule.ends_at)
        && all_day == schedule.all_day
        && zone == schedule.zone
        && place == schedule.place
        && remind_before_ms == schedule.remind_before_ms
}

fn forbidden(message: &str) -> ApiError {
    ApiError::new(ErrorKind::Forbidden, message)
}
