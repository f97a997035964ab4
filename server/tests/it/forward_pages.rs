//! `/c/{id}/forward`: where a message can be carried on to, and the plain form that does.

use app::protocol::{ConversationId, ListPage, Message, MessagePage};
use app::ui::route::forward_path;

use crate::harness::{HttpResponse, Person, TestServer, on_both_engines};

on_both_engines!(
    chats_notes_and_who_is_searched_for_are_offered,
    a_message_is_carried_on_to_a_chat_and_to_a_person,
    a_form_that_is_sent_twice_is_one_message,
    what_cannot_be_forwarded_says_so,
    what_cannot_be_seen_is_not_there,
    where_nobody_may_write_the_page_says_so,
);

async fn page(person: &Person, message: &Message, more: &str) -> HttpResponse {
    let path = forward_path(message.conversation_id, message.seq);
    person.client.get(&format!("{path}{more}")).await
}

async fn post(person: &Person, message: &Message, client_id: &str, to: &str) -> HttpResponse {
    let path = forward_path(message.conversation_id, message.seq);
    let m = message.seq.to_string();
    let fields = [("m", m.as_str()), ("client_id", client_id), ("to", to)];
    person.client.post_form(&path, &fields).await
}

async fn history(person: &Person, id: ConversationId) -> Vec<Message> {
    let path = format!("/api/v1/conversations/{id}/messages");
    person.client.get(&path).await.json::<MessagePage>(200).items
}

/// What the page offers, in its order.
fn offered(page: &HttpResponse) -> Vec<&str> {
    let values = page.text.split("name=\"to\" value=\"").skip(1);
    values.map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

async fn chats_notes_and_who_is_searched_for_are_offered(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let anatole = server.browser("anatole").await;
    let with_ana = mei.greet(&ana).await;
    let group = mei.group("Tea", &[&ana]).await.id;
    let said = ana.write(with_ana, "1", "  at\nfour <b>").await;
    let shown = page(&mei, &said, "").await;
    assert_eq!(shown.status, 200);
    // Newest first; Notes even before anything was noted.
    let (to_ana, to_group) = (format!("c:{with_ana}"), format!("c:{group}"));
    let notes = format!("u:{}", mei.user.id);
    assert_eq!(offered(&shown), [&to_ana, &to_group, &notes]);
    for part in ["<h1 dir=\"auto\">Forward</h1>", "at four &lt;b&gt;", "aria-label=\"Forward to\""]
    {
        assert!(shown.text.contains(part), "no {part} in {}", shown.text);
    }
    assert!(shown.text.contains(&format!("href=\"/c/{with_ana}?m={}\"", said.seq)));
    // What is pinned comes first, and whoever is no partner is found by name.
    let pin = serde_json::json!({"pinned": true});
    mei.client.patch(&format!("/api/v1/conversations/{group}"), pin).await;
    assert_eq!(offered(&page(&mei, &said, "").await), [&to_group, &to_ana, &notes]);
    let found = page(&mei, &said, "&query=AN").await;
    assert_eq!(offered(&found), [to_ana, format!("u:{}", anatole.user.id)]);
    assert_eq!(offered(&page(&mei, &said, "&query=not").await), [notes.as_str()]);
    let none = page(&mei, &said, "&query=zz").await;
    assert!(offered(&none).is_empty() && none.text.contains("No chat and nobody"));
    // Notes that were made are a chat like any other.
    let milk = mei.write_to(&mei, "n", "milk").await.conversation_id;
    let shown = page(&mei, &said, "").await;
    assert_eq!(offered(&shown), [to_group, format!("c:{milk}"), format!("c:{with_ana}")]);
    let chinese = mei.client.with("accept-language", "zh");
    let text = chinese.get(&forward_path(with_ana, said.seq)).await.text;
    assert!(text.contains("转发给") && !text.contains(">Forward"));
}

async fn a_message_is_carried_on_to_a_chat_and_to_a_person(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let tom = server.browser("tom").await;
    let with_ana = mei.greet(&ana).await;
    let group = mei.group("Tea", &[&ana]).await.id;
    let said = ana.write(with_ana, "1", "tea at four").await;
    let answer = post(&mei, &said, "f1", &format!("c:{group}")).await;
    assert_eq!((answer.status, answer.header("location")), (303, format!("/c/{group}").as_str()));
    let carried = history(&ana, group).await.pop().expect("a message");
    assert_eq!((carried.text(), carried.sender.id), ("tea at four", mei.user.id));
    assert_eq!(carried.forwarded_from.map(|author| author.id), Some(ana.user.id));
    // Nothing was said with him before.
    let answer = post(&mei, &said, "f2", &format!("u:{}", tom.user.id)).await;
    let chats: ListPage<app::protocol::Conversation> =
        tom.client.get("/api/v1/conversations").await.json(200);
    let id = chats.items[0].id;
    assert_eq!((answer.status, answer.header("location")), (303, format!("/c/{id}").as_str()));
    assert_eq!(history(&tom, id).await[0].text(), "tea at four");
}

async fn a_form_that_is_sent_twice_is_one_message(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let said = ana.write(mei.greet(&ana).await, "1", "tea").await;
    let shown = page(&mei, &said, "").await.text;
    let rest = shown.split("name=\"client_id\" value=\"").nth(1).expect("an id");
    let client_id = rest.split('"').next().expect("its end");
    let notes = format!("u:{}", mei.user.id);
    let first = post(&mei, &said, client_id, &notes).await;
    let again = post(&mei, &said, client_id, &notes).await;
    assert_eq!((again.status, again.header("location")), (303, first.header("location")));
    let id = first.header("location").trim_start_matches("/c/").parse().expect("a conversation");
    assert_eq!(history(&mei, id).await.len(), 1);
    // Each page has its own.
    let field = format!("name=\"client_id\" value=\"{client_id}\"");
    assert!(shown.contains(&field) && !page(&mei, &said, "").await.text.contains(&field));
}

async fn what_cannot_be_forwarded_says_so(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let said = ana.write(mei.greet(&ana).await, "1", "tea").await;
    assert_eq!(ana.recall(&said).await.status, 204);
    let group = mei.group("Tea", &[&ana]).await.id;
    let made = history(&mei, group).await.remove(0);
    let notes = format!("u:{}", mei.user.id);
    for message in [&said, &made] {
        for answer in [page(&mei, message, "").await, post(&mei, message, "f", &notes).await] {
            assert_eq!((answer.status, answer.text.matches("role=\"alert\"").count()), (403, 1));
            assert!(answer.text.contains("This message cannot be forwarded."));
            assert!(offered(&answer).is_empty());
        }
    }
}

async fn what_cannot_be_seen_is_not_there(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let eve = server.browser("eve").await;
    let secret = ana.write(mei.greet(&ana).await, "1", "a secret").await;
    let nowhere = Message { seq: 99.to_string().parse().expect("a position"), ..secret.clone() };
    // Of what is in her own chat list mei may see a word.
    for (person, message, word) in
        [(&eve, &secret, "a secret"), (&mei, &nowhere, "<h1 dir=\"auto\">Forward")]
    {
        let notes = format!("u:{}", person.user.id);
        for answer in [page(person, message, "").await, post(person, message, "f", &notes).await] {
            assert_eq!(answer.status, 404);
            assert!(!answer.text.contains(word));
        }
    }
    let id = secret.conversation_id;
    for path in ["", "?m=", "?m=x"] {
        assert_eq!(mei.client.get(&format!("/c/{id}/forward{path}")).await.status, 404, "{path}");
    }
    let path = forward_path(id, secret.seq);
    for answer in [server.client().get(&path).await, server.client().post_form(&path, &[]).await] {
        assert_eq!(answer.status, 303);
        assert!(answer.header("location").starts_with(&format!("/login?next=/c/{id}/forward")));
    }
}

async fn where_nobody_may_write_the_page_says_so(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let (tom, eve) = (server.browser("tom").await, server.browser("eve").await);
    let with_ana = mei.greet(&ana).await;
    let with_tom = mei.greet(&tom).await;
    let hers = eve.write_to(&eve, "1", "mine").await.conversation_id;
    let said = ana.write(with_ana, "1", "tea").await;
    let block = tom.client.post_form(&format!("/u/{}", mei.user.id), &[("part", "block")]).await;
    assert_eq!(block.status, 303);
    for (to, status) in [
        (format!("c:{with_tom}"), 403),
        (format!("c:{hers}"), 404),
        ("u:9007199254740991".to_owned(), 404),
        ("x:7".to_owned(), 400),
        (String::new(), 400),
    ] {
        let answer = post(&mei, &said, "kept", &to).await;
        assert_eq!(answer.status, status, "{to}");
        assert_eq!(answer.text.matches("role=\"alert\"").count(), 1, "{to}");
        // It can be tried again, elsewhere.
        assert!(answer.text.contains("value=\"kept\"") && !offered(&answer).is_empty());
    }
    let answer = post(&mei, &said, "kept", &format!("c:{with_tom}")).await;
    assert!(answer.text.contains("You cannot write there."));
    let long = "x".repeat(65);
    assert_eq!(post(&mei, &said, &long, &format!("c:{with_ana}")).await.status, 422);
    assert_eq!(history(&tom, with_tom).await.len(), 1);
}
