//! Reads `threads.txt`, and fills in what stands for something.

use std::collections::HashMap;

use rand::RngExt;
use rand::rngs::StdRng;

use super::attachments::Attachment;

const TEXT: &str = include_str!("threads.txt");

/// A line of a thread.
pub(super) struct Line {
    /// Whether the one who began says it.
    pub(super) first: bool,
    /// The words, or the caption of what is sent with it.
    pub(super) words: String,
    /// What is sent with it.
    pub(super) attachments: &'static [Attachment],
}

/// All threads, and what their slots may stand for.
pub(super) struct Script {
    slots: HashMap<&'static str, Vec<&'static str>>,
    threads: Vec<Thread>,
}

struct Thread {
    language: &'static str,
    lines: Vec<(bool, &'static str)>,
    /// How often it was taken.
    taken: usize,
}

impl Script {
    pub(super) fn read() -> Self {
        let mut script = Self { slots: HashMap::new(), threads: Vec::new() };
        let (mut language, mut lines) = ("", Vec::new());
        // One blank line more, so that the last thread ends like all others.
        for line in TEXT.lines().filter(|line| !line.starts_with("# ")).chain([""]) {
            if let Some(slot) = line.strip_prefix('@') {
                let (name, values) = slot.split_once(": ").unwrap_or((slot, ""));
                script.slots.insert(name, values.split(" | ").collect());
            } else if let Some(name) = line.strip_prefix("## ") {
                language = name;
            } else if let Some(words) = line.strip_prefix("A: ") {
                lines.push((true, words));
            } else if let Some(words) = line.strip_prefix("B: ") {
                lines.push((false, words));
            } else if !lines.is_empty() {
                let lines = std::mem::take(&mut lines);
                script.threads.push(Thread { language, lines, taken: 0 });
            }
        }
        script
    }

    /// Some threads in these languages for one conversation, no two of them the same; those that were
    /// taken least come first.
    pub(super) fn take(
        &mut self,
        languages: &[&str],
        count: usize,
        random: &mut StdRng,
    ) -> Vec<Vec<Line>> {
        let mut fitting: Vec<_> =
            self.threads.iter_mut().filter(|thread| languages.contains(&thread.language)).collect();
        fitting.sort_by_cached_key(|thread| (thread.taken, random.random::<u32>()));
        let slots = &self.slots;
        let taken = fitting.into_iter().take(count).map(|thread| {
            thread.taken += 1;
            fill_in(&thread.lines, slots, random)
        });
        let mut taken: Vec<_> = taken.collect();
        // In no order of ours.
        for last in (1..taken.len()).rev() {
            taken.swap(last, random.random_range(0..=last));
        }
        taken
    }
}

/// A slot stands for the same thing throughout a thread.
fn fill_in(
    lines: &[(bool, &str)],
    slots: &HashMap<&str, Vec<&str>>,
    random: &mut StdRng,
) -> Vec<Line> {
    let line = |(first, words): &(bool, &str)| Line {
        first: *first,
        words: (*words).to_owned(),
        attachments: &[],
    };
    let mut filled: Vec<Line> = lines.iter().map(line).collect();
    for (name, values) in slots {
        let slot = format!("{{{name}}}");
        if lines.iter().any(|(_, words)| words.contains(&slot)) {
            let value = values[random.random_range(0..values.len())];
            for Line { words, .. } in &mut filled {
                *words = words.replace(&slot, value);
            }
        }
    }
    for Line { words, .. } in &mut filled {
        // A slot may stand at the beginning.
        if let Some(first) = words.chars().next().filter(char::is_ascii_lowercase) {
            words.replace_range(..1, &first.to_ascii_uppercase().to_string());
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::{Line, Script};
    use crate::demo::cast::PAIRS;

    #[test]
    fn there_are_threads_for_everyone_and_every_slot_is_filled() {
        let mut script = Script::read();
        let mut random = StdRng::seed_from_u64(1);
        for pair in &PAIRS {
            let threads = script.take(pair.languages, pair.threads, &mut random);
            assert_eq!(threads.len(), pair.threads, "{:?}", pair.between);
            for Line { words, .. } in threads.iter().flatten() {
                assert!(!words.contains(['{', '}', '@', '|']) && !words.is_empty(), "{words}");
            }
        }
    }
}
