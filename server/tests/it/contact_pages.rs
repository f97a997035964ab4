//! `/contacts`, and the plain forms of `/u/{id}`.

use app::protocol::{Block, Contact, ConversationId, ListPage};

use crate::harness::{HttpResponse, Person, TestServer, on_both_engines};

on_both_engines!(
    contacts_are_kept_named_and_taken_out,
    people_are_blocked_and_unblocked,
    contacts_are_found_by_any_name,
    what_cannot_be_done_is_refused_in_its_place,
    a_profile_names_the_groups_that_both_are_in,
);

async fn post(person: &Person, other: &Person, fields: &[(&str, &str)]) -> HttpResponse {
    person.client.post_form(&format!("/u/{}", other.user.id), fields).await
}

/// Posts the form of a part, and answers the page to which it leads.
async fn done(person: &Person, other: &Person, fields: &[(&str, &str)]) -> String {
    let answer = post(person, other, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let page = person.client.get(answer.header("location")).await;
    assert_eq!(page.status, 200);
    page.text
}

async fn contacts(person: &Person) -> Vec<Contact> {
    person.client.get("/api/v1/contacts").await.json::<ListPage<Contact>>(200).items
}

async fn contacts_are_kept_named_and_taken_out(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let profile = format!("/u/{}", ana.user.id);
    assert!(mei.client.get(&profile).await.text.contains("Add to contacts"));
    let page = done(&mei, &ana, &[("part", "contact"), ("alias", "Sis")]).await;
    assert!(page.contains("In your contacts") && page.contains("value=\"Sis\""));
    assert_eq!(contacts(&mei).await[0].alias.as_deref(), Some("Sis"));
    let page = mei.client.get("/contacts").await.text;
    assert!(page.contains("Sis") && page.contains(&format!("/new/{}", ana.user.id)));
    // Without a name of her own she goes by her nickname.
    done(&mei, &ana, &[("part", "contact"), ("alias", " ")]).await;
    assert_eq!(contacts(&mei).await[0].alias, None);
    let page = done(&mei, &ana, &[("part", "forget"), ("alias", "x")]).await;
    assert!(page.contains("Add to contacts") && contacts(&mei).await.is_empty());
    let page = mei.client.with("accept-language", "zh").get("/contacts").await.text;
    assert!(page.contains("还没有联系人"));
}

async fn people_are_blocked_and_unblocked(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let id = mei.greet(&ana).await;
    let page = done(&mei, &ana, &[("part", "block")]).await;
    assert!(page.contains("You blocked this person") && page.contains(">Unblock</button>"));
    // It is hers alone to know.
    let page = ana.client.get(&format!("/u/{}", mei.user.id)).await.text;
    assert!(!page.contains("You blocked this person") && page.contains(">Block</button>"));
    let answer = ana
        .client
        .post_form(&format!("/c/{id}"), &[("content", "hey"), ("client_id", "hey")])
        .await;
    assert_eq!(answer.status, 403);
    assert!(mei.client.get("/contacts").await.text.contains("Blocked people"));
    let answer = post(&mei, &ana, &[("part", "unblock"), ("next", "/contacts")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/contacts"));
    assert!(!mei.client.get("/contacts").await.text.contains("Blocked people"));
    let blocks: ListPage<Block> = mei.client.get("/api/v1/blocks").await.json(200);
    assert!(blocks.items.is_empty());
}

async fn contacts_are_found_by_any_name(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let tom = server.browser("tom").await;
    done(&mei, &ana, &[("part", "contact"), ("alias", "My Sister")]).await;
    done(&mei, &tom, &[("part", "contact")]).await;
    let entry = |person: &Person| format!("id=\"contact-{}\"", person.user.id);
    for (query, ana_too, tom_too) in
        [("SIST", true, false), ("to", false, true), ("", true, true), ("zz", false, false)]
    {
        let page = mei.client.get(&format!("/contacts?query={query}")).await.text;
        assert_eq!((page.contains(&entry(&ana)), page.contains(&entry(&tom))), (ana_too, tom_too));
    }
}

async fn what_cannot_be_done_is_refused_in_its_place(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let long = "x".repeat(65);
    let answer = post(&mei, &ana, &[("part", "contact"), ("alias", &long)]).await;
    assert_eq!((answer.status, answer.text.matches("role=\"alert\"").count()), (422, 1));
    assert!(answer.text.contains(&format!("value=\"{long}\"")));
    assert!(contacts(&mei).await.is_empty());
    assert_eq!(post(&mei, &ana, &[("part", "praise")]).await.status, 400);
    for part in ["contact", "block"] {
        assert_eq!(post(&mei, &mei, &[("part", part)]).await.status, 422);
        let answer = mei.client.post_form("/u/77", &[("part", part)]).await;
        assert_eq!(answer.status, 404);
    }
    // Nobody is led away to another site.
    let answer = post(&mei, &ana, &[("part", "unblock"), ("next", "//evil.example")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
}

async fn a_profile_names_the_groups_that_both_are_in(server: TestServer) {
    let (mei, ana) = (server.browser("mei").await, server.browser("ana").await);
    let tom = server.browser("tom").await;
    mei.greet(&ana).await;
    let tea = mei.group("Tea", &[&ana, &tom]).await.id;
    let chess = ana.group("chess", &[&mei]).await.id;
    mei.group("Not hers", &[&tom]).await;
    ana.group("Not mine", &[&tom]).await;
    let groups = async |viewer: &Person, of: &Person| {
        let page = viewer.client.get(&format!("/u/{}", of.user.id)).await.text;
        let part = page.split("<section id=\"groups\"").nth(1).map(str::to_owned);
        let part = part.unwrap_or_default().split("</section>").next().map(str::to_owned);
        let links = part.unwrap_or_default();
        let links = links.split("href=\"").skip(1).map(str::to_owned);
        links
            .map(|link| link.split('"').next().map(str::to_owned).unwrap_or_default())
            .collect::<Vec<_>>()
    };
    // By name, whatever its case.
    assert_eq!(groups(&mei, &ana).await, [format!("/c/{chess}"), format!("/c/{tea}")]);
    assert_eq!(groups(&ana, &mei).await, [format!("/c/{chess}"), format!("/c/{tea}")]);
    assert_eq!(groups(&mei, &mei).await, [""; 0], "of oneself none are named");
    // Who has left is in it no more.
    leave(&ana, tea).await;
    assert_eq!(groups(&mei, &ana).await, [format!("/c/{chess}")]);
    let page = mei.client.with("accept-language", "zh").get(&format!("/u/{}", ana.user.id)).await;
    assert!(page.text.contains("共同的群组") && page.text.contains("2 名成员"));
}

async fn leave(person: &Person, id: ConversationId) {
    let answer = person.client.post_form(&format!("/c/{id}/info"), &[("part", "leave")]).await;
    assert_eq!(answer.status, 303);
}
