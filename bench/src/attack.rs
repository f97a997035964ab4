//! What someone asks in a loop, to no good.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::protocol::{AuthResponse, Command, Conversation, ConversationId, Mark, Seq, ServerFrame};
use clap::ValueEnum;

use crate::Failure;
use crate::account::{Account, PASSWORD};
use crate::socket::{Receiver, Sender, connect};

/// What is asked in a loop.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Attack {
    /// Puts a person among their contacts.
    Contacts,
    /// Renames a group.
    Renames,
    /// Makes groups with a person in them.
    Groups,
    /// Makes groups of 400.
    LargeGroups,
    /// Reads the chat list.
    Reads,
    /// Opens the home page.
    Pages,
    /// Logs in.
    LogIns,
    /// Refreshes a login of each connection; a person has a hundred at most.
    Refreshes,
    /// Marks a group read on sockets, as often as one may.
    Marks,
    /// Types on sockets where they are no member, as often as one may.
    Typing,
    /// Uploads files of 4 MiB by a form.
    Uploads,
    /// Uploads photos of 16 million pixels, the most that are looked at, by a form.
    Bombs,
}

/// How often which answer came.
pub(crate) type Answers = BTreeMap<String, u64>;

/// Between two frames of a socket: one that sends faster is closed after a while.
const PAUSE: Duration = Duration::from_millis(21);

/// What one connection does in a loop.
pub(crate) enum Loop {
    Request(reqwest::RequestBuilder),
    Refresh(reqwest::RequestBuilder, String),
    Frame(Box<Sender>, Box<Receiver>, Command),
}

impl Attack {
    /// The group that it needs: of `eve`, or of the first victim alone.
    pub(crate) async fn group(
        self,
        http: &reqwest::Client,
        url: &str,
        eve: &Account,
        victims: &[Account],
    ) -> Result<Option<ConversationId>, Failure> {
        let owner = match self {
            Self::Renames | Self::Marks => eve,
            Self::Typing => victims.first().ok_or("nobody")?,
            _ => return Ok(None),
        };
        let ids: Vec<_> = victims.iter().map(|victim| victim.id).collect();
        let members = if matches!(self, Self::Typing) { &[] } else { &ids[..] };
        let group = serde_json::json!({"name": "Tea", "member_ids": members});
        let request = http.post(format!("{url}/api/v1/conversations")).json(&group);
        let answer = request.bearer_auth(&owner.access_token).send().await?;
        let group: Conversation = answer.error_for_status()?.json().await?;
        Ok(Some(group.id))
    }

    /// What one connection of `eve` is to do; the others are victims.
    pub(crate) async fn prepare(
        self,
        http: &reqwest::Client,
        url: &str,
        eve: &Account,
        victims: &[Account],
        group: Option<ConversationId>,
    ) -> Result<Loop, Failure> {
        let ids: Vec<_> = victims.iter().map(|victim| victim.id).collect();
        let victim = ids.first().ok_or("nobody")?;
        let api = |path: &str| format!("{url}/api/v1{path}");
        let as_eve = |request: reqwest::RequestBuilder| request.bearer_auth(&eve.access_token);
        let new_group = serde_json::json!({"name": "Tea", "member_ids": ids});
        let credentials = serde_json::json!({"username": eve.username, "password": PASSWORD});
        let request = match self {
            Self::Contacts => as_eve(http.put(api(&format!("/contacts/{victim}")))),
            Self::Groups | Self::LargeGroups => {
                as_eve(http.post(api("/conversations")).json(&new_group))
            }
            Self::Renames => {
                let id = group.ok_or("no group")?;
                let name = serde_json::json!({"name": "Coffee"});
                as_eve(http.patch(api(&format!("/conversations/{id}"))).json(&name))
            }
            Self::Reads => as_eve(http.get(api("/conversations"))),
            Self::Pages => as_eve(http.get(format!("{url}/"))),
            Self::Uploads => form(as_eve(http.post(api("/files"))), "file", &vec![b'x'; 4 << 20]),
            Self::Bombs => form(as_eve(http.post(api("/files"))), "photo", &large_png()?),
            Self::LogIns => http.post(api("/auth/login")).json(&credentials),
            Self::Refreshes => {
                let answer = http.post(api("/auth/login")).json(&credentials).send().await?;
                let login: AuthResponse = answer.error_for_status()?.json().await?;
                let token = login.refresh_token.ok_or("no token")?;
                return Ok(Loop::Refresh(http.post(api("/auth/refresh")), token));
            }
            Self::Marks | Self::Typing => {
                let conversation_id = group.ok_or("no group")?;
                let command = if matches!(self, Self::Marks) {
                    Command::Read(Mark { conversation_id, seq: Seq::new(1) })
                } else {
                    Command::Typing { conversation_id, active: true }
                };
                let (sender, receiver) = connect(url, eve).await?;
                return Ok(Loop::Frame(Box::new(sender), Box::new(receiver), command));
            }
        };
        Ok(Loop::Request(request))
    }
}

/// A form with a file, as bytes: it has to be sent again and again.
fn form(request: reqwest::RequestBuilder, purpose: &str, file: &[u8]) -> reqwest::RequestBuilder {
    let field = "--f\r\nContent-Disposition: form-data; name=";
    let head = format!("{field}\"as\"\r\n\r\n{purpose}\r\n{field}\"file\"; filename=\"f\"\r\n\r\n");
    let body = bytes::Bytes::from([head.as_bytes(), file, b"\r\n--f--\r\n"].concat());
    request.header("content-type", "multipart/form-data; boundary=f").body(body)
}

/// A picture of 16 million pixels.
fn large_png() -> Result<Vec<u8>, Failure> {
    const SIDE: u32 = 4_000;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&vec![0x80; (SIDE * SIDE) as usize])?;
    writer.finish()?;
    Ok(bytes)
}

impl Loop {
    /// Goes on until it is told to stop; what the answers were, and itself for the next round.
    pub(crate) async fn run(mut self, stop: Arc<AtomicBool>) -> Result<(Self, Answers), Failure> {
        let mut answers = Answers::new();
        while !stop.load(Ordering::Relaxed) {
            *answers.entry(self.step().await?).or_default() += 1;
        }
        Ok((self, answers))
    }

    async fn step(&mut self) -> Result<String, Failure> {
        match self {
            Self::Request(request) => {
                let answer = request.try_clone().ok_or("a stream")?.send().await?;
                let status = answer.status().as_u16().to_string();
                answer.bytes().await?;
                Ok(status)
            }
            Self::Refresh(request, token) => {
                let request = request.try_clone().ok_or("a stream")?;
                let body = serde_json::json!({"refresh_token": token});
                let answer = request.json(&body).send().await?;
                let status = answer.status().as_u16().to_string();
                if answer.status().is_success() {
                    let login: AuthResponse = answer.json().await?;
                    *token = login.refresh_token.ok_or("no token")?;
                }
                Ok(status)
            }
            Self::Frame(sender, receiver, command) => {
                sender.feed(command.clone()).await?;
                sender.flush().await?;
                let heard = tokio::time::sleep(PAUSE);
                tokio::pin!(heard);
                loop {
                    tokio::select! {
                        () = &mut heard => return Ok("silence".to_owned()),
                        frame = receiver.next() => if let ServerFrame::Error { error, .. } = frame? {
                            heard.await;
                            return Ok(format!("{:?}", error.kind));
                        },
                    }
                }
            }
        }
    }
}
