//! The page for whoever comes by a name that this server does not answer to.

use app::protocol::ErrorKind;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::future::BoxFuture;
use leptos::prelude::*;

use super::document::MisdirectedDocument;
use super::preferences;
use super::render::respond;
use crate::edge::error_given;

/// Says that this is not an address of this server, and what to set if it should be.
pub fn misdirected(parts: &Parts) -> BoxFuture<'static, Response> {
    error_given("page", ErrorKind::Misdirected);
    let preferences = preferences(parts);
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default().to_owned();
    let document = move || view! { <MisdirectedDocument host preferences /> };
    Box::pin(respond(ErrorKind::Misdirected.status(), document))
}
