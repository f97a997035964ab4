//! What a plain form post that failed hands to the page that shows it again: the error, and what
//! was typed, so that nothing has to be typed twice.

use serde::{Deserialize, Serialize};

use crate::protocol::ApiError;

/// The outcome of a form post that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    /// The reason why it failed.
    pub error: ApiError,
    /// What was typed; never a password.
    pub values: FormValues,
}

/// What stood in the form's fields; empty where the form has no such field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormValues {
    /// Log in and register.
    pub username: String,
    /// The nickname, of the forms to register and of the settings.
    pub nickname: String,
    /// Log in and register: the local path to go to afterwards.
    pub next: String,
    /// Which of the page's forms it is, where there are several.
    pub part: String,
    /// A message's text.
    pub content: String,
    /// A message's `client_id`: sent again with it, so that it stays one message.
    pub client_id: String,
}
