//! Parts of pages for a page that is there already: who is found, whom an `@` may mean, the emoji.

use crate::harness::{TestServer, on_both_engines};

on_both_engines!(
    people_are_found_and_their_names_are_no_markup,
    members_are_offered_to_members_alone,
    the_emoji_come_in_the_readers_language,
    the_archive_is_a_page_of_its_own,
);

async fn people_are_found_and_their_names_are_no_markup(server: TestServer) {
    let (mei, omar) = (server.browser("mei").await, server.browser("omar").await);
    let name = serde_json::json!({"nickname": "<b>Omar</b>"});
    omar.client.patch("/api/v1/users/me", name).await;
    let found = mei.client.get("/people?query=oma").await;
    assert_eq!((found.status, found.header("cache-control")), (200, "no-store"));
    assert!(found.text.contains(&format!("href=\"/new/{}\"", omar.user.id)), "{}", found.text);
    assert!(found.text.contains("&lt;b&gt;Omar") && !found.text.contains("<b>"), "{}", found.text);
    for (query, hint) in [("zz", "Nobody here goes by that name."), ("", "Search by nickname")] {
        let none = mei.client.get(&format!("/people?query={query}")).await;
        assert!(none.text.contains(hint) && !none.text.contains("<a "), "{}", none.text);
    }
    // Below chats they are no list of their own, and are called otherwise than a chat would be.
    let below = mei.client.get("/people?below_chats=true&query=oma").await.text;
    assert!(below.contains("aria-label=\"Write to &lt;b&gt;Omar&lt;/b&gt;\""), "{below}");
    assert!(!below.contains("<ul"), "{below}");
    assert_eq!(server.client().get("/people?query=oma").await.status, 401);
}

async fn members_are_offered_to_members_alone(server: TestServer) {
    let (mei, omar) = (server.browser("mei").await, server.browser("omar").await);
    let (ana, eve) = (server.browser("ana").await, server.browser("eve").await);
    let id = mei.group("Tea", &[&omar, &ana]).await.id;
    let offered = |name: &str| {
        let path = format!("/c/{id}/mentions?name={name}");
        let client = mei.client.clone();
        async move {
            let html = client.get(&path).await.text;
            let names = html.split("data-name=\"").skip(1);
            names
                .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        }
    };
    // All but who asks, in the order of the members, and everyone.
    assert_eq!(offered("").await, ["omar", "ana", "all"]);
    assert_eq!(offered("om").await, ["omar"]);
    assert_eq!(offered("A").await, ["ana", "all"]);
    assert!(offered("zz").await.is_empty());
    let foreign = eve.client.get(&format!("/c/{id}/mentions?name=o")).await;
    let absent = eve.client.get("/c/1/mentions?name=o").await;
    assert_eq!((foreign.status, &foreign.text), (404, &absent.text));
    let with_omar = mei.greet(&omar).await;
    assert_eq!(mei.client.get(&format!("/c/{with_omar}/mentions?name=o")).await.status, 403);
}

async fn the_emoji_come_in_the_readers_language(server: TestServer) {
    let signs = server.client().get("/emoji").await;
    assert_eq!(signs.header("cache-control"), "private, max-age=86400");
    assert!(signs.text.contains("<h2>Smileys</h2>") && signs.text.contains(">🦔</button>"));
    let chinese = server.client().with("accept-language", "zh").get("/emoji").await;
    assert!(chinese.text.contains("<h2>表情</h2>"));
}

async fn the_archive_is_a_page_of_its_own(server: TestServer) {
    let (mei, omar) = (server.browser("mei").await, server.browser("omar").await);
    let (ana, zoe) = (server.browser("ana").await, server.browser("zoe").await);
    let aside = omar.greet(&mei).await;
    let here = ana.greet(&mei).await;
    zoe.greet(&mei).await;
    let archived = serde_json::json!({"archived": true});
    mei.client.patch(&format!("/api/v1/conversations/{aside}"), archived).await;
    let row = |id| format!("href=\"/c/{id}\"");
    let (list, archive) = (mei.client.get("/").await, mei.client.get("/?archived=1").await);
    assert!(list.text.contains(&row(here)) && !list.text.contains(&row(aside)));
    assert!(archive.text.contains(&row(aside)) && !archive.text.contains(&row(here)));
}
