//! How new a row of the chat list is.

/// Which `version` of `heads` a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Version {
    /// It came with the page: as new as the first `heads`.
    Fresh,
    /// It was fetched after `heads` had told this.
    Known(i64),
    /// A frame has changed it since.
    Touched,
}
