//! What a connection is told for which there is no place: 503, whatever it asks, and the end.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use app::protocol::{ApiError, ErrorBody};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::lingering::linger;

/// Connections that are being told so at the same time; more are closed without a word.
const MAX_REFUSALS: usize = 128;

/// So long its request may take to begin: some clients take nothing that comes before they have asked.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// See the module.
static ANSWER: LazyLock<String> = LazyLock::new(|| {
    let body = ErrorBody { error: ApiError::unavailable() };
    // Our errors serialize.
    let body = serde_json::to_string(&body).unwrap_or_default();
    let length = body.len();
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{body}"
    )
});

/// Tells connections that there is no place for them.
pub(super) struct Refusals(Arc<Semaphore>);

impl Refusals {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MAX_REFUSALS)))
    }

    /// Tells this one, and closes it.
    pub(super) fn refuse(&self, mut stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _permit = permit;
            let _ = tokio::time::timeout(REQUEST_TIMEOUT, stream.readable()).await;
            // It fits into what the system takes of a new connection at once.
            if stream.write_all(ANSWER.as_bytes()).await.is_ok() {
                linger(stream).await;
            }
        });
    }
}
