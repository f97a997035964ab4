//! A connection byte by byte, for what no well-behaved client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::TestServer;

/// So long the server has to end a connection; above its own limits of thirty seconds.
const PATIENCE: Duration = Duration::from_secs(45);

/// See the module.
pub struct Raw(TcpStream);

/// What came back until the server closed.
#[derive(Debug)]
pub struct RawAnswer {
    /// Its status; 0 when nothing was said.
    pub status: u16,
    /// What follows the head.
    pub body: String,
}

impl Raw {
    /// A connection to this server.
    pub async fn connect(server: &TestServer) -> Self {
        let address = server.url.trim_start_matches("http://");
        Self(TcpStream::connect(address).await.expect("taken"))
    }

    /// Sends bytes; tells whether the server still takes any.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Says that nothing more comes.
    pub async fn end(&mut self) {
        self.0.shutdown().await.expect("open");
    }

    /// Whatever the server says until it closes, which it must do.
    pub async fn answer(mut self) -> RawAnswer {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        read.expect("the server closes in time").expect("and not by a reset");
        let text = String::from_utf8_lossy(&bytes);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        RawAnswer { status: status.unwrap_or(0), body: body.to_owned() }
    }
}
