//! Names as they are compared: two names that look alike to a person have one key.

use app::protocol::text::fold;

/// Characters of a key. Folding makes some names longer; nobody types this far.
const MAX_KEY_CHARS: usize = 128;

/// The key of a name, compared byte by byte: folded, and without an `@` before it.
pub(super) fn name_key(name: &str) -> Vec<u8> {
    let key = fold(name);
    let key = key.strip_prefix('@').unwrap_or(&key);
    key.chars().take(MAX_KEY_CHARS).collect::<String>().into_bytes()
}

/// The keys that start with `prefix`, from the first to the one before the second: all of them for
/// an empty one.
pub(super) fn prefix_range(prefix: &str) -> (Vec<u8>, Vec<u8>) {
    let from = name_key(prefix);
    // No key has a byte above 0xf4, UTF-8's highest, so that there is always a next one.
    let to = from.split_last().map_or(vec![0xff], |(last, rest)| [rest, &[last + 1][..]].concat());
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::{name_key, prefix_range};

    #[test]
    fn names_that_look_alike_have_one_key() {
        for (one, other) in
            [("Mei", "mEI"), ("STRASSE", "straße"), ("Nguyễn", "nguyen"), ("@mei", "mei")]
        {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
        assert_ne!(name_key("😀"), name_key("😁"));
    }

    #[test]
    fn a_key_is_bounded() {
        assert!(name_key(&"\u{fdfa}".repeat(64)).len() <= 512);
    }

    #[test]
    fn a_prefix_is_a_range() {
        let (from, to) = prefix_range("Me");
        assert_eq!((from, to), (b"me".to_vec(), b"mf".to_vec()));
        let (from, to) = prefix_range("me");
        let inside = |name: &str| {
            let key = name_key(name);
            from <= key && key < to
        };
        assert!(inside("me") && inside("Mei") && inside("me😀") && inside("me\u{10ffff}"));
        assert!(!inside("mf") && !inside("m") && !inside("ma"));
        let (from, to) = prefix_range("");
        assert!(["", "a", "\u{10ffff}"].map(name_key).iter().all(|key| from <= *key && *key < to));
    }
}
