//! How long it takes until a photo shows at the other side: from the first byte of its upload to the message and its
//! thumbnail.

use std::time::{Duration, Instant};

use app::protocol::{Command, Message, MessageType, SendMessage, ServerFrame};
use bytes::Bytes;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::client::{Client, PIECE};
use crate::Failure;
use crate::socket::connect;

/// Pixels a row, and rows: what a browser makes of a phone's photo.
const SIZE: (u32, u32) = (2_560, 1_920);

/// Bytes that it has at least.
const LEAST: usize = 5_000_000;

/// Sends it so many times, and one before that does not count.
pub(super) async fn measure(
    sender: &Client,
    receiver: &Client,
    times: usize,
) -> Result<Vec<Duration>, Failure> {
    let photo = photo()?;
    let (_open, mut incoming) = connect(&receiver.url, &receiver.account).await?;
    let (mut outgoing, _acks) = connect(&sender.url, &sender.account).await?;
    let mut took = Vec::with_capacity(times);
    for number in 0..=times {
        let begun = Instant::now();
        let id = sender.tus(&photo, PIECE, "photo").await?;
        let message = SendMessage {
            client_id: number.to_string(),
            to_user_id: Some(receiver.account.id),
            message_type: Some(MessageType::Image),
            file_ids: Some(vec![id]),
            ..SendMessage::default()
        };
        outgoing.feed(Command::Message(message)).await?;
        outgoing.flush().await?;
        let message: Message = loop {
            if let ServerFrame::NewMessage { message } = incoming.next().await? {
                break message;
            }
        };
        if !message.files().iter().any(|file| file.id == id && file.thumbnail_url.is_some()) {
            return Err("the photo came without a thumbnail".into());
        }
        receiver.fetch(&format!("files/{id}/thumbnail")).await?;
        if number > 0 {
            took.push(begun.elapsed());
        }
    }
    took.sort_unstable();
    Ok(took)
}

/// A picture of as much detail as makes it so large.
fn photo() -> Result<Bytes, Failure> {
    let (width, height) = SIZE;
    let mut state = 1_u32;
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height {
        for column in 0..width {
            // A generator of chance, as simple as they come (xorshift).
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = u8::try_from(state >> 26).unwrap_or(0);
            let light = u8::try_from((row + column) / 20 % 180).unwrap_or(0);
            rgb.extend([light, light / 2, 180 - light].map(|part| part + noise));
        }
    }
    for quality in (60..=100).step_by(4) {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        encoder.encode(&rgb, width, height, ExtendedColorType::Rgb8)?;
        if bytes.len() >= LEAST {
            return Ok(bytes.into());
        }
    }
    Err("the photo has too few bytes".into())
}
