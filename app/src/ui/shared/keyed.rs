//! Lists whose entries keep their view while what they show changes.

use std::collections::HashMap;
use std::hash::Hash;
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
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&Keyed<K, T>>| {
        let known: HashMap<&K, &ArcRwSignal<Arc<T>>> =
            before.into_iter().flatten().map(|(key, signal)| (key, signal)).collect();
        source()
            .into_iter()
            .map(|entry| {
                let key = key(&entry);
                let signal = match known.get(&key) {
                    Some(signal) => {
                        let signal = ArcRwSignal::clone(signal);
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
