//! Parts of pages that the server renders for a page that is there already: who is found as one types,
//! whom an `@` may mean, the emoji, what messages hold beside their words.

mod contents;
mod emoji;
mod mention_suggestions;
mod schedule_form;

use app::protocol::{ConversationId, ListPage, Member, User, limits};
use app::ui::preferences::Language;
use app::ui::words::Words;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use leptos::prelude::*;
use serde::Deserialize;

use self::contents::contents;
use self::emoji::emoji_html;
use self::mention_suggestions::mention_suggestions;
use self::schedule_form::schedule_form;
use super::panes::found::{Found, FoundPeople};
use super::preferences;
use crate::edge::{AppState, Failure, Path, Query, Viewer};

/// So many are offered for an `@` at once.
const MAX_OFFERED: u32 = 8;

/// The routes of all fragments.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/emoji", get(picker))
        .route("/schedule-form", get(schedule_form))
        .route("/people", get(people))
        .route("/c/{id}/mentions", get(mentions))
        .route("/c/{id}/contents", get(contents))
}

/// The emoji of the picker: kept for a day, or until the browser's cookies change.
async fn picker(page: Parts) -> Response {
    let caching = [(CACHE_CONTROL, "private, max-age=86400"), (VARY, "cookie, accept-language")];
    (caching, Html(emoji_html(preferences(&page).language))).into_response()
}

#[derive(Deserialize)]
struct PeopleQuery {
    #[serde(default)]
    query: String,
    /// Asked for the filter of the chat list.
    #[serde(default)]
    below_chats: bool,
}

async fn people(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Query(asked): Query<PeopleQuery>,
    page: Parts,
) -> Result<Response, Failure> {
    let people = match asked.query.trim() {
        "" => None,
        query => Some(state.chat.find_people(query, limits::PAGE_DEFAULT).await?),
    };
    let found = Found { people, viewer: viewer.user_id, below_chats: asked.below_chats };
    let html = || view! { <FoundPeople found /> }.to_html();
    Ok(fresh(rendered(preferences(&page).language, html)))
}

#[derive(Deserialize)]
struct MentionsQuery {
    #[serde(default)]
    name: String,
}

async fn mentions(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path(id): Path<ConversationId>,
    Query(asked): Query<MentionsQuery>,
    page: Parts,
) -> Result<Response, Failure> {
    // One more, for the viewer is not offered to themselves.
    let members: ListPage<Member> =
        state.chat.members(viewer.user_id, id, &asked.name, None, MAX_OFFERED + 1).await?;
    let others = members.items.into_iter().map(|member| member.user);
    let is_offered = |user: &User| user.id != viewer.user_id && !user.is_deleted();
    let others: Vec<_> = others.filter(is_offered).take(MAX_OFFERED as usize).collect();
    let name = asked.name.to_lowercase();
    Ok(fresh(mention_suggestions(others, &name, preferences(&page).language)))
}

/// A part of a page as HTML, in this language.
fn rendered(language: Language, html: impl FnOnce() -> String) -> String {
    // Not below the thread's current owner: that may still be the one of a page of someone else's.
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide_context(Words::of(language));
        html()
    });
    owner.cleanup();
    html
}

/// True at this moment only.
fn fresh(html: String) -> Response {
    ([(CACHE_CONTROL, "no-store")], Html(html)).into_response()
}
