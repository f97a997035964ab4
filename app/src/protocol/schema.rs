//! What the wire looks like, for the published documents, where a derive does not say it: words with
//! what each means, and types that read or write themselves.

use std::borrow::Cow;

use serde::Serialize;
use strum::{EnumMessage, IntoEnumIterator};
use utoipa::openapi::schema::{ArrayBuilder, ArrayItems};
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::wire_message::WireMessage;
use super::{
    Answer, ConversationKind, ErrorKind, FileKind, Head, History, Message, MessageType,
    PresenceStatus, Role, SystemEvent,
};

/// The schema of an enum's words, each with its doc comment, which a derived one would leave out.
fn words<T: IntoEnumIterator + EnumMessage + Serialize>() -> RefOr<Schema> {
    let all = T::iter().fold(OneOfBuilder::new(), |all, word| {
        let value = serde_json::to_value(&word).ok();
        let word = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(word.get_documentation())
            .enum_values(value.map(|value| [value]));
        all.item(word)
    });
    all.into()
}

macro_rules! words {
    ($($name:ident),+ $(,)?) => {
        $(
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    words::<Self>()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    stringify!($name).into()
                }
            }
        )+
    };
}

words!(
    Answer,
    ConversationKind,
    ErrorKind,
    FileKind,
    History,
    MessageType,
    PresenceStatus,
    Role,
    SystemEvent,
);

/// The names of the fields of [`Head`], in the order in which they are written.
const HEAD: [&str; 8] = [
    "id",
    "last_seq",
    "rev",
    "read_seq",
    "delivered_seq",
    "peer_delivered_seq",
    "peer_read_seq",
    "version",
];

impl PartialSchema for Head {
    fn schema() -> RefOr<Schema> {
        let integer =
            |name| ObjectBuilder::new().schema_type(Type::Integer).title(Some(name)).build();
        ArrayBuilder::new()
            .description(Some(format!("The state of a conversation: `[{}]`.", HEAD.join(", "))))
            .prefix_items(HEAD.map(integer))
            .items(ArrayItems::False)
            .min_items(Some(HEAD.len()))
            .into()
    }
}

impl ToSchema for Head {
    fn name() -> Cow<'static, str> {
        "Head".into()
    }
}

impl PartialSchema for Message {
    fn schema() -> RefOr<Schema> {
        WireMessage::schema()
    }
}

impl ToSchema for Message {
    fn name() -> Cow<'static, str> {
        WireMessage::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        WireMessage::schemas(schemas);
    }
}
