//! The connection.

/// What a person is told of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// For the first time.
    #[default]
    Connecting,
    /// The server knows us; frames flow.
    Connected,
    /// Again.
    Reconnecting,
    /// The device has no network.
    Offline,
    /// A newer connection took this one's place: open elsewhere.
    Elsewhere,
}

/// The connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    connection: Connection,
}

impl Link {
    /// What a person is told.
    #[must_use]
    pub const fn connection(&self) -> Connection {
        self.connection
    }
}
