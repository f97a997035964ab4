//! Starting, watching and ending the server.

use std::os::unix::fs::PermissionsExt;

use app::protocol::{MessagePage, User};
use serde_json::json;

use crate::harness::{TestServer, on_both_engines};

on_both_engines!(
    it_says_that_it_is_alive_and_ready,
    what_was_stored_outlives_the_process,
    it_ends_when_it_is_told_to,
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
    let mode = server.data().join("jwt_secret").metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
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
