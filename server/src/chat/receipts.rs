//! Delivered and read marks.

use app::protocol::{ApiError, ConversationId, Mark, MessageReceipt, Seq, UserId};
use tokio::sync::oneshot;

use super::{Chat, ReplyTo};
use crate::error::Error;
use crate::events::Origin;
use crate::store::writer::MoveMarks;

/// The mark that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Everything up to here is held.
    Delivered,
    /// Everything up to here was seen, and so held.
    Read,
}

impl Chat {
    /// Queues a mark from a socket.
    ///
    /// # Errors
    /// `unavailable` while shutting down. A denial comes back as a reply.
    pub async fn queue_mark(
        &self,
        user: UserId,
        mark: Mark,
        kind: MarkKind,
        origin: Origin,
    ) -> Result<(), ApiError> {
        self.writer.move_marks(moved(user, mark, kind, ReplyTo::Socket(origin))).await
    }

    /// Moves a mark and waits until it is stored.
    ///
    /// # Errors
    /// `not_found` unless a member.
    pub async fn move_mark(&self, user: UserId, mark: Mark, kind: MarkKind) -> Result<(), Error> {
        let (reply, outcome) = oneshot::channel();
        self.writer.move_marks(moved(user, mark, kind, ReplyTo::Caller(reply))).await?;
        outcome.await.unwrap_or_else(|_| Err(ApiError::unavailable())).map_err(Error::from)
    }

    /// How far the others are who can see a message, but for its sender.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member who can see it.
    pub async fn receipts(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Vec<MessageReceipt>, Error> {
        let membership =
            self.store.membership(viewer, id).await?.ok_or_else(ApiError::not_found)?;
        if seq < membership.first_seq || seq > membership.last_seq {
            return Err(ApiError::not_found().into());
        }
        let receipts = self.store.receipts(id, seq, viewer).await?;
        receipts.ok_or_else(|| ApiError::not_found().into())
    }
}

fn moved(user_id: UserId, mark: Mark, kind: MarkKind, reply: ReplyTo<()>) -> MoveMarks {
    let read = match kind {
        MarkKind::Read => mark.seq,
        MarkKind::Delivered => Seq::ZERO,
    };
    let conversation_id = mark.conversation_id;
    MoveMarks { conversation_id, user_id, delivered: mark.seq, read, reply }
}
