//! FLAC (RFC 9639), as little of it as a simple sound needs: one channel of 16 bits, each sample told by how far it lies
//! from the straight line through the two before it.

/// Samples of a frame.
pub(super) const BLOCK: u16 = 4_096;

/// How a frame says that it has [`BLOCK`] samples, at 16,000 a second, in one channel of 16 bits.
const FRAME: [u8; 4] = [0xff, 0xf8, 0xc5, 0x08];

/// How a part of a frame says that its samples are told so: the fixed predictor of the second order.
const PREDICTOR: u32 = 0x14;

/// A sound.
pub(super) struct Flac {
    /// Samples a second.
    pub(super) rate: u16,
    /// The block of metadata that tells what it is.
    pub(super) info: Vec<u8>,
    /// Of [`BLOCK`] samples each.
    pub(super) frames: Vec<Vec<u8>>,
}

/// Encodes a sound of at most half a million samples, 16,000 a second; silence is added to its last block.
pub(super) fn encode(samples: &[i16], rate: u16) -> Flac {
    let block = usize::from(BLOCK);
    let frames = (0..128).zip(samples.chunks(block)).map(|(number, samples)| {
        let mut whole = samples.to_vec();
        whole.resize(block, 0);
        frame(number, &whole)
    });
    let frames: Vec<_> = frames.collect();
    let mut info = Bits::default();
    for (value, bits) in [
        // The shortest and the longest block, and of frames the same, which is not known.
        (u32::from(BLOCK), 16),
        (u32::from(BLOCK), 16),
        (0, 24),
        (0, 24),
        (u32::from(rate), 20),
        // One channel, 16 bits: one less of each.
        (0, 3),
        (15, 5),
        (0, 4),
        (u32::try_from(frames.len() * block).unwrap_or(0), 32),
    ] {
        info.put(value, bits);
    }
    let mut info = info.bytes;
    // No digest.
    info.extend([0; 16]);
    Flac { rate, info, frames }
}

fn frame(number: u8, samples: &[i16]) -> Vec<u8> {
    let mut bits = Bits::default();
    for byte in FRAME.into_iter().chain([number]) {
        bits.put(u32::from(byte), 8);
    }
    bits.put(u32::from(crc8(&bits.bytes)), 8);
    bits.put(PREDICTOR, 8);
    for first in &samples[..2] {
        bits.put(u32::from(first.cast_unsigned()), 16);
    }
    // Small numbers of either sign in turn.
    let far = |window: &[i16]| {
        let [one, two, three] = [0, 1, 2].map(|place| i32::from(window[place]));
        let far = three - 2 * two + one;
        (far << 1 ^ far >> 31).cast_unsigned()
    };
    let far: Vec<u32> = samples.windows(3).map(far).collect();
    let length = |low: u32| far.iter().map(|far| (far >> low) + 1 + low).sum::<u32>();
    let low = (0..15).min_by_key(|low| length(*low)).unwrap_or(0);
    // One way of counting for the whole block: so many low bits as they are, and what is above as so many zeros.
    bits.put(0, 6);
    bits.put(low, 4);
    for far in far {
        for _ in 0..far >> low {
            bits.put(0, 1);
        }
        bits.put(1, 1);
        bits.put(far & ((1 << low) - 1), low);
    }
    let mut bytes = bits.bytes;
    let sum = crc16(&bytes);
    bytes.extend(sum.to_be_bytes());
    bytes
}

/// Bits one after the other, the highest first; the last byte is filled up with zeros.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    /// Bits that are free in the last byte.
    free: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        for bit in (0..bits).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            self.free -= 1;
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(value >> bit & 1 == 1) << self.free;
            }
        }
    }
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ byte, |sum: u8, _| sum << 1 ^ if sum & 0x80 == 0 { 0 } else { 0x07 })
    })
}

pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        let sum = sum ^ u16::from(*byte) << 8;
        (0..8).fold(sum, |sum: u16, _| sum << 1 ^ if sum & 0x8000 == 0 { 0 } else { 0x8005 })
    })
}
