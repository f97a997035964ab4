//! People to measure with: registered over the API before the clock starts.

use app::protocol::{AuthResponse, UserId};
use futures_util::{StreamExt, TryStreamExt};

use crate::Failure;

/// Of everyone.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A registered person.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) username: String,
    pub(crate) access_token: String,
}

/// Registers a person.
pub(crate) async fn register(
    http: &reqwest::Client,
    url: &str,
    username: &str,
) -> Result<Account, Failure> {
    let body = serde_json::json!({ "username": username, "password": PASSWORD });
    let answer = http.post(format!("{url}/api/v1/auth/register")).json(&body).send().await?;
    let AuthResponse { user, access_token, .. } = answer.error_for_status()?.json().await?;
    let access_token = access_token.ok_or("the server kept the token to itself")?;
    Ok(Account { id: user.id, username: username.to_owned(), access_token })
}

/// So many are registered at the same time: hashing a password keeps a core busy.
const AT_ONCE: usize = 4;

/// Registers so many people, in the order of their numbers.
pub(crate) async fn register_all(
    http: &reqwest::Client,
    url: &str,
    name: &str,
    count: usize,
) -> Result<Vec<Account>, Failure> {
    let run = std::process::id();
    let accounts = (0..count).map(|number| async move {
        let username = format!("{name}{run}-{number}");
        register(http, url, &username).await
    });
    futures_util::stream::iter(accounts).buffered(AT_ONCE).try_collect().await
}
