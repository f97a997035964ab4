//! A way to the tests' MariaDB that can freeze, fall away and come back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// What the way does with those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It is open; connections older than this generation stay silent for ever.
    Open { silent_below: u64 },
    /// Connections are taken, but nothing passes.
    Frozen,
    /// Connections are cut, and new ones refused.
    Gone,
}

/// See the module. It is open at first, and closed when it is dropped.
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<watch::Sender<State>>,
    /// Bytes that may still come back from the server before the way freezes by itself.
    budget: Arc<AtomicI64>,
    die_at_pings: Arc<AtomicBool>,
    died: Arc<watch::Sender<usize>>,
    _accepting: AbortOnDropHandle<()>,
}

impl Proxy {
    /// A way to `target`, a host with its port.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(watch::Sender::new(State::Open { silent_below: 0 }));
        let budget = Arc::new(AtomicI64::new(i64::MAX));
        let die_at_pings = Arc::new(AtomicBool::new(false));
        let died = Arc::new(watch::Sender::new(0));
        let way = Way {
            state: Arc::clone(&state),
            budget: Arc::clone(&budget),
            die_at_pings: Arc::clone(&die_at_pings),
            died: Arc::clone(&died),
        };
        let accepting = tokio::spawn(way.accept(listener, target.to_owned()));
        let accepting = AbortOnDropHandle::new(accepting);
        Self { address, state, budget, die_at_pings, died, _accepting: accepting }
    }

    /// Nothing passes from now on, and nothing is refused either.
    pub fn freeze(&self) {
        self.state.send_replace(State::Frozen);
    }

    /// As [`Self::freeze`], after so many more bytes from the server.
    pub fn freeze_after(&self, bytes: i64) {
        self.budget.store(bytes, Ordering::SeqCst);
    }

    /// Whether a connection falls silent for ever when it is asked for a sign of life.
    pub fn die_at_pings(&self, die: bool) {
        self.die_at_pings.store(die, Ordering::SeqCst);
    }

    /// Waits until so many have died in this way.
    pub async fn died(&self, count: usize) {
        let mut died = self.died.subscribe();
        died.wait_for(|died| *died >= count).await.expect("the proxy lives");
    }

    /// Everyone is cut, and whoever comes is refused.
    pub fn fall(&self) {
        self.state.send_replace(State::Gone);
    }

    /// All is as before; what was held up arrives.
    pub fn heal(&self) {
        self.budget.store(i64::MAX, Ordering::SeqCst);
        self.state.send_replace(State::Open { silent_below: 0 });
    }

    /// Whoever comes now passes; those who were there before never hear anything again.
    pub fn heal_for_new_ones(&self) {
        self.budget.store(i64::MAX, Ordering::SeqCst);
        self.state.send_replace(State::Open { silent_below: u64::MAX });
    }
}

/// `COM_PING`, as a client sends it.
const PING: [u8; 5] = [1, 0, 0, 0, 14];

#[derive(Clone)]
struct Way {
    state: Arc<watch::Sender<State>>,
    budget: Arc<AtomicI64>,
    die_at_pings: Arc<AtomicBool>,
    died: Arc<watch::Sender<usize>>,
}

impl Way {
    async fn accept(self, listener: TcpListener, target: String) {
        let address = listener.local_addr().expect("an address");
        let (mut listener, mut generation) = (Some(listener), 0);
        let mut state = self.state.subscribe();
        loop {
            let now = *state.borrow_and_update();
            if let State::Open { silent_below: u64::MAX } = now {
                generation += 1;
                self.state.send_replace(State::Open { silent_below: generation });
            }
            if now == State::Gone {
                listener = None;
            } else if listener.is_none() {
                listener = Some(TcpListener::bind(address).await.expect("the same port again"));
            }
            let accepted = async {
                match &listener {
                    Some(listener) => listener.accept().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // First of all, so that whoever comes after a change meets it.
                biased;
                changed = state.changed() => if changed.is_err() { return },
                accepted = accepted => {
                    let (client, _) = accepted.expect("a connection");
                    let server = TcpStream::connect(&target).await.expect("the tests' MariaDB");
                    tokio::spawn(self.clone().carry(client, server, generation));
                }
            }
        }
    }

    async fn carry(self, client: TcpStream, server: TcpStream, generation: u64) {
        let mut state = self.state.subscribe();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::select! {
            () = self.pump(from_client, to_server, generation, false) => {}
            () = self.pump(from_server, to_client, generation, true) => {}
            _ = state.wait_for(|state| *state == State::Gone) => {}
        }
    }

    async fn pump(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        generation: u64,
        from_server: bool,
    ) {
        let mut state = self.state.subscribe();
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            if buffer[..read] == PING && self.die_at_pings.load(Ordering::SeqCst) {
                self.died.send_modify(|died| *died += 1);
                std::future::pending::<()>().await;
            }
            if from_server && self.budget.load(Ordering::SeqCst) <= 0 {
                self.state.send_replace(State::Frozen);
            }
            let open = |state: &State| matches!(state, State::Open { silent_below } if *silent_below <= generation);
            if state.wait_for(open).await.is_err() || to.write_all(&buffer[..read]).await.is_err() {
                return;
            }
            if from_server {
                self.budget.fetch_sub(i64::try_from(read).expect("small"), Ordering::SeqCst);
            }
        }
    }
}
