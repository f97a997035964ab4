//! HTTP: the API and the plain forms, a file a noun.

mod allowance;
mod answer;
mod auth;
mod blocks;
mod boundary;
mod client_ip;
mod contacts;
mod conversations;
mod cookies;
mod device;
mod docs;
mod extract;
mod fields;
mod forms;
mod forward;
mod groups;
mod health;
mod host;
mod logins;
mod me;
mod members;
mod messages;
mod meters;
pub mod origin;
mod people;
mod preferences;
mod reactions;
mod receipts;
mod redirect;
mod session;
mod settings;
mod state;
mod users;
mod viewer;

use std::sync::Arc;

use app::protocol::limits;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

pub use answer::{Failure, api_error, retry_after};
pub use boundary::RequestId;
pub use extract::{Path, Query};
pub use meters::{describe_metrics, error_given};
pub use redirect::see_other;
pub use state::{AppState, Probe, Site};
pub use viewer::{Viewer, access_token};

/// Everything that is served to people: our routes, and those of the sockets and the pages.
pub fn router(state: AppState, sockets: Router<AppState>, pages: Router<AppState>) -> Router {
    let programs = from_fn_with_state(state.clone(), allowance::of_programs);
    let people = from_fn_with_state(state.clone(), allowance::of_people);
    let signed_in = from_fn_with_state(state.clone(), session::keep_signed_in);
    let seen_by_people = pages
        .merge(forms::routes())
        .merge(preferences::routes())
        .merge(settings::routes())
        .merge(groups::routes())
        .merge(forward::routes())
        .merge(people::routes())
        // Of routes alone: a page brings many files along.
        .route_layer(people)
        .layer(signed_in);
    Router::new()
        .nest("/api", in_its_manner(Router::from(api()).route_layer(programs)))
        .merge(health::routes())
        .merge(seen_by_people)
        // Inside of what is done to its end: else half a body would keep its task for ever.
        .layer(from_fn(boundary::in_time))
        .layer(from_fn_with_state(state.clone(), boundary::to_its_end))
        .layer(compression())
        .merge(sockets)
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
                .layer(from_fn_with_state(Arc::clone(&state.site), host::ours_only))
                .layer(from_fn_with_state(Arc::clone(&state.site), client_ip::find))
                .layer(from_fn_with_state(state.clone(), boundary::own_pages_only))
                .layer(DefaultBodyLimit::max(limits::CLIENT_FRAME)),
        )
        .with_state(state)
}

/// What programs use, each route with its description: what is served is what is described.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().nest("/api", api()).merge(docs::noun("health", health::routes()))
}

fn api() -> OpenApiRouter<AppState> {
    let v1 = OpenApiRouter::new()
        .merge(docs::noun("auth", auth::routes()))
        .merge(docs::noun("auth", logins::routes()))
        .merge(docs::noun("me", me::routes()))
        .merge(docs::noun("users", users::routes()))
        .merge(docs::noun("contacts", contacts::routes()))
        .merge(docs::noun("blocks", blocks::routes()))
        .merge(docs::noun("conversations", conversations::routes()))
        .merge(docs::noun("members", members::routes()))
        .merge(docs::noun("messages", messages::routes()))
        .merge(docs::noun("messages", reactions::routes()))
        .merge(docs::noun("receipts", receipts::routes()));
    OpenApiRouter::new().nest("/v1", v1).merge(docs::noun("docs", docs::routes()))
}

/// Answers for programs: failures in the contract's shape, nothing kept.
fn in_its_manner(api: Router<AppState>) -> Router<AppState> {
    api.fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(if_absent(header::CACHE_CONTROL, "no-store"))
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

/// What is small is not worth the time; assets come compressed.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(1024)))
}
