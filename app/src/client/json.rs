//! Reads JSON with the browser's own parser, which is there already: one written in Rust would be a
//! fifteenth of the code that every visitor downloads.

use super::frame;
use super::reader::Reader;
use crate::protocol::ServerFrame;
use serde::de::DeserializeOwned;

/// What this text says; `None` if it is not JSON, or of another shape.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Reader(js_sys::JSON::parse(text).ok()?)).ok()
}

/// The server's frame in this text; `None` for one of a later version.
pub(super) fn read_frame(text: &str) -> Option<ServerFrame> {
    let value = js_sys::JSON::parse(text).ok()?;
    let kind = js_sys::Reflect::get(&value, &"type".into()).ok()?.as_string()?;
    frame::read(&kind, Reader(value))
}
