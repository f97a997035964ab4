//! A room: a group whose members are all there, and one of them writes. Beside it, in the same run, a
//! bare broadcast of the same frames to as many sockets.

use std::fmt;

use app::protocol::{ClientFrame, Command, Conversation, ConversationId, SendMessage, ServerFrame};

use tokio::task::JoinSet;

use crate::account::{Account, register_all};
use crate::announcement::{Announcement, MARK, Run};
use crate::broadcast::Broadcast;
use crate::socket::{Receiver, Sender, connect, open};
use crate::{Failure, Report as _};

/// Messages before the clock starts.
const WARM_UP: usize = 50;

/// Times that Kith and the bare broadcast take turns, each way.
const ROUNDS: usize = 5;

/// What is measured.
pub(crate) struct Plan {
    pub(crate) members: usize,
    pub(crate) messages: usize,
    pub(crate) in_flight: usize,
    pub(crate) bytes: usize,
}

/// What came out: for so many messages at once, of Kith and of the bare broadcast.
pub(crate) struct Report {
    ways: Vec<(usize, Run, Run)>,
}

impl Plan {
    /// Messages in a round.
    fn round(&self) -> usize {
        self.messages.div_ceil(ROUNDS)
    }
}

/// Makes the group, lets its owner write, and does the same without Kith.
pub(crate) async fn run(url: &str, plan: &Plan, pids: &[u32]) -> Result<Report, Failure> {
    let http = reqwest::Client::new();
    let people = register_all(&http, url, "m", plan.members).await?;
    let [owner, members @ ..] = &people[..] else { return Err("a room has members".into()) };
    let id = make_group(&http, url, owner, members).await?;
    let mut sockets = vec![connect(url, owner).await?];
    for member in members {
        let (sender, mut receiver) = connect(url, member).await?;
        // What they missed: the message that tells of the group.
        while !matches!(receiver.next().await?, ServerFrame::OfflineMessages(_)) {}
        sockets.push((sender, receiver));
    }
    let padding = "x".repeat(plan.bytes);
    let say = move |number: usize| {
        let mut text = format!("{MARK}{number:06} {padding}");
        text.truncate(plan.bytes);
        let command = Command::Message(SendMessage {
            client_id: number.to_string(),
            conversation_id: Some(id),
            content: Some(text),
            ..SendMessage::default()
        });
        Ok(serde_json::to_string(&ClientFrame { id: None, command })?)
    };
    let total = WARM_UP + 2 * ROUNDS * plan.round();
    let mut kith = Side::new(sockets, total, say, pids);
    kith.tell(WARM_UP, plan.in_flight).await?;

    let broadcast = Broadcast::start()?;
    let mut sockets = Vec::with_capacity(people.len());
    for _ in &people {
        sockets.push(open(&broadcast.url).await?);
    }
    let (first, frame) = (format!("{MARK}{:06}", 0), kith.announcement.first_frame());
    let say = move |number: usize| Ok(frame.replace(&first, &format!("{MARK}{number:06}")));
    let pids = [broadcast.pid()];
    let mut bare = Side::new(sockets, total, say, &pids);
    bare.tell(WARM_UP, plan.in_flight).await?;

    // In turns, so that whatever else the machine does falls upon both.
    let mut report = Report { ways: Vec::new() };
    for at_once in [1, plan.in_flight] {
        let mut runs = (Run::new()?, Run::new()?);
        for _ in 0..ROUNDS {
            runs.0.add(&kith.tell(plan.round(), at_once).await?)?;
            runs.1.add(&bare.tell(plan.round(), at_once).await?)?;
        }
        report.ways.push((at_once, runs.0, runs.1));
    }
    Ok(report)
}

async fn make_group(
    http: &reqwest::Client,
    url: &str,
    owner: &Account,
    members: &[Account],
) -> Result<ConversationId, Failure> {
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    let body = serde_json::json!({ "name": "A room", "member_ids": ids });
    let request = http.post(format!("{url}/api/v1/conversations")).bearer_auth(&owner.access_token);
    let group: Conversation = request.json(&body).send().await?.error_for_status()?.json().await?;
    Ok(group.id)
}

/// A room whose first socket speaks; the others listen.
struct Side<'p, S> {
    speaker: Sender,
    announcement: Announcement,
    say: S,
    pids: &'p [u32],
    /// The number of the next message.
    next: usize,
    /// End with it.
    _listeners: JoinSet<()>,
}

impl<'p, S: Fn(usize) -> Result<String, Failure>> Side<'p, S> {
    fn new(mut sockets: Vec<(Sender, Receiver)>, total: usize, say: S, pids: &'p [u32]) -> Self {
        let (speaker, own) = sockets.remove(0);
        let announcement = Announcement::new(sockets.len(), total);
        let mut listeners = announcement.listen(sockets);
        // Read, so that nobody waits for it to be.
        listeners.spawn(pass_over(own));
        Self { speaker, announcement, say, pids, next: 0, _listeners: listeners }
    }

    /// Tells so many more messages, so many at once.
    async fn tell(&mut self, count: usize, at_once: usize) -> Result<Run, Failure> {
        let numbers = self.next..self.next + count;
        self.next = numbers.end;
        self.announcement.tell(&mut self.speaker, &self.say, numbers, at_once, self.pids).await
    }
}

async fn pass_over(mut receiver: Receiver) {
    while receiver.next_text().await.is_ok() {}
}

impl crate::Report for Report {
    fn is_valid(&self) -> bool {
        self.ways.iter().all(|(_, kith, bare)| kith.is_valid() && bare.is_valid())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at_once, kith, bare) in &self.ways {
            let name = format!("{at_once} at once");
            writeln!(f, "{name:<24}{:>20}{:>20}", "Kith", "bare broadcast")?;
            for (what, of) in Run::FIGURES {
                writeln!(f, "{what:<24}{:>20}{:>20}", of(kith), of(bare))?;
            }
            writeln!(f, "{:<24}{:>20.2}", "of the bare one's rate", kith.rate() / bare.rate())?;
        }
        let count = |of: fn(&Run) -> usize| -> usize {
            self.ways.iter().map(|(_, kith, bare)| of(kith) + of(bare)).sum()
        };
        let (expected, heard) = (count(|run| run.expected), count(|run| run.heard));
        let (verdict, disordered) = (self.verdict(), count(|run| run.disordered));
        write!(f, "{verdict}: {expected} expected, {heard} delivered, {disordered} out of order")
    }
}
