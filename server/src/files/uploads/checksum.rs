//! What the bytes of a piece have to add up to, where its sender says so.

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A checksum of bytes that are coming, and what it has to be in the end.
#[derive(Clone, Debug)]
pub struct Checksum {
    sum: Sum,
    expected: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// The algorithms, as tus names them.
    pub const ALGORITHMS: &str = "sha1,sha256";

    /// By the header `Upload-Checksum` of tus: the algorithm, and the sum in base64; absent where that is not known.
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, expected) = text.trim().split_once(' ')?;
        let expected = BASE64.decode(expected.trim()).ok()?;
        let sum = match algorithm {
            "sha1" => Sum::Sha1(Sha1::new()),
            "sha256" => Sum::Sha256(Sha256::new()),
            _ => return None,
        };
        Some(Self { sum, expected })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        match &mut self.sum {
            Sum::Sha1(sum) => sum.update(bytes),
            Sum::Sha256(sum) => sum.update(bytes),
        }
    }

    /// Whether the bytes were those that were meant.
    pub(super) fn fits(self) -> bool {
        match self.sum {
            Sum::Sha1(sum) => sum.finalize().as_slice() == self.expected,
            Sum::Sha256(sum) => sum.finalize().as_slice() == self.expected,
        }
    }
}
