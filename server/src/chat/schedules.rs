//! Appointments: answered, moved, and those that are ahead.

use app::protocol::{
    Answer, ApiError, Content, ConversationId, ListPage, Message, MoveSchedule, ScheduleAnswer,
    Seq, Timestamp, UserId,
};
use jiff::tz::TimeZone;

use super::Chat;
use super::permissions::{Action, may};
use crate::error::Error;
use crate::store::writer::{ChangeKind, Rule};

/// Where no zone is given.
const UTC: &str = "UTC";

/// The zone of this name, as the time zone database spells it; UTC where none is given.
///
/// # Errors
/// `validation` on `zone` where there is none of this name.
pub(super) fn known_zone(name: Option<&str>) -> Result<String, ApiError> {
    let zone = TimeZone::get(name.unwrap_or(UTC));
    let known = zone.ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    known.ok_or_else(|| ApiError::validation("zone", "There is no such time zone"))
}

impl Chat {
    /// Sets what the actor answers to an appointment, or takes it back.
    ///
    /// # Errors
    /// `not_found` unless the actor sees such a message; `forbidden` where it is no appointment, or off, and across a
    /// block.
    pub async fn answer_schedule(
        &self,
        actor: UserId,
        id: ConversationId,
        seq: Seq,
        answer: Option<Answer>,
    ) -> Result<(), Error> {
        // As with reactions: what is one's own can be taken back anywhere.
        let rule: Rule = if answer.is_some() {
            |standing| may(Action::React, standing)
        } else {
            |standing| may(Action::TakeReactionOff, standing)
        };
        self.change(actor, id, ChangeKind::Answer(seq, answer), rule).await.map(drop)
    }

    /// Moves an appointment of the actor's own.
    ///
    /// # Errors
    /// `validation`, naming the field; `not_found` unless the actor sees such a message; `forbidden` where it is not
    /// theirs to move, or nobody's any more.
    pub async fn move_schedule(
        &self,
        actor: UserId,
        id: ConversationId,
        seq: Seq,
        mut by: MoveSchedule,
    ) -> Result<Message, Error> {
        if let Some(zone) = &mut by.zone {
            *zone = known_zone(Some(zone))?;
        }
        let rule: Rule = |standing| may(Action::Edit, standing);
        let changed = self.change(actor, id, ChangeKind::Move(seq, Box::new(by)), rule).await?;
        let message = changed.message.ok_or_else(ApiError::not_found)?;
        Ok(Message::clone(&message))
    }

    /// A page of what was answered to an appointment, the earliest first.
    ///
    /// # Errors
    /// `not_found` unless the viewer sees such an appointment.
    pub async fn schedule_answers(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<ScheduleAnswer>, Error> {
        let message = self.store.message(viewer, id, seq).await?.ok_or_else(ApiError::not_found)?;
        if !matches!(message.content, Content::Schedule { .. }) {
            return Err(ApiError::not_found().into());
        }
        Ok(self.store.schedule_answers(id, seq, cursor, limit).await?)
    }

    /// A page of the appointments that the viewer can see and that are not over at a moment (now, where none is
    /// given), the next one first; of all conversations, or of one.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member of that one.
    pub async fn schedules_ahead(
        &self,
        viewer: UserId,
        after: Option<Timestamp>,
        conversation: Option<ConversationId>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Message>, Error> {
        if let Some(id) = conversation {
            self.store.membership(viewer, id).await?.ok_or_else(ApiError::not_found)?;
        }
        let after = after.unwrap_or_else(|| self.now());
        Ok(self.store.schedules_ahead(viewer, after, conversation, cursor, limit).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::known_zone;

    #[test]
    fn zones_are_those_of_the_database() {
        assert_eq!(known_zone(None).as_deref(), Ok("UTC"));
        assert_eq!(known_zone(Some("europe/BERLIN")).as_deref(), Ok("Europe/Berlin"));
        for unknown in ["", "Mars/Olympus", "../etc/passwd", "+02:00", "Europe/Berlin\0", "CEST"] {
            let error = known_zone(Some(unknown)).expect_err(unknown);
            assert_eq!(error.field.as_deref(), Some("zone"));
        }
    }
}
