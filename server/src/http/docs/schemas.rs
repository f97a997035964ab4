//! The schemas that a document's parts refer to, by their names.

use std::collections::BTreeMap;

use utoipa::openapi::{KnownFormat, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat, Type};

/// Schemas by their names.
pub(super) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// What [`Timestamp`](app::protocol::Timestamp) is called by the derives: they see through it.
const ALIASED: &str = "i64";
const ALIAS: &str = "Timestamp";
/// Where documents keep their schemas.
const PLACE: &str = "#/components/schemas/";

/// All schemas that `collect` adds.
pub(super) fn schemas(collect: impl FnOnce(&mut Vec<(String, RefOr<Schema>)>)) -> Schemas {
    let mut all = Vec::new();
    collect(&mut all);
    tidy(all.into_iter().collect())
}

/// Gives times their own name; [`named`] and [`name`] do the same for what refers to them.
pub(super) fn tidy(mut schemas: Schemas) -> Schemas {
    if schemas.remove(ALIASED).is_some() {
        let time = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .description(Some("Milliseconds since the Unix epoch, UTC."));
        schemas.insert(ALIAS.to_owned(), time.into());
    }
    schemas
}

/// See [`tidy`].
pub(super) fn named(json: &str) -> String {
    json.replace(&format!("{PLACE}{ALIASED}\""), &format!("{PLACE}{ALIAS}\""))
}

/// The name of the schema that this refers to.
pub(super) fn name(reference: &Ref) -> &str {
    let name = reference.ref_location.strip_prefix(PLACE).unwrap_or_default();
    if name == ALIASED { ALIAS } else { name }
}
