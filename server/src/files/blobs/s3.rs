//! Writing to a bucket of S3, a part of a file at a time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::prefix::PrefixStore;
use object_store::{
    ClientOptions, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::error::{BlobError, in_time};
use super::key::Key;
use super::spool::Spooled;
use crate::config::S3Location;

/// Bytes of a part; S3 takes none that is smaller, but the last.
const PART_SIZE: usize = 5 * 1024 * 1024;
/// Files that are sent to the bucket at once, each of which has one part in memory.
const MAX_UPLOADS: usize = 4;
/// How long a file waits for its turn: behind a service that is away nobody waits for ever.
const TURN_TIMEOUT: Duration = Duration::from_secs(20);
/// How long the service may take to be reached, and how long it may be silent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// How often a call is tried once more, and until when.
const MAX_RETRIES: usize = 2;
const RETRY_TIMEOUT: Duration = Duration::from_secs(10);

/// A bucket.
pub(super) struct Bucket {
    store: Arc<PrefixStore<AmazonS3>>,
    uploads: Semaphore,
}

impl Bucket {
    /// The bucket; whether it is there shows when it is first used.
    pub(super) fn open(location: &S3Location) -> Result<Self, BlobError> {
        let client = ClientOptions::new()
            .with_allow_http(true)
            .with_connect_timeout(CONNECT_TIMEOUT)
            .with_read_timeout(READ_TIMEOUT)
            // A file may take long; what counts is that it comes.
            .with_timeout_disabled();
        let retries = RetryConfig {
            max_retries: MAX_RETRIES,
            retry_timeout: RETRY_TIMEOUT,
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&location.bucket)
            .with_region(&location.region)
            .with_access_key_id(location.access_key.expose())
            .with_secret_access_key(location.secret_key.expose())
            .with_retry(retries)
            // Not every service deletes several objects by one request, and here none is asked to.
            .with_disable_bulk_delete(true)
            .with_client_options(client);
        if let Some(endpoint) = &location.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(true);
        }
        let store = PrefixStore::new(builder.build()?, location.prefix.as_str());
        Ok(Self { store: Arc::new(store), uploads: Semaphore::new(MAX_UPLOADS) })
    }

    /// What reads from the bucket, and deletes in it.
    pub(super) fn reader(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.store) as Arc<dyn ObjectStore>
    }

    /// Sends a file of the spool to its place.
    pub(super) async fn upload(&self, mut spooled: Spooled, key: &Key) -> Result<(), BlobError> {
        spooled.flush().await?;
        let turn = timeout(TURN_TIMEOUT, self.uploads.acquire()).await;
        let turn = turn.map_err(|late| BlobError::Away(late.into()))?;
        let _turn = turn.map_err(|closed| BlobError::Away(closed.into()))?;
        let first = spooled.read(0, PART_SIZE).await?;
        if first.len() < PART_SIZE {
            in_time(self.store.put(key.path(), PutPayload::from_bytes(first))).await?;
            return Ok(());
        }
        let mut parts = in_time(self.store.put_multipart(key.path())).await?;
        match send(&mut *parts, first, &spooled).await {
            Ok(()) => Ok(()),
            Err(error) => {
                // What cannot be taken back either, the bucket's own rules take: it is no object.
                let _ = in_time(parts.abort()).await;
                Err(error)
            }
        }
    }
}

async fn send(
    parts: &mut dyn MultipartUpload,
    first: Bytes,
    spooled: &Spooled,
) -> Result<(), BlobError> {
    let (mut next, mut at) = (first, 0);
    while !next.is_empty() {
        at += next.len() as u64;
        in_time(parts.put_part(PutPayload::from_bytes(next))).await?;
        next = spooled.read(at, PART_SIZE).await?;
    }
    in_time(parts.complete()).await?;
    Ok(())
}
