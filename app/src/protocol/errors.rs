//! Errors as every client sees them, and the reasons for which a socket is closed.

use serde::{Deserialize, Serialize};

/// What went wrong, as a word that a program can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// 400: the bytes are not JSON.
    BadJson,
    /// 400: JSON of the wrong shape, or a number out of its range.
    BadRequest,
    /// 400: a frame of a type that does not exist.
    UnknownType,
    /// 401: no, or no valid, proof of identity.
    Unauthenticated,
    /// 401: the access token is past its time; refresh it.
    TokenExpired,
    /// 401: name and password do not belong together.
    BadCredentials,
    /// 403: known to you, but not yours to do.
    Forbidden,
    /// 404: absent, or not visible to you.
    NotFound,
    /// 409: contradicts what is there, such as a username that is taken.
    Conflict,
    /// 413: a body over its limit.
    TooLarge,
    /// 421: the request's `Host` is not a name of this server.
    Misdirected,
    /// 422: well formed, but breaks a rule; `field` names it.
    Validation,
    /// 429: too often; see `retry_after_ms`.
    RateLimited,
    /// 500: our fault; `request_id` finds it in the log.
    Internal,
    /// 503: for the moment; nothing was acknowledged.
    Unavailable,
}

impl ErrorKind {
    /// The HTTP status, which is also `code` on a socket.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadJson | Self::BadRequest | Self::UnknownType => 400,
            Self::Unauthenticated | Self::TokenExpired | Self::BadCredentials => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Misdirected => 421,
            Self::Validation => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// Whether the same request may succeed later, unchanged.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::RateLimited | Self::Internal | Self::Unavailable)
    }
}

/// An error of the contract. `message` is English; people's pages translate by `kind` and `field`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct ApiError {
    /// The HTTP status of `kind`.
    pub code: u16,
    /// What went wrong.
    pub kind: ErrorKind,
    /// For a person, in English.
    pub message: String,
    /// The part of the request that broke a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// With `rate_limited`: milliseconds after which another try may succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// With `internal`: names the request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Characters that are left at either end of words that are too long.
const WORDS_END: usize = 100;

impl ApiError {
    /// An error of this kind, in these words.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            code: kind.status(),
            kind,
            message: message.into(),
            field: None,
            retry_after_ms: None,
            request_id: None,
        }
    }

    /// JSON of the wrong shape, in the words of its reader: their beginning and their end. Between
    /// them it quotes what was sent, however long, and escaped that may be seven times as long.
    pub fn wrong_shape(why: &serde_json::Error) -> Self {
        let words = why.to_string();
        let length = words.chars().count();
        if length <= 2 * WORDS_END {
            return Self::new(ErrorKind::BadRequest, words);
        }
        let beginning = words.chars().take(WORDS_END);
        let end = words.chars().skip(length - WORDS_END);
        let short: String = beginning.chain(['…']).chain(end).collect();
        Self::new(ErrorKind::BadRequest, short)
    }

    /// A broken rule, on the named field.
    pub fn validation(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(ErrorKind::Validation, message) }
    }

    /// Absent or invisible: one answer for both.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "Not found")
    }

    /// Nobody may write to a person who has deleted their account.
    #[must_use]
    pub fn closed() -> Self {
        Self::new(ErrorKind::Forbidden, "Nobody can write here any more")
    }

    /// Nobody writes across a block: the same words for both, whoever of them blocks.
    #[must_use]
    pub fn blocked() -> Self {
        Self::new(ErrorKind::Forbidden, "You cannot write to one another")
    }

    /// Too often; another try may succeed after this many milliseconds.
    #[must_use]
    pub fn rate_limited(retry_after_ms: u64) -> Self {
        Self {
            retry_after_ms: Some(retry_after_ms),
            ..Self::new(ErrorKind::RateLimited, "Too many requests; wait a moment")
        }
    }

    /// The database is away or busy; nothing was stored.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(ErrorKind::Unavailable, "Not available right now; try again in a moment")
    }
}

/// The body of an HTTP answer that is an error: `{"error": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The error.
    pub error: ApiError,
}

/// Close codes of a socket, and what a client does on each.
pub mod close {
    macro_rules! codes {
        ($(#[doc = $why:literal] $name:ident = $code:literal;)+) => {
            $(#[doc = $why] pub const $name: u16 = $code;)+

            /// Every code, and why it is used.
            pub const ALL: &[(u16, &str)] = &[$(($name, $why)),+];
        };
    }

    codes! {
        /// Not JSON, not an object, or binary: that message is Not sent.
        BAD_FRAME = 4400;
        /// The login ended, or the token is wrong or late: refresh once, then sign in.
        UNAUTHENTICATED = 4401;
        /// No sign of life: reconnect.
        TIMED_OUT = 4408;
        /// A newer connection took the place of your oldest: stay away until this tab is used.
        REPLACED = 4409;
        /// Kept sending past the limit: wait.
        RATE_LIMITED = 4429;
        /// Not UTF-8.
        NOT_UTF8 = 1007;
        /// Too slow to read: reconnect and catch up.
        TOO_SLOW = 1008;
        /// Frame too large: that message is Not sent.
        TOO_LARGE = 1009;
        /// The server restarts: return after a jittered moment.
        RESTARTING = 1012;
    }
}
