//! Groups: making them, how they are set, finding and joining them.

use app::protocol::{
    Conversation, ConversationId, ConversationKind, ErrorKind, Head, History, ListPage, Message,
    MessagePage, MessageReceipt, OpenGroup, Role, SystemEvent, UserId,
};
use serde_json::{Value, json};

use crate::harness::{Person, TestServer, on_both_engines};

on_both_engines!(
    a_group_is_made_with_its_members,
    what_makes_no_group_is_refused,
    admins_set_the_group,
    open_groups_are_found_and_joined,
    newcomers_read_from_joining_on_or_everything,
    others_messages_are_unread_and_system_ones_are_not,
    info_tells_who_holds_a_message_and_who_has_seen_it,
    whoever_deletes_their_account_leaves_their_groups,
);

async fn seen(person: &Person, id: ConversationId) -> Conversation {
    person.client.get(&format!("/api/v1/conversations/{id}")).await.json(200)
}

async fn history(person: &Person, id: ConversationId) -> Vec<Message> {
    let path = format!("/api/v1/conversations/{id}/messages");
    person.client.get(&path).await.json::<MessagePage>(200).items
}

/// What a system message tells: what happened, by whom, to whom, and the name.
fn told(message: &Message) -> (SystemEvent, UserId, Vec<UserId>, Option<&str>) {
    assert!(message.notice().is_some());
    assert_eq!(message.text(), "", "people's pages have the words");
    assert!(message.client_id.as_str().starts_with("sys:"));
    let notice = message.notice().expect("a notice");
    assert_eq!(notice.actor.id, message.sender.id);
    let subjects = notice.subjects.iter().map(|subject| subject.id).collect();
    (notice.event, notice.actor.id, subjects, notice.name.as_deref())
}

async fn a_group_is_made_with_its_members(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let ana = server.person("ana").await;
    let made = mei.group("  Tea 🌿 ", &[&omar, &ana, &omar, &mei]).await;
    assert_eq!((made.kind, made.name.as_str()), (ConversationKind::Group, "Tea 🌿"));
    assert_eq!((made.role, made.member_count, made.peer.as_ref()), (Some(Role::Owner), 3, None));
    assert_eq!((made.open, made.history), (false, History::Joined));
    assert_eq!((made.first_seq.get(), made.last_seq.get(), made.read_seq.get()), (1, 1, 1));
    assert_eq!((made.peer_read_seq, made.peer_delivered_seq), (None, None));
    let theirs = seen(&omar, made.id).await;
    assert_eq!((theirs.role, theirs.name.as_str()), (Some(Role::Member), "Tea 🌿"));
    assert_eq!((theirs.first_seq.get(), theirs.read_seq.get(), theirs.unread), (1, 0, 0));
    let first = theirs.last_message.expect("a message");
    let mut others = vec![omar.user.id, ana.user.id];
    others.sort_unstable();
    assert_eq!(told(&first), (SystemEvent::Created, mei.user.id, others, Some("Tea 🌿")));
    assert!(first.notice().expect("a notice").subjects.iter().any(|user| user.nickname == "omar"));
    let list: ListPage<Conversation> = ana.client.get("/api/v1/conversations").await.json(200);
    assert_eq!(list.items.iter().map(|row| row.id).collect::<Vec<_>>(), [made.id]);
    let heads: Vec<Head> = ana.client.get("/api/v1/conversations/heads").await.json(200);
    assert_eq!((heads[0].id, heads[0].peer_read_seq.get()), (made.id, 0));
    // It is a place to talk.
    let said = omar.write(made.id, "c1", "hello").await;
    assert_eq!(said.seq.get(), 2);
    assert_eq!(history(&ana, made.id).await.last().map(|last| last.seq), Some(said.seq));
    // And a group may be of one.
    assert_eq!(mei.group("Alone", &[]).await.member_count, 1);
}

async fn what_makes_no_group_is_refused(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let make = async |body: Value| mei.client.post("/api/v1/conversations", body).await;
    let id = omar.user.id;
    for shape in [
        json!({}),
        json!({"name": "Tea"}),
        json!({"member_ids": [id]}),
        json!({"name": "Tea", "member_ids": [id], "to_user_id": id}),
        json!({"name": 5, "member_ids": []}),
        json!({"name": "Tea", "member_ids": [0]}),
        json!({"name": "Tea", "member_ids": [], "history": "some"}),
    ] {
        make(shape).await.assert_error(ErrorKind::BadRequest);
    }
    for name in ["", "  ", "a\nb", &"x".repeat(65)] {
        let error = make(json!({"name": name, "member_ids": [id]})).await.error();
        assert_eq!((error.kind, error.field.as_deref()), (ErrorKind::Validation, Some("name")));
    }
    assert_eq!(make(json!({"name": "x".repeat(64), "member_ids": []})).await.status, 201);
    let crowd: Vec<i64> = (1..=500).collect();
    let error = make(json!({"name": "Tea", "member_ids": crowd})).await.error();
    assert_eq!((error.kind, error.field.as_deref()), (ErrorKind::Validation, Some("member_ids")));
    make(json!({"name": "Tea", "member_ids": [1]})).await.assert_error(ErrorKind::NotFound);
    let heads: Vec<Head> = omar.client.get("/api/v1/conversations/heads").await.json(200);
    assert!(heads.is_empty(), "nothing was made of it");
}

async fn admins_set_the_group(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.group("Tea", &[&omar]).await.id;
    let path = format!("/api/v1/conversations/{id}");
    let now: Conversation = mei.client.patch(&path, json!({"name": " Coffee "})).await.json(200);
    assert_eq!((now.name.as_str(), now.last_seq.get()), ("Coffee", 2));
    let last = now.last_message.expect("a message");
    assert_eq!(told(&last), (SystemEvent::Renamed, mei.user.id, vec![], Some("Coffee")));
    let body = json!({"name": "Coffee", "open": true, "history": "all"});
    let now: Conversation = mei.client.patch(&path, body).await.json(200);
    assert_eq!((now.open, now.history, now.last_seq.get()), (true, History::All, 2));
    let version = async |person: &Person| {
        let heads: Vec<Head> = person.client.get("/api/v1/conversations/heads").await.json(200);
        heads[0].version
    };
    let before = version(&omar).await;
    mei.client.patch(&path, json!({})).await.json::<Conversation>(200);
    assert_eq!(version(&omar).await, before, "nothing was changed");
    mei.client.patch(&path, json!({"open": false})).await.json::<Conversation>(200);
    assert!(version(&omar).await > before);
    let error = mei.client.patch(&path, json!({"name": " "})).await.error();
    assert_eq!((error.kind, error.field.as_deref()), (ErrorKind::Validation, Some("name")));
    omar.client.patch(&path, json!({"open": true})).await.assert_error(ErrorKind::Forbidden);
    assert!(!seen(&omar, id).await.open);
}

async fn open_groups_are_found_and_joined(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let open = async |name: &str| {
        let body = json!({"name": name, "member_ids": [], "open": true});
        mei.client.post("/api/v1/conversations", body).await.json::<Conversation>(201).id
    };
    let (straße, tea) = (open("Straße").await, open("Tea").await);
    let hidden = mei.group("Strasse too", &[]).await.id;
    let find = async |query: &str| {
        let found = omar.client.get(&format!("/api/v1/groups?{query}")).await;
        found.json::<ListPage<OpenGroup>>(200).items
    };
    let ids = |found: &[OpenGroup]| found.iter().map(|group| group.id).collect::<Vec<_>>();
    assert_eq!(ids(&find("query=STRASS").await), [straße], "as names are compared, prefix");
    assert_eq!(ids(&find("query=rasse").await), []);
    assert_eq!(ids(&find("").await), [straße, tea], "by name");
    assert_eq!(ids(&find("limit=1").await), [straße]);
    omar.client.get("/api/v1/groups?limit=0").await.assert_error(ErrorKind::Validation);
    let found = &find("query=tea").await[0];
    assert_eq!((found.name.as_str(), found.member_count, found.joined), ("Tea", 1, false));

    let join = async |id: ConversationId| {
        omar.client.post_text(&format!("/api/v1/conversations/{id}/join"), None).await
    };
    let joined: Conversation = join(tea).await.json(200);
    assert_eq!((joined.role, joined.member_count), (Some(Role::Member), 2));
    assert_eq!((joined.first_seq.get(), joined.read_seq.get(), joined.unread), (2, 2, 0));
    let last = joined.last_message.expect("a message");
    assert_eq!(told(&last), (SystemEvent::Joined, omar.user.id, vec![], None));
    assert!(find("query=tea").await[0].joined);
    join(tea).await.assert_error(ErrorKind::Conflict);
    // One that is not open is as one that does not exist.
    let (closed, absent) = (join(hidden).await, join(ConversationId::new(1)).await);
    closed.assert_error(ErrorKind::NotFound);
    assert_eq!(closed.text, absent.text);
}

async fn newcomers_read_from_joining_on_or_everything(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    for (history_of, first, visible) in [("joined", 3, 1), ("all", 1, 3)] {
        let body = json!({"name": "Tea", "member_ids": [], "history": history_of});
        let made: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
        mei.write(made.id, "c1", "before").await;
        let path = format!("/api/v1/conversations/{}/members", made.id);
        let body = json!({"user_ids": [omar.user.id]});
        assert_eq!(mei.client.post(&path, body).await.status, 201);
        let theirs = seen(&omar, made.id).await;
        assert_eq!((theirs.first_seq.get(), theirs.read_seq.get(), theirs.unread), (first, 2, 0));
        let read = history(&omar, made.id).await;
        assert_eq!(read.len(), visible);
        let last = read.last().expect("one");
        assert_eq!(told(last), (SystemEvent::Added, mei.user.id, vec![omar.user.id], None));
    }
}

async fn others_messages_are_unread_and_system_ones_are_not(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let ana = server.person("ana").await;
    let id = mei.group("Tea", &[&omar, &ana]).await.id;
    mei.write(id, "c1", "one").await;
    omar.write(id, "c2", "two").await;
    let path = format!("/api/v1/conversations/{id}");
    mei.client.patch(&path, json!({"name": "Coffee"})).await.json::<Conversation>(200);
    let unread = [seen(&mei, id).await, seen(&omar, id).await, seen(&ana, id).await];
    assert_eq!(unread.map(|row| row.unread), [1, 1, 2]);
    let read = ana.client.post(&format!("{path}/read"), json!({"seq": 2})).await;
    assert_eq!(read.status, 204);
    assert_eq!(seen(&ana, id).await.unread, 1);
}

async fn info_tells_who_holds_a_message_and_who_has_seen_it(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let (ana, eve) = (server.person("ana").await, server.person("eve").await);
    let id = mei.group("Tea", &[&omar, &ana]).await.id;
    let seq = mei.write(id, "c1", "one").await.seq;
    let path = format!("/api/v1/conversations/{id}");
    omar.client.post(&format!("{path}/read"), json!({"seq": seq})).await;
    let body = json!({"user_ids": [eve.user.id]});
    assert_eq!(mei.client.post(&format!("{path}/members"), body).await.status, 201);
    let info = async |person: &Person, seq: i64| {
        person.client.get(&format!("{path}/messages/{seq}/receipts")).await
    };
    let standing = async |person: &Person| {
        let items = info(person, seq.get()).await.json::<ListPage<MessageReceipt>>(200).items;
        items.into_iter().map(|it| (it.user.username, it.delivered, it.read)).collect::<Vec<_>>()
    };
    // Eve came later, and cannot see it.
    assert_eq!(standing(&mei).await, [("omar".into(), true, true), ("ana".into(), false, false)]);
    ana.client.post(&format!("{path}/delivered"), json!({"seq": seq})).await;
    assert_eq!(standing(&omar).await, [("ana".into(), true, false)]);
    for (person, seq) in [(&eve, seq.get()), (&mei, 99), (&mei, 0)] {
        info(person, seq).await.assert_error(ErrorKind::NotFound);
    }
    // In a private conversation it is the partner's standing.
    let private = mei.greet(&omar).await;
    let receipts = format!("/api/v1/conversations/{private}/messages/1/receipts");
    let items = mei.client.get(&receipts).await.json::<ListPage<MessageReceipt>>(200).items;
    assert_eq!(items.iter().map(|it| (it.delivered, it.read)).collect::<Vec<_>>(), [(true, false)]);
}

async fn whoever_deletes_their_account_leaves_their_groups(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let ana = server.person("ana").await;
    let (tea, alone) = (mei.group("Tea", &[&omar, &ana]).await.id, mei.group("Alone", &[]).await);
    mei.write(tea, "c1", "one").await;
    let delete = async |password: &str| {
        let body = Some(json!({"password": password}).to_string());
        mei.client.send(reqwest::Method::DELETE, "/api/v1/users/me", body).await
    };
    delete("wrong horse").await.assert_error(ErrorKind::BadCredentials);
    assert_eq!(seen(&omar, tea).await.member_count, 3, "nothing has happened");
    assert_eq!(delete("correct horse").await.status, 204);
    let now = seen(&omar, tea).await;
    assert_eq!((now.member_count, now.role), (2, Some(Role::Owner)), "the oldest has it now");
    let read = history(&ana, tea).await;
    let [.., handed_over, left] = &read[..] else { panic!("{read:?}") };
    let gone = mei.user.id;
    assert_eq!(told(handed_over), (SystemEvent::Owner, gone, vec![omar.user.id], None));
    assert_eq!(told(left), (SystemEvent::Left, gone, vec![], None));
    assert_eq!(left.sender.nickname, "Deleted account");
    // Nobody is left in the other.
    let join = format!("/api/v1/conversations/{}/join", alone.id);
    ana.client.post_text(&join, None).await.assert_error(ErrorKind::NotFound);
    // Nobody brings them in again.
    let members = format!("/api/v1/conversations/{tea}/members");
    let back = omar.client.post(&members, json!({"user_ids": [gone]})).await;
    back.assert_error(ErrorKind::NotFound);
}
