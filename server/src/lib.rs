//! Kith's server: the rooms of the house, from the outside in.
//!
//! * [`start`], [`config`], [`telemetry`] — what comes before serving, how this server is set, and
//!   what it tells of itself
//! * [`demo`] — people and conversations to look at
//! * [`router`] — the ways in, put together: [`http`], the API; [`forms`], what works without script; [`pages`],
//!   the server-rendered pages, and [`site`], the files that they need; [`ws`], the sockets
//! * [`edge`] — what the ways in share
//! * [`chat`] — the use cases and the rules
//! * [`auth`] — passwords, logins, tokens
//! * [`rate_limits`] — how often someone may do something
//! * [`presence`] — who is there
//! * [`background`] — what the server does by itself, while nobody waits for it
//! * [`files`] — the bytes of files, how they come in and are handed out
//! * [`store`] — all SQL
//! * [`events`] — what happened, and who is told of it
//! * [`clock`], [`error`] — used by every room
//!
//! [`run`] is where they are put together.

pub mod auth;
pub mod background;
pub mod chat;
pub mod clock;
pub mod config;
pub mod demo;
pub mod edge;
pub mod error;
pub mod events;
pub mod files;
pub mod forms;
pub mod http;
pub mod pages;
pub mod presence;
pub mod rate_limits;
pub mod router;
mod serve;
pub mod site;
pub mod start;
pub mod store;
pub mod telemetry;
pub mod ws;

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::Auth;
use crate::background::Supervisor;
use crate::background::followers::{Follow, FollowOptions};
use crate::background::jobs::{JobOptions, JobQueue, Kinds, Worker};
use crate::chat::{Chat, Reader, StoredCounts};
use crate::clock::Clock;
use crate::config::{Config, ConnectionLimits, TrustedProxies};
use crate::edge::{AppState, Probe, Site};
use crate::error::Error;
use crate::events::{Publisher, Subscriber, WakeUps};
use crate::files::Files;
use crate::presence::Presence;
use crate::rate_limits::RateLimits;
use crate::serve::Admission;
use crate::start::StartError;
use crate::store::writer::{Writer, WriterOptions};
use crate::store::{DataFolderLock, LOCK_CHECK_INTERVAL, Location, ServerLock, Store};
use crate::ws::Hub;

/// Puts the server together, serves until `shutdown`, then ends in order: no new connections,
/// goodbye to the sockets, the queued messages committed, the database closed.
///
/// # Errors
/// One sentence that says what to do, when it cannot start.
pub async fn run(
    config: Config,
    listener: TcpListener,
    admin_listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), StartError> {
    telemetry::metrics();
    for describe in [auth::describe_metrics, edge::describe_metrics, ws::describe_metrics] {
        describe();
    }
    events::describe_metrics();
    chat::describe_metrics();
    store::describe_metrics();
    serve::describe_metrics();
    files::describe_metrics();
    background::describe_metrics();
    let clock = Clock::System;
    let _lock = lock_data_folder(&config)?;
    let database_lock = lock_database(&config).await?;
    let secret = auth::load_key(&config.jwt_secret)?;
    let store = Store::open(&config.database).await?;
    // Now that all of its files are there.
    if let Some(command) = store::command_to_close(&config.data_dir) {
        tracing::warn!(
            "others on this machine can reach into the data folder; close it: {command}"
        );
    }
    // Each knows those before it: what reads, who is told, what writes, and the use cases of it all.
    let reader = Reader::new(store.clone(), clock.clone(), Presence::in_memory());
    let hub = Hub::start(reader.clone(), config.max_sockets_per_user);
    let sockets = hub.clone();
    let to_count = WakeUps::default();
    let subscribers: Vec<Box<dyn Subscriber>> = vec![Box::new(to_count.clone())];
    let events = Publisher::new(move |events| sockets.accept(events), subscribers);
    let options = WriterOptions::default();
    let writer = Writer::start(store.clone(), clock.clone(), events.clone(), options);
    let chat = Chat::new(reader, writer.clone(), events, config.files.user_quota);
    let auth = Auth::new(store.clone(), clock.clone(), secret.expose());
    let files = files_of(&config, store.clone(), clock.clone())?;
    let pending_writes = TaskTracker::new();
    let state = AppState {
        chat: chat.clone(),
        auth: auth.clone(),
        files: files.clone(),
        rate_limits: RateLimits::new(&config.rates, config.max_requests_per_user),
        writes: pending_writes.clone(),
        site: Arc::new(Site::from(&config)),
        health: probe(store.clone()),
    };

    let address = listener.local_addr().map_err(StartError::Serve)?;
    let admin_address = admin_listener.local_addr().map_err(StartError::Serve)?;
    let router = router::router(state, hub.clone());
    let stop = CancellationToken::new();
    let limits = config.connection_limits.within(start::open_files());
    let admission = Admission::new(limits, config.trusted_proxies.clone());
    let site = tokio::spawn(serve::serve(listener, router, admission.clone(), stop.clone()));
    let mut kinds = Kinds::default();
    auth.sweep_logins_daily(&mut kinds);
    chat.sweep_departures_daily(&mut kinds);
    chat.sweep_notices_daily(&mut kinds);
    files.sweep_regularly(&mut kinds);
    let jobs = Worker::new(JobQueue::new(store.clone(), clock), kinds, JobOptions::default());
    let shared = config.shared_database && matches!(config.database, Location::MySql(_));
    let counts = Arc::new(StoredCounts::new(store.clone()));
    let counts = Follow::new(store.clone(), counts, to_count, FollowOptions::new(shared));
    let mut work = in_the_background(&hub, &chat, &auth, jobs, counts, database_lock.clone());
    watch_files(&mut work, &files);
    let measured = (store.clone(), hub.clone(), work.runs(), files);
    let measure = move || {
        measured.0.measure();
        measured.1.measure();
        measured.2.measure();
        measured.3.measure();
        admission.measure();
    };
    let admins = Admission::new(ConnectionLimits::ADMIN, TrustedProxies::default());
    let admin = tokio::spawn(serve::serve(
        admin_listener,
        telemetry::routes(measure),
        admins,
        stop.clone(),
    ));
    tracing::info!(%address, %admin_address, "serving");
    announce(address);

    shutdown.await;
    tracing::info!("shutting down");
    stop.cancel();
    // While the writer still works, so that what was sent is answered. Whoever does not leave in time
    // is left behind.
    let _ = tokio::time::timeout(serve::STOP_TIMEOUT, hub.shut_down()).await;
    let served = site.await.map_err(std::io::Error::other);
    // What was asked for by who has hung up since.
    pending_writes.close();
    let _ = tokio::time::timeout(serve::STOP_TIMEOUT, pending_writes.wait()).await;
    if tokio::time::timeout(LAST_WRITES_TIMEOUT, writer.shut_down()).await.is_err() {
        tracing::warn!("the writer did not end in time, and is left behind");
    }
    work.stop(LAST_WRITES_TIMEOUT).await;
    store.close().await;
    // Now another server may come.
    drop(database_lock);
    admin.abort();
    served.map_err(StartError::Serve)
}

/// How long a stopping server waits for what is queued to be stored: who sent it was told after five
/// seconds that it may not be.
const LAST_WRITES_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// Starts all that runs by itself as long as the server does; what is started later ends first.
fn in_the_background(
    hub: &Hub,
    chat: &Chat,
    auth: &Auth,
    jobs: Arc<Worker>,
    counts: Arc<Follow>,
    database_lock: Option<Arc<Mutex<ServerLock>>>,
) -> Supervisor {
    let mut work = Supervisor::default();
    if let Some(lock) = database_lock {
        work.every("database_lock", LOCK_CHECK_INTERVAL, move || {
            let lock = Arc::clone(&lock);
            async move { lock.lock().await.check().await.map_err(Error::internal) }
        });
    }
    work.every("metrics", telemetry::UPKEEP_INTERVAL, || {
        telemetry::tidy_metrics();
        std::future::ready(Ok(()))
    });
    let (here, elsewhere) = ((hub.clone(), auth.clone()), (hub.clone(), auth.clone()));
    work.start("ended_logins_here", move |run| {
        let (hub, auth) = here.clone();
        async move {
            run.unless_stopped(ws::close_ended_here(hub, auth, || run.succeeded())).await;
            Ok(())
        }
    });
    work.every("ended_logins_elsewhere", ws::LOGINS_INTERVAL, move || {
        let (hub, auth) = elsewhere.clone();
        async move { ws::close_ended_elsewhere(&hub, &auth).await }
    });
    let (reminding, telling) = (chat.clone(), chat.clone());
    work.start("reminders", move |run| reminding.clone().remind(run));
    work.start("notices", move |run| telling.clone().tell_notices_given(run));
    let chat = chat.clone();
    work.start("departures", move |run| {
        let settled = chat.clone().settle_departures(run.stopped().clone(), move |settled| {
            run.note(settled);
        });
        async {
            settled.await;
            Ok(())
        }
    });
    work.start("jobs", move |run| Arc::clone(&jobs).run(run));
    work.start("counts", move |run| Arc::clone(&counts).run(run));
    work
}

/// Looks now and then whether files are well.
fn watch_files(work: &mut Supervisor, files: &Files) {
    let files = files.clone();
    work.every("files_health", files::HEALTH_INTERVAL, move || {
        let files = files.clone();
        async move { files.check_health().await }
    });
}

/// Files with the store of bytes that is set.
fn files_of(config: &Config, store: Store, clock: Clock) -> Result<Files, StartError> {
    Ok(Files::new(store, clock, &config.files, &config.data_dir)?)
}

/// Two servers on one `SQLite` file would not hear of each other's messages.
fn lock_data_folder(config: &Config) -> Result<Option<DataFolderLock>, StartError> {
    match &config.database {
        Location::Sqlite(folder) => Ok(Some(DataFolderLock::take(folder)?)),
        Location::MySql(_) => Ok(None),
    }
}

/// Nor would two servers on one MySQL database, unless something tells them of each other's.
async fn lock_database(config: &Config) -> Result<Option<Arc<Mutex<ServerLock>>>, StartError> {
    match &config.database {
        Location::MySql(url) if !config.shared_database => {
            Ok(Some(Arc::new(Mutex::new(ServerLock::take(url).await?))))
        }
        Location::MySql(_) | Location::Sqlite(_) => Ok(None),
    }
}

/// Whether the database answers.
fn probe(store: Store) -> Probe {
    Probe::new(move || {
        let store = store.clone();
        async move { store.ping().await.is_ok() }
    })
}

/// The line that says where to go, for people and for whatever started us.
#[expect(clippy::print_stdout, reason = "the one line that is not for the log")]
fn announce(address: std::net::SocketAddr) {
    let port = address.port();
    let place = if address.ip().is_unspecified() {
        format!("localhost:{port}")
    } else {
        address.to_string()
    };
    println!("Kith is ready at http://{place}");
}
