//! A login that ends closes its sockets, wherever it was ended.

use app::protocol::{Command, close};

use crate::harness::{Engine, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(a_login_that_vanishes_from_the_database_closes_its_sockets);

async fn a_login_that_vanishes_from_the_database_closes_its_sockets(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut one = Socket::sign_in(&server, &mei).await;
    let mut other = Socket::sign_in(&server, &mei).await;
    let mut foreign = Socket::sign_in(&server, &omar).await;
    server.execute(format!("DELETE FROM login WHERE user_id = {}", mei.user.id)).await;
    assert_eq!(one.expect_close().await, close::UNAUTHENTICATED);
    assert_eq!(other.expect_close().await, close::UNAUTHENTICATED);
    foreign.send(Command::Ping {}).await;
    let _: Pong = foreign.expect().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_ends_on_one_node_closes_its_sockets_on_the_other() {
    let shared = [
        ("KITH_JWT_SECRET", "one-key-for-both-nodes-0123456789"),
        ("KITH_SHARED_DATABASE", "true"),
        ("KITH_FILES_SHARED", "true"),
    ];
    let one = TestServer::start_with(Engine::MariaDb, &shared).await;
    let other = one.start_beside(&shared);
    let (mei, omar) = (one.person("mei").await, one.person("omar").await);
    let mut ended = Socket::sign_in(&one, &mei).await;
    let mut foreign = Socket::sign_in(&one, &omar).await;
    let elsewhere = other.client().with_bearer(&mei.token);
    assert_eq!(elsewhere.post_text("/api/v1/auth/logout", None).await.status, 204);
    assert_eq!(ended.expect_close().await, close::UNAUTHENTICATED);
    foreign.send(Command::Ping {}).await;
    let _: Pong = foreign.expect().await;
}
