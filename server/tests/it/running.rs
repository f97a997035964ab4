//! Starting, watching and ending the server.

use std::collections::BTreeMap;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use app::protocol::{MessagePage, User};
use serde_json::json;

use crate::harness::{TestServer, on_both_engines};

on_both_engines!(
    it_says_that_it_is_alive_and_ready,
    what_was_stored_outlives_the_process,
    it_ends_when_it_is_told_to,
    nobody_else_can_read_what_it_keeps,
    what_others_can_read_is_a_warning_that_says_how_to_close_it,
);

async fn it_says_that_it_is_alive_and_ready(server: TestServer) {
    for path in ["/healthz", "/readyz"] {
        let answer = server.client().get(path).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "ok"));
    }
    assert!(server.metric("kith_http_request_seconds_count").await >= 2.0);
    let metrics = server.client().get("/metrics").await;
    assert!(!metrics.text.contains("kith_http"), "only on the admin address");
}

async fn what_was_stored_outlives_the_process(mut server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let message = mei.write_to(&ana, "1", "still here?").await;
    server.kill_and_restart(&[]);
    // The key is the same, so are the logins.
    let mei = server.client().with_bearer(&mei.token);
    mei.get("/api/v1/users/me").await.json::<User>(200);
    let path = format!("/api/v1/conversations/{}/messages", message.conversation_id);
    let page: MessagePage = mei.get(&path).await.json(200);
    assert_eq!(page.items, [message]);
}

async fn it_ends_when_it_is_told_to(mut server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let ids: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    let sends = ids.iter().map(|id| {
        let body = json!({"client_id": id, "to_user_id": ana.user.id, "content": "hi"});
        mei.client.post("/api/v1/messages", body)
    });
    let answers = futures_util::future::join_all(sends).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert!(tokio::task::block_in_place(|| server.terminate()), "{}", server.log());
}

/// The mode of each entry of a folder, and of the folder itself (under its own name).
fn modes(folder: &Path) -> BTreeMap<String, u32> {
    let entries = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let paths = entries.chain([folder.to_owned()]);
    let named = paths.map(|path| {
        let mode = path.metadata().expect("there").permissions().mode() & 0o777;
        (path.file_name().expect("a name").to_string_lossy().into_owned(), mode)
    });
    named.collect()
}

async fn nobody_else_can_read_what_it_keeps(mut server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    mei.write_to(&ana, "1", "between us").await;
    for again in [false, true] {
        let modes = modes(&server.data());
        let files: &[_] = match server.database_url() {
            Some(_) => &["jwt_secret"],
            None => &["jwt_secret", "kith.db", "kith.db-shm", "kith.db-wal", "kith.lock"],
        };
        for file in files {
            assert!(modes.contains_key(*file), "{file} is not in {modes:?}");
        }
        let folders = ["data", "avatars", "files", "spool", "thumbnails", "uploads"];
        let (folders, files): (Vec<_>, Vec<_>) =
            modes.iter().partition(|(name, _)| folders.contains(&name.as_str()));
        assert!(folders.len() > 1 && folders.iter().all(|(_, mode)| **mode == 0o700), "{modes:?}");
        assert!(files.iter().all(|(_, mode)| **mode == 0o600), "{modes:?}");
        assert!(!server.log().contains("chmod"));
        if !again {
            server.kill_and_restart(&[]);
            // What was there is as it was, and so is what is made beside it.
            server.person("omar").await;
        }
    }
}

async fn what_others_can_read_is_a_warning_that_says_how_to_close_it(mut server: TestServer) {
    let data = server.data();
    set_permissions(&data, Permissions::from_mode(0o755)).expect("set");
    set_permissions(data.join("jwt_secret"), Permissions::from_mode(0o644)).expect("set");
    server.kill_and_restart(&[]);
    let command = format!("chmod 700 {0} && chmod 600 {0}/jwt_secret", data.display());
    assert_eq!(server.log().matches(&command).count(), 1, "{}", server.log());
}
