//! Every field of `docs/permissions.md`, tried: the page is held against the rules by a test of its
//! own, and here against what the server does. Whatever is denied is denied in the same words.

use std::collections::BTreeMap;

use std::sync::atomic::{AtomicU32, Ordering};

use app::protocol::{
    Command, Content, Conversation, ConversationId, ErrorKind, Message, MessagePage, Seq,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ErrorFrame, HttpResponse, Person, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0"), ("KITH_RATE_WRITES", "0")];
    groups_are_as_the_page_says,
    private_conversations_are_as_the_page_says,
    frames_deny_what_requests_deny,
);

const PHOTO: &[u8] = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");

const PAGE: &str = include_str!("../../../docs/permissions.md");

/// A table of the page: what is done, by whom, and what comes of it.
pub fn table(heading: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let part = PAGE.split("\n## ").find(|part| part.starts_with(heading)).expect("the table");
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = part.lines().filter(|line| line.starts_with('|')).map(cells);
    let columns = lines.next().expect("a head");
    let rows = lines.skip(1).map(|cells| {
        let fields = columns.iter().cloned().zip(cells.iter().cloned()).skip(1).collect();
        (cells[0].clone(), fields)
    });
    rows.collect()
}

/// People in every part, and the conversation that it is about.
struct Cast {
    id: ConversationId,
    actor: Person,
    member: Person,
    admin: Person,
    owner: Person,
    newcomer: Person,
}

/// An emoji, as a path has it.
const LEAF: &str = "%F0%9F%8C%BF";

/// Where the newest message of the actor's own stands, or of another's; both write one more first, if
/// they may. The first position, if the actor sees none.
async fn message(scene: &Cast, own: bool) -> Seq {
    static WRITTEN: AtomicU32 = AtomicU32::new(0);
    for person in [&scene.actor, &scene.member] {
        let name = format!("m{}", WRITTEN.fetch_add(1, Ordering::Relaxed));
        let body = json!({"client_id": name, "conversation_id": scene.id, "content": "words"});
        person.client.post("/api/v1/messages", body).await;
    }
    let path = format!("/api/v1/conversations/{}/messages", scene.id);
    let page = scene.actor.client.get(&path).await;
    let messages =
        if page.status == 200 { page.json::<MessagePage>(200).items } else { Vec::new() };
    let is_wanted = |message: &&Message| {
        matches!(message.content, Content::Text(_))
            && (message.sender.id == scene.actor.user.id) == own
    };
    messages.iter().rev().find(is_wanted).map_or(Seq::new(1), |message| message.seq)
}

/// Does what a row says; as often as it has ways, so that each is tried.
async fn try_out(scene: &Cast, what: &str) -> Vec<HttpResponse> {
    let path = format!("/api/v1/conversations/{}", scene.id);
    let client = &scene.actor.client;
    let post = async |to: &str, body: Value| client.post(&format!("{path}{to}"), body).await;
    let role = async |of: &Person, role: &str| {
        client.patch(&format!("{path}/members/{}", of.user.id), json!({"role": role})).await
    };
    let remove =
        async |who: &Person| client.delete(&format!("{path}/members/{}", who.user.id)).await;
    match what {
        "read it and its history" => vec![
            client.get(&path).await,
            client.get(&format!("{path}/messages")).await,
            client.get(&format!("{path}/messages?after_rev=0")).await,
            client.get(&format!("{path}/messages?at=0")).await,
            client.get(&format!("{path}/files")).await,
        ],
        "write" => {
            let body = json!({"client_id": "w", "conversation_id": scene.id, "content": "words"});
            vec![client.post("/api/v1/messages", body).await]
        }
        "move one's marks, type" => vec![
            post("/read", json!({"seq": 1})).await,
            post("/delivered", json!({"seq": 1})).await,
            client.patch(&path, json!({"pinned": true})).await,
        ],
        "see who has read a message" => {
            vec![client.get(&format!("{path}/messages/1/receipts")).await]
        }
        "edit one's own message" => {
            let to = format!("{path}/messages/{}", message(scene, true).await);
            vec![client.patch(&to, json!({"content": "other words"})).await]
        }
        "edit another's message" => {
            let to = format!("{path}/messages/{}", message(scene, false).await);
            vec![client.patch(&to, json!({"content": "other words"})).await]
        }
        "react to a message" => {
            let to = format!("{path}/messages/{}", message(scene, false).await);
            vec![client.send(Method::PUT, &format!("{to}/reactions/{LEAF}"), None).await]
        }
        "take one's reaction off" => {
            let to = format!("{path}/messages/{}", message(scene, false).await);
            vec![client.delete(&format!("{to}/reactions/{LEAF}")).await]
        }
        "recall another's message" => {
            vec![client.delete(&format!("{path}/messages/{}", message(scene, false).await)).await]
        }
        "recall one's own message" => {
            vec![client.delete(&format!("{path}/messages/{}", message(scene, true).await)).await]
        }
        "see the members" => vec![client.get(&format!("{path}/members")).await],
        "rename it, open it, set its history" => vec![
            client.patch(&path, json!({"name": "Another"})).await,
            client.patch(&path, json!({"open": false})).await,
            client.patch(&path, json!({"history": "all"})).await,
        ],
        "give it a picture, take it away" => vec![
            client.put_bytes(&format!("{path}/avatar"), PHOTO).await,
            client.delete(&format!("{path}/avatar")).await,
        ],
        "add someone" => {
            vec![post("/members", json!({"user_ids": [scene.newcomer.user.id]})).await]
        }
        "remove a member" => vec![remove(&scene.member).await],
        "remove an admin" => vec![remove(&scene.admin).await],
        "remove the owner" => vec![remove(&scene.owner).await],
        "make a member an admin" => vec![role(&scene.member, "admin").await],
        "make an admin a member" => vec![role(&scene.admin, "member").await],
        "hand it over" => vec![role(&scene.member, "owner").await],
        "join while it is closed" | "join while it is open" => {
            vec![client.post_text(&format!("{path}/join"), None).await]
        }
        "leave" => vec![remove(&scene.actor).await],
        other => panic!("nobody has tried to {other}"),
    }
}

/// That this is what the page says, and where it is a denial that it is told like all others.
#[track_caller]
fn assert_as(field: &str, answer: &HttpResponse, absent: &str, of: &str) {
    let status = answer.status.to_string();
    let as_said = if field == "yes" { answer.status < 300 } else { status == field };
    assert!(as_said, "{of}: {field} is said, but it is {status} {}", answer.text);
    if status == "404" {
        assert_eq!(answer.text, absent, "{of}: as if there were nothing");
    }
}

/// The same person in another part: `Person` is no `Clone`, since most tests have no use for it.
fn again(person: &Person) -> Person {
    Person {
        user: person.user.clone(),
        token: person.token.clone(),
        refresh_token: person.refresh_token.clone(),
        client: person.client.clone(),
    }
}

async fn groups_are_as_the_page_says(server: TestServer) {
    let mut people = Vec::new();
    for name in
        ["owner", "admin", "member", "stranger", "former", "newcomer", "bystander", "deputy"]
    {
        // `admin` is nobody's name.
        people.push(server.person(&format!("the-{name}")).await);
    }
    let [owner, admin, member, stranger, former, newcomer, bystander, deputy] = &people[..] else {
        panic!("eight")
    };
    let absent = stranger.client.get("/api/v1/conversations/1").await.text;
    for (what, fields) in table("In a group") {
        for (who, field) in fields.into_iter().filter(|(_, field)| field != "–") {
            let open = what == "join while it is open";
            let ids: Vec<_> =
                [admin, member, former, bystander, deputy].map(|it| it.user.id).into();
            let body = json!({"name": "Tea", "member_ids": ids, "open": open});
            let made: Conversation =
                owner.client.post("/api/v1/conversations", body).await.json(201);
            let members = format!("/api/v1/conversations/{}/members", made.id);
            for admin in [admin, deputy] {
                let path = format!("{members}/{}", admin.user.id);
                let answer = owner.client.patch(&path, json!({"role": "admin"})).await;
                assert_eq!(answer.status, 200);
            }
            let path = format!("{members}/{}", former.user.id);
            assert_eq!(former.client.delete(&path).await.status, 204);
            let actor = match who.as_str() {
                "stranger" => stranger,
                "former member" => former,
                "member" => bystander,
                "admin" => deputy,
                "owner" => owner,
                other => panic!("nobody is {other}"),
            };
            let part = |person| again(person);
            let scene = Cast {
                id: made.id,
                actor: part(actor),
                member: part(member),
                admin: part(admin),
                owner: part(owner),
                newcomer: part(newcomer),
            };
            for answer in try_out(&scene, &what).await {
                assert_as(&field, &answer, &absent, &format!("{who}: {what}"));
            }
        }
    }
}

async fn private_conversations_are_as_the_page_says(server: TestServer) {
    let mut people = Vec::new();
    for name in ["mei", "omar", "eve", "blocker", "blocked", "newcomer"] {
        people.push(server.person(name).await);
    }
    let [mei, omar, eve, blocker, shunned, newcomer] = &people[..] else { panic!("six") };
    let absent = eve.client.get("/api/v1/conversations/1").await.text;
    let (shared, cut) = (mei.greet(omar).await, blocker.greet(shunned).await);
    shunned.write(cut, "1", "hello yourself").await;
    let path = format!("/api/v1/blocks/{}", shunned.user.id);
    assert_eq!(blocker.client.send(Method::PUT, &path, None).await.status, 204);
    for (what, fields) in table("In a private conversation") {
        for (who, field) in fields {
            let sides: Vec<(ConversationId, &Person, &Person)> = match who.as_str() {
                "stranger" => vec![(shared, eve, omar), (cut, eve, shunned)],
                "one of the two" => vec![(shared, mei, omar), (shared, omar, mei)],
                "across a block" => vec![(cut, blocker, shunned), (cut, shunned, blocker)],
                other => panic!("nobody is {other}"),
            };
            let mut words = Vec::new();
            for (id, actor, other) in sides {
                let part = |person| again(person);
                let scene = Cast {
                    id,
                    actor: part(actor),
                    member: part(other),
                    admin: part(other),
                    owner: part(other),
                    newcomer: part(newcomer),
                };
                let answers = try_out(&scene, &what).await;
                for answer in &answers {
                    assert_as(&field, answer, &absent, &format!("{who}: {what}"));
                }
                if field != "yes" {
                    words.push(answers.into_iter().map(|it| it.text).collect::<Vec<_>>());
                }
            }
            // Nobody can tell from them who blocks whom.
            assert!(words.windows(2).all(|pair| pair[0] == pair[1]), "{who}: {what}: {words:?}");
        }
    }
}

async fn frames_deny_what_requests_deny(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let eve = server.person("eve").await;
    let group = mei.group("Tea", &[&omar]).await.id;
    let former = format!("/api/v1/conversations/{group}/members/{}", omar.user.id);
    assert_eq!(mei.client.delete(&former).await.status, 204);
    let private = mei.greet(&omar).await;
    let ask = |conversation_id: ConversationId| {
        let mark = app::protocol::Mark { conversation_id, seq: app::protocol::Seq::new(1) };
        [
            Socket::message(conversation_id, "x", "let me in"),
            Command::Delivered(mark),
            Command::Read(mark),
            Command::Typing { conversation_id, active: true },
            Command::Join { conversation_id },
            Command::Leave { conversation_id },
        ]
    };
    for (person, id) in [(&eve, group), (&eve, private), (&omar, group)] {
        let mut socket = Socket::sign_in(&server, person).await;
        // What they may still have to hear is of other conversations.
        socket.send(Command::Ping {}).await;
        let _: Pong = socket.find().await;
        for (denied, absent) in ask(id).into_iter().zip(ask(ConversationId::new(1))) {
            socket.send_as("f", denied).await;
            let denied: ErrorFrame = socket.expect().await;
            assert_eq!(denied.error.kind, ErrorKind::NotFound);
            socket.send_as("f", absent).await;
            let absent: ErrorFrame = socket.expect().await;
            assert_eq!((denied.id, denied.client_id), (absent.id, absent.client_id));
            assert_eq!(denied.error, absent.error);
        }
    }
    let mut socket = Socket::sign_in(&server, &mei).await;
    for frame in
        [Command::Join { conversation_id: private }, Command::Leave { conversation_id: private }]
    {
        socket.send(frame).await;
        let denied: ErrorFrame = socket.find().await;
        assert_eq!(denied.error.kind, ErrorKind::Forbidden);
    }
}
