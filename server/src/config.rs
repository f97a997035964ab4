//! How this server is set: parsed once from flags, environment and file into types that cannot be
//! wrong.

/// The address under which people reach this server, without a path: `https://chat.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// As browsers send it in `Origin`: scheme, host, and the port where it is not the scheme's own.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}
