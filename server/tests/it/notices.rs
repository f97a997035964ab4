//! Notices of the operator: given by the command line, told by a running server, shown until they were seen.

use std::process::Output;

use app::protocol::{ErrorKind, ListPage, Notice, Notification};
use reqwest::Method;
use tokio::task::block_in_place;
use tokio::time::Instant;

use crate::cli::{assert_says, beside, failure};
use crate::harness::{Engine, Person, Socket, TestServer, command, on_both_engines};

on_both_engines!(
    everyone_is_told_and_has_it_until_it_was_seen,
    one_person_is_told_and_nobody_else,
    pages_show_it_until_it_was_dismissed,
);

fn give(server: &TestServer, arguments: &[&str]) -> String {
    let given = block_in_place(|| beside(server).arg("notice").args(arguments).output());
    let Output { status, stdout, stderr } = given.expect("kith runs");
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).expect("text")
}

async fn notices(person: &Person) -> Vec<Notice> {
    person.client.get("/api/v1/notices").await.json::<ListPage<Notice>>(200).items
}

async fn see(person: &Person, id: impl std::fmt::Display) -> u16 {
    let path = format!("/api/v1/notices/{id}/seen");
    person.client.send(Method::PUT, &path, None).await.status
}

async fn everyone_is_told_and_has_it_until_it_was_seen(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut sockets = [
        Socket::sign_in(&server, &mei).await,
        Socket::sign_in(&server, &mei).await,
        Socket::sign_in(&server, &ana).await,
    ];
    assert_eq!(
        give(&server, &["  Back at six.\nSorry! ", "--until", "2h"]),
        "Everyone will be told.\n"
    );
    let given = Instant::now();
    let mut ids = Vec::new();
    for socket in &mut sockets {
        let told: Notification = socket.expect().await;
        assert!(given.elapsed().as_secs() < 2, "{:?}", given.elapsed());
        assert_eq!((&*told.kind, &*told.body), ("system", "Back at six.\nSorry!"));
        assert_eq!((told.conversation_id, told.seq), (None, None));
        ids.push(told.id);
    }
    let [notice] = notices(&mei).await.try_into().expect("one");
    assert!(ids.iter().all(|id| *id == notice.id));
    assert_eq!(notice.text, "Back at six.\nSorry!");
    let two_hours = 2 * 60 * 60 * 1_000;
    assert!((two_hours - 1_000..=two_hours).contains(&(notice.until - notice.at)), "{notice:?}");
    // It is seen by each for themselves, on whatever device, and once is enough.
    assert_eq!((see(&mei, notice.id).await, see(&mei, notice.id).await), (204, 204));
    assert!(notices(&mei).await.is_empty());
    assert_eq!(notices(&ana).await, std::slice::from_ref(&notice));
    // And past when it ends.
    server.execute("UPDATE notice SET valid_until = 1".into()).await;
    assert!(notices(&ana).await.is_empty());
    server.execute("UPDATE notice SET valid_until = created_at - 90000000".into()).await;
    server.hurry("sweep_notices").await;
    let begun = Instant::now();
    while server.number("SELECT COUNT(*) FROM notice").await > 0 {
        assert!(begun.elapsed().as_secs() < 10, "it is never forgotten");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM notice_seen").await, 0);
}

async fn one_person_is_told_and_nobody_else(mut server: TestServer) {
    let (mut mei, mut ana) = (server.person("mei").await, server.person("ana").await);
    server.kill();
    // Without a server it stands, and is told at the next start.
    assert_eq!(give(&server, &["Call me", "--to", "MEI"]), "MEI will be told.\n");
    server.kill_and_restart(&[]);
    for person in [&mut mei, &mut ana] {
        person.client = server.client().with_bearer(&person.token);
    }
    let mut socket = Socket::sign_in(&server, &mei).await;
    // It may have been told before the socket was there.
    let [notice] = notices(&mei).await.try_into().expect("one");
    assert_eq!(notice.until - notice.at, 30 * 24 * 60 * 60 * 1_000);
    give(&server, &["Call me again", "--to", "mei"]);
    let last = loop {
        let told: Notification = socket.expect().await;
        if told.body == "Call me again" {
            break told;
        }
    };
    assert!(notices(&ana).await.is_empty());
    assert_eq!(notices(&mei).await[0].id, last.id, "the latest first");
    let page = mei.client.get("/api/v1/notices?limit=1").await.json::<ListPage<Notice>>(200);
    let more =
        format!("/api/v1/notices?limit=1&cursor={}", page.next_cursor.expect("a second one"));
    let page = mei.client.get(&more).await.json::<ListPage<Notice>>(200);
    assert_eq!((page.items, page.next_cursor), (vec![notice.clone()], None));
    // Another's is as one that is not there.
    for id in [notice.id.to_string(), "1".into()] {
        let path = format!("/api/v1/notices/{id}/seen");
        ana.client.send(Method::PUT, &path, None).await.assert_error(ErrorKind::NotFound);
    }
    for id in ["0", "-1", "x", "9007199254740992"] {
        assert_eq!(see(&ana, id).await, 400, "{id}");
    }
    assert_eq!(see(&mei, notice.id).await, 204);
}

async fn pages_show_it_until_it_was_dismissed(server: TestServer) {
    let mei = server.browser("mei").await;
    give(&server, &["<b>Back</b> at six"]);
    let page = mei.client.get("/settings?done=x").await.text;
    for part in
        ["aria-label=\"Notice\"", "&lt;b&gt;Back&lt;/b&gt; at six", "value=\"/settings?done=x\""]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let notice = page.split("name=\"id\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [("id", notice.expect("an id")), ("next", "/contacts?x=1")];
    let answer = mei.client.post_form("/notices", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/contacts?x=1"));
    let page = mei.client.get("/").await.text;
    assert!(!page.contains("Back&lt;"), "{page}");
    for (id, next) in [("1", "/"), ("x", "/"), ("", "//evil.example")] {
        let answer = mei.client.post_form("/notices", &[("id", id), ("next", next)]).await;
        assert!([400, 404].contains(&answer.status), "{id}: {}", answer.status);
    }
    let fields = [("id", notice.expect("an id")), ("next", "//evil.example")];
    assert_eq!(mei.client.post_form("/notices", &fields).await.header("location"), "/");
    let chinese = mei.client.with("accept-language", "zh");
    give(&server, &["六点回来"]);
    let page = chinese.get("/").await.text;
    assert!(page.contains("aria-label=\"通知\"") && page.contains("知道了"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_given_is_said_in_one_line() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.person("mei").await;
    let refused = |arguments: &[&str]| {
        block_in_place(|| failure(beside(&server).arg("notice").args(arguments)))
    };
    assert_says(&refused(&["x", "--to", "nobody"]), &["nobody is called nobody"]);
    assert_says(&refused(&["x", "--until", "soon"]), &["--until", "soon", "2026-12-24"]);
    assert_says(&refused(&["x", "--until", "2020-01-01T00:00Z"]), &["past"]);
    for text in ["", " \n ", &"x".repeat(1_001)] {
        assert_says(&refused(&[text]), &["1 to 1000 characters"]);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let usage = command(folder.path()).arg("notice").output().expect("kith runs");
    assert_eq!(usage.status.code(), Some(2));
}
