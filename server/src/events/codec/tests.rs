//! Facts through bytes: whatever they hold, and what other releases write.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use app::protocol::{
    Conversation, ConversationId, History, MAX_INTEGER, Message, Notification, NotificationId,
    Presence, PresenceStatus, ReactionChange, Receipt, Role, Seq, UserId,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::{Value, json};
use strum::VariantNames;

use super::{PassedOver, decode, encode};
use crate::events::{Audience, Fact, GroupChange, MessageChange, Newcomers, samples};

/// What release 1 has written, at least one fact a kind. These lines stay as they are.
const VERSION_1: &str = include_str!("v1.jsonl");

fn id() -> RangeInclusive<i64> {
    1..=MAX_INTEGER
}

fn user_id() -> BoxedStrategy<UserId> {
    id().prop_map(UserId::new).boxed()
}

fn conversation_id() -> BoxedStrategy<ConversationId> {
    id().prop_map(ConversationId::new).boxed()
}

fn seq() -> BoxedStrategy<Seq> {
    (0..=MAX_INTEGER).prop_map(Seq::new).boxed()
}

/// A user as JSON.
fn user() -> BoxedStrategy<Value> {
    let parts = (id(), ".{0,8}", of(".{0,8}"), any::<i64>());
    parts.prop_map(|(id, name, avatar_url, at)| {
        json!({
            "id": id, "username": name, "nickname": name, "avatar_url": avatar_url, "created_at": at,
        })
    })
    .boxed()
}

/// What differs between the kinds of messages, as JSON.
fn content() -> BoxedStrategy<Value> {
    let file = json!({
        "id": 5, "name": "a.png", "size": 9, "mime": "image/png", "width": 3, "height": 4,
        "url": "/a", "thumbnail_url": null,
    });
    let voice = json!({
        "id": 6, "name": "a.m4a", "size": 0, "mime": "audio/mp4", "voice": true, "width": null,
        "height": null, "duration_ms": 4_000, "waveform": [0, 100], "animated": false,
        "color": null, "url": null, "thumbnail_url": null,
    });
    let schedule = json!({
        "title": "Tea", "starts_at": 9, "ends_at": null, "all_day": false, "zone": "UTC",
        "place": "Here", "remind_before_ms": 5, "counts": { "yes": 0, "no": 0, "maybe": 1 },
        "answers": [{ "user": { "id": 1, "username": "mei", "nickname": "Mei", "avatar_url": null,
            "created_at": 1, "presence": null }, "answer": "maybe" }],
        "mine": null, "rev": 3,
    });
    prop_oneof![
        4 => ".{0,40}".prop_map(|text| json!({ "message_type": "text", "content": text })),
        1 => Just(json!({ "message_type": "text", "content": "", "recalled": true })),
        1 => ".{0,9}".prop_map(move |text| {
            json!({ "message_type": "image", "content": text, "file": file })
        }),
        1 => (1..=10_usize).prop_map(move |number| {
            let files = vec![voice.clone(); number];
            json!({ "message_type": "file", "content": "", "file": voice, "files": files })
        }),
        1 => Just(json!({ "message_type": "schedule", "content": "", "schedule": schedule })),
        1 => (user(), vec(user(), 0..3), of(".{0,8}")).prop_map(|(actor, subjects, name)| {
            let notice = json!({
                "event": "added", "actor": actor, "subjects": subjects, "subjects_more": 2, "name": name,
            });
            json!({ "message_type": "system", "content": "", "system": notice })
        }),
    ]
    .boxed()
}

/// A message, made of its shape on the wire.
fn message() -> BoxedStrategy<Arc<Message>> {
    let place = (id(), id(), "[!-~]{1,64}");
    let people = (user(), of(user()), vec(id(), 0..3), vec(user(), 0..3));
    let changes = (any::<i64>(), of(any::<i64>()), any::<i64>(), any::<bool>(), any::<u32>());
    let parts = (place, people, changes, content());
    parts
        .prop_map(|(place, people, changes, content)| {
            let (conversation_id, seq, client_id) = place;
            let (sender, author, mentions, mentioned) = people;
            let (created_at, edited_at, rev, flag, count) = changes;
            let quote = flag.then(|| json!({ "seq": seq, "sender": sender, "excerpt": client_id, "message_type": "file", "voice": flag }));
            let mut message = json!({
                "conversation_id": conversation_id, "seq": seq, "client_id": client_id,
                "sender": sender, "reply_to": quote, "forwarded_from": author,
                "mentions": mentions, "mentions_all": flag, "mentioned": mentioned,
                "reactions": [{ "emoji": "🌿", "count": count }],
                "created_at": created_at, "edited_at": edited_at, "recalled": false, "rev": rev,
            });
            let Value::Object(content) = content else { panic!("{content}") };
            message.as_object_mut().expect("an object").extend(content);
            Arc::new(serde_json::from_value(message).expect("a message as it is on the wire"))
        })
        .boxed()
}

fn conversation() -> BoxedStrategy<Conversation> {
    let roles = prop_oneof![
        Just(None),
        Just(Some(Role::Owner)),
        Just(Some(Role::Admin)),
        Just(Some(Role::Member))
    ];
    (conversation_id(), ".{0,9}", roles, of(message()), seq(), of(any::<i64>()), any::<bool>())
        .prop_map(|(id, name, role, last_message, last_seq, muted_until, open)| Conversation {
            role,
            last_message: last_message.as_deref().cloned(),
            last_seq,
            muted_until,
            open,
            history: if open { History::All } else { History::Joined },
            ..samples::group(id, &name)
        })
        .boxed()
}

fn audience() -> BoxedStrategy<Audience> {
    prop_oneof![
        (user_id(), user_id()).prop_map(|(one, other)| Audience::Private(one, other)),
        any::<i64>().prop_map(|members_rev| Audience::Group { members_rev }),
    ]
    .boxed()
}

fn message_change() -> BoxedStrategy<Fact> {
    let reaction =
        (".{1,3}", any::<bool>()).prop_map(|(emoji, added)| ReactionChange { emoji, added });
    let parts = (message(), user_id(), of(reaction), audience(), vec(user_id(), 0..4), seq());
    parts
        .prop_map(|(message, by, reaction, audience, hidden_from, after)| {
            let change = MessageChange { message, by, reaction, audience, hidden_from, after };
            Fact::MessageChanged(Box::new(change))
        })
        .boxed()
}

fn group_change() -> BoxedStrategy<Fact> {
    let newcomers = (conversation(), vec(user_id(), 0..3))
        .prop_map(|(conversation, people)| Newcomers { conversation, people });
    let (messages, newcomers, left) =
        (vec(message(), 0..3), vec(newcomers, 0..3), vec(user_id(), 0..3));
    (conversation(), messages, audience(), newcomers, left)
        .prop_map(|(conversation, messages, audience, newcomers, left)| {
            let change = GroupChange { conversation, messages, audience, newcomers, left };
            Fact::GroupChanged(Arc::new(change))
        })
        .boxed()
}

fn notification() -> BoxedStrategy<Notification> {
    let words = (".{0,9}", ".{0,9}", ".{0,9}");
    (id(), words, of(conversation_id()), of(seq()), any::<i64>())
        .prop_map(|(id, (kind, title, body), conversation_id, seq, at)| {
            let id = NotificationId::new(id);
            Notification { id, kind, title, body, conversation_id, seq, at }
        })
        .boxed()
}

/// A fact of any kind.
fn fact() -> BoxedStrategy<Fact> {
    let presence = prop_oneof![
        of(any::<i64>())
            .prop_map(|last_seen_at| Presence { status: PresenceStatus::Offline, last_seen_at }),
        Just(Presence { status: PresenceStatus::Away, last_seen_at: None }),
    ];
    let to = || vec(user_id(), 0..5);
    prop_oneof![
        (message(), audience())
            .prop_map(|(message, audience)| Fact::MessageStored { message, audience }),
        message_change(),
        group_change(),
        (conversation_id(), user_id())
            .prop_map(|(conversation_id, to)| Fact::ConversationChanged { conversation_id, to }),
        (conversation_id(), user_id(), seq(), seq(), of(user_id())).prop_map(
            |(conversation_id, user_id, delivered_seq, read_seq, partner)| {
                let unread = None;
                let receipt = Receipt { conversation_id, user_id, delivered_seq, read_seq, unread };
                Fact::MarksMoved { receipt, partner }
            }
        ),
        (user_id(), presence, to()).prop_map(|(user_id, presence, to)| Fact::PresenceChanged {
            user_id,
            presence,
            to
        }),
        (user(), to()).prop_map(|(user, to)| Fact::PersonChanged {
            user: serde_json::from_value(user).unwrap(),
            to
        }),
        (notification(), of(to()))
            .prop_map(|(notification, to)| Fact::Notified { notification, to }),
        (conversation_id(), user_id(), any::<bool>(), to()).prop_map(
            |(conversation_id, user_id, active, to)| {
                Fact::TypingChanged { conversation_id, user_id, active, to }
            }
        ),
    ]
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fact_survives_a_round_through_bytes(fact in fact()) {
        let bytes = encode(&fact);
        prop_assert_eq!(decode(&bytes).expect("it is ours"), fact);
    }

    /// What the next release adds, this one ignores.
    #[test]
    fn what_is_added_to_a_fact_is_ignored(fact in fact()) {
        let mut later: Value = serde_json::from_slice(&encode(&fact)).expect("JSON");
        add_fields(&mut later);
        prop_assert_eq!(decode(later.to_string().as_bytes()).expect("it is ours"), fact);
    }
}

/// Adds a field that nobody knows to each object but those that name a variant.
fn add_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match field.as_object_mut().filter(|_| name == "audience") {
                    Some(variant) => variant.values_mut().for_each(add_fields),
                    None => add_fields(field),
                }
            }
            fields.insert("added_later".to_owned(), json!({ "a": [1, null] }));
        }
        Value::Array(values) => values.iter_mut().for_each(add_fields),
        _ => {}
    }
}

#[test]
fn what_release_1_wrote_is_read_as_it_was_meant() {
    let mut kinds = BTreeSet::new();
    for line in VERSION_1.lines() {
        let fact = decode(line.as_bytes()).unwrap_or_else(|error| panic!("{error}: {line}"));
        let then: Value = serde_json::from_str(line).expect("JSON");
        let now = serde_json::from_slice(&encode(&fact)).expect("JSON");
        assert!(holds(&now, &then), "{then} became {now}");
        kinds.insert(then["kind"].as_str().expect("a kind").to_owned());
    }
    let all = Fact::VARIANTS.iter().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(kinds, all, "a kind that is new has its line in v1.jsonl");
}

/// Whether all of `then` is in `now`, where something may have been added.
fn holds(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            then.iter().all(|(name, then)| now.get(name).is_some_and(|now| holds(now, then)))
        }
        (Value::Array(now), Value::Array(then)) => {
            now.len() == then.len() && now.iter().zip(then).all(|(now, then)| holds(now, then))
        }
        _ => now == then,
    }
}

#[test]
fn what_cannot_be_read_is_passed_over_and_the_others_are_not() {
    let stream = [
        r#"{"v":1,"kind":"conversation_changed","fact":{"conversation_id":7,"to":1}}"#,
        r#"{"v":2,"kind":"conversation_changed","fact":{"conversation_id":7,"to":2}}"#,
        r#"{"v":1,"kind":"poll_closed","fact":{"conversation_id":7}}"#,
        r#"{"v":1,"kind":"conversation_changed","fact":{"conversation_id":"seven"}}"#,
        "{",
        r#"{"fact":{"to":3,"conversation_id":7},"kind":"conversation_changed","v":1}"#,
    ];
    let read: Vec<_> = stream.iter().map(|bytes| decode(bytes.as_bytes())).collect();
    let changed = |to| Fact::ConversationChanged {
        conversation_id: ConversationId::new(7),
        to: UserId::new(to),
    };
    assert!(matches!(&read[0], Ok(fact) if *fact == changed(1)));
    assert!(matches!(&read[1], Err(PassedOver::NewerVersion(2))));
    assert!(matches!(&read[2], Err(PassedOver::UnknownKind(kind)) if kind == "poll_closed"));
    assert!(matches!(&read[3], Err(PassedOver::Unreadable(_))));
    assert!(matches!(&read[4], Err(PassedOver::Unreadable(_))));
    assert!(matches!(&read[5], Ok(fact) if *fact == changed(3)));
}
