//! A line to a server that is cut, as one over the air is: in the middle of what is sent, again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::TestServer;

/// A line that is cut so many times, and holds from then on.
pub struct CutLine {
    /// Such as `http://127.0.0.1:40123`.
    pub url: String,
    state: Arc<State>,
}

struct State {
    server: String,
    every: i64,
    /// Bytes that pass to the server until the next cut.
    left: AtomicI64,
    cuts: AtomicUsize,
    most: usize,
}

impl CutLine {
    /// A line to this server that is cut `most` times, each time after `every` bytes more or less have passed to it.
    pub async fn to(server: &TestServer, most: usize, every: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = server.url.trim_start_matches("http://").to_owned();
        let (left, cuts) = (AtomicI64::new(every), AtomicUsize::new(0));
        let state = Arc::new(State { server, every, left, cuts, most });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, Arc::clone(&serving)));
            }
        });
        Self { url, state }
    }

    /// How often it was cut.
    pub fn cuts(&self) -> usize {
        self.state.cuts.load(Ordering::Relaxed)
    }
}

/// Carries one connection until it ends, or is cut.
async fn carry(mut client: TcpStream, state: Arc<State>) {
    let mut server = TcpStream::connect(&state.server).await.expect("taken");
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = async {
        let mut bytes = vec![0; 8 * 1024];
        while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
            let sent = i64::try_from(count).expect("few");
            let left = state.left.fetch_sub(sent, Ordering::Relaxed);
            let is_cut = left <= sent && state.cuts.load(Ordering::Relaxed) < state.most;
            // The last ones arrive in part.
            let passed = if is_cut { count / 2 } else { count };
            if to_server.write_all(&bytes[..passed]).await.is_err() {
                return;
            }
            if is_cut {
                let cuts = state.cuts.fetch_add(1, Ordering::Relaxed);
                // Not always at the same place of a piece.
                let next =
                    state.every / 2 + state.every * i64::try_from(cuts % 8).expect("few") / 8;
                state.left.store(next, Ordering::Relaxed);
                return;
            }
        }
    };
    let down = tokio::io::copy(&mut from_server, &mut to_client);
    tokio::select! {
        () = up => {}
        _ = down => {}
    }
}
