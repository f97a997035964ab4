//! Passwords: Argon2id, a few at a time, off the threads that serve.

use std::sync::Arc;

use app::protocol::Password;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use metrics::{Unit, counter, describe_counter};
use tokio::sync::Semaphore;

use crate::clock::random;
use crate::error::Error;

/// A hash that no password fits, with our parameters: what an unknown name is checked against, so
/// that it costs as much time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmUhIQ\
                      $bm8gcGFzc3dvcmQgZml0cyB0aGlzIHBsYWNlaG9sZGU";

const RUNS: &str = "kith_argon2_runs_total";

/// Says what the passwords' metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_counter!(
        RUNS,
        Unit::Count,
        "Passwords hashed or checked, each some 20 ms of a processor"
    );
}

/// Hashes and checks passwords.
pub(super) struct Passwords {
    /// A run takes 19 MiB and a processor to itself.
    running: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { running: Arc::new(Semaphore::new(processors)) }
    }

    /// A fresh hash in PHC form.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Error> {
        self.run(move |argon2| {
            let salt: [u8; 16] = random();
            let hash: PasswordHash =
                argon2.hash_password_with_salt(password.expose().as_bytes(), &salt)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password fits a hash; without one, takes as long and says no.
    pub(super) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Error> {
        self.run(move |argon2| {
            let known = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY))?;
            let fits = argon2.verify_password(password.as_bytes(), &known).is_ok();
            Ok(fits && hash.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'_>) -> Result<T, argon2::password_hash::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.running).acquire_owned().await.map_err(Error::internal)?;
        counter!(RUNS).increment(1);
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: who asked may be gone before it ends.
            let _permit = permit;
            work(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT))
        });
        done.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, Password, PasswordHash, Passwords};

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new();
        let password = Password::parse("correct horse".into()).expect("long enough");
        let hash = passwords.hash(password).await.expect("a hash");
        let fits =
            async |text: &str, hash| passwords.verify(text.into(), hash).await.expect("an answer");
        assert!(fits("correct horse", Some(hash.clone())).await);
        assert!(!fits("correct horsE", Some(hash.clone())).await);
        assert!(!fits("correct horse", None).await);
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_what_others_cost() {
        let passwords = Passwords::new();
        let password = Password::parse("correct horse".into()).expect("long enough");
        let real = passwords.hash(password).await.expect("a hash");
        let (real, nobody) = (PasswordHash::new(&real), PasswordHash::new(NOBODY));
        let (real, nobody) = (real.expect("a hash"), nobody.expect("a hash"));
        assert_eq!(real.algorithm, nobody.algorithm);
        assert_eq!(real.params, nobody.params);
        assert_eq!(real.version, nobody.version);
        let lengths = |hash: &PasswordHash| {
            (hash.salt.map(|salt| salt.len()), hash.hash.map(|output| output.len()))
        };
        assert_eq!(lengths(&real), lengths(&nobody));
    }
}
