//! Renders documents, through `leptos_axum` ([why so](../../../docs/decisions/0030-pages-through-leptos-axum.md)).

use std::pin::Pin;

use any_spawner::Executor;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::once;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos_axum::handle_response_inner;

use crate::clock::random;

type Chunks = Pin<Box<dyn Stream<Item = String> + Send>>;

/// Has leptos spawn its tasks by tokio; without that, rendering panics.
pub(super) fn init() {
    // It can be refused only where it was done before.
    let _ = Executor::init_tokio();
}

/// A document as an answer with this status: not kept, its length known, under a policy that lets run
/// what carries its nonce. All that it shows has been loaded: it is built and rendered in one go.
pub(super) async fn respond<Document>(
    code: u16,
    document: impl FnOnce() -> Document + Send + 'static,
) -> Response
where
    Document: IntoView + 'static,
{
    let nonce = format!("{:032x}", random::<u128>());
    let given = Nonce::from_value(nonce.as_str());
    let rendered = handle_response_inner(
        // After leptos has made one: the last one counts.
        move || provide_context(given.clone()),
        document,
        // Views ask nothing of a request: what they show was loaded from it.
        Request::default(),
        |document, _, _| {
            let html = document.to_html();
            // On this thread, for what is local to it; the body may end on another.
            if let Some(owner) = Owner::current() {
                owner.cleanup();
            }
            Box::pin(async { Box::pin(once(async { html })) as Chunks })
        },
    );
    // A stream would have no length, and what is small would be compressed.
    let Ok(html) = to_bytes(rendered.await.into_body(), usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Nothing from elsewhere; scripts and styles only from our files, and those in the page by the nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
