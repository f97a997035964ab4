//! WebSockets: the way in ([`routes`]), one socket's life (`session`), and the way of events to
//! this node's sockets ([`Hub`]).

mod catch_up;
mod commands;
mod end;
mod frame_meter;
mod frames;
mod hub;
mod incoming;
mod logins;
mod mailbox;
mod meters;
mod outbound;
mod pending_acks;
mod sequencer;
mod session;
mod sign_in;
mod sockets;
mod stream;
mod throttle;

use std::sync::Arc;

use app::protocol::{ApiError, ErrorKind};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use tungstenite::handshake::server::create_response_with_body;

pub use hub::Hub;
pub use logins::{LOGINS_INTERVAL, close_ended_elsewhere, close_ended_here};
pub use meters::describe_metrics;

use crate::auth::Auth;
use crate::chat::Chat;
use crate::edge::{AppState, Failure, access_token, origin};
use crate::rate_limits::RateLimits;

/// The route `/ws`.
pub fn routes(hub: Hub) -> Router<AppState> {
    Router::new().route("/ws", any(upgrade)).layer(Extension(hub))
}

/// What a socket can reach.
struct Reach {
    chat: Chat,
    auth: Auth,
    rate_limits: RateLimits,
    hub: Hub,
}

/// Not axum's own, which hides the connection: what comes in is counted below the library.
async fn upgrade(
    State(state): State<AppState>,
    Extension(hub): Extension<Hub>,
    mut request: Request,
) -> Result<Response, Failure> {
    origin::check(request.headers(), &state.site)?;
    let response = create_response_with_body(&request, Body::empty)
        .map_err(|_| ApiError::new(ErrorKind::BadRequest, "This address speaks WebSocket only"))?;
    let token = access_token(request.headers(), &state.site);
    let upgrading = hyper::upgrade::on(&mut request);
    let tasks = hub.tasks();
    let AppState { chat, auth, rate_limits, .. } = state;
    let reach = Arc::new(Reach { chat, auth, rate_limits, hub });
    tasks.spawn(async move {
        // It fails when the client has gone meanwhile.
        if let Ok(connection) = upgrading.await {
            session::run(connection, reach, token).await;
        }
    });
    Ok(response)
}
