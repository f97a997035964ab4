//! Bodies of HTTP requests and answers.

use serde::{Deserialize, Serialize};

use super::{History, LoginId, Message, Role, Seq, Timestamp, User, UserId};

/// `POST /api/v1/auth/register`.
// No `Debug`: it holds a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RegisterRequest {
    /// 3 to 32 of `a-z 0-9 . _ -`; capitals are folded.
    pub username: String,
    /// 1 to 64 characters; absent: the username.
    #[serde(default)]
    pub nickname: Option<String>,
    /// 8 to 128 characters.
    pub password: String,
    /// Set the tokens as cookies instead of answering with them.
    #[serde(default)]
    pub cookies: Option<bool>,
}

/// `POST /api/v1/auth/login`.
// No `Debug`: it holds a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LogInRequest {
    /// The name.
    pub username: String,
    /// The secret.
    pub password: String,
    /// What the list of logins shows; absent: the browser's name.
    #[serde(default)]
    pub device: Option<String>,
    /// Set the tokens as cookies instead of answering with them.
    #[serde(default)]
    pub cookies: Option<bool>,
}

/// `POST /api/v1/auth/refresh`; without a body the cookie is used.
// No `Debug`: it holds a token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RefreshRequest {
    /// The token.
    pub refresh_token: String,
    /// Set the tokens as cookies instead of answering with them.
    #[serde(default)]
    pub cookies: Option<bool>,
}

/// The answer to registering, logging in and refreshing.
// No `Debug`: it holds tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuthResponse {
    /// Who you are.
    pub user: User,
    /// A JWT for `Authorization: Bearer`; absent when it is set as a cookie.
    pub access_token: Option<String>,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// For `/auth/refresh`; absent when it is set as a cookie.
    pub refresh_token: Option<String>,
}

/// One sign-in of the user, in `GET /api/v1/auth/logins`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Login {
    /// Which.
    pub id: LoginId,
    /// On what.
    pub device: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_used_at: Timestamp,
    /// The one that asks.
    pub current: bool,
}

/// `PATCH /api/v1/users/me`; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UpdateMe {
    /// 1 to 64 characters.
    #[serde(default)]
    pub nickname: Option<String>,
    /// Whether others may know when the user was last there.
    #[serde(default)]
    pub show_last_seen: Option<bool>,
}

/// `PUT /api/v1/users/me/password`.
// No `Debug`: it holds passwords.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The one so far.
    pub old: String,
    /// 8 to 128 characters.
    pub new: String,
}

/// `DELETE /api/v1/users/me`.
// No `Debug`: it holds a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// The account's.
    pub password: String,
}

/// Every list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ListPage<T> {
    /// One page.
    pub items: Vec<T>,
    /// Give it as `cursor` to get the next page; absent: this was the last.
    pub next_cursor: Option<String>,
}

/// `GET /api/v1/conversations/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// Ascending by `seq`.
    pub items: Vec<Message>,
    /// The first position covered; inside the covered range a number without an item is no hole.
    pub from_seq: Seq,
    /// The last position covered.
    pub to_seq: Seq,
    /// There are older ones.
    pub has_more_before: bool,
    /// There are newer ones.
    pub has_more_after: bool,
    /// The conversation's `rev` when this page was read.
    pub rev: i64,
}

/// `GET /api/v1/conversations/{id}/messages?after_rev=`: what was changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageChanges {
    /// As they are now, ascending by `rev`; of a message only its last change is told.
    pub items: Vec<Message>,
    /// The last `rev` covered: the next `after_rev`.
    pub rev: i64,
    /// There are more changes.
    pub has_more: bool,
}

/// `PATCH /api/v1/conversations/{id}/messages/{seq}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EditMessage {
    /// The text as it is to be, trimmed: 1 to 5,000 characters, no NUL.
    pub content: String,
}

/// `POST /api/v1/conversations/{id}/read` and `…/delivered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MarkRequest {
    /// Up to here.
    pub seq: Seq,
}

/// `POST /api/v1/conversations`: for a private one `to_user_id`; for a group `name` and `member_ids`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StartConversation {
    /// With whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_user_id: Option<UserId>,
    /// The group's name: 1 to 64 characters, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who is in the group beside you: 499 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_ids: Option<Vec<UserId>>,
    /// Anyone may find and join the group; absent: nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// What those who come later may read; absent: from joining on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

/// `POST /api/v1/conversations/{id}/members`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AddMembers {
    /// Who comes in: 1 to 499 people, none of whom is in the group yet.
    pub user_ids: Vec<UserId>,
}

/// `PATCH /api/v1/conversations/{id}/members/{user_id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeMember {
    /// What they may do from now on. A new `owner` takes the place of the old one, who is an admin
    /// then.
    pub role: Role,
}

/// `GET /api/v1/conversations/{id}/messages/{seq}/receipts`: where one member stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageReceipt {
    /// Who.
    pub user: User,
    /// They hold the message.
    pub delivered: bool,
    /// They have seen it.
    pub read: bool,
}

/// `PATCH /api/v1/conversations/{id}`; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UpdateConversation {
    /// The group's name, by its admins: 1 to 64 characters, trimmed.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether anyone may find and join the group, by its admins.
    #[serde(default)]
    pub open: Option<bool>,
    /// What those who come into the group may read, by its admins.
    #[serde(default)]
    pub history: Option<History>,
    /// Your own: it stands on top of your list.
    #[serde(default)]
    pub pinned: Option<bool>,
    /// Your own: silent until this moment. One that is past, such as 0, ends it; 2^53−1 is for ever.
    #[serde(default)]
    pub muted_until: Option<Timestamp>,
    /// Your own: out of your list until a new message comes, or for as long as it is silent.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Your own: flagged as unread, until you read in it.
    #[serde(default)]
    pub marked_unread: Option<bool>,
}

/// `PUT /api/v1/contacts/{user_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PutContact {
    /// What you call them, 1 to 64 characters; absent: by their nickname.
    #[serde(default)]
    pub alias: Option<String>,
}

/// Which part of a conversation's history to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// The newest messages.
    Latest,
    /// The messages just below this position.
    Before(Seq),
    /// The messages just above this position.
    After(Seq),
    /// The messages around this position, which stands in the middle.
    Around(Seq),
}
