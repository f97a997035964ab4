//! Errors in the reader's language.

use crate::protocol::{ApiError, ErrorKind};
use crate::ui::words::{Words, td_string};

/// What stands for `content` where it is known that a NUL is what is wrong with it.
const NUL_IN_CONTENT: &str = "nul";

/// Why a text was refused; a NUL, which nobody sees, is told apart from a length that is wrong.
#[must_use]
pub fn about(text: &str, mut error: ApiError) -> ApiError {
    if text.contains('\0') && error.field.as_deref() == Some("content") {
        error.field = Some(NUL_IN_CONTENT.to_owned());
    }
    error
}

/// What went wrong, in the reader's language: by kind and field, for `message` is English.
#[must_use]
pub fn message(error: &ApiError, words: Words) -> &'static str {
    match (error.kind, error.field.as_deref()) {
        (ErrorKind::BadCredentials, _) => td_string!(words, errors.bad_credentials),
        (ErrorKind::Conflict, _) => td_string!(words, errors.conflict),
        (ErrorKind::Validation, Some("username")) => td_string!(words, errors.username),
        (ErrorKind::Validation, Some("nickname")) => td_string!(words, errors.nickname),
        (ErrorKind::Validation, Some("password" | "new")) => td_string!(words, errors.password),
        (ErrorKind::Validation, Some("content")) => td_string!(words, errors.content),
        (ErrorKind::Validation, Some(NUL_IN_CONTENT)) => td_string!(words, errors.nul),
        (ErrorKind::Forbidden, Some("registration")) => td_string!(words, errors.closed),
        (ErrorKind::Forbidden, Some("account")) => td_string!(words, errors.disabled),
        (ErrorKind::Forbidden, _) => td_string!(words, errors.forbidden),
        (ErrorKind::NotFound, _) => td_string!(words, errors.not_found),
        (ErrorKind::RateLimited, _) => td_string!(words, errors.rate_limited),
        (ErrorKind::Unavailable, _) => td_string!(words, errors.unavailable),
        (ErrorKind::Unauthenticated | ErrorKind::TokenExpired, _) => {
            td_string!(words, errors.signed_out)
        }
        _ => td_string!(words, errors.other),
    }
}
