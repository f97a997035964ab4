//! The server-rendered pages: in the reader's language and theme, with the status that fits.

use app::protocol::User;
use serde_json::json;

use crate::harness::{Client, HttpResponse, Person, TestServer, on_both_engines};

on_both_engines!(
    a_page_is_in_the_language_that_the_browser_likes,
    a_choice_stands_above_what_the_browser_says,
    a_theme_is_on_the_page_from_the_first_byte,
    what_is_chosen_is_remembered_by_cookies,
    errors_of_forms_are_in_the_readers_language,
    a_page_brings_the_texts_of_its_language,
    a_profile_leads_to_the_conversation,
    nobody_is_a_page_that_says_so,
    a_day_leads_to_its_first_message,
);

/// A browser in which this person is signed in.
async fn browser(server: &TestServer, person: &Person) -> Client {
    let fields = [("username", person.user.username.as_str()), ("password", "correct horse")];
    let answer = server.client().post_form("/login", &fields).await;
    server.client().with_cookies_of(&answer)
}

fn assert_has(answer: &HttpResponse, text: &str) {
    assert!(answer.text.contains(text), "no {text} in {}", answer.text);
}

async fn a_page_is_in_the_language_that_the_browser_likes(server: TestServer) {
    for (header, tag, word) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "用户名"),
        ("fr,zh;q=0.2,en;q=0.1", "zh-Hans", "用户名"),
        ("en-GB,zh;q=0.9", "en", "Username"),
        ("fr", "en", "Username"),
    ] {
        let page = server.client().with("accept-language", header).get("/login").await;
        assert_has(&page, &format!("<html lang=\"{tag}\""));
        assert_has(&page, word);
    }
}

async fn a_choice_stands_above_what_the_browser_says(server: TestServer) {
    let chinese = server.client().with("accept-language", "zh-CN");
    assert_has(&chinese.with("cookie", "lang=en").get("/login").await, "Username");
    assert_has(&server.client().with("cookie", "lang=zh").get("/login").await, "用户名");
    // A language that we do not speak is no choice.
    assert_has(&chinese.with("cookie", "lang=xx\"><b>").get("/login").await, "用户名");
}

async fn a_theme_is_on_the_page_from_the_first_byte(server: TestServer) {
    let page = |cookie: &'static str| {
        let client = server.client().with("cookie", cookie);
        async move { client.get("/login").await }
    };
    let dark = page("theme=dark").await;
    assert_has(&dark, " data-theme=\"dark\"");
    assert_has(&dark, "<meta name=\"color-scheme\" content=\"dark\">");
    assert_has(&page("theme=light").await, " data-theme=\"light\"");
    for system in ["", "theme=", "theme=\"><script>"] {
        let page = page(system).await;
        assert!(!page.text.contains("data-theme"), "{system}");
        assert_has(&page, "<meta name=\"color-scheme\" content=\"light dark\">");
    }
}

async fn what_is_chosen_is_remembered_by_cookies(server: TestServer) {
    let client = server.client();
    let fields = [("lang", "zh"), ("theme", "dark"), ("next", "/register?next=%2Fc%2F5")];
    let answer = client.post_form("/preferences", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/register?next=%2Fc%2F5"));
    assert_eq!(answer.cookies(), ["lang=zh", "theme=dark"]);
    assert!(answer.set_cookies().iter().all(|cookie| cookie.contains("Path=/; Max-Age=34560000")));
    let page = client.with_cookies_of(&answer).get("/login").await;
    assert_has(&page, "<html lang=\"zh-Hans\" data-theme=\"dark\"");
    // The system's theme is the absence of a choice; what is not named stays.
    let answer = client.post_form("/preferences", &[("theme", "system")]).await;
    assert_eq!(answer.set_cookies(), ["theme=; Path=/; Max-Age=0; SameSite=Lax"]);
    let answer = client.post_form("/preferences", &[("lang", "tlh")]).await;
    assert!(answer.set_cookies().is_empty());
    let elsewhere = [("lang", "en"), ("next", "//evil.example")];
    assert_eq!(client.post_form("/preferences", &elsewhere).await.header("location"), "/");
}

async fn errors_of_forms_are_in_the_readers_language(server: TestServer) {
    let fields = [("username", "nobody"), ("password", "correct horse")];
    let chinese = server.client().with("accept-language", "zh");
    assert_has(&chinese.post_form("/login", &fields).await, "用户名与密码不匹配。");
    let answer = server.client().post_form("/login", &fields).await;
    assert_has(&answer, "Username and password do not belong together.");
}

async fn a_page_brings_the_texts_of_its_language(server: TestServer) {
    let mei = server.person("mei").await;
    let page = browser(&server, &mei).await.with("accept-language", "zh").get("/").await;
    let texts = page.text.split("id=\"words\">").nth(1).and_then(|rest| rest.split('<').next());
    let texts: Vec<String> = serde_json::from_str(texts.expect("texts")).expect("a list");
    assert!(texts.iter().any(|text| text == "昨天"));
    // What the server alone puts into pages stays there.
    assert!(!texts.iter().any(|text| text == "用户名"));
}

async fn a_profile_leads_to_the_conversation(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let client = browser(&server, &mei).await;
    let (theirs, own) = (format!("/u/{}", ana.user.id), format!("/u/{}", mei.user.id));
    let page = client.get(&theirs).await;
    assert_eq!(page.status, 200);
    assert_has(&page, "@<!>ana");
    assert_has(&page, &format!("href=\"/new/{}\" class=\"solid\">Message</a>", ana.user.id));
    let said = mei.write_to(&ana, "1", "hello").await;
    let page = client.with("accept-language", "zh").get(&theirs).await;
    assert_has(&page, &format!("href=\"/c/{}\" class=\"solid\">发消息</a>", said.conversation_id));
    assert_has(&page, "月加入");
    assert_has(&client.get(&own).await, ">Open your notes</a>");
    let answer = server.client().get(&theirs).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, &*format!("/login?next={theirs}"))
    );
}

async fn nobody_is_a_page_that_says_so(server: TestServer) {
    let mei = server.person("mei").await;
    let client = browser(&server, &mei).await;
    let page = client.get("/u/1").await;
    assert_eq!(page.status, 404);
    assert_has(&page, "There is no one at this address.");
    // A name can be whatever its bearer likes, and stays a name.
    let body = json!({"username": "bob", "nickname": "<b>Bob</b>", "password": "correct horse"});
    let answer = server.client().post("/api/v1/auth/register", body).await;
    let bob: User = serde_json::from_value(answer.json::<serde_json::Value>(201)["user"].clone())
        .expect("a user");
    let page = client.get(&format!("/u/{}", bob.id)).await;
    assert_has(&page, "&lt;b&gt;Bob");
    assert!(!page.text.contains("<b>Bob"));
}

async fn a_day_leads_to_its_first_message(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    for number in ["1", "2", "3"] {
        mei.write(id, number, "hi").await;
    }
    // 2 March 2026, 12:00 in UTC, and then every ten hours one.
    let statement = "UPDATE message SET created_at = 1772452800000 + (seq - 1) * 36000000";
    server.execute(statement.to_owned()).await;
    let ana = browser(&server, &ana).await;
    let cookies = ana.header("cookie");
    let leads = async |zone: &str, day: &str| {
        let there = ana.with("cookie", &format!("{cookies}; tz={zone}"));
        let answer = there.get(&format!("/c/{id}?day={day}")).await;
        let to = answer.header("location").rsplit_once("?m=").map(|(_, seq)| seq.to_owned());
        assert_eq!(answer.status, if to.is_some() { 303 } else { 200 }, "{day}");
        to
    };
    for (zone, day, seq) in [
        ("UTC", "2026-03-02", "1"),
        ("UTC", "2026-03-03", "3"),
        ("UTC", "2026-03-04", "4"),
        ("Asia/Shanghai", "2026-03-03", "2"),
        ("America%2FNew_York", "2026-03-03", "3"),
        ("nonsense", "2026-03-03", "3"),
        ("UTC", "1066-10-14", "1"),
        // Nothing was said since.
        ("UTC", "2099-01-01", "4"),
    ] {
        assert_eq!(leads(zone, day).await.as_deref(), Some(seq), "{zone} {day}");
    }
    for nonsense in ["", "yesterday", "2026-02-30", "2026-03-03T10:00", "%00"] {
        assert_eq!(leads("UTC", nonsense).await, None, "{nonsense}");
    }
    let eve = browser(&server, &server.person("eve").await).await;
    for id in [id.to_string(), "77".to_owned()] {
        assert_eq!(eve.get(&format!("/c/{id}?day=2026-03-03")).await.status, 404);
    }
}
