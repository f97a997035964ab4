//! Who is there: told to those who talk in private, and to nobody else.

use std::time::{Duration, Instant};

use app::protocol::PresenceStatus::{Away, Offline, Online};
use app::protocol::{Command, Conversation, Presence, PresenceStatus, Timestamp, User};

use crate::harness::{
    NewConversation, NewMessage, Person, Pong, PresenceFrame, Socket, TestServer, on_both_engines,
};

on_both_engines!(
    whoever_talks_in_private_sees_who_is_there,
    after_ready_come_those_who_are_there,
    offline_is_told_when_a_reload_would_be_over,
    who_does_not_show_when_they_were_there_is_only_offline,
    a_stopping_server_remembers_when_people_were_there,
    after_a_crash_nobody_is_there,
);

fn presence(status: PresenceStatus) -> Command {
    Command::Presence { status }
}

/// How the viewer's pages show someone whom they talk with.
async fn seen_by(viewer: &Person, person: &Person) -> Option<Presence> {
    let user: User =
        viewer.client.get(&format!("/api/v1/users/{}", person.user.id)).await.json(200);
    user.presence
}

/// The next thing that a socket hears of this person.
async fn hear(socket: &mut Socket, of: &Person) -> (PresenceStatus, Option<Timestamp>) {
    let frame: PresenceFrame = socket.expect().await;
    assert_eq!(frame.user_id, of.user.id);
    (frame.status, frame.last_seen_at)
}

async fn hears_nothing(socket: &mut Socket) {
    socket.send(Command::Ping {}).await;
    let _: Pong = socket.expect().await;
}

async fn whoever_talks_in_private_sees_who_is_there(server: TestServer) {
    let (mei, omar, ana) =
        (server.person("mei").await, server.person("omar").await, server.person("ana").await);
    let id = omar.greet(&mei).await;
    let mut partner = Socket::sign_in_among_people(&server, &omar).await;
    let mut stranger = Socket::sign_in_among_people(&server, &ana).await;
    let mut desk = Socket::sign_in(&server, &mei).await;
    assert_eq!(hear(&mut partner, &mei).await, (Online, None));
    desk.send(presence(Away)).await;
    assert_eq!(hear(&mut partner, &mei).await, (Away, None));
    // Someone with two sockets is online while one of them is.
    let mut phone = Socket::sign_in(&server, &mei).await;
    assert_eq!(hear(&mut partner, &mei).await, (Online, None));
    desk.send(presence(Online)).await;
    phone.send(presence(Away)).await;
    hears_nothing(&mut phone).await;
    let online = Some(Presence { status: Online, last_seen_at: None });
    assert_eq!(seen_by(&omar, &mei).await, online);
    let path = format!("/api/v1/conversations/{id}");
    let conversation: Conversation = omar.client.get(&path).await.json(200);
    assert_eq!(conversation.peer.and_then(|peer| peer.presence), online);
    desk.send(presence(Away)).await;
    assert_eq!(hear(&mut partner, &mei).await, (Away, None));

    hears_nothing(&mut stranger).await;
    assert_eq!(seen_by(&ana, &mei).await, None, "not theirs to know");
    // From the first message on it is.
    let path = "/api/v1/conversations";
    let body = serde_json::json!({"to_user_id": mei.user.id});
    let empty: Conversation = ana.client.post(path, body).await.json(201);
    assert_eq!(empty.peer.expect("mei").presence, None);
    mei.write_to(&ana, "c1", "hello").await;
    let NewConversation(told) = stranger.expect().await;
    let away = Some(Presence { status: Away, last_seen_at: None });
    assert_eq!(told.peer.expect("mei").presence, away);
    let NewMessage(_) = stranger.expect().await;
    phone.send(presence(Online)).await;
    assert_eq!(hear(&mut stranger, &mei).await, (Online, None));
}

async fn after_ready_come_those_who_are_there(server: TestServer) {
    let mei = server.person("mei").await;
    let people = [
        server.person("omar").await,
        server.person("ana").await,
        server.person("tom").await,
        server.person("stranger").await,
    ];
    let [omar, ana, tom, stranger] = &people;
    for person in [omar, ana, tom] {
        mei.greet(person).await;
    }
    let _online = Socket::sign_in(&server, omar).await;
    let _unknown = Socket::sign_in(&server, stranger).await;
    let mut away = Socket::sign_in(&server, ana).await;
    away.send(presence(Away)).await;
    hears_nothing(&mut away).await;
    let mut socket = Socket::sign_in_among_people(&server, &mei).await;
    let mut there = Vec::new();
    for _ in 0..2 {
        let frame: PresenceFrame = socket.expect().await;
        there.push((frame.user_id, frame.status));
    }
    there.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(there, [(omar.user.id, Online), (ana.user.id, Away)]);
    hears_nothing(&mut socket).await;
}

async fn offline_is_told_when_a_reload_would_be_over(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    omar.greet(&mei).await;
    let mut partner = Socket::sign_in_among_people(&server, &omar).await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    assert_eq!(hear(&mut partner, &mei).await, (Online, None));
    // A page that is loaded anew.
    drop(socket);
    socket = Socket::sign_in(&server, &mei).await;
    hears_nothing(&mut socket).await;
    assert_eq!(seen_by(&omar, &mei).await.map(|seen| seen.status), Some(Online));
    let gone = Instant::now();
    drop(socket);
    let (status, last_seen_at) = hear(&mut partner, &mei).await;
    assert_eq!(status, Offline, "the first that is heard since");
    assert!(gone.elapsed() > Duration::from_secs(4), "{:?}", gone.elapsed());
    assert!(last_seen_at.is_some_and(|at| at >= mei.user.created_at));
    assert_eq!(seen_by(&omar, &mei).await, Some(Presence { status, last_seen_at }));
}

async fn who_does_not_show_when_they_were_there_is_only_offline(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    omar.greet(&mei).await;
    let hidden = r#"{"show_last_seen": false}"#.to_owned();
    let me = mei.client.send(reqwest::Method::PATCH, "/api/v1/users/me", Some(hidden)).await;
    assert_eq!(me.status, 200, "{}", me.text);
    let mut partner = Socket::sign_in_among_people(&server, &omar).await;
    drop(Socket::sign_in(&server, &mei).await);
    assert_eq!(hear(&mut partner, &mei).await, (Online, None));
    assert_eq!(hear(&mut partner, &mei).await, (Offline, None));
    let offline = Presence { status: Offline, last_seen_at: None };
    assert_eq!(seen_by(&omar, &mei).await, Some(offline));
}

async fn a_stopping_server_remembers_when_people_were_there(mut server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    omar.greet(&mei).await;
    let _socket = Socket::sign_in(&server, &mei).await;
    assert!(tokio::task::block_in_place(|| server.terminate()), "it ends well");
    server.kill_and_restart(&[]);
    let omar = Person { client: server.client().with_bearer(&omar.token), ..omar };
    let seen = seen_by(&omar, &mei).await.expect("known");
    assert_eq!(seen.status, Offline);
    assert!(seen.last_seen_at.is_some_and(|at| at >= mei.user.created_at));
}

async fn after_a_crash_nobody_is_there(mut server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    omar.greet(&mei).await;
    let _socket = Socket::sign_in(&server, &mei).await;
    assert_eq!(seen_by(&omar, &mei).await.map(|seen| seen.status), Some(Online));
    server.kill_and_restart(&[]);
    let omar = Person { client: server.client().with_bearer(&omar.token), ..omar };
    assert_eq!(seen_by(&omar, &mei).await.map(|seen| seen.status), Some(Offline));
    let mut socket = Socket::sign_in_among_people(&server, &omar).await;
    hears_nothing(&mut socket).await;
}
