//! A connection byte by byte, for what no well-behaved client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::{TcpSocket, TcpStream};

use super::{Person, TestServer};

/// So long the server has to end a connection; above its own limits of thirty seconds.
const END_TIMEOUT: Duration = Duration::from_secs(45);

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

    /// A connection with little room for what is not read, so that it is soon full.
    pub async fn connect_narrow(server: &TestServer) -> Self {
        let address = server.url.trim_start_matches("http://").parse().expect("an address");
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4_096).expect("set");
        Self(socket.connect(address).await.expect("taken"))
    }

    /// Sends bytes; tells whether the server still takes any.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// A socket of this person, signed in as far as the server is concerned, or of nobody yet.
    pub async fn open_socket(server: &TestServer, person: Option<&Person>) -> Self {
        Self::connect(server).await.upgrade(person).await
    }

    /// Makes a socket of it, which the server takes.
    pub async fn upgrade(mut self, person: Option<&Person>) -> Self {
        assert!(self.try_upgrade(person).await, "the server takes the upgrade");
        self
    }

    /// Asks to make a socket of it; tells whether the server does.
    pub async fn try_upgrade(&mut self, person: Option<&Person>) -> bool {
        let mut head = "GET /ws HTTP/1.1\r\nHost: kith\r\nConnection: Upgrade\r\n\
                        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            .to_owned();
        if let Some(person) = person {
            head += "Authorization: Bearer ";
            head += &person.token;
            head += "\r\n";
        }
        self.send(head + "\r\n").await;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            match self.0.read_u8().await {
                Ok(byte) => answer.push(byte),
                Err(_) => return false,
            }
        }
        answer.starts_with(b"HTTP/1.1 101")
    }

    /// Waits, without reading anything, until the server has reset the connection.
    pub async fn wait_for_reset(&self) {
        let reset = self.0.ready(Interest::ERROR);
        let error = tokio::time::timeout(END_TIMEOUT, reset).await.expect("reset in time");
        assert!(error.expect("watched").is_error());
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
        let code = tokio::time::timeout(END_TIMEOUT, read).await;
        code.expect("the server closes in time").unwrap_or(1006)
    }

    /// Reads one byte; tells whether there was one, or could yet be.
    pub async fn take_a_byte(&mut self) -> bool {
        self.0.read_u8().await.is_ok()
    }

    /// Says that nothing more comes.
    pub async fn end(&mut self) {
        self.0.shutdown().await.expect("open");
    }

    /// Whatever the server says until it closes, which it must do.
    pub async fn answer(mut self) -> RawAnswer {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(END_TIMEOUT, self.0.read_to_end(&mut bytes)).await;
        read.expect("the server closes in time").expect("and not by a reset");
        let text = String::from_utf8_lossy(&bytes);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        RawAnswer { status: status.unwrap_or(0), body: body.to_owned() }
    }
}
