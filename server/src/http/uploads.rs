//! Uploads by tus 1.0, in pieces that can be cut off: <https://tus.io/protocols/resumable-upload>.

use app::protocol::{ApiError, ErrorKind, File, FileId};
use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::allowance;
use crate::edge::answer::Failure;
use crate::edge::extract::Path;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::files::Files;
use crate::files::uploads::{Announced, Checksum, Piece, Progress};

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,expiration,termination,checksum";
/// The type of a piece.
const PIECE_TYPE: &str = "application/offset+octet-stream";

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(begin, options))
        .routes(routes!(file, progress, receive, end, upload_options))
        .layer(from_fn(version_said))
}

/// Says in every answer which version is spoken here.
async fn version_said(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    response
}

/// A request in the one version that is spoken here.
struct Tus;

impl<S: Send + Sync> FromRequestParts<S> for Tus {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        if parts.headers.get(TUS_RESUMABLE).is_some_and(|version| version == VERSION) {
            return Ok(Self);
        }
        let message = "Say Tus-Resumable: 1.0.0, the one version that is spoken here";
        Err(ApiError::new(ErrorKind::Precondition, message).into())
    }
}

/// What of tus is spoken here.
#[utoipa::path(options, path = "/uploads", security(()), responses((status = NO_CONTENT)))]
async fn options(State(files): State<Files>) -> Response {
    spoken(&files, "POST, OPTIONS")
}

/// What of tus is spoken here, for one upload.
#[utoipa::path(options, path = "/uploads/{id}", security(()),
    params(("id" = FileId, Path)), responses((status = NO_CONTENT)))]
async fn upload_options(State(files): State<Files>) -> Response {
    spoken(&files, "GET, HEAD, PATCH, DELETE, OPTIONS")
}

fn spoken(files: &Files, methods: &'static str) -> Response {
    let spoken = [
        (header::ALLOW, HeaderValue::from_static(methods)),
        (TUS_EXTENSION, HeaderValue::from_static(EXTENSIONS)),
        (TUS_CHECKSUM_ALGORITHM, HeaderValue::from_static(Checksum::ALGORITHMS)),
        (TUS_MAX_SIZE, HeaderValue::from(files.max_file())),
    ];
    (StatusCode::NO_CONTENT, spoken).into_response()
}

/// Begins an upload by tus.
///
/// `Upload-Length` says how many bytes will come. `Upload-Metadata` may say `filename`; `as`: `photo` (cleaned on
/// receipt, with a thumbnail), `voice` or `file`; `duration_ms`, `waveform`, `width` and `height`. The first piece may
/// be the body. `Location` is where it goes on. `too_large` and `quota` are said before the first byte.
#[utoipa::path(post, path = "/uploads", responses((status = CREATED)))]
async fn begin(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    _: Tus,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let size = number(&headers, &UPLOAD_LENGTH)?
        .ok_or_else(|| Failure::bad_request("Upload-Length says how many bytes will come"))?;
    let metadata = text(&headers, &UPLOAD_METADATA)?.unwrap_or_default();
    let announced = Announced::by_metadata(size, metadata)?;
    let has_piece = headers.contains_key(header::CONTENT_TYPE);
    if has_piece {
        piece_type(&headers)?;
    }
    let begun = state.files.begin_upload(viewer.user_id, announced).await?;
    let mut response = StatusCode::CREATED.into_response();
    response.headers_mut().insert(
        header::LOCATION,
        HeaderValue::try_from(format!("/api/v1/uploads/{}", begun.id))
            .map_err(crate::error::Error::internal)?,
    );
    if !has_piece {
        tell(&mut response, begun);
        return Ok(response);
    }
    let piece = piece(0, &headers, body)?;
    let _turn = allowance::to_upload(&state, viewer.user_id).await?;
    match state.files.receive(viewer.user_id, begun.id, piece).await {
        Ok(progress) => tell(&mut response, progress),
        // It has begun, and what came of it can be asked for.
        Err(error) => {
            tracing::debug!(%error, "the first piece of an upload did not come");
            let progress = state.files.upload_progress(viewer.user_id, begun.id).await;
            tell(&mut response, progress.map_err(|_| error)?);
        }
    }
    Ok(response)
}

/// The file of an upload of yours.
///
/// `not_found` until it is whole, too.
#[utoipa::path(get, path = "/uploads/{id}", params(("id" = FileId, Path)),
    responses((status = OK, body = File)))]
async fn file(
    State(files): State<Files>,
    Viewer(viewer): Viewer,
    Path(id): Path<FileId>,
) -> Result<Json<File>, Failure> {
    Ok(Json(files.uploaded_file(viewer.user_id, id).await?))
}

/// How far an upload of yours is, in `Upload-Offset`.
///
/// It counts what is safe. `not_found` for one that ended.
#[utoipa::path(head, path = "/uploads/{id}", params(("id" = FileId, Path)),
    responses((status = OK)))]
async fn progress(
    State(files): State<Files>,
    Viewer(viewer): Viewer,
    _: Tus,
    Path(id): Path<FileId>,
) -> Result<Response, Failure> {
    let progress = files.upload_progress(viewer.user_id, id).await?;
    let mut response = StatusCode::OK.into_response();
    tell(&mut response, progress);
    let headers = response.headers_mut();
    headers.insert(UPLOAD_LENGTH, HeaderValue::from(progress.length));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Takes the next piece of an upload of yours.
///
/// It is safe once it is answered; what comes of one that is cut off is kept. `Upload-Checksum` may have its `sha1` or
/// `sha256`. `conflict` where `Upload-Offset` is not that of the upload; `locked` while another request writes to it;
/// `checksum`. A login that lives is enough: its access token may have expired. `POST` with `X-HTTP-Method-Override:
/// PATCH` does the same, for programs that cannot send PATCH.
#[utoipa::path(patch, path = "/uploads/{id}", params(("id" = FileId, Path)),
    responses((status = NO_CONTENT)))]
async fn receive(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    _: Tus,
    Path(id): Path<FileId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    piece_type(&headers)?;
    let offset = number(&headers, &UPLOAD_OFFSET)?
        .ok_or_else(|| Failure::bad_request("Upload-Offset says where the bytes belong"))?;
    let piece = piece(offset, &headers, body)?;
    let _turn = allowance::to_upload(&state, viewer.user_id).await?;
    let progress = state.files.receive(viewer.user_id, id, piece).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    tell(&mut response, progress);
    Ok(response)
}

/// Ends an upload of yours, unfinished or whole.
///
/// `conflict` where a message holds its file. `POST` with `X-HTTP-Method-Override: DELETE` does the same.
#[utoipa::path(delete, path = "/uploads/{id}", params(("id" = FileId, Path)),
    responses((status = NO_CONTENT)))]
async fn end(
    State(files): State<Files>,
    Viewer(viewer): Viewer,
    _: Tus,
    Path(id): Path<FileId>,
) -> Result<StatusCode, Failure> {
    files.end_upload(viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tell(response: &mut Response, progress: Progress) {
    let headers = response.headers_mut();
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(progress.offset));
    let expires = progress.expires_at.and_then(|at| u64::try_from(at).ok());
    let expires = expires.map(|at| std::time::UNIX_EPOCH + std::time::Duration::from_millis(at));
    if let Some(expires) = expires.map(httpdate::fmt_http_date)
        && let Ok(expires) = HeaderValue::try_from(expires)
    {
        headers.insert(UPLOAD_EXPIRES, expires);
    }
}

fn piece(
    offset: i64,
    headers: &HeaderMap,
    body: Body,
) -> Result<Piece<axum::body::BodyDataStream>, Failure> {
    let checksum = match text(headers, &UPLOAD_CHECKSUM)? {
        Some(checksum) => Some(Checksum::parse(checksum).ok_or_else(|| {
            Failure::bad_request("Upload-Checksum is sha1 or sha256, and the sum in base64")
        })?),
        None => None,
    };
    let length = number(headers, &header::CONTENT_LENGTH)?;
    Ok(Piece { offset, length, checksum, body: body.into_data_stream() })
}

fn piece_type(headers: &HeaderMap) -> Result<(), Failure> {
    let found = headers.get(header::CONTENT_TYPE);
    if found.is_some_and(|found| found == PIECE_TYPE) {
        return Ok(());
    }
    let message = "A piece of an upload is application/offset+octet-stream";
    Err(ApiError::new(ErrorKind::UnsupportedType, message).into())
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Failure> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let wrong = |_| Failure::bad_request(format!("{name} has letters that it cannot have"));
    value.to_str().map(Some).map_err(wrong)
}

/// A number of bytes in a header.
fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<i64>, Failure> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && *number <= app::protocol::MAX_INTEGER);
    number.map(Some).ok_or_else(|| Failure::bad_request(format!("{name} is a number of bytes")))
}
