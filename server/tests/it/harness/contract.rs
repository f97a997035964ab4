//! The published documents, and whether what travels is as they say. The clients of all tests ask
//! here, so that the whole suite is the sample.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use jsonschema::{Draft, Validator};
use reqwest::Method;
use serde_json::{Map, Value, json};

static CONTRACT: OnceLock<Contract> = OnceLock::new();

/// Both documents.
pub struct Contract {
    /// Of HTTP.
    pub openapi: Value,
    /// Of the socket.
    pub asyncapi: Value,
}

/// Reads the documents from a server, unless one was asked before: they are the same everywhere.
pub async fn learn(url: &str) {
    if CONTRACT.get().is_none() {
        let openapi = fetch(format!("{url}/api/openapi.json")).await;
        let asyncapi = fetch(format!("{url}/api/asyncapi.json")).await;
        // Beforehand, so that what races with the server is not held up.
        let components = &asyncapi["components"];
        for message in components["messages"].as_object().expect("messages").values() {
            validator(&message["payload"], components, true);
        }
        // Another test may have been faster.
        let _ = CONTRACT.set(Contract { openapi, asyncapi });
    }
}

async fn fetch(url: String) -> Value {
    let answer = reqwest::get(url).await.expect("an answer");
    answer.json().await.expect("a document")
}

/// What was learned.
pub fn contract() -> &'static Contract {
    CONTRACT.get().expect("a test server was started")
}

/// A request and its answer.
pub struct Exchange<'a> {
    /// What was asked.
    pub method: &'a Method,
    /// Of which path, without its query.
    pub path: &'a str,
    /// With which body.
    pub sent: Option<&'a str>,
    /// The answer's status.
    pub status: u16,
    /// The answer's body.
    pub received: &'a str,
}

impl Contract {
    /// What is wrong with an answer. Answers outside the API are right.
    ///
    /// # Errors
    /// What the document says otherwise.
    pub fn check(&self, exchange: &Exchange<'_>) -> Result<(), String> {
        let Exchange { method, path, status, .. } = *exchange;
        let operation = self.operation(method, path);
        if operation.is_none() && !path.starts_with("/api/") {
            return Ok(());
        }
        let answers = operation.map(|operation| &operation["responses"]);
        let answer = answers.and_then(|answers| answers.get(status.to_string()));
        let answer = match answer {
            Some(answer) => answer,
            None if status >= 400 => &self.openapi["components"]["responses"]["Error"],
            None => return Err(format!("{status} is not among the answers")),
        };
        match answer.pointer("/content/application~1json") {
            Some(content) => self.is(content.get("schema"), exchange.received, true)?,
            None if status == 204 && !exchange.received.is_empty() => return Err("a body".into()),
            None => {}
        }
        let sent = exchange.sent.filter(|_| status < 300);
        let body = operation.and_then(|operation| operation.pointer("/requestBody/content"));
        let body = body.and_then(|content| content.pointer("/application~1json/schema"));
        match (sent, body) {
            (None, _) => Ok(()),
            // Clients may say more than is known; the server says nothing that is not.
            (Some(sent), Some(schema)) => self.is(Some(schema), sent, false),
            (Some(_), None) => Err("a request with a body".into()),
        }
    }

    /// What is wrong with a frame that was sent by `side`: `client` or `server`.
    ///
    /// # Errors
    /// What the document says otherwise.
    pub fn check_frame(&self, side: &str, text: &str) -> Result<(), String> {
        let frame: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let key = format!("{side}.{}", frame["type"].as_str().unwrap_or_default());
        let components = &self.asyncapi["components"];
        let message = components["messages"].get(&key).ok_or(format!("there is no {key}"))?;
        validate(&message["payload"], components, &frame, true)
    }

    fn is(&self, schema: Option<&Value>, text: &str, closed: bool) -> Result<(), String> {
        let Some(schema) = schema else { return Ok(()) };
        let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        validate(schema, &self.openapi["components"], &value, closed)
    }

    /// The operation for a request; a literal segment counts for more than a parameter.
    fn operation(&self, method: &Method, path: &str) -> Option<&Value> {
        let fits = |template: &str| {
            let (wanted, given) = (template.split('/'), path.split('/'));
            let same_length = wanted.clone().count() == given.clone().count();
            same_length
                && wanted
                    .zip(given)
                    .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
        };
        let paths = self.openapi["paths"].as_object()?;
        let (_, item) = paths
            .iter()
            .filter(|(template, _)| fits(template))
            .min_by_key(|(template, _)| template.matches('{').count())?;
        item.get(method.as_str().to_lowercase())
    }
}

fn validate(schema: &Value, components: &Value, value: &Value, closed: bool) -> Result<(), String> {
    let validator = validator(schema, components, closed);
    let faults = validator.iter_errors(value);
    let faults: Vec<_> =
        faults.map(|fault| format!("{fault} at {}", fault.instance_path())).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

/// Made once: that takes longer than all it is used for.
fn validator(schema: &Value, components: &Value, closed: bool) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let key = format!("{closed} {schema}");
    let made = || {
        let mut whole = json!({"components": components, "allOf": [schema]});
        if closed {
            close(&mut whole);
            whole["unevaluatedProperties"] = false.into();
        }
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        Arc::new(options.build(&whole).expect("a schema"))
    };
    MADE.lock().expect("no panic inside").entry(key).or_insert_with(made).clone()
}

/// Forbids fields that are not described, wherever an object may stand.
fn close(schema: &mut Value) {
    let close_all = |parts: &mut Map<String, Value>| {
        for part in parts.values_mut().filter(|part| part.is_object()) {
            part["unevaluatedProperties"] = false.into();
        }
    };
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                close_all(properties);
            }
            if let Some(items) = object.get_mut("items").filter(|items| items.is_object()) {
                items["unevaluatedProperties"] = false.into();
            }
            object.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
