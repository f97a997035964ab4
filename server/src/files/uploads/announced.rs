//! What an uploader says of a file before its first byte: the same words in the metadata of tus and in the fields of
//! a form.

use app::protocol::ApiError;

use super::words::{number, peaks, words};
use crate::files::Purpose;
use crate::files::names;
use crate::store::uploads::Described;

/// The longest side of a film, in pixels.
const MAX_SIDE: u32 = 65_535;
/// The longest sound or film, in milliseconds: a day.
const MAX_DURATION_MS: i64 = 24 * 60 * 60 * 1000;

/// A file that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The file's name, cleaned.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Bytes that will come.
    pub size: i64,
    /// What else is said of it.
    pub described: Described,
}

impl Announced {
    /// A file of so many bytes of which nothing is said.
    pub fn nameless(size: i64) -> Self {
        let (name, purpose) = (names::clean(""), Purpose::File);
        Self { name, purpose, size, described: Described::default() }
    }

    /// Whether no name was said.
    pub fn is_nameless(&self) -> bool {
        self.name == names::clean("")
    }

    /// By the header `Upload-Metadata` of tus.
    ///
    /// # Errors
    /// `bad_request` where that is broken; else as [`say`](Self::say).
    pub fn by_metadata(size: i64, metadata: &str) -> Result<Self, ApiError> {
        let mut announced = Self::nameless(size);
        for (word, value) in words(metadata)? {
            announced.say(word, &value)?;
        }
        Ok(announced)
    }

    /// Takes in what is said by one word; words that are not known say nothing.
    ///
    /// # Errors
    /// `validation`, on the word.
    pub fn say(&mut self, word: &str, value: &str) -> Result<(), ApiError> {
        let wrong = |message| ApiError::validation(word, message);
        match word {
            "filename" => self.name = names::clean(value),
            "as" => {
                self.purpose = match value {
                    "photo" => Purpose::Photo,
                    "voice" => Purpose::Voice,
                    "file" => Purpose::File,
                    _ => return Err(wrong("as is photo, voice or file")),
                };
            }
            "duration_ms" => {
                let duration = number(value, 0, MAX_DURATION_MS);
                self.described.duration_ms =
                    Some(duration.ok_or_else(|| wrong("duration_ms is 0 to 86400000"))?);
            }
            "width" | "height" => {
                let side = number(value, 1, MAX_SIDE).ok_or_else(|| wrong("1 to 65535 pixels"))?;
                let described = &mut self.described;
                *(if word == "width" { &mut described.width } else { &mut described.height }) =
                    Some(side);
            }
            "waveform" => {
                let message = "waveform has 64 numbers from 0 to 100 at most, and commas";
                self.described.waveform = Some(peaks(value).ok_or_else(|| wrong(message))?);
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Announced, Purpose};

    #[test]
    fn metadata_says_what_a_file_is() {
        // "a voice.m4a", "voice", "1500", "0,50,100"
        let said =
            "filename YSB2b2ljZS5tNGE=,as dm9pY2U=,duration_ms MTUwMA==, waveform MCw1MCwxMDA=,x";
        let announced = Announced::by_metadata(7, said).expect("known");
        assert_eq!(announced.name, "a voice.m4a");
        assert_eq!(announced.purpose, Purpose::Voice);
        assert_eq!(announced.described.duration_ms, Some(1500));
        assert_eq!(announced.described.waveform, Some(vec![0, 50, 100]));
        for bad in ["filename a b", "filename /w==", "as eA==", "width MA==", "waveform MTAx"] {
            assert!(Announced::by_metadata(7, bad).is_err(), "{bad}");
        }
    }
}
