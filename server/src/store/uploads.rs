//! Files on their way in: rows of `file` until they are whole, and what deletes their bytes again.

use super::error::unreadable;
use super::{Result, StoreError};

/// What its uploader says a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Kept to the byte, and handed on.
    File,
    /// A picture or film to be looked at: cleaned on receipt, with a thumbnail.
    Photo,
    /// A voice message.
    Voice,
}

impl TryFrom<i16> for Purpose {
    type Error = StoreError;

    fn try_from(code: i16) -> Result<Self> {
        match code {
            1 => Ok(Self::File),
            2 => Ok(Self::Photo),
            3 => Ok(Self::Voice),
            _ => Err(unreadable(format!("a file for the purpose {code}"))),
        }
    }
}
