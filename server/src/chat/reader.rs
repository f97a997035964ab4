//! The reading half of the use cases, as far as the hub needs it: it knows the store and not the writer, so that it
//! stands below those who are told what was written.

use std::collections::HashMap;

use app::protocol::{ApiError, Conversation, ConversationId, Message, Presence, Seq, UserId};

use crate::clock::Clock;
use crate::error::Error;
use crate::presence::Presence as Sockets;
use crate::store::Store;
use crate::store::members::Roster;

/// What is read of conversations. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) sockets: Sockets,
}

impl Reader {
    /// A reader of this store; `sockets` know who is there.
    pub fn new(store: Store, clock: Clock, sockets: Sockets) -> Self {
        Self { store, clock, sockets }
    }

    /// One conversation as the viewer sees it.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member.
    pub async fn conversation(
        &self,
        viewer: UserId,
        id: ConversationId,
    ) -> Result<Conversation, Error> {
        let found = self.store.conversation(viewer, id, self.clock.now()).await?;
        let mut conversation = found.ok_or_else(ApiError::not_found)?;
        self.add_presence(std::slice::from_mut(&mut conversation)).await;
        Ok(conversation)
    }

    /// The messages that were stored in `from..=to`, whoever may see them.
    pub async fn messages_between(
        &self,
        id: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>, Error> {
        Ok(self.store.messages_between(id, from, to).await?)
    }

    /// The members of a group now, and since when each is; absent where there is no such group.
    pub async fn roster(&self, id: ConversationId) -> Result<Option<Roster>, Error> {
        Ok(self.store.roster(id).await?)
    }

    /// The number of messages of others that the user has not read, cut at 999.
    pub async fn unread(&self, user: UserId, id: ConversationId) -> Result<u32, Error> {
        Ok(self.store.unread(user, id).await?)
    }

    /// The presence of these people, without those who are offline.
    pub(super) async fn present(&self, people: &[UserId]) -> Vec<(UserId, Presence)> {
        let there = self.sockets.of(people).await;
        there
            .into_iter()
            .map(|(id, status)| (id, Presence { status, last_seen_at: None }))
            .collect()
    }

    /// Puts into conversations, as they were read, whose peers are there.
    pub(super) async fn add_presence(&self, conversations: &mut [Conversation]) {
        let peers: Vec<UserId> = conversations.iter().filter_map(watched_peer).collect();
        let present: HashMap<_, _> = self.present(&peers).await.into_iter().collect();
        for conversation in conversations {
            if let Some(peer) = watched_peer(conversation)
                && let Some(presence) = present.get(&peer)
                && let Some(peer) = &mut conversation.peer
            {
                peer.presence = Some(*presence);
            }
        }
    }
}

/// The peer of a conversation, if its reader may know whether they are there.
fn watched_peer(conversation: &Conversation) -> Option<UserId> {
    conversation.peer.as_ref().filter(|peer| peer.presence.is_some()).map(|peer| peer.id)
}
