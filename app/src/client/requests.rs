//! What an action is over HTTP: its method, its path, its body.
//!
//! The bodies are written by hand: a derived writer for each would weigh more than all of them. The
//! tests read them by the types of the contract.

use crate::protocol::ConversationId;
use crate::protocol::urls::encode;
use crate::state::{Action, Setting};

/// A request over HTTP.
pub(super) struct HttpRequest {
    /// The method, in upper case.
    pub method: &'static str,
    /// The path, with its query.
    pub path: String,
    /// Its body, in JSON.
    pub body: Option<String>,
}

/// The request by which an action is done.
pub(super) fn request(action: &Action) -> HttpRequest {
    let (method, path, body) = match action {
        Action::Edit(id, seq, text) => {
            let path = format!("{}/messages/{seq}", of(*id));
            ("PATCH", path, Some(field("content", &quoted(text))))
        }
        Action::Recall(id, seq) => bare("DELETE", format!("{}/messages/{seq}", of(*id))),
        Action::React(id, seq, emoji, wanted) => {
            let path = format!("{}/messages/{seq}/reactions/{}", of(*id), encode(emoji));
            bare(put_or_delete(*wanted), path)
        }
        Action::Set(id, setting) => {
            let body = match setting {
                Setting::Pinned(pinned) => field("pinned", pinned),
                Setting::MutedUntil(until) => field("muted_until", until),
                Setting::Archived(archived) => field("archived", archived),
                Setting::MarkedUnread(marked) => field("marked_unread", marked),
            };
            ("PATCH", of(*id), Some(body))
        }
        Action::Hide(id) => bare("DELETE", of(*id)),
    };
    HttpRequest { method, path, body }
}

const CONVERSATIONS: &str = "/api/v1/conversations";

fn of(id: ConversationId) -> String {
    format!("{CONVERSATIONS}/{id}")
}

const fn put_or_delete(wanted: bool) -> &'static str {
    if wanted { "PUT" } else { "DELETE" }
}

const fn bare(method: &'static str, path: String) -> (&'static str, String, Option<String>) {
    (method, path, None)
}

fn field(name: &str, value: &dyn std::fmt::Display) -> String {
    format!(r#"{{"{name}":{value}}}"#)
}

fn quoted(text: &str) -> String {
    // Any text can be written.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{HttpRequest, request};
    use crate::protocol::{ConversationId, EditMessage, MAX_INTEGER, Seq, UpdateConversation};
    use crate::state::{Action, Setting};
    use serde_json::{Value, from_str, json};

    const ID: ConversationId = ConversationId::new(5);

    fn told(action: &Action) -> (String, Value) {
        let HttpRequest { method, path, body } = request(action);
        let body = body.map_or(Value::Null, |body| from_str(&body).expect("JSON"));
        (format!("{method} {path}"), body)
    }

    #[test]
    fn every_action_is_a_request_of_the_contract() {
        let seq = Seq::new(7);
        let text = "a \"b\"\n\\".to_owned();
        for (action, request, body) in [
            (
                Action::Edit(ID, seq, text.clone()),
                "PATCH /api/v1/conversations/5/messages/7",
                json!({"content": text}),
            ),
            (Action::Recall(ID, seq), "DELETE /api/v1/conversations/5/messages/7", Value::Null),
            (
                Action::React(ID, seq, "👍".into(), true),
                "PUT /api/v1/conversations/5/messages/7/reactions/%F0%9F%91%8D",
                Value::Null,
            ),
            (
                Action::Set(ID, Setting::MutedUntil(MAX_INTEGER)),
                "PATCH /api/v1/conversations/5",
                json!({"muted_until": MAX_INTEGER}),
            ),
            (
                Action::Set(ID, Setting::Pinned(false)),
                "PATCH /api/v1/conversations/5",
                json!({"pinned": false}),
            ),
            (Action::Hide(ID), "DELETE /api/v1/conversations/5", Value::Null),
        ] {
            assert_eq!(told(&action), (request.to_owned(), body));
        }
    }

    #[test]
    fn the_bodies_are_read_by_the_types_of_the_contract() {
        let body = |action| request(&action).body.expect("a body");
        let seq = Seq::new(7);
        let edit: EditMessage = from_str(&body(Action::Edit(ID, seq, "x".into()))).unwrap();
        assert_eq!(edit.content.as_deref(), Some("x"));
        let set =
            |setting| -> UpdateConversation { from_str(&body(Action::Set(ID, setting))).unwrap() };
        assert_eq!(set(Setting::Pinned(true)).pinned, Some(true));
        assert_eq!(set(Setting::MutedUntil(5)).muted_until, Some(5));
        assert_eq!(set(Setting::Archived(true)).archived, Some(true));
        assert_eq!(set(Setting::MarkedUnread(false)).marked_unread, Some(false));
    }
}
