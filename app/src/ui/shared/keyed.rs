//! Lists whose entries keep their view while what they show changes.

use std::collections::HashMap;
use std::hash::Hash;

use leptos::prelude::*;

/// Turns a list that is computed anew at every change into one signal an entry, so that a change
/// of one entry touches nothing but that entry's view, and an entry that only moves keeps it.
pub fn keyed<K, T>(
    source: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> K + Send + Sync + 'static,
) -> Memo<Vec<(K, ArcRwSignal<T>)>>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&Vec<(K, ArcRwSignal<T>)>>| {
        let known: HashMap<&K, &ArcRwSignal<T>> =
            before.into_iter().flatten().map(|(key, signal)| (key, signal)).collect();
        source()
            .into_iter()
            .map(|entry| {
                let key = key(&entry);
                let signal = match known.get(&key) {
                    Some(signal) => {
                        let signal = ArcRwSignal::clone(signal);
                        if signal.with_untracked(|shown| *shown != entry) {
                            signal.set(entry);
                        }
                        signal
                    }
                    None => ArcRwSignal::new(entry),
                };
                (key, signal)
            })
            .collect()
    })
}
