//! How the connection's machine goes on, step by step.

use super::{Connection, ConnectionStatus, Step};
use crate::protocol::{ApiError, ErrorKind, close};

fn ready() -> Connection {
    let mut connection = Connection::default();
    assert_eq!(connection.start(7, 0), Step::Connect);
    connection.ready(25_000, 100);
    connection
}

#[test]
fn waits_double_up_to_half_a_minute_and_are_spread() {
    let mut connection = Connection::default();
    connection.start(7, 0);
    let (mut now, mut waits) = (0, Vec::new());
    for _ in 0..8 {
        assert_eq!(connection.closed(None, now), Step::Nothing);
        let until = connection.deadline().expect("a wait");
        waits.push(until - now);
        now = until;
        assert_eq!(connection.tick(now - 1), Step::Nothing);
        assert_eq!(connection.tick(now), Step::Connect);
    }
    for (n, wait) in waits.iter().enumerate() {
        let longest = (1_000 << n).min(30_000);
        assert!((longest / 2..=longest).contains(wait), "{waits:?}");
    }
    assert_eq!(connection.status(), ConnectionStatus::Connecting);
}

#[test]
fn silence_is_answered_by_a_ping_and_silence_after_it_by_a_new_connection() {
    let mut connection = ready();
    assert_eq!(connection.status(), ConnectionStatus::Connected);
    assert_eq!(connection.tick(25_099), Step::Nothing);
    assert_eq!(connection.tick(25_100), Step::Ping);
    assert_eq!(connection.tick(35_099), Step::Nothing);
    connection.heard(35_099);
    assert_eq!(connection.tick(35_100), Step::Nothing);
    assert_eq!(connection.tick(60_099), Step::Ping);
    assert_eq!(connection.tick(70_099), Step::Connect);
    assert_eq!(connection.status(), ConnectionStatus::Reconnecting);
}

#[test]
fn an_ended_login_is_refreshed_once() {
    let mut connection = ready();
    assert_eq!(connection.closed(Some(close::UNAUTHENTICATED), 200), Step::Refresh);
    assert_eq!(connection.refreshed(Ok(()), 300), Step::Connect);
    assert_eq!(connection.closed(Some(close::UNAUTHENTICATED), 400), Step::SignIn);
    assert_eq!(connection.deadline(), None);
}

#[test]
fn a_refresh_that_fails_for_the_moment_is_tried_again() {
    let mut connection = ready();
    connection.closed(Some(close::UNAUTHENTICATED), 200);
    assert_eq!(connection.refreshed(Err(&ApiError::unavailable()), 300), Step::Nothing);
    assert_eq!(connection.tick(40_000), Step::Refresh);
    let ended = ApiError::new(ErrorKind::Unauthenticated, "ended");
    assert_eq!(connection.refreshed(Err(&ended), 40_100), Step::SignIn);
}

#[test]
fn a_replaced_connection_stays_away_until_it_is_wanted() {
    let mut connection = ready();
    connection.closed(Some(close::REPLACED), 200);
    assert_eq!(connection.status(), ConnectionStatus::Elsewhere);
    assert_eq!(connection.deadline(), None);
    assert_eq!(connection.woken(300), Step::Nothing);
    assert_eq!(connection.use_here(400), Step::Connect);
}

#[test]
fn who_sent_too_much_waits_even_when_the_user_comes_back() {
    let mut connection = ready();
    connection.closed(Some(close::RATE_LIMITED), 200);
    assert_eq!(connection.woken(300), Step::Nothing);
    assert!(connection.deadline().is_some_and(|until| until >= 15_200));
}

#[test]
fn coming_back_connects_at_once_and_asks_for_a_sign_of_life() {
    let mut connection = ready();
    assert_eq!(connection.woken(200), Step::Ping);
    assert_eq!(connection.woken(201), Step::Nothing);
    connection.closed(None, 300);
    assert_eq!(connection.woken(301), Step::Connect);
}

#[test]
fn a_lost_network_shows_until_something_is_heard() {
    let mut connection = ready();
    assert_eq!(connection.network(false, 200), Step::Ping);
    assert_eq!(connection.status(), ConnectionStatus::Offline);
    connection.heard(300);
    assert_eq!(connection.status(), ConnectionStatus::Connected);
}
