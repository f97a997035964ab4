//! Where the connection can stand, and what it can need next.

use crate::protocol::Timestamp;

/// What a person is told of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// For the first time.
    #[default]
    Connecting,
    /// The server knows us; frames flow.
    Connected,
    /// Being made anew after a loss.
    Reconnecting,
    /// The device has no network.
    Offline,
    /// A newer connection took this one's place: open elsewhere.
    Elsewhere,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// The page has not come to life yet.
    #[default]
    Idle,
    /// A socket is opening; `ready` is awaited until then.
    Opening(Timestamp),
    /// `ready` came, at this time.
    Ready(Timestamp),
    /// Tries again then; `early`: or when the user comes back.
    Waiting { until: Timestamp, early: bool },
    /// The login is being refreshed.
    Refreshing,
    /// As [`ConnectionStatus::Elsewhere`].
    Elsewhere,
    /// The login has ended.
    Ended,
}

/// What is known of the login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Login {
    #[default]
    Good,
    /// It has to be refreshed before the next try.
    Expired,
    /// It was refreshed, and no `ready` came since.
    Refreshed,
}

/// What the connection needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Step {
    Nothing,
    Connect,
    Ping,
    Refresh,
    SignIn,
}
