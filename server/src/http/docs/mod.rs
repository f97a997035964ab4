//! What this server speaks, told by itself: the OpenAPI and the AsyncAPI document.

mod asyncapi;
mod openapi;
mod schemas;

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::asyncapi::AsyncApi;
use super::state::AppState;

pub(super) use openapi::noun;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(openapi_document)).routes(routes!(asyncapi_document))
}

/// Made when they are first asked for.
static OPENAPI: LazyLock<Bytes> =
    LazyLock::new(|| json(&openapi::complete(super::described().into_openapi())));
static ASYNCAPI: LazyLock<Bytes> = LazyLock::new(|| json(&AsyncApi::new()));

/// The HTTP API as an OpenAPI document: this one.
#[utoipa::path(get, path = "/openapi.json", security(()),
    responses((status = OK, content_type = "application/json")))]
async fn openapi_document() -> Response {
    answer(&OPENAPI)
}

/// The socket as an AsyncAPI document.
#[utoipa::path(get, path = "/asyncapi.json", security(()),
    responses((status = OK, content_type = "application/json")))]
async fn asyncapi_document() -> Response {
    answer(&ASYNCAPI)
}

/// A document as it is sent.
fn json(document: &impl Serialize) -> Bytes {
    // Only what a serializer of our own refuses could fail here; there is nothing of that sort.
    schemas::named(&serde_json::to_string(document).unwrap_or_default()).into()
}

fn answer(json: &Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json")], json.clone()).into_response()
}
