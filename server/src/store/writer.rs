//! The one door by which messages are appended and marks move.

use std::sync::Arc;

use app::protocol::{ApiError, ClientId, ConversationId, Message, MessageText, Seq, User, UserId};
use tokio::sync::oneshot;

use super::Store;
use crate::clock::Clock;
use crate::event::{ConnectionId, Event, Origin};

/// A message on its way in.
#[derive(Debug)]
pub struct Append {
    /// Where to.
    pub conversation_id: ConversationId,
    /// From whom.
    pub sender: Arc<User>,
    /// The sender's name for it.
    pub client_id: ClientId,
    /// The words.
    pub content: MessageText,
    /// Who waits for the outcome.
    pub reply: Reply,
}

/// Who waits for an append's outcome.
#[derive(Debug)]
pub enum Reply {
    /// A socket: it learns of it in the stream of events.
    Socket(Origin),
    /// A caller that waits here. Everyone else still learns of the message by its event.
    Caller(oneshot::Sender<Result<Appended, ApiError>>),
}

/// A stored message.
#[derive(Clone, Debug)]
pub struct Appended {
    /// As it is stored; for a repeat, as the first one was.
    pub message: Arc<Message>,
    /// It had been stored before.
    pub duplicate: bool,
}

/// Marks on their way forward.
#[derive(Debug)]
pub struct MoveMarks {
    /// Where.
    pub conversation_id: ConversationId,
    /// Whose.
    pub user_id: UserId,
    /// Everything up to here is held. (`read` implies it.)
    pub delivered: Seq,
    /// Everything up to here was seen.
    pub read: Seq,
    /// The socket that moves them.
    pub origin: Option<Origin>,
    /// Told after the commit; absent for sockets.
    pub reply: Option<oneshot::Sender<Result<(), ApiError>>>,
}

/// Where the writer's events go: called in the order of the commits; must not block.
pub type Sink = Arc<dyn Fn(Vec<Event>) + Send + Sync>;

/// How the writer is set.
#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// Tasks that append side by side; SQLite always has one.
    pub tasks: usize,
}

/// The writer's handle. Cheap to clone.
#[derive(Clone)]
pub struct Writer {}

impl Writer {
    /// Starts the writer's tasks.
    pub fn start(store: Store, clock: Clock, sink: Sink, options: WriterOptions) -> Self {
        let _ = (store, clock, sink, options, None::<ConnectionId>);
        unimplemented!()
    }

    /// Queues a message; waits only while the queue is full.
    ///
    /// # Errors
    /// `unavailable` once the writer is shutting down. The append's reply is then not used.
    pub async fn append(&self, append: Append) -> Result<(), ApiError> {
        let _ = append;
        unimplemented!()
    }

    /// Queues a mark; marks of one member are coalesced over up to 250 ms.
    ///
    /// # Errors
    /// `unavailable` once the writer is shutting down.
    pub async fn move_marks(&self, marks: MoveMarks) -> Result<(), ApiError> {
        let _ = marks;
        unimplemented!()
    }

    /// Takes no more, commits what is queued, and ends the tasks.
    pub async fn shut_down(&self) {
        unimplemented!()
    }
}
