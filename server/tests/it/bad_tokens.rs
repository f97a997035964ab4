//! Access tokens that are not, or no longer, ours: refused in every way in which one is shown.

use app::protocol::{AuthResponse, Command, ErrorKind, close};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::harness::tokens::{KEY, claims, header, signed};
use crate::harness::{ErrorFrame, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_JWT_SECRET", super::KEY)];
    what_we_did_not_sign_is_refused,
    claims_that_are_not_ours_are_refused,
    what_is_past_its_time_is_told_so,
    a_login_is_its_owners_alone,
    a_refresh_token_is_no_access_token,
);

/// Under a header of our choice, with a signature by HS256 and the right key.
fn signed_under(header: &Value, claims: &Value) -> String {
    let body =
        format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let key = EncodingKey::from_secret(KEY.as_bytes());
    let signature = jsonwebtoken::crypto::sign(body.as_bytes(), &key, Algorithm::HS256);
    format!("{body}.{}", signature.expect("a signature"))
}

/// That a token is refused everywhere, and as what.
async fn assert_refused(server: &TestServer, token: &str, kind: ErrorKind, case: &str) {
    let client = server.client().with_bearer(token);
    for path in ["/api/v1/users/me", "/api/v1/conversations", "/api/v1/conversations/1/messages"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.error().kind), (401, kind), "{case}: {path}");
    }
    let message = json!({"client_id": "1", "to_user_id": 1, "content": "forged"});
    client.post("/api/v1/messages", message).await.assert_error(kind);
    let by_cookie = server.client().with("cookie", &format!("kith_access={token}"));
    by_cookie.get("/api/v1/users/me").await.assert_error(kind);
    // By `auth`: told, and closed.
    let mut socket = Socket::open(server).await;
    socket.send_as("a", Command::Auth { token: token.to_owned() }).await;
    let refused: ErrorFrame = socket.expect().await;
    assert_eq!((refused.id.as_deref(), refused.error.kind), (Some("a"), kind), "{case}");
    assert_eq!(refused.error.code, 401, "{case}");
    assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED, "{case}");
    // By the upgrade: taken, and closed, with the header as with the cookie.
    let (bearer, cookie) = (format!("Bearer {token}"), format!("kith_access={token}"));
    for headers in [
        &[("authorization", bearer.as_str())][..],
        &[("cookie", cookie.as_str()), ("origin", server.url.as_str())],
    ] {
        let mut socket = Socket::open_with(server, headers).await.expect("taken");
        assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED, "{case}");
    }
}

async fn what_we_did_not_sign_is_refused(server: TestServer) {
    let mei = server.person("mei").await;
    let claims = claims(&mei.token);
    // The test signs as the server does, so that what follows is refused for one reason only.
    assert_eq!(
        server.client().with_bearer(&signed(&claims)).get("/api/v1/users/me").await.status,
        200
    );
    let right = EncodingKey::from_secret(KEY.as_bytes());
    let hs512 = jsonwebtoken::encode(&header(Algorithm::HS512), &claims, &right).expect("a JWT");
    let hs384 = jsonwebtoken::encode(&header(Algorithm::HS384), &claims, &right).expect("a JWT");
    let wrong = EncodingKey::from_secret(b"another-key-of-the-same-length-12345");
    let other_key = jsonwebtoken::encode(&header(Algorithm::HS256), &claims, &wrong);
    let named =
        |algorithm: &str| signed_under(&json!({"typ": "at+jwt", "alg": algorithm}), &claims);
    let (head, signature) = mei.token.rsplit_once('.').expect("three parts");
    let none = BASE64.encode(r#"{"typ":"at+jwt","alg":"none"}"#);
    let middle = head.split_once('.').expect("three parts").1;
    let mut other_claims = claims.clone();
    other_claims["sub"] = json!("1");
    let other_claims = BASE64.encode(other_claims.to_string());
    for (case, token) in [
        ("none", format!("{none}.{middle}.")),
        ("none with a signature", format!("{none}.{middle}.{signature}")),
        ("None", named("None")),
        ("HS512", hs512),
        ("HS384", hs384),
        ("named HS512", named("HS512")),
        ("named RS256", named("RS256")),
        ("named ES256", named("ES256")),
        ("another key", other_key.expect("a JWT")),
        ("no signature", format!("{head}.")),
        (
            "other claims",
            format!("{}.{other_claims}.{signature}", &head[..head.find('.').expect("one")]),
        ),
        ("two parts", head.to_owned()),
        ("not a JWT", "forged-token".to_owned()),
    ] {
        assert_refused(&server, &token, ErrorKind::Unauthenticated, case).await;
    }
}

async fn claims_that_are_not_ours_are_refused(server: TestServer) {
    let mei = server.person("mei").await;
    let claims = claims(&mei.token);
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        signed(&claims)
    };
    let without = |name: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().expect("an object").remove(name);
        signed(&claims)
    };
    let later = claims["nbf"].as_i64().expect("seconds") + 600;
    let mut cases = vec![
        ("aud", with("aud", json!("other"))),
        ("aud of several", with("aud", json!(["other", "another"]))),
        ("iss", with("iss", json!("other"))),
        ("nbf", with("nbf", json!(later))),
        ("sub", with("sub", json!("mei"))),
        ("sid", with("sid", json!("x"))),
        ("exp that is none", with("exp", json!("never"))),
        ("typ", signed_under(&json!({"typ": "JWT", "alg": "HS256"}), &claims)),
        ("no typ", signed_under(&json!({"alg": "HS256"}), &claims)),
    ];
    for name in ["exp", "nbf", "iss", "aud", "sub", "sid"] {
        cases.push((name, without(name)));
    }
    for (case, token) in cases {
        assert_refused(&server, &token, ErrorKind::Unauthenticated, case).await;
    }
}

async fn what_is_past_its_time_is_told_so(server: TestServer) {
    let mei = server.person("mei").await;
    let mut claims = claims(&mei.token);
    for name in ["iat", "nbf", "exp"] {
        claims[name] = json!(claims[name].as_i64().expect("seconds") - 16 * 60);
    }
    assert_refused(&server, &signed(&claims), ErrorKind::TokenExpired, "expired").await;
}

async fn a_login_is_its_owners_alone(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut mixed = claims(&mei.token);
    mixed["sid"] = claims(&ana.token)["sid"].clone();
    // Known already, and then asked for the first time.
    ana.client.get("/api/v1/users/me").await;
    assert_refused(&server, &signed(&mixed), ErrorKind::Unauthenticated, "another's login").await;
    mixed["sid"] = json!(1);
    assert_refused(&server, &signed(&mixed), ErrorKind::Unauthenticated, "no login").await;
    for person in [&mei, &ana] {
        assert_eq!(person.client.get("/api/v1/users/me").await.status, 200);
    }
}

async fn a_refresh_token_is_no_access_token(server: TestServer) {
    let mei = server.person("mei").await;
    assert_refused(&server, &mei.refresh_token, ErrorKind::Unauthenticated, "refresh").await;
    // A login that has ended: its token is as good as forged, and so is its refresh token.
    let body = json!({"username": "mei", "password": "correct horse"});
    let other: AuthResponse = server.client().post("/api/v1/auth/login", body).await.json(200);
    let other = Person::of(&server.client(), &other);
    assert_eq!(other.client.post_text("/api/v1/auth/logout", None).await.status, 204);
    assert_refused(&server, &other.token, ErrorKind::Unauthenticated, "ended").await;
    let again = json!({"refresh_token": other.refresh_token});
    let again = server.client().post("/api/v1/auth/refresh", again).await;
    again.assert_error(ErrorKind::Unauthenticated);
}
