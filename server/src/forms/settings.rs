//! The plain forms of `/settings`: one that worked leads back to its part of the page, which says so;
//! one that did not shows the page again, with the error in its part.

use app::forms::FormValues;
use app::protocol::{ChangePassword, DeleteAccount, LoginId, UpdateMe};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Uri};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Deserialize;

use super::{again, sign_in_first};
use crate::edge::answer::Failure;
use crate::edge::client_ip::ClientIp;
use crate::edge::cookies;
use crate::edge::credentials::{change_password, delete_account};
use crate::edge::extract::{Form, Path};
use crate::edge::host::calendar_address;
use crate::edge::redirect::see_other;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;
use crate::pages::{self, NewCalendar};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/settings/nickname", get(back).post(nickname))
        .route("/settings/privacy", get(back).post(privacy))
        .route("/settings/calendar", get(back).post(make_calendar))
        .route("/settings/calendar/end", get(back).post(end_calendar))
        .route("/settings/password", get(back).post(password))
        .route("/settings/devices", get(back).post(end_others))
        .route("/settings/devices/{id}", get(back).post(end))
        .route("/settings/delete", get(back).post(delete))
}

/// The parts of the page, as `ui::settings` names them.
const NICKNAME: &str = "nickname";
const PRIVACY: &str = "privacy";
const PASSWORD: &str = "password";
const DEVICES: &str = "devices";
const DELETE: &str = "delete";
const CALENDAR: &str = "calendar";

/// Whoever comes to a form's address by a link, or from signing in anew.
async fn back() -> Response {
    see_other("/settings")
}

#[derive(Deserialize)]
struct NicknameForm {
    nickname: String,
}

async fn nickname(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    Form(form): Form<NicknameForm>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let update = UpdateMe { nickname: Some(form.nickname.clone()), show_last_seen: None };
    let result = state.chat.update_me(viewer.user_id, &update).await;
    let values = FormValues { nickname: form.nickname, ..FormValues::default() };
    shown(state, page, NICKNAME, values, result.map(drop).map_err(Failure)).await
}

/// A box that is not ticked is not sent.
#[derive(Deserialize)]
struct PrivacyForm {
    show_last_seen: Option<String>,
}

async fn privacy(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
    Form(form): Form<PrivacyForm>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let show = form.show_last_seen.is_some();
    let update = UpdateMe { nickname: None, show_last_seen: Some(show) };
    let result = state.chat.update_me(viewer.user_id, &update).await;
    shown(state, page, PRIVACY, FormValues::default(), result.map(drop).map_err(Failure)).await
}

async fn password(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Extension(ClientIp(address)): Extension<ClientIp>,
    page: Parts,
    Form(request): Form<ChangePassword>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = change_password(&state, address, viewer, request).await.map_err(Failure);
    shown(state, page, PASSWORD, FormValues::default(), result).await
}

async fn end(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Path(id): Path<LoginId>,
    page: Parts,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = state.auth.end_login(viewer, id).await.map_err(Failure);
    shown(state, page, DEVICES, FormValues::default(), result).await
}

async fn end_others(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = state.auth.end_other_logins(viewer).await.map_err(Failure);
    shown(state, page, DEVICES, FormValues::default(), result).await
}

/// Shows the page with the address, which is told this once.
async fn make_calendar(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    mut page: Parts,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let secret = match state.chat.new_calendar(viewer.user_id).await {
        Ok(secret) => secret,
        Err(error) => {
            let failed = Err(Failure(error));
            return shown(state, page, CALENDAR, FormValues::default(), failed).await;
        }
    };
    let address = calendar_address(&state.site, &page.headers, &secret);
    page.method = Method::GET;
    page.uri = Uri::from_static("/settings");
    page.extensions.insert(NewCalendar(address));
    pages::render(state, Request::from_parts(page, Body::empty())).await
}

async fn end_calendar(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    page: Parts,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = state.chat.end_calendar(viewer.user_id).await.map_err(Failure);
    shown(state, page, CALENDAR, FormValues::default(), result).await
}

async fn delete(
    State(state): State<AppState>,
    viewer: Option<Viewer>,
    Extension(ClientIp(address)): Extension<ClientIp>,
    page: Parts,
    Form(request): Form<DeleteAccount>,
) -> Response {
    let Some(Viewer(viewer)) = viewer else { return sign_in_first(&page) };
    let result = delete_account(&state, address, viewer, request).await.map_err(Failure);
    if result.is_err() {
        return shown(state, page, DELETE, FormValues::default(), result).await;
    }
    let mut response = see_other("/register");
    cookies::clear(response.headers_mut(), &state.site);
    // Drafts and what was not sent lie in the browser's storage, and are nobody's now.
    let storage = HeaderValue::from_static("\"storage\"");
    response.headers_mut().insert("clear-site-data", storage);
    response
}

/// What came of a part's form, in its place on the page.
async fn shown(
    state: AppState,
    page: Parts,
    part: &str,
    values: FormValues,
    result: Result<(), Failure>,
) -> Response {
    match result {
        Ok(()) => see_other(&format!("/settings?done={part}#{part}")),
        Err(failure) => {
            let values = FormValues { part: part.to_owned(), ..values };
            again(state, page, failure, values).await
        }
    }
}
