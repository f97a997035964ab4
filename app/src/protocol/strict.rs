//! Readers for what clients send that take the contract's spelling alone. Derived ones know a second
//! one: `{"away": null}` for a word like `"away"`, and a list of its fields' values for an object.

use serde::de::{DeserializeOwned, Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

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

/// Reads something with fields, from an object alone, or `null`.
pub(super) fn optional_object<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?;
    let read = |fields| serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom);
    fields.map(read).transpose()
}
