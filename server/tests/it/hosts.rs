//! Under which names the server answers.

use app::protocol::{ErrorKind, Me};
use reqwest::Method;

use crate::harness::{Engine, Raw, Socket, TestServer, on_both_engines};

on_both_engines!(a_foreign_name_is_no_way_in);

const FOREIGN: [&str; 5] =
    ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "localhost.", "nas.local."];

async fn a_foreign_name_is_no_way_in(server: TestServer) {
    let mei = server.browser("mei").await;
    let cookie = mei.client.header("cookie");
    for host in FOREIGN {
        // As a page does whose name leads here: to its browser all of it is one site.
        let origin = format!("http://{host}");
        let foreign = mei.client.with("host", host).with("origin", &origin);
        for (method, path) in [
            (Method::GET, "/api/v1/users/me"),
            (Method::POST, "/api/v1/auth/register"),
            (Method::GET, "/api/openapi.json"),
            (Method::GET, "/api/v1/nothing"),
        ] {
            foreign.send(method, path, None).await.assert_error(ErrorKind::Misdirected);
        }
        let headers = [("host", host), ("origin", origin.as_str()), ("cookie", cookie.as_str())];
        assert_eq!(Socket::open_with(&server, &headers).await.err(), Some(421), "{host}");
        for path in ["/", "/login", "/people?query=a", "/nothing"] {
            let page = foreign.get(path).await;
            assert_eq!(page.status, 421, "{host}{path}");
            let setting = format!("KITH_PUBLIC_URL=http://{host}");
            assert!(page.text.contains(&setting), "{host}{path}: {}", page.text);
            assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
            assert_eq!(page.header("cache-control"), "no-store");
        }
        assert_eq!(foreign.post_form("/login", &[]).await.status, 421, "{host}");
        for path in ["/healthz", "/readyz", "/icon.svg"] {
            assert_eq!(foreign.get(path).await.status, 200, "{host}{path}");
        }
    }
    let chinese = mei.client.with("host", "evil.example").with("accept-language", "zh-CN");
    assert!(chinese.get("/").await.text.contains("这不是本服务器的地址"));
    for host in
        ["localhost", "LOCALHOST:3000", "nas", "nas.local:3000", "[::1]:3000", "192.168.1.7"]
    {
        let own = mei.client.with("host", host).with("origin", &format!("http://{host}"));
        own.get("/api/v1/users/me").await.json::<Me>(200);
        assert_eq!(own.post_form("/preferences", &[("theme", "dark")]).await.status, 303, "{host}");
    }
}

/// The first line and the `Host`s of a request by hand; its status.
async fn ask(server: &TestServer, line: &str, hosts: &[&str]) -> u16 {
    let hosts: Vec<_> = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
    let hosts = hosts.concat();
    let mut connection = Raw::connect(server).await;
    assert!(connection.send(format!("{line}\r\n{hosts}Connection: close\r\n\r\n")).await);
    connection.answer().await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_and_old_versions_of_http_are_thought_of() {
    let server = TestServer::start(Engine::Sqlite).await;
    for (line, hosts, status) in [
        // A target with a host of its own takes the place of the header.
        ("GET http://evil.example/login HTTP/1.1", &["localhost"][..], 421),
        ("GET http://localhost/login HTTP/1.1", &["evil.example"], 200),
        ("GET http://evil.example/login HTTP/1.1", &[], 421),
        // Before HTTP/1.1 there need be none.
        ("GET /login HTTP/1.0", &[], 200),
        ("GET /login HTTP/1.0", &["evil.example"], 421),
        ("GET /login HTTP/1.1", &[], 400),
        ("GET /login HTTP/1.1", &["localhost", "evil.example"], 400),
        ("GET /login HTTP/1.1", &["localhost", "localhost"], 400),
        ("GET /login HTTP/1.1", &["localhost, evil.example"], 400),
        ("GET /login HTTP/1.1", &["user@localhost"], 400),
        ("GET /login HTTP/1.1", &[""], 400),
    ] {
        assert_eq!(ask(&server, line, hosts).await, status, "{line} {hosts:?}");
    }
}

/// Then the origin is held against that, and nothing against the `Host`.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_public_url_any_name_will_do() {
    let variables = [("KITH_PUBLIC_URL", "http://chat.example")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    for host in ["chat.example", "127.0.0.1", "kith.internal", "evil.example"] {
        let client = server.client().with("host", host);
        assert_eq!(client.get("/login").await.status, 200, "{host}");
        let page = async |origin: &str| {
            let page = client.with("origin", origin);
            page.post_text("/api/v1/auth/login", Some("{}")).await
        };
        page("http://chat.example").await.assert_error(ErrorKind::BadRequest);
        page("http://evil.example").await.assert_error(ErrorKind::Forbidden);
    }
    assert_eq!(ask(&server, "GET /login HTTP/1.1", &[]).await, 400);
}
