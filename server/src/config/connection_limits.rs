//! How many connections there may be.

/// Files that are kept for what else the server opens: its listeners, the database's connections (three
/// files each on `SQLite`), and those that are just being refused or closed.
const RESERVED_FILES: usize = 256;

/// How many connections may be open at the same time; absent: as many as come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// The most connections in all.
    pub all: Option<usize>,
    /// From one address, or one IPv6 network of 64 bits. Trusted proxies have no such limit.
    pub per_address: Option<usize>,
}

impl ConnectionLimits {
    /// Of the admin address, which a few programs read.
    pub const ADMIN: Self = Self { all: Some(64), per_address: None };

    /// The same limits where the process may have so many files open: a connection that cannot be taken
    /// because of them is neither served nor refused.
    #[must_use]
    pub fn within(self, files: usize) -> Self {
        let room = files.saturating_sub(RESERVED_FILES).max(files / 2);
        Self { all: Some(self.all.map_or(room, |all| all.min(room))), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::ConnectionLimits;

    #[test]
    fn there_are_no_more_than_files_allow() {
        let all = |all, files| ConnectionLimits { all, per_address: None }.within(files).all;
        assert_eq!(all(Some(20_000), 1_000_000), Some(20_000));
        assert_eq!(all(Some(20_000), 20_000), Some(19_744));
        assert_eq!(all(Some(20_000), 1_024), Some(768));
        assert_eq!(all(Some(20_000), 256), Some(128));
        assert_eq!(all(Some(100), 1_024), Some(100));
        assert_eq!(all(None, 1_024), Some(768));
    }
}
