//! What a file is, found from its first bytes and never from what its sender says.

use super::Purpose;

/// Of whatever is only ever downloaded.
pub const OTHER: &str = "application/octet-stream";

/// How many bytes from the beginning are looked at.
pub const LOOKED_AT: usize = 512;

/// What browsers may show in place: pictures, films and sound, which they run no scripts of. Text, SVG, HTML, PDF and
/// everything unknown are not here, and are [`OTHER`].
const SHOWN: [&str; 12] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/webm",
    "video/ogg",
];

/// Whether a file of this type may be shown in place; else it is an attachment, whatever it is.
pub fn is_shown(mime: &str) -> bool {
    SHOWN.contains(&mime)
}

/// The type of what begins with these bytes ([`LOOKED_AT`] of them, or all): one that may be shown, or [`OTHER`].
pub fn of(head: &[u8], purpose: Purpose) -> &'static str {
    let mime = match infer::get(head).map_or(OTHER, |found| found.mime_type()) {
        // Names that are not registered.
        "audio/m4a" => "audio/mp4",
        "audio/opus" => "audio/ogg",
        "video/x-m4v" => "video/mp4",
        // A beginning of three letters is found in other things, too.
        "image/gif" if !(head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a")) => OTHER,
        "image/webp" if !head.starts_with(b"RIFF") => OTHER,
        found => found,
    };
    let mime = SHOWN.iter().find(|shown| **shown == mime).copied().unwrap_or(OTHER);
    match (purpose, mime) {
        // The containers begin alike whether there is a picture beside the sound or not.
        (Purpose::Voice, "video/mp4") => "audio/mp4",
        (Purpose::Voice, "video/webm") => "audio/webm",
        (_, mime) => mime,
    }
}

#[cfg(test)]
mod tests {
    use super::{OTHER, is_shown, of};
    use crate::files::Purpose;

    #[test]
    fn what_is_not_on_the_list_is_a_download() {
        let html = b"<!DOCTYPE html><script>alert(1)</script>";
        let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
        let svg_alone = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let others: [&[u8]; 9] = [
            html,
            svg,
            svg_alone,
            b"%PDF-1.7\n",
            b"PK\x03\x04zip",
            b"hello",
            b"",
            b"GIF<script>",
            b"<html>WEBP",
        ];
        for bytes in others {
            assert_eq!(of(bytes, Purpose::File), OTHER, "{}", String::from_utf8_lossy(bytes));
        }
        assert!(!is_shown(OTHER) && !is_shown("image/svg+xml") && !is_shown("text/html"));
    }

    #[test]
    fn what_is_shown_is_known_by_its_first_bytes() {
        let webm = [b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm".as_slice(), &[0; 300]].concat();
        let opus = [b"OggS".as_slice(), &[0; 24], b"OpusHead", &[0; 20]].concat();
        let of_files: [(&[u8], &str); 9] = [
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"GIF89a\x01\0\x01\0", "image/gif"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypisom\0\0\x02\0", "video/mp4"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
            (b"\0\0\0\x18ftypM4A \0\0\x02\0", "audio/mp4"),
            (&webm, "video/webm"),
            (&opus, "audio/ogg"),
        ];
        for (bytes, mime) in of_files {
            assert_eq!(of(bytes, Purpose::File), mime);
            assert!(is_shown(mime));
        }
        assert_eq!(of(&webm, Purpose::Voice), "audio/webm");
        assert_eq!(of(b"\0\0\0\x18ftypiso5\0\0\x02\0", Purpose::Voice), "audio/mp4");
    }
}
