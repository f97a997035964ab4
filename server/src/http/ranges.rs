//! Which bytes of a file a request asks for, and whether it needs any: the headers `Range`, `If-Range` and
//! `If-None-Match`.

use std::ops::Range;

/// These headers, where the request has them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'h> {
    /// `Range`.
    pub(super) range: Option<&'h str>,
    /// `If-Range`.
    pub(super) if_range: Option<&'h str>,
    /// `If-None-Match`.
    pub(super) if_none_match: Option<&'h str>,
}

/// What is to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing: they are there already.
    NotModified,
    /// Nothing: the range lies outside.
    Outside,
}

impl Wanted {
    /// Of what has so many bytes and this tag, in quotes.
    pub(super) fn of(asked: Asked<'_>, tag: &str, size: u64) -> Self {
        if asked.if_none_match.is_some_and(|tags| is_among(tag, tags)) {
            return Self::NotModified;
        }
        // A date, or another tag: the bytes that are there already are of something else.
        if asked.if_range.is_some_and(|condition| condition.trim() != tag) {
            return Self::Whole;
        }
        asked.range.map_or(Self::Whole, |range| part(range, size))
    }
}

/// Compared weakly, as it is meant here.
fn is_among(tag: &str, tags: &str) -> bool {
    tags.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// One range. What is none, and several at once, are not heeded, as the specification lets us.
fn part(range: &str, size: u64) -> Wanted {
    let Some(range) = range.trim().strip_prefix("bytes=") else { return Wanted::Whole };
    let Some((first, last)) = range.split_once('-') else { return Wanted::Whole };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // One too large to be read is larger than any file.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let range = match (number(first), number(last)) {
        // The last so many.
        (None, Some(count)) if first.is_empty() => size.saturating_sub(count)..size,
        (Some(first), None) if last.is_empty() => first..size,
        (Some(first), Some(last)) if first <= last => first..size.min(last.saturating_add(1)),
        _ => return Wanted::Whole,
    };
    if range.is_empty() { Wanted::Outside } else { Wanted::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Wanted};

    fn wanted(asked: Asked<'_>) -> Wanted {
        Wanted::of(asked, "\"a\"", 10)
    }

    #[test]
    fn ranges_of_every_kind() {
        let of = |range| wanted(Asked { range: Some(range), ..Asked::default() });
        for (range, first, end) in [
            ("bytes=0-3", 0, 4),
            ("bytes=9-9", 9, 10),
            ("bytes=4-", 4, 10),
            ("bytes=-3", 7, 10),
            ("bytes=-30", 0, 10),
            ("bytes=5-99999999999999999999999", 5, 10),
        ] {
            assert_eq!(of(range), Wanted::Part(first..end), "{range}");
        }
        for outside in ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(of(outside), Wanted::Outside, "{outside}");
        }
        for none in [
            "bytes=",
            "bytes=-",
            "bytes=3-2",
            "bytes=a-b",
            "items=0-1",
            "bytes=0-1,3-4",
            "bytes=+1-2",
            "bytes=1--2",
            "bytes 0-1",
        ] {
            assert_eq!(of(none), Wanted::Whole, "{none}");
        }
    }

    #[test]
    fn conditions_come_before_ranges() {
        let range = Some("bytes=0-3");
        let if_range = |tag| wanted(Asked { range, if_range: Some(tag), if_none_match: None });
        assert_eq!(if_range("\"a\""), Wanted::Part(0..4));
        for other in ["\"b\"", "W/\"a\"", "Tue, 01 Dec 2026 00:00:00 GMT"] {
            assert_eq!(if_range(other), Wanted::Whole, "{other}");
        }
        let known = |tags| wanted(Asked { range, if_range: None, if_none_match: Some(tags) });
        for tags in ["\"a\"", "\"b\", W/\"a\"", "*"] {
            assert_eq!(known(tags), Wanted::NotModified, "{tags}");
        }
        assert_eq!(known("\"b\""), Wanted::Part(0..4));
    }
}
