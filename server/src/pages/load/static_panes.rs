//! Loads the panes that the server alone renders.

use std::collections::HashSet;

use app::forms::FormOutcome;
use app::protocol::{
    ApiError, Contact, Conversation, ConversationId, ErrorKind, History, ListPage, MessageRef,
    Role, Seq, Timestamp, User, UserId, limits,
};
use app::state::{matches, wanted};
use app::ui::route::{Address, Route};

use crate::pages::backend::Backend;
use crate::pages::panes::StaticPane;
use crate::pages::panes::contacts::Contacts;
use crate::pages::panes::forward::Forward;
use crate::pages::panes::found::Found;
use crate::pages::panes::groups::Choice;
use crate::pages::panes::groups::GroupInfo;
use crate::pages::panes::groups::new::NewGroup;
use crate::pages::panes::groups::open::OpenGroups;
use crate::pages::panes::groups::receipts::Receipts;
use crate::pages::panes::profile::Profile;
use crate::pages::panes::settings::Settings;

/// Loads the static pane of a place.
pub(super) struct StaticPaneLoader<'a> {
    pub backend: &'a dyn Backend,
    pub viewer: UserId,
    pub place: &'a Address,
    /// The form post that failed, when the page shows it again; what was typed stands in the query
    /// of the place.
    pub failed: Option<FormOutcome>,
    pub now: Timestamp,
    /// The viewer's chat list, whose people are offered before any search.
    pub chats: &'a ListPage<Conversation>,
    /// A fresh `client_id`, or that of the form post that failed.
    pub client_id: &'a str,
}

impl StaticPaneLoader<'_> {
    /// What the server alone renders at this place, if it is such a place.
    pub async fn load(self) -> Result<Option<StaticPane>, ApiError> {
        Ok(Some(match self.place.route {
            Route::Settings => self.settings().await?,
            Route::Profile(id) => self.profile(id).await?,
            Route::Contacts => self.contacts().await?,
            Route::Groups => {
                let query = self.query();
                let groups = self.backend.find_groups(self.viewer, &query).await?;
                StaticPane::Groups(OpenGroups { query, groups, failed: self.failed })
            }
            Route::NewGroup => self.new_group().await?,
            Route::People => self.people().await?,
            Route::Info(id) => match self.place.seq("m") {
                Some(seq) => self.receipts(id, seq).await?,
                None => self.info(id).await?,
            },
            Route::Forward(id) => self.forward(id).await?,
            _ => return Ok(None),
        }))
    }

    fn query(&self) -> String {
        self.place.param("query").unwrap_or_default().trim().to_owned()
    }

    async fn people(self) -> Result<StaticPane, ApiError> {
        let (query, viewer) = (self.query(), self.viewer);
        let people = match query.as_str() {
            "" => None,
            query => Some(self.backend.find_people(viewer, query).await?),
        };
        Ok(StaticPane::Found(Found { people, viewer, below_chats: false }))
    }

    async fn settings(self) -> Result<StaticPane, ApiError> {
        let me = self.backend.me(self.viewer).await?;
        let logins = self.backend.logins(self.viewer).await?;
        let done = self.place.param("done");
        Ok(StaticPane::Settings(Settings { me, logins, done, failed: self.failed }))
    }

    async fn profile(self, id: UserId) -> Result<StaticPane, ApiError> {
        let user = match self.backend.user(self.viewer, id).await {
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(StaticPane::Nobody),
            user => user?,
        };
        let conversation = self.backend.private_conversation(self.viewer, id).await?;
        let conversation = conversation.map(|conversation| conversation.id);
        let relation = self.backend.relation(self.viewer, id).await?;
        let own = id == self.viewer;
        let groups =
            if own { Vec::new() } else { self.backend.shared_groups(self.viewer, id).await? };
        let (typed, done) = (self.place.param("alias"), self.place.param("done"));
        let failed = self.failed;
        let profile = Profile { user, own, conversation, relation, groups, typed, done, failed };
        Ok(StaticPane::Profile(Box::new(profile)))
    }

    async fn contacts(self) -> Result<StaticPane, ApiError> {
        let (query, cursor) = (self.query(), self.place.param("cursor"));
        let people = if query.is_empty() {
            self.backend.contacts(self.viewer, cursor.as_deref()).await?
        } else {
            self.contacts_called(&query).await?
        };
        let blocked = self.place.param("blocked");
        let blocks = self.backend.blocks(self.viewer, blocked.as_deref()).await?;
        Ok(StaticPane::Contacts(Contacts { query, people, blocks }))
    }

    /// All contacts with this in one of their names.
    async fn contacts_called(&self, query: &str) -> Result<ListPage<Contact>, ApiError> {
        let wanted = wanted(query);
        let called = |name: &str| matches(name, &wanted).is_some();
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.backend.contacts(self.viewer, cursor.as_deref()).await?;
            found.extend(page.items.into_iter().filter(|Contact { user, alias }| {
                called(&user.nickname)
                    || called(&user.username)
                    || alias.as_deref().is_some_and(called)
            }));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(ListPage { items: found, next_cursor: None });
            }
        }
    }

    async fn new_group(self) -> Result<StaticPane, ApiError> {
        let choice = self.choice().await?;
        Ok(StaticPane::NewGroup(NewGroup {
            name: self.place.param("name").unwrap_or_default(),
            open: self.place.param("open").is_some(),
            history: match self.place.param("history").as_deref() {
                Some("all") => History::All,
                _ => History::Joined,
            },
            choice,
            failed: self.failed,
        }))
    }

    /// Whom a form's boxes name: who is ticked, then who was found, or whom the viewer knows.
    async fn choice(&self) -> Result<Choice, ApiError> {
        let ids = self.place.params("member").into_iter().filter_map(|id| id.parse().ok());
        let ids: Vec<UserId> = ids.take(limits::MEMBERS).collect();
        let mut known: HashSet<UserId> = HashSet::from([self.viewer]);
        let ids: Vec<_> = ids.into_iter().filter(|id| known.insert(*id)).collect();
        let chosen = self.backend.users(&ids).await?;
        let query = self.query();
        let people: Vec<User> = if query.is_empty() {
            let contacts = self.backend.contacts(self.viewer, None).await?.items;
            let partners = self.chats.items.iter().filter_map(|chat| chat.peer.clone());
            contacts.into_iter().map(|contact| contact.user).chain(partners).collect()
        } else {
            self.backend.find_people(self.viewer, &query).await?
        };
        let offered = people.into_iter().filter(|user| known.insert(user.id) && !user.is_deleted());
        let offered = offered.take(limits::PAGE_DEFAULT as usize).collect();
        Ok(Choice { query, chosen, offered })
    }

    async fn info(self, id: ConversationId) -> Result<StaticPane, ApiError> {
        let conversation = self.backend.conversation(self.viewer, id).await?;
        let cursor = self.place.param("members");
        let members = self.backend.members(self.viewer, id, cursor.as_deref()).await?;
        let mut choice = Choice::default();
        if conversation.role.is_some_and(|role| role != Role::Member) {
            choice = self.choice().await?;
            choice.chosen = self.backend.outsiders(id, choice.chosen).await?;
            choice.offered = self.backend.outsiders(id, choice.offered).await?;
        }
        Ok(StaticPane::Info(Box::new(GroupInfo {
            muted: conversation.muted_until.is_some_and(|until| until > self.now),
            conversation,
            me: self.viewer,
            members,
            choice,
            typed: self.place.param("name"),
            done: self.place.param("done"),
            failed: self.failed,
        })))
    }

    async fn forward(self, id: ConversationId) -> Result<StaticPane, ApiError> {
        let seq = self.place.seq("m").unwrap_or_default();
        let of = MessageRef { conversation_id: id, seq };
        let (message, refused) = match self.backend.forwardable(self.viewer, of).await {
            Err(error) if error.kind == ErrorKind::Forbidden => (None, Some(error)),
            message => (Some(message?), self.failed.as_ref().map(|failed| failed.error.clone())),
        };
        let query = self.query();
        let (mut chats, mut people) = (self.chats.items.clone(), Vec::new());
        if !query.is_empty() {
            chats = self.all_chats().await?;
            people = self.backend.find_people(self.viewer, &query).await?;
        }
        let (me, client_id) = (self.viewer, self.client_id.to_owned());
        let page = Forward { of, message, me, query, chats, people, client_id, refused };
        Ok(StaticPane::Forward(Box::new(page)))
    }

    /// The viewer's whole chat list.
    async fn all_chats(&self) -> Result<Vec<Conversation>, ApiError> {
        let mut chats = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.backend.conversations(self.viewer, false, cursor.as_deref()).await?;
            chats.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(chats);
            }
        }
    }

    async fn receipts(self, id: ConversationId, seq: Seq) -> Result<StaticPane, ApiError> {
        let items = self.backend.receipts(self.viewer, id, seq).await?;
        Ok(StaticPane::Receipts(Receipts { conversation: id, seq, items }))
    }
}
