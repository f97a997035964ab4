//! A socket's first moments: until it is known whose it is.

use std::time::Duration;

use app::protocol::{ApiError, ClientFrame, Command, ErrorKind, FrameError, ServerFrame, close};
use tokio::time::Instant;

use super::end::End;
use super::frames::{decode, encode};
use super::stream::{Inbound, SocketStream};
use super::throttle::Throttle;
use crate::auth::{Auth, Identity};
use crate::error::Error;

/// How long a client without a cookie has for its `auth`.
const AUTH_TIMEOUT: Duration = Duration::from_secs(10);

/// Whose socket it is, and the `id` of the `auth` frame that told so.
pub(super) type SignedIn = (Identity, Option<String>);

/// Finds out whose socket this is: by the token that the upgrade carried, else by `auth`.
pub(super) async fn sign_in(
    stream: &mut SocketStream,
    auth: &Auth,
    token: Option<String>,
) -> Result<SignedIn, End> {
    match token {
        Some(token) => match auth.verify(&token).await {
            Ok(identity) => Ok((identity, None)),
            Err(error) => Err(refusal(&error)),
        },
        None => match tokio::time::timeout(AUTH_TIMEOUT, wait_for_auth(stream, auth)).await {
            Ok(result) => result,
            Err(_) => Err(End::Close(close::UNAUTHENTICATED)),
        },
    }
}

async fn wait_for_auth(stream: &mut SocketStream, auth: &Auth) -> Result<SignedIn, End> {
    let mut throttle = Throttle::new(Instant::now());
    loop {
        let inbound = stream.receive().await.map_err(|end| match end {
            // There is nobody yet whom a code could tell to wait.
            End::Close(close::RATE_LIMITED) => End::Gone,
            end => end,
        })?;
        let over = throttle.take(Instant::now())?;
        let Inbound::Text(text) = inbound else { continue };
        let (id, client_id) = match decode(&text) {
            Ok(ClientFrame { id, command: Command::Auth { token } }) => {
                return match auth.verify(&token).await {
                    Ok(identity) => Ok((identity, id)),
                    Err(error) => {
                        let end = refusal(&error);
                        let error = error.into_api("sign-in");
                        stream
                            .send(encode(&ServerFrame::Error { id, client_id: None, error }))
                            .await?;
                        Err(end)
                    }
                };
            }
            Ok(ClientFrame { id, command: Command::Message(message) }) => {
                (id, Some(message.client_id))
            }
            Ok(ClientFrame { id, .. }) => (id, None),
            Err(FrameError { error, id, client_id, fatal: true }) => {
                stream.send(encode(&ServerFrame::Error { id, client_id, error })).await?;
                return Err(End::Close(close::BAD_FRAME));
            }
            Err(FrameError { id, client_id, .. }) => (id, client_id),
        };
        let error = match over {
            None => ApiError::new(ErrorKind::Unauthenticated, "Send auth first"),
            Some(wait) => ApiError::rate_limited(wait),
        };
        stream.send(encode(&ServerFrame::Error { id, client_id, error })).await?;
    }
}

/// A wrong token closes for good; a failure of ours asks to return.
fn refusal(error: &Error) -> End {
    match error {
        Error::Api(error) if error.code == 401 => End::Close(close::UNAUTHENTICATED),
        _ => End::Close(close::RESTARTING),
    }
}
