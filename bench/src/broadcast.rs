//! The least that a server can do for a room, on the WebSocket library that Kith has: what one socket
//! says goes to all, as it came.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::sync::broadcast::{self, Sender};

use crate::Failure;

/// Messages that may wait for a socket.
const QUEUE: usize = 1_024;

/// A running broadcast, in a process of its own as Kith is; ends when dropped.
pub(crate) struct Broadcast {
    pub(crate) url: String,
    process: Child,
}

impl Broadcast {
    /// Starts one.
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("broadcast")
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        Ok(Self { url: url.trim().to_owned(), process })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Broadcast {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until it is killed; says first where.
pub(crate) async fn serve() -> Result<(), Failure> {
    let said = Sender::<Utf8Bytes>::new(QUEUE);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().route("/ws", any(upgrade)).with_state(said)).await?;
    Ok(())
}

async fn upgrade(State(said): State<Sender<Utf8Bytes>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| async {
        // It ends with its client.
        let _ = talk(socket, said).await;
    })
}

async fn talk(mut socket: WebSocket, said: Sender<Utf8Bytes>) -> Result<(), Failure> {
    let mut heard = said.subscribe();
    loop {
        tokio::select! {
            inbound = socket.recv() => match inbound {
                Some(Ok(Message::Text(text))) => { said.send(text)?; }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(()),
            },
            text = heard.recv() => hand_on(&mut socket, text?, &mut heard).await?,
        }
    }
}

/// Sends a text, and whatever came meanwhile, at once.
async fn hand_on(
    socket: &mut WebSocket,
    text: Utf8Bytes,
    heard: &mut broadcast::Receiver<Utf8Bytes>,
) -> Result<(), Failure> {
    use futures_util::SinkExt;
    socket.feed(Message::Text(text)).await?;
    while let Ok(text) = heard.try_recv() {
        socket.feed(Message::Text(text)).await?;
    }
    Ok(socket.flush().await?)
}
