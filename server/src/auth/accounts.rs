//! What becomes of accounts: passwords changed, people kept out, accounts deleted.

use app::protocol::{ApiError, ErrorKind, Username};

use super::{Auth, Identity, choices, wrong_password};
use crate::error::Error;
use crate::store::accounts::{Changed, Deleted, Deletion};
use crate::store::users::Credentials;

/// That someone knew an account's password, for as long as it is that.
// No `Debug`: it holds the hash.
pub struct Proof(String);

impl Auth {
    /// Changes the viewer's password, and ends their other logins.
    ///
    /// # Errors
    /// `bad_credentials` on the field `old` when that is not the password, `validation` on `new`.
    pub async fn change_password(
        &self,
        viewer: Identity,
        old: String,
        new: String,
    ) -> Result<(), Error> {
        let known = self.own_account(viewer, "old").await?;
        let new = choices::password(new, &known.user.username)
            .map_err(|error| ApiError { field: Some("new".into()), ..error })?;
        self.check(old, &known, "old").await?;
        let new = self.0.passwords.hash(new).await?;
        let (id, but) = (viewer.user_id, Some(viewer.login_id));
        let ended = self.0.store.set_password(id, Some(&known.password_hash), &new, but).await?;
        // It was changed elsewhere meanwhile.
        let ended = ended.ok_or_else(|| wrong("old"))?;
        self.forget(ended).await;
        Ok(())
    }

    /// Finds out whether this is the viewer's password.
    ///
    /// # Errors
    /// `bad_credentials` on the field `password` when it is not.
    pub async fn prove(&self, viewer: Identity, password: String) -> Result<Proof, Error> {
        let known = self.own_account(viewer, "password").await?;
        self.check(password, &known, "password").await?;
        Ok(Proof(known.password_hash))
    }

    /// Deletes the viewer's account: their messages stay, under "Deleted account"; their username
    /// stays taken. Tells which conversations look different to whom; absent while they are in a
    /// group, which they have to leave first.
    ///
    /// # Errors
    /// `bad_credentials` on the field `password` when it is another one since the proof.
    pub async fn delete_account(
        &self,
        viewer: Identity,
        proof: &Proof,
    ) -> Result<Option<Vec<Changed>>, Error> {
        let now = self.0.clock.now();
        match self.0.store.delete_user(viewer.user_id, &proof.0, now).await? {
            Deletion::InGroups => Ok(None),
            Deletion::NoSuchAccount => Err(wrong("password").into()),
            Deletion::Done(Deleted { logins, conversations }) => {
                self.forget(logins).await;
                Ok(Some(conversations))
            }
        }
    }

    /// Sets a person's password, and ends all their logins.
    ///
    /// # Errors
    /// `not_found` when there is no such account, `validation` on the password.
    pub async fn set_password(&self, username: &str, password: String) -> Result<(), Error> {
        let known = self.account(username).await?;
        let new = choices::password(password, &known.user.username)?;
        let new = self.0.passwords.hash(new).await?;
        let ended = self.0.store.set_password(known.user.id, None, &new, None).await?;
        self.forget(ended.ok_or_else(|| nobody(username))?).await;
        Ok(())
    }

    /// Keeps a person out: ends all their logins, and lets no new one begin.
    ///
    /// # Errors
    /// `not_found` when there is no such account.
    pub async fn disable(&self, username: &str) -> Result<(), Error> {
        let known = self.account(username).await?;
        let now = self.0.clock.now();
        let ended = self.0.store.set_disabled(known.user.id, Some(now)).await?;
        self.forget(ended).await;
        Ok(())
    }

    /// Lets a person in again who was kept out.
    ///
    /// # Errors
    /// `not_found` when there is no such account.
    pub async fn enable(&self, username: &str) -> Result<(), Error> {
        let known = self.account(username).await?;
        self.0.store.set_disabled(known.user.id, None).await?;
        Ok(())
    }

    /// The viewer's account; `bad_credentials` on the field when it was deleted just now.
    async fn own_account(&self, viewer: Identity, field: &str) -> Result<Credentials, Error> {
        let known = self.0.store.credentials_of(viewer.user_id).await?;
        known.ok_or_else(|| wrong(field).into())
    }

    /// That this is the account's password.
    async fn check(&self, password: String, known: &Credentials, field: &str) -> Result<(), Error> {
        let hash = Some(known.password_hash.clone());
        if self.0.passwords.verify(password, hash).await? {
            Ok(())
        } else {
            Err(wrong(field).into())
        }
    }

    async fn account(&self, username: &str) -> Result<Credentials, Error> {
        let name = Username::parse(username).map_err(|_| nobody(username))?;
        let known = self.0.store.credentials(name.as_str()).await?;
        known.ok_or_else(|| nobody(username).into())
    }
}

fn wrong(field: &str) -> ApiError {
    ApiError { field: Some(field.to_owned()), ..wrong_password("The password is wrong") }
}

fn nobody(username: &str) -> ApiError {
    ApiError::new(ErrorKind::NotFound, format!("There is no account named {username}"))
}
