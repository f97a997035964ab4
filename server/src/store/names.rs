//! Names as they are compared: two names that look alike to a person have one key.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// Characters of a key. Folding makes some names longer; nobody types this far.
const LONGEST: usize = 128;

/// The key of a name: NFKC and case fold, compared byte by byte.
pub(super) fn name_key(name: &str) -> Vec<u8> {
    folded(name).into_bytes()
}

/// The keys that start with `prefix`, from the first to the one before the second; absent when the
/// range has no end.
pub(super) fn prefix_range(prefix: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    let from = name_key(prefix);
    let mut to = from.clone();
    while let Some(last) = to.pop() {
        if let Some(next) = last.checked_add(1) {
            to.push(next);
            return (from, Some(to));
        }
    }
    (from, None)
}

fn folded(name: &str) -> String {
    name.nfkc().default_case_fold().nfkc().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::{name_key, prefix_range};

    #[test]
    fn names_that_look_alike_have_one_key() {
        for (one, other) in
            [("Mei", "mEI"), ("STRASSE", "straße"), ("ｆｕｌｌ", "full"), ("é", "e\u{301}")]
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
        assert_eq!((from, to), (b"me".to_vec(), Some(b"mf".to_vec())));
        let (from, to) = prefix_range("me");
        let inside = |name: &str| {
            let key = name_key(name);
            key >= from && to.as_ref().is_none_or(|to| key < *to)
        };
        assert!(inside("me") && inside("Mei") && inside("me😀") && inside("me\u{10ffff}"));
        assert!(!inside("mf") && !inside("m") && !inside("ma"));
    }
}
