//! Lists of files: those of a conversation's messages, and one's own uploads with where they were sent.

use std::collections::HashMap;

use app::protocol::{
    ConversationId, FileKind, ListPage, MessageRef, OwnFile, Seq, SharedFile, Timestamp, UserId,
    limits,
};
use sqlx::QueryBuilder;

use super::codes::{file_kind_number, file_state};
use super::files::{FILE_COLUMNS, FileRow, push_sight};
use super::lease::on_pool;
use super::lists::padded;
use super::rows::UserRow;
use super::{Result, Store};

#[derive(sqlx::FromRow)]
struct SharedRow {
    seq: i64,
    position: i64,
    sent_at: Timestamp,
    #[sqlx(flatten)]
    sender: UserRow,
    #[sqlx(flatten)]
    file: FileRow,
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    uploaded_at: Timestamp,
    expires_at: Option<Timestamp>,
    #[sqlx(flatten)]
    file: FileRow,
}

impl Store {
    /// A page of the files that a conversation's messages hold, as far as a member can see them, newest first; of all
    /// kinds, or of one. An unknown cursor is as none. Nothing for whoever is no member.
    pub async fn shared_files(
        &self,
        reader: UserId,
        id: ConversationId,
        kind: Option<FileKind>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<SharedFile>> {
        let (seq, position) = cursor.and_then(pair).unwrap_or((i64::MAX, i64::MAX));
        let rows: Vec<SharedRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT h.seq, h.position, m.created_at AS sent_at, \
                 a.id, a.username, a.nickname, a.avatar, a.created_at, ",
            );
            query.push(FILE_COLUMNS).push(
                " FROM message_file h JOIN file f ON f.id = h.file_id \
                 JOIN message m ON m.conversation_id = h.conversation_id AND m.seq = h.seq \
                 JOIN user a ON a.id = m.sender_id",
            );
            push_sight(&mut query, reader);
            query.push(" AND h.conversation_id = ").push_bind(id.get());
            if let Some(kind) = kind {
                query.push(" AND h.kind = ").push_bind(file_kind_number(kind));
            }
            query.push(" AND h.seq <= ").push_bind(seq);
            query.push(" AND (h.seq < ").push_bind(seq);
            query.push(" OR h.position < ").push_bind(position).push(")");
            query.push(" ORDER BY h.seq DESC, h.position DESC LIMIT ");
            query.push_bind(i64::from(limit) + 1);
            query.build_query_as().fetch_all(connection).await?
        });
        Ok(page(
            rows,
            limit,
            |row| (row.seq, row.position),
            |row| SharedFile {
                seq: Seq::new(row.seq),
                file: row.file.into_file(),
                sender: row.sender.into_user(),
                created_at: row.sent_at,
            },
        ))
    }

    /// A page of someone's own whole uploads, largest first. An unknown cursor is as none.
    pub async fn own_files(
        &self,
        owner: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<OwnFile>> {
        let (size, id) = cursor.and_then(pair).unwrap_or((i64::MAX, i64::MAX));
        let rows: Vec<OwnRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("SELECT f.created_at AS uploaded_at, f.expires_at, ");
            query.push(FILE_COLUMNS).push(" FROM file f WHERE f.owner_id = ");
            query.push_bind(owner.get()).push(" AND f.state = ").push_bind(file_state::WHOLE);
            query.push(" AND f.size <= ").push_bind(size);
            query.push(" AND (f.size < ").push_bind(size);
            query.push(" OR f.id < ").push_bind(id).push(")");
            query.push(" ORDER BY f.size DESC, f.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
            query.build_query_as().fetch_all(connection).await?
        });
        let ids: Vec<_> = rows.iter().map(|row| row.file.id).collect();
        let mut sent = self.sent(owner, &ids).await?;
        Ok(page(
            rows,
            limit,
            |row| (row.file.size, row.file.id),
            |row| OwnFile {
                sent: sent.remove(&row.file.id).unwrap_or_default(),
                file: row.file.into_file(),
                created_at: row.uploaded_at,
                expires_at: row.expires_at,
            },
        ))
    }

    /// The messages of someone's own that hold these files, as far as they can still see them.
    async fn sent(&self, owner: UserId, ids: &[i64]) -> Result<HashMap<i64, Vec<MessageRef>>> {
        let mut sent: HashMap<_, Vec<_>> = HashMap::new();
        for chunk in padded(ids) {
            let rows: Vec<(i64, i64, i64)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT file_id, conversation_id, seq FROM (\
                     SELECT h.file_id, h.conversation_id, h.seq, ROW_NUMBER() OVER (\
                     PARTITION BY h.file_id ORDER BY m.created_at, h.conversation_id, h.seq) AS place \
                     FROM message_file h JOIN message m \
                     ON m.conversation_id = h.conversation_id AND m.seq = h.seq",
                );
                push_sight(&mut query, owner);
                query.push(" AND m.sender_id = ").push_bind(owner.get());
                let mut list = query.push(" AND h.file_id IN (").separated(", ");
                for id in &chunk {
                    list.push_bind(*id);
                }
                query.push(")) placed WHERE place <= ").push_bind(limits::SENT);
                query.push(" ORDER BY file_id, place");
                query.build_query_as().fetch_all(connection).await?
            });
            for (file, id, seq) in rows {
                let conversation_id = ConversationId::new(id);
                let message = MessageRef { conversation_id, seq: Seq::new(seq) };
                sent.entry(file).or_default().push(message);
            }
        }
        Ok(sent)
    }

    /// The bytes that someone's uploads take up, in bytes: what is kept of the whole ones, and the announced
    /// lengths of the others.
    pub async fn files_used(&self, owner: UserId) -> Result<i64> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM file \
                 WHERE owner_id = ? AND state IN (?, ?)",
            )
            .bind(owner.get())
            .bind(file_state::INCOMPLETE)
            .bind(file_state::WHOLE)
            .fetch_one(connection)
            .await?
        }))
    }
}

/// A page of rows of which one more than asked for was read, where there is one.
fn page<R, T>(
    mut rows: Vec<R>,
    limit: u32,
    place: impl Fn(&R) -> (i64, i64),
    item: impl FnMut(R) -> T,
) -> ListPage<T> {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| more).map(place);
    let next_cursor = last.map(|(first, second)| format!("{first}.{second}"));
    ListPage { items: rows.into_iter().map(item).collect(), next_cursor }
}

/// The two numbers of a cursor.
fn pair(cursor: &str) -> Option<(i64, i64)> {
    let (first, second) = cursor.split_once('.')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}
