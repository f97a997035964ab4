//! Uploaded files as their rows have them, and who may have one.

use std::collections::HashMap;

use app::protocol::{Content, File, FileId, UserId};
use sqlx::QueryBuilder;

use super::codes::{EVERYTHING, file_purpose, file_state};
use super::engine::on_engine;
use super::lease::{Lease, on_pool};
use super::lists::padded;
use super::rows::MessageKey;
use super::{Result, Store};

/// What [`FileRow`] is read from, for `file f`.
pub(super) const FILE_COLUMNS: &str = "f.id AS file_id, f.purpose AS file_purpose, f.name AS file_name, \
     f.size AS file_size, f.mime AS file_mime, f.width AS file_width, f.height AS file_height, \
     f.duration_ms AS file_duration_ms, f.waveform AS file_waveform, f.animated AS file_animated, \
     f.color AS file_color, f.thumbnail_mime AS file_thumbnail_mime";

/// A file as clients see it.
#[derive(sqlx::FromRow)]
pub(super) struct FileRow {
    #[sqlx(rename = "file_id")]
    pub(super) id: i64,
    #[sqlx(rename = "file_purpose")]
    pub(super) purpose: i64,
    #[sqlx(rename = "file_name")]
    name: String,
    #[sqlx(rename = "file_size")]
    pub(super) size: i64,
    #[sqlx(rename = "file_mime")]
    mime: String,
    #[sqlx(rename = "file_width")]
    width: Option<i64>,
    #[sqlx(rename = "file_height")]
    height: Option<i64>,
    #[sqlx(rename = "file_duration_ms")]
    duration_ms: Option<i64>,
    #[sqlx(rename = "file_waveform")]
    waveform: Option<Vec<u8>>,
    #[sqlx(rename = "file_animated")]
    animated: i64,
    #[sqlx(rename = "file_color")]
    color: Option<i64>,
    #[sqlx(rename = "file_thumbnail_mime")]
    thumbnail_mime: Option<String>,
}

impl FileRow {
    pub(super) fn into_file(self) -> File {
        let pixels = |side: Option<i64>| side.and_then(|side| u32::try_from(side).ok());
        let url = format!("/api/v1/files/{}", self.id);
        File {
            id: FileId::new(self.id),
            name: self.name,
            size: self.size,
            mime: self.mime,
            voice: self.purpose == file_purpose::VOICE,
            width: pixels(self.width),
            height: pixels(self.height),
            duration_ms: self.duration_ms,
            waveform: self.waveform,
            animated: self.animated != 0,
            color: self.color.map(|color| format!("#{color:06x}")),
            thumbnail_url: self.thumbnail_mime.map(|_| format!("{url}/thumbnail")),
            url: Some(url),
        }
    }
}

/// A file that someone may have, and what is to be known to hand it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadableFile {
    /// The file, as clients see it.
    pub file: File,
    /// The media type of its small picture; absent where there is none.
    pub thumbnail_mime: Option<String>,
    /// The SHA-256 of its bytes.
    pub digest: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct ReadableRow {
    #[sqlx(flatten)]
    file: FileRow,
    owner_id: i64,
    digest: Option<Vec<u8>>,
}

impl Store {
    /// A whole file, for who uploaded it and for who can read now a message that holds it; absent for all
    /// others, and where there is none.
    pub async fn file_for_reader(
        &self,
        reader: UserId,
        id: FileId,
    ) -> Result<Option<ReadableFile>> {
        let row: Option<ReadableRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            query.push(FILE_COLUMNS).push(", f.owner_id, f.digest FROM file f WHERE f.id = ");
            query.push_bind(id.get()).push(" AND f.state = ").push_bind(file_state::WHOLE);
            query.build_query_as().fetch_optional(connection).await?
        });
        let Some(row) = row else { return Ok(None) };
        if row.owner_id != reader.get() && !self.can_read_message_with(reader, id).await? {
            return Ok(None);
        }
        let thumbnail_mime = row.file.thumbnail_mime.clone();
        let digest = row.digest.unwrap_or_default();
        Ok(Some(ReadableFile { file: row.file.into_file(), thumbnail_mime, digest }))
    }

    /// Whether someone can read now one of the messages that hold a file. A recalled one holds none.
    async fn can_read_message_with(&self, reader: UserId, id: FileId) -> Result<bool> {
        let found: Option<i64> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT h.seq FROM message_file h");
            push_sight(&mut query, reader);
            query.push(" AND h.file_id = ").push_bind(id.get()).push(" LIMIT 1");
            query.build_query_scalar().fetch_optional(connection).await?
        });
        Ok(found.is_some())
    }
}

/// Of `message_file h` leaves those that a reader can see now; what else is asked follows after `AND`.
pub(super) fn push_sight<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, reader: UserId)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push(" JOIN message_session s ON s.conversation_id = h.conversation_id AND s.user_id = ");
    query.push_bind(reader.get());
    query.push(" JOIN conversation c ON c.id = h.conversation_id WHERE h.seq > s.cleared_seq");
    // As `first_visible` has it.
    query.push(" AND (c.history = ").push_bind(EVERYTHING).push(" OR h.seq >= s.joined_seq)");
}

/// Whether it is of a kind that holds files.
pub(super) const fn holds_files(content: &Content) -> bool {
    matches!(content, Content::Image { .. } | Content::File { .. })
}

/// Puts what was read of a message's files to what is known of it by its row.
pub(super) fn hold(content: &mut Content, held: Option<Vec<File>>) {
    if let (Content::Image { files, .. } | Content::File { files, .. }, Some(held)) =
        (content, held)
    {
        *files = held;
    }
}

/// What these messages hold, each in its order.
pub(super) async fn files(
    lease: &mut Lease,
    keys: &[MessageKey],
) -> Result<HashMap<MessageKey, Vec<File>>> {
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    for chunk in padded(keys) {
        let rows: Vec<HeldRow> = on_engine!(lease.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT h.conversation_id, h.seq, ");
            query.push(FILE_COLUMNS);
            query.push(" FROM message_file h JOIN file f ON f.id = h.file_id WHERE ");
            for (index, (conversation_id, seq)) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("h.conversation_id = ").push_bind(*conversation_id);
                query.push(" AND h.seq = ").push_bind(*seq).push(")");
            }
            query.push(" ORDER BY h.conversation_id, h.seq, h.position");
            query.build_query_as().fetch_all(connection).await?
        });
        for row in rows {
            files.entry((row.conversation_id, row.seq)).or_default().push(row.file.into_file());
        }
    }
    Ok(files)
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    conversation_id: i64,
    seq: i64,
    #[sqlx(flatten)]
    file: FileRow,
}
