//! Both documents on one page, to be read without any script.

use app::ui::preferences::Theme;
use maud::{DOCTYPE, Markup, html};
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{Content, OpenApi, PathItem, RefOr, Required, Response, Schema};

use super::asyncapi::{AsyncApi, Message};
use super::schemas::Schemas;
use super::types::{Field, description, fields, type_of, words};
use crate::site;

/// The page around its content. The root's attribute is what the styles obey.
pub(super) fn page(content: &Markup, theme: Theme) -> Markup {
    let (attribute, scheme) = match theme {
        Theme::System => (None, "light dark"),
        theme => (Some(theme.code()), theme.code()),
    };
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[attribute] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(scheme);
                title { "Kith's API" }
                link rel="stylesheet" href=(site::docs_css());
                link rel="icon" href=(site::assets().icon) type="image/svg+xml";
            }
            body { (content) }
        }
    }
}

/// What the documents say.
pub(super) fn content(http: &OpenApi, socket: &AsyncApi) -> Markup {
    let mut schemas = socket.components.schemas.clone();
    schemas.extend(http.components.iter().flat_map(|components| components.schemas.clone()));
    let nouns = nouns(http);
    html! {
        (contents(&nouns))
        main {
            h1 { "Kith's API" }
            p.version { "Version " (http.info.version) }
            p {
                "For machines: " a href="openapi.json" { "OpenAPI" } " and "
                a href="asyncapi.json" { "AsyncAPI" } "."
            }
            (text(http.info.description.as_deref().unwrap_or_default()))
            @for (noun, operations) in &nouns {
                section id=(noun) {
                    h2 { (noun) }
                    @for operation in operations { (operation_card(operation, &schemas)) }
                }
            }
            (socket_section(socket, &schemas))
            section id="types" {
                h2 { "Types" }
                @for (name, schema) in &schemas { (type_card(name, schema, &schemas)) }
            }
        }
    }
}

fn contents(nouns: &[(String, Vec<Described<'_>>)]) -> Markup {
    html! {
        nav aria-label="Contents" {
            a.home href="/" { "Kith" }
            p { "HTTP" }
            ul { @for (noun, _) in nouns { li { a href=(format!("#{noun}")) { (noun) } } } }
            p { "Socket" }
            ul {
                li { a href="#socket" { "connecting" } }
                li { a href="#client" { "what you send" } }
                li { a href="#server" { "what you get" } }
                li { a href="#close-codes" { "close codes" } }
            }
            p { "Both" }
            ul {
                li { a href="#type-ErrorKind" { "errors" } }
                li { a href="#types" { "types" } }
            }
        }
    }
}

/// An operation with its place.
struct Described<'a> {
    method: &'static str,
    path: &'a str,
    operation: &'a Operation,
}

/// The operations by their tags, in the order in which they are registered.
fn nouns(http: &OpenApi) -> Vec<(String, Vec<Described<'_>>)> {
    let mut nouns: Vec<(String, Vec<_>)> = Vec::new();
    for (path, item) in &http.paths.paths {
        let PathItem { get, put, post, patch, delete, .. } = item;
        let methods =
            [("GET", get), ("POST", post), ("PUT", put), ("PATCH", patch), ("DELETE", delete)];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            let noun = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
            let described = Described { method, path, operation };
            match nouns.iter_mut().find(|(known, _)| *known == noun) {
                Some((_, operations)) => operations.push(described),
                None => nouns.push((noun, vec![described])),
            }
        }
    }
    nouns
}

fn operation_card(described: &Described<'_>, schemas: &Schemas) -> Markup {
    let Described { method, path, operation } = described;
    let open = operation.security.is_some();
    let parameters: Vec<_> = operation.parameters.iter().flatten().filter_map(here).collect();
    let body = operation.request_body.as_ref().and_then(here);
    let body = body.and_then(|body| schema_of(body.content.values().next()));
    html! {
        article id=[operation.operation_id.as_deref()] {
            h3 { span.method { (method) } " " code { (path) } }
            (text(operation.summary.as_deref().unwrap_or_default()))
            (text(operation.description.as_deref().unwrap_or_default()))
            @if open { p.note { "Without proof of identity." } }
            @if !parameters.is_empty() {
                h4 { "Parameters" }
                (table(&html! { @for parameter in parameters { (parameter_row(parameter)) } }))
            }
            @if let Some(body) = body {
                h4 { "Body: " (type_of(body)) }
                (field_table(&fields(body, schemas)))
            }
            h4 { "Answers" }
            ul.answers {
                @for (status, response) in &operation.responses.responses {
                    @if let Some(response) = here(response) { (answer(status, response)) }
                }
            }
        }
    }
}

fn answer(status: &str, response: &Response) -> Markup {
    let schema = schema_of(response.content.values().next());
    html! {
        li {
            code { (status) } " " (inline(&response.description))
            @if let Some(schema) = schema { ": " (type_of(schema)) }
        }
    }
}

fn parameter_row(parameter: &Parameter) -> Markup {
    let place = if matches!(parameter.parameter_in, ParameterIn::Path) { "path" } else { "query" };
    let required = matches!(parameter.required, Required::True);
    let text = parameter.description.as_deref().unwrap_or_default();
    html! {
        tr {
            th scope="row" { code { (parameter.name) } (mark(required)) }
            td { @if let Some(schema) = &parameter.schema { (type_of(schema)) } ", " (place) }
            td { (inline(text)) }
        }
    }
}

fn socket_section(socket: &AsyncApi, schemas: &Schemas) -> Markup {
    let messages = &socket.components.messages;
    let from = |side: &'static str| messages.iter().filter(move |(key, _)| key.starts_with(side));
    html! {
        section id="socket" {
            h2 { "Socket: " code { "/ws" } }
            (text(socket.info.description.as_deref().unwrap_or_default()))
        }
        section id="client" {
            h2 { "Socket: what you send" }
            @for (key, message) in from("client.") { (message_card(key, message, schemas)) }
        }
        section id="server" {
            h2 { "Socket: what you get" }
            @for (key, message) in from("server.") { (message_card(key, message, schemas)) }
        }
        section id="close-codes" {
            h2 { "Socket: close codes" }
            (table(&html! {
                @for (code, why) in &socket.channels.socket.close_codes {
                    tr { th scope="row" { code { (code) } } td { (inline(why)) } }
                }
            }))
        }
    }
}

fn message_card(key: &str, message: &Message, schemas: &Schemas) -> Markup {
    let mut fields = fields(&message.payload, schemas);
    fields.retain(|field| field.name != "type");
    html! {
        article id=(key) {
            h3 { code { (message.name) } }
            (text(&message.summary))
            (field_table(&fields))
        }
    }
}

fn type_card(name: &str, schema: &RefOr<Schema>, schemas: &Schemas) -> Markup {
    let (fields, words) = (fields(schema, schemas), words(schema));
    html! {
        article id=(format!("type-{name}")) {
            h3 { (name) }
            @if words.is_empty() { (text(description(schema))) }
            @if fields.is_empty() && words.is_empty() { p.note { (type_of(schema)) } }
            (field_table(&fields))
            @if !words.is_empty() {
                (table(&html! {
                    @for (word, meaning) in words {
                        tr { th scope="row" { code { (word) } } td { (inline(meaning)) } }
                    }
                }))
            }
        }
    }
}

fn field_table(fields: &[Field<'_>]) -> Markup {
    html! {
        @if !fields.is_empty() {
            (table(&html! {
                @for Field { name, schema, required } in fields {
                    tr {
                        th scope="row" { code { (name) } (mark(*required)) }
                        td { (type_of(schema)) }
                        td { (inline(description(schema))) }
                    }
                }
            }))
        }
    }
}

fn table(rows: &Markup) -> Markup {
    html! { table { tbody { (rows) } } }
}

fn mark(required: bool) -> Markup {
    html! { @if !required { small { " optional" } } }
}

fn here<T>(part: &RefOr<T>) -> Option<&T> {
    match part {
        RefOr::T(part) => Some(part),
        RefOr::Ref(_) => None,
    }
}

fn schema_of(content: Option<&RefOr<Content>>) -> Option<&RefOr<Schema>> {
    here(content?)?.schema.as_ref()
}

/// Paragraphs, with what stands in backticks as code.
fn text(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
            p { (inline(paragraph)) }
        }
    }
}

fn inline(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
