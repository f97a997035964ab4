//! How server-rendered pages ask for data: implemented by the server, handed to `ui::load`. In the
//! browser `client::api` answers the same questions
//! over HTTP.

use app::protocol::{
    ApiError, Block, Contact, Conversation, ConversationId, ListPage, Login, Me, Member, Message,
    MessagePage, MessageReceipt, MessageRef, OpenGroup, Seq, SharedGroup, Timestamp, User, UserId,
    Window,
};
use async_trait::async_trait;

/// What someone is to a viewer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// They are among the viewer's contacts.
    pub contact: bool,
    /// What the viewer calls them.
    pub alias: Option<String>,
    /// The viewer blocks them.
    pub blocked: bool,
}

/// What pages may ask, always on behalf of a viewer who is signed in.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The viewer's chat list, or what is archived, from a page's cursor on, pinned first, then newest
    /// activity. An unknown cursor is as none.
    async fn conversations(
        &self,
        viewer: UserId,
        archived: bool,
        cursor: Option<&str>,
    ) -> Result<ListPage<Conversation>, ApiError>;

    /// One conversation, as the viewer sees it; `not_found` unless a member.
    async fn conversation(
        &self,
        viewer: UserId,
        id: ConversationId,
    ) -> Result<Conversation, ApiError>;

    /// The viewer's private conversation with this person, if anything was said in it.
    async fn private_conversation(
        &self,
        viewer: UserId,
        peer: UserId,
    ) -> Result<Option<Conversation>, ApiError>;

    /// Part of a conversation's history, at most `limit` messages.
    async fn messages(
        &self,
        viewer: UserId,
        id: ConversationId,
        window: Window,
        limit: u32,
    ) -> Result<MessagePage, ApiError>;

    /// The position of the first message created at or after a moment, else of the last one; absent
    /// when there is none that the viewer can see, `not_found` unless a member.
    async fn seq_at(
        &self,
        viewer: UserId,
        id: ConversationId,
        at: Timestamp,
    ) -> Result<Option<Seq>, ApiError>;

    /// A message that the viewer may forward; `not_found` unless they can see it, `forbidden` where
    /// it has no words to carry on.
    async fn forwardable(&self, viewer: UserId, of: MessageRef) -> Result<Message, ApiError>;

    /// The viewer, as they see themselves.
    async fn me(&self, viewer: UserId) -> Result<Me, ApiError>;

    /// The viewer's logins, the last used first.
    async fn logins(&self, viewer: UserId) -> Result<Vec<Login>, ApiError>;

    /// A person; `not_found` if there is none.
    async fn user(&self, viewer: UserId, id: UserId) -> Result<User, ApiError>;

    /// The names of these people, without who is nobody.
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, ApiError>;

    /// Those of these people who are not in a conversation.
    async fn outsiders(&self, id: ConversationId, people: Vec<User>)
    -> Result<Vec<User>, ApiError>;

    /// The viewer's contacts from a page's cursor on, by name.
    async fn contacts(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
    ) -> Result<ListPage<Contact>, ApiError>;

    /// Whom the viewer blocks, from a page's cursor on, the latest first.
    async fn blocks(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
    ) -> Result<ListPage<Block>, ApiError>;

    /// What someone is to the viewer.
    async fn relation(&self, viewer: UserId, other: UserId) -> Result<Relation, ApiError>;

    /// The groups in which both the viewer and someone else are, by name, at most
    /// [`limits::PAGE_MAX`](app::protocol::limits::PAGE_MAX).
    async fn shared_groups(
        &self,
        viewer: UserId,
        other: UserId,
    ) -> Result<Vec<SharedGroup>, ApiError>;

    /// The members of a group from a page's cursor on; `not_found` unless the viewer is one.
    async fn members(
        &self,
        viewer: UserId,
        id: ConversationId,
        cursor: Option<&str>,
    ) -> Result<ListPage<Member>, ApiError>;

    /// How far the others are with a message.
    async fn receipts(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Vec<MessageReceipt>, ApiError>;

    /// Open groups whose name starts with this.
    async fn find_groups(&self, viewer: UserId, query: &str) -> Result<Vec<OpenGroup>, ApiError>;

    /// People whose username or nickname starts with this.
    async fn find_people(&self, viewer: UserId, query: &str) -> Result<Vec<User>, ApiError>;
}
