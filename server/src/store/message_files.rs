//! What messages hold: asked for, written down and let go of under their conversation's lock.
//!
//! A file has no counter of the messages that hold it: its row is locked, and then they are looked for. Who takes a
//! message back and who sends the same upload again come one after the other by that lock; who forwards a message has
//! that of its conversation.

use std::collections::{HashMap, HashSet};

use app::protocol::{ApiError, File, FileId, FileKind, Message, MessageType, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::Result;
use super::codes::{file_kind_number, file_purpose, file_state};
use super::dialect::Dialect;
use super::engine::on_engine;
use super::files::{FILE_COLUMNS, FileRow};
use super::lists::{padded, powers_of_two};
use super::transaction::Transaction;

/// Whole uploads that can be sent, locked: by their owner and id.
pub(super) type Uploads = HashMap<(UserId, FileId), Upload>;

/// An upload that can be sent.
pub(super) struct Upload {
    file: File,
    /// It was uploaded to be looked at.
    photo: bool,
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    #[sqlx(flatten)]
    file: FileRow,
    owner_id: i64,
    state: i64,
    expires_at: Option<Timestamp>,
}

/// Locks these files, and gives those of them that can be sent.
pub(super) async fn lock_uploads(
    transaction: &mut Transaction,
    ids: Vec<FileId>,
    now: Timestamp,
) -> Result<Uploads> {
    let rows = lock(transaction, ids).await?;
    let lasts = |row: &UploadRow| row.expires_at.is_none_or(|expires_at| expires_at > now);
    let sendable = rows.into_iter().filter(|row| row.state == file_state::WHOLE && lasts(row));
    let upload = |row: UploadRow| {
        let name = (UserId::new(row.owner_id), FileId::new(row.file.id));
        let photo = row.file.purpose == file_purpose::PHOTO;
        (name, Upload { file: row.file.into_file(), photo })
    };
    Ok(sendable.map(upload).collect())
}

/// Locks the rows of these files, in the order in which everyone does.
async fn lock(transaction: &mut Transaction, mut ids: Vec<FileId>) -> Result<Vec<UploadRow>> {
    ids.sort_unstable();
    ids.dedup();
    let mut locked = Vec::with_capacity(ids.len());
    for chunk in padded(&ids) {
        let rows: Vec<UploadRow> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            query.push(FILE_COLUMNS);
            query.push(", f.owner_id, f.state, f.expires_at FROM file f WHERE f.id IN (");
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(") ORDER BY f.id").push(Dialect::of::<Db>().for_update());
            query.build_query_as().fetch_all(connection).await?
        });
        locked.extend(rows);
    }
    Ok(locked)
}

/// The sender's uploads under these ids, in this order.
///
/// # Errors
/// `validation` on `file_ids` where one of them cannot be sent in this way.
pub(super) fn take(
    uploads: &Uploads,
    sender: UserId,
    ids: &[FileId],
    as_pictures: bool,
) -> std::result::Result<Vec<File>, ApiError> {
    let refused = |why: String| ApiError::validation("file_ids", why);
    let taken = ids.iter().map(|id| {
        let upload = uploads.get(&(sender, *id));
        let upload = upload.ok_or_else(|| refused(format!("You have no whole upload {id}")))?;
        if as_pictures && !upload.photo {
            return Err(refused(format!("File {id} was not uploaded as photo")));
        }
        Ok(upload.file.clone())
    });
    taken.collect()
}

/// Writes down what new messages hold. What was uploaded for them goes no more by itself.
pub(super) async fn insert(
    transaction: &mut Transaction,
    messages: impl Iterator<Item = &Message>,
) -> Result<()> {
    let (mut rows, mut uploads) = (Vec::new(), Vec::new());
    for message in messages {
        for (position, file) in (0_i64..).zip(message.files()) {
            rows.push((message, position, file));
            // What is forwarded is held already.
            uploads.extend(message.forwarded_from.is_none().then_some(file.id));
        }
    }
    for chunk in powers_of_two(&rows) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO message_file (conversation_id, seq, position, file_id, kind) ",
            );
            query.push_values(chunk, |mut row, (message, position, file)| {
                row.push_bind(message.conversation_id.get()).push_bind(message.seq.get());
                row.push_bind(*position).push_bind(file.id.get());
                row.push_bind(file_kind_number(kind(message.content.kind(), file)));
            });
            query.build().execute(connection).await?;
        });
    }
    for chunk in padded(&uploads) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("UPDATE file SET expires_at = NULL WHERE id IN (");
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(")").build().execute(connection).await?;
        });
    }
    Ok(())
}

/// What a file is to those who look for it among the files of a conversation.
fn kind(message_type: MessageType, file: &File) -> FileKind {
    match message_type {
        MessageType::Image if file.mime.starts_with("video/") => FileKind::Video,
        MessageType::Image => FileKind::Image,
        _ if file.voice => FileKind::Voice,
        _ => FileKind::File,
    }
}

/// A message holds nothing any more. What no other message holds is gone with that: nobody may have it, and its
/// bytes are deleted.
pub(super) async fn let_go(
    transaction: &mut Transaction,
    message: &Message,
    now: Timestamp,
) -> Result<()> {
    let ids: Vec<_> = message.files().iter().map(|file| file.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    lock(transaction, ids.clone()).await?;
    let (id, seq) = (message.conversation_id, message.seq);
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("DELETE FROM message_file WHERE conversation_id = ? AND seq = ?")
            .bind(id.get())
            .bind(seq.get())
            .execute(connection)
            .await?;
    });
    let held = held(transaction, &ids).await?;
    let gone: Vec<_> = ids.into_iter().filter(|id| !held.contains(id)).collect();
    for chunk in padded(&gone) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE file SET state = ");
            query.push_bind(file_state::GONE).push(", expires_at = ").push_bind(now);
            let mut list = query.push(" WHERE id IN (").separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(")").build().execute(connection).await?;
        });
    }
    Ok(())
}

/// What someone has uploaded, or begun to, and not sent is gone.
pub(super) async fn give_up_unsent(
    transaction: &mut Transaction,
    owner: UserId,
    now: Timestamp,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE file SET state = ?, expires_at = ? \
             WHERE owner_id = ? AND state IN (?, ?) AND expires_at IS NOT NULL",
        )
        .bind(file_state::GONE)
        .bind(now)
        .bind(owner.get())
        .bind(file_state::INCOMPLETE)
        .bind(file_state::WHOLE)
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Those of these files that a message holds.
async fn held(transaction: &mut Transaction, ids: &[FileId]) -> Result<HashSet<FileId>> {
    let mut held = HashSet::new();
    for chunk in padded(ids) {
        let rows: Vec<i64> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT DISTINCT file_id FROM message_file WHERE file_id IN (",
            );
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            query.push(")").build_query_scalar().fetch_all(connection).await?
        });
        held.extend(rows.into_iter().map(FileId::new));
    }
    Ok(held)
}
