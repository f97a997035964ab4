//! `/new/group`, `/c/{id}/info` and `/groups`, and their plain forms.

use app::protocol::{Conversation, ConversationId, History, ListPage, MAX_INTEGER, Member, Role};

use crate::harness::{HttpResponse, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    a_group_is_made,
    who_was_chosen_stays_over_a_search,
    enter_makes_the_group_or_searches,
    a_refused_group_keeps_what_was_typed,
    admins_set_the_group,
    members_come_change_and_go,
    members_are_seen_by_those_who_may_know,
    a_group_is_left,
    who_is_no_member_finds_nothing,
    a_private_conversation_is_told_of_by_the_person,
    a_message_tells_who_has_it,
    open_groups_are_found_and_joined,
    who_is_not_signed_in_is_asked_to,
);

async fn seen(person: &Person, id: ConversationId) -> Conversation {
    person.client.get(&format!("/api/v1/conversations/{id}")).await.json(200)
}

async fn roles(person: &Person, id: ConversationId) -> Vec<(String, Role)> {
    let path = format!("/api/v1/conversations/{id}/members");
    let members: ListPage<Member> = person.client.get(&path).await.json(200);
    members.items.into_iter().map(|member| (member.user.username, member.role)).collect()
}

/// Where an answer leads.
fn leads(answer: &HttpResponse) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location")
}

/// The part of a page under this anchor.
fn part_of<'a>(page: &'a str, part: &str) -> &'a str {
    let rest = page.split(&format!("<section id=\"{part}\"")).nth(1).expect("the part");
    rest.split("</section>").next().unwrap_or_default()
}

async fn info(person: &Person, id: ConversationId) -> String {
    let page = person.client.get(&format!("/c/{id}/info")).await;
    assert_eq!(page.status, 200);
    page.text
}

async fn post(person: &Person, id: ConversationId, fields: &[(&str, &str)]) -> HttpResponse {
    person.client.post_form(&format!("/c/{id}/info"), fields).await
}

async fn a_group_is_made(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    mei.greet(&ana).await;
    let page = mei.client.get("/new/group").await;
    assert_eq!(page.status, 200);
    // Whom she writes with is offered, and she herself is not.
    assert!(page.text.contains(&format!("name=\"member\" value=\"{}\"", ana.user.id)));
    assert!(!page.text.contains(&format!("name=\"member\" value=\"{}\"", mei.user.id)));
    let member = ana.user.id.to_string();
    let fields = [("name", " Garden "), ("query", ""), ("member", &member), ("history", "joined")];
    let answer = mei.client.post_form("/new/group", &fields).await;
    let id: ConversationId =
        leads(&answer).strip_prefix("/c/").and_then(|id| id.parse().ok()).expect("a group");
    let group = seen(&ana, id).await;
    assert_eq!((group.name.as_str(), group.member_count), ("Garden", 2));
    assert_eq!((group.open, group.history), (false, History::Joined));
    // Alone, open, with all its history.
    let fields = [("name", "Square"), ("open", "true"), ("history", "all")];
    let answer = mei.client.post_form("/new/group", &fields).await;
    let id: ConversationId =
        leads(&answer).strip_prefix("/c/").and_then(|id| id.parse().ok()).expect("a group");
    let group = seen(&mei, id).await;
    assert_eq!((group.member_count, group.open, group.history), (1, true, History::All));
}

async fn who_was_chosen_stays_over_a_search(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let tom = server.browser("tom").await;
    let path = format!("/new/group?name=Tea&query=to&member={}&open=true", ana.user.id);
    let page = mei.client.get(&path).await.text;
    let ticked = |person: &Person| format!("value=\"{}\" checked", person.user.id);
    assert!(page.contains(&ticked(&ana)) && !page.contains(&ticked(&tom)));
    assert!(page.contains(&format!("value=\"{}\"", tom.user.id)));
    assert!(page.contains("type=\"text\" value=\"Tea\"") && page.contains("value=\"to\""));
    assert!(page.contains("name=\"open\" value=\"true\" checked"));
    // Chinese, all of it.
    let page = mei.client.with("accept-language", "zh").get("/new/group").await.text;
    assert!(page.contains("创建群组") && !page.contains("Create group"));
}

async fn enter_makes_the_group_or_searches(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let page = mei.client.get("/new/group").await.text;
    let form = page.split("action=\"/new/group\"").nth(1).expect("the form");
    // What Enter presses is the form's first button.
    assert!(form.split("<button").nth(1).expect("a button").contains("name=\"enter\""));
    let member = ana.user.id.to_string();
    let enter = async |name, query, searched| {
        let fields = [
            ("enter", ""),
            ("searched", searched),
            ("name", name),
            ("query", query),
            ("member", &member),
            ("open", "true"),
        ];
        mei.client.post_form("/new/group", &fields).await
    };
    let answer = enter("", "an", "").await;
    let page = mei.client.get(leads(&answer)).await.text;
    assert!(page.contains(&format!("value=\"{member}\" checked")));
    assert!(page.contains("name=\"open\" value=\"true\" checked"));
    assert!(page.contains("name=\"searched\" value=\"an\""));
    let answer = enter("Tea", " an ", "an").await;
    let id = leads(&answer).strip_prefix("/c/").and_then(|id| id.parse().ok()).expect("a group");
    assert_eq!(seen(&ana, id).await.name, "Tea");
    // Without a name it is refused, not searched.
    assert_eq!(enter("", "an", "an").await.status, 422);
}

async fn a_refused_group_keeps_what_was_typed(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let (long, member) = ("x&".repeat(40), ana.user.id.to_string());
    let fields = [("name", long.as_str()), ("member", &member), ("history", "all")];
    let answer = mei.client.post_form("/new/group", &fields).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.text.matches("role=\"alert\"").count(), 1);
    assert!(answer.text.contains("1 to 64 characters"));
    assert!(answer.text.contains(&format!("value=\"{}\"", "x&amp;".repeat(40))));
    assert!(answer.text.contains(&format!("value=\"{member}\" checked")));
    assert!(answer.text.contains("value=\"all\" checked"));
    for (fields, status) in [
        ([("name", "Tea"), ("member", "9007199254740991")], 404),
        ([("name", "Tea"), ("member", "me")], 400),
        ([("name", "Tea"), ("history", "some")], 400),
    ] {
        let answer = mei.client.post_form("/new/group", &fields).await;
        assert_eq!(answer.status, status, "{fields:?}");
        assert_eq!(answer.text.matches("role=\"alert\"").count(), 1);
    }
}

async fn admins_set_the_group(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let id = mei.group("Tea", &[&ana]).await.id;
    let answer = post(&mei, id, &[("part", "name"), ("name", "Coffee")]).await;
    assert_eq!(leads(&answer), format!("/c/{id}/info?done=name#name"));
    let page = mei.client.get(answer.header("location")).await.text;
    assert_eq!(part_of(&page, "name").matches("role=\"status\"").count(), 1);
    assert_eq!(seen(&ana, id).await.name, "Coffee");
    let answer = post(&mei, id, &[("part", "name"), ("name", " ")]).await;
    assert_eq!(answer.status, 422);
    assert!(part_of(&answer.text, "name").contains("1 to 64 characters"));
    let answer = post(&mei, id, &[("part", "access"), ("open", "true"), ("history", "all")]).await;
    assert_eq!(leads(&answer), format!("/c/{id}/info?done=access#access"));
    let group = seen(&ana, id).await;
    assert_eq!((group.open, group.history), (true, History::All));
    // Who is no admin has no forms for it, and is refused.
    let page = info(&ana, id).await;
    assert!(!page.contains("Group name") && !page.contains("Add members"));
    for fields in [&[("part", "name"), ("name", "Milk")][..], &[("part", "access")]] {
        let answer = post(&ana, id, fields).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.text.matches("role=\"alert\"").count(), 1, "{fields:?}");
    }
    assert_eq!(seen(&ana, id).await.name, "Coffee");
    // Silence is each one's own.
    post(&ana, id, &[("part", "mute"), ("mute", "ever")]).await;
    assert_eq!(seen(&ana, id).await.muted_until, Some(MAX_INTEGER));
    assert_eq!(seen(&mei, id).await.muted_until, None);
    assert!(part_of(&info(&ana, id).await, "mute").contains("Unmute"));
    post(&ana, id, &[("part", "mute"), ("mute", "off")]).await;
    assert!(!part_of(&info(&ana, id).await, "mute").contains("Unmute"));
    for fields in [[("part", "mute"), ("mute", "x")], [("part", "x"), ("name", "x")]] {
        assert_eq!(post(&mei, id, &fields).await.status, 400);
    }
}

async fn members_come_change_and_go(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let tom = server.browser("tom").await;
    let id = mei.group("Tea", &[&ana]).await.id;
    let page = mei.client.get(&format!("/c/{id}/info?query=a")).await.text;
    // Who is in it already is not offered.
    assert!(!part_of(&page, "add").contains("name=\"member\""));
    let page = mei.client.get(&format!("/c/{id}/info?query=tom")).await.text;
    assert!(part_of(&page, "add").contains("name=\"member\""));
    let (theirs, hers) = (tom.user.id.to_string(), ana.user.id.to_string());
    let add = [("part", "add"), ("member", theirs.as_str())];
    assert_eq!(leads(&post(&mei, id, &add).await), format!("/c/{id}/info?done=add#add"));
    let answer = post(&mei, id, &add).await;
    assert_eq!(answer.status, 409);
    assert!(part_of(&answer.text, "add").contains("done already"));
    assert_eq!(post(&mei, id, &[("part", "add")]).await.status, 422);
    let answer = post(&ana, id, &add).await;
    assert_eq!((answer.status, answer.text.matches("role=\"alert\"").count()), (403, 1));
    let deed = |deed, user| [("part", "members"), ("user_id", user), ("deed", deed)];
    let done = format!("/c/{id}/info?done=members#members");
    assert_eq!(leads(&post(&mei, id, &deed("admin", &hers)).await), done);
    assert!(part_of(&info(&tom, id).await, "members").contains("Admin"));
    assert_eq!(leads(&post(&mei, id, &deed("member", &hers)).await), done);
    assert_eq!(post(&ana, id, &deed("remove", &theirs)).await.status, 403);
    assert_eq!(leads(&post(&mei, id, &deed("owner", &hers)).await), done);
    let names = [("ana", Role::Owner), ("mei", Role::Admin), ("tom", Role::Member)];
    assert_eq!(roles(&tom, id).await, names.map(|(name, role)| (name.to_owned(), role)));
    assert_eq!(leads(&post(&mei, id, &deed("remove", &theirs)).await), done);
    assert_eq!(post(&mei, id, &deed("remove", &theirs)).await.status, 404);
    assert_eq!(post(&mei, id, &deed("praise", &hers)).await.status, 400);
    assert_eq!(tom.client.get(&format!("/c/{id}")).await.status, 404);
    assert_eq!(roles(&mei, id).await.len(), 2);
}

async fn members_are_seen_by_those_who_may_know(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let (tom, eve) = (server.browser("tom").await, server.browser("eve").await);
    let id = mei.group("Tea", &[&ana, &tom, &eve]).await.id;
    mei.greet(&ana).await;
    // Tom keeps her among his contacts; eve is nothing to her.
    let kept = tom.client.post_form(&format!("/u/{}", mei.user.id), &[("part", "contact")]).await;
    assert_eq!(kept.status, 303);
    server.execute("UPDATE user SET last_seen_at = 86400000".to_owned()).await;
    let _there = Socket::sign_in(&server, &tom).await;
    let line = |page: &str, person: &Person| {
        let label = format!("id=\"member-{}\"", person.user.id);
        let rest = page.split(&label).nth(1).expect("an entry").to_owned();
        rest.split("</li>").next().unwrap_or_default().to_owned()
    };
    let shown = async || part_of(&info(&mei, id).await, "members").to_owned();
    let members = shown().await;
    assert!(line(&members, &ana).contains("last seen 2 Jan 1970"), "{members}");
    assert!(line(&members, &tom).contains(" · online"));
    for stranger in [&eve, &mei] {
        assert!(!line(&members, stranger).contains("last seen"));
    }
    // Whoever does not show it, and whoever is behind a block, is seen no more.
    ana.client.patch("/api/v1/users/me", serde_json::json!({"show_last_seen": false})).await;
    tom.client.post_form(&format!("/u/{}", mei.user.id), &[("part", "block")]).await;
    let members = shown().await;
    assert!(!members.contains("last seen") && !members.contains("online"), "{members}");
}

async fn a_group_is_left(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let id = mei.group("Tea", &[&ana]).await.id;
    assert_eq!(leads(&post(&mei, id, &[("part", "leave")]).await), "/");
    assert_eq!(mei.client.get(&format!("/c/{id}/info")).await.status, 404);
    assert_eq!(roles(&ana, id).await, [("ana".to_owned(), Role::Owner)]);
}

async fn who_is_no_member_finds_nothing(server: TestServer) {
    let (mei, tom) = (server.browser("mei").await, server.browser("tom").await);
    let id = mei.group("Tea", &[]).await.id;
    for path in [format!("/c/{id}/info"), format!("/c/{id}/info?m=1"), "/c/77/info".to_owned()] {
        let page = tom.client.get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.text.contains("Tea"));
    }
    let me = tom.user.id.to_string();
    for fields in [
        &[("part", "name"), ("name", "x")][..],
        &[("part", "access")],
        &[("part", "add"), ("member", &me)],
        &[("part", "members"), ("user_id", &me), ("deed", "admin")],
        &[("part", "mute"), ("mute", "ever")],
        &[("part", "leave")],
    ] {
        let answer = post(&tom, id, fields).await;
        assert_eq!(answer.status, 404, "{fields:?}");
        assert!(!answer.text.contains("Tea"));
    }
}

async fn a_private_conversation_is_told_of_by_the_person(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let id = mei.greet(&ana).await;
    let answer = mei.client.get(&format!("/c/{id}/info")).await;
    assert_eq!(leads(&answer), format!("/u/{}", ana.user.id));
    let notes = mei.write_to(&mei, "note", "tea").await.conversation_id;
    let answer = mei.client.get(&format!("/c/{notes}/info")).await;
    assert_eq!(leads(&answer), format!("/u/{}", mei.user.id));
}

async fn a_message_tells_who_has_it(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let id = mei.group("Tea", &[&ana]).await.id;
    let seq = mei.write(id, "one", "now").await.seq;
    let path = format!("/c/{id}/info?m={seq}");
    let page = mei.client.get(&path).await.text;
    assert!(page.contains("Message info") && page.contains("Not delivered yet"));
    let read = format!("/api/v1/conversations/{id}/read");
    ana.client.post(&read, serde_json::json!({"seq": seq})).await;
    let page = mei.client.get(&path).await.text;
    assert!(page.contains(">Read<") && !page.contains("Not delivered yet"));
    assert_eq!(mei.client.get(&format!("/c/{id}/info?m=99")).await.status, 404);
}

async fn open_groups_are_found_and_joined(server: TestServer) {
    let (mei, tom) = (server.browser("mei").await, server.browser("tom").await);
    let (open, closed) = (mei.group("Square", &[]).await.id, mei.group("Squash", &[]).await.id);
    post(&mei, open, &[("part", "access"), ("open", "true")]).await;
    let page = tom.client.get("/groups?query=squa").await.text;
    assert!(page.contains("Square") && page.contains(">Join</button>") && !page.contains("Squash"));
    let id = open.to_string();
    let answer = tom.client.post_form("/groups", &[("id", &id)]).await;
    assert_eq!(leads(&answer), format!("/c/{open}"));
    assert!(!tom.client.get("/groups").await.text.contains(">Join</button>"));
    for (id, status) in [(id, 409), (closed.to_string(), 404), ("x".to_owned(), 400)] {
        let answer = tom.client.post_form("/groups", &[("id", &id)]).await;
        assert_eq!((answer.status, answer.text.matches("role=\"alert\"").count()), (status, 1));
    }
}

async fn who_is_not_signed_in_is_asked_to(server: TestServer) {
    let client = server.client();
    for path in ["/new/group", "/c/7/info", "/groups", "/contacts", "/u/7"] {
        let there = format!("/login?next={path}");
        assert_eq!(leads(&client.get(path).await), there);
        if path != "/contacts" {
            assert_eq!(leads(&client.post_form(path, &[]).await), there);
        }
    }
}
