//! Uploaded files, as their uploaders and those who read a message with them see them.

use serde::{Deserialize, Serialize};

use super::{FileId, MessageRef, Seq, Timestamp, User};

/// An uploaded file: in the messages that hold it, and in the answer to its uploader. What does not apply to it, or is
/// no longer kept, is absent.
///
/// The browser's code reads what it has to know before the server has rendered the file, and skips the rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(feature = "hydrate"), derive(PartialEq, Eq))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct File {
    /// The id of the file, which is that of its upload.
    pub id: FileId,
    /// The file's name: the last part of the path that the uploader gave, without control characters and signs that
    /// turn the direction of writing; 1 to 255 bytes.
    pub name: String,
    /// The number of bytes that are kept; of a photo it may be less than was uploaded.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub size: i64,
    /// The file's media type, such as `image/png`, found by the server from the bytes.
    pub mime: String,
    /// Whether it was uploaded as a voice message.
    #[serde(default)]
    pub voice: bool,
    /// The width in pixels of a picture or a film, as it is seen.
    pub width: Option<u32>,
    /// The height in pixels of a picture or a film, as it is seen.
    pub height: Option<u32>,
    /// The length of a sound or a film in milliseconds, as the uploader gave it.
    #[serde(default)]
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub duration_ms: Option<i64>,
    /// The loudest moments of a voice message, from its beginning to its end, as the uploader gave them: 64 numbers from
    /// 0 to 100 at most.
    #[serde(default)]
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub waveform: Option<Vec<u8>>,
    /// Whether it is a picture that moves.
    #[serde(default)]
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub animated: bool,
    /// The mean colour of a picture, `#rrggbb`, for its place until it is there.
    #[serde(default)]
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub color: Option<String>,
    /// The path from which the file is downloaded, for its uploader and those who can read a message that holds it.
    pub url: Option<String>,
    /// The path of a small picture of the file.
    #[cfg_attr(feature = "hydrate", serde(skip_deserializing))]
    pub thumbnail_url: Option<String>,
}

/// A file changes in one way: it is kept no longer. To compare all of it would be code that everyone downloads.
#[cfg(feature = "hydrate")]
impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.url == other.url
    }
}

#[cfg(feature = "hydrate")]
impl Eq for File {}

/// What a file is in the message that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture of an `image` message.
    Image,
    /// A film of an `image` message.
    Video,
    /// A voice message.
    Voice,
    /// Any other file of a `file` message, pictures among them.
    File,
}

/// A file that a conversation's message holds, in `GET /api/v1/conversations/{id}/files`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SharedFile {
    /// The position of the message that holds it.
    pub seq: Seq,
    /// The file itself.
    pub file: File,
    /// The author of the message.
    pub sender: User,
    /// The time at which the message was stored.
    pub created_at: Timestamp,
}

/// One of the reader's own uploads, in `GET /api/v1/files`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnFile {
    /// The file itself.
    pub file: File,
    /// The time at which its upload began.
    pub created_at: Timestamp,
    /// The time at which it goes unless it is sent before; absent: a message holds it.
    pub expires_at: Option<Timestamp>,
    /// The reader's own messages that hold it and that the reader can see, the first 10 of them.
    pub sent: Vec<MessageRef>,
}
