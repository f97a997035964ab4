//! What a message says: one type for all kinds of message, from the wire to the view.

use super::text::excerpt;
use super::{
    ApiError, File, MessageRef, MessageText, MessageType, Schedule, SendMessage, SystemNotice,
    limits,
};

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words, which may hold marks such as `**bold**` and mentions such as `@mei`.
    Text(String),
    /// Pictures and films to look at, which are one album.
    Image {
        /// The pictures in their order, 1 to 10.
        files: Vec<File>,
        /// The words below it; may be empty.
        caption: String,
    },
    /// Uploaded files.
    File {
        /// The files in their order, 1 to 10.
        files: Vec<File>,
        /// The words below it; may be empty.
        caption: String,
    },
    /// An appointment, which members accept or decline.
    Schedule {
        /// The appointment.
        schedule: Box<Schedule>,
        /// The words below it; may be empty.
        caption: String,
    },
    /// A notice of the server about its group.
    System(Box<SystemNotice>),
    /// Nothing any more: the message was taken back. It keeps its kind.
    Recalled(MessageType),
}

impl Content {
    /// The kind of message that says this.
    #[must_use]
    pub const fn kind(&self) -> MessageType {
        match self {
            Self::Text(_) => MessageType::Text,
            Self::Image { .. } => MessageType::Image,
            Self::File { .. } => MessageType::File,
            Self::Schedule { .. } => MessageType::Schedule,
            Self::System(_) => MessageType::System,
            Self::Recalled(kind) => *kind,
        }
    }

    /// The sender's words: the text or the caption; empty where there are none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Image { caption: text, .. }
            | Self::File { caption: text, .. }
            | Self::Schedule { caption: text, .. } => text,
            Self::System(_) | Self::Recalled(_) => "",
        }
    }

    /// What it holds, in its order; nothing in most.
    #[must_use]
    pub fn files(&self) -> &[File] {
        match self {
            Self::Image { files, .. } | Self::File { files, .. } => files,
            Self::Text(_) | Self::Schedule { .. } | Self::System(_) | Self::Recalled(_) => &[],
        }
    }

    /// Whether it is a voice message.
    #[must_use]
    pub fn is_voice(&self) -> bool {
        matches!(self, Self::File { files, .. } if files.first().is_some_and(|file| file.voice))
    }

    /// Its beginning in one line: of its words, or the name of its first file where it has none.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let words = excerpt(self.text(), limits::EXCERPT);
        match self.files().first() {
            Some(file) if words.is_empty() => excerpt(&file.name, limits::EXCERPT),
            _ => words,
        }
    }
}

/// What a message that is to be sent says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewContent {
    /// Words of its sender.
    Text(MessageText),
    /// The words of another message that its sender can see.
    Forward(MessageRef),
}

impl SendMessage {
    /// What the message says.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn new_content(&self) -> Result<NewContent, ApiError> {
        if !matches!(self.message_type, None | Some(MessageType::Text)) {
            return Err(ApiError::validation("message_type", "Only text can be sent so far"));
        }
        match (self.forward, &self.content) {
            (None, content) => {
                let text = content.as_deref().unwrap_or_default();
                Ok(NewContent::Text(MessageText::parse(text)?))
            }
            (Some(of), None) => Ok(NewContent::Forward(of)),
            (Some(_), Some(_)) => {
                Err(ApiError::validation("forward", "Give either content or forward"))
            }
        }
    }
}
