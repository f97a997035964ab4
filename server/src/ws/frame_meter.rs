//! Follows the frames of a WebSocket as their bytes pass, below the library that puts messages together:
//! of what never becomes a message the library does not tell.

/// Bytes from which on a piece of a message counts as the message's own: its cost is that of its bytes.
const SMALL_PIECE_BYTES: usize = 512;

/// Bit of a frame's first byte: the message ends with this frame.
const FINAL: u8 = 0x80;
/// Bit of a frame's first byte: no message, but a ping, a pong or a close.
const CONTROL: u8 = 0x08;
/// Bit of a frame's second byte: four bytes of a mask follow its length.
const MASKED: u8 = 0x80;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct FrameMeter {
    position: FramePosition,
    /// The first byte of the current frame.
    first: u8,
    /// Bytes that the current frame announced behind its length.
    size: u64,
    /// Frames of a message have passed, and its last one has not.
    in_pieces: bool,
}

/// What the next byte is part of.
#[derive(Debug, Default)]
enum FramePosition {
    /// The first byte of a frame.
    #[default]
    First,
    /// The second byte, with the mask bit and a short length.
    Second,
    /// A byte of a long length.
    Length { missing: u8, so_far: u64 },
    /// The mask and the payload.
    Rest { missing: u64 },
}

impl FrameMeter {
    /// Follows the bytes of one read. Gives how many small pieces were in it: frames that ended no
    /// message, and the read itself if it ended no frame. Each costs as much work as a small message.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> u32 {
        let (mut pieces, mut ended) = (0, false);
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            match &mut self.position {
                FramePosition::First => {
                    self.first = *byte;
                    self.position = FramePosition::Second;
                }
                FramePosition::Second => {
                    self.size = if byte & MASKED == 0 { 0 } else { 4 };
                    self.position = match byte & !MASKED {
                        126 => FramePosition::Length { missing: 2, so_far: 0 },
                        127 => FramePosition::Length { missing: 8, so_far: 0 },
                        length => self.rest(length.into()),
                    };
                }
                FramePosition::Length { missing, so_far } => {
                    *missing -= 1;
                    *so_far = *so_far << 8 | u64::from(*byte);
                    if *missing == 0 {
                        let length = *so_far;
                        self.position = self.rest(length);
                    }
                }
                FramePosition::Rest { missing } => {
                    *missing -= 1;
                    let passing = (*missing).min(rest.len() as u64);
                    *missing -= passing;
                    rest = rest.get(usize::try_from(passing).unwrap_or(0)..).unwrap_or_default();
                }
            }
            if matches!(self.position, FramePosition::Rest { missing: 0 }) {
                ended = true;
                pieces += u32::from(self.end_frame());
            }
        }
        pieces + u32::from(!ended && bytes.len() < SMALL_PIECE_BYTES)
    }

    /// Whether a message, or a frame, has begun that has not ended.
    pub(super) fn is_within_message(&self) -> bool {
        self.in_pieces || !matches!(self.position, FramePosition::First)
    }

    fn rest(&mut self, length: u64) -> FramePosition {
        self.size = self.size.saturating_add(length);
        FramePosition::Rest { missing: self.size }
    }

    /// Tells whether the frame was a small piece of a message.
    fn end_frame(&mut self) -> bool {
        self.position = FramePosition::First;
        if self.first & CONTROL != 0 {
            return false;
        }
        self.in_pieces = self.first & FINAL == 0;
        self.in_pieces && self.size < SMALL_PIECE_BYTES as u64
    }
}

#[cfg(test)]
mod tests {
    use super::FrameMeter;

    /// A masked frame with this first byte.
    fn frame(first: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![first];
        match u16::try_from(length) {
            Ok(short @ 0..126) => bytes.push(0x80 | short.to_be_bytes()[1]),
            Ok(medium) => {
                bytes.push(0x80 | 0x7e);
                bytes.extend(medium.to_be_bytes());
            }
            Err(_) => {
                bytes.push(0x80 | 0x7f);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend(std::iter::repeat_n(0x81, 4 + length));
        bytes
    }

    #[test]
    fn whole_messages_and_control_frames_are_no_pieces() {
        let mut meter = FrameMeter::default();
        let lengths = [0, 1, 125, 126, 500, 65_535, 65_536];
        let all: Vec<u8> = lengths.iter().flat_map(|length| frame(0x81, *length)).collect();
        assert_eq!(meter.pass(&all), 0);
        assert_eq!(meter.pass(&[frame(0x89, 125), frame(0x8a, 0), frame(0x88, 2)].concat()), 0);
        assert!(!meter.is_within_message());
    }

    #[test]
    fn small_fragments_are_pieces() {
        let mut meter = FrameMeter::default();
        assert_eq!(meter.pass(&frame(0x01, 0)), 1);
        assert!(meter.is_within_message());
        assert_eq!(meter.pass(&[frame(0x00, 0), frame(0x89, 3), frame(0x00, 507)].concat()), 2);
        assert_eq!(meter.pass(&frame(0x00, 4096)), 0);
        assert!(meter.is_within_message());
        assert_eq!(meter.pass(&frame(0x80, 0)), 0);
        assert!(!meter.is_within_message());
    }

    #[test]
    fn a_frame_byte_by_byte_is_as_many_pieces() {
        let mut meter = FrameMeter::default();
        for length in [0, 200, 70_000] {
            let whole = frame(0x81, length);
            let (last, before) = whole.split_last().expect("bytes");
            let pieces: u32 = before.iter().map(|byte| meter.pass(&[*byte])).sum();
            assert_eq!(pieces as usize, before.len());
            assert!(meter.is_within_message());
            assert_eq!(meter.pass(&[*last]), 0);
            assert!(!meter.is_within_message());
        }
    }

    #[test]
    fn large_reads_are_free_wherever_they_end() {
        let mut meter = FrameMeter::default();
        let all = [frame(0x81, 60_000), frame(0x81, 3)].concat();
        let pieces: u32 = all.chunks(1_448).map(|read| meter.pass(read)).sum();
        assert_eq!(pieces, 0);
        assert!(!meter.is_within_message());
    }

    #[test]
    fn an_absurd_length_is_no_trouble() {
        let mut meter = FrameMeter::default();
        let mut head = vec![0x81, 0xff];
        head.extend([0xff; 8]);
        assert_eq!(meter.pass(&head), 1);
        assert_eq!(meter.pass(&[0; 4096]), 0);
        assert!(meter.is_within_message());
    }
}
