//! Reading that ends at a time: work on what someone sent, which cannot be stopped from outside.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::Instant;

/// A reader that fails with `TimedOut` from a time on. It stands below a buffer, so that it asks once for many bytes.
pub(super) struct Deadline<R> {
    inner: R,
    at: Instant,
}

impl<R> Deadline<R> {
    pub(super) fn new(inner: R, at: Instant) -> Self {
        Self { inner, at }
    }
}

impl<R: Read> Read for Deadline<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.at {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for Deadline<R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.inner.seek(place)
    }
}
