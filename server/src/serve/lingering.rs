//! A connection that is closed gently: bytes that lie unread when a connection is dropped turn into a
//! reset, and that can overtake our last word, such as "too large".

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use super::admission::ConnectionSlot;

/// So long we take in, and forget, what the other side is still sending.
const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// So much of it at once, with a pause after it: a flood that is closed should cost no more than one
/// that is not.
const READ_BYTES: usize = 16 * 1024;
const READ_PAUSE: Duration = Duration::from_millis(10);

/// See the module.
pub(super) struct Lingering {
    /// Absent once it lingers, which is in `drop` alone; and its slot, which is free when it has ended.
    stream: Option<(TcpStream, ConnectionSlot)>,
    /// Nothing more comes from the other side, or nothing more is wanted of it.
    ended: bool,
}

impl Lingering {
    pub(super) fn new(stream: TcpStream, slot: ConnectionSlot) -> Self {
        Self { stream: Some((stream, slot)), ended: false }
    }

    /// Has it end by a reset: what was sent and not taken is forgotten at once.
    pub(super) fn abandon(&mut self) {
        self.ended = true;
        if let Some((stream, _)) = &self.stream {
            // It fails only when the other side is gone already.
            let _ = stream.set_zero_linger();
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let stream = self.stream.as_mut().map(|(stream, _)| Pin::new(stream));
        stream.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = ready!(self.stream()?.poll_read(context, buffer));
        let nothing = buffer.filled().len() == before && buffer.remaining() > 0;
        self.ended |= nothing || result.is_err();
        Poll::Ready(result)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(|(stream, _)| stream.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        // Without a runtime the whole process ends.
        if let (false, Some((stream, slot)), Ok(runtime)) =
            (self.ended, self.stream.take(), Handle::try_current())
        {
            runtime.spawn(async move {
                let _slot = slot;
                linger(stream).await;
            });
        }
    }
}

/// Closes our side, and takes in for a moment what is still on its way.
pub(super) async fn linger(mut stream: TcpStream) {
    let taking = async {
        let mut forgotten = Vec::with_capacity(READ_BYTES);
        if stream.shutdown().await.is_ok() {
            while stream.read_buf(&mut forgotten).await.is_ok_and(|count| count > 0) {
                forgotten.clear();
                tokio::time::sleep(READ_PAUSE).await;
            }
        }
    };
    let _ = tokio::time::timeout(LINGER_TIMEOUT, taking).await;
}
