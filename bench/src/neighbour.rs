//! Some who write by themselves, and beside a person who asks in a loop on many connections: how much
//! later the acks come.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::protocol::{Command, ConversationId, SendMessage, ServerFrame, UserId};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::account::register_all;
use crate::attack::{Answers, Attack};
use crate::socket::{Receiver, Sender, connect};
use crate::{Failure, Report as _};

/// So many write.
const NEIGHBOURS: usize = 10;

/// Between two messages of one of them, so that nobody comes near their own limit.
const PAUSE: Duration = Duration::from_millis(75);

/// After the attack has begun: its burst is over, and its loop runs.
const WARM_UP: Duration = Duration::from_secs(2);

/// What is measured.
pub(crate) struct Plan {
    pub(crate) attack: Attack,
    pub(crate) connections: usize,
    pub(crate) rounds: usize,
    pub(crate) measured: Duration,
}

/// What came out.
pub(crate) struct Report {
    /// Microseconds from sending to the ack.
    alone: Histogram<u64>,
    beside: Histogram<u64>,
    /// How often the other one was answered with what.
    answers: Answers,
    asked_for: Duration,
}

/// Registers the people and measures by turns.
pub(crate) async fn run(url: &str, plan: &Plan) -> Result<Report, Failure> {
    let http = reqwest::Client::new();
    let count = if matches!(plan.attack, Attack::LargeGroups) { 402 } else { 3 };
    let people = register_all(&http, url, "n", count).await?;
    let [reader, eve, victims @ ..] = &people[..] else { return Err("no people".into()) };
    let mut neighbours = Vec::new();
    for writer in register_all(&http, url, "w", NEIGHBOURS).await? {
        neighbours.push(Neighbour::new(connect(url, &writer).await?, reader.id).await?);
    }
    let group = plan.attack.group(&http, url, eve, victims).await?;
    let mut loops = Vec::new();
    for _ in 0..plan.connections {
        loops.push(plan.attack.prepare(&http, url, eve, victims, group).await?);
    }
    let (mut alone, mut beside) = (Histogram::new(3)?, Histogram::new(3)?);
    let mut answers = Answers::new();
    let mut asked_for = Duration::ZERO;
    for _ in 0..plan.rounds {
        write(&mut neighbours, plan.measured, &mut alone).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = JoinSet::new();
        let begun = Instant::now();
        for each in loops.drain(..) {
            running.spawn(each.run(Arc::clone(&stop)));
        }
        tokio::time::sleep(WARM_UP).await;
        write(&mut neighbours, plan.measured, &mut beside).await?;
        stop.store(true, Ordering::Relaxed);
        while let Some(ended) = running.join_next().await {
            let (each, told) = ended??;
            loops.push(each);
            for (answer, count) in told {
                *answers.entry(answer).or_default() += count;
            }
        }
        asked_for += begun.elapsed();
    }
    Ok(Report { alone, beside, answers, asked_for })
}

/// All of them write for so long.
async fn write(
    neighbours: &mut [Neighbour],
    time: Duration,
    acks: &mut Histogram<u64>,
) -> Result<(), Failure> {
    let writing = neighbours.iter_mut().map(|neighbour| neighbour.write(time));
    for theirs in futures_util::future::try_join_all(writing).await? {
        acks.add(theirs)?;
    }
    Ok(())
}

/// Someone who writes one message after the other.
struct Neighbour {
    sender: Sender,
    receiver: Receiver,
    conversation_id: Option<ConversationId>,
    to: UserId,
    sent: u64,
}

impl Neighbour {
    async fn new((sender, receiver): (Sender, Receiver), to: UserId) -> Result<Self, Failure> {
        let mut new = Self { sender, receiver, conversation_id: None, to, sent: 0 };
        new.say().await?;
        Ok(new)
    }

    async fn write(&mut self, time: Duration) -> Result<Histogram<u64>, Failure> {
        let mut acks = Histogram::new(3)?;
        let begun = Instant::now();
        while begun.elapsed() < time {
            acks.record(u64::try_from(self.say().await?.as_micros())?)?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(acks)
    }

    /// The time until the ack.
    async fn say(&mut self) -> Result<Duration, Failure> {
        self.sent += 1;
        let message = SendMessage {
            client_id: self.sent.to_string(),
            conversation_id: self.conversation_id,
            to_user_id: self.conversation_id.is_none().then_some(self.to),
            content: Some("is it slow here?".to_owned()),
            ..SendMessage::default()
        };
        self.sender.feed(Command::Message(message)).await?;
        let begun = Instant::now();
        self.sender.flush().await?;
        loop {
            match self.receiver.next().await? {
                ServerFrame::MessageAck(ack) => {
                    self.conversation_id = Some(ack.conversation_id);
                    return Ok(begun.elapsed());
                }
                ServerFrame::Error { error, .. } => return Err(error.message.into()),
                _ => {}
            }
        }
    }
}

impl crate::Report for Report {
    fn is_valid(&self) -> bool {
        true
    }
}

impl fmt::Display for Report {
    #[expect(clippy::cast_precision_loss, reason = "microseconds, and few")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |acks: &Histogram<u64>, quantile| acks.value_at_quantile(quantile) as f64 / 1e3;
        for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
            let (alone, beside) = (ms(&self.alone, quantile), ms(&self.beside, quantile));
            let ratio = beside / alone;
            writeln!(f, "ack {name}  alone {alone:.2} ms, beside {beside:.2} ms: {ratio:.2} x")?;
        }
        let rate = |count: u64| count as f64 / self.asked_for.as_secs_f64();
        for (answer, count) in &self.answers {
            writeln!(f, "answers {answer}  {:.0}/s", rate(*count))?;
        }
        write!(f, "{}: {} and {} acks", self.verdict(), self.alone.len(), self.beside.len())
    }
}
