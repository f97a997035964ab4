//! Whether someone is there: a dot, and words for it.

use super::Clock;
use crate::protocol::{Presence, PresenceStatus};
use crate::ui::words::{Words, td_string};

/// The class by which an avatar gets a dot: of whoever has something open. What it says is said in
/// words beside it.
#[must_use]
pub fn dot(presence: Option<Presence>) -> &'static str {
    match presence.map(|presence| presence.status) {
        Some(PresenceStatus::Online) => "here",
        Some(PresenceStatus::Away) => "here away",
        Some(PresenceStatus::Offline) | None => "",
    }
}

/// `online`, `away`, or when someone was last there, if they show it.
#[must_use]
pub fn in_words(presence: Presence, clock: Clock, words: Words) -> Option<String> {
    match presence.status {
        PresenceStatus::Online => Some(td_string!(words, presence.online).to_owned()),
        PresenceStatus::Away => Some(td_string!(words, presence.away).to_owned()),
        PresenceStatus::Offline => presence.last_seen_at.map(|at| clock.seen(at)),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::Owner;

    use super::in_words;
    use crate::protocol::{Presence, PresenceStatus};
    use crate::ui::preferences::Language;
    use crate::ui::shared::Clock;
    use crate::ui::shared::civil::Zone;
    use crate::ui::words::Words;

    /// Friday, 6 March 2026, 15:30 UTC.
    const NOW: i64 = 1_772_811_000_000;

    #[test]
    fn presence_is_told_as_far_as_it_is_known() {
        let told = |status, last_seen_at| {
            let presence = Presence { status, last_seen_at };
            Language::ALL.map(|language| {
                let words = Words::of(language);
                let clock = Clock::new(NOW, Zone::Utc, words);
                in_words(presence, clock, words).unwrap_or_default()
            })
        };
        Owner::new_root(None).with(|| {
            assert_eq!(told(PresenceStatus::Online, None), ["online", "在线"]);
            assert_eq!(told(PresenceStatus::Away, Some(NOW)), ["away", "离开"]);
            assert_eq!(
                told(PresenceStatus::Offline, Some(NOW - 86_400_000)),
                ["last seen yesterday at 15:30", "最后在线：昨天 15:30"]
            );
            // Who does not show it is told nothing of.
            assert_eq!(told(PresenceStatus::Offline, None), ["", ""]);
        });
    }
}
