//! What a page is loaded from: the use cases, asked on behalf of the viewer.

use app::protocol::ApiError;

use crate::auth::{Auth, Identity};
use crate::chat::Chat;
use crate::edge::error_given;
use crate::error::Error;

/// The use cases, and the person for whom a page asks them.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The use cases of the chat.
    pub chat: &'a Chat,
    /// Accounts and logins.
    pub auth: &'a Auth,
    /// The person who is signed in.
    pub viewer: Identity,
    /// The name of the request in the log and in what is told of a failure of ours.
    pub request_id: &'a str,
}

impl Source<'_> {
    /// An answer of the use cases, its error as the outside may see it: logged where it is ours, and
    /// counted.
    pub fn told<T>(self, answer: Result<T, Error>) -> Result<T, ApiError> {
        answer.map_err(|error| {
            let error = error.into_api(self.request_id);
            error_given("page", error.kind);
            error
        })
    }
}
