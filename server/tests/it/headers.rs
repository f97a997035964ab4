//! What the answers' heads say, whatever was asked.

use reqwest::Method;

use crate::harness::{Client, Engine, HttpResponse, TestServer, on_both_engines};

on_both_engines!(no_header_breaks_by_what_it_is_made_of, every_answer_has_a_policy);

/// What a header cannot hold, and what leads elsewhere.
const HOSTILE: [&str; 14] = [
    "/\0x",
    "/\r\nSet-Cookie: a=b",
    "/\n",
    "/\u{7f}",
    "/\u{1b}[2J",
    "/a b",
    "/é",
    "/林美?q=🌿",
    "/\u{2028}",
    "/\u{202e}",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
];

/// Percent-encodes all of it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// Leads to a page of ours, if it leads anywhere.
fn assert_fine(answer: &HttpResponse, what: &str) {
    assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
    if answer.status == 303 {
        let location = answer.headers.get("location").expect("a location").as_bytes();
        assert!(location.starts_with(b"/") && !location.starts_with(b"//"), "{what}: {location:?}");
        assert!(location.iter().all(u8::is_ascii_graphic), "{what}: {location:?}");
        assert!(!location.contains(&b'\\'), "{what}: {location:?}");
    }
    for cookie in answer.set_cookies() {
        assert!(!cookie.starts_with("a="), "{what}: {cookie}");
    }
}

async fn no_header_breaks_by_what_it_is_made_of(server: TestServer) {
    let mei = server.browser("mei").await;
    let ana = server.person("ana").await;
    let page = server.client().with("origin", &server.url);
    let credentials = [("username", "mei"), ("password", "correct horse")];
    for (round, text) in HOSTILE.into_iter().enumerate() {
        let encoded = encoded(text);
        // Pages, for who is signed in and who is not.
        for path in [
            format!("/login?next={encoded}"),
            format!("/register?next={encoded}"),
            format!("/?next={encoded}&chats={encoded}"),
            format!("/{encoded}"),
            format!("/new/group?query={encoded}"),
            format!("/c/1/forward?m={encoded}"),
        ] {
            for client in [&mei.client, &page] {
                assert_fine(&client.get(&path).await, &path);
            }
        }
        // Forms.
        let name = format!("someone{round}");
        let register = [("username", name.as_str()), ("password", "correct horse")];
        let person = format!("/u/{}", ana.user.id);
        let person = person.as_str();
        for (client, path, fields) in [
            (&page, "/login", &credentials[..]),
            (&page, "/register", &register),
            (&page, "/preferences", &[("lang", text), ("theme", text)]),
            (&page, "/preferences", &[("lang", "zh"), ("theme", "dark")]),
            (&mei.client, person, &[("part", "contact"), ("alias", "Ana")]),
            (&mei.client, person, &[("part", text)]),
            (&mei.client, "/new/group", &[("name", "x"), ("query", text), ("enter", "")]),
            (&mei.client, "/c/1/info", &[("part", text)]),
            (&mei.client, "/settings/nickname", &[("nickname", text)]),
        ] {
            let fields: Vec<_> = fields.iter().copied().chain([("next", text)]).collect();
            assert_fine(&client.post_form(path, &fields).await, &format!("{path} {fields:?}"));
        }
        // Headers that come back, as far as a client can send them.
        if let Ok(value) = reqwest::header::HeaderValue::from_bytes(text.as_bytes()) {
            for name in ["x-request-id", "user-agent", "cookie", "accept-language", "if-none-match"]
            {
                let answer = server.client().with_bytes(name, &value).get("/login").await;
                assert_fine(&answer, name);
                let id = answer.header("x-request-id");
                assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
            }
        }
    }
}

async fn every_answer_has_a_policy(server: TestServer) {
    let mei = server.browser("mei").await;
    let ana = server.person("ana").await;
    let group = ana.group("Square", &[&mei]).await.id;
    let paths = [
        "/",
        "/login",
        "/settings",
        "/nothing",
        "/emoji",
        "/people?query=a",
        "/healthz",
        "/readyz",
        "/icon.svg",
        "/ws",
        "/api/docs",
        "/api/openapi.json",
        "/api/v1/users/me",
        "/api/v1/nothing",
        "/c/1",
        "/c/x/mentions",
        "/settings/nickname",
    ];
    let mentions = format!("/c/{group}/mentions?name=a");
    for path in paths.into_iter().chain([mentions.as_str()]) {
        for client in [&mei.client, &server.client()] {
            assert_policy(client, Method::GET, path).await;
        }
    }
    for path in ["/logout", "/c/1", "/nothing", "/api/v1/auth/login"] {
        assert_policy(&server.client(), Method::POST, path).await;
    }
    // A part of a page is nothing by itself.
    let fragment = mei.client.get("/people?query=a").await;
    assert_eq!(
        fragment.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'"
    );
}

async fn assert_policy(client: &Client, method: Method, path: &str) {
    let answer = client.send(method, path, None).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src '"), "{path}: {policy:?}");
    assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    // Nothing promises TLS where there is none.
    assert_eq!(answer.header("strict-transport-security"), "", "{path}");
}

#[tokio::test]
async fn browsers_are_told_to_come_by_tls_where_the_site_has_it() {
    let variables = [("KITH_PUBLIC_URL", "https://chat.example")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    for path in
        ["/", "/login", "/nothing", "/emoji", "/icon.svg", "/healthz", "/api/v1/users/me", "/ws"]
    {
        let answer = server.client().get(path).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
}
