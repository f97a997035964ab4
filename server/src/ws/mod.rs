//! WebSockets: the way in ([`routes`]), one socket's life (`session`), and the way of events to
//! this node's sockets ([`Hub`]).

mod allowance;
mod commands;
mod drain;
mod frames;
mod hub;
mod logins;
mod meters;
#[cfg(test)]
mod sample;
mod sequencer;
mod session;
mod sign_in;
mod sockets;
mod unanswered;
mod wire;

use app::protocol::{ApiError, ErrorKind, limits};
use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::any;

pub use hub::Hub;
pub use logins::close_ended;
pub use meters::describe_metrics;

use crate::http::{AppState, Failure, access_token, origin};

/// Bytes of a socket's read buffer; axum's 128 KiB would be most of what an idle socket costs.
const READ_BUFFER: usize = 4 * 1024;

/// `/ws`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/ws", any(upgrade))
}

async fn upgrade(
    State(state): State<AppState>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    origin::check(&headers, &state.site)?;
    let upgrade = upgrade
        .map_err(|_| ApiError::new(ErrorKind::BadRequest, "This address speaks WebSocket only"))?;
    let token = access_token(&headers, &state.site);
    let tasks = state.hub.tasks();
    Ok(upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(limits::CLIENT_FRAME)
        .max_frame_size(limits::CLIENT_FRAME)
        .on_upgrade(move |socket| tasks.track_future(session::run(socket, state, token))))
}
