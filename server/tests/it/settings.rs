//! `/settings` and its plain forms.

use app::protocol::{ListPage, Login, Me};

use crate::harness::{Client, HttpResponse, Person, TestServer, on_both_engines};

on_both_engines!(
    the_page_shows_who_and_where_one_is,
    a_nickname_is_changed_or_refused_in_its_place,
    what_others_may_know_is_a_box_to_tick,
    a_password_is_changed_or_refused_in_its_place,
    devices_are_ended_one_by_one_or_all_others,
    an_account_is_deleted_with_its_password_alone,
    who_is_not_signed_in_is_asked_to,
);

/// Another browser in which this person is signed in.
async fn browser(server: &TestServer, person: &Person, password: &str) -> Client {
    let fields = [("username", person.user.username.as_str()), ("password", password)];
    let client = server.client().with("user-agent", "Firefox/1 Linux");
    let answer = client.post_form("/login", &fields).await;
    assert_eq!(answer.status, 303);
    server.client().with_cookies_of(&answer)
}

/// That a form has worked, and its part of the page says so; answers the page.
async fn worked(client: &Client, answer: HttpResponse, part: &str) -> String {
    let there = format!("/settings?done={part}#{part}");
    assert_eq!((answer.status, answer.header("location")), (303, there.as_str()));
    let page = client.get(&there).await;
    assert_eq!(page.status, 200);
    assert_eq!(part_of(&page.text, part).matches("role=\"status\"").count(), 1, "{part}");
    page.text
}

/// That a form was refused, and its part of the page alone says why.
fn refused(answer: &HttpResponse, status: u16, part: &str, why: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(part_of(&answer.text, part).contains(why), "{part}");
    assert_eq!(answer.text.matches("role=\"alert\"").count(), 1, "{part}");
}

fn part_of<'a>(page: &'a str, part: &str) -> &'a str {
    let rest = page.split(&format!("<section id=\"{part}\"")).nth(1).expect("the part");
    rest.split("</section>").next().unwrap_or_default()
}

async fn logins(client: &Client) -> Vec<Login> {
    client.get("/api/v1/auth/logins").await.json::<ListPage<Login>>(200).items
}

async fn the_page_shows_who_and_where_one_is(server: TestServer) {
    let mei = server.person("mei").await;
    let client = browser(&server, &mei, "correct horse").await;
    let page = client.get("/settings").await;
    assert_eq!(page.status, 200);
    assert!(part_of(&page.text, "nickname").contains("value=\"mei\""));
    let devices = part_of(&page.text, "devices");
    assert!(devices.contains("Firefox on Linux") && devices.contains("This device"));
    // Its own is not ended here, the other one can be.
    assert_eq!(devices.matches(">End</button>").count(), 1);
    assert!(!page.text.contains("role=\"alert\""));
    // Chinese, all of it.
    let page = client.with("accept-language", "zh").get("/settings").await;
    assert!(page.text.contains("结束所有其他登录") && !page.text.contains("Password"));
}

async fn a_nickname_is_changed_or_refused_in_its_place(server: TestServer) {
    let mei = server.person("mei").await;
    let client = browser(&server, &mei, "correct horse").await;
    let answer = client.post_form("/settings/nickname", &[("nickname", " 林美 ")]).await;
    let page = worked(&client, answer, "nickname").await;
    assert!(part_of(&page, "nickname").contains("value=\"林美\""));
    let long = "x".repeat(65);
    let answer = client.post_form("/settings/nickname", &[("nickname", &long)]).await;
    refused(&answer, 422, "nickname", "A nickname has at most 64 characters");
    // What was typed stands there still, and nothing has changed.
    assert!(part_of(&answer.text, "nickname").contains(&format!("value=\"{long}\"")));
    let me: Me = client.get("/api/v1/users/me").await.json(200);
    assert_eq!(me.user.nickname, "林美");
    let chinese = client.with("accept-language", "zh");
    let answer = chinese.post_form("/settings/nickname", &[("nickname", " ")]).await;
    refused(&answer, 422, "nickname", "昵称");
}

async fn what_others_may_know_is_a_box_to_tick(server: TestServer) {
    let mei = server.person("mei").await;
    let client = browser(&server, &mei, "correct horse").await;
    for (fields, shown) in [(&[][..], false), (&[("show_last_seen", "true")][..], true)] {
        let answer = client.post_form("/settings/privacy", fields).await;
        let page = worked(&client, answer, "privacy").await;
        assert_eq!(part_of(&page, "privacy").contains(" checked"), shown);
        let me: Me = client.get("/api/v1/users/me").await.json(200);
        assert_eq!(me.show_last_seen, shown);
    }
}

/// What the page says of a password that may not be.
const TOO_WEAK: &str = "A password has 8 to 128 characters. It is not the username, nor one that many \
                        people use.";

async fn a_password_is_changed_or_refused_in_its_place(server: TestServer) {
    let mei = server.person("mei").await;
    let client = browser(&server, &mei, "correct horse").await;
    for (old, new, status, why) in [
        ("wrong horse", "battery staple", 401, "That is not your password."),
        ("correct horse", "short", 422, TOO_WEAK),
        ("correct horse", "Password", 422, TOO_WEAK),
        ("correct horse", "mei", 422, TOO_WEAK),
    ] {
        let fields = [("old", old), ("new", new)];
        let answer = client.post_form("/settings/password", &fields).await;
        refused(&answer, status, "password", why);
        assert!(!answer.text.contains(old) && !answer.text.contains("staple"));
    }
    let fields = [("old", "correct horse"), ("new", "battery staple")];
    let answer = client.post_form("/settings/password", &fields).await;
    worked(&client, answer, "password").await;
    assert_eq!(mei.client.get("/api/v1/users/me").await.status, 401);
    browser(&server, &mei, "battery staple").await;
}

async fn devices_are_ended_one_by_one_or_all_others(server: TestServer) {
    let mei = server.person("mei").await;
    let client = browser(&server, &mei, "correct horse").await;
    let (first, second) = (
        browser(&server, &mei, "correct horse").await,
        browser(&server, &mei, "correct horse").await,
    );
    let own = |logins: Vec<Login>| logins.into_iter().find(|login| login.current).expect("one").id;
    let path = format!("/settings/devices/{}", own(logins(&first).await));
    let answer = client.post_form(&path, &[]).await;
    worked(&client, answer, "devices").await;
    assert_eq!(first.get("/api/v1/users/me").await.status, 401);
    assert_eq!(second.get("/api/v1/users/me").await.status, 200);
    // It has ended already, as far as anyone can see.
    refused(&client.post_form(&path, &[]).await, 404, "devices", "Not found");
    let answer = client.post_form("/settings/devices", &[]).await;
    let page = worked(&client, answer, "devices").await;
    assert_eq!(second.get("/api/v1/users/me").await.status, 401);
    assert_eq!(logins(&client).await.len(), 1);
    assert!(!part_of(&page, "devices").contains("End all others"));
}

async fn an_account_is_deleted_with_its_password_alone(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let client = browser(&server, &mei, "correct horse").await;
    let answer = client.post_form("/settings/delete", &[("password", "wrong horse")]).await;
    refused(&answer, 401, "delete", "That is not your password.");
    let answer = client.post_form("/settings/delete", &[("password", "correct horse")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/register"));
    assert_eq!(answer.header("clear-site-data"), "\"storage\"");
    assert!(answer.set_cookies().iter().all(|cookie| cookie.contains("Max-Age=0")));
    assert_eq!(mei.client.get("/api/v1/users/me").await.status, 401);
    let theirs = browser(&server, &ana, "correct horse").await;
    let page = theirs.get(&format!("/u/{}", mei.user.id)).await;
    assert!(page.text.contains("This account was deleted."), "{}", page.text);
    assert!(!page.text.contains(">Message</a>"));
}

async fn who_is_not_signed_in_is_asked_to(server: TestServer) {
    let client = server.client();
    for (path, fields) in [
        ("/settings/nickname", &[("nickname", "x")][..]),
        ("/settings/devices", &[]),
        ("/settings/password", &[("old", "correct horse"), ("new", "battery staple")]),
    ] {
        let answer = client.post_form(path, fields).await;
        let there = format!("/login?next={path}");
        assert_eq!((answer.status, answer.header("location")), (303, there.as_str()));
        // From there they come back by a link.
        assert_eq!(client.get(path).await.header("location"), "/settings");
    }
}
