//! The parts of a request as handlers take them: refused in the contract's shape when they are
//! wrong.

use app::protocol::{ApiError, ErrorKind, limits};
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FormRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::IntoParams;

use super::answer::Failure;

/// A JSON object in the body, whatever the request calls it.
pub struct Json<T>(pub T);

/// A form in the body.
pub struct Form<T>(pub T);

/// What the path names.
pub struct Path<T>(pub T);

/// What the query asks.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        Ok(Self(json(&body)?))
    }
}

/// Reads a JSON object. The whole text goes through the depth-limited reader first, so that lone
/// surrogates and deep nesting are found in fields that we ignore, too.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| ApiError::new(ErrorKind::BadJson, "The body is not JSON"))?;
    if !value.is_object() {
        return Err(ApiError::new(ErrorKind::BadRequest, "The body is not a JSON object"));
    }
    serde_json::from_value(value).map_err(|error| ApiError::wrong_shape(&error))
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(FormRejection::BytesRejection(rejection)) => Err(unread(&rejection)),
            Err(rejection) => Err(Failure::bad_request(rejection.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(path)| Self(path))
            .map_err(|rejection| Failure::bad_request(rejection.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|rejection| Failure::bad_request(rejection.body_text()))
    }
}

pub(crate) fn unread(rejection: &BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::new(ErrorKind::TooLarge, "The body is too large").into();
    }
    Failure::bad_request("The body ended early")
}

/// How many items a page is to have.
///
/// # Errors
/// `validation` outside 1…100.
pub(crate) fn page_limit(asked: Option<i64>) -> Result<u32, ApiError> {
    let Some(asked) = asked else { return Ok(limits::PAGE_DEFAULT) };
    let limit = u32::try_from(asked).ok().filter(|limit| (1..=limits::PAGE_MAX).contains(limit));
    limit.ok_or_else(|| ApiError::validation("limit", "limit is 1 to 100"))
}

/// The page of a list that is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// The `next_cursor` of the page before; absent: the first page.
    pub(crate) cursor: Option<String>,
    /// The most items in the answer: 1 to 100; absent: 50.
    limit: Option<i64>,
}

impl Page {
    /// How many items it is to have.
    ///
    /// # Errors
    /// `validation` outside 1…100.
    pub(crate) fn limit(&self) -> Result<u32, ApiError> {
        page_limit(self.limit)
    }
}
