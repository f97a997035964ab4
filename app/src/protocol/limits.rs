//! The limits of the contract, for the server that holds them and the client that warns early.

/// The most characters (Unicode scalar values) in a message's text, after trimming.
pub const TEXT: usize = 5_000;
/// The fewest characters in a username.
pub const USERNAME_MIN: usize = 3;
/// The most characters in a username.
pub const USERNAME_MAX: usize = 32;
/// The most characters in a nickname, a group's name or an alias, after trimming.
pub const NAME: usize = 64;
/// The most members of a group.
pub const MEMBERS: usize = 500;
/// The most members of a group in which `typing` is told.
pub const TYPING_MEMBERS: u32 = 50;
/// The fewest characters in a password.
pub const PASSWORD_MIN: usize = 8;
/// The most characters in a password.
pub const PASSWORD_MAX: usize = 128;
/// The most characters in a `client_id`.
pub const CLIENT_ID: usize = 64;
/// The most characters in a frame's `id`.
pub const FRAME_ID: usize = 64;
/// The most items in a page.
pub const PAGE_MAX: u32 = 100;
/// The items in a page, unless another number is asked for.
pub const PAGE_DEFAULT: u32 = 50;
/// The most bytes in a frame that a client sends.
pub const CLIENT_FRAME: usize = 64 * 1024;
/// The most bytes in a frame that the server sends.
pub const SERVER_FRAME: usize = 256 * 1024;
/// The number at which `unread` stops counting; it means "or more".
pub const UNREAD: u32 = 999;
/// The most characters in the excerpt of a message that is answered.
pub const EXCERPT: usize = 160;
/// The most different names after `@` that are looked up in a message.
pub const MENTIONS: usize = 50;
/// The most people whom a system message names; of more it tells the number.
pub const SUBJECTS: usize = 5;
/// The most different emoji on a message.
pub const REACTIONS: usize = 20;
/// The most characters in the title of an appointment, after trimming.
pub const SCHEDULE_TITLE: usize = 200;
/// The most characters in the place of an appointment, after trimming.
pub const PLACE: usize = 200;
/// The latest that an appointment starts or ends: the end of the year 9999.
pub const LAST_MOMENT: i64 = 253_402_300_799_999;
/// The longest that an appointment lasts: 366 days.
pub const LONGEST_SCHEDULE_MS: i64 = 366 * 86_400_000;
/// The longest before the start that people are reminded: 30 days.
pub const REMIND_BEFORE_MS: i64 = 2_592_000_000;
/// The most answers to an appointment that stand in its message.
pub const ANSWERS: i64 = 20;
/// The most files in a message.
pub const FILES: usize = 10;
/// The most bytes in a file's name, its ending included.
pub const FILE_NAME: usize = 255;
/// The most peaks in a voice message's waveform.
pub const WAVEFORM: usize = 64;
/// The loudest that a peak of a waveform is.
pub const PEAK: u8 = 100;
/// The most messages that a list of one's own files names for each.
pub const SENT: u32 = 10;
/// The most reminders of a person.
pub const REMINDERS: usize = 1_000;
/// The most characters in a notice of the operator.
pub const NOTICE: usize = 1_000;
