//! The bots of docs/bots.md, run as they stand there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use app::protocol::{Message, MessagePage, Receipt};
use reqwest::Method;

use crate::harness::{Engine, NewMessage, Person, Socket, TestServer};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What `scripts/tools.sh bots` has installed.
pub fn installed(what: &str) -> PathBuf {
    let folder = root().join(".tools/bots").join(what);
    assert!(folder.is_dir(), "{} is missing: run scripts/tools.sh bots", folder.display());
    folder.canonicalize().expect("a folder")
}

/// The one code block in this language.
fn code(language: &str) -> String {
    let text = fs::read_to_string(root().join("docs/bots.md")).expect("docs/bots.md");
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("a code block");
    rest.split_once("```").expect("its end").0.to_owned()
}

/// A bot at work, killed when it is let go.
struct Bot(Child);

impl Bot {
    fn start(mut command: Command, server: &TestServer) -> Self {
        command.env("KITH_URL", &server.url).env("KITH_USER", "echo");
        command.env("KITH_PASSWORD", "correct horse").stdin(Stdio::null());
        Self(command.spawn().expect("the bot starts"))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It fails only when the process has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn python() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bot.py");
    fs::write(&file, code("python")).expect("written");
    answers_each_message_once(|| {
        let mut command = Command::new("python3");
        command.arg(&file).env("PYTHONPATH", installed("python"));
        command
    })
    .await;
}

#[tokio::test]
async fn javascript() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bot.mjs");
    fs::write(&file, code("js")).expect("written");
    let modules = folder.path().join("node_modules");
    std::os::unix::fs::symlink(installed("node_modules"), modules).expect("linked");
    answers_each_message_once(|| {
        let mut command = Command::new("node");
        command.arg(&file);
        command
    })
    .await;
}

async fn answers_each_message_once(command: impl Fn() -> Command) {
    let server = TestServer::start(Engine::Sqlite).await;
    let (mei, echo) = (server.person("mei").await, server.person("echo").await);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let bot = Bot::start(command(), &server);
    let id = socket.say_first(&echo.user, "one", "one 🌿").await.conversation_id;
    hears(&mut socket, &echo, "one 🌿").await;

    // Its connection is cut, by the end of its login, and it returns.
    let answer = echo.client.send(Method::DELETE, "/api/v1/auth/logins", None).await;
    assert_eq!(answer.status, 204);
    socket.say(id, "two", "two").await;
    hears(&mut socket, &echo, "two").await;

    // It is killed, and started again: twice, so that both answer what was missed, and what follows.
    drop(bot);
    for text in ["three", "four"] {
        socket.say(id, text, text).await;
    }
    let bots = [(); 2].map(|()| Bot::start(command(), &server));
    for text in ["three", "four"] {
        hears(&mut socket, &echo, text).await;
    }
    // Until all of it is marked; what is marked is not told again to whoever comes next.
    while socket.find::<Receipt>().await.read_seq.get() < 8 {}
    socket.say(id, "five", "five").await;
    hears(&mut socket, &echo, "five").await;
    drop(bots);
    let _bot = Bot::start(command(), &server);
    socket.say(id, "six", "six").await;
    hears(&mut socket, &echo, "six").await;

    let page: MessagePage =
        mei.client.get(&format!("/api/v1/conversations/{id}/messages?after=0")).await.json(200);
    let texts: Vec<_> = page.items.iter().map(Message::text).collect();
    let expected = [
        "one 🌿", "one 🌿", "two", "two", "three", "four", "three", "four", "five", "five", "six",
        "six",
    ];
    assert_eq!(texts, expected);
}

async fn hears(socket: &mut Socket, from: &Person, text: &str) {
    let NewMessage(message) = socket.find().await;
    assert_eq!((message.sender.id, message.text()), (from.user.id, text));
}
