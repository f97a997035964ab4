//! What people of the demo send beside texts: made here, and taken in by the door through which uploads come.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::future::ready;

use app::protocol::{FileId, MessageType, SendMessage, UserId};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::try_join_all;
use futures_util::stream::once;

use super::sound;
use super::views::View;
use crate::error::Error;
use crate::files::Files;
use crate::files::uploads::Announced;

/// A file that someone sends.
#[derive(Clone, Copy)]
pub(super) enum Attachment {
    /// A picture to be looked at.
    Picture(&'static View),
    /// A voice message.
    Voice,
    /// What a migration has said, as text.
    Log,
}

/// A file before it is uploaded: its bytes, and what is said of it.
struct Made {
    bytes: Vec<u8>,
    said: Vec<(&'static str, String)>,
}

impl Attachment {
    /// The kind of a message that holds it.
    pub(super) fn message_type(self) -> MessageType {
        if matches!(self, Self::Picture(_)) { MessageType::Image } else { MessageType::File }
    }

    fn make(self) -> Result<Made, Error> {
        let said = |name: &str, purpose: &str| {
            vec![("filename", name.to_owned()), ("as", purpose.to_owned())]
        };
        Ok(match self {
            Self::Picture(view) => {
                let bytes = view.draw().jpeg().map_err(Error::internal)?;
                Made { bytes, said: said(view.name, "photo") }
            }
            Self::Voice => {
                let sound = sound::hum();
                let mut said = said("voice.m4a", "voice");
                said.push(("duration_ms", sound.duration_ms.to_string()));
                said.push(("waveform", sound.waveform));
                Made { bytes: sound.bytes, said }
            }
            Self::Log => Made { bytes: log().into_bytes(), said: said("migration.log", "file") },
        })
    }
}

/// Uploads these files, in their order, for a message that holds them; it is a text where there are none.
pub(super) async fn send(
    files: &Files,
    owner: UserId,
    attachments: &[Attachment],
) -> Result<SendMessage, Error> {
    let Some(first) = attachments.first() else { return Ok(SendMessage::default()) };
    let uploaded = attachments.iter().map(|attachment| upload(files, owner, *attachment));
    Ok(SendMessage {
        message_type: Some(first.message_type()),
        file_ids: Some(try_join_all(uploaded).await?),
        ..SendMessage::default()
    })
}

async fn upload(files: &Files, owner: UserId, attachment: Attachment) -> Result<FileId, Error> {
    let made = tokio::task::spawn_blocking(move || attachment.make());
    let Made { bytes, said } = made.await.map_err(Error::internal)??;
    let size = i64::try_from(bytes.len()).map_err(Error::internal)?;
    let mut announced = Announced::nameless(size);
    for (word, value) in said {
        announced.say(word, &value)?;
    }
    Ok(files.receive_whole(owner, announced, body(bytes)).await?.id)
}

/// What comes in as one.
pub(super) fn body(bytes: Vec<u8>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    once(ready(Ok(Bytes::from(bytes))))
}

/// Ten million rows, a line for each twentieth.
fn log() -> String {
    let mut log = "03:00:00 backup is there, 4.1 GB\n".to_owned();
    for part in 1..=20 {
        // Writing to a String cannot fail.
        let _ = writeln!(log, "03:{:02}:{:02} {} rows", part / 2, part * 37 % 60, part * 500_000);
    }
    log.push_str("03:11:04 done, nobody had to log out\n");
    log
}
