//! What a message says: one type for all kinds of message, from the wire to the view.

use super::text::excerpt;
use super::{
    ApiError, Caption, File, FileId, MessageRef, MessageText, MessageType, NewSchedule, Schedule,
    SendMessage, SystemNotice, limits,
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

    /// The same with other words, where it has words of its sender's own.
    ///
    /// # Errors
    /// `validation` on `content` where a text would be left without words.
    pub fn reworded(self, words: &Caption) -> Result<Self, ApiError> {
        let caption = words.as_str().to_owned();
        Ok(match self {
            Self::Text(_) => Self::Text(MessageText::parse(words.as_str())?.into_inner()),
            Self::Image { files, .. } => Self::Image { files, caption },
            Self::File { files, .. } => Self::File { files, caption },
            Self::Schedule { schedule, .. } => Self::Schedule { schedule, caption },
            same @ (Self::System(_) | Self::Recalled(_)) => same,
        })
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

    /// Its beginning in one line: of its words, the name of its first file where it has none, or of an appointment the
    /// title.
    #[must_use]
    pub fn excerpt(&self) -> String {
        if let Self::Schedule { schedule, .. } = self {
            return excerpt(&schedule.title, limits::EXCERPT);
        }
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
    /// Pictures and films that its sender has uploaded to be looked at.
    Image(NewFiles),
    /// Files that its sender has uploaded.
    File(NewFiles),
    /// An appointment.
    Schedule {
        /// As its sender thinks of it.
        schedule: Box<NewSchedule>,
        /// The words below it; may be empty.
        caption: Caption,
    },
    /// What another message says that its sender can see.
    Forward(MessageRef),
}

/// Uploads that are to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFiles {
    /// Their ids in the order of the message: 1 to 10, each once.
    pub ids: Vec<FileId>,
    /// The words below them; may be empty.
    pub caption: Caption,
}

impl NewFiles {
    /// # Errors
    /// `validation` on `file_ids` or `content`.
    fn parse(ids: Vec<FileId>, caption: &str) -> Result<Self, ApiError> {
        let refused = |why: String| Err(ApiError::validation("file_ids", why));
        if !(1..=limits::FILES).contains(&ids.len()) {
            return refused(format!("A message holds 1 to {} files", limits::FILES));
        }
        if ids.iter().enumerate().any(|(place, id)| ids[..place].contains(id)) {
            return refused("Give each file once".into());
        }
        Ok(Self { ids, caption: Caption::parse(caption)? })
    }
}

impl NewContent {
    /// The words of its sender, in which people may be named; empty where there are none.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Text(text) => text.as_str(),
            Self::Image(files) | Self::File(files) => files.caption.as_str(),
            Self::Schedule { caption, .. } => caption.as_str(),
            Self::Forward(_) => "",
        }
    }
}

impl SendMessage {
    /// What the message says.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn new_content(&self) -> Result<NewContent, ApiError> {
        let files = self.file_ids.clone().unwrap_or_else(|| Vec::from_iter(self.file_id));
        let words = self.content.as_deref().unwrap_or_default();
        match (self.message_type.unwrap_or_default(), self.forward) {
            (MessageType::System, _) => {
                Err(ApiError::validation("message_type", "Only the server sends this"))
            }
            (_, Some(of)) if self.content.is_none() && files.is_empty() => {
                Ok(NewContent::Forward(of))
            }
            (_, Some(_)) => {
                let why = "Give either forward, or content and file_ids";
                Err(ApiError::validation("forward", why))
            }
            (MessageType::Text, None) if !files.is_empty() => {
                Err(ApiError::validation("file_ids", "A text holds no files"))
            }
            (MessageType::Text, None) => Ok(NewContent::Text(MessageText::parse(words)?)),
            (MessageType::Schedule, None) if !files.is_empty() => {
                Err(ApiError::validation("file_ids", "An appointment holds no files"))
            }
            (MessageType::Schedule, None) => {
                let missing = || ApiError::validation("schedule", "There is no appointment");
                let schedule = Box::new(self.schedule.clone().ok_or_else(missing)?.checked()?);
                Ok(NewContent::Schedule { schedule, caption: Caption::parse(words)? })
            }
            (MessageType::Image, None) => Ok(NewContent::Image(NewFiles::parse(files, words)?)),
            (MessageType::File, None) => Ok(NewContent::File(NewFiles::parse(files, words)?)),
        }
    }
}
