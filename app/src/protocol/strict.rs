//! Readers for what clients send that take the contract's spelling alone. Derived ones know a second
//! one: `{"away": null}` for a word like `"away"`, and a list of its fields' values for an object.

use serde::de::{DeserializeOwned, Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{MessageRef, Schedule};

/// Reads one word of an enum, from a string alone.
pub(super) fn word<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    T::deserialize(String::deserialize(deserializer)?.into_deserializer())
}

/// Reads one word of an enum, from a string alone, or `null`.
pub(super) fn optional_word<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let word = Option::<String>::deserialize(deserializer)?;
    word.map(|word| T::deserialize(word.into_deserializer())).transpose()
}

/// Reads a schedule, and leaves out its answers, which are not the sender's to give.
pub(super) fn schedule<'de, D>(deserializer: D) -> Result<Option<Schedule>, D::Error>
where
    D: Deserializer<'de>,
{
    let Some(mut fields) = Option::<Map<String, Value>>::deserialize(deserializer)? else {
        return Ok(None);
    };
    fields.remove("answers");
    serde_json::from_value(Value::Object(fields)).map(Some).map_err(D::Error::custom)
}

/// Reads a reference to a message, from an object alone.
pub(super) fn message_ref<'de, D>(deserializer: D) -> Result<Option<MessageRef>, D::Error>
where
    D: Deserializer<'de>,
{
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?;
    let read = |fields| serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom);
    fields.map(read).transpose()
}
