//! Plain form posts, as a page without script sends them.

use app::protocol::{Conversation, ListPage, Message, MessagePage, Seq, User};
use serde_json::json;

use crate::harness::{Client, TestServer, on_both_engines};

on_both_engines!(
    registering_and_logging_in_lead_to_the_next_page,
    only_our_own_pages_are_next,
    a_form_that_fails_is_shown_again,
    logging_out_leads_to_the_login,
    a_message_is_sent_once_however_often_the_form_is,
    a_first_message_leads_to_its_conversation,
    who_is_not_signed_in_is_asked_to,
);

async fn browser(server: &TestServer, username: &str) -> Client {
    let fields = [("username", username), ("password", "correct horse")];
    let page = server.client().with("origin", &server.url);
    let answer = page.post_form("/register", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    server.client().with_cookies_of(&answer)
}

async fn registering_and_logging_in_lead_to_the_next_page(server: TestServer) {
    let client = server.client();
    let fields = [("username", "mei"), ("nickname", ""), ("password", "correct horse")];
    let answer = client.post_form("/register", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let me: User = client.with_cookies_of(&answer).get("/api/v1/users/me").await.json(200);
    assert_eq!((me.username.as_str(), me.nickname.as_str()), ("mei", "mei"));
    let fields = [("username", "mei"), ("password", "correct horse"), ("next", "/c/5?m=3")];
    let answer = client.post_form("/login", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/c/5?m=3"));
    client.with_cookies_of(&answer).get("/api/v1/users/me").await.json::<User>(200);
}

async fn only_our_own_pages_are_next(server: TestServer) {
    browser(&server, "mei").await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"] {
        let fields = [("username", "mei"), ("password", "correct horse"), ("next", next)];
        let answer = server.client().post_form("/login", &fields).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next}");
    }
}

async fn a_form_that_fails_is_shown_again(server: TestServer) {
    let page = server.client();
    let fields = [("username", "mei"), ("password", "correct horse")];
    let answer = page.post_form("/login", &fields).await;
    assert_eq!(answer.status, 401);
    assert!(answer.set_cookies().is_empty());
    let answer = page.post_form("/register", &[("username", "m"), ("password", "x")]).await;
    assert_eq!(answer.status, 422);
    let mei = browser(&server, "mei").await;
    assert_eq!(page.post_form("/register", &fields).await.status, 409);
    assert_eq!(mei.post_form("/c/1", &[("content", "hi"), ("client_id", "1")]).await.status, 404);
}

async fn logging_out_leads_to_the_login(server: TestServer) {
    let mei = browser(&server, "mei").await;
    let answer = mei.post_form("/logout", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login"));
    assert!(answer.set_cookies().iter().all(|cookie| cookie.contains("Max-Age=0")));
    assert_eq!(mei.get("/api/v1/users/me").await.status, 401);
    // Once more, without a login, is no failure.
    assert_eq!(mei.post_form("/logout", &[]).await.status, 303);
}

async fn a_message_is_sent_once_however_often_the_form_is(server: TestServer) {
    let mei = browser(&server, "mei").await;
    let ana = server.person("ana").await;
    let me: User = mei.get("/api/v1/users/me").await.json(200);
    let body = json!({"client_id": "1", "to_user_id": me.id, "content": "hello"});
    let first: app::protocol::Message = ana.client.post("/api/v1/messages", body).await.json(201);
    let path = format!("/c/{}", first.conversation_id);
    let fields = [("content", "one\r\ntwo"), ("client_id", "form-1"), ("read_seq", "1")];
    for _ in 0..2 {
        let answer = mei.post_form(&path, &fields).await;
        assert_eq!((answer.status, answer.header("location")), (303, path.as_str()));
    }
    let api = format!("/api/v1/conversations/{}", first.conversation_id);
    let page: MessagePage = ana.client.get(&format!("{api}/messages")).await.json(200);
    let texts: Vec<_> = page.items.iter().map(Message::text).collect();
    assert_eq!(texts, ["hello", "one\ntwo"]);
    // What the page showed is read; one's own message, just above, does not hold the mark back.
    let shown: Conversation = mei.get(&api).await.json(200);
    assert_eq!((shown.unread, shown.read_seq), (0, Seq::new(2)));
}

async fn a_first_message_leads_to_its_conversation(server: TestServer) {
    let mei = browser(&server, "mei").await;
    let ana = server.person("ana").await;
    let path = format!("/new/{}", ana.user.id);
    let fields = [("content", "hello"), ("client_id", "form-1")];
    let answer = mei.post_form(&path, &fields).await;
    let list: ListPage<Conversation> = ana.client.get("/api/v1/conversations").await.json(200);
    let there = format!("/c/{}", list.items[0].id);
    assert_eq!((answer.status, answer.header("location")), (303, there.as_str()));
}

async fn who_is_not_signed_in_is_asked_to(server: TestServer) {
    let answer = server.client().post_form("/c/5", &[("content", "hi"), ("client_id", "1")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login?next=/c/5"));
}
