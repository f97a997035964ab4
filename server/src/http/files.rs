//! Files: handed out whole and in parts, and taken in at once by small programs.

use app::protocol::{ApiError, ErrorKind, File, FileId};
use axum::Json;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ranges::{Asked, Wanted};
use crate::edge::allowance;
use crate::edge::answer::Failure;
use crate::edge::extract::{Path, Query};
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::error::Error;
use crate::files::uploads::Announced;
use crate::files::{Files, Served, media_type};

/// Characters of a form's field other than the file.
const MAX_FIELD_BYTES: usize = 4 * 1024;
/// Fields of a form before the file.
const MAX_FIELDS: usize = 16;
/// What `filename*` need not escape.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(file))
        .routes(routes!(thumbnail))
        .routes(routes!(upload))
        // The file has a limit of its own.
        .layer(DefaultBodyLimit::disable())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Manner {
    /// With any value: as an attachment, also what may be shown in place.
    download: Option<String>,
}

/// A file, whole or in part.
///
/// For its uploader, and for who can read now a message that holds it; `not_found` for anyone else. One range at a
/// time is heeded, under `If-Range` and `If-None-Match`. What is no picture, sound or film comes as an attachment.
#[utoipa::path(get, path = "/files/{id}", params(("id" = FileId, Path), Manner), responses(
    (status = OK, content_type = "application/octet-stream"),
    (status = PARTIAL_CONTENT, content_type = "application/octet-stream"),
    (status = NOT_MODIFIED),
))]
async fn file(
    State(files): State<Files>,
    Viewer(viewer): Viewer,
    Path(id): Path<FileId>,
    Query(manner): Query<Manner>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let served = files.file(viewer.user_id, id).await?;
    serve(&files, &served, &headers, manner.download.is_some()).await
}

/// The small picture of a file, for the same people.
#[utoipa::path(get, path = "/files/{id}/thumbnail", params(("id" = FileId, Path)), responses(
    (status = OK, content_type = "image/jpeg"),
    (status = PARTIAL_CONTENT, content_type = "image/jpeg"),
    (status = NOT_MODIFIED),
))]
async fn thumbnail(
    State(files): State<Files>,
    Viewer(viewer): Viewer,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let served = files.thumbnail(viewer.user_id, id).await?;
    serve(&files, &served, &headers, false).await
}

async fn serve(
    files: &Files,
    served: &Served,
    asked: &HeaderMap,
    download: bool,
) -> Result<Response, Failure> {
    let (size, tag) = (files.size_of(served).await?, format!("\"{}\"", served.tag));
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    let (range, if_range) = (text(header::RANGE), text(header::IF_RANGE));
    let asked = Asked { range, if_range, if_none_match: text(header::IF_NONE_MATCH) };
    let wanted = Wanted::of(asked, &tag, size);
    let mut headers = HeaderMap::new();
    let mut say = |name, value: String| -> Result<(), Failure> {
        headers.insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
        Ok(())
    };
    say(header::ETAG, tag)?;
    say(header::ACCEPT_RANGES, "bytes".into())?;
    say(header::CACHE_CONTROL, "private, no-cache".into())?;
    let (status, range, length) = match wanted {
        Wanted::NotModified => return Ok((StatusCode::NOT_MODIFIED, headers).into_response()),
        Wanted::Outside => {
            let message = "The range lies outside of the file";
            let failure = Failure::from(ApiError::new(ErrorKind::BadRange, message));
            let size = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((size, failure).into_response());
        }
        Wanted::Whole => (StatusCode::OK, None, size),
        Wanted::Part(range) => {
            let (first, last) = (range.start, range.end - 1);
            say(header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}"))?;
            (StatusCode::PARTIAL_CONTENT, Some(range), last - first + 1)
        }
    };
    let shown = media_type::is_shown(&served.mime);
    let manner = if shown && !download { "inline" } else { "attachment" };
    let name = utf8_percent_encode(&served.name, PLAIN);
    say(header::CONTENT_DISPOSITION, format!("{manner}; filename*=UTF-8''{name}"))?;
    let mime = if shown { served.mime.clone() } else { media_type::OTHER.to_owned() };
    say(header::CONTENT_TYPE, mime)?;
    say(header::CONTENT_LENGTH, length.to_string())?;
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff".into())?;
    say(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".into())?;
    let policy = header::HeaderName::from_static("cross-origin-resource-policy");
    say(policy, "same-origin".into())?;
    let body = if length == 0 {
        Body::empty()
    } else {
        Body::from_stream(files.open(served, range).await?.stream)
    };
    Ok((status, headers, body).into_response())
}

/// A file with what is said of it, as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a form that is read field by field")]
struct FileForm {
    /// The file's name; absent: that which the file comes with.
    filename: Option<String>,
    /// `photo`, `voice` or `file`; absent: `file`.
    r#as: Option<String>,
    /// The length of a sound or a film in milliseconds.
    duration_ms: Option<i64>,
    /// Peaks of a voice message, 0 to 100, with commas.
    waveform: Option<String>,
    /// The width of a film in pixels.
    width: Option<u32>,
    /// The height of a film in pixels.
    height: Option<u32>,
    /// The file itself, as the last field.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Uploads a file at once, for small programs.
///
/// The other fields stand before `file`. `too_large` and `quota` are said before the first byte where the request says
/// how long it is.
#[utoipa::path(post, path = "/files",
    request_body(content = inline(FileForm), content_type = "multipart/form-data"),
    responses((status = CREATED, body = File)))]
async fn upload(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<(StatusCode, Json<File>), Failure> {
    let mut form = form.map_err(|rejection| {
        let message = "The body is multipart/form-data";
        match rejection {
            axum::extract::multipart::MultipartRejection::InvalidBoundary(_) => {
                Failure::from(ApiError::new(ErrorKind::UnsupportedType, message))
            }
            _ => Failure::bad_request(message),
        }
    })?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(i64::MAX);
    let most = state.files.max_file();
    if length != i64::MAX && length > most.saturating_add(FORM_BYTES) {
        return Err(state.files.too_large().into());
    }
    let mut announced = Announced::nameless(length.min(most));
    for _ in 0..MAX_FIELDS {
        let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? else {
            break;
        };
        let word = field.name().unwrap_or_default().to_owned();
        if word == "file" {
            if let Some(name) = field.file_name()
                && announced.is_nameless()
            {
                announced.say("filename", name)?;
            }
            let _turn = allowance::to_upload(&state, viewer.user_id).await?;
            let file = state.files.receive_whole(viewer.user_id, announced, field).await?;
            return Ok((StatusCode::CREATED, Json(file)));
        }
        let mut value = Vec::new();
        while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
            value.extend_from_slice(&bytes);
            if value.len() > MAX_FIELD_BYTES {
                return Err(ApiError::new(ErrorKind::TooLarge, "A field is too long").into());
            }
        }
        announced.say(&word, &String::from_utf8_lossy(&value))?;
    }
    Err(ApiError::validation("file", "There is no file among the first fields").into())
}

/// Bytes that a form may have beside its file.
const FORM_BYTES: i64 = 128 * 1024;

fn broken(error: &axum::extract::multipart::MultipartError) -> Failure {
    Failure::bad_request(error.body_text())
}
