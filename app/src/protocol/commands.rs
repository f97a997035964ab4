//! What a client sends over the socket, and how a frame is read.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    ApiError, ConversationId, ErrorKind, FileId, MessageRef, MessageType, NewSchedule,
    PresenceStatus, Seq, UserId, limits, strict,
};

/// One frame from a client: a command, and the `id` that its answer carries back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClientFrame {
    /// The client's name for this frame, 64 characters at most. The answer carries it back; absent:
    /// the answer has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The command: its `type` and its fields.
    #[serde(flatten)]
    pub command: Command,
}

/// A command that a client sends over the socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Signs the socket in. The first frame of a client that has neither a cookie nor an
    /// `Authorization` header, within 10 s. Answered by `ready`; a wrong token by `error` and close
    /// 4401.
    Auth {
        /// An access token, as a log-in or a refresh gives it.
        token: String,
    },
    /// Sends a message. Answered by `message_ack`, after the commit and never before. The first
    /// time that a socket writes to a `to_user_id`, the `conversation` comes before that.
    Message(SendMessage),
    /// Moves the delivered mark: the client holds every message up to `seq`. Answered only where it
    /// is refused.
    Delivered(Mark),
    /// Moves the read mark, and the delivered mark with it: the user has seen every message up to
    /// `seq`. Answered only where it is refused.
    Read(Mark),
    /// The user types or has stopped. While the user types it is sent again every 3 s, since it
    /// expires after 6 s. Answered only where it is refused.
    Typing {
        /// The conversation in which the user types.
        conversation_id: ConversationId,
        /// `true`: the user starts or goes on typing; `false`: the user has stopped.
        active: bool,
    },
    /// The user is active on this device or idle, sent when that changes; a new socket counts as
    /// active. Answered only where it is refused.
    Presence {
        /// `online` for active, `away` for idle; `offline` is refused.
        #[serde(deserialize_with = "strict::word")]
        status: PresenceStatus,
    },
    /// Joins an open group; answered by `conversation`.
    Join {
        /// The group to join.
        conversation_id: ConversationId,
    },
    /// Leaves a group; answered by `conversation_removed`.
    Leave {
        /// The group to leave.
        conversation_id: ConversationId,
    },
    /// Asks for a sign of life, after `heartbeat_ms` without a frame; answered by `pong`.
    Ping {},
}

/// A message to send: the `message` frame, and the body of `POST /api/v1/messages`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SendMessage {
    /// The sender's name for the message, 1 to 64 of the printable ASCII characters `!` to `~`. A
    /// second message of the sender with the same name in the same conversation is not stored: the
    /// answer is that of the first.
    pub client_id: String,
    /// The conversation to write in; exactly one of this and `to_user_id` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// The person to write to in private; the first message makes the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_user_id: Option<UserId>,
    /// The kind of message, `text`, `image` or `file` so far; absent: `text`. A forwarded one has that of
    /// the message that is sent on.
    #[serde(
        default,
        deserialize_with = "strict::optional_word",
        skip_serializing_if = "Option::is_none"
    )]
    pub message_type: Option<MessageType>,
    /// The text, trimmed: 1 to 5,000 characters of which one at least can be seen, no NUL. Of an `image`
    /// or a `file` message the caption, which may be absent or empty. Absent with `forward`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The ids of the sender's uploads that an `image` or a `file` message holds, in their order: 1 to
    /// 10, each once. Those of an `image` were uploaded as `photo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_ids: Option<Vec<FileId>>,
    /// Stands for `file_ids` with this one alone; ignored beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<FileId>,
    /// The appointment of a `schedule` message, whose `content` describes it; ignored in others.
    #[serde(
        default,
        deserialize_with = "strict::optional_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub schedule: Option<NewSchedule>,
    /// The position of the message in the same conversation that this one answers; absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_seq: Option<Seq>,
    /// A message that the sender can see, whose text, or files with their caption, are sent on instead of
    /// `content` and `file_ids`.
    #[serde(
        default,
        deserialize_with = "strict::optional_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub forward: Option<MessageRef>,
}

/// The addressee of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An existing conversation.
    Conversation(ConversationId),
    /// A person; the first message makes the private conversation with them.
    User(UserId),
}

impl SendMessage {
    /// The addressee.
    ///
    /// # Errors
    /// `bad_request` unless exactly one of `conversation_id` and `to_user_id` is there.
    pub fn target(&self) -> Result<Target, ApiError> {
        match (self.conversation_id, self.to_user_id) {
            (Some(id), None) => Ok(Target::Conversation(id)),
            (None, Some(id)) => Ok(Target::User(id)),
            _ => Err(ApiError::new(
                ErrorKind::BadRequest,
                "Give exactly one of conversation_id and to_user_id",
            )),
        }
    }
}

/// A member's mark in a conversation: the highest position up to which they hold, or have seen,
/// every message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mark {
    /// The conversation that the mark belongs to.
    pub conversation_id: ConversationId,
    /// The position to which the mark moves. One above the last message is cut to it; one below the
    /// mark changes nothing.
    pub seq: Seq,
}

/// A frame that could not be read, with what is needed to answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameError {
    /// The error to answer with.
    pub error: ApiError,
    /// The frame's `id`; absent where it has none or a wrong one, or could not be read at all.
    pub id: Option<String>,
    /// The `client_id` of the message in the frame; absent as `id` is.
    pub client_id: Option<String>,
    /// Whether the frame is not JSON or not an object, so that the socket is closed with 4400.
    pub fatal: bool,
}

const TYPES: [&str; 9] =
    ["auth", "message", "delivered", "read", "typing", "presence", "join", "leave", "ping"];

impl ClientFrame {
    /// Reads one text frame.
    ///
    /// The whole text goes through `serde_json`'s depth-limited reader first, so that lone
    /// surrogates and deep nesting are found in fields that we ignore, too.
    ///
    /// # Errors
    /// `bad_json`, `bad_request` or `unknown_type`, see [`FrameError`].
    pub fn decode(text: &str) -> Result<Self, FrameError> {
        let value: Value = serde_json::from_str(text).map_err(|_| FrameError {
            error: ApiError::new(ErrorKind::BadJson, "The frame is not JSON"),
            id: None,
            client_id: None,
            fatal: true,
        })?;
        let Value::Object(object) = value else {
            return Err(FrameError {
                error: ApiError::new(ErrorKind::BadRequest, "The frame is not a JSON object"),
                id: None,
                client_id: None,
                fatal: true,
            });
        };
        Self::from_object(object)
    }

    fn from_object(object: Map<String, Value>) -> Result<Self, FrameError> {
        let id = short_text(&object, "id", limits::FRAME_ID);
        let client_id = short_text(&object, "client_id", limits::CLIENT_ID);
        let fail = |error, id| FrameError { error, id, client_id, fatal: false };
        if id.is_none() && object.get("id").is_some_and(|id| !id.is_null()) {
            let message = format!("id is a string of at most {} characters", limits::FRAME_ID);
            return Err(fail(ApiError::new(ErrorKind::BadRequest, message), id));
        }
        match object.get("type") {
            Some(Value::String(kind)) if TYPES.contains(&kind.as_str()) => {}
            Some(Value::String(_)) => {
                let error = ApiError::new(ErrorKind::UnknownType, "There is no such frame type");
                return Err(fail(error, id));
            }
            _ => return Err(fail(ApiError::new(ErrorKind::BadRequest, "type is missing"), id)),
        }
        match serde_json::from_value(Value::Object(object)) {
            Ok(command) => Ok(Self { id, command }),
            Err(error) => Err(fail(ApiError::wrong_shape(&error), id)),
        }
    }
}

fn short_text(object: &Map<String, Value>, key: &str, limit: usize) -> Option<String> {
    let text = object.get(key)?.as_str()?;
    (text.chars().count() <= limit).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{ClientFrame, Command, ErrorKind};

    fn failure(text: &str) -> (ErrorKind, bool) {
        match ClientFrame::decode(text) {
            Ok(frame) => panic!("{text} was read as {frame:?}"),
            Err(failure) => (failure.error.kind, failure.fatal),
        }
    }

    #[test]
    fn frames_that_are_not_json_objects_are_fatal() {
        let deep = format!("{{\"type\":\"ping\",\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for text in ["", "hello", "{", r#"{"type":"ping","x":"\ud800"}"#, &deep] {
            assert_eq!(failure(text), (ErrorKind::BadJson, true), "{text}");
        }
        assert_eq!(failure("[]"), (ErrorKind::BadRequest, true));
    }

    #[test]
    fn frames_of_the_wrong_shape_are_answered() {
        assert_eq!(failure(r#"{"type":"dance"}"#), (ErrorKind::UnknownType, false));
        for text in [
            "{}",
            r#"{"type":5}"#,
            r#"{"type":"ping","id":5}"#,
            r#"{"type":"message","conversation_id":1}"#,
            r#"{"type":"read","conversation_id":1,"seq":-1}"#,
            r#"{"type":"read","conversation_id":1,"seq":9223372036854775808}"#,
            r#"{"type":"read","conversation_id":0,"seq":1}"#,
            r#"{"type":"read","conversation_id":1,"seq":1.5}"#,
            r#"{"type":"presence","status":{"away":null}}"#,
            r#"{"type":"message","client_id":"x","message_type":{"text":null}}"#,
            r#"{"type":"message","client_id":"x","schedule":["Tea",1,null,null,null,[]]}"#,
        ] {
            assert_eq!(failure(text), (ErrorKind::BadRequest, false), "{text}");
        }
    }

    #[test]
    fn the_answer_to_a_bad_message_names_it() {
        let text = r#"{"type":"message","id":"7","client_id":"abc","conversation_id":"x"}"#;
        let failure = ClientFrame::decode(text).expect_err("a wrong type");
        assert_eq!(failure.id.as_deref(), Some("7"));
        assert_eq!(failure.client_id.as_deref(), Some("abc"));
    }

    #[test]
    fn the_answer_to_a_long_mistake_is_short() {
        let text = format!(r#"{{"type":"join","conversation_id":"{}"}}"#, "\u{7f}".repeat(60_000));
        let message = ClientFrame::decode(&text).expect_err("a wrong type").error.message;
        assert!(message.starts_with("invalid type: string"), "{message}");
        assert!(message.ends_with("expected i64"), "{message}");
        assert_eq!(message.chars().count(), 201);
    }

    #[test]
    fn nobody_sends_the_answers_of_others() {
        let text = r#"{"type":"message","client_id":"x","schedule":
            {"title":"Tea","starts_at":1,"answers":[{"user_id":2,"answer":"yes"}]}}"#;
        let Command::Message(message) = ClientFrame::decode(text).expect("a message").command
        else {
            panic!("another command");
        };
        assert_eq!(message.schedule.map(|schedule| schedule.title), Some("Tea".into()));
    }

    #[test]
    fn unknown_and_null_fields_are_ignored() {
        let text = r#"{"type":"ping","id":null,"from":"the future"}"#;
        let frame = ClientFrame::decode(text).expect("a ping");
        assert_eq!(frame.command, Command::Ping {});
        assert_eq!(frame.id, None);
    }
}
