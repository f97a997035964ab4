//! The members of a group: who comes, who goes, and what each may do.

use app::protocol::{
    Conversation, ConversationId, ErrorKind, ListPage, Member, Message, MessagePage, Role,
    SystemEvent, UserId,
};
use serde_json::json;

use crate::harness::{HttpResponse, Person, TestServer, on_both_engines};

on_both_engines!(
    members_are_listed_owner_and_admins_first,
    members_are_found_by_the_beginning_of_either_name,
    people_are_added_all_or_none,
    a_group_holds_five_hundred,
    members_are_removed_by_those_above_them,
    an_owner_who_leaves_hands_over,
    the_owner_gives_roles,
    who_blocks_someone_is_not_brought_into_their_groups,
    who_left_is_not_brought_back_by_the_same_person,
    a_private_conversation_has_no_members_to_change,
);

fn of(id: ConversationId) -> String {
    format!("/api/v1/conversations/{id}/members")
}

async fn list(person: &Person, id: ConversationId, query: &str) -> ListPage<Member> {
    person.client.get(&format!("{}{query}", of(id))).await.json(200)
}

/// Who is in it, in order, and as what.
async fn roles(person: &Person, id: ConversationId) -> Vec<(String, Role)> {
    let members = list(person, id, "").await.items;
    members.into_iter().map(|member| (member.user.username, member.role)).collect()
}

async fn add(by: &Person, id: ConversationId, who: &[&Person]) -> HttpResponse {
    let ids: Vec<_> = who.iter().map(|person| person.user.id).collect();
    by.client.post(&of(id), json!({"user_ids": ids})).await
}

async fn remove(by: &Person, id: ConversationId, who: &Person) -> HttpResponse {
    by.client.delete(&format!("{}/{}", of(id), who.user.id)).await
}

async fn appoint(by: &Person, id: ConversationId, who: &Person, role: &str) -> HttpResponse {
    by.client.patch(&format!("{}/{}", of(id), who.user.id), json!({"role": role})).await
}

async fn last(person: &Person, id: ConversationId, count: usize) -> Vec<Message> {
    let path = format!("/api/v1/conversations/{id}/messages?limit={count}");
    person.client.get(&path).await.json::<MessagePage>(200).items
}

fn told(message: &Message) -> (SystemEvent, UserId, Vec<UserId>, Option<&str>) {
    let notice = message.notice().expect("a notice");
    let subjects = notice.subjects.iter().map(|subject| subject.id).collect();
    (notice.event, notice.actor.id, subjects, notice.name.as_deref())
}

async fn members_are_listed_owner_and_admins_first(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[&omar]).await.id;
    for person in [&ana, &eve] {
        add(&mei, id, &[person]).await.json::<ListPage<Member>>(201);
    }
    appoint(&mei, id, &eve, "admin").await.json::<Member>(200);
    let everyone = roles(&omar, id).await;
    let named = |name: &str, role| (name.to_owned(), role);
    assert_eq!(
        everyone,
        [
            named("mei", Role::Owner),
            named("eve", Role::Admin),
            named("omar", Role::Member),
            named("ana", Role::Member)
        ]
    );
    // Page by page.
    let (mut paged, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = list(&omar, id, &query).await;
        paged.extend(page.items.into_iter().map(|member| (member.user.username, member.role)));
        let Some(cursor) = page.next_cursor else { break };
        query = format!("?limit=1&cursor={cursor}");
    }
    assert_eq!(paged, everyone);
    omar.client.get(&format!("{}?limit=101", of(id))).await.assert_error(ErrorKind::Validation);
}

async fn members_are_found_by_the_beginning_of_either_name(server: TestServer) {
    let (mei, eve) = (server.person("mei.lin").await, server.person("meike").await);
    let mut others = Vec::new();
    for (username, nickname) in [("zoe", "MEIKE Ärger"), ("ana", "Ärger"), ("meinhard", "X")] {
        let body = json!({"username": username, "nickname": nickname, "password": "correct horse"});
        let signed_in = server.client().post("/api/v1/auth/register", body).await.json(201);
        others.push(Person::of(&server.client(), &signed_in));
    }
    server.seed_strangers(&mei, 496).await;
    let crowd: Vec<i64> = (1..=496).collect();
    let id = mei.group("Crowd", &[]).await.id;
    let added = mei.client.post(&of(id), json!({"user_ids": crowd})).await;
    added.json::<ListPage<Member>>(201);
    add(&mei, id, &others.iter().collect::<Vec<_>>()).await.json::<ListPage<Member>>(201);
    appoint(&mei, id, &others[2], "admin").await.json::<Member>(200);
    let found = async |query: &str| {
        let page = list(&others[0], id, query).await;
        assert_eq!(page.next_cursor, None, "{query}");
        page.items.into_iter().map(|member| member.user.username).collect::<Vec<_>>()
    };
    // Who is no member is not found, and admins come first here, too.
    assert_eq!(found("?query=MEI").await, ["mei.lin", "meinhard", "zoe"]);
    assert_eq!(found("?query=%20%C3%A4rger").await, ["ana"]);
    assert_eq!(found("?query=stranger496").await, ["stranger496"]);
    assert_eq!(found("?query=meik%C3%A9").await, ["zoe"], "whatever the accents");
    for nobody in ["?query=ei", "?query=%25", "?query=_"] {
        assert!(found(nobody).await.is_empty(), "{nobody}");
    }
    // Page by page: stranger4, stranger40 to 49, stranger400 to 496.
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(&mei, id, &format!("?query=Stranger4&limit=50{cursor}")).await;
        assert!(page.items.len() <= 50);
        paged.extend(page.items.into_iter().map(|member| member.user.id.get()));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    paged.sort_unstable();
    assert!(paged.into_iter().eq([4].into_iter().chain(40..=49).chain(400..=496)));
    // A blank one is none.
    assert_eq!(list(&mei, id, "?query=%20").await, list(&mei, id, "").await);
    let denied = eve.client.get(&format!("{}?query=mei", of(id))).await;
    denied.assert_error(ErrorKind::NotFound);
}

async fn people_are_added_all_or_none(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[]).await.id;
    let added: ListPage<Member> = add(&mei, id, &[&omar, &ana, &omar]).await.json(201);
    let mut ids = [omar.user.id, ana.user.id];
    ids.sort_unstable();
    assert_eq!(added.items.iter().map(|member| member.user.id).collect::<Vec<_>>(), ids);
    let messages = last(&omar, id, 1).await;
    assert_eq!(told(&messages[0]), (SystemEvent::Added, mei.user.id, ids.to_vec(), None));
    add(&mei, id, &[&eve, &omar]).await.assert_error(ErrorKind::Conflict);
    add(&mei, id, &[&mei]).await.assert_error(ErrorKind::Conflict);
    let nobody = mei.client.post(&of(id), json!({"user_ids": [eve.user.id, 1]})).await;
    nobody.assert_error(ErrorKind::NotFound);
    let error = mei.client.post(&of(id), json!({"user_ids": []})).await.error();
    assert_eq!((error.kind, error.field.as_deref()), (ErrorKind::Validation, Some("user_ids")));
    add(&omar, id, &[&eve]).await.assert_error(ErrorKind::Forbidden);
    assert_eq!(roles(&mei, id).await.len(), 3);
    assert_eq!(last(&mei, id, 9).await.len(), 2, "of what was refused nothing is told");
}

async fn a_group_holds_five_hundred(server: TestServer) {
    let mei = server.person("mei").await;
    let (omar, ana) = (server.person("omar").await, server.person("ana").await);
    server.seed_strangers(&mei, 498).await;
    let everyone: Vec<i64> = (1..=498).collect();
    let body = json!({"name": "Crowd", "member_ids": everyone, "open": true});
    let made: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    assert_eq!(made.member_count, 499);
    let made_by = made.last_message.expect("a message");
    let notice = made_by.notice().expect("a notice");
    assert_eq!((notice.subjects.len(), notice.subjects_more), (5, 493));
    add(&mei, made.id, &[&omar, &ana]).await.assert_error(ErrorKind::Conflict);
    add(&mei, made.id, &[&omar]).await.json::<ListPage<Member>>(201);
    add(&mei, made.id, &[&ana]).await.assert_error(ErrorKind::Conflict);
    let join = format!("/api/v1/conversations/{}/join", made.id);
    ana.client.post_text(&join, None).await.assert_error(ErrorKind::Conflict);
    let said = omar.write(made.id, "c1", "to all of you").await;
    assert_eq!(said.seq.get(), 3);
}

async fn members_are_removed_by_those_above_them(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[&omar, &ana, &eve]).await.id;
    for admin in [&omar, &ana] {
        appoint(&mei, id, admin, "admin").await.json::<Member>(200);
    }
    for (by, who) in [(&eve, &omar), (&eve, &ana), (&omar, &ana), (&omar, &mei)] {
        remove(by, id, who).await.assert_error(ErrorKind::Forbidden);
    }
    assert_eq!(remove(&omar, id, &eve).await.status, 204);
    let messages = last(&ana, id, 1).await;
    let removed = (SystemEvent::Removed, omar.user.id, vec![eve.user.id], None);
    assert_eq!(told(&messages[0]), removed);
    // Now she is a stranger, to whom there is no such group.
    let path = format!("/api/v1/conversations/{id}");
    eve.client.get(&path).await.assert_error(ErrorKind::NotFound);
    remove(&omar, id, &eve).await.assert_error(ErrorKind::NotFound);
    assert_eq!(remove(&mei, id, &ana).await.status, 204);
    assert_eq!(roles(&mei, id).await.len(), 2);
    // She may come back, and reads from there on.
    add(&mei, id, &[&eve]).await.json::<ListPage<Member>>(201);
    let back: Conversation = eve.client.get(&path).await.json(200);
    assert_eq!((back.first_seq, back.unread), (back.last_seq, 0));
}

async fn who_blocks_someone_is_not_brought_into_their_groups(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let path = format!("/api/v1/blocks/{}", mei.user.id);
    assert_eq!(eve.client.send(reqwest::Method::PUT, &path, None).await.status, 204);
    let ids = [omar.user.id, eve.user.id];
    let body = json!({"name": "Tea", "member_ids": ids});
    let made: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    let made_by = made.last_message.expect("a message");
    let notice = made_by.notice().expect("a notice");
    assert_eq!((made.member_count, &notice.subjects), (2, &vec![omar.user.clone()]));
    let body = json!({"name": "Alone", "member_ids": [eve.user.id]});
    let alone: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    assert_eq!(alone.member_count, 1);
    let came: ListPage<Member> = add(&mei, made.id, &[&eve, &ana]).await.json(201);
    let came: Vec<_> = came.items.into_iter().map(|member| member.user.id).collect();
    assert_eq!(came, [ana.user.id]);
    let told = last(&mei, made.id, 1).await;
    let subjects = &told[0].notice().expect("a notice").subjects;
    assert_eq!(subjects, std::slice::from_ref(&ana.user));
    let nobody: ListPage<Member> = add(&mei, made.id, &[&eve]).await.json(201);
    assert!(nobody.items.is_empty());
    assert_eq!(last(&mei, made.id, 1).await, told, "of nobody nothing is told");
    let chats: ListPage<Conversation> = eve.client.get("/api/v1/conversations").await.json(200);
    assert!(chats.items.is_empty());
    // What she is in stays as it is; others may bring her, and she herself anyone.
    appoint(&mei, made.id, &omar, "admin").await.json::<Member>(200);
    let came: ListPage<Member> = add(&omar, made.id, &[&eve]).await.json(201);
    assert_eq!(came.items.len(), 1);
    add(&mei, made.id, &[&eve]).await.assert_error(ErrorKind::Conflict);
    assert_eq!(eve.group("Hers", &[&mei]).await.member_count, 2);
    // Who is not there is no secret.
    let body = json!({"name": "Tea", "member_ids": [eve.user.id, 1]});
    mei.client.post("/api/v1/conversations", body).await.assert_error(ErrorKind::NotFound);
}

async fn who_left_is_not_brought_back_by_the_same_person(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[&omar, &eve]).await.id;
    add(&mei, id, &[&ana]).await.json::<ListPage<Member>>(201);
    appoint(&mei, id, &omar, "admin").await.json::<Member>(200);
    for who in [&ana, &eve] {
        assert_eq!(remove(who, id, who).await.status, 204);
        let nobody: ListPage<Member> = add(&mei, id, &[who]).await.json(201);
        assert!(nobody.items.is_empty(), "made with them, or added: it is the same");
    }
    assert_eq!(roles(&mei, id).await.len(), 2);
    let came: ListPage<Member> = add(&omar, id, &[&ana]).await.json(201);
    assert_eq!(came.items.len(), 1, "he had not brought her before");
    // Whoever was removed did not leave.
    assert_eq!(remove(&mei, id, &ana).await.status, 204);
    let came: ListPage<Member> = add(&omar, id, &[&ana, &eve]).await.json(201);
    assert_eq!(came.items.len(), 2);
    // Who came by themselves may be brought.
    let path = format!("/api/v1/conversations/{id}");
    mei.client.patch(&path, json!({"open": true})).await.json::<Conversation>(200);
    assert_eq!(remove(&eve, id, &eve).await.status, 204);
    eve.client.post_text(&format!("{path}/join"), None).await.json::<Conversation>(200);
    let members = roles(&mei, id).await;
    assert_eq!(members.len(), 4);
}

async fn an_owner_who_leaves_hands_over(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[]).await.id;
    for person in [&omar, &ana, &eve] {
        add(&mei, id, &[person]).await.json::<ListPage<Member>>(201);
    }
    appoint(&mei, id, &ana, "admin").await.json::<Member>(200);
    assert_eq!(remove(&mei, id, &mei).await.status, 204);
    let messages = last(&omar, id, 2).await;
    let owner = (SystemEvent::Owner, mei.user.id, vec![ana.user.id], None);
    assert_eq!(told(&messages[0]), owner, "the oldest admin");
    assert_eq!(told(&messages[1]), (SystemEvent::Left, mei.user.id, vec![], None));
    assert_eq!(remove(&ana, id, &ana).await.status, 204);
    let now = roles(&omar, id).await;
    assert_eq!(now, [("omar".into(), Role::Owner), ("eve".into(), Role::Member)]);
    assert_eq!(remove(&eve, id, &eve).await.status, 204);
    assert_eq!(remove(&omar, id, &omar).await.status, 204);
    let path = format!("/api/v1/conversations/{id}");
    omar.client.get(&path).await.assert_error(ErrorKind::NotFound);
}

async fn the_owner_gives_roles(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[&omar, &ana]).await.id;
    let admin: Member = appoint(&mei, id, &omar, "admin").await.json(200);
    assert_eq!((admin.user.id, admin.role), (omar.user.id, Role::Admin));
    let messages = last(&ana, id, 1).await;
    let role = (SystemEvent::Role, mei.user.id, vec![omar.user.id], Some("admin"));
    assert_eq!(told(&messages[0]), role);
    // Once more is nothing new.
    appoint(&mei, id, &omar, "admin").await.json::<Member>(200);
    assert_eq!(last(&ana, id, 1).await, messages);
    for (by, who, role) in [
        (&omar, &ana, "admin"),
        (&omar, &omar, "member"),
        (&ana, &ana, "owner"),
        (&mei, &mei, "member"),
    ] {
        appoint(by, id, who, role).await.assert_error(ErrorKind::Forbidden);
    }
    appoint(&mei, id, &eve, "admin").await.assert_error(ErrorKind::NotFound);
    appoint(&mei, id, &omar, "king").await.assert_error(ErrorKind::BadRequest);
    let owner: Member = appoint(&mei, id, &ana, "owner").await.json(200);
    assert_eq!(owner.role, Role::Owner);
    let messages = last(&omar, id, 1).await;
    assert_eq!(told(&messages[0]), (SystemEvent::Owner, mei.user.id, vec![ana.user.id], None));
    let now: Conversation = mei.client.get(&format!("/api/v1/conversations/{id}")).await.json(200);
    assert_eq!(now.role, Some(Role::Admin), "she is an admin now");
    appoint(&ana, id, &mei, "member").await.json::<Member>(200);
}

async fn a_private_conversation_has_no_members_to_change(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let eve = server.person("eve").await;
    let id = mei.greet(&omar).await;
    mei.client.get(&of(id)).await.assert_error(ErrorKind::Forbidden);
    add(&mei, id, &[&eve]).await.assert_error(ErrorKind::Forbidden);
    remove(&mei, id, &mei).await.assert_error(ErrorKind::Forbidden);
    remove(&mei, id, &omar).await.assert_error(ErrorKind::Forbidden);
    appoint(&mei, id, &omar, "admin").await.assert_error(ErrorKind::Forbidden);
    let join = format!("/api/v1/conversations/{id}/join");
    mei.client.post_text(&join, None).await.assert_error(ErrorKind::Forbidden);
    let path = format!("/api/v1/conversations/{id}");
    let renamed = mei.client.patch(&path, json!({"name": "Ours"})).await;
    renamed.assert_error(ErrorKind::Forbidden);
}
