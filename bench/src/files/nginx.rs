//! An nginx of our own, which takes files in by PUT and hands them out, as its documentation has it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;

/// How long it may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// A running nginx; ends when dropped.
pub(super) struct Nginx {
    pub(super) url: String,
    files: PathBuf,
    process: Child,
}

impl Nginx {
    /// Starts it, with its files in this folder.
    pub(super) async fn start(folder: &Path) -> Result<Self, Failure> {
        let folder = folder.join("nginx");
        let files = folder.join("files");
        std::fs::create_dir_all(&files)?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let settings = folder.join("nginx.conf");
        std::fs::write(&settings, configuration(&folder, address))?;
        let mut nginx = Command::new("nginx")
            .arg("-c")
            .arg(&settings)
            .arg("-p")
            .arg(&folder)
            .args(["-g", "daemon off;"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let until = Instant::now() + START_TIMEOUT;
        while TcpStream::connect(address).is_err() {
            if nginx.try_wait()?.is_some() || Instant::now() > until {
                let _ = nginx.kill();
                return Err("nginx did not start".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { url: format!("http://{address}"), files, process: nginx })
    }

    /// Waits until a file is on the disk, with its name.
    pub(super) fn sync(&self, name: &str) -> Result<(), Failure> {
        std::fs::File::open(self.files.join(name))?.sync_all()?;
        Ok(std::fs::File::open(&self.files)?.sync_all()?)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its master ends its workers, if it is asked to.
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.process.wait();
    }
}

/// Bodies lie on the disk of the files, so that they are moved; who runs it as root stays root, as the folder is theirs.
fn configuration(folder: &Path, address: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "user root;
        worker_processes auto;
        pid {folder}/pid;
        error_log {folder}/error.log;
        events {{}}
        http {{
            access_log off;
            sendfile on;
            tcp_nopush on;
            client_max_body_size 0;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            server {{
                listen {address};
                root {folder}/files;
                location / {{ dav_methods PUT DELETE; }}
            }}
        }}"
    )
}
