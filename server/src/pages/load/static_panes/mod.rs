//! Loads the panes that the server alone renders.

mod contacts;
mod forward;
mod groups;
mod reminders;

use app::forms::FormOutcome;
use app::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, ListPage, Timestamp, User, UserId, limits,
};
use app::ui::route::{Address, Route};
use app::ui::shared::civil::Zone;

use super::source::Source;
use crate::pages::panes::StaticPane;
use crate::pages::panes::found::Found;
use crate::pages::panes::people::People;
use crate::pages::panes::profile::{Profile, Relation};
use crate::pages::panes::settings::{Feed, Settings};
use crate::pages::panes::shared_files::{SharedFiles, kind_of};

/// So many of one's largest files are named in the settings.
const LARGEST_FILES: u32 = 20;

/// Loads the static pane of a place.
pub(super) struct StaticPaneLoader<'a> {
    pub source: Source<'a>,
    pub place: &'a Address,
    /// The form post that failed, when the page shows it again; what was typed stands in the query
    /// of the place.
    pub failed: Option<FormOutcome>,
    /// The address of a calendar that was just made.
    pub new_calendar: Option<String>,
    pub now: Timestamp,
    /// In which zone times are to be told.
    pub zone: &'a Zone,
    /// The viewer's chat list, whose people are offered before any search.
    pub chats: &'a ListPage<Conversation>,
    /// A fresh `client_id`, or that of the form post that failed.
    pub client_id: &'a str,
}

impl StaticPaneLoader<'_> {
    /// What the server alone renders at this place.
    pub async fn load(self) -> Result<StaticPane, ApiError> {
        Ok(match self.place.route {
            Route::Settings => self.settings().await?,
            Route::Profile(id) => self.profile(id).await?,
            Route::Contacts => self.contacts().await?,
            Route::Groups => self.open_groups().await?,
            Route::NewGroup => self.new_group().await?,
            Route::People => self.people().await?,
            Route::Info(id) => match self.place.seq("m") {
                Some(seq) => self.receipts(id, seq).await?,
                None => self.info(id).await?,
            },
            Route::Forward(id) => self.forward(id).await?,
            Route::Remind(id) => self.remind(id).await?,
            Route::Reminders => self.reminders().await?,
            Route::Home => StaticPane::Nothing,
            _ => StaticPane::Missing,
        })
    }

    fn viewer(&self) -> UserId {
        self.source.viewer.user_id
    }

    fn query(&self) -> String {
        self.place.param("query").unwrap_or_default().trim().to_owned()
    }

    async fn settings(self) -> Result<StaticPane, ApiError> {
        let Source { chat, auth, viewer, .. } = self.source;
        let me = self.source.told(chat.me(viewer.user_id).await)?;
        let files = chat.own_files(viewer.user_id, None, LARGEST_FILES).await;
        let files = self.source.told(files)?.items;
        let logins = self.source.told(auth.logins(viewer).await)?;
        let there = self.source.told(chat.has_calendar(viewer.user_id).await)?;
        let feed = match self.new_calendar {
            Some(address) if there => Feed::New(address),
            _ if there => Feed::There,
            _ => Feed::None,
        };
        let done = self.place.param("done");
        let failed = self.failed;
        Ok(StaticPane::Settings(Settings { me, files, feed, logins, done, failed }))
    }

    async fn profile(self, id: UserId) -> Result<StaticPane, ApiError> {
        let (source, chat, viewer) = (self.source, self.source.chat, self.viewer());
        let user = match source.told(chat.person(viewer, id).await) {
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(StaticPane::Nobody),
            user => user?,
        };
        let conversation = source.told(chat.private_conversation(viewer, id).await)?;
        let conversation = conversation.map(|conversation| conversation.id);
        let alias = source.told(chat.contact(viewer, id).await)?;
        let blocked = source.told(chat.blocks_person(viewer, id).await)?;
        let relation = Relation { contact: alias.is_some(), alias: alias.flatten(), blocked };
        let own = id == viewer;
        let groups = if own {
            Vec::new()
        } else {
            source.told(chat.shared_groups(viewer, id, limits::PAGE_MAX).await)?
        };
        let shared = match conversation {
            Some(conversation) => Some(self.shared_files(conversation).await?),
            None => None,
        };
        let (typed, done) = (self.place.param("alias"), self.place.param("done"));
        let failed = self.failed;
        let profile =
            Profile { user, own, conversation, relation, groups, shared, typed, done, failed };
        Ok(StaticPane::Profile(Box::new(profile)))
    }

    /// What was shared in a conversation: the kind that the place names, from its cursor on.
    async fn shared_files(&self, conversation: ConversationId) -> Result<SharedFiles, ApiError> {
        let kind = kind_of(self.place.param("files").as_deref());
        let (cursor, viewer) = (self.place.param("files_from"), self.viewer());
        let limit = limits::PAGE_DEFAULT;
        let chat = self.source.chat;
        let files =
            chat.shared_files(viewer, conversation, Some(kind), cursor.as_deref(), limit).await;
        Ok(SharedFiles { conversation, kind, files: self.source.told(files)? })
    }

    async fn people(self) -> Result<StaticPane, ApiError> {
        let query = self.query();
        let people = match query.as_str() {
            "" => None,
            query => Some(self.find_people(query).await?),
        };
        let found = Found { people, viewer: self.viewer(), below_chats: false };
        Ok(StaticPane::People(People { query, found }))
    }

    /// People whose username or nickname starts with this.
    async fn find_people(&self, query: &str) -> Result<Vec<User>, ApiError> {
        self.source.told(self.source.chat.find_people(query, limits::PAGE_DEFAULT).await)
    }
}
