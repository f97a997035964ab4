//! Bodies of HTTP requests and answers.

use serde::{Deserialize, Serialize};

use super::{History, LoginId, Message, MoveSchedule, Role, Seq, Timestamp, User, UserId};

/// The body of `POST /api/v1/auth/register`.
// No `Debug`: it holds a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RegisterRequest {
    /// The name to sign in with: 3 to 32 of `a-z 0-9 . _ -`; capitals are folded.
    pub username: String,
    /// The name that others see: 1 to 64 characters, trimmed; absent: the username.
    #[serde(default)]
    pub nickname: Option<String>,
    /// The password: 8 to 128 characters.
    pub password: String,
    /// Whether the tokens are set as cookies instead of standing in the answer; absent: no.
    #[serde(default)]
    pub cookies: Option<bool>,
}

/// The body of `POST /api/v1/auth/login`.
// No `Debug`: it holds a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LogInRequest {
    /// The username of the account; capitals are folded.
    pub username: String,
    /// The password of the account.
    pub password: String,
    /// The device's name in the list of logins, cut to 64 characters; absent: one made from
    /// `User-Agent`.
    #[serde(default)]
    pub device: Option<String>,
    /// Whether the tokens are set as cookies instead of standing in the answer; absent: no.
    #[serde(default)]
    pub cookies: Option<bool>,
}

/// The body of `POST /api/v1/auth/refresh`; without a body the cookie is used.
// No `Debug`: it holds a token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RefreshRequest {
    /// The refresh token of the log-in, or of the last refresh.
    pub refresh_token: String,
    /// Whether the tokens are set as cookies instead of standing in the answer; absent: no.
    #[serde(default)]
    pub cookies: Option<bool>,
}

/// The answer to registering, logging in and refreshing.
// No `Debug`: it holds tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuthResponse {
    /// The person who is signed in.
    pub user: User,
    /// The access token, a JWT for `Authorization: Bearer`; absent when it is set as a cookie.
    pub access_token: Option<String>,
    /// The time at which the access token expires.
    pub access_expires_at: Timestamp,
    /// The refresh token, for `POST /api/v1/auth/refresh`; absent when it is set as a cookie.
    pub refresh_token: Option<String>,
}

/// One sign-in of the user on a device, in `GET /api/v1/auth/logins`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Login {
    /// The id of the login.
    pub id: LoginId,
    /// The device's name, 64 characters at most; empty where none is known.
    pub device: String,
    /// The time of the log-in.
    pub created_at: Timestamp,
    /// The time at which its tokens were last refreshed; at first that of the log-in.
    pub last_used_at: Timestamp,
    /// Whether this is the login that asks.
    pub current: bool,
}

/// The body of `PATCH /api/v1/users/me`; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UpdateMe {
    /// The new name that others see: 1 to 64 characters, trimmed.
    #[serde(default)]
    pub nickname: Option<String>,
    /// Whether others may know when the user went offline.
    #[serde(default)]
    pub show_last_seen: Option<bool>,
}

/// The body of `PUT /api/v1/users/me/password`.
// No `Debug`: it holds passwords.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The password so far.
    pub old: String,
    /// The new password: 8 to 128 characters.
    pub new: String,
}

/// The body of `DELETE /api/v1/users/me`.
// No `Debug`: it holds a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// The password of the account.
    pub password: String,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ListPage<T> {
    /// The items of the page, in the order of the list.
    pub items: Vec<T>,
    /// The `cursor` by which the next page is asked for; absent: this was the last.
    pub next_cursor: Option<String>,
}

/// One page of `GET /api/v1/conversations/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// The messages, ascending by `seq`.
    pub items: Vec<Message>,
    /// The first position that the page covers; a position within what it covers that has no
    /// message is no gap.
    pub from_seq: Seq,
    /// The last position that the page covers; one below `from_seq` where it covers none.
    pub to_seq: Seq,
    /// Whether the reader can see older messages.
    pub has_more_before: bool,
    /// Whether there are newer messages.
    pub has_more_after: bool,
    /// The conversation's `rev` when the page was read. What changed before is told by `after_rev`
    /// alone.
    pub rev: i64,
}

/// The messages that changed since a `rev`: `GET /api/v1/conversations/{id}/messages?after_rev=`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageChanges {
    /// The messages as they are now, ascending by `rev`, each once: by its last change.
    pub items: Vec<Message>,
    /// The last `rev` that the answer covers, for the next `after_rev`.
    pub rev: i64,
    /// Whether there are more changes.
    pub has_more: bool,
}

/// The body of `PATCH /api/v1/conversations/{id}/messages/{seq}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EditMessage {
    /// The new text, trimmed: 1 to 5,000 characters of which one at least can be seen, no NUL. The new
    /// caption of an `image`, a `file` or a `schedule` message may be empty. Absent: the words stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// How the appointment of a `schedule` message moves, instead of `content`.
    #[serde(
        default,
        deserialize_with = "super::strict::optional_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub schedule: Option<MoveSchedule>,
}

/// The body of `POST /api/v1/conversations/{id}/read` and `…/delivered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MarkRequest {
    /// The position to which the mark moves. One above the last message is cut to it; one below the
    /// mark changes nothing.
    pub seq: Seq,
}

/// The body of `POST /api/v1/conversations`: `to_user_id` for a private one, `name` and
/// `member_ids` for a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StartConversation {
    /// The person to talk with; yourself: Notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_user_id: Option<UserId>,
    /// The group's name: 1 to 64 characters, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The ids of the group's members beside you, 499 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_ids: Option<Vec<UserId>>,
    /// Whether anyone may find the group and join it; absent: no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// How much of the past new members of the group may read; absent: `joined`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

/// The body of `POST /api/v1/conversations/{id}/members`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AddMembers {
    /// The ids of the people to add: 1 to 499, none of whom is a member yet.
    pub user_ids: Vec<UserId>,
}

/// The body of `PATCH /api/v1/conversations/{id}/members/{user_id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeMember {
    /// The member's new role. A new `owner` takes the place of the old one, who becomes an admin.
    pub role: Role,
}

/// Whether a message has reached one member, in
/// `GET /api/v1/conversations/{id}/messages/{seq}/receipts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageReceipt {
    /// The member whose receipt it is.
    pub user: User,
    /// Whether the member's devices hold the message.
    pub delivered: bool,
    /// Whether the member has seen the message.
    pub read: bool,
}

/// The body of `PATCH /api/v1/conversations/{id}`; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UpdateConversation {
    /// The group's name, set by its admins: 1 to 64 characters, trimmed.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether anyone may find the group and join it, set by its admins.
    #[serde(default)]
    pub open: Option<bool>,
    /// How much of the past new members of the group may read, set by its admins.
    #[serde(default)]
    pub history: Option<History>,
    /// Whether you have pinned it to the top of your list.
    #[serde(default)]
    pub pinned: Option<bool>,
    /// The time until which you mute it, 0 to 2^53−1, which is for ever; one that is past, such as
    /// 0, ends it.
    #[serde(default)]
    pub muted_until: Option<Timestamp>,
    /// Whether it stands in your archive instead of your list: until a new message comes, or for as
    /// long as it is muted.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Whether you have marked it as unread by hand, which lasts until you read in it.
    #[serde(default)]
    pub marked_unread: Option<bool>,
}

/// The body of `PUT /api/v1/contacts/{user_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PutContact {
    /// Your own name for the contact: 1 to 64 characters, trimmed; absent: none.
    #[serde(default)]
    pub alias: Option<String>,
}

/// A part of a conversation's history to read.
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
