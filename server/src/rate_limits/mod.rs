//! How often someone may do something, and how much at once: guesses at passwords, new accounts,
//! messages, every other write, requests.

mod at_once;
pub mod gcra;
mod memory;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::protocol::UserId;

use crate::config::{Rate, Rates};
use at_once::AtOnce;
use memory::Buckets;

pub use at_once::Turn;

/// How many times the rate may come at once: messages are written in bursts.
const MESSAGE_BURST: u32 = 5;
/// How many times the rate other writes may come at once: a list is tidied up in one go.
const WRITE_BURST: u32 = 10;
/// How often a person is refused at once; five times as many in a burst. Whoever asks on all the same
/// waits for the answer: a loop that heeds nothing costs next to nothing.
const REFUSAL_RATE: Rate = Rate { count: 20, per: Duration::from_secs(1) };
const REFUSAL_BURST: u32 = 5;
/// How often the feed of a calendar is read.
const CALENDAR_RATE: Rate = Rate { count: 60, per: Duration::from_hours(1) };
/// The longest that someone waits to be refused.
const MAX_PAUSE: Duration = Duration::from_secs(1);
/// How long a request waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(5);
/// The part of the processors that a person's requests at the same time may keep busy for long; beyond that the
/// next ones are spread over time.
const PROCESSOR_SHARE: f64 = 1.0 / 16.0;
/// The processor time that a person's requests may take at once, above their share.
const EFFORT_BURST: Duration = Duration::from_millis(500);
/// What a request costs beside its answer: it is read, and the answer written.
const REQUEST_OVERHEAD: Duration = Duration::from_micros(50);
/// What a request is taken to cost until that is known, so that those which wait are not let in all at once.
const EXPECTED_EFFORT: Duration = Duration::from_millis(1);
/// The longest that a request waits for the effort of those before it.
const MAX_REST: Duration = Duration::from_secs(5);
/// Uploads of a person that send bytes at once, and how long another one waits for its turn.
const MAX_UPLOADS: usize = 4;
const UPLOAD_TURN_TIMEOUT: Duration = Duration::from_mins(1);
/// The milliseconds after which there may be a turn for one more request.
const TURN_RETRY_MS: u64 = 1_000;
/// How many times the failures to one name an address may have to all names.
const ADDRESS_FACTOR: u32 = 10;

/// All limits. Cheap to clone. What was taken may pass, or the answer is the milliseconds after
/// which the next try may.
#[derive(Clone)]
pub struct RateLimits(Arc<Inner>);

struct Inner {
    login_pairs: Buckets<(IpAddr, String)>,
    login_addresses: Buckets<IpAddr>,
    registrations: Buckets<IpAddr>,
    messages: Buckets<UserId>,
    writes: Buckets<UserId>,
    refusals: Buckets<UserId>,
    log_ins: AtOnce<(IpAddr, String)>,
    requests: AtOnce<UserId>,
    uploads: AtOnce<UserId>,
    calendars: Buckets<UserId>,
    effort: Buckets<UserId>,
    /// The processors that a person may keep busy.
    share: f64,
}

impl RateLimits {
    /// Limits at these rates, and with so many requests of a person at once (absent: any number),
    /// counted in this process.
    pub fn new(rates: &Rates, requests: Option<usize>) -> Self {
        let share = processors() * PROCESSOR_SHARE;
        Self(Arc::new(Inner {
            login_pairs: Buckets::new(rates.login, 1),
            login_addresses: Buckets::new(rates.login.map(|rate| rate.times(ADDRESS_FACTOR)), 1),
            registrations: Buckets::new(rates.register, 1),
            messages: Buckets::new(rates.messages, MESSAGE_BURST),
            writes: Buckets::new(rates.writes, WRITE_BURST),
            refusals: Buckets::new(Some(REFUSAL_RATE), REFUSAL_BURST),
            log_ins: AtOnce::new(rates.login.map(|_| 1), TURN_TIMEOUT),
            requests: AtOnce::new(requests, TURN_TIMEOUT),
            uploads: AtOnce::new(Some(MAX_UPLOADS), UPLOAD_TURN_TIMEOUT),
            calendars: Buckets::new(Some(CALENDAR_RATE), 1),
            effort: Buckets::of_time(requests.map(|_| EFFORT_BURST.div_f64(share))),
            share,
        }))
    }

    /// Takes one message from the user's allowance.
    ///
    /// # Errors
    /// The milliseconds after which the next one may pass.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn message(&self, user: UserId) -> Result<(), u64> {
        self.0.messages.take(user, Instant::now())
    }

    /// Takes one write other than a message from the user's allowance.
    ///
    /// # Errors
    /// The milliseconds after which the next one may pass.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn write(&self, user: UserId) -> Result<(), u64> {
        self.0.writes.take(user, Instant::now())
    }

    /// Waits before the user is refused, if that happens often.
    pub async fn pause(&self, user: UserId) {
        let pause = self.0.refusals.owe(user, Instant::now(), MAX_PAUSE);
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits until there is room for one more request of this user, for 5 s at most. It has its turn
    /// until what is returned is dropped.
    ///
    /// # Errors
    /// The milliseconds after which there may be room.
    pub async fn request(&self, user: UserId) -> Result<Turn<UserId>, u64> {
        self.0.requests.turn(user).await.ok_or(TURN_RETRY_MS)
    }

    /// Waits until there is room for one more upload of this user, for a minute at most; absent where there was none. It
    /// has its turn until what is returned is dropped.
    pub async fn upload(&self, user: UserId) -> Option<Turn<UserId>> {
        self.0.uploads.turn(user).await
    }

    /// Waits as long as the user's requests at the same time have kept more than their share of the processors
    /// busy. What is asked one after the other need not pass here: it never has more than its turn.
    pub async fn rest(&self, user: UserId) {
        let expected = EXPECTED_EFFORT.div_f64(self.0.share);
        let rest = self.0.effort.owe_time(user, expected, Instant::now(), MAX_REST);
        // No timer is finer.
        if rest >= Duration::from_millis(1) {
            tokio::time::sleep(rest).await;
        }
    }

    /// A request of the user, which [`rest`](Self::rest) let in, kept a processor busy for so long.
    pub fn worked(&self, user: UserId, time: Duration) {
        let (expected, time) = (
            EXPECTED_EFFORT.div_f64(self.0.share),
            (time + REQUEST_OVERHEAD).div_f64(self.0.share),
        );
        self.0.effort.give_back_time(&user, expected);
        self.0.effort.owe_time(user, time, Instant::now(), MAX_REST);
    }

    /// Takes one reading of a person's calendar, by whoever has its address.
    ///
    /// # Errors
    /// The milliseconds after which the next one may pass.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn calendar(&self, owner: UserId) -> Result<(), u64> {
        self.0.calendars.take(owner, Instant::now())
    }

    /// Takes one new account from the address's allowance.
    ///
    /// # Errors
    /// The milliseconds after which the next one may pass.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn registration(&self, address: IpAddr) -> Result<(), u64> {
        self.0.registrations.take(network(address), Instant::now())
    }

    /// Gives back what [`registration`](Self::registration) took: no account was made, nor looked for.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn give_back_registration(&self, address: IpAddr) {
        self.0.registrations.give_back(&network(address));
    }

    /// Waits for the end of the log-ins to the same name from this address, for 5 s at most: each keeps a processor
    /// busy, whether it fails or not. The next has its turn when what is returned is dropped.
    ///
    /// # Errors
    /// The milliseconds after which there may be a turn.
    pub async fn log_in_turn(
        &self,
        address: IpAddr,
        username: &str,
    ) -> Result<Turn<(IpAddr, String)>, u64> {
        let key = (network(address), name(username));
        self.0.log_ins.turn(key).await.ok_or(TURN_RETRY_MS)
    }

    /// Takes one failed log-in from the address's allowance, before its outcome is known, so that a
    /// hundred guesses sent at once count as a hundred; [give it back](Self::give_back_log_in) unless
    /// it did fail.
    ///
    /// # Errors
    /// The milliseconds after which the next one may pass.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn log_in(&self, address: IpAddr, username: &str) -> Result<(), u64> {
        let (address, now) = (network(address), Instant::now());
        self.0.login_addresses.take(address, now)?;
        self.0.login_pairs.take((address, name(username)), now).inspect_err(|_| {
            self.0.login_addresses.give_back(&address);
        })
    }

    /// Gives back what [`log_in`](Self::log_in) took: it did not fail.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn give_back_log_in(&self, address: IpAddr, username: &str) {
        let address = network(address);
        self.0.login_addresses.give_back(&address);
        self.0.login_pairs.give_back(&(address, name(username)));
    }
}

fn processors() -> f64 {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(processors).map_or(1.0, f64::from)
}

/// What counts as one address: whoever has one IPv6 address has its whole /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

/// As the username is compared; no longer than one can be, so that keys stay small.
fn name(username: &str) -> String {
    username
        .trim()
        .chars()
        .take(app::protocol::limits::USERNAME_MAX + 1)
        .collect::<String>()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{
        Duration, EFFORT_BURST, Instant, IpAddr, PROCESSOR_SHARE, RateLimits, Rates, UserId,
        network, processors,
    };
    use crate::config::Rate;

    fn limits() -> RateLimits {
        let login = Rate::parse("10/min").expect("a rate");
        RateLimits::new(&Rates { login, register: None, messages: None, writes: None }, None)
    }

    #[tokio::test]
    async fn failures_are_counted_by_name_and_by_address() {
        let (limits, address) = (limits(), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..10 {
            assert_eq!(limits.log_in(address, "mei").await, Ok(()));
        }
        let wait = limits.log_in(address, " MEI ").await.expect_err("the eleventh");
        assert!((1..=6_000).contains(&wait), "{wait}");
        for name in 0..90 {
            assert_eq!(limits.log_in(address, &format!("user{name}")).await, Ok(()));
        }
        assert!(limits.log_in(address, "someone").await.is_err());
        assert_eq!(limits.log_in(IpAddr::from([192, 0, 2, 2]), "mei").await, Ok(()));
    }

    #[tokio::test]
    async fn what_did_not_fail_is_given_back() {
        let (limits, address) = (limits(), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..200 {
            assert_eq!(limits.log_in(address, "mei").await, Ok(()));
            limits.give_back_log_in(address, "mei").await;
        }
    }

    #[tokio::test]
    async fn who_keeps_the_processors_busy_waits_and_nobody_else() {
        let rates = Rates { login: None, register: None, messages: None, writes: None };
        let limits = RateLimits::new(&rates, Some(32));
        let rest = async |user| {
            let begun = Instant::now();
            limits.rest(UserId::new(user)).await;
            begun.elapsed()
        };
        // Paid back at the rate of the share.
        let owed = Duration::from_millis(200);
        let beyond = owed.mul_f64(processors() * PROCESSOR_SHARE);
        rest(1).await;
        limits.worked(UserId::new(1), EFFORT_BURST + beyond);
        assert!(rest(1).await > owed / 2);
        assert!(rest(2).await < owed / 2);
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let address = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(address("2001:db8:1:2:3::4"), address("2001:db8:1:2:5::6"));
        assert_ne!(address("2001:db8:1:2::"), address("2001:db8:1:3::"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }
}
