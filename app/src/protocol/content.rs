//! What a message says: one type for all kinds of message, from the wire to the view.

use super::{
    ApiError, Attachment, MessageRef, MessageText, MessageType, Schedule, SendMessage, SystemNotice,
};

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words, which may hold marks such as `**bold**` and mentions such as `@mei`.
    Text(String),
    /// A picture.
    Image {
        /// The picture.
        file: Box<Attachment>,
        /// The words below it; may be empty.
        caption: String,
    },
    /// An uploaded file.
    File {
        /// The file.
        file: Box<Attachment>,
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
