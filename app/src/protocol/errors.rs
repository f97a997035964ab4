//! Errors as every client sees them, and the reasons for which a socket is closed.

use serde::{Deserialize, Serialize};

/// The kind of an error, as a word that a program can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// 400: the frame or the body is not JSON, or is nested deeper than 128 levels.
    BadJson,
    /// 400: not a JSON object, a missing field, a value of the wrong type, or a number out of its
    /// range.
    BadRequest,
    /// 400: a frame of a `type` that does not exist.
    UnknownType,
    /// 401: no valid proof of identity, or its login has ended.
    Unauthenticated,
    /// 401: the access token has expired; refresh it.
    TokenExpired,
    /// 401: the password is wrong, or there is no such username.
    BadCredentials,
    /// 403: you know that it exists, but may not do this.
    Forbidden,
    /// 404: it does not exist, or you cannot see it.
    NotFound,
    /// 406: it can be answered in none of the forms that the request accepts.
    NotAcceptable,
    /// 409: it contradicts what is there, such as a username that is taken, or an offset that is not
    /// that of the upload.
    Conflict,
    /// 412: a condition of the request does not hold, such as a version of tus that is not spoken
    /// here.
    Precondition,
    /// 413: the body or the file is larger than its limit.
    TooLarge,
    /// 415: the body is of a type that is not taken here.
    UnsupportedType,
    /// 416: the range asked for lies outside of the file.
    BadRange,
    /// 421: the request's `Host` is not a name of this server.
    Misdirected,
    /// 422: well formed, but against a rule; `field` names what broke it.
    Validation,
    /// 423: another request is writing to the same upload at this moment.
    Locked,
    /// 429: too many at once or in a short time; `retry_after_ms` says when to try again.
    RateLimited,
    /// 460: the bytes that came do not have the checksum that was sent with them; none of them is
    /// kept.
    Checksum,
    /// 500: a failure of the server, which `request_id` finds in its log.
    Internal,
    /// 503: the server cannot do it at the moment; nothing was acknowledged.
    Unavailable,
    /// 507: the room that you have for files is used up.
    Quota,
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
            Self::NotAcceptable => 406,
            Self::Conflict => 409,
            Self::Precondition => 412,
            Self::TooLarge => 413,
            Self::UnsupportedType => 415,
            Self::BadRange => 416,
            Self::Misdirected => 421,
            Self::Validation => 422,
            Self::Locked => 423,
            Self::RateLimited => 429,
            Self::Checksum => 460,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::Quota => 507,
        }
    }

    /// Whether the same request may succeed later, unchanged.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::RateLimited | Self::Internal | Self::Unavailable)
    }
}

/// An error of the API. `message` is English; pages translate by `kind` and `field`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct ApiError {
    /// The HTTP status of `kind`, over a socket as well.
    pub code: u16,
    /// The kind of error, for programs.
    pub kind: ErrorKind,
    /// A sentence for people, in English.
    pub message: String,
    /// The field of the request that is at fault; absent where it is no single one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The milliseconds after which another try may succeed; with `rate_limited` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The request's name in the server's log; with `internal` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The characters that are left at either end of a message that is too long.
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

    /// The one answer for what is absent and for what is invisible.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "Not found")
    }

    /// The refusal of what is sent to a person who has deleted their account.
    #[must_use]
    pub fn closed() -> Self {
        Self::new(ErrorKind::Forbidden, "Nobody can write here any more")
    }

    /// The refusal of what is sent across a block, in the same words for both sides.
    #[must_use]
    pub fn blocked() -> Self {
        Self::new(ErrorKind::Forbidden, "You cannot write to one another")
    }

    /// The refusal of what comes too often; another try may succeed after this many milliseconds.
    #[must_use]
    pub fn rate_limited(retry_after_ms: u64) -> Self {
        Self {
            retry_after_ms: Some(retry_after_ms),
            ..Self::new(ErrorKind::RateLimited, "Too many requests; wait a moment")
        }
    }

    /// The answer while the database is away or busy; nothing was stored.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(ErrorKind::Unavailable, "Not available right now; try again in a moment")
    }
}

/// The body of an HTTP answer that is an error: `{"error": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The error that the request ended with.
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
        /// A frame was not JSON, not an object, or binary: its message was not sent.
        BAD_FRAME = 4400;
        /// The login has ended, or the token is wrong or came too late: refresh once, then sign in.
        UNAUTHENTICATED = 4401;
        /// The client gave no sign of life: reconnect.
        TIMED_OUT = 4408;
        /// A newer connection took the place of your oldest, this one: reconnect when this tab is used.
        REPLACED = 4409;
        /// The client kept sending past the limit: wait, then reconnect.
        RATE_LIMITED = 4429;
        /// A frame was not UTF-8.
        NOT_UTF8 = 1007;
        /// The client reads too slowly: reconnect and catch up.
        TOO_SLOW = 1008;
        /// A frame was larger than 64 KiB: its message was not sent.
        TOO_LARGE = 1009;
        /// The server restarts: reconnect after a random moment.
        RESTARTING = 1012;
    }
}
