//! Reactions: which texts are one emoji, and putting them on messages.

use app::protocol::{ApiError, ConversationId, Seq, UserId};

use super::Chat;
use super::permissions::{Action, may};
use crate::error::Error;
use crate::store::writer::{ChangeKind, Rule};

/// One emoji, in the one way in which it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Emoji(&'static str);

impl Emoji {
    /// Reads one emoji, whether it is fully qualified or not.
    ///
    /// # Errors
    /// `validation` on `emoji`.
    fn parse(text: &str) -> Result<Self, ApiError> {
        let emoji = emojis::get(text).map(|emoji| Self(emoji.as_str()));
        emoji.ok_or_else(|| ApiError::validation("emoji", "That is not one emoji"))
    }

    /// As it is kept.
    fn as_str(self) -> &'static str {
        self.0
    }
}

impl Chat {
    /// Puts an emoji on a message (`added`), or takes one's own off.
    ///
    /// # Errors
    /// `validation` on `emoji`; `not_found` unless the actor sees such a message; `forbidden` where
    /// nobody can react.
    pub async fn react(
        &self,
        actor: UserId,
        id: ConversationId,
        seq: Seq,
        emoji: &str,
        added: bool,
    ) -> Result<(), Error> {
        let emoji = Emoji::parse(emoji)?.as_str();
        let rule: Rule = if added {
            |standing| may(Action::React, standing)
        } else {
            |standing| may(Action::TakeReactionOff, standing)
        };
        self.change(actor, id, ChangeKind::React(seq, emoji, added), rule).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::Emoji;

    #[test]
    fn one_emoji_is_kept_in_one_way() {
        for emoji in ["👍", "👍🏽", "👨‍👩‍👧‍👦", "🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "❤️"]
        {
            assert_eq!(Emoji::parse(emoji).map(Emoji::as_str), Ok(emoji));
        }
        assert_eq!(Emoji::parse("❤"), Emoji::parse("❤️"));
        assert_ne!(Emoji::parse("👍"), Emoji::parse("👍🏽"));
        for other in ["", "a", "👍👍", "👍 ", "1", "🇫", "\u{fe0f}", "👍\u{0}"] {
            assert!(Emoji::parse(other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn every_emoji_fits_its_column() {
        for emoji in emojis::iter() {
            let tones = emoji.skin_tones().into_iter().flatten();
            for emoji in tones.chain([emoji]) {
                assert!(emoji.as_str().chars().count() <= 64, "{emoji}");
            }
        }
    }
}
