//! How often a socket may send what is no message: marks, pings, signs of typing and of presence,
//! frames that are refused. Far more than an honest client ever does; without a limit one socket keeps
//! a processor busy. Messages have their limit a user.

use std::time::Duration;

use app::protocol::close;
use tokio::time::Instant;

use super::end::End;
use crate::rate_limits::gcra::{Gcra, in_milliseconds};

/// After this long one more may pass.
const INTERVAL: Duration = Duration::from_millis(10);

/// So many may come at once.
const BURST: u32 = 1_000;

/// So many more are refused before the socket is closed. A client that waits as long as told never gets there.
const MAX_REFUSED: u32 = 200;

/// See the module.
#[derive(Debug)]
pub(super) struct Throttle(Gcra);

impl Throttle {
    pub(super) fn new(now: Instant) -> Self {
        Self(Gcra::new(now.into_std()))
    }

    /// Takes one. `None` when it may pass, else the milliseconds after which the next may; the end of
    /// the socket when it goes on past the limit all the same.
    pub(super) fn take(&mut self, now: Instant) -> Result<Option<u64>, End> {
        let (whole, longest) = (INTERVAL * BURST, INTERVAL * (MAX_REFUSED + 1));
        let over = self.0.owe(INTERVAL, whole, now.into_std(), longest);
        if over.is_zero() {
            return Ok(None);
        }
        if over > INTERVAL * MAX_REFUSED {
            return Err(End::Close(close::RATE_LIMITED));
        }
        Ok(Some(in_milliseconds(over)))
    }
}

#[cfg(test)]
mod tests {
    use app::protocol::close;
    use tokio::time::Instant;

    use super::{BURST, End, INTERVAL, MAX_REFUSED, Throttle};

    #[test]
    fn a_burst_passes_and_then_who_waits_as_told() {
        let mut now = Instant::now();
        let mut throttle = Throttle::new(now);
        for _ in 0..BURST {
            assert_eq!(throttle.take(now), Ok(None));
        }
        for _ in 0..MAX_REFUSED * 2 {
            // What is refused counts, too: the next has to wait for both.
            assert_eq!(throttle.take(now), Ok(Some(10)));
            now += INTERVAL * 2;
            assert_eq!(throttle.take(now), Ok(None));
        }
    }

    #[test]
    fn who_goes_on_is_closed() {
        let now = Instant::now();
        let mut throttle = Throttle::new(now);
        let results: Vec<_> = (0..=BURST + MAX_REFUSED).map(|_| throttle.take(now)).collect();
        let end = results.iter().position(Result::is_err);
        assert_eq!(end, Some((BURST + MAX_REFUSED) as usize));
        assert_eq!(results.last(), Some(&Err(End::Close(close::RATE_LIMITED))));
        assert_eq!(results[(BURST + MAX_REFUSED - 1) as usize], Ok(Some(2_000)));
        assert_eq!(throttle.take(now + INTERVAL * (BURST + MAX_REFUSED)), Ok(None));
    }
}
