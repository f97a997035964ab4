//! What comes in on a socket, on its way to the library that makes messages of it: read in large parts,
//! counted, and kept only while there is something.

use std::io::{self, ErrorKind, Read, Write};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use super::frame_meter::FrameMeter;
use super::throttle::Throttle;

/// Bytes that are read at once.
const READ_BYTES: usize = 16 * 1024;

/// The error of a read on a socket that goes on sending what makes no message.
pub(super) const TOO_MANY_PIECES: ErrorKind = ErrorKind::QuotaExceeded;

/// See the module.
#[derive(Debug)]
pub(super) struct Incoming {
    /// What was read and not yet taken. It holds no memory while there is nothing.
    waiting: Vec<u8>,
    /// So many bytes of it have been taken.
    taken: usize,
    meter: FrameMeter,
    /// For the pieces of which the library does not tell. Pings and refused frames have their own.
    pieces: Throttle,
}

impl Incoming {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            waiting: Vec::new(),
            taken: 0,
            meter: FrameMeter::default(),
            pieces: Throttle::new(now),
        }
    }

    /// Whether a message has begun to come that has not ended.
    pub(super) fn is_within_message(&self) -> bool {
        self.meter.is_within_message()
    }

    /// Moves what waits to where it is wanted, as far as there is room.
    fn take(&mut self, wanted: &mut [u8]) -> usize {
        let waiting = self.waiting.get(self.taken..).unwrap_or_default();
        let count = copy(waiting, wanted);
        self.taken += count;
        if self.taken == self.waiting.len() {
            self.waiting = Vec::new();
            self.taken = 0;
        }
        count
    }

    fn count(&mut self, bytes: &[u8]) -> io::Result<()> {
        let pieces = self.meter.pass(bytes);
        if pieces > 0 {
            let now = Instant::now();
            for _ in 0..pieces {
                self.pieces.take(now).map_err(|_| TOO_MANY_PIECES)?;
            }
        }
        Ok(())
    }
}

/// A connection as the library wants it, for the time of one call: what it reads is counted, and what it
/// writes is put behind what is to be sent.
pub(super) struct Stream<'a, 'b> {
    io: &'a mut TokioIo<Upgraded>,
    context: &'a mut Context<'b>,
    incoming: &'a mut Incoming,
    outgoing: &'a mut Vec<u8>,
}

impl<'a, 'b> Stream<'a, 'b> {
    pub(super) fn new(
        io: &'a mut TokioIo<Upgraded>,
        context: &'a mut Context<'b>,
        incoming: &'a mut Incoming,
        outgoing: &'a mut Vec<u8>,
    ) -> Self {
        Self { io, context, incoming, outgoing }
    }
}

impl Read for Stream<'_, '_> {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        if !self.incoming.waiting.is_empty() {
            return Ok(self.incoming.take(wanted));
        }
        let mut room = [const { MaybeUninit::uninit() }; READ_BYTES];
        let mut buffer = ReadBuf::uninit(&mut room);
        match Pin::new(&mut *self.io).poll_read(self.context, &mut buffer) {
            Poll::Ready(result) => result?,
            Poll::Pending => return Err(ErrorKind::WouldBlock.into()),
        }
        let bytes = buffer.filled();
        if bytes.is_empty() {
            return Ok(0);
        }
        self.incoming.count(bytes)?;
        let count = copy(bytes, wanted);
        self.incoming.waiting = bytes.get(count..).unwrap_or_default().to_vec();
        Ok(count)
    }
}

impl Write for Stream<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies as much as there is room for, and tells how much that was.
fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let count = from.len().min(to.len());
    to[..count].copy_from_slice(&from[..count]);
    count
}
