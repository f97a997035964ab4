//! A server of S3 in this process, or the one that `KITH_TEST_S3_URL` names: a bucket for one test.

use std::path::Path;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::faults::Faults;

const ACCESS_KEY: &str = "kith-test";
const SECRET_KEY: &str = "a secret that signs requests";
const BUCKET: &str = "kith-test";

/// A bucket, and how it is reached.
pub struct S3 {
    endpoint: String,
    access_key: String,
    secret_key: String,
    bucket: String,
    /// What the names of all objects of this test begin with.
    prefix: String,
    /// Absent for a server of others.
    own: Option<Own>,
}

/// A server in this process.
struct Own {
    faults: Faults,
    folder: TempDir,
    /// Ends it when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl S3 {
    /// The server that is set, else one in this process; the objects of this test are its own.
    pub fn start(test: &Path) -> Self {
        match std::env::var("KITH_TEST_S3_URL") {
            Ok(url) => Self::of_others(&url, test),
            Err(_) => Self::in_process(),
        }
    }

    /// A server in this process.
    pub fn in_process() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let prefix = "chat/files";
        std::fs::create_dir_all(folder.path().join(BUCKET).join(prefix)).expect("made");
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("opens"));
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let (faults, service) = (Faults::default(), builder.build());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, service, faults.clone());
        // Of its own, since tests wait for processes in the threads of theirs.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                tokio::select! {
                    () = serving => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            endpoint,
            access_key: ACCESS_KEY.into(),
            secret_key: SECRET_KEY.into(),
            bucket: BUCKET.into(),
            prefix: prefix.into(),
            own: Some(Own { faults, folder, _stop: stop }),
        }
    }

    /// `http://access-key:secret-key@host:port/bucket`
    fn of_others(url: &str, test: &Path) -> Self {
        let url = reqwest::Url::parse(url).expect("KITH_TEST_S3_URL is an address");
        let port = url.port_or_known_default().expect("a port");
        let host = url.host_str().expect("KITH_TEST_S3_URL has a host");
        let test = test.file_name().expect("a folder").to_string_lossy();
        Self {
            endpoint: format!("{}://{host}:{port}", url.scheme()),
            access_key: url.username().into(),
            secret_key: url.password().expect("KITH_TEST_S3_URL has a secret key").into(),
            bucket: url.path().trim_matches('/').into(),
            prefix: test.trim_matches('.').into(),
            own: None,
        }
    }

    /// How it fails.
    pub fn faults(&self) -> &Faults {
        &self.own.as_ref().expect("a server in this process").faults
    }

    /// Where its objects are, for `KITH_FILES_URL`.
    pub fn files_url(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    /// What Kith is told of it.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = self.keys();
        variables.push(("KITH_FILES_URL", self.files_url()));
        variables
    }

    /// How it is reached.
    pub fn keys(&self) -> Vec<(&'static str, String)> {
        vec![
            ("KITH_S3_ENDPOINT", self.endpoint.clone()),
            ("KITH_S3_ACCESS_KEY", self.access_key.clone()),
            ("KITH_S3_SECRET_KEY", self.secret_key.clone()),
        ]
    }

    /// Its objects; of a server in this process whatever that is told to do.
    pub fn objects(&self) -> Arc<dyn ObjectStore> {
        if let Some(own) = &self.own {
            let place = own.folder.path().join(&self.bucket).join(&self.prefix);
            return Arc::new(LocalFileSystem::new_with_prefix(place).expect("a folder"));
        }
        let builder = AmazonS3Builder::new()
            .with_endpoint(&self.endpoint)
            .with_allow_http(true)
            .with_bucket_name(&self.bucket)
            .with_access_key_id(&self.access_key)
            .with_secret_access_key(&self.secret_key);
        Arc::new(PrefixStore::new(builder.build().expect("a bucket"), self.prefix.as_str()))
    }
}

async fn serve(listener: std::net::TcpListener, service: S3Service, faults: Faults) {
    listener.set_nonblocking(true).expect("set");
    let listener = TcpListener::from_std(listener).expect("a listener");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let (service, faults) = (service.clone(), faults.clone());
        tokio::spawn(async move {
            let answer = service_fn(move |request| faults.clone().answer(service.clone(), request));
            // It ends with a fault where it was told to.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}
