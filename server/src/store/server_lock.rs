//! The lock that keeps a second server off a MySQL database: without a bus between them two servers do not
//! hear of each other's messages.

use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use super::lease::{DATABASE_TIMEOUT, LIVENESS_TIMEOUT};
use super::open::mysql_options;
use super::open_error::{OpenError, refusal};

/// So many seconds a server waits for the lock: one that is being replaced may still be ending.
const LOCK_TIMEOUT_SECONDS: u32 = 10;
/// How often the connection that holds the lock is to be tried. The database closes one that is silent for longer
/// than its `wait_timeout`.
pub const LOCK_CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// Characters of a lock's name, at most, in MySQL.
const MAX_NAME_CHARS: usize = 64;

/// Held by a server for as long as it uses the database, on a connection of its own: the database frees it
/// when that ends, however it ends.
pub struct ServerLock {
    options: MySqlConnectOptions,
    connection: MySqlConnection,
}

impl ServerLock {
    /// Takes the lock of the database at this address.
    ///
    /// # Errors
    /// `InUse` while another server holds it; those of reaching a database.
    pub async fn take(url: &str) -> Result<Self, OpenError> {
        // Waiting is what it is for: nothing that the log has to call slow.
        let options = mysql_options(url)?.disable_statement_logging();
        match lock(&options).await {
            Ok(Some(connection)) => Ok(Self { options, connection }),
            Ok(None) => Err(OpenError::in_use(&options)),
            Err(error) => Err(refusal(&options, error)),
        }
    }

    /// Sees to it that the lock is held, and takes it anew when its connection was cut. To be called every
    /// [`LOCK_CHECK_INTERVAL`].
    ///
    /// # Errors
    /// `InUse` when another server has taken it meanwhile: neither gives way, for that would cut off everyone who
    /// is here. Those of reaching a database.
    pub async fn check(&mut self) -> Result<(), OpenError> {
        if matches!(timeout(LIVENESS_TIMEOUT, self.connection.ping()).await, Ok(Ok(()))) {
            return Ok(());
        }
        let locked = lock(&self.options).await.map_err(|error| refusal(&self.options, error))?;
        self.connection = locked.ok_or_else(|| OpenError::in_use(&self.options))?;
        tracing::warn!(
            "the connection that keeps other servers off the database was cut: made anew"
        );
        Ok(())
    }
}

/// A connection that holds the lock; absent when another has it.
async fn lock(options: &MySqlConnectOptions) -> sqlx::Result<Option<MySqlConnection>> {
    let mut connection = within(DATABASE_TIMEOUT, options.connect()).await?;
    let query = sqlx::query_scalar("SELECT GET_LOCK(?, ?)")
        .bind(name(options.get_database().unwrap_or_default()))
        .bind(LOCK_TIMEOUT_SECONDS)
        .fetch_one(&mut connection);
    let limit = Duration::from_secs(LOCK_TIMEOUT_SECONDS.into()) + DATABASE_TIMEOUT;
    match within(limit, query).await? {
        Some(1_i64) => Ok(Some(connection)),
        Some(_) => Ok(None),
        None => Err(sqlx::Error::Protocol("GET_LOCK failed".to_owned())),
    }
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    timeout(limit, work).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// The lock's name. Locks are the whole server's, so it names the database; one whose name would be too
/// long is named by its hash.
fn name(database: &str) -> String {
    let name = format!("kith:{database}");
    if name.chars().count() <= MAX_NAME_CHARS {
        return name;
    }
    let hash = Sha256::digest(database);
    hash[..16].iter().fold("kith:".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME_CHARS, name};

    #[test]
    fn every_database_has_a_lock_of_its_own() {
        assert_eq!(name("kith"), "kith:kith");
        let longest = "d".repeat(MAX_NAME_CHARS - "kith:".len());
        assert_eq!(name(&longest), format!("kith:{longest}"));
        let long = ["a", "b"].map(|last| name(&("d".repeat(63) + last)));
        assert!(long.iter().all(|name| name.len() <= MAX_NAME_CHARS && name.starts_with("kith:")));
        assert_ne!(long[0], long[1]);
    }
}
