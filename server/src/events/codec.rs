//! A fact as bytes, for other nodes: JSON with a version, `{"v":1,"kind":"message_stored","fact":{…}}`.
//!
//! Nodes of two releases work side by side while a cluster is updated. What a release adds to a fact the one before
//! ignores; what it cannot read it passes over, and the others come through.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strum::VariantNames;

use super::{Fact, meters};

/// The version that is written. It is raised when the release before would misunderstand a fact; what is added beside
/// what stands, or a new kind, needs none.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Envelope<'a> {
    v: u32,
    #[serde(flatten)]
    fact: &'a Fact,
}

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Header<'a> {
    v: u32,
    #[serde(borrow)]
    kind: Cow<'a, str>,
}

/// Why a fact from another node is passed over.
#[derive(Debug, thiserror::Error)]
pub enum PassedOver {
    /// It is of a later version than this node's.
    #[error("it is of version {0}, and this is a node of {VERSION}")]
    NewerVersion(u32),
    /// It is of a kind that this node does not know.
    #[error("there is no kind {0}")]
    UnknownKind(String),
    /// It is no fact, or holds something that this node does not know.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// A fact's bytes.
pub fn encode(fact: &Fact) -> Vec<u8> {
    match serde_json::to_vec(&Envelope { v: VERSION, fact }) {
        Ok(bytes) => bytes,
        // Facts hold neither maps with odd keys nor failing serializers.
        Err(error) => unreachable!("a fact did not serialize: {error}"),
    }
}

/// The fact that another node has written.
///
/// # Errors
/// Why it is to be passed over; that is counted.
pub fn decode(bytes: &[u8]) -> Result<Fact, PassedOver> {
    let read = read(bytes);
    if let Err(passed_over) = &read {
        meters::passed_over(passed_over);
    }
    read
}

fn read(bytes: &[u8]) -> Result<Fact, PassedOver> {
    let Header { v, kind } = serde_json::from_slice(bytes)?;
    if v > VERSION {
        return Err(PassedOver::NewerVersion(v));
    }
    if !Fact::VARIANTS.contains(&&*kind) {
        return Err(PassedOver::UnknownKind(kind.into_owned()));
    }
    Ok(serde_json::from_slice(bytes)?)
}

#[cfg(test)]
mod tests;
