//! People to measure with: registered over the API before the clock starts.

use app::protocol::{AuthResponse, UserId};

use crate::Failure;

/// A registered person.
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) access_token: String,
}

/// Registers a person.
pub(crate) async fn register(
    http: &reqwest::Client,
    url: &str,
    username: &str,
) -> Result<Account, Failure> {
    let body = serde_json::json!({ "username": username, "password": "correct horse battery" });
    let answer = http.post(format!("{url}/api/v1/auth/register")).json(&body).send().await?;
    let AuthResponse { user, access_token, .. } = answer.error_for_status()?.json().await?;
    let access_token = access_token.ok_or("the server kept the token to itself")?;
    Ok(Account { id: user.id, access_token })
}
