//! Lists in statements, in a few fixed sizes.
//!
//! A prepared statement is known by its text, and a text a length would push the others out of the
//! connection's cache. With lengths that are powers of two, all of them stay prepared.

/// The longest list that goes into one statement.
pub(super) const MAX_LIST: usize = 256;

/// The items in chunks of at most [`MAX_LIST`], the last one padded to a power of two by repeating
/// its last item: for `IN (…)`, OR-chains and upserts, which a repetition does not change.
pub(super) fn padded<T: Clone>(items: &[T]) -> impl Iterator<Item = Vec<T>> {
    items.chunks(MAX_LIST).map(|chunk| {
        let mut padded = chunk.to_vec();
        if let Some(last) = chunk.last() {
            padded.resize(chunk.len().next_power_of_two(), last.clone());
        }
        padded
    })
}

/// The items in chunks whose lengths are powers of two, the longest first: for INSERTs, which must
/// not repeat anything.
pub(super) fn powers_of_two<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = items.len().min(MAX_LIST).checked_ilog2().map(|power| 1 << power)?;
        let (chunk, rest) = items.split_at(length);
        items = rest;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::{padded, powers_of_two};

    #[test]
    fn chunks_are_powers_of_two_and_hold_everything_once() {
        for length in [0, 1, 2, 3, 7, 200, 256, 257, 1_000] {
            let items: Vec<usize> = (0..length).collect();
            let chunks: Vec<_> = powers_of_two(&items).collect();
            assert!(chunks.iter().all(|chunk| chunk.len().is_power_of_two()));
            assert_eq!(chunks.concat(), items);
        }
    }

    #[test]
    fn padding_repeats_the_last_item() {
        let lengths = |length: usize| {
            let items: Vec<usize> = (0..length).collect();
            padded(&items).map(|chunk| chunk.len()).collect::<Vec<_>>()
        };
        assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [[1, 2, 3, 3]]);
        assert!(lengths(0).is_empty());
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(300), [256, 64]);
    }
}
