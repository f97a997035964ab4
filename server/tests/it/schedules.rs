//! Appointments: sent, answered, moved, recalled and forwarded; and everyone who hears of it.

use app::protocol::{
    Answer, Command, Content, ConversationId, ErrorKind, ListPage, Message, MessageAck,
    MessageChanges, MessageType, Schedule, ScheduleAnswer, Seq,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    ErrorFrame, HttpResponse, MessageUpdated, NewMessage, Person, Socket, TestServer,
    on_both_engines,
};

on_both_engines!(
    an_appointment_is_sent_and_answered,
    what_is_wrong_is_named,
    one_moves_and_keeps_its_answers,
    a_recalled_one_is_no_longer_answered,
    a_forwarded_one_has_no_answers,
    those_ahead_are_listed,
    twenty_answers_stand_in_the_message,
    foreign_ones_are_not_told_of,
);

/// The 6th of March 2126, 15:30 UTC: ahead for as long as anyone runs this.
pub const START: i64 = 4_928_484_600_000;
const HOUR: i64 = 3_600_000;

pub fn tea() -> Value {
    json!({
        "title": " Tea ", "starts_at": START, "ends_at": START + HOUR, "zone": "europe/berlin",
        "place": "Garden", "remind_before_ms": 600_000,
    })
}

pub async fn send(person: &Person, id: ConversationId, schedule: Value) -> HttpResponse {
    let name = format!("s{}", schedule["starts_at"]);
    let fields = json!({
        "client_id": name, "conversation_id": id, "message_type": "schedule",
        "content": "with **cake**", "schedule": schedule,
    });
    person.send(fields).await
}

pub fn about(message: &Message) -> &Schedule {
    let Content::Schedule { schedule, .. } = &message.content else { panic!("{message:?}") };
    schedule
}

fn path(message: &Message, rest: &str) -> String {
    format!("/api/v1/conversations/{}/messages/{}{rest}", message.conversation_id, message.seq)
}

pub async fn answer(person: &Person, message: &Message, answer: &str) -> HttpResponse {
    let body = Some(json!({"answer": answer}).to_string());
    person.client.send(Method::PUT, &path(message, "/answer"), body).await
}

pub async fn moves(person: &Person, message: &Message, by: Value) -> HttpResponse {
    person.client.patch(&path(message, ""), json!({"schedule": by})).await
}

async fn an_appointment_is_sent_and_answered(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    let sent: Message = send(&mei, id, tea()).await.json(201);
    let told = loop {
        let NewMessage(told) = socket.find().await;
        if told.seq == sent.seq {
            break told;
        }
    };
    assert_eq!(told, sent);
    let expected = Schedule {
        title: "Tea".into(),
        starts_at: START,
        ends_at: Some(START + HOUR),
        zone: "Europe/Berlin".into(),
        place: "Garden".into(),
        remind_before_ms: Some(600_000),
        ..Schedule::default()
    };
    assert_eq!((about(&sent), sent.text()), (&expected, "with **cake**"));
    let read = Schedule { mine: Some(None), ..expected };
    assert_eq!(about(&ana.reads(&sent).await), &read);

    for (given, counts) in [("maybe", (0, 1)), ("yes", (1, 0)), ("yes", (1, 0))] {
        assert_eq!(answer(&ana, &sent, given).await.status, 204);
        let now = mei.reads(&sent).await;
        let Schedule { counts: found, mine, .. } = about(&now);
        assert_eq!(((found.yes, found.maybe), *mine), (counts, Some(None)), "{given}");
    }
    let told: MessageUpdated = socket.find().await;
    assert_eq!((about(&told.message).counts.maybe, told.by), (1, ana.user.id));
    let told: MessageUpdated = socket.find().await;
    let schedule = about(&told.message);
    assert_eq!((schedule.counts.yes, schedule.mine, schedule.rev), (1, None, 2));
    assert_eq!(schedule.answers.len(), 1);
    assert_eq!(
        (schedule.answers[0].user.id, schedule.answers[0].answer),
        (ana.user.id, Answer::Yes)
    );
    assert_eq!(about(&ana.reads(&sent).await).mine, Some(Some(Answer::Yes)));
    // Whoever was away finds it by its `rev`; what changed nothing took none.
    let away: MessageChanges =
        mei.client.get(&format!("/api/v1/conversations/{id}/messages?after_rev=1")).await.json(200);
    assert_eq!((away.items.len(), away.rev), (1, 2));
    assert_eq!(ana.client.delete(&path(&sent, "/answer")).await.status, 204);
    let now = ana.reads(&sent).await;
    assert_eq!((about(&now).counts.yes, about(&now).mine), (0, Some(None)));
    // Over a socket as well, and in the list and in a quote it is called by its title.
    let fields = json!({"client_id": "ws", "conversation_id": id, "message_type": "schedule",
        "schedule": {"title": "Cake", "starts_at": 0}});
    socket.send(Command::Message(serde_json::from_value(fields).expect("a message"))).await;
    let ack: MessageAck = socket.find().await;
    let reply =
        json!({"client_id": "r", "conversation_id": id, "content": "no", "reply_to_seq": ack.seq});
    let reply: Message = mei.send(reply).await.json(201);
    let quote = reply.reply_to.expect("a quote");
    assert_eq!((quote.message_type, quote.excerpt.as_str()), (MessageType::Schedule, "Cake"));
}

async fn what_is_wrong_is_named(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let with = |name: &str, value: Value| {
        let mut schedule = tea();
        schedule[name] = value;
        schedule
    };
    for (schedule, field) in [
        (Value::Null, "schedule"),
        (with("title", json!("")), "title"),
        (with("title", json!("x".repeat(201))), "title"),
        (with("title", json!("a\u{202e}b")), "title"),
        (with("place", json!("x".repeat(201))), "place"),
        (with("starts_at", json!(-1)), "starts_at"),
        (with("starts_at", json!(253_402_300_800_000_i64)), "starts_at"),
        (with("ends_at", json!(START - 1)), "ends_at"),
        (with("ends_at", json!(START + 366 * 24 * HOUR + 1)), "ends_at"),
        (with("zone", json!("Mars/Olympus")), "zone"),
        (with("zone", json!("")), "zone"),
        (with("remind_before_ms", json!(-1)), "remind_before_ms"),
        (with("remind_before_ms", json!(2_592_000_001_i64)), "remind_before_ms"),
    ] {
        let refused = send(&mei, id, schedule.clone()).await;
        refused.assert_error(ErrorKind::Validation);
        assert_eq!(refused.error().field.as_deref(), Some(field), "{schedule}");
        let message = json!({"client_id": "w", "conversation_id": id, "message_type": "schedule",
            "schedule": schedule});
        socket.send(Command::Message(serde_json::from_value(message).expect("a message"))).await;
        let told: ErrorFrame = socket.find().await;
        assert_eq!(told.error, refused.error());
    }
    for wrong in [json!("tomorrow"), json!([]), json!({"title": 5}), with("starts_at", json!("x"))]
    {
        send(&mei, id, wrong).await.assert_error(ErrorKind::BadRequest);
    }
    // From 1970 to 9999; the hour that is not, and the one that is twice, are moments like others.
    for starts_at in
        [0, 253_402_300_799_999, 1_774_749_600_000, 1_792_888_200_000, 1_792_891_800_000]
    {
        let schedule = json!({"title": "茶".repeat(200), "starts_at": starts_at,
            "ends_at": starts_at, "zone": "Europe/Berlin"});
        let sent: Message = send(&mei, id, schedule).await.json(201);
        assert_eq!(about(&ana.reads(&sent).await).starts_at, starts_at);
        let file = ana.client.get(&path(&sent, "/schedule.ics")).await;
        assert_eq!(file.status, 200);
    }
    let sent: Message = send(&mei, id, tea()).await.json(201);
    for wrong in [json!({"answer": "perhaps"}), json!({}), json!({"answer": {"yes": null}})] {
        let to = path(&sent, "/answer");
        let put = mei.client.send(Method::PUT, &to, Some(wrong.to_string())).await;
        put.assert_error(ErrorKind::BadRequest);
    }
    let text = mei.write(id, "t", "words").await;
    answer(&ana, &text, "yes").await.assert_error(ErrorKind::Forbidden);
    moves(&mei, &text, json!({"title": "x"})).await.assert_error(ErrorKind::Forbidden);
    mei.client.get(&path(&text, "/answers")).await.assert_error(ErrorKind::NotFound);
    mei.client.get(&path(&text, "/schedule.ics")).await.assert_error(ErrorKind::NotFound);
}

async fn one_moves_and_keeps_its_answers(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let sent: Message = send(&mei, id, tea()).await.json(201);
    assert_eq!(answer(&ana, &sent, "yes").await.status, 204);
    let mut socket = Socket::sign_in(&server, &ana).await;
    let moved: Message = moves(&mei, &sent, json!({"starts_at": START + HOUR})).await.json(200);
    let schedule = about(&moved);
    assert_eq!((schedule.starts_at, schedule.ends_at), (START + HOUR, Some(START + 2 * HOUR)));
    assert_eq!((schedule.title.as_str(), schedule.counts.yes, moved.rev), ("Tea", 1, 2));
    let told: MessageUpdated = socket.find().await;
    assert_eq!((about(&told.message).starts_at, told.by), (START + HOUR, mei.user.id));
    // To where it is already: nothing happens.
    let same: Message = moves(&mei, &sent, json!({"starts_at": START + HOUR})).await.json(200);
    assert_eq!(same.rev, 2);
    let open: Message =
        moves(&mei, &sent, json!({"ends_at": null, "place": "", "zone": "UTC"})).await.json(200);
    let Schedule { ends_at, place, zone, .. } = about(&open);
    assert_eq!((*ends_at, place.as_str(), zone.as_str()), (None, "", "UTC"));
    for (by, field) in [
        (json!({"ends_at": START - 1}), "ends_at"),
        (json!({"title": " "}), "title"),
        (json!({"zone": "Nowhere"}), "zone"),
    ] {
        let refused = moves(&mei, &sent, by).await;
        refused.assert_error(ErrorKind::Validation);
        assert_eq!(refused.error().field.as_deref(), Some(field));
    }
    moves(&ana, &sent, json!({"title": "Mine"})).await.assert_error(ErrorKind::Forbidden);
    let both = json!({"content": "x", "schedule": {"title": "x"}});
    for wrong in [both, json!({}), json!({"schedule": []})] {
        mei.client.patch(&path(&sent, ""), wrong).await.assert_error(ErrorKind::BadRequest);
    }
    // What it is about is edited as the words below a picture are.
    let edited: Message = mei.edit(&sent, "").await.json(200);
    assert_eq!((edited.text(), about(&edited).title.as_str()), ("", "Tea"));
}

async fn a_recalled_one_is_no_longer_answered(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let sent: Message = send(&mei, id, tea()).await.json(201);
    assert_eq!(answer(&ana, &sent, "yes").await.status, 204);
    assert_eq!(mei.recall(&sent).await.status, 204);
    assert_eq!(ana.reads(&sent).await.content, Content::Recalled(MessageType::Schedule));
    answer(&ana, &sent, "no").await.assert_error(ErrorKind::Forbidden);
    ana.client.delete(&path(&sent, "/answer")).await.assert_error(ErrorKind::Forbidden);
    moves(&mei, &sent, json!({"title": "x"})).await.assert_error(ErrorKind::Forbidden);
    mei.client.get(&path(&sent, "/answers")).await.assert_error(ErrorKind::NotFound);
    let ahead: ListPage<Message> = mei.client.get("/api/v1/schedules").await.json(200);
    assert_eq!(ahead.items, []);
}

async fn a_forwarded_one_has_no_answers(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let notes = mei.write_to(&mei, "n", "notes").await.conversation_id;
    let sent: Message = send(&mei, id, tea()).await.json(201);
    assert_eq!(answer(&ana, &sent, "yes").await.status, 204);
    let fields = json!({"client_id": "f", "conversation_id": notes,
        "forward": {"conversation_id": id, "seq": sent.seq}});
    let carried: Message = mei.send(fields).await.json(201);
    let schedule = about(&carried);
    assert_eq!((schedule.title.as_str(), schedule.counts.yes), ("Tea", 0));
    assert_eq!(
        (&schedule.answers[..], schedule.rev, carried.text()),
        (&[][..], 0, "with **cake**")
    );
    assert_eq!(answer(&mei, &carried, "no").await.status, 204);
    assert_eq!(about(&mei.reads(&carried).await).counts.no, 1);
    assert_eq!(about(&mei.reads(&sent).await).counts.no, 0);
    moves(&mei, &carried, json!({"title": "x"})).await.assert_error(ErrorKind::Forbidden);
}

async fn those_ahead_are_listed(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let notes = mei.write_to(&mei, "n", "notes").await.conversation_id;
    let at = |starts_at: i64, ends_at: Option<i64>| json!({"title": "x", "starts_at": starts_at, "ends_at": ends_at});
    for (conversation, schedule) in [
        (id, at(1_000, None)),
        (id, at(2_000, Some(3_000))),
        (id, at(START + 2, None)),
        (notes, at(START + 1, None)),
        (id, at(START - 5, Some(START + 5))),
    ] {
        assert_eq!(send(&mei, conversation, schedule).await.status, 201);
    }
    let listed = async |person: &Person, query: &str| {
        let path = format!("/api/v1/schedules{query}");
        let page: ListPage<Message> = person.client.get(&path).await.json(200);
        let starts = page.items.iter().map(|message| about(message).starts_at - START);
        (starts.collect::<Vec<_>>(), page.next_cursor)
    };
    assert_eq!(listed(&mei, "").await.0, [-5, 1, 2]);
    assert_eq!(listed(&ana, "").await.0, [-5, 2]);
    assert_eq!(listed(&mei, &format!("?after={}", START + 2)).await.0, [-5, 2]);
    assert_eq!(listed(&mei, &format!("?conversation_id={id}&after=1000")).await.0.len(), 4);
    let (first, cursor) = listed(&mei, "?limit=2").await;
    assert_eq!(first, [-5, 1]);
    let (rest, end) = listed(&mei, &format!("?limit=2&cursor={}", cursor.expect("more"))).await;
    assert_eq!((rest, end), (vec![2], None));
    ana.client
        .get(&format!("/api/v1/schedules?conversation_id={notes}"))
        .await
        .assert_error(ErrorKind::NotFound);
}

async fn twenty_answers_stand_in_the_message(server: TestServer) {
    let mei = server.person("mei").await;
    let mut guests = Vec::new();
    for number in 0..23 {
        guests.push(server.person(&format!("guest{number}")).await);
    }
    let group = mei.group("Tea", &guests.iter().collect::<Vec<_>>()).await;
    let sent: Message = send(&mei, group.id, tea()).await.json(201);
    for (number, guest) in guests.iter().enumerate() {
        let given = ["yes", "no", "maybe"][number % 3];
        assert_eq!(answer(guest, &sent, given).await.status, 204);
    }
    let read = mei.reads(&sent).await;
    let Schedule { counts, answers, .. } = about(&read);
    assert_eq!((counts.yes, counts.no, counts.maybe), (8, 8, 7));
    let names = |answers: &[ScheduleAnswer]| {
        answers.iter().map(|answer| answer.user.username.clone()).collect::<Vec<_>>()
    };
    let expected: Vec<_> = (0..23).map(|number| format!("guest{number}")).collect();
    assert_eq!(names(answers), &expected[..20]);
    let first: ListPage<ScheduleAnswer> =
        guests[3].client.get(&path(&sent, "/answers?limit=20")).await.json(200);
    assert_eq!(names(&first.items), &expected[..20]);
    let more = format!("/answers?cursor={}", first.next_cursor.expect("more"));
    let rest: ListPage<ScheduleAnswer> = mei.client.get(&path(&sent, &more)).await.json(200);
    assert_eq!((names(&rest.items), rest.next_cursor), (expected[20..].to_vec(), None));
}

async fn foreign_ones_are_not_told_of(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let id = mei.greet(&ana).await;
    let sent: Message = send(&mei, id, tea()).await.json(201);
    let nowhere = Message { conversation_id: ConversationId::new(1), ..sent.clone() };
    let beyond = Message { seq: Seq::new(99), ..sent.clone() };
    for (person, message) in [(&eve, &sent), (&eve, &nowhere), (&ana, &beyond)] {
        let answers = [
            answer(person, message, "yes").await,
            person.client.delete(&path(message, "/answer")).await,
            person.client.get(&path(message, "/answers")).await,
            person.client.get(&path(message, "/schedule.ics")).await,
            moves(person, message, json!({"title": "x"})).await,
        ];
        for denied in answers {
            denied.assert_error(ErrorKind::NotFound);
            assert_eq!(denied.error().message, answer(&eve, &nowhere, "yes").await.error().message);
        }
    }
    // Across a block nobody says more, and takes back what they said.
    assert_eq!(answer(&ana, &sent, "yes").await.status, 204);
    let block = format!("/api/v1/blocks/{}", ana.user.id);
    assert_eq!(mei.client.send(Method::PUT, &block, None).await.status, 204);
    answer(&ana, &sent, "no").await.assert_error(ErrorKind::Forbidden);
    assert_eq!(ana.client.delete(&path(&sent, "/answer")).await.status, 204);
}
