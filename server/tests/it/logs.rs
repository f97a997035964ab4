//! The log: a request can be found in it by its id, and no secret can. (Beside these tests the
//! harness searches the logs of all others.)

use app::protocol::{Command, ConversationId, ErrorKind};
use serde_json::{Value, json};

use crate::harness::{ErrorFrame, Socket, TestServer, on_both_engines};

on_both_engines!(requests_have_ids, a_failure_of_ours_is_found_by_its_id,);

on_both_engines!(with [("KITH_LOG", "trace")]; secrets_stay_out_of_the_log);

/// The log's lines, each of which must be JSON.
fn lines(server: &TestServer) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    server.log().lines().map(parse).collect()
}

async fn requests_have_ids(server: TestServer) {
    let ask = async |id: &str| {
        let answer = server.client().with("x-request-id", id).get("/api/v1/users/me?a=b").await;
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(ask("proxy-7f.3_A").await, "proxy-7f.3_A");
    for odd in ["", "two words", "{\"id\":1}", &"x".repeat(65)] {
        let id = ask(odd).await;
        assert!(id.len() == 16 && id != odd, "{id}");
    }
    let lines = lines(&server);
    let answered = |line: &&Value| line["target"] == "kith::requests";
    let line = lines.iter().filter(answered).find(|line| line["span"]["id"] == "proxy-7f.3_A");
    let line = line.unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(line["span"]["method"], "GET");
    assert_eq!(line["span"]["path"], "/api/v1/users/me", "without its query");
    assert_eq!((&line["status"], &line["level"]), (&json!(401), &json!("DEBUG")));
    assert!(line["ms"].is_u64(), "{line}");
}

async fn a_failure_of_ours_is_found_by_its_id(server: TestServer) {
    let mei = server.person("mei").await;
    // A table that is gone is nobody's fault but ours.
    server.execute("DROP TABLE message_session".to_owned()).await;
    let answer = mei.client.with("x-request-id", "abc").get("/api/v1/conversations").await;
    answer.assert_error(ErrorKind::Internal);
    assert_eq!(answer.error().request_id.as_deref(), Some("abc"));
    assert!(!answer.text.contains("message_session"), "opaque: {}", answer.text);
    let lines = lines(&server);
    let of_it: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(of_it.len(), 1, "said once: {of_it:?}");
    assert_eq!(of_it[0]["request_id"], "abc");
    assert!(of_it[0]["error"].as_str().is_some_and(|why| why.contains("message_session")));
}

async fn secrets_stay_out_of_the_log(server: TestServer) {
    let client = server.client();
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    // Signing in, in all ways, also badly.
    let log_in = |password: &str| json!({"username": "mei", "password": password, "cookies": true});
    client.post("/api/v1/auth/login", log_in("not this one")).await;
    let cookies = client.post("/api/v1/auth/login", log_in("correct horse")).await;
    let browser = client.with_cookies_of(&cookies);
    client.post("/api/v1/auth/refresh", json!({"refresh_token": mei.refresh_token})).await;
    client.post("/api/v1/auth/refresh", json!({"refresh_token": "1.1.forged-token"})).await;
    client.post_text("/api/v1/auth/register", Some("{\"password\": \"half a password")).await;
    let form = [("username", "eve"), ("password", "form password"), ("nickname", "Eve")];
    client.post_form("/register", &form).await;
    client.post_form("/login", &[("username", "eve"), ("password", "wrong password")]).await;
    // Reading and writing, also badly.
    let message = mei.write_to(&ana, "1", "a text over HTTP").await;
    let id = message.conversation_id;
    let refused = json!({"client_id": "2", "conversation_id": 5, "content": "a refused text"});
    mei.client.post("/api/v1/messages", refused).await;
    mei.client.post_text("/api/v1/messages", Some("{\"content\": \"a broken text")).await;
    browser
        .post_form(&format!("/c/{id}"), &[("client_id", "3"), ("content", "a form's text")])
        .await;
    browser.get(&format!("/c/{id}")).await;
    mei.client.get("/api/v1/users?query=secret-search").await;
    // The socket.
    let mut socket = Socket::sign_in(&server, &mei).await;
    socket.say(id, "4", "a text over the socket").await;
    let mut other = Socket::sign_in(&server, &ana).await;
    other.send(Socket::message(ConversationId::new(9), "5", "a text to nowhere")).await;
    other.find::<ErrorFrame>().await;
    let mut unknown = Socket::open(&server).await;
    unknown.send(Command::Auth { token: "a forged token".into() }).await;
    unknown.drain().await;
    browser.post_form("/logout", &[]).await;

    let log = server.log();
    assert!(log.contains("/api/v1/auth/login") && log.contains("\"TRACE\""), "it is written");
    let mut secrets = vec![
        "correct horse",
        "not this one",
        "half a password",
        "form password",
        "wrong password",
        "secret-search",
        "forged",
        "a text",
        "a refused text",
        "a broken text",
        "a form",
        &mei.token,
        &mei.refresh_token,
    ];
    secrets.extend(cookies.cookies().iter().filter_map(|cookie| cookie.split('=').nth(1)));
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret:?} in: {line:?}");
    }
}
