//! Identifiers, positions and times: integers that are safe in every JSON reader.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

/// The largest integer that a JSON reader built on doubles keeps exactly: 2^53 − 1.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// Milliseconds since the Unix epoch, UTC.
pub type Timestamp = i64;

macro_rules! integer {
    ($(#[$doc:meta])* $name:ident, from $min:tt) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "schema", schema(minimum = $min, maximum = 9_007_199_254_740_991_i64))]
        pub struct $name(i64);

        impl $name {
            /// Takes a value known to be in range, such as one read from our own database.
            #[must_use]
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// The plain integer.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }

            fn checked(value: i64) -> Option<Self> {
                ($min..=MAX_INTEGER).contains(&value).then_some(Self(value))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = OutOfRange;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::checked(text.parse()?).ok_or(OutOfRange)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = i64::deserialize(deserializer)?;
                Self::checked(value).ok_or_else(|| {
                    de::Error::custom(concat!("expected an integer from ", $min, " to 2^53-1"))
                })
            }
        }
    };
}

/// A text that is not an integer of the wanted range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an integer in range")]
pub struct OutOfRange;

impl From<ParseIntError> for OutOfRange {
    fn from(_: ParseIntError) -> Self {
        Self
    }
}

integer! {
    /// The id of a person.
    UserId, from 1
}
integer! {
    /// The id of a conversation.
    ConversationId, from 1
}
integer! {
    /// The id of a login: one sign-in of a person on a device.
    LoginId, from 1
}
integer! {
    /// The id of an uploaded file.
    FileId, from 1
}
integer! {
    /// The id of something that a person is told: a reminder, a notice.
    NotificationId, from 1
}
integer! {
    /// A position in a conversation: messages are numbered from 1 without holes, in the order of
    /// their commits. As a mark or a bound (`read_seq`, `last_seq`, `after`) it may be 0: before
    /// the first.
    Seq, from 0
}

impl Seq {
    /// The position before the first message.
    pub const ZERO: Self = Self(0);

    /// The position after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The position before this one; [`Seq::ZERO`] stays.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(if self.0 > 0 { self.0 - 1 } else { 0 })
    }

    /// How many positions this one is above `other`; 0 when it is not.
    #[must_use]
    pub const fn above(self, other: Self) -> i64 {
        if self.0 > other.0 { self.0 - other.0 } else { 0 }
    }
}

impl Default for Seq {
    fn default() -> Self {
        Self::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::{Seq, UserId};

    #[test]
    fn integers_outside_their_range_are_refused() {
        for text in ["0", "-1", "9007199254740992", "9223372036854775808", "1.5", "\"7\"", "null"] {
            assert!(serde_json::from_str::<UserId>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::from_str::<UserId>("7").ok(), Some(UserId::new(7)));
        assert_eq!(serde_json::from_str::<Seq>("0").ok(), Some(Seq::ZERO));
        assert!(serde_json::from_str::<Seq>("-1").is_err());
        assert!("9007199254740992".parse::<UserId>().is_err());
    }
}
