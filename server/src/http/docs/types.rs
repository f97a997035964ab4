//! How a schema is told to people: its type in a few words, and its fields.

use maud::{Markup, html};
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};
use utoipa::openapi::{Object, RefOr};

use super::schemas::{Schemas, name};

/// A field of an object.
pub(super) struct Field<'a> {
    pub name: &'a str,
    pub schema: &'a RefOr<Schema>,
    pub required: bool,
}

/// The fields of an object, those of what it refers to or is composed of included.
pub(super) fn fields<'a>(schema: &'a RefOr<Schema>, schemas: &'a Schemas) -> Vec<Field<'a>> {
    match schema {
        RefOr::Ref(reference) => {
            schemas.get(name(reference)).map(|schema| fields(schema, schemas)).unwrap_or_default()
        }
        RefOr::T(Schema::AllOf(all_of)) => {
            all_of.items.iter().flat_map(|item| fields(item, schemas)).collect()
        }
        RefOr::T(Schema::Object(object)) => {
            let field = |(name, schema): (&'a String, _)| Field {
                name,
                schema,
                required: object.required.contains(name),
            };
            object.properties.iter().map(field).collect()
        }
        RefOr::T(_) => Vec::new(),
    }
}

/// The words that a value may be, each with its meaning.
pub(super) fn words(schema: &RefOr<Schema>) -> Vec<(&str, &str)> {
    let RefOr::T(Schema::OneOf(one_of)) = schema else { return Vec::new() };
    let words = one_of.items.iter().filter_map(|item| match item {
        RefOr::T(Schema::Object(word)) => {
            Some((only_word(word)?, word.description.as_deref().unwrap_or_default()))
        }
        _ => None,
    });
    words.collect()
}

fn only_word(object: &Object) -> Option<&str> {
    match object.enum_values.as_deref()? {
        [word] => word.as_str(),
        _ => None,
    }
}

/// What a schema says of itself.
pub(super) fn description(schema: &RefOr<Schema>) -> &str {
    let text = match schema {
        RefOr::Ref(reference) => Some(reference.description.as_str()),
        RefOr::T(Schema::Object(object)) => object.description.as_deref(),
        RefOr::T(Schema::Array(array)) => array.description.as_deref(),
        RefOr::T(Schema::AllOf(all_of)) => all_of.description.as_deref(),
        RefOr::T(Schema::OneOf(one_of)) => {
            let own = one_of.description.as_deref();
            // What may be absent says it in its first half.
            own.or_else(|| one_of.items.first().map(description))
        }
        RefOr::T(_) => None,
    };
    text.unwrap_or_default()
}

/// A type in a few words, with links to those that have a name.
pub(super) fn type_of(schema: &RefOr<Schema>) -> Markup {
    match schema {
        RefOr::Ref(reference) => {
            let name = name(reference);
            html! { a href=(format!("#type-{name}")) { (name) } }
        }
        RefOr::T(Schema::Object(object)) => html! {
            @if let Some(word) = only_word(object) { code { (word) } }
            @else { (plain(&object.schema_type)) }
        },
        RefOr::T(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(items) => html! { "list of " (type_of(items)) },
            ArrayItems::False => html! { "list" },
        },
        RefOr::T(Schema::OneOf(one_of)) => any(&one_of.items),
        RefOr::T(Schema::AnyOf(any_of)) => any(&any_of.items),
        RefOr::T(_) => html! { "object" },
    }
}

fn any(items: &[RefOr<Schema>]) -> Markup {
    html! {
        @for (index, item) in items.iter().enumerate() {
            @if index > 0 { " or " }
            (type_of(item))
        }
    }
}

fn plain(schema_type: &SchemaType) -> String {
    let types = match schema_type {
        SchemaType::Type(one) => std::slice::from_ref(one),
        SchemaType::Array(some) => some.as_slice(),
        SchemaType::AnyValue => &[],
    };
    types.iter().map(word).collect::<Vec<_>>().join(" or ")
}

fn word(plain: &Type) -> &'static str {
    match plain {
        Type::Object => "object",
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Array => "list",
        Type::Null => "null",
    }
}
