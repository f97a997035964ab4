//! Files on their way in: rows of `file` until they are whole, and what deletes their bytes again.

use super::codes::file_purpose;
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

impl TryFrom<i64> for Purpose {
    type Error = StoreError;

    fn try_from(code: i64) -> Result<Self> {
        match code {
            file_purpose::FILE => Ok(Self::File),
            file_purpose::PHOTO => Ok(Self::Photo),
            file_purpose::VOICE => Ok(Self::Voice),
            _ => Err(unreadable(format!("a file for the purpose {code}"))),
        }
    }
}
