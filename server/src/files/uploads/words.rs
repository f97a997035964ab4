//! What stands in the header `Upload-Metadata` of tus, and how its values are read.

use app::protocol::{ApiError, ErrorKind, limits};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;

/// The most words that a header may have; clients send up to ten.
const MAX_WORDS: usize = 32;

/// The words of the header, each with its value: separated by commas, the value behind a space and in base64.
///
/// # Errors
/// `bad_request` where a value is not base64 of UTF-8, a word is there twice, or there are more than 32.
pub(super) fn words(metadata: &str) -> Result<Vec<(&str, String)>, ApiError> {
    let mut words: Vec<(&str, String)> = Vec::new();
    for pair in metadata.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (word, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = BASE64.decode(value.trim()).ok().and_then(|it| String::from_utf8(it).ok());
        let value = value.ok_or_else(|| {
            wrong("Upload-Metadata has words and values in base64, separated by commas")
        })?;
        if words.len() == MAX_WORDS || words.iter().any(|(other, _)| *other == word) {
            return Err(wrong("Upload-Metadata has 32 words at most, each of them once"));
        }
        words.push((word, value));
    }
    Ok(words)
}

fn wrong(message: &str) -> ApiError {
    ApiError::new(ErrorKind::BadRequest, message)
}

/// A number within these bounds. Browsers may say it with a fraction, which is left out.
pub(super) fn number<T: std::str::FromStr + PartialOrd>(
    text: &str,
    least: T,
    most: T,
) -> Option<T> {
    let whole = text.trim().split('.').next()?;
    whole.parse().ok().filter(|number| (least..=most).contains(number))
}

/// The peaks of a voice message: numbers with commas.
pub(super) fn peaks(text: &str) -> Option<Vec<u8>> {
    let peaks = text.split(',').map(|peak| number(peak, 0, limits::PEAK));
    let peaks = peaks.take(limits::WAVEFORM + 1).collect::<Option<Vec<_>>>()?;
    (peaks.len() <= limits::WAVEFORM).then_some(peaks)
}
