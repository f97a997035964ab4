//! Loads what a page is made of, on behalf of whoever asks for it.

mod conversation;
mod redirects;
mod source;
mod static_panes;

use app::forms::FormOutcome;
use app::protocol::urls::encode;
use app::protocol::{ApiError, Conversation, ErrorKind, ListPage, Timestamp, limits};
use app::ui::page::{Page, Pane, Session};
use app::ui::route::{Address, Route, safe_next};
use app::ui::shared::civil::Zone;

use self::conversation::pane;
use self::redirects::elsewhere;
use self::source::Source;
use self::static_panes::StaticPaneLoader;
use super::overlays::Told;
use super::panes::StaticPane;
use crate::auth::{Auth, Identity};
use crate::chat::Chat;

/// So many notices stand on a page; the next ones come once these were seen.
const NOTICES: u32 = 3;

/// A request for a page.
pub struct Ask {
    /// The address, as a GET.
    pub path_and_query: String,
    /// When it is asked for.
    pub now: Timestamp,
    /// In which zone times are to be told.
    pub zone: Zone,
    /// Who is signed in.
    pub viewer: Option<Identity>,
    /// The form post that failed, when the page shows it again.
    pub form: Option<FormOutcome>,
    /// The address of a calendar that was just made.
    pub new_calendar: Option<String>,
    /// A fresh `client_id` for the plain form of a conversation.
    pub client_id: String,
    /// The request's name in the log.
    pub request_id: String,
}

/// What a request for a page is answered with.
#[derive(Debug, PartialEq)]
pub enum Loaded {
    /// The page that was asked for.
    Page(Box<LoadedPage>),
    /// The path to redirect to.
    SeeOther(String),
}

/// A page, with what of it the server alone renders.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadedPage {
    /// What the browser renders as well.
    pub page: Page,
    /// What stands in the static pane.
    pub static_pane: Option<StaticPane>,
    /// What it tells beside what it shows.
    pub told: Told,
    /// Its address.
    pub here: String,
}

impl LoadedPage {
    /// The HTTP status that fits.
    #[must_use]
    pub fn status(&self) -> u16 {
        if let Some(form) = &self.page.form {
            return form.error.code;
        }
        match &self.static_pane {
            Some(StaticPane::Failed(error)) => error.code,
            Some(StaticPane::Missing | StaticPane::Nobody) => 404,
            Some(StaticPane::Forward(page)) => page.refused.as_ref().map_or(200, |e| e.code),
            _ => 200,
        }
    }
}

/// Loads a page.
///
/// # Errors
/// `unauthenticated` when the viewer's account is gone; `internal` and `unavailable`. What only
/// one pane cannot show is shown in that pane.
pub async fn load(chat: &Chat, auth: &Auth, ask: Ask) -> Result<Loaded, ApiError> {
    let place = Address::parse(&ask.path_and_query);
    let Some(viewer) = ask.viewer else {
        return Ok(signed_out(ask, place));
    };
    if place.route.is_sign_in() {
        let next = place.param("next").unwrap_or_default();
        return Ok(Loaded::SeeOther(safe_next(&next).to_owned()));
    }
    let source = Source { chat, auth, viewer, request_id: &ask.request_id };
    if let Some(path) = elsewhere(source, &place, &ask.zone).await? {
        return Ok(Loaded::SeeOther(path));
    }
    let me = source.told(chat.person(viewer.user_id, viewer.user_id).await);
    let me = me.map_err(|error| match error.kind {
        ErrorKind::NotFound => ApiError::new(ErrorKind::Unauthenticated, "This account is gone"),
        _ => error,
    })?;
    let chats = chats(source, &place).await?;
    let client_id = match &ask.form {
        Some(form) if !form.values.client_id.is_empty() => form.values.client_id.clone(),
        _ => ask.client_id,
    };
    let pane = if let Route::Talk(target) = place.route {
        pane(source, target, &place, client_id).await.map(|pane| (pane, None))
    } else {
        let loader = StaticPaneLoader {
            source,
            place: &place,
            failed: ask.form.clone(),
            new_calendar: ask.new_calendar,
            now: ask.now,
            zone: &ask.zone,
            chats: &chats,
            client_id: &client_id,
        };
        loader.load().await.map(|pane| (Pane::Static, Some(pane)))
    };
    let (pane, static_pane) = pane.unwrap_or_else(|error| {
        let pane = match error.kind {
            ErrorKind::NotFound => StaticPane::Missing,
            _ => StaticPane::Failed(error),
        };
        (Pane::Static, Some(pane))
    });
    let mut told = told(source).await?;
    // Where they are listed.
    told.due &= place.route != Route::Reminders;
    let session = Some(Session { me, chats, pane });
    Ok(Loaded::Page(Box::new(LoadedPage {
        page: Page { place, now: ask.now, zone: ask.zone, form: ask.form, session },
        static_pane,
        told,
        here: ask.path_and_query,
    })))
}

/// What the viewer is told on every page.
async fn told(source: Source<'_>) -> Result<Told, ApiError> {
    let Source { chat, viewer, .. } = source;
    let (notices, due) = tokio::join!(
        chat.notices(viewer.user_id, None, NOTICES),
        chat.due_reminders(viewer.user_id, 1)
    );
    Ok(Told { notices: source.told(notices)?.items, due: !source.told(due)?.is_empty() })
}

/// The chat list as far as it goes along with the page; with what is archived, where that is asked for.
async fn chats(source: Source<'_>, place: &Address) -> Result<ListPage<Conversation>, ApiError> {
    let cursor = place.param("chats");
    if place.param("archived").is_none() {
        return conversations_from(source, false, cursor.as_deref()).await;
    }
    let mut archived = conversations_from(source, true, cursor.as_deref()).await?;
    // For whoever turns back without a new page.
    archived.items.extend(conversations_from(source, false, None).await?.items);
    Ok(archived)
}

/// A page of the viewer's chat list, or of what is archived.
async fn conversations_from(
    source: Source<'_>,
    archived: bool,
    cursor: Option<&str>,
) -> Result<ListPage<Conversation>, ApiError> {
    let viewer = source.viewer.user_id;
    source.told(source.chat.chat_list(viewer, archived, cursor, limits::PAGE_MAX).await)
}

fn signed_out(ask: Ask, place: Address) -> Loaded {
    if !place.route.is_sign_in() {
        let next = if place.route == Route::Home { "" } else { safe_next(&ask.path_and_query) };
        let query = if next.is_empty() { String::new() } else { format!("?next={}", encode(next)) };
        return Loaded::SeeOther(format!("/login{query}"));
    }
    let Ask { now, zone, form, path_and_query: here, .. } = ask;
    let page = Page { place, now, zone, form, session: None };
    let told = Told::default();
    Loaded::Page(Box::new(LoadedPage { page, static_pane: None, told, here }))
}
