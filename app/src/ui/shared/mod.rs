//! What several features use: avatars, icons, names, times, keys, small steps in the document.

pub mod avatar;
pub mod civil;
pub mod dom;
pub mod errors;
pub mod icon;
pub mod keyed;
pub mod keys;
pub mod naming;
pub mod newline;
pub mod notice;
pub mod presence;
pub mod quoted;
pub mod room;
pub mod roving_focus;
pub mod summary;
pub mod time;

pub use avatar::{Avatar, AvatarLabel};
pub use icon::{Icon, IconView};
pub use naming::{called, within};
pub use time::Clock;
