//! Loads what is about groups: finding one, making one, what there is to know about one, and how far its members
//! are with a message.

use std::collections::HashSet;

use app::protocol::{ApiError, ConversationId, History, Role, Seq, User, UserId, limits};

use super::StaticPaneLoader;
use crate::pages::panes::StaticPane;
use crate::pages::panes::groups::new::NewGroup;
use crate::pages::panes::groups::open::OpenGroups;
use crate::pages::panes::groups::receipts::Receipts;
use crate::pages::panes::groups::{Choice, GroupInfo};

impl StaticPaneLoader<'_> {
    pub(super) async fn open_groups(self) -> Result<StaticPane, ApiError> {
        let (query, viewer) = (self.query(), self.viewer());
        let groups = self.source.chat.find_groups(viewer, &query, limits::PAGE_MAX).await;
        let groups = self.source.told(groups)?;
        Ok(StaticPane::Groups(OpenGroups { query, groups, failed: self.failed }))
    }

    pub(super) async fn new_group(self) -> Result<StaticPane, ApiError> {
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

    pub(super) async fn info(self, id: ConversationId) -> Result<StaticPane, ApiError> {
        let (source, chat, viewer) = (self.source, self.source.chat, self.viewer());
        let conversation = source.told(chat.conversation(viewer, id).await)?;
        let cursor = self.place.param("members");
        let members = chat.members_seen(viewer, id, cursor.as_deref(), limits::PAGE_DEFAULT).await;
        let members = source.told(members)?;
        let mut choice = Choice::default();
        if conversation.role.is_some_and(|role| role != Role::Member) {
            choice = self.choice().await?;
            choice.chosen = source.told(chat.outsiders(id, choice.chosen).await)?;
            choice.offered = source.told(chat.outsiders(id, choice.offered).await)?;
        }
        let shared = self.shared_files(id).await?;
        Ok(StaticPane::Info(Box::new(GroupInfo {
            shared,
            muted: conversation.muted_until.is_some_and(|until| until > self.now),
            conversation,
            me: viewer,
            members,
            choice,
            typed: self.place.param("name"),
            done: self.place.param("done"),
            failed: self.failed,
        })))
    }

    pub(super) async fn receipts(
        self,
        id: ConversationId,
        seq: Seq,
    ) -> Result<StaticPane, ApiError> {
        let items = self.source.chat.receipts(self.viewer(), id, seq).await;
        let items = self.source.told(items)?;
        Ok(StaticPane::Receipts(Receipts { conversation: id, seq, items }))
    }

    /// Whom a form's boxes name: who is ticked, then who was found, or whom the viewer knows.
    async fn choice(&self) -> Result<Choice, ApiError> {
        let ids = self.place.params("member").into_iter().filter_map(|id| id.parse().ok());
        let ids: Vec<UserId> = ids.take(limits::MEMBERS).collect();
        let mut known: HashSet<UserId> = HashSet::from([self.viewer()]);
        let ids: Vec<_> = ids.into_iter().filter(|id| known.insert(*id)).collect();
        let chosen = self.source.told(self.source.chat.users(&ids).await)?;
        let query = self.query();
        let people: Vec<User> = if query.is_empty() {
            let contacts = self.contacts_from(None).await?.items;
            let partners = self.chats.items.iter().filter_map(|chat| chat.peer.clone());
            contacts.into_iter().map(|contact| contact.user).chain(partners).collect()
        } else {
            self.find_people(&query).await?
        };
        let offered = people.into_iter().filter(|user| known.insert(user.id) && !user.is_deleted());
        let offered = offered.take(limits::PAGE_DEFAULT as usize).collect();
        Ok(Choice { query, chosen, offered })
    }
}
