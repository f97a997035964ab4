//! Someone comes back to messages that waited in many conversations, and writes meanwhile; midway a
//! second device of theirs comes.

use std::fmt;
use std::time::{Duration, Instant};

use app::protocol::{Command, ConversationId, Head, SendMessage, Seq, ServerFrame, UserId};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::account::{Account, register_all};
use crate::device::Device;
use crate::socket::connect;
use crate::{Failure, Report as _};

/// How long everything may take.
const RETURN_TIMEOUT: Duration = Duration::from_mins(2);

/// So many messages come in between two that are sent.
const BETWEEN: usize = 500;

/// What came out.
pub(crate) struct Report {
    waited: usize,
    first: Part,
    second: Part,
    /// Microseconds from sending to the ack, while the rest came in.
    acks: Histogram<u64>,
}

/// What a device got.
struct Part {
    /// From its connecting until it had everything.
    took: Duration,
    received: usize,
    /// What it should have been told and was not.
    missing: usize,
    disordered: usize,
}

/// Has messages wait, and comes back to them.
pub(crate) async fn run(
    url: &str,
    conversations: usize,
    messages: usize,
) -> Result<Report, Failure> {
    let http = reqwest::Client::new();
    let each = messages / conversations.max(1);
    let people = register_all(&http, url, "o", conversations + 2).await?;
    let [reader, friend, writers @ ..] = &people[..] else { return Err("too few people".into()) };
    let mut writing = JoinSet::new();
    for writer in writers {
        let socket = connect(url, writer).await?;
        writing.spawn(fill(socket, reader.id, each));
    }
    let mut ids = Vec::new();
    while let Some(filled) = writing.join_next().await {
        ids.push(filled??);
    }
    timeout(RETURN_TIMEOUT, come_back(&http, url, reader, friend.id, &ids, each)).await?
}

/// Writes so many messages to someone; tells in which conversation they are.
async fn fill(
    (mut sender, mut receiver): (crate::socket::Sender, crate::socket::Receiver),
    to: UserId,
    count: usize,
) -> Result<ConversationId, Failure> {
    for number in 0..count {
        sender.feed(Command::Message(message(to, number))).await?;
    }
    sender.flush().await?;
    let (mut acked, mut id) = (0, None);
    while acked < count {
        match receiver.next().await? {
            ServerFrame::MessageAck(ack) => (acked, id) = (acked + 1, Some(ack.conversation_id)),
            ServerFrame::Error { error, .. } => return Err(error.message.into()),
            _ => {}
        }
    }
    id.ok_or_else(|| "nothing was written".into())
}

fn message(to: UserId, number: usize) -> SendMessage {
    SendMessage {
        client_id: number.to_string(),
        to_user_id: Some(to),
        content: Some(format!("message {number}, which waits to be read")),
        ..SendMessage::default()
    }
}

async fn come_back(
    http: &reqwest::Client,
    url: &str,
    reader: &Account,
    friend: UserId,
    ids: &[ConversationId],
    each: usize,
) -> Result<Report, Failure> {
    let (waited, end) = (ids.len() * each, Seq::new(i64::try_from(each)?));
    let mut acks = Histogram::new(3)?;
    let began = Instant::now();
    let mut first = Device::sign_in(url, reader).await?;
    let (mut sent, mut said) = (Vec::new(), 0);
    let mut second = None;
    while first.received < waited || acks.len() < u64::try_from(sent.len())? {
        if first.received < waited && first.received / BETWEEN > said {
            said = first.received / BETWEEN;
            let command = Command::Message(message(friend, sent.len()));
            sent.push(Instant::now());
            first.say(command).await?;
        }
        if second.is_none() && first.received >= waited / 2 {
            let (http, url, reader) = (http.clone(), url.to_owned(), reader.clone());
            let ids = ids.to_vec();
            let coming = async move { come_second(&http, &url, &reader, &ids, end).await };
            second = Some(tokio::spawn(coming));
        }
        if let Some(ack) = first.take_in().await? {
            let number: usize = ack.client_id.as_str().parse()?;
            acks.record(u64::try_from(sent[number].elapsed().as_micros())?)?;
        }
    }
    let took = began.elapsed();
    let mut second = second.ok_or("nothing waited")?;
    // The first one stays, as it would.
    let second = loop {
        tokio::select! {
            taken = first.take_in() => { taken?; }
            came = &mut second => break came??,
        }
    };
    let missing = waited.saturating_sub(first.received);
    let disordered = first.disordered;
    let first = Part { took, received: first.received, missing, disordered };
    Ok(Report { waited, first, second, acks })
}

/// A second device is told what was not confirmed when it came: of each conversation the end, from
/// where its user's mark stood or below.
async fn come_second(
    http: &reqwest::Client,
    url: &str,
    reader: &Account,
    ids: &[ConversationId],
    end: Seq,
) -> Result<Part, Failure> {
    let began = Instant::now();
    let mut device = Device::sign_in(url, reader).await?;
    let heads = http.get(format!("{url}/api/v1/conversations/heads"));
    let heads = heads.bearer_auth(&reader.access_token).send().await?.error_for_status()?;
    let heads: Vec<Head> = heads.json().await?;
    let heads: Vec<_> = heads.into_iter().filter(|head| ids.contains(&head.id)).collect();
    let waiting = |device: &Device| {
        let told_to = |id| device.extent(id).map_or(Seq::ZERO, |(_, last)| last);
        heads.iter().any(|head| head.delivered_seq < end && told_to(head.id) < end)
    };
    while waiting(&device) {
        device.take_in().await?;
    }
    let took = began.elapsed();
    let missing = heads.iter().filter_map(|head| {
        let (first, _) = device.extent(head.id)?;
        Some(usize::try_from(first.get() - 1 - head.delivered_seq.get()).unwrap_or_default())
    });
    Ok(Part {
        took,
        received: device.received,
        missing: missing.sum(),
        disordered: device.disordered,
    })
}

impl crate::Report for Report {
    fn is_valid(&self) -> bool {
        let parts = [&self.first, &self.second];
        parts.iter().all(|part| part.missing == 0 && part.disordered == 0)
            && self.first.received == self.waited
    }
}

impl fmt::Display for Report {
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { waited, first, second, acks } = self;
        writeln!(f, "all are in             {:>10.2} s", first.took.as_secs_f64())?;
        let (took, received) = (second.took.as_secs_f64(), second.received);
        writeln!(f, "on the second device   {took:>10.2} s, {received} messages")?;
        let ms = |microseconds: u64| microseconds as f64 / 1_000.0;
        let (p50, max) = (ms(acks.value_at_quantile(0.5)), ms(acks.max()));
        writeln!(f, "ack p50 / max          {p50:>10.1} / {max:.1} ms, of {} sends", acks.len())?;
        let verdict = self.verdict();
        let missing = first.missing + second.missing;
        let disordered = first.disordered + second.disordered;
        write!(f, "{verdict}: {waited} waited, {missing} lost, {disordered} out of order")
    }
}
