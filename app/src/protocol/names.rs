//! Texts that people choose, parsed once into types that cannot be wrong.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{ApiError, limits, text};

macro_rules! text_type {
    ($name:ident) => {
        impl $name {
            /// The text, borrowed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, by value.
            #[must_use]
            pub fn into_inner(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// The name that a person logs in with: 3 to 32 of `a-z 0-9 . _ -`; capitals are folded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Username(String);
text_type!(Username);

impl Username {
    /// # Errors
    /// `validation` on `username`, in words for a person.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let folded = text.trim().to_ascii_lowercase();
        let length = folded.chars().count();
        let invalid = |message: String| Err(ApiError::validation("username", message));
        if length < limits::USERNAME_MIN {
            return invalid(format!("Username is too short ({} at least)", limits::USERNAME_MIN));
        }
        if length > limits::USERNAME_MAX {
            return invalid(format!("Username is too long ({} at most)", limits::USERNAME_MAX));
        }
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        if !folded.chars().all(allowed) {
            return invalid("Username may hold only a-z, 0-9, dot, underscore and hyphen".into());
        }
        Ok(Self(folded))
    }
}

/// The name of a person that others see: 1 to 64 characters, trimmed, of which one at least can be
/// seen, without control characters and signs that turn the direction of writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nickname(String);
text_type!(Nickname);

impl Nickname {
    /// # Errors
    /// `validation` on `nickname`, in words for a person.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        name(text, "nickname", "Nickname").map(Self)
    }
}

/// The name of a group: 1 to 64 characters, trimmed, of which one at least can be seen, without
/// control characters and signs that turn the direction of writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupName(String);
text_type!(GroupName);

impl GroupName {
    /// # Errors
    /// `validation` on `name`, in words for a person.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        name(text, "name", "Name").map(Self)
    }
}

/// A person's own name for a contact: 1 to 64 characters, trimmed, of which one at least can be seen,
/// without control characters and signs that turn the direction of writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alias(String);
text_type!(Alias);

impl Alias {
    /// # Errors
    /// `validation` on `alias`, in words for a person.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        name(text, "alias", "Alias").map(Self)
    }
}

/// A name of a person or a group: 1 to 64 characters, trimmed, of which one at least can be seen,
/// without control characters and signs that turn the direction of writing.
fn name(typed: &str, field: &str, what: &str) -> Result<String, ApiError> {
    let trimmed = typed.trim();
    let invalid = |rule: &str| Err(ApiError::validation(field, format!("{what} {rule}")));
    if text::is_blank(trimmed) {
        return invalid("is empty");
    }
    if trimmed.chars().count() > limits::NAME {
        return invalid(&format!("is too long ({} at most)", limits::NAME));
    }
    if trimmed.chars().any(char::is_control) {
        return invalid("may not hold control characters");
    }
    // It would turn the words around the name as well.
    if text::holds_bidi_control(trimmed) {
        return invalid("may not hold signs that turn the direction of writing");
    }
    Ok(trimmed.to_owned())
}

/// A secret of 8 to 128 characters. It has no `Display`, and its `Debug` hides it, so that it
/// cannot reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// # Errors
    /// `validation` on `password`, in words for a person.
    pub fn parse(text: String) -> Result<Self, ApiError> {
        let length = text.chars().count();
        if length < limits::PASSWORD_MIN {
            let message = format!("Password is too short ({} at least)", limits::PASSWORD_MIN);
            return Err(ApiError::validation("password", message));
        }
        if length > limits::PASSWORD_MAX {
            let message = format!("Password is too long ({} at most)", limits::PASSWORD_MAX);
            return Err(ApiError::validation("password", message));
        }
        Ok(Self(text))
    }

    /// The secret itself, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A message's text: trimmed, 1 to 5,000 characters of which one at least can be seen, no NUL; kept to
/// the byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageText(String);
text_type!(MessageText);

impl MessageText {
    /// # Errors
    /// `validation` on `content`, in words for a person.
    pub fn parse(typed: &str) -> Result<Self, ApiError> {
        let trimmed = typed.trim();
        if text::shows_nothing(trimmed) {
            return Err(ApiError::validation("content", "Message is empty"));
        }
        if trimmed.chars().count() > limits::TEXT {
            let message = format!("Message is too long ({} characters at most)", limits::TEXT);
            return Err(ApiError::validation("content", message));
        }
        if trimmed.contains('\0') {
            return Err(ApiError::validation("content", "Message may not hold a NUL character"));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

/// The words below files, or those that a message has after an edit: trimmed, 5,000 characters at most, no
/// NUL; kept to the byte. Of what shows nothing, nothing is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Caption(String);
text_type!(Caption);

impl Caption {
    /// # Errors
    /// `validation` on `content`, in words for a person.
    pub fn parse(typed: &str) -> Result<Self, ApiError> {
        if text::shows_nothing(typed.trim()) {
            return Ok(Self(String::new()));
        }
        MessageText::parse(typed).map(|text| Self(text.into_inner()))
    }
}

/// The sender's name for a message, which makes sending it idempotent: 1 to 64 of the printable
/// ASCII characters `!` to `~`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 64, pattern = "^[!-~]+$"))]
pub struct ClientId(String);
text_type!(ClientId);

impl ClientId {
    /// # Errors
    /// `validation` on `client_id`, in words for a programmer.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let fits = (1..=limits::CLIENT_ID).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(text.to_owned()));
        }
        Err(ApiError::validation(
            "client_id",
            "client_id is 1 to 64 printable ASCII characters without spaces",
        ))
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(error.message))
    }
}

#[cfg(test)]
mod tests {
    use super::{Alias, ClientId, MessageText, Nickname, Password, Username};

    #[test]
    fn usernames_are_folded_and_bounded() {
        assert_eq!(Username::parse("Mei.Lin").map(Username::into_inner), Ok("mei.lin".into()));
        for bad in ["ab", "with space", "é-acute", &"x".repeat(33), ""] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_counted_in_characters() {
        assert_eq!(MessageText::parse(" hi\n").map(MessageText::into_inner), Ok("hi".into()));
        assert!(MessageText::parse(&"😀".repeat(5_000)).is_ok());
        for bad in ["", " \n\t ", "a\0b", &"x".repeat(5_001), "\u{200B}", "\u{2800} \u{AD}"] {
            assert!(MessageText::parse(bad).is_err());
        }
        assert!(Nickname::parse("林美 🌿").is_ok());
        assert!(Nickname::parse("two\nlines").is_err());
        assert_eq!(Alias::parse(" Mum \n").map(Alias::into_inner), Ok("Mum".into()));
        for bad in ["", " ", "two\nlines", &"x".repeat(65), "\u{3164}", "a\u{202E}b"] {
            assert!(Alias::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn client_ids_are_printable_ascii() {
        assert!(ClientId::parse("!~").is_ok());
        for bad in ["", "a b", "ü", &"x".repeat(65)] {
            assert!(ClientId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_does_not_print() {
        let password = Password::parse("correct horse".into());
        assert!(!format!("{password:?}").contains("horse"));
    }
}
