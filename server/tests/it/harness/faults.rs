//! What stands in front of the S3 server of a test: it fails as it is told to, and holds requests back.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use futures_util::{StreamExt, TryStreamExt, stream};
use hyper::body::Incoming;
use s3s::service::S3Service;
use tokio::sync::watch;

/// How long a held request is waited for.
const REACH_TIMEOUT: Duration = Duration::from_secs(20);

/// How long after the first half of an answer the connection is cut.
const CUT_PAUSE: Duration = Duration::from_millis(50);

/// What the server does instead of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It says that it is busy, by 503.
    Busy,
    /// It takes requests, and says nothing.
    Silent,
    /// It closes each connection on which it is asked something.
    HangsUp,
    /// It sends the first half of objects, then hangs up.
    HalfAnswers,
    /// It takes a bit of what it is sent to keep, then hangs up.
    HalfUploads,
}

/// When a request is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before anything of it is done.
    Before,
    /// When it is done, and not answered.
    After,
}

struct Hold {
    when: When,
    method: Method,
    path: String,
    reached: watch::Sender<bool>,
}

/// A request that is held back for ever; it ends with the connection.
pub struct Held(watch::Receiver<bool>);

impl Held {
    /// Waits until there is one.
    pub async fn reached(&mut self) {
        let reached = tokio::time::timeout(REACH_TIMEOUT, self.0.wait_for(|reached| *reached));
        reached.await.expect("in time").expect("it is waited for");
    }
}

/// See the module. Cheap to clone.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    holds: Vec<Hold>,
}

impl Faults {
    /// Fails in this way from now on.
    pub fn fail(&self, fault: Fault) {
        self.state().fault = Some(fault);
    }

    /// Works again, and holds nothing back.
    pub fn heal(&self) {
        *self.state() = State::default();
    }

    /// Holds back requests by this method whose path ends so.
    pub fn hold(&self, when: When, method: Method, path: impl Into<String>) -> Held {
        let (reached, held) = watch::channel(false);
        self.state().holds.push(Hold { when, method, path: path.into(), reached });
        Held(held)
    }

    /// Answers a request, or fails to.
    pub(super) async fn answer(
        self,
        service: S3Service,
        request: Request<Incoming>,
    ) -> io::Result<Response<Body>> {
        let fault = self.state().fault;
        let (method, path) = (request.method().clone(), request.uri().to_string());
        match fault {
            Some(Fault::Busy) => {
                let mut busy = Response::new(Body::empty());
                *busy.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                return Ok(busy);
            }
            Some(Fault::Silent) => std::future::pending().await,
            Some(Fault::HangsUp) => return Err(io::ErrorKind::ConnectionReset.into()),
            Some(Fault::HalfUploads) if method == Method::PUT => {
                let mut body = Body::new(request.into_body()).into_data_stream();
                body.next().await;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            _ => {}
        }
        self.wait(When::Before, &method, &path).await;
        let answer = service.call(request.map(s3s::Body::from)).await;
        let answer = answer.map_err(io::Error::other)?.map(Body::new);
        self.wait(When::After, &method, &path).await;
        if fault == Some(Fault::HalfAnswers) && method == Method::GET && !path.contains('?') {
            return half(answer).await;
        }
        Ok(answer)
    }

    async fn wait(&self, when: When, method: &Method, path: &str) {
        let is_held = {
            let state = self.state();
            let mut holds = state.holds.iter();
            let held = holds.find(|hold| {
                hold.when == when && hold.method == method && path.ends_with(&hold.path)
            });
            held.map(|held| held.reached.send_replace(true)).is_some()
        };
        if is_held {
            std::future::pending::<()>().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same answer, cut off in the middle.
async fn half(answer: Response<Body>) -> io::Result<Response<Body>> {
    let (head, body) = answer.into_parts();
    let parts: Vec<_> = body.into_data_stream().try_collect().await.map_err(io::Error::other)?;
    let whole = parts.concat();
    let first = whole[..whole.len() / 2].to_vec();
    let cut = stream::once(async {
        // So that it has gone out by then: a body that fails at once takes all of its answer along.
        tokio::time::sleep(CUT_PAUSE).await;
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    });
    let body = stream::once(std::future::ready(Ok(first))).chain(cut);
    Ok(Response::from_parts(head, Body::from_stream(body)))
}
