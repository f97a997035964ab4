//! Opening the doors and closing them again: one HTTP server until it is told to stop. Our own and not
//! `axum::serve`, which waits for ever for a request that was begun.

mod admission;
mod lingering;
mod progress;
mod refusal;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub(crate) use admission::{Admission, describe_metrics};
use lingering::Lingering;
use progress::Progress;
use refusal::Refusals;

use crate::http::as_meant;

/// So long answers may take to end after we were told to stop.
pub(crate) const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// So long a request's head may take to come, from the first to the last byte; and so long a
/// connection may lie idle before it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes that a request's head may have, and that are read ahead of one: what is larger is answered 431.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Serves until `stop`, then takes no more connections and waits a while for the answers that are on
/// their way. Connections for which there is no place are answered 503.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    admission: Admission,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    let refusals = Refusals::new();
    // Turns everything into routes once, and not for each request.
    let router = router.with_state(());
    loop {
        let (stream, from) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        match admission.admit(from.ip()) {
            Some(place) => {
                // Small frames go out at once; it fails only when the other side is gone already.
                let _ = stream.set_nodelay(true);
                let stream = Lingering::new(stream, place);
                connections.spawn(converse(stream, from, router.clone(), stop.clone()));
            }
            None => refusals.refuse(stream),
        }
    }
    drop(listener);
    connections.close();
    // What is late is left behind.
    let _ = tokio::time::timeout(STOP_TIMEOUT, connections.wait()).await;
}

/// One connection, until it ends or becomes a socket.
async fn converse(stream: Lingering, from: SocketAddr, router: Router, stop: CancellationToken) {
    tracing::trace!(%from, "a connection");
    let service = service_fn(move |request| answer(router.clone(), from, request));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    let io = TokioIo::new(Progress::new(stream));
    let mut connection = pin!(builder.serve_connection(io, service).with_upgrades());
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::trace!(%error, "a connection broke");
    }
}

async fn answer(
    router: Router,
    from: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(from));
    router.oneshot(as_meant(request)).await
}
