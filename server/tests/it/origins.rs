//! Which pages may act with our cookies.

use app::protocol::{ErrorKind, User};
use serde_json::json;

use crate::harness::{Client, Engine, Socket, TestServer, on_both_engines};

on_both_engines!(foreign_pages_change_nothing, a_socket_is_opened_by_our_own_pages_only);

async fn signed_in(server: &TestServer) -> Client {
    server.person("mei").await;
    let body = json!({"username": "mei", "password": "correct horse", "cookies": true});
    let answer = server.client().post("/api/v1/auth/login", body).await;
    server.client().with("cookie", &answer.cookies().join("; "))
}

/// Not ours, whatever they look like.
fn foreign(server: &TestServer) -> Vec<String> {
    let host = server.url.trim_start_matches("http://");
    let (name, _) = host.split_once(':').expect("a port");
    let mut origins = vec!["null".to_owned(), "https://evil.example".to_owned(), String::new()];
    origins.extend([
        format!("http://{host}.evil.example"),
        format!("http://evil.example/{host}"),
        format!("http://evil-{host}"),
        format!("http://{name}"),
        format!("http://{name}:1"),
        format!("http://{host}0"),
        format!("http://user@{host}"),
        format!("http://{host}/"),
        format!("http://{host}, http://evil.example"),
        host.to_owned(),
    ]);
    origins
}

async fn foreign_pages_change_nothing(server: TestServer) {
    let browser = signed_in(&server).await;
    for origin in foreign(&server) {
        let page = browser.with("origin", &origin);
        for path in ["/api/v1/auth/logout", "/logout", "/api/v1/messages", "/login"] {
            page.post_text(path, None).await.assert_error(ErrorKind::Forbidden);
        }
        // Without our cookie a foreign page is refused, too.
        let page = server.client().with("origin", &origin);
        page.post("/api/v1/auth/login", json!({})).await.assert_error(ErrorKind::Forbidden);
    }
    // A missing one is refused where our cookie is carried, and only there.
    browser.post_text("/api/v1/auth/logout", None).await.assert_error(ErrorKind::Forbidden);
    // Looking is free; what is read there the browser keeps from a foreign page.
    browser.with("origin", "https://evil.example").get("/api/v1/users/me").await.json::<User>(200);
    let own = browser.with("origin", &server.url);
    assert_eq!(own.post_text("/api/v1/auth/logout", None).await.status, 204);
}

async fn a_socket_is_opened_by_our_own_pages_only(server: TestServer) {
    let browser = signed_in(&server).await;
    let cookie = browser.header("cookie");
    for origin in foreign(&server) {
        let headers = [("cookie", cookie.as_str()), ("origin", origin.as_str())];
        assert_eq!(Socket::open_with(&server, &headers).await.err(), Some(403), "{origin}");
        let headers = [("origin", origin.as_str())];
        assert_eq!(Socket::open_with(&server, &headers).await.err(), Some(403), "{origin}");
    }
    let headers = [("cookie", cookie.as_str())];
    assert_eq!(Socket::open_with(&server, &headers).await.err(), Some(403));
    Socket::sign_in_by_cookie(&server, &cookie).await;
}

#[tokio::test]
async fn with_a_public_url_only_that_is_ours() {
    let variables = [("KITH_PUBLIC_URL", "http://Chat.Example:80/")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    let cookie = signed_in(&server).await.header("cookie");
    let log_in = async |origin: &str| {
        let client = server.client().with("origin", origin);
        client.post("/api/v1/auth/login", json!({})).await
    };
    let open = async |origin: &str| {
        let headers = [("cookie", cookie.as_str()), ("origin", origin)];
        Socket::open_with(&server, &headers).await.err()
    };
    log_in("http://chat.example").await.assert_error(ErrorKind::BadRequest);
    assert_eq!(open("http://chat.example").await, None);
    for foreign in [
        server.url.as_str(),
        "https://chat.example",
        "http://chat.example:81",
        "http://evilchat.example",
        "http://chat.example.evil.com",
        "http://evil.com/chat.example",
        "http://chat.example@evil.com",
        "http://example",
        "http://chat.example.",
        "chat.example",
        "null",
        "",
    ] {
        log_in(foreign).await.assert_error(ErrorKind::Forbidden);
        assert_eq!(open(foreign).await, Some(403), "{foreign}");
    }
}
