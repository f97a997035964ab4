//! What the state asks of the outside world, and how the outside answers.

use crate::protocol::{
    ApiError, ClientFrame, ClientId, Conversation, ConversationId, Head, ListPage, Message,
    MessageChanges, MessagePage, Quote, Seq, Target, Timestamp, UserId, Window,
};

use super::actions::{Action, Token};
use super::drafts::Edit;
use super::outbox::Entry;

/// Something to do that the state cannot do by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the socket; one that is still there is dropped, and nothing more is heard from it.
    Connect,
    /// Send this over the socket.
    Send(Box<ClientFrame>),
    /// Ask this over HTTP, and report by [`State::answered`](super::State::answered).
    Fetch(Request),
    /// Refresh the login, and report by [`State::refreshed`](super::State::refreshed).
    RefreshLogin,
    /// The login has ended: go to the sign-in page.
    SignIn,
    /// Someone else is signed in by now: load the page anew.
    Reload,
    /// Keep this unsent message in the browser's storage.
    Keep(Box<Entry>),
    /// It need not be kept any longer.
    Forget(ClientId),
    /// Do this over HTTP, and report by [`State::acted`](super::State::acted).
    Act(Token, Box<Action>),
    /// Keep what is being answered, beside the draft; nothing need not be kept.
    KeepReply(Target, Option<Box<Quote>>),
    /// Keep what is being edited, beside the draft; nothing need not be kept.
    KeepEdit(ConversationId, Option<Edit>),
    /// Keep this draft; an empty one need not be kept.
    KeepDraft(Target, String),
    /// The private conversation with this person exists now: whoever shows the person shows it.
    Opened(UserId, ConversationId),
    /// What stood at the moment that was asked for: whoever asked shows it.
    Found(ConversationId, Seq),
    /// Something that the user asked for could not be had, for this reason.
    Refused(ApiError),
    /// A message of someone else arrived: tell it to who cannot see the page.
    Announce(Box<Message>),
}

/// A question over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Request {
    /// `GET /conversations/heads`
    Heads,
    /// `GET /conversations?archived=&cursor=`
    List(bool, Option<String>),
    /// `GET /conversations/{id}`
    Conversation(ConversationId),
    /// `GET /conversations/{id}/messages`, because someone wants to look at it.
    View(ConversationId, Window),
    /// `GET /conversations/{id}/messages?after=`, to close a hole or to catch up.
    CatchUp(ConversationId, Seq),
    /// `GET /conversations/{id}/messages?after_rev=`, to catch up with what has changed.
    Changes(ConversationId, i64),
    /// `GET /conversations/{id}/messages?at=`, because someone wants to look at that day.
    ViewAt(ConversationId, Timestamp),
}

/// The response to a [`Request`].
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// The response to [`Request::Heads`].
    Heads(Vec<Head>),
    /// The response to [`Request::List`].
    List(ListPage<Conversation>),
    /// The response to [`Request::Conversation`].
    Conversation(Box<Conversation>),
    /// To [`Request::View`], [`Request::ViewAt`] and [`Request::CatchUp`].
    Messages(MessagePage),
    /// The response to [`Request::Changes`].
    Changes(MessageChanges),
}
