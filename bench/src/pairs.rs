//! Pairs of people, one writing to the other, with a fixed number of messages on the way.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use app::protocol::{Command, ConversationId, SendMessage, Seq, ServerFrame, UserId};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::account::register;
use crate::socket::{Receiver, Sender, connect};
use crate::{Failure, Report as _, cpu};

/// Before the clock starts: connections, statements and caches get warm.
const WARM_UP: Duration = Duration::from_secs(2);

/// How long receivers may take for the last messages.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(20);

/// What is measured.
pub(crate) struct Plan {
    pub(crate) pairs: usize,
    pub(crate) in_flight: usize,
    pub(crate) bytes: usize,
    pub(crate) measured: Duration,
}

/// What came out.
pub(crate) struct Report {
    delivered: u64,
    measured: Duration,
    cpu: Duration,
    /// Microseconds from sending to the ack.
    acks: Histogram<u64>,
    sent: u64,
    received: u64,
    disordered: u64,
}

/// One measurement, shared by its tasks.
#[derive(Default)]
struct Tally {
    stop: AtomicBool,
    sent: AtomicU64,
    received: AtomicU64,
    disordered: AtomicU64,
}

/// Registers the people, lets them write and measures.
pub(crate) async fn run(url: &str, plan: &Plan, pids: &[u32]) -> Result<Report, Failure> {
    let http = reqwest::Client::new();
    let tally = Arc::new(Tally::default());
    let run = std::process::id();
    let mut writers = JoinSet::new();
    let mut readers = JoinSet::new();
    for pair in 0..plan.pairs {
        let writer = register(&http, url, &format!("w{run}-{pair}")).await?;
        let reader = register(&http, url, &format!("r{run}-{pair}")).await?;
        let (idle, incoming) = connect(url, &reader).await?;
        let connection = connect(url, &writer).await?;
        readers.spawn(read(incoming, Arc::clone(&tally), idle));
        let text = "x".repeat(plan.bytes);
        let to = reader.id;
        writers.spawn(write(connection, to, plan.in_flight, text, Arc::clone(&tally)));
    }
    tokio::time::sleep(WARM_UP).await;
    let (before, cpu_before, started) =
        (tally.received.load(Ordering::Relaxed), cpu::used(pids), Instant::now());
    tokio::time::sleep(plan.measured).await;
    let delivered = tally.received.load(Ordering::Relaxed) - before;
    let (measured, cpu) = (started.elapsed(), cpu::used(pids).saturating_sub(cpu_before));
    tally.stop.store(true, Ordering::Relaxed);
    let mut acks = Histogram::new(3)?;
    while let Some(result) = writers.join_next().await {
        acks.add(result??)?;
    }
    let deadline = Instant::now() + DELIVERY_TIMEOUT;
    let sent = tally.sent.load(Ordering::Relaxed);
    while tally.received.load(Ordering::Relaxed) < sent && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    readers.abort_all();
    let received = tally.received.load(Ordering::Relaxed);
    let disordered = tally.disordered.load(Ordering::Relaxed);
    Ok(Report { delivered, measured, cpu, acks, sent, received, disordered })
}

async fn write(
    (mut sender, mut receiver): (Sender, Receiver),
    to: UserId,
    in_flight: usize,
    text: String,
    tally: Arc<Tally>,
) -> Result<Histogram<u64>, Failure> {
    let mut acks = Histogram::new(3)?;
    let mut sent: Vec<Instant> = Vec::new();
    let mut acked = 0;
    let mut conversation_id: Option<ConversationId> = None;
    loop {
        let stop = tally.stop.load(Ordering::Relaxed);
        // The first message alone, so that the rest can name the conversation.
        let depth = if conversation_id.is_some() { in_flight } else { 1 };
        while !stop && sent.len() - acked < depth {
            sender
                .feed(Command::Message(SendMessage {
                    client_id: sent.len().to_string(),
                    conversation_id,
                    to_user_id: conversation_id.is_none().then_some(to),
                    content: Some(text.clone()),
                    ..SendMessage::default()
                }))
                .await?;
            sent.push(Instant::now());
            tally.sent.fetch_add(1, Ordering::Relaxed);
        }
        sender.flush().await?;
        if acked == sent.len() {
            return Ok(acks);
        }
        match receiver.next().await? {
            ServerFrame::MessageAck(ack) => {
                let number: usize = ack.client_id.as_str().parse()?;
                conversation_id = Some(ack.conversation_id);
                acks.record(u64::try_from(sent[number].elapsed().as_micros())?)?;
                acked += 1;
            }
            ServerFrame::Error { error, .. } => return Err(error.message.into()),
            _ => {}
        }
    }
}

async fn read(mut receiver: Receiver, tally: Arc<Tally>, _open: Sender) {
    let mut next = Seq::ZERO.next();
    while let Ok(frame) = receiver.next().await {
        if let ServerFrame::NewMessage { message } = frame {
            if message.seq != next {
                tally.disordered.fetch_add(1, Ordering::Relaxed);
            }
            next = message.seq.next();
            tally.received.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl crate::Report for Report {
    fn is_valid(&self) -> bool {
        self.sent == self.received && self.disordered == 0
    }
}

impl fmt::Display for Report {
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.delivered as f64 / self.measured.as_secs_f64();
        let ms = |quantile| self.acks.value_at_quantile(quantile) as f64 / 1_000.0;
        writeln!(f, "delivered and durable  {rate:>10.0} messages/s")?;
        writeln!(f, "ack p50 / p99          {:>10.1} / {:.1} ms", ms(0.5), ms(0.99))?;
        if !self.cpu.is_zero() {
            let each = self.cpu.as_secs_f64() * 1e6 / self.delivered.max(1) as f64;
            writeln!(f, "CPU a message          {each:>10.1} µs")?;
        }
        let Self { sent, received, disordered, .. } = self;
        let verdict = self.verdict();
        write!(f, "{verdict}: {sent} sent, {received} received, {disordered} out of order")
    }
}
