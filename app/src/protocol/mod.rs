//! The wire: what travels between server and clients, as closed types that serde reads and writes.
//!
//! A concern a file; nothing here knows of a framework, a database or a browser. Doc comments of what
//! travels are published with its schema (feature `schema`): they speak to people who write clients.

mod commands;
mod content;
mod conversations;
mod errors;
mod events;
mod files;
mod http;
mod ids;
pub mod limits;
mod messages;
mod names;
mod notices;
mod notifications;
mod people;
mod reminders;
pub mod rules;
mod schedules;
#[cfg(feature = "schema")]
mod schema;
mod strict;
pub mod text;
pub mod urls;
mod wire_message;

pub use commands::{ClientFrame, Command, FrameError, Mark, SendMessage, Target};
pub use content::{Content, NewContent, NewFiles};
pub use conversations::{
    Conversation, ConversationKind, Head, History, Member, OpenGroup, Role, SharedGroup,
};
pub use errors::{ApiError, ErrorBody, ErrorKind, close};
pub use events::{MessageAck, OfflineMessages, Ready, Receipt, ServerFrame};
pub use files::{File, FileKind, OwnFile, SharedFile};
pub use http::{
    AddMembers, AuthResponse, ChangeMember, ChangePassword, DeleteAccount, EditMessage, ListPage,
    LogInRequest, Login, MarkRequest, MessageChanges, MessagePage, MessageReceipt, PutContact,
    RefreshRequest, RegisterRequest, StartConversation, UpdateConversation, UpdateMe, Window,
};
pub use ids::{
    ConversationId, FileId, LoginId, MAX_INTEGER, NotificationId, Seq, Timestamp, UserId,
};
pub use messages::{
    Message, MessageRef, MessageType, Quote, Reaction, ReactionChange, SystemEvent, SystemNotice,
};
pub use names::{Alias, Caption, ClientId, GroupName, MessageText, Nickname, Password, Username};
pub use notices::Notice;
pub use notifications::Notification;
pub use people::{Block, Contact, Me, Presence, PresenceStatus, User};
pub use reminders::{NamedConversation, Reminder, SetReminder};
pub use schedules::{
    Answer, AnswerCounts, CalendarAddress, MoveSchedule, NewSchedule, PutAnswer, Schedule,
    ScheduleAnswer,
};
