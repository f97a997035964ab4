//! How a socket ends.

/// Why a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// We close it, with this code.
    Close(u16),
    /// The other side has gone.
    Gone,
}
