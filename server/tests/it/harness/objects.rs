//! What lies in a server's store of files, whichever that is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use super::TestServer;

/// How long what is deleted may stay.
const GONE_TIMEOUT: Duration = Duration::from_mins(1);

impl TestServer {
    fn store(&self) -> Arc<dyn ObjectStore> {
        match self.s3() {
            Some(s3) => s3.objects(),
            None => Arc::new(LocalFileSystem::new_with_prefix(self.data()).expect("a folder")),
        }
    }

    /// The names of all objects below a name.
    pub async fn objects_below(&self, name: &str) -> Vec<String> {
        let listed = self.store().list(Some(&Path::from(name)));
        let names = listed.map_ok(|object| object.location.to_string());
        let mut names: Vec<_> = names.try_collect().await.expect("a list");
        names.sort();
        names
    }

    /// The names of all objects of files, thumbnails, pictures and pieces.
    pub async fn objects(&self) -> Vec<String> {
        let mut all = Vec::new();
        for kind in ["files", "thumbnails", "avatars", "uploads"] {
            all.extend(self.objects_below(kind).await);
        }
        all
    }

    /// Whether there is an object of this name.
    pub async fn has_object(&self, name: &str) -> bool {
        match self.store().head(&Path::from(name)).await {
            Ok(_) => true,
            Err(object_store::Error::NotFound { .. }) => false,
            Err(error) => panic!("{name}: {error}"),
        }
    }

    /// Puts an object there, as no server does.
    pub async fn put_object(&self, name: &str, bytes: &[u8]) {
        let bytes = bytes.to_vec().into();
        self.store().put(&Path::from(name), bytes).await.expect("kept");
    }

    /// Takes an object away, as no server does.
    pub async fn lose_object(&self, name: &str) {
        self.store().delete(&Path::from(name)).await.expect("deleted");
    }

    /// Waits until nothing is left of a file, within a minute.
    pub async fn file_gone(&self, id: i64) {
        let begun = Instant::now();
        let names = [format!("files/{id}"), format!("thumbnails/{id}")];
        while self.has_object(&names[0]).await
            || self.has_object(&names[1]).await
            || !self.objects_below(&format!("uploads/{id}")).await.is_empty()
        {
            assert!(begun.elapsed() < GONE_TIMEOUT, "file {id} stays");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
