//! Finding people.

use app::protocol::{ErrorKind, ListPage, User};
use serde_json::json;

use crate::harness::{Client, TestServer, on_both_engines};

on_both_engines!(people_are_found_by_the_beginning_of_either_name, a_person_is_shown);

async fn found(client: &Client, query: &str) -> Vec<String> {
    let page: ListPage<User> = client.get(&format!("/api/v1/users?{query}")).await.json(200);
    assert_eq!(page.next_cursor, None);
    page.items.into_iter().map(|user| user.username).collect()
}

async fn people_are_found_by_the_beginning_of_either_name(server: TestServer) {
    let mei = server.person("mei.lin").await;
    for (username, nickname) in [("ana", "Meike Ärger"), ("meinhard", "X"), ("zoe", "Ärger")] {
        let body = json!({"username": username, "nickname": nickname, "password": "correct horse"});
        server.client().post("/api/v1/auth/register", body).await.json::<serde_json::Value>(201);
    }
    assert_eq!(found(&mei.client, "query=MEI").await, ["ana", "mei.lin", "meinhard"]);
    assert_eq!(found(&mei.client, "query=%C3%A4rger").await, ["zoe"]);
    assert_eq!(found(&mei.client, "query=MEI&limit=1").await, ["ana"]);
    for nobody in ["query=", "query=%20", "", "query=ei", "query=%25", "query=_"] {
        assert!(found(&mei.client, nobody).await.is_empty(), "{nobody}");
    }
}

async fn a_person_is_shown(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let path = format!("/api/v1/users/{}", ana.user.id);
    assert_eq!(mei.client.get(&path).await.json::<User>(200), ana.user);
    mei.client.get("/api/v1/users/1").await.assert_error(ErrorKind::NotFound);
}
