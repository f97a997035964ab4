//! The state's own share: it hands what happens to the parts that it concerns, and what comes of it from one part
//! to the next.

mod acks;
mod actions;
mod chats;
mod drafts;
mod frames;
mod history;
mod inbox;
mod outbox;
mod queries;
mod responses;
mod session;
