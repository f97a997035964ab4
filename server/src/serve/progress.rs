//! A connection whose other side has to take what it is sent: whoever stops reading, or reads a few bytes
//! now and then, is cut off, for what it does not take lies in our memory meanwhile.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::lingering::Lingering;

/// While something waits to be sent, this much of it has to be taken in each of these times.
const MIN_PROGRESS_BYTES: usize = 4 * 1024;
const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// See the module.
pub(super) struct Progress {
    stream: Lingering,
    /// Absent while nothing waits to be sent.
    stall: Option<Box<Stall>>,
}

struct Stall {
    /// Bytes that were taken since it began.
    taken: usize,
    end: Pin<Box<Sleep>>,
}

impl Progress {
    pub(super) fn new(stream: Lingering) -> Self {
        Self { stream, stall: None }
    }

    /// Judges a write: how much was taken of what waits.
    fn judge(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(count)) => {
                if let Some(stall) = &mut self.stall {
                    stall.taken += count;
                    if stall.taken >= MIN_PROGRESS_BYTES {
                        self.stall = None;
                    }
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let stall = self.stall.get_or_insert_with(|| {
                    Box::new(Stall { taken: 0, end: Box::pin(sleep(STALL_TIMEOUT)) })
                });
                if stall.end.as_mut().poll(context).is_ready() {
                    self.stall = None;
                    self.stream.abandon();
                    return Poll::Ready(Err(ErrorKind::TimedOut.into()));
                }
            }
        }
        written
    }
}

impl AsyncRead for Progress {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Progress {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when all has been written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stall = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
