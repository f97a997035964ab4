//! Loads what a page is made of, on behalf of whoever asks for it.

mod static_panes;

use app::forms::FormOutcome;
use app::protocol::Window;
use app::protocol::urls::encode;
use app::protocol::{
    ApiError, Conversation, ConversationId, ConversationKind, ErrorKind, ListPage, Target,
    Timestamp, UserId, limits,
};
use app::ui::page::{Page, Pane, Session, Talk};
use app::ui::route::{
    self, Address, Route, conversation_path, message_path, profile_path, safe_next,
};
use app::ui::shared::civil::Zone;

use self::static_panes::StaticPaneLoader;
use super::backend::Backend;
use super::panes::StaticPane;

/// A request for a page.
pub struct Ask {
    /// The address, as a GET.
    pub path_and_query: String,
    /// When it is asked for.
    pub now: Timestamp,
    /// In which zone times are to be told.
    pub zone: Zone,
    /// Who is signed in.
    pub viewer: Option<UserId>,
    /// The form post that failed, when the page shows it again.
    pub form: Option<FormOutcome>,
    /// A fresh `client_id` for the plain form of a conversation.
    pub client_id: String,
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
}

impl LoadedPage {
    /// The HTTP status that fits.
    #[must_use]
    pub fn status(&self) -> u16 {
        if let Some(form) = &self.page.form {
            return form.error.code;
        }
        match (self.page.session.as_ref().map(|session| &session.pane), &self.static_pane) {
            (Some(Pane::Failed(error)), _) => error.code,
            (Some(Pane::Missing), _) | (_, Some(StaticPane::Nobody)) => 404,
            (_, Some(StaticPane::Forward(page))) => page.refused.as_ref().map_or(200, |e| e.code),
            _ => 200,
        }
    }
}

/// Loads a page.
///
/// # Errors
/// `unauthenticated` when the viewer's account is gone; `internal` and `unavailable`. What only
/// one pane cannot show is shown in that pane.
pub async fn load(backend: &dyn Backend, ask: Ask) -> Result<Loaded, ApiError> {
    let place = Address::parse(&ask.path_and_query);
    let Some(viewer) = ask.viewer else {
        return Ok(signed_out(ask, place));
    };
    if place.route.is_sign_in() {
        let next = place.param("next").unwrap_or_default();
        return Ok(Loaded::SeeOther(safe_next(&next).to_owned()));
    }
    if let Some(path) = elsewhere(backend, viewer, &place, &ask.zone).await? {
        return Ok(Loaded::SeeOther(path));
    }
    let me = backend.user(viewer, viewer).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => ApiError::new(ErrorKind::Unauthenticated, "This account is gone"),
        _ => error,
    })?;
    let chats = chats(backend, viewer, &place).await?;
    let client_id = match &ask.form {
        Some(form) if !form.values.client_id.is_empty() => form.values.client_id.clone(),
        _ => ask.client_id,
    };
    let (failed, now) = (ask.form.clone(), ask.now);
    let loader = StaticPaneLoader {
        backend,
        viewer,
        place: &place,
        failed,
        now,
        chats: &chats,
        client_id: &client_id,
    };
    let static_pane = loader.load().await;
    let pane = match &static_pane {
        Ok(Some(StaticPane::Found(_))) => Ok(Pane::People),
        Ok(Some(_)) => Ok(Pane::Static),
        Ok(None) => pane(backend, viewer, &place, client_id).await,
        Err(error) => Err(error.clone()),
    };
    let pane = pane.unwrap_or_else(|error| match error.kind {
        ErrorKind::NotFound => Pane::Missing,
        _ => Pane::Failed(error),
    });
    let session = Some(Session { me, chats, pane });
    Ok(Loaded::Page(Box::new(LoadedPage {
        page: Page { place, now: ask.now, zone: ask.zone, form: ask.form, session },
        static_pane: static_pane.ok().flatten(),
    })))
}

/// The chat list as far as it goes along with the page; with what is archived, where that is asked for.
async fn chats(
    backend: &dyn Backend,
    viewer: UserId,
    place: &Address,
) -> Result<ListPage<Conversation>, ApiError> {
    let cursor = place.param("chats");
    if place.param("archived").is_none() {
        return backend.conversations(viewer, false, cursor.as_deref()).await;
    }
    let mut archived = backend.conversations(viewer, true, cursor.as_deref()).await?;
    // For whoever turns back without a new page.
    archived.items.extend(backend.conversations(viewer, false, None).await?.items);
    Ok(archived)
}

fn signed_out(ask: Ask, place: Address) -> Loaded {
    if !place.route.is_sign_in() {
        let next = if place.route == Route::Home { "" } else { safe_next(&ask.path_and_query) };
        let query = if next.is_empty() { String::new() } else { format!("?next={}", encode(next)) };
        return Loaded::SeeOther(format!("/login{query}"));
    }
    let Ask { now, zone, form, .. } = ask;
    let page = Page { place, now, zone, form, session: None };
    Loaded::Page(Box::new(LoadedPage { page, static_pane: None }))
}

/// Where a place leads instead: the person whom one writes to, once there is a conversation with
/// them, to that; a day of a conversation, to its first message, or else the last one before it;
/// what there is to know about a private conversation, to the person.
async fn elsewhere(
    backend: &dyn Backend,
    viewer: UserId,
    place: &Address,
    zone: &Zone,
) -> Result<Option<String>, ApiError> {
    match place.route {
        Route::Talk(Target::Conversation(id)) => {
            let day = place.param("day").and_then(|day| zone.beginning_of(&day));
            let Some(at) = day else { return Ok(None) };
            match backend.seq_at(viewer, id, at).await {
                Ok(seq) => Ok(seq.map(|seq| message_path(id, seq))),
                Err(error) if error.kind != ErrorKind::NotFound => Err(error),
                _ => Ok(None),
            }
        }
        Route::Talk(Target::User(peer)) => {
            let found = backend.private_conversation(viewer, peer).await?;
            Ok(found.map(|conversation| conversation_path(conversation.id)))
        }
        Route::Info(id) if place.seq("m").is_none() => {
            match backend.conversation(viewer, id).await {
                Ok(talk) if talk.kind == ConversationKind::Private => {
                    Ok(Some(profile_path(talk.peer.map_or(viewer, |peer| peer.id))))
                }
                Err(error) if error.kind != ErrorKind::NotFound => Err(error),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

async fn pane(
    backend: &dyn Backend,
    viewer: UserId,
    place: &Address,
    client_id: String,
) -> Result<Pane, ApiError> {
    match place.route {
        Route::Talk(Target::Conversation(id)) => talk(backend, viewer, id, place, client_id).await,
        Route::Talk(Target::User(peer)) => {
            Ok(Pane::Person { user: backend.user(viewer, peer).await?, client_id })
        }
        Route::Home | Route::LogIn | Route::Register => Ok(Pane::Nothing),
        _ => Ok(Pane::Missing),
    }
}

async fn talk(
    backend: &dyn Backend,
    viewer: UserId,
    id: ConversationId,
    place: &Address,
    client_id: String,
) -> Result<Pane, ApiError> {
    let conversation = backend.conversation(viewer, id).await?;
    let window = window(place, &conversation);
    let messages = backend.messages(viewer, id, window, limits::PAGE_DEFAULT).await?;
    Ok(Pane::Talk(Box::new(Talk { conversation, messages, client_id })))
}

/// Which part of the history a place shows: what its query names, else around the first unread
/// message, else the end.
fn window(place: &route::Address, conversation: &Conversation) -> Window {
    if let Some(seq) = place.seq("m") {
        Window::Around(seq)
    } else if let Some(seq) = place.seq("before") {
        Window::Before(seq)
    } else if let Some(seq) = place.seq("after") {
        Window::After(seq)
    } else if conversation.unread > 0 {
        Window::Around(conversation.read_seq.next())
    } else {
        Window::Latest
    }
}
