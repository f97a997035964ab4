//! HTTP: the API, a file a noun.

mod auth;
mod avatars;
mod blocks;
mod calendar;
mod contacts;
mod conversations;
mod docs;
mod files;
mod health;
mod logins;
mod me;
mod members;
mod messages;
mod method_override;
mod notices;
mod ranges;
mod reactions;
mod receipts;
mod reminders;
mod schedules;
mod shared_files;
mod uploads;
mod users;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::edge::{AppState, allowance, answer};

pub use method_override::as_meant;

/// What programs use, and whether the server is well.
pub fn routes(state: &AppState) -> Router<AppState> {
    let admitted = from_fn_with_state(state.clone(), allowance::of_programs);
    let api = Router::from(api()).route_layer(admitted);
    Router::new()
        .nest("/api", in_its_manner(api))
        .merge(health::routes())
        .merge(Router::from(avatars::pictures()))
        .merge(Router::from(calendar::feeds()))
}

/// What programs use, each route with its description: what is served is what is described.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .nest("/api", api())
        .merge(docs::noun("health", health::routes()))
        .merge(docs::noun("files", avatars::pictures()))
        .merge(docs::noun("schedules", calendar::feeds()))
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
        .merge(docs::noun("schedules", schedules::routes()))
        .merge(docs::noun("schedules", calendar::routes()))
        .merge(docs::noun("receipts", receipts::routes()))
        .merge(docs::noun("reminders", reminders::routes()))
        .merge(docs::noun("notices", notices::routes()))
        .merge(docs::noun("uploads", uploads::routes()))
        .merge(docs::noun("files", files::routes()))
        .merge(docs::noun("files", avatars::routes()))
        .merge(docs::noun("files", shared_files::routes()));
    OpenApiRouter::new().nest("/v1", v1).merge(docs::noun("docs", docs::routes()))
}

/// Answers for programs: failures in the contract's shape, nothing kept.
fn in_its_manner(api: Router<AppState>) -> Router<AppState> {
    api.fallback(answer::not_found).method_not_allowed_fallback(answer::method_not_allowed).layer(
        SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ),
    )
}
