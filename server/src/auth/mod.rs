//! Who someone is: passwords, logins and their tokens. Knows nothing of HTTP.

mod access;
mod accounts;
mod choices;
mod key;
mod liveness;
mod logins;
mod passwords;
mod refresh;
mod sweep;

use std::sync::Arc;

use app::protocol::{
    ApiError, ErrorKind, LogInRequest, LoginId, Nickname, RegisterRequest, Timestamp, User, UserId,
    Username,
};
use tokio::sync::broadcast;

use crate::clock::{Clock, Ids};
use crate::error::Error;
use crate::store::logins::LoginRow;
use crate::store::users::{Credentials, NewUser};
use crate::store::{Store, StoreError};
use access::AccessTokens;
use liveness::Liveness;
use passwords::Passwords;
use refresh::{Judgement, RefreshToken, RefreshTokens};

pub use key::{KeyError, load as load_key};
pub use passwords::describe_metrics;

/// Who a request or a socket acts for, proven by an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person who acts.
    pub user_id: UserId,
    /// The sign-in that the proof belongs to.
    pub login_id: LoginId,
}

/// A fresh pair of tokens. No `Debug`: it holds secrets.
pub struct SignedIn {
    /// The person whom the tokens belong to.
    pub user: User,
    /// The login that they belong to.
    pub login_id: LoginId,
    /// The access token, a JWT.
    pub access_token: String,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// For the next refresh.
    pub refresh_token: String,
}

impl SignedIn {
    /// Who is signed in, and by which login.
    pub fn identity(&self) -> Identity {
        Identity { user_id: self.user.id, login_id: self.login_id }
    }
}

/// Registering, logging in and out, and checking tokens. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    ids: Ids,
    passwords: Passwords,
    access: AccessTokens,
    refresh: RefreshTokens,
    liveness: Liveness,
}

impl Auth {
    /// Signs under this key, which is at least 32 bytes long.
    pub fn new(store: Store, clock: Clock, key: &[u8]) -> Self {
        Self(Arc::new(Inner {
            liveness: Liveness::new(store.clone()),
            ids: Ids::new(clock.clone()),
            passwords: Passwords::new(),
            access: AccessTokens::new(key),
            refresh: RefreshTokens::new(key),
            store,
            clock,
        }))
    }

    /// Checks an access token, and that its login lives and is this person's.
    ///
    /// # Errors
    /// `unauthenticated` when it is wrong or its login ended, `token_expired` when it is past its
    /// time.
    pub async fn verify(&self, access_token: &str) -> Result<Identity, Error> {
        let identity = self.0.access.verify(access_token, self.0.clock.now())?;
        if self.is_alive(identity).await? {
            return Ok(identity);
        }
        Err(login_ended().into())
    }

    /// The same for a token that may be past its time.
    ///
    /// # Errors
    /// `unauthenticated` when it is wrong or its login ended.
    pub async fn verify_login(&self, access_token: &str) -> Result<Identity, Error> {
        let identity = self.0.access.verify_signature(access_token, self.0.clock.now())?;
        if self.is_alive(identity).await? {
            return Ok(identity);
        }
        Err(login_ended().into())
    }

    /// Whether a login lives, and is this person's, as known at most a second ago.
    pub async fn is_alive(&self, identity: Identity) -> Result<bool, Error> {
        Ok(self.0.liveness.is_alive(identity, self.idle()).await?)
    }

    /// Which of these logins have ended, here, on another node or by the command line.
    pub async fn ended_among(&self, logins: &[LoginId]) -> Result<Vec<LoginId>, Error> {
        Ok(self.0.liveness.ended_among(logins, self.idle()).await?)
    }

    /// Hears of every login that this node ends, after it is forgotten here. Whoever lags behind by
    /// more than a thousand asks [`ended_among`](Self::ended_among) which of theirs it were.
    pub fn ended(&self) -> broadcast::Receiver<LoginId> {
        self.0.liveness.ended()
    }

    /// Makes an account.
    ///
    /// # Errors
    /// `validation`; `conflict` when the username is taken.
    pub async fn add_user(
        &self,
        username: &str,
        nickname: Option<&str>,
        password: String,
    ) -> Result<User, Error> {
        Ok(self.new_user(username, nickname, password).await?.0)
    }

    /// Makes an account, and gives it with its password's hash.
    async fn new_user(
        &self,
        username: &str,
        nickname: Option<&str>,
        password: String,
    ) -> Result<(User, String), Error> {
        let username = choices::username(username)?;
        let nickname = Nickname::parse(nickname.unwrap_or(username.as_str()))?;
        let password_hash =
            self.0.passwords.hash(choices::password(password, username.as_str())?).await?;
        loop {
            let user = NewUser {
                id: UserId::new(self.0.ids.next()),
                username: username.to_string(),
                nickname: nickname.to_string(),
                password_hash: password_hash.clone(),
                created_at: self.0.clock.now(),
            };
            match self.0.store.insert_user(&user).await {
                Ok(()) => return Ok((as_seen(user), password_hash)),
                Err(StoreError::Conflict("id")) => {}
                Err(StoreError::Conflict("username")) => return Err(username_taken().into()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Makes an account and its first login.
    ///
    /// # Errors
    /// Those of [`add_user`](Self::add_user).
    pub async fn register(
        &self,
        request: RegisterRequest,
        device: &str,
    ) -> Result<SignedIn, Error> {
        let nickname = request.nickname.as_deref();
        let (user, hash) = self.new_user(&request.username, nickname, request.password).await?;
        self.begin_login(user, &hash, device).await
    }

    /// Begins a login.
    ///
    /// # Errors
    /// `bad_credentials`, the same whether the name or the password is wrong; `forbidden` on the
    /// field `account` when whoever runs the site keeps this person out.
    pub async fn log_in(&self, request: LogInRequest, device: &str) -> Result<SignedIn, Error> {
        // A name that cannot exist goes the same way as one that does not.
        let known = match Username::parse(&request.username) {
            Ok(username) => self.0.store.credentials(username.as_str()).await?,
            Err(_) => None,
        };
        let hash = known.as_ref().map(|known| known.password_hash.clone());
        let fits = self.0.passwords.verify(request.password, hash).await?;
        match known {
            // Told only to those who know the password, so that they need not doubt it.
            Some(Credentials { disabled: true, .. }) if fits => Err(disabled().into()),
            Some(known) if fits => self.begin_login(known.user, &known.password_hash, device).await,
            _ => Err(wrong_password("Username or password is wrong").into()),
        }
    }

    /// Steps a login on to its next pair of tokens; a repeated use gives the same refresh token.
    ///
    /// # Errors
    /// `unauthenticated` when the token is wrong, too old (which ends its login) or its login ended.
    pub async fn refresh(&self, refresh_token: &str) -> Result<SignedIn, Error> {
        let token = self.0.refresh.read(refresh_token).ok_or_else(login_ended)?;
        loop {
            let login = self.0.store.login(token.login_id, self.idle()).await?;
            let login = login.ok_or_else(login_ended)?;
            let now = self.0.clock.now();
            match self.0.refresh.judge(token, &login, now) {
                Judgement::Newest => {
                    if self.0.store.step_login(&self.0.refresh.step(&login, now)).await? {
                        return self.tokens(self.user_of(&login).await?, token.successor());
                    }
                    // Another request was quicker with the same token: look again.
                }
                Judgement::Repeated => {
                    return self.tokens(self.user_of(&login).await?, token.successor());
                }
                Judgement::TooOld => {
                    let identity = Identity { user_id: login.user_id, login_id: login.id };
                    tracing::warn!(login = %login.id, "an old refresh token was used: login ended");
                    self.log_out(identity).await?;
                    return Err(login_ended().into());
                }
            }
        }
    }

    /// Begins a login of who has proven to know the password with this hash. Where that is one too many,
    /// the one that was idle longest ends.
    async fn begin_login(&self, user: User, hash: &str, device: &str) -> Result<SignedIn, Error> {
        loop {
            let now = self.0.clock.now();
            let first = RefreshToken::first(LoginId::new(self.0.ids.next()));
            let login = LoginRow {
                id: first.login_id,
                user_id: user.id,
                generation: first.generation,
                refresh_hash: self.0.refresh.hash(first),
                device: device.to_owned(),
                created_at: now,
                last_used_at: now,
                prior_used_at: now,
                use_gaps: Vec::new(),
            };
            let others = logins::MAX_LOGINS - 1;
            match self.0.store.insert_login(&login, hash, self.idle(), others).await {
                Ok(Some(ended)) => {
                    self.forget(ended).await;
                    return self.tokens(user, first);
                }
                // Changed while it was checked.
                Ok(None) => return Err(wrong_password("Username or password is wrong").into()),
                Err(StoreError::Conflict("id")) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn user_of(&self, login: &LoginRow) -> Result<User, Error> {
        self.0.store.user(login.user_id).await?.ok_or_else(|| login_ended().into())
    }

    fn tokens(&self, user: User, refresh: RefreshToken) -> Result<SignedIn, Error> {
        let login_id = refresh.login_id;
        let (access_token, access_expires_at) =
            self.0.access.sign(&user, login_id, self.0.clock.now())?;
        let refresh_token = self.0.refresh.write(refresh);
        Ok(SignedIn { user, login_id, access_token, access_expires_at, refresh_token })
    }
}

fn as_seen(user: NewUser) -> User {
    let NewUser { id, username, nickname, created_at, .. } = user;
    User { id, username, nickname, avatar_url: None, created_at, presence: None }
}

fn login_ended() -> ApiError {
    ApiError::new(ErrorKind::Unauthenticated, "Log in again")
}

/// A password that is not the account's.
fn wrong_password(message: &str) -> ApiError {
    ApiError::new(ErrorKind::BadCredentials, message)
}

fn disabled() -> ApiError {
    let message = "Whoever runs this site has disabled this account";
    ApiError { field: Some("account".into()), ..ApiError::new(ErrorKind::Forbidden, message) }
}

fn username_taken() -> ApiError {
    ApiError {
        field: Some("username".to_owned()),
        ..ApiError::new(ErrorKind::Conflict, "That username is taken")
    }
}
