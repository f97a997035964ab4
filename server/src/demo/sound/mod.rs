//! A voice message: someone hums how a suite by Bach begins.
//!
//! * [`flac`] — sound without loss, in fewer bytes
//! * [`m4a`] — the container in which every browser plays it

mod flac;
mod m4a;

use std::f32::consts::TAU;

use app::protocol::limits;

/// Samples a second.
const RATE: u16 = 16_000;

/// Samples of a note: five a second.
const NOTE: u16 = RATE / 5;

/// The first two bars of the first suite, as MIDI numbers notes, an octave higher than a cello plays them.
const NOTES: [u8; 32] = [
    55, 62, 71, 69, 71, 62, 71, 62, 55, 62, 71, 69, 71, 62, 71, 62, //
    55, 64, 72, 71, 72, 64, 72, 64, 55, 64, 72, 71, 72, 64, 72, 64,
];

/// How loud each note of half a bar is, of 1.
const ACCENTS: [f32; 8] = [1.0, 0.45, 0.7, 0.5, 0.85, 0.4, 0.6, 0.35];

/// A sound as it is sent.
pub(super) struct Sound {
    /// FLAC in MP4.
    pub(super) bytes: Vec<u8>,
    pub(super) duration_ms: i64,
    /// As it is announced: 64 peaks up to 100, with commas.
    pub(super) waveform: String,
}

/// Hums it.
pub(super) fn hum() -> Sound {
    // The second bar is a little louder than the first.
    let accents = ACCENTS
        .into_iter()
        .cycle()
        .zip(0_u8..)
        .map(|(accent, note)| accent * (0.7 + f32::from(note) / 100.0));
    let samples: Vec<i16> =
        NOTES.iter().zip(accents).flat_map(|(note, accent)| tone(*note, accent)).collect();
    let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(1).max(1);
    let peaks = samples.chunks(samples.len().div_ceil(limits::WAVEFORM)).map(|samples| {
        let peak = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
        (u32::from(peak) * u32::from(limits::PEAK) / u32::from(loudest)).to_string()
    });
    Sound {
        waveform: peaks.collect::<Vec<_>>().join(","),
        bytes: m4a::contain(&flac::encode(&samples, RATE)),
        duration_ms: i64::try_from(samples.len()).unwrap_or(0) * 1000 / i64::from(RATE),
    }
}

/// A note that begins softly and fades.
#[expect(clippy::cast_possible_truncation, reason = "less than 16 bits")]
fn tone(note: u8, accent: f32) -> impl Iterator<Item = i16> {
    let pitch = 440.0 * ((f32::from(note) - 69.0) / 12.0).exp2();
    (0..NOTE).map(move |sample| {
        let time = f32::from(sample) / f32::from(RATE);
        let left = f32::from(NOTE - sample) / f32::from(RATE);
        // Without a click at either end.
        let loudness = (time / 0.03).min(1.0) * (left / 0.03).min(1.0) * (-3.0 * time).exp();
        let turn = TAU * pitch * time;
        let wave = turn.sin() + 0.4 * (2.0 * turn).sin() + 0.15 * (3.0 * turn).sin();
        (wave * loudness * accent * 12_000.0) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::{NOTE, NOTES, RATE, flac, hum};

    #[test]
    fn it_is_a_sound_with_its_peaks() {
        let sound = hum();
        assert_eq!(sound.duration_ms, 6_400);
        assert_eq!(sound.waveform.split(',').count(), 64);
        assert!(sound.waveform.split(',').any(|peak| peak == "100"), "{}", sound.waveform);
        assert!(sound.bytes.len() < NOTES.len() * usize::from(NOTE) * 2, "it has become smaller");
        // Every frame begins and ends as decoders want it.
        for frame in flac::encode(&vec![0; usize::from(RATE)], RATE).frames {
            assert_eq!(frame[..2], [0xff, 0xf8]);
            assert_eq!(flac::crc16(&frame), 0, "its sum and that of its sum are nothing");
        }
    }
}
