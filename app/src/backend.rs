//! How server-rendered pages ask for data: implemented by the server, handed to `ui::load`. In the
//! browser `client::api` answers the same questions
//! over HTTP.

use async_trait::async_trait;

use crate::protocol::{
    ApiError, Conversation, ConversationId, ListPage, Login, Me, MessagePage, User, UserId,
};

pub use crate::protocol::Window;

/// What pages may ask, always on behalf of a viewer who is signed in.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The viewer's chat list from a page's cursor on, pinned first, then newest activity. An
    /// unknown cursor is as none.
    async fn conversations(
        &self,
        viewer: UserId,
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

    /// The viewer, as they see themselves.
    async fn me(&self, viewer: UserId) -> Result<Me, ApiError>;

    /// The viewer's logins, the last used first.
    async fn logins(&self, viewer: UserId) -> Result<Vec<Login>, ApiError>;

    /// A person; `not_found` if there is none.
    async fn user(&self, viewer: UserId, id: UserId) -> Result<User, ApiError>;

    /// People whose username or nickname starts with this.
    async fn find_people(&self, viewer: UserId, query: &str) -> Result<Vec<User>, ApiError>;
}
