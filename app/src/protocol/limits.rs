//! The limits of the contract, for the server that holds them and the client that warns early.

/// Characters (Unicode scalar values) in a message's text, after trimming.
pub const TEXT: usize = 5_000;
/// Characters in a username, at least.
pub const USERNAME_MIN: usize = 3;
/// Characters in a username, at most.
pub const USERNAME_MAX: usize = 32;
/// Characters in a nickname, a group's name or an alias.
pub const NAME: usize = 64;
/// Members of a group, at most.
pub const MEMBERS: usize = 500;
/// Members of the largest group in which it is told who types.
pub const TYPING_MEMBERS: u32 = 50;
/// Characters in a password, at least.
pub const PASSWORD_MIN: usize = 8;
/// Characters in a password, at most.
pub const PASSWORD_MAX: usize = 128;
/// Characters in a `client_id`.
pub const CLIENT_ID: usize = 64;
/// Characters in a frame's `id`.
pub const FRAME_ID: usize = 64;
/// Items in a page, at most.
pub const PAGE_MAX: u32 = 100;
/// Items in a page, unless asked otherwise.
pub const PAGE_DEFAULT: u32 = 50;
/// Bytes in a frame that a client sends.
pub const CLIENT_FRAME: usize = 64 * 1024;
/// Bytes in a frame that the server sends.
pub const SERVER_FRAME: usize = 256 * 1024;
/// `unread` counts no further; it means "or more".
pub const UNREAD: u32 = 999;
/// Characters in the excerpt of a message that is answered.
pub const EXCERPT: usize = 160;
/// Different names after `@` that are looked up in a message.
pub const MENTIONS: usize = 50;
/// People whom a system message names; of more it tells how many they are.
pub const SUBJECTS: usize = 5;
/// Different emoji on a message.
pub const REACTIONS: usize = 20;
