//! Who someone is: passwords, logins and their tokens. Knows nothing of HTTP.

use app::protocol::{LogInRequest, LoginId, RegisterRequest, Timestamp, User, UserId};
use tokio::sync::broadcast;

use crate::error::Error;

/// Who a request or a socket acts for, proven by an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub user_id: UserId,
    /// The sign-in that the proof belongs to.
    pub login_id: LoginId,
}

/// A fresh pair of tokens. No `Debug`: it holds secrets.
pub struct SignedIn {
    /// Whose.
    pub user: User,
    /// The login that they belong to.
    pub login_id: LoginId,
    /// A JWT.
    pub access_token: String,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// For the next refresh.
    pub refresh_token: String,
}

/// Registering, logging in and out, and checking tokens. Cheap to clone.
#[derive(Clone)]
pub struct Auth {}

impl Auth {
    /// Checks an access token, and that its login lives.
    ///
    /// # Errors
    /// `unauthenticated` when it is wrong or its login ended, `token_expired` when it is past its
    /// time.
    pub async fn verify(&self, access_token: &str) -> Result<Identity, Error> {
        let _ = access_token;
        unimplemented!()
    }

    /// Whether a login lives, as known at most a second ago.
    pub async fn is_alive(&self, login: LoginId) -> Result<bool, Error> {
        let _ = login;
        unimplemented!()
    }

    /// Hears of every login that this node ends, after it is forgotten here.
    pub fn ended(&self) -> broadcast::Receiver<LoginId> {
        unimplemented!()
    }

    /// Makes an account and its first login.
    ///
    /// # Errors
    /// `validation`; `conflict` when the username is taken.
    pub async fn register(
        &self,
        request: RegisterRequest,
        device: &str,
    ) -> Result<SignedIn, Error> {
        let _ = (request, device);
        unimplemented!()
    }

    /// Begins a login.
    ///
    /// # Errors
    /// `bad_credentials`, the same whether the name or the password is wrong.
    pub async fn log_in(&self, request: LogInRequest, device: &str) -> Result<SignedIn, Error> {
        let _ = (request, device);
        unimplemented!()
    }

    /// Steps a login on to its next pair of tokens; a repeated use gives the same refresh token.
    ///
    /// # Errors
    /// `unauthenticated` when the token is wrong, too old (which ends its login) or its login ended.
    pub async fn refresh(&self, refresh_token: &str) -> Result<SignedIn, Error> {
        let _ = refresh_token;
        unimplemented!()
    }

    /// Ends a login.
    pub async fn log_out(&self, identity: Identity) -> Result<(), Error> {
        let _ = identity;
        unimplemented!()
    }
}
