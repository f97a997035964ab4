//! What a person may ask: so many requests at once, so many writes, so much effort. Every route of the API and every
//! form passes here; a new one counts as a write unless it stands in one of the lists.

use std::future::poll_fn;
use std::pin::pin;
use std::time::{Duration, Instant};

use app::protocol::{ApiError, UserId};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::Failure;
use super::state::AppState;
use super::viewer::Viewer;
use crate::rate_limits::{RateLimits, Turn};

/// Unsafe requests to these become messages, or change one: they count as messages.
const MESSAGES: [&str; 14] = [
    "/api/v1/messages",
    "/api/v1/conversations/{id}/messages/{seq}",
    "/api/v1/conversations/{id}/messages/{seq}/reactions/{emoji}",
    "/api/v1/conversations/{id}/messages/{seq}/answer",
    "/api/v1/conversations/{id}/members",
    "/api/v1/conversations/{id}/members/{user_id}",
    "/api/v1/conversations/{id}/join",
    "/c/{id}",
    "/c/{id}/forward",
    "/c/{id}/{seq}/answer",
    "/c/{id}/files",
    "/new/{user_id}/files",
    "/new/{user_id}",
    "/groups",
];

/// Unsafe requests to these count as nothing here.
const ELSEWHERE: [&str; 8] = [
    // By address and name, since nobody is known yet.
    "/api/v1/auth/register",
    "/api/v1/auth/login",
    "/register",
    "/login",
    // A write of whoever the token belongs to, which is found out there.
    "/api/v1/auth/refresh",
    // Once a login.
    "/api/v1/auth/logout",
    "/logout",
    // Sets cookies and nothing else.
    "/preferences",
];

/// Requests to these carry the pieces of files: they count by their bytes, and so many go at once, which is decided
/// where they are taken. A login that lives is enough, for a file may take longer to come than a token is good.
const PIECES: &str = "/api/v1/uploads/{id}";
const WITH_PIECES: [&str; 2] = ["/api/v1/uploads", PIECES];

/// For programs: who asks too much is told so as the contract has it.
pub(crate) async fn of_programs(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&state, &mut parts).await {
        Ok(admitted) => admitted.answer(next.run(Request::from_parts(parts, body))).await,
        Err(error) => Failure::from(error).into_response(),
    }
}

/// Lets a request in whose sender has not asked too much; for whoever is not signed in that is
/// decided elsewhere.
pub(crate) async fn admit(state: &AppState, parts: &mut Parts) -> Result<Admitted, ApiError> {
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let viewer = if WITH_PIECES.contains(&&*route) {
        Viewer::by_living_login(parts, state).await
    } else {
        <Viewer as FromRequestParts<AppState>>::from_request_parts(parts, state).await
    };
    let Ok(Viewer(identity)) = viewer else { return Ok(Admitted(None)) };
    // So that it need not be found out again.
    parts.extensions.insert(Viewer(identity));
    let user = identity.user_id;
    if route == PIECES && [Method::HEAD, Method::PATCH].contains(&parts.method) {
        return Ok(Admitted(None));
    }
    let turn = state.rate_limits.request(user).await.map_err(ApiError::rate_limited)?;
    let taken = match Allowance::of(&parts.method, &route) {
        Allowance::Messages => state.rate_limits.message(user).await,
        Allowance::Writes => state.rate_limits.write(user).await,
        Allowance::None => Ok(()),
    };
    if let Err(wait) = taken {
        // Within its turn.
        state.rate_limits.pause(user).await;
        return Err(ApiError::rate_limited(wait));
    }
    let is_alone = turn.is_alone();
    if !is_alone {
        state.rate_limits.rest(user).await;
    }
    let rate_limits = state.rate_limits.clone();
    Ok(Admitted(Some(Effort { rate_limits, user, time: Duration::ZERO, is_alone, _turn: turn })))
}

/// A turn to send the bytes of a file; of those a person has four at once, and the others wait.
pub(crate) async fn to_upload(state: &AppState, user: UserId) -> Result<Turn<UserId>, ApiError> {
    state.rate_limits.upload(user).await.ok_or_else(ApiError::unavailable)
}

/// A request that was let in; absent where nobody is signed in.
pub(crate) struct Admitted(Option<Effort>);

/// What answering it takes, told when that ends, however it does.
struct Effort {
    rate_limits: RateLimits,
    user: UserId,
    time: Duration,
    /// Whether the person asked nothing else when it was let in: then it is nobody's loss.
    is_alone: bool,
    _turn: Turn<UserId>,
}

impl Admitted {
    /// Answers it, and takes down how long that keeps a processor busy.
    pub(crate) async fn answer(self, answer: impl Future<Output = Response>) -> Response {
        let Some(mut effort) = self.0 else { return answer.await };
        let mut answer = pin!(answer);
        poll_fn(|context| {
            let begun = Instant::now();
            let answered = answer.as_mut().poll(context);
            effort.time += begun.elapsed();
            answered
        })
        .await
    }
}

impl Drop for Effort {
    fn drop(&mut self) {
        if !self.is_alone {
            self.rate_limits.worked(self.user, self.time);
        }
    }
}

/// What a request is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowance {
    Messages,
    Writes,
    None,
}

impl Allowance {
    fn of(method: &Method, route: &str) -> Self {
        if method.is_safe() || ELSEWHERE.contains(&route) {
            Self::None
        } else if MESSAGES.contains(&route) {
            Self::Messages
        } else {
            Self::Writes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Method};

    #[test]
    fn what_is_not_in_a_list_is_a_write() {
        let of = |method, route| Allowance::of(&method, route);
        assert_eq!(of(Method::POST, "/api/v1/messages"), Allowance::Messages);
        assert_eq!(of(Method::POST, "/api/v1/anything/new"), Allowance::Writes);
        assert_eq!(of(Method::POST, ""), Allowance::Writes);
        assert_eq!(of(Method::GET, "/api/v1/anything/new"), Allowance::None);
        assert_eq!(of(Method::POST, "/api/v1/auth/login"), Allowance::None);
    }
}
