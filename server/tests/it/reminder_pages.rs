//! `/c/{id}/remind` and `/reminders`: the plain forms, and what they show.

use app::protocol::{ListPage, Message, Reminder};
use app::ui::route::remind_path;

use crate::harness::{HttpResponse, Person, TestServer, on_both_engines};

on_both_engines!(
    a_time_is_chosen_by_one_press,
    a_time_of_ones_own_is_that_of_the_readers_zone,
    the_page_lists_what_is_due_and_what_is_to_come,
    what_cannot_be_seen_is_not_there,
);

async fn post(person: &Person, message: &Message, fields: &[(&str, &str)]) -> HttpResponse {
    let seq = message.seq.to_string();
    let fields: Vec<_> = [("m", seq.as_str())].iter().chain(fields).copied().collect();
    let path = format!("/c/{}/remind", message.conversation_id);
    person.client.post_form(&path, &fields).await
}

async fn reminders(person: &Person) -> Vec<Reminder> {
    person.client.get("/api/v1/reminders").await.json::<ListPage<Reminder>>(200).items
}

async fn a_time_is_chosen_by_one_press(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let said = ana.write_to(&mei, "1", "tea <b>").await;
    let path = remind_path(said.conversation_id, said.seq);
    let page = mei.client.get(&path).await;
    for part in
        ["Remind me", "In an hour", "Tomorrow morning", "tea &lt;b&gt;", "Set reminder", "UTC"]
    {
        assert!(page.text.contains(part), "{part}");
    }
    for (name, hours) in [("hour", 1..=1), ("tomorrow", 8..=40)] {
        let answer = post(&mei, &said, &[("when", name)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, &*path));
        let [reminder] = reminders(&mei).await.try_into().expect("one");
        let ahead = reminder.at - said.created_at;
        assert!(hours.contains(&((ahead + 600_000) / 3_600_000)), "{name}: {ahead}");
    }
    let page = mei.client.get(&path).await.text;
    assert!(page.contains("You will be reminded: ") && page.contains(", 09:00."), "{page}");
    let id = said.conversation_id.to_string();
    let fields = [("c", id.as_str()), ("m", "1"), ("next", &*path)];
    let answer = mei.client.post_form("/reminders", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, &*path));
    assert!(reminders(&mei).await.is_empty());
}

async fn a_time_of_ones_own_is_that_of_the_readers_zone(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let said = ana.write_to(&mei, "1", "tea").await;
    let cookie = format!("{}; tz=Asia%2FShanghai", mei.client.header("cookie"));
    let there = Person { client: mei.client.with("cookie", &cookie), ..mei };
    let own = [("when", "own"), ("day", "2100-03-04"), ("time", "05:06")];
    assert_eq!(post(&there, &said, &own).await.status, 303);
    // 2100-03-03T21:06Z
    assert_eq!(reminders(&there).await[0].at, 4_107_791_160_000);
    let path = remind_path(said.conversation_id, said.seq);
    let page = there.client.get(&path).await.text;
    assert!(page.contains("Thursday, 4 March 2100, 05:06") && page.contains("Asia/Shanghai"));
    for (day, time) in
        [("2020-01-01", "10:00"), ("", ""), ("2100-02-30", "10:00"), ("2100-01-01", "x")]
    {
        let answer = post(&there, &said, &[("when", "own"), ("day", day), ("time", time)]).await;
        assert_eq!(answer.status, 422, "{day} {time}");
        assert!(answer.text.contains("Choose a time that lies ahead."), "{day} {time}");
        assert!(answer.text.contains(&format!("name=\"day\" value=\"{day}\"")), "{}", answer.text);
    }
    assert_eq!(post(&there, &said, &[("when", "never")]).await.status, 422);
}

async fn the_page_lists_what_is_due_and_what_is_to_come(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let page = mei.client.get("/reminders").await.text;
    assert!(page.contains("Nothing to be reminded of."), "{page}");
    let first = ana.write_to(&mei, "1", "tea").await;
    let second = ana.write_to(&mei, "2", "cake").await;
    for message in [&first, &second] {
        assert_eq!(post(&mei, message, &[("when", "hour")]).await.status, 303);
    }
    assert!(!mei.client.get("/").await.text.contains("Reminders are due"));
    server.execute("UPDATE reminder SET remind_at = 5 WHERE seq = 1".into()).await;
    let page = mei.client.get("/reminders").await.text;
    let [due, ahead] = ["aria-label=\"Reminders\"", "aria-label=\"Upcoming\""].map(|list| {
        page.split(list).nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list")
    });
    let link = |message: &Message| format!("/c/{}?m={}", message.conversation_id, message.seq);
    assert!(due.contains(&link(&first)) && due.contains("tea") && !due.contains("cake"), "{due}");
    assert!(ahead.contains(&link(&second)) && ahead.contains("cake") && ahead.contains("Delete"));
    assert!(mei.client.get("/").await.text.contains("Reminders are due"));
    let id = first.conversation_id.to_string();
    let answer = mei.client.post_form("/reminders", &[("c", &*id), ("m", "1")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/reminders"));
    assert_eq!(mei.client.post_form("/reminders", &[("c", "x"), ("m", "1")]).await.status, 400);
    assert!(!mei.client.get("/").await.text.contains("Reminders are due"));
}

async fn what_cannot_be_seen_is_not_there(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let eve = server.browser("eve").await;
    let said = ana.write_to(&mei, "1", "tea").await;
    let path = remind_path(said.conversation_id, said.seq);
    assert_eq!(eve.client.get(&path).await.status, 404);
    assert_eq!(post(&eve, &said, &[("when", "hour")]).await.status, 404);
    assert_eq!(mei.client.get(&format!("/c/{}/remind", said.conversation_id)).await.status, 404);
    let signed_out = server.client().get(&path).await;
    assert_eq!(signed_out.status, 303);
    assert!(signed_out.header("location").starts_with("/login?next="), "{signed_out:?}");
}
