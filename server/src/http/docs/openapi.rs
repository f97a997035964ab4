//! The OpenAPI document: what the handlers say of themselves, and what is the same for all of them.

use std::mem;

use app::protocol::ErrorBody;
use axum::http::StatusCode;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::schemas::{schemas, tidy};

/// What stands before everything else.
const ABOUT: &str = "\
JSON in UTF-8, `snake_case`. Times are milliseconds since the Unix epoch. Unknown fields are ignored; \
a missing optional field and `null` mean the same. A conversation that does not exist and one that \
you are not a member of give the same answer: `not_found`. Whatever fails answers an `ErrorBody`, whose \
`kind` is for programs.\n\n\
Programs send `Authorization: Bearer` with the access token of a log-in; it is good for 15 minutes, \
then `token_expired` says to refresh it. Pages have cookies instead.\n\n\
What changes something is taken from its sender's allowance, messages from one and every other write from \
another, and so many requests of a person are answered at once: over that it is `rate_limited`, with \
`retry_after_ms` and `Retry-After`, and may be tried again then.";

/// The name of the answer that every operation may give.
const ERROR: &str = "Error";

/// The routes of one noun, which becomes their tag and the beginning of their operations' names.
pub fn noun<S>(noun: &str, mut routes: OpenApiRouter<S>) -> OpenApiRouter<S>
where
    S: Send + Sync + Clone + 'static,
{
    for operation in operations(routes.get_openapi_mut()) {
        operation.tags = Some(vec![noun.to_owned()]);
        if let Some(id) = &mut operation.operation_id {
            *id = format!("{noun}_{id}");
        }
    }
    routes
}

/// Adds what no handler says.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    let version = env!("CARGO_PKG_VERSION");
    document.info =
        InfoBuilder::new().title("Kith").version(version).description(Some(ABOUT)).build();
    document.security = Some(vec![
        SecurityRequirement::new("bearer", [""; 0]),
        SecurityRequirement::new("cookie", [""; 0]),
    ]);
    for operation in operations(&mut document) {
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response
                && response.description.is_empty()
            {
                response.description = reason(status);
            }
        }
        let error = Ref::from_response_name(ERROR);
        operation.responses.responses.insert("default".into(), error.into());
    }
    for operation in changes(&mut document) {
        operation.responses.responses.insert("429".into(), rate_limited().into());
    }
    let components = document.components.get_or_insert_default();
    components.schemas.extend(schemas(ErrorBody::schemas));
    components.schemas.insert(ErrorBody::name().into(), ErrorBody::schema());
    components.schemas = tidy(mem::take(&mut components.schemas));
    components.responses.insert(ERROR.into(), error().into());
    components.security_schemes.insert("bearer".into(), bearer().into());
    components.security_schemes.insert("cookie".into(), cookie().into());
    document
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|item| {
        let PathItem { get, head, options, put, post, patch, delete, .. } = item;
        [get, head, options, put, post, patch, delete].into_iter().flatten()
    })
}

/// Those that change something.
fn changes(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|item| {
        let PathItem { put, post, patch, delete, .. } = item;
        [put, post, patch, delete].into_iter().flatten()
    })
}

fn reason(status: &str) -> String {
    let status = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
    status.and_then(|status| status.canonical_reason()).unwrap_or_default().to_owned()
}

fn error() -> Response {
    let content = Content::new(Some(Ref::from_schema_name(ErrorBody::name())));
    ResponseBuilder::new()
        .description(
            "What went wrong, in the one shape that all failures have. `kind` is for programs.",
        )
        .content("application/json", content)
        .build()
}

fn rate_limited() -> Response {
    let content = Content::new(Some(Ref::from_schema_name(ErrorBody::name())));
    ResponseBuilder::new()
        .description(
            "`rate_limited`: too often, or too much at once; `retry_after_ms` says when again.",
        )
        .content("application/json", content)
        .build()
}

fn bearer() -> SecurityScheme {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `access_token` of a log-in."));
    SecurityScheme::Http(scheme.build())
}

fn cookie() -> SecurityScheme {
    let description = "For pages: set by a log-in with `\"cookies\": true`, and named \
                       `__Host-kith_access` where the site is reached over TLS. Requests that change \
                       something need an `Origin` of our own.";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "kith_access",
        description,
    )))
}
