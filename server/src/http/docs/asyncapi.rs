//! The AsyncAPI document: the socket's frames, from the types that read and write them.

use std::collections::BTreeMap;

use app::protocol::{ClientFrame, Command, ServerFrame, close};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::schema::{AllOfBuilder, Schema};
use utoipa::openapi::{Info, InfoBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::schemas::{Schemas, schemas};

/// What stands before everything else.
const ABOUT: &str = "\
One JSON object a text frame. A browser is known by its cookie, a program by the `Authorization` \
header of the upgrade or by `auth`, its first frame, within 10 s. A frame from the client may carry \
`id`; the answer to it carries it back. Frames are taken in order.\n\n\
What was missed comes as `offline_messages` after `ready`. A client that reconnects sends again what \
was not acknowledged, with the same `client_id`: nothing is stored twice.";

/// What answers a command, beside `error` where it is refused.
const ANSWERS: [(&str, &str); 5] = [
    ("auth", "ready"),
    ("message", "message_ack"),
    ("join", "conversation"),
    ("leave", "conversation_removed"),
    ("ping", "pong"),
];
/// Hints, which nothing answers.
const UNANSWERED: [&str; 2] = ["typing", "presence"];

/// See the module.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AsyncApi {
    asyncapi: String,
    pub info: Info,
    default_content_type: String,
    servers: Value,
    pub channels: Channels,
    operations: IndexMap<String, Operation>,
    pub components: Components,
}

/// All channels: there is but one.
#[derive(Serialize)]
pub(super) struct Channels {
    pub socket: Channel,
}

#[derive(Serialize)]
pub(super) struct Channel {
    address: String,
    messages: IndexMap<String, Reference>,
    bindings: Value,
    /// With which codes the server closes, and what a client does then.
    #[serde(rename = "x-close-codes")]
    pub close_codes: BTreeMap<u16, String>,
}

#[derive(Serialize)]
struct Operation {
    action: Action,
    channel: Reference,
    messages: [Reference; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Reply>,
}

/// Who does it: the server, in whose name the document speaks.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Receive,
    Send,
}

#[derive(Serialize)]
struct Reply {
    channel: Reference,
    messages: Vec<Reference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Components {
    pub messages: IndexMap<String, Message>,
    pub schemas: Schemas,
    security_schemes: Value,
}

/// A frame. Its key among the components tells who sends it: `client.typing`, `server.typing`.
#[derive(Serialize)]
pub(super) struct Message {
    /// The value of the frame's `type`.
    pub name: String,
    /// Who sends it when.
    pub summary: String,
    pub payload: RefOr<Schema>,
}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "$ref")]
    location: String,
}

impl Reference {
    fn to(location: impl Into<String>) -> Self {
        Self { location: location.into() }
    }

    fn to_message(key: &str) -> Self {
        Self::to(format!("#/channels/socket/messages/{key}"))
    }

    fn to_socket() -> Self {
        Self::to("#/channels/socket")
    }
}

impl AsyncApi {
    /// The document.
    pub(super) fn new() -> Self {
        let commands = frames(Command::schema()).map(with_envelope);
        let commands = commands.map(|frame| (format!("client.{}", frame.name), frame));
        let events = frames(ServerFrame::schema());
        let events = events.map(|frame| (format!("server.{}", frame.name), frame));
        let messages: IndexMap<_, _> = commands.chain(events).collect();
        let operations = messages.iter().map(|(key, message)| operation(key, &message.name));
        let version = env!("CARGO_PKG_VERSION");
        let info =
            InfoBuilder::new().title("Kith").version(version).description(Some(ABOUT)).build();
        let host = json!({"default": "localhost:3000", "description": "Where the site is served."});
        Self {
            asyncapi: "3.0.0".to_owned(),
            info,
            default_content_type: "application/json".to_owned(),
            servers: json!({"site": {
                "host": "{host}",
                "protocol": "ws",
                "description": "`wss` where the site is reached over TLS.",
                "variables": {"host": host},
                "security": [
                    {"$ref": "#/components/securitySchemes/bearer"},
                    {"$ref": "#/components/securitySchemes/cookie"},
                ],
            }}),
            operations: operations.collect(),
            channels: Channels { socket: channel(&messages) },
            components: Components {
                messages,
                schemas: schemas(|all| {
                    Command::schemas(all);
                    ServerFrame::schemas(all);
                }),
                security_schemes: json!({
                    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                    "cookie": {"type": "httpApiKey", "in": "cookie", "name": "kith_access"},
                }),
            },
        }
    }
}

fn channel(messages: &IndexMap<String, Message>) -> Channel {
    let reference = |key: &String| Reference::to(format!("#/components/messages/{key}"));
    Channel {
        address: "/ws".to_owned(),
        messages: messages.keys().map(|key| (key.clone(), reference(key))).collect(),
        bindings: json!({"ws": {"method": "GET"}}),
        close_codes: close::ALL.iter().map(|(code, why)| (*code, why.trim().to_owned())).collect(),
    }
}

fn operation(key: &str, name: &str) -> (String, Operation) {
    let from_client = key.starts_with("client.");
    let operation = Operation {
        action: if from_client { Action::Receive } else { Action::Send },
        channel: Reference::to_socket(),
        messages: [Reference::to_message(key)],
        reply: (from_client && !UNANSWERED.contains(&name)).then(|| reply(name)),
    };
    (key.replace('.', "_"), operation)
}

fn reply(command: &str) -> Reply {
    let answer = ANSWERS.iter().find(|(asked, _)| *asked == command).map(|(_, answer)| *answer);
    let answers = answer.into_iter().chain(["error"]);
    let messages = answers.map(|name| Reference::to_message(&format!("server.{name}"))).collect();
    Reply { channel: Reference::to_socket(), messages }
}

/// The variants of an enum of frames.
fn frames(schema: RefOr<Schema>) -> impl Iterator<Item = Message> {
    let variants = match schema {
        RefOr::T(Schema::OneOf(one_of)) => one_of.items,
        _ => Vec::new(),
    };
    variants.into_iter().filter_map(|payload| {
        let name = type_of(&payload)?;
        let summary = match &payload {
            RefOr::T(Schema::Object(object)) => object.description.clone(),
            RefOr::T(Schema::AllOf(all_of)) => all_of.description.clone(),
            _ => None,
        };
        Some(Message { name, summary: summary.unwrap_or_default(), payload })
    })
}

/// The one word that a variant's `type` may be.
fn type_of(schema: &RefOr<Schema>) -> Option<String> {
    match schema {
        RefOr::T(Schema::AllOf(all_of)) => all_of.items.iter().find_map(type_of),
        RefOr::T(Schema::Object(object)) => match object.properties.get("type")? {
            RefOr::T(Schema::Object(tag)) => {
                Some(tag.enum_values.as_ref()?.first()?.as_str()?.to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

/// A command with what may stand around any: the rest of [`ClientFrame`].
fn with_envelope(command: Message) -> Message {
    let RefOr::T(Schema::AllOf(frame)) = ClientFrame::schema() else { return command };
    let envelope = frame.items.into_iter().filter(|item| matches!(item, RefOr::T(_)));
    let payload = AllOfBuilder::new().item(command.payload);
    let payload = envelope.fold(payload, AllOfBuilder::item);
    Message { payload: payload.into(), ..command }
}
