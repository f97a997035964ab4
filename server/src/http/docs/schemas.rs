//! The schemas that a document's parts refer to, by their names.

use std::collections::BTreeMap;

use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// Schemas by their names.
pub(super) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// What [`Timestamp`](app::protocol::Timestamp) is called by the derives: they see through it.
const ALIASED: &str = "i64";

/// All schemas that `collect` adds.
pub(super) fn schemas(collect: impl FnOnce(&mut Vec<(String, RefOr<Schema>)>)) -> Schemas {
    let mut all = Vec::new();
    collect(&mut all);
    tidy(all.into_iter().collect())
}

/// Gives times their own name; [`named`] does the same for what refers to them.
pub(super) fn tidy(mut schemas: Schemas) -> Schemas {
    if schemas.remove(ALIASED).is_some() {
        let time = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .description(Some("Milliseconds since the Unix epoch, UTC."));
        schemas.insert("Timestamp".to_owned(), time.into());
    }
    schemas
}

/// See [`tidy`].
pub(super) fn named(json: &str) -> String {
    json.replace(&format!("#/components/schemas/{ALIASED}\""), "#/components/schemas/Timestamp\"")
}
