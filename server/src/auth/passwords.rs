//! Passwords: Argon2id, a few at a time, off the threads that serve.

mod blocks;

use std::sync::Arc;

use app::protocol::Password;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{Error as HashError, Result as HashResult};
use argon2::{Algorithm, Argon2, Params, Version};
use metrics::{Unit, counter, describe_counter};
use tokio::sync::Semaphore;

use crate::clock::random;
use crate::error::Error;
use blocks::Blocks;

/// How passwords are hashed; those that are stored say themselves how they were.
const OURS: (Algorithm, Version, Params) = (Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);

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
    blocks: Blocks,
}

impl Passwords {
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        // One is left to those who chat.
        let running = Arc::new(Semaphore::new(processors.saturating_sub(1).max(1)));
        Self { running, blocks: Blocks::default() }
    }

    /// A fresh hash in PHC form.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Error> {
        self.run(move |blocks| {
            let (algorithm, version, params) = OURS;
            let salt = Salt::new(&random::<[u8; 16]>())?;
            let made = PasswordHash {
                algorithm: algorithm.ident(),
                version: Some(version.into()),
                params: ParamsString::try_from(&params)?,
                salt: Some(salt),
                hash: None,
            };
            let argon2 = Argon2::new(algorithm, version, params);
            let length = Params::DEFAULT_OUTPUT_LEN;
            let output = output(&argon2, password.expose(), &salt, length, blocks)?;
            Ok(PasswordHash { hash: Some(output), ..made }.to_string())
        })
        .await
    }

    /// Whether a password fits a hash; without one, takes as long and says no.
    pub(super) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Error> {
        self.run(move |blocks| {
            let known = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY))?;
            Ok(fits(&password, &known, blocks)? && hash.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Blocks) -> HashResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.running).acquire_owned().await.map_err(Error::internal)?;
        counter!(RUNS).increment(1);
        let blocks = self.blocks.clone();
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: who asked may be gone before it ends.
            let _permit = permit;
            work(&blocks)
        });
        done.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// Whether a password fits a hash, made as that says it was.
fn fits(password: &str, known: &PasswordHash, blocks: &Blocks) -> HashResult<bool> {
    let (Some(salt), Some(expected)) = (&known.salt, &known.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(known.algorithm.as_str())?;
    let version = known.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let argon2 = Argon2::new(algorithm, version, Params::try_from(known)?);
    // Outputs are compared in constant time.
    Ok(output(&argon2, password, salt, expected.len(), blocks)? == *expected)
}

/// What Argon2 makes of a password, in memory that is used again.
fn output(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    length: usize,
    blocks: &Blocks,
) -> HashResult<Output> {
    let mut buffer = [0; Output::MAX_LENGTH];
    let output = buffer.get_mut(..length).ok_or(HashError::OutputSize)?;
    blocks.with(argon2.params().block_count(), |blocks| {
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, blocks)
    })?;
    Ok(Output::new(output)?)
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

    /// Made by the reference implementation, with other parameters than ours.
    #[tokio::test]
    async fn a_hash_that_was_made_otherwise_is_checked_as_it_says() {
        let passwords = Passwords::new();
        let hash =
            "$argon2id$v=19$m=64,t=1,p=2$c29tZSBvdGhlciBzYWx0$vqWYwc9ADYE1SaV2p52KkmOIij+UUFKe";
        let fits = async |text: &str| {
            passwords.verify(text.into(), Some(hash.into())).await.expect("an answer")
        };
        assert!(fits("correct horse").await);
        assert!(!fits("correct horsE").await);
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
