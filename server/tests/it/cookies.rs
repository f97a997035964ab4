//! Logging in by cookie, as pages do.

use app::protocol::{AuthResponse, ErrorKind, User};
use serde_json::json;

use crate::harness::{Client, Engine, HttpResponse, TestServer, on_both_engines};

on_both_engines!(
    tokens_go_into_cookies_where_scripts_cannot_see_them,
    a_cookie_is_refreshed_without_a_body,
    a_navigation_is_refreshed_on_the_way,
    a_cancelled_navigation_logs_nobody_out,
    logging_out_takes_the_cookies_back,
);

async fn log_in(client: &Client) -> HttpResponse {
    let body = json!({"username": "mei", "password": "correct horse", "cookies": true});
    client.post("/api/v1/auth/login", body).await
}

async fn tokens_go_into_cookies_where_scripts_cannot_see_them(server: TestServer) {
    server.person("mei").await;
    let answer = log_in(&server.client()).await;
    let body: AuthResponse = answer.json(200);
    assert_eq!((body.access_token, body.refresh_token), (None, None));
    let cookies = answer.set_cookies();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    for cookie in cookies {
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure") && !cookie.contains("__Host-"), "{cookie}");
    }
    let browser = server.client().with_cookies_of(&answer);
    assert_eq!(browser.get("/api/v1/users/me").await.json::<User>(200), body.user);
}

#[tokio::test]
async fn under_https_cookies_keep_to_it() {
    let variables = [("KITH_PUBLIC_URL", "https://chat.example")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    server.person("mei").await;
    let answer = log_in(&server.client().with("origin", "https://chat.example")).await;
    for cookie in answer.set_cookies() {
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
    }
    let browser = server.client().with("cookie", &answer.cookies().join("; "));
    browser.get("/api/v1/users/me").await.json::<User>(200);
}

async fn a_cookie_is_refreshed_without_a_body(server: TestServer) {
    server.person("mei").await;
    let browser = server.client().with_cookies_of(&log_in(&server.client()).await);
    let answer = browser.post_text("/api/v1/auth/refresh", None).await;
    let body: AuthResponse = answer.json(200);
    assert_eq!((body.access_token, body.refresh_token), (None, None));
    assert_eq!(answer.cookies().len(), 2);
    // A second tab that still has the old cookie gets the same successor.
    let again = browser.post_text("/api/v1/auth/refresh", None).await;
    let refresh = |answer: &HttpResponse| answer.cookies()[1].to_owned();
    assert_eq!(refresh(&again), refresh(&answer));
}

async fn a_navigation_is_refreshed_on_the_way(server: TestServer) {
    server.person("mei").await;
    let answer = log_in(&server.client()).await;
    let refresh = answer.cookies()[1].to_owned();
    let browser = server.client().with("cookie", &format!("kith_access=stale; {refresh}"));
    let browser = browser.with("origin", &server.url);
    // Without Fetch Metadata it may be a navigation; a script's call is none.
    let page = browser.get("/login").await;
    assert_eq!(page.cookies().len(), 2, "{page:?}");
    let renewed = server.client().with_cookies_of(&page);
    renewed.get("/api/v1/users/me").await.json::<User>(200);
    let call = browser.with("sec-fetch-mode", "cors").get("/login").await;
    assert!(call.cookies().is_empty(), "{call:?}");
    // Cookies that lead nowhere are taken back.
    let lost = server.client().with("cookie", "kith_access=stale; kith_refresh=1.1.x");
    let page = lost.get("/login").await;
    assert!(page.set_cookies().iter().all(|cookie| cookie.contains("Max-Age=0")), "{page:?}");
    assert_eq!(page.set_cookies().len(), 2);
}

async fn a_cancelled_navigation_logs_nobody_out(server: TestServer) {
    server.person("mei").await;
    let refresh = log_in(&server.client()).await.cookies()[1].to_owned();
    let stale = server.client().with("cookie", &format!("kith_access=stale; {refresh}"));
    // Answers that the browser did not wait for: their cookies never arrive.
    for _ in 0..3 {
        assert_eq!(stale.get("/login").await.cookies().len(), 2);
    }
    server.set_back_logins(3_600_000).await;
    let page = stale.get("/login").await;
    let arrived = server.client().with_cookies_of(&page);
    arrived.get("/api/v1/users/me").await.json::<User>(200);
    // The next one goes on from there, while one that was cancelled late is still on its way.
    let next = page.cookies()[1].to_owned();
    let next = server.client().with("cookie", &format!("kith_access=stale; {next}"));
    assert_eq!(next.get("/login").await.cookies().len(), 2);
    assert_eq!(stale.get("/login").await.cookies()[1], page.cookies()[1]);
    arrived.get("/api/v1/users/me").await.json::<User>(200);
}

async fn logging_out_takes_the_cookies_back(server: TestServer) {
    server.person("mei").await;
    let answer = log_in(&server.client()).await;
    // Even when the access token has expired meanwhile.
    let cookies = format!("kith_access=stale; {}", answer.cookies()[1]);
    let browser = server.client().with("cookie", &cookies).with("origin", &server.url);
    let goodbye = browser.post_text("/api/v1/auth/logout", None).await;
    assert_eq!(goodbye.status, 204);
    assert!(goodbye.set_cookies().iter().all(|cookie| cookie.contains("Max-Age=0")));
    let browser = server.client().with_cookies_of(&answer);
    browser.get("/api/v1/users/me").await.assert_error(ErrorKind::Unauthenticated);
}
