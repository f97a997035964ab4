//! Lists whose entries keep their view while what they show changes.

use std::sync::Arc;

use leptos::prelude::*;

/// Entries with their keys.
pub type Keyed<K, T> = Vec<(K, ArcRwSignal<Arc<T>>)>;

/// Turns a list that is computed anew at every change into one signal an entry, so that a change
/// of one entry touches nothing but that entry's view, and an entry that only moves keeps it.
///
/// Entries lie behind an `Arc`: views take them out by `get`, which is one piece of code, where
/// every closure handed to `with` would be another.
pub fn keyed<K, T>(
    source: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> K + Send + Sync + 'static,
) -> Memo<Keyed<K, T>>
where
    K: Clone + Eq + Send + Sync + 'static,
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&Keyed<K, T>>| {
        let before = before.map_or(&[][..], Vec::as_slice);
        // Each is looked for from where the one before it was found: nearly all follow on one another.
        let mut next = 0;
        source()
            .into_iter()
            .map(|entry| {
                let key = key(&entry);
                let (above, below) = before.split_at(next);
                let known = below.iter().chain(above).position(|(known, _)| *known == key);
                let known = known.map(|ahead| (next + ahead) % before.len());
                let signal = match known {
                    Some(at) => {
                        next = at + 1;
                        let signal = before[at].1.clone();
                        if *signal.get_untracked() != entry {
                            signal.set(Arc::new(entry));
                        }
                        signal
                    }
                    None => ArcRwSignal::new(Arc::new(entry)),
                };
                (key, signal)
            })
            .collect()
    })
}
