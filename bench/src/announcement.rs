//! One socket tells many something: who hears what, when, and in which order.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::socket::{Receiver, Sender};
use crate::{Failure, cpu};

/// Stands in each text before its number, and nowhere else in a frame.
pub(crate) const MARK: &str = "no.";

/// How long the last messages may take.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(20);

/// A measurement, shared by its tasks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Announcement(Arc<Tally>);

struct Tally {
    began: Instant,
    /// Microseconds after `began` at which each message was sent.
    sent: Vec<AtomicU64>,
    /// Of each listener, microseconds after its sending at which it heard each message; `NEVER`
    /// until then.
    heard: Vec<Vec<AtomicU64>>,
    /// How many have heard each message.
    hearers: Vec<AtomicUsize>,
    disordered: AtomicUsize,
    /// How many more messages may be sent.
    room: Semaphore,
    first: OnceLock<String>,
}

const NEVER: u64 = u64::MAX;

/// So many messages, each to all.
pub(crate) struct Run {
    /// Microseconds from sending a message to each delivery.
    each: Histogram<u64>,
    /// And to the last one.
    last: Histogram<u64>,
    took: Duration,
    cpu: Duration,
    pub(crate) expected: usize,
    pub(crate) heard: usize,
    /// Doubled ones among them.
    pub(crate) disordered: usize,
}

impl Announcement {
    /// So many messages to so many listeners.
    pub(crate) fn new(listeners: usize, messages: usize) -> Self {
        let row = |from: u64| (0..messages).map(|_| AtomicU64::new(from)).collect::<Vec<_>>();
        Self(Arc::new(Tally {
            began: Instant::now(),
            sent: row(0),
            heard: (0..listeners).map(|_| row(NEVER)).collect(),
            hearers: (0..messages).map(|_| AtomicUsize::new(0)).collect(),
            disordered: AtomicUsize::new(0),
            room: Semaphore::new(0),
            first: OnceLock::new(),
        }))
    }

    /// Listens on these sockets, until that is dropped which is given back.
    pub(crate) fn listen(&self, sockets: Vec<(Sender, Receiver)>) -> JoinSet<()> {
        let mut listeners = JoinSet::new();
        for (listener, (open, receiver)) in sockets.into_iter().enumerate() {
            let tally = Arc::clone(&self.0);
            listeners.spawn(async move { tally.listen(listener, receiver, open).await });
        }
        listeners
    }

    /// Sends these messages, so many at once, and waits until all have heard them.
    pub(crate) async fn tell(
        &self,
        speaker: &mut Sender,
        say: &impl Fn(usize) -> Result<String, Failure>,
        numbers: Range<usize>,
        at_once: usize,
        pids: &[u32],
    ) -> Result<Run, Failure> {
        let tally = &self.0;
        let (disordered, cpu) = (tally.disordered.load(Ordering::Relaxed), cpu::used(pids));
        let started = Instant::now();
        tally.room.add_permits(at_once);
        for number in numbers.clone() {
            let text = say(number)?;
            let Ok(permit) = timeout(DELIVERY_TIMEOUT, tally.room.acquire()).await else { break };
            permit?.forget();
            tally.sent[number].store(tally.now(), Ordering::Relaxed);
            speaker.feed_text(text).await?;
            speaker.flush().await?;
        }
        let all = timeout(DELIVERY_TIMEOUT, tally.room.acquire_many(u32::try_from(at_once)?)).await;
        if let Ok(permits) = all {
            permits?.forget();
        }
        let took = started.elapsed();
        Ok(Run {
            took,
            cpu: cpu::used(pids).saturating_sub(cpu),
            disordered: tally.disordered.load(Ordering::Relaxed) - disordered,
            ..tally.run(numbers)?
        })
    }

    /// The first frame that was heard.
    pub(crate) fn first_frame(&self) -> String {
        self.0.first.get().cloned().unwrap_or_default()
    }
}

impl Tally {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(NEVER)
    }

    async fn listen(&self, listener: usize, mut receiver: Receiver, _open: Sender) {
        let mut next = 0;
        while let Ok(text) = receiver.next_text().await {
            let Some(number) = number_in(&text).filter(|number| *number < self.sent.len()) else {
                continue;
            };
            let after = self.now().saturating_sub(self.sent[number].load(Ordering::Relaxed));
            let before = self.heard[listener][number].swap(after, Ordering::Relaxed);
            if number != next || before != NEVER {
                self.disordered.fetch_add(1, Ordering::Relaxed);
            }
            next = number + 1;
            if before == NEVER {
                self.first.get_or_init(|| text.to_string());
                let hearers = self.hearers[number].fetch_add(1, Ordering::Relaxed) + 1;
                if hearers == self.heard.len() {
                    self.room.add_permits(1);
                }
            }
        }
    }

    fn run(&self, numbers: Range<usize>) -> Result<Run, Failure> {
        let mut run = Run::new()?;
        run.expected = numbers.len() * self.heard.len();
        for number in numbers {
            let mut latest = 0;
            for listener in &self.heard {
                let after = listener[number].load(Ordering::Relaxed);
                if after != NEVER {
                    run.each.record(after)?;
                    latest = latest.max(after);
                    run.heard += 1;
                }
            }
            run.last.record(latest)?;
        }
        Ok(run)
    }
}

/// The number in a frame.
fn number_in(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once(MARK)?;
    rest.get(..6)?.parse().ok()
}

/// A name, and what stands beside it.
type Figure = (&'static str, fn(&Run) -> String);

impl Run {
    /// What is printed of it.
    pub(crate) const FIGURES: [Figure; 4] = [
        ("each delivery p50 / p99", |run| milliseconds(&run.each)),
        ("last delivery p50 / p99", |run| milliseconds(&run.last)),
        ("deliveries/s", |run| format!("{:.0}", run.rate())),
        ("CPU a delivery", |run| format!("{:.2} µs", run.cpu_a_delivery())),
    ];

    /// Of no message.
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self {
            each: Histogram::new(3)?,
            last: Histogram::new(3)?,
            took: Duration::ZERO,
            cpu: Duration::ZERO,
            expected: 0,
            heard: 0,
            disordered: 0,
        })
    }

    /// Counts another run in.
    pub(crate) fn add(&mut self, other: &Self) -> Result<(), Failure> {
        self.each.add(&other.each)?;
        self.last.add(&other.last)?;
        self.took += other.took;
        self.cpu += other.cpu;
        self.expected += other.expected;
        self.heard += other.heard;
        self.disordered += other.disordered;
        Ok(())
    }

    /// Nothing lost, doubled or out of order.
    pub(crate) fn is_valid(&self) -> bool {
        self.heard == self.expected && self.disordered == 0
    }

    /// Deliveries a second.
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub(crate) fn rate(&self) -> f64 {
        self.heard as f64 / self.took.as_secs_f64()
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn cpu_a_delivery(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.heard.max(1) as f64
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn milliseconds(times: &Histogram<u64>) -> String {
    let of = |quantile| times.value_at_quantile(quantile) as f64 / 1_000.0;
    format!("{:.1} / {:.1} ms", of(0.5), of(0.99))
}
