//! MP4 with nothing in it but one sound in FLAC ("Encapsulation of FLAC in ISO Base Media File Format").

use super::flac::{BLOCK, Flac};

/// The sound in its container.
pub(super) fn contain(flac: &Flac) -> Vec<u8> {
    let kind = atom(*b"ftyp", &[b"M4A ", &word(0), b"M4A isomiso2"]);
    let data = flac.frames.concat();
    let place = kind.len() + 8;
    let [data, film] = [atom(*b"mdat", &[&data]), film(flac, place)];
    [kind, data, film].concat()
}

/// What there is to know of the sound, whose first frame lies at `place`.
fn film(flac: &Flac, place: usize) -> Vec<u8> {
    let (rate, count) = (u32::from(flac.rate), of(flac.frames.len()));
    let duration = word(count * u32::from(BLOCK));
    let (one, unity) = (word(1), matrix());
    let times = [word(0), word(0)].concat();
    let header = full(
        *b"mvhd",
        0,
        &[
            &times,
            &word(rate),
            &duration,
            &word(0x1_0000),
            &[1, 0],
            &[0; 10],
            &unity,
            &[0; 24],
            &word(2),
        ],
    );
    // It is on, and part of what is played.
    let track = full(
        *b"tkhd",
        3,
        &[&times, &one, &word(0), &duration, &[0; 8], &[0; 4], &[1, 0], &[0; 2], &unity, &[0; 8]],
    );
    // In no language.
    let media = full(*b"mdhd", 0, &[&times, &word(rate), &duration, &[0x55, 0xc4, 0, 0]]);
    let handler = full(*b"hdlr", 0, &[&word(0), b"soun", &[0; 12], &[0]]);
    let here = full(*b"url ", 1, &[]);
    let data = atom(*b"dinf", &[&full(*b"dref", 0, &[&one, &here])]);
    // The last block of metadata, the one about the stream.
    let info = full(*b"dfLa", 0, &[&word(0x8000_0000 | of(flac.info.len())), &flac.info]);
    let sound = atom(
        *b"fLaC",
        &[&[0; 6], &[0, 1], &[0; 8], &[0, 1, 0, 16, 0, 0, 0, 0], &word(rate << 16), &info],
    );
    let sizes: Vec<u8> = flac.frames.iter().flat_map(|frame| word(of(frame.len()))).collect();
    let samples = atom(
        *b"stbl",
        &[
            &full(*b"stsd", 0, &[&one, &sound]),
            &full(*b"stts", 0, &[&one, &word(count), &word(u32::from(BLOCK))]),
            &full(*b"stsc", 0, &[&one, &one, &word(count), &one]),
            &full(*b"stsz", 0, &[&word(0), &word(count), &sizes]),
            &full(*b"stco", 0, &[&one, &word(of(place))]),
        ],
    );
    let minimal = atom(*b"minf", &[&full(*b"smhd", 0, &[&[0; 4]]), &data, &samples]);
    let media = atom(*b"mdia", &[&media, &handler, &minimal]);
    atom(*b"moov", &[&header, &atom(*b"trak", &[&track, &media])])
}

/// A box of this kind with these parts.
fn atom(kind: [u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&word(of(content.len() + 8))[..], &kind, &content].concat()
}

/// One that has a version, which is 0, and flags.
fn full(kind: [u8; 4], flags: u32, parts: &[&[u8]]) -> Vec<u8> {
    atom(kind, &[&word(flags), &parts.concat()])
}

/// Neither turned nor made larger.
fn matrix() -> Vec<u8> {
    [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].into_iter().flat_map(word).collect()
}

fn word(number: u32) -> [u8; 4] {
    number.to_be_bytes()
}

/// Of a few hundred kilobytes at most.
fn of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
