//! The ways in, put together, with what every request passes.

use std::sync::Arc;

use app::protocol::limits;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::edge::host::MisdirectedPage;
use crate::edge::{AppState, answer, boundary, client_ip, host, session};
use crate::ws::Hub;
use crate::{forms, http, pages, ws};

/// Everything that is served to people: the API, the pages and their forms, and the sockets.
pub fn router(state: AppState, hub: Hub) -> Router {
    let admitted = from_fn_with_state(state.clone(), forms::admitted);
    let signed_in = from_fn_with_state(state.clone(), session::keep_signed_in);
    let seen_by_people = pages::routes()
        .merge(forms::routes())
        // Of routes alone: a page brings many files along.
        .route_layer(admitted)
        .layer(signed_in);
    let misdirected: MisdirectedPage = pages::misdirected;
    http::routes(&state)
        .merge(seen_by_people)
        // Inside of what is done to its end: else half a body would keep its task for ever.
        .layer(from_fn(boundary::in_time))
        .layer(from_fn_with_state(state.clone(), boundary::to_its_end))
        .layer(compression())
        .merge(ws::routes(hub))
        .layer(
            // From the outside in.
            ServiceBuilder::new()
                .layer(from_fn(boundary::observe))
                .layer(if_absent(header::REFERRER_POLICY, "same-origin"))
                .layer(if_absent(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(if_absent(header::X_FRAME_OPTIONS, "DENY"))
                .layer(if_absent(header::CONTENT_SECURITY_POLICY, NOTHING))
                .option_layer(state.site.is_https().then(strict_transport))
                .layer(CatchPanicLayer::custom(answer::panicked))
                .layer(from_fn_with_state((Arc::clone(&state.site), misdirected), host::ours_only))
                .layer(from_fn_with_state(Arc::clone(&state.site), client_ip::find))
                .layer(from_fn_with_state(state.clone(), boundary::own_pages_only))
                .layer(DefaultBodyLimit::max(limits::CLIENT_FRAME)),
        )
        .with_state(state)
}

/// The policy of all that is not a page, such as a part of one: opened by itself it runs, shows and
/// fetches nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Has browsers come by TLS alone for a year from now on.
fn strict_transport() -> SetResponseHeaderLayer<HeaderValue> {
    if_absent(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")
}

fn if_absent(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// What is small is not worth the time; assets come compressed. Of files parts can be asked for, which have to be those
/// of the same bytes.
fn compression() -> CompressionLayer<impl Predicate> {
    let is_no_file = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        !headers.contains_key(header::ACCEPT_RANGES)
    };
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(1024)).and(is_no_file))
}
