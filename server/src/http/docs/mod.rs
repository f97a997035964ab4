//! What this server speaks, told by itself: the OpenAPI and the AsyncAPI document, and a page to read
//! them.

mod asyncapi;
mod openapi;
mod page;
mod schemas;
mod types;

use std::sync::LazyLock;

use app::ui::preferences::Theme;
use axum::body::Bytes;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use maud::Markup;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::asyncapi::AsyncApi;
use crate::edge::state::AppState;

pub(super) use openapi::noun;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(openapi_document))
        .routes(routes!(asyncapi_document))
        .routes(routes!(docs))
}

/// All of it, made when it is first asked for.
static DOCS: LazyLock<Docs> = LazyLock::new(Docs::new);

/// The HTTP API as an OpenAPI document.
#[utoipa::path(get, path = "/openapi.json", security(()),
    responses((status = OK, content_type = "application/json")))]
async fn openapi_document() -> Response {
    json(&DOCS.openapi)
}

/// The socket's frames as an AsyncAPI document.
#[utoipa::path(get, path = "/asyncapi.json", security(()),
    responses((status = OK, content_type = "application/json")))]
async fn asyncapi_document() -> Response {
    json(&DOCS.asyncapi)
}

/// Both documents as one page for people.
#[utoipa::path(get, path = "/docs", security(()),
    responses((status = OK, content_type = "text/html")))]
async fn docs(cookies: CookieJar) -> Response {
    let theme = cookies.get("theme").map(|cookie| Theme::parse(cookie.value()));
    let page = page::page(&DOCS.content, theme.unwrap_or_default());
    ([(CONTENT_SECURITY_POLICY, POLICY)], Html(page.into_string())).into_response()
}

/// There is no script, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Everything as it is sent; the page still without what differs by reader.
struct Docs {
    openapi: Bytes,
    asyncapi: Bytes,
    content: Markup,
}

impl Docs {
    fn new() -> Self {
        let http = openapi::complete(super::described().into_openapi());
        let socket = AsyncApi::new();
        Self {
            content: page::content(&http, &socket),
            openapi: encode(&http),
            asyncapi: encode(&socket),
        }
    }
}

fn encode(document: &impl Serialize) -> Bytes {
    // Only what a serializer of our own refuses could fail here; there is nothing of that sort.
    schemas::named(&serde_json::to_string(document).unwrap_or_default()).into()
}

fn json(document: &Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json")], document.clone()).into_response()
}
