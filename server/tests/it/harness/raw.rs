//! A connection byte by byte, for what no well-behaved client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Person, TestServer};

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

    /// A socket of this person, signed in as far as the server is concerned, or of nobody yet.
    pub async fn open_socket(server: &TestServer, person: Option<&Person>) -> Self {
        let mut connection = Self::connect(server).await;
        let mut head = "GET /ws HTTP/1.1\r\nHost: kith\r\nConnection: Upgrade\r\n\
                        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            .to_owned();
        if let Some(person) = person {
            head.push_str(&format!("Authorization: Bearer {}\r\n", person.token));
        }
        assert!(connection.send(head + "\r\n").await);
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(connection.0.read_u8().await.expect("an answer"));
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
        connection
    }

    /// The code with which the server closes a socket, which it must; 1006 when it says none.
    pub async fn close_code(mut self) -> u16 {
        let read = async {
            loop {
                let (kind, short) = (self.0.read_u8().await?, self.0.read_u8().await?);
                let length = match short {
                    126 => self.0.read_u16().await?.into(),
                    127 => self.0.read_u64().await?,
                    short => short.into(),
                };
                let mut payload = vec![0; usize::try_from(length).expect("a length")];
                self.0.read_exact(&mut payload).await?;
                if let (0x88, [high, low, ..]) = (kind, payload.as_slice()) {
                    return std::io::Result::Ok(u16::from_be_bytes([*high, *low]));
                }
            }
        };
        let code = tokio::time::timeout(PATIENCE, read).await;
        code.expect("the server closes in time").unwrap_or(1006)
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
