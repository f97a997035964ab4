//! Files on their way in: rows of `file` until they are whole.
//!
//! Who writes to an upload has it on lease, by the database's clock, the one that several nodes share.

use std::ops::Range;
use std::time::Duration;

use app::protocol::{FileId, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::codes::{file_purpose, file_state};
use super::dialect::Dialect;
use super::engine::on_engine;
use super::error::{conflict, unreadable};
use super::lease::on_pool;
use super::transaction::transact;
use super::{Result, Store, StoreError};

/// What its uploader says a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Kept to the byte, and handed on.
    File,
    /// A picture or film to be looked at: cleaned on receipt, with a thumbnail.
    Photo,
    /// A voice message.
    Voice,
}

impl Purpose {
    /// Whether a file of it is kept to the byte.
    pub const fn keeps_bytes(self) -> bool {
        match self {
            Self::File | Self::Voice => true,
            Self::Photo => false,
        }
    }

    /// As the database has it.
    const fn code(self) -> i64 {
        match self {
            Self::File => file_purpose::FILE,
            Self::Photo => file_purpose::PHOTO,
            Self::Voice => file_purpose::VOICE,
        }
    }
}

impl TryFrom<i64> for Purpose {
    type Error = StoreError;

    fn try_from(code: i64) -> Result<Self> {
        match code {
            file_purpose::FILE => Ok(Self::File),
            file_purpose::PHOTO => Ok(Self::Photo),
            file_purpose::VOICE => Ok(Self::Voice),
            _ => Err(unreadable(format!("a file for the purpose {code}"))),
        }
    }
}

/// An upload that is to begin.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// A fresh id.
    pub id: FileId,
    /// The person who uploads it.
    pub owner: UserId,
    /// What the file is for.
    pub purpose: Purpose,
    /// The file's name.
    pub name: String,
    /// The number of bytes that will come.
    pub size: i64,
    /// What the uploader says of a film or a sound.
    pub described: Described,
    /// The time.
    pub created_at: Timestamp,
    /// When it goes unless more of it has come.
    pub expires_at: Timestamp,
}

/// What an uploader says of a film or a sound, which the server does not find out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Length in milliseconds.
    pub duration_ms: Option<i64>,
    /// Peaks, 0 to 100.
    pub waveform: Option<Vec<u8>>,
}

/// Whether an upload may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It has.
    Yes,
    /// The person's files would take more than they may.
    OverQuota,
    /// The person has too many unfinished ones.
    TooMany,
    /// There is no such person any more.
    NoAccount,
}

/// What one person may have.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// Bytes of all files together, unfinished ones whole.
    pub bytes: i64,
    /// Unfinished uploads.
    pub unfinished: i64,
}

/// An upload of someone, unfinished or whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id, and its file's.
    pub id: FileId,
    /// Whether the file can be had.
    pub whole: bool,
    /// What the file is for.
    pub purpose: Purpose,
    /// Bytes that were announced; of a whole one those that are kept.
    pub size: i64,
    /// Bytes that came and are safe.
    pub received: i64,
    /// Where the last of its pieces begins, in bytes.
    pub piece_at: i64,
    /// When it goes; absent: a message holds it.
    pub expires_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    id: i64,
    state: i64,
    purpose: i64,
    size: i64,
    received: i64,
    piece_at: i64,
    expires_at: Option<i64>,
}

const UPLOAD_COLUMNS: &str = "id, state, purpose, size, received, piece_at, expires_at";

impl UploadRow {
    fn into_upload(self) -> Result<Upload> {
        Ok(Upload {
            id: FileId::new(self.id),
            whole: self.state == file_state::WHOLE,
            purpose: Purpose::try_from(self.purpose)?,
            size: self.size,
            received: self.received,
            piece_at: self.piece_at,
            expires_at: self.expires_at,
        })
    }
}

/// An unfinished upload, as long as nobody else may write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLease {
    /// The upload.
    pub id: FileId,
    /// A random number that tells its holder from all others.
    pub holder: i64,
}

/// What is known of a file once all of it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeFile {
    /// Bytes that are kept.
    pub size: i64,
    /// The media type, found from the bytes.
    pub mime: String,
    /// Width in pixels, where it was found.
    pub width: Option<u32>,
    /// Height in pixels, where it was found.
    pub height: Option<u32>,
    /// Whether it is a picture that moves.
    pub animated: bool,
    /// The mean colour, `0xrrggbb`.
    pub color: Option<u32>,
    /// The media type of the thumbnail; absent where there is none.
    pub thumbnail_mime: Option<&'static str>,
    /// The SHA-256 of the bytes that are kept.
    pub digest: Vec<u8>,
    /// When it goes unless a message holds it by then.
    pub expires_at: Timestamp,
}

/// What became of an upload that was to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nobody may have it any more.
    Gone,
    /// A message holds it.
    Held,
    /// There is no such upload of this person.
    Absent,
}

impl Store {
    /// Begins an upload, if its owner has room for it.
    ///
    /// # Errors
    /// `Conflict("id")` where the id is taken.
    pub async fn begin_upload(&self, upload: &NewUpload, quota: Quota) -> Result<Begun> {
        Ok(transact!(self, |transaction| {
            let owner = upload.owner.get();
            let (found, bytes, unfinished): (Option<i64>, i64, i64) =
                on_engine!(transaction.connection()?, |connection, Db| {
                    // Locked, so that several at once do not each take the last room.
                    let mut query = QueryBuilder::<Db>::new("SELECT id FROM user WHERE id = ");
                    query.push_bind(owner).push(" AND deleted_at IS NULL");
                    query.push(Dialect::of::<Db>().for_update());
                    let found = query.build_query_scalar().fetch_optional(&mut *connection).await?;
                    let (bytes, unfinished) = sqlx::query_as(
                        "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED), \
                         CAST(COALESCE(SUM(state = ?), 0) AS SIGNED) \
                         FROM file WHERE owner_id = ? AND state IN (?, ?)",
                    )
                    .bind(file_state::INCOMPLETE)
                    .bind(owner)
                    .bind(file_state::INCOMPLETE)
                    .bind(file_state::WHOLE)
                    .fetch_one(&mut *connection)
                    .await?;
                    (found, bytes, unfinished)
                });
            if found.is_none() {
                return Ok(Begun::NoAccount);
            }
            if unfinished >= quota.unfinished {
                return Ok(Begun::TooMany);
            }
            if bytes.saturating_add(upload.size) > quota.bytes {
                return Ok(Begun::OverQuota);
            }
            on_engine!(transaction.connection()?, |connection, Db| {
                let Described { width, height, duration_ms, waveform } = &upload.described;
                sqlx::query(
                    "INSERT INTO file (id, owner_id, state, purpose, name, size, width, height, \
                     duration_ms, waveform, created_at, expires_at) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )
                .bind(upload.id.get())
                .bind(owner)
                .bind(file_state::INCOMPLETE)
                .bind(upload.purpose.code())
                .bind(&upload.name)
                .bind(upload.size)
                .bind(width.map(i64::from))
                .bind(height.map(i64::from))
                .bind(*duration_ms)
                .bind(waveform.as_deref())
                .bind(upload.created_at)
                .bind(upload.expires_at)
                .execute(connection)
                .await
                .map_err(|error| conflict(error, Dialect::of::<Db>(), "id"))?;
            });
            Ok(Begun::Yes)
        }))
    }

    /// An upload of this person, unfinished or whole.
    pub async fn upload(&self, owner: UserId, id: FileId) -> Result<Option<Upload>> {
        let row: Option<UploadRow> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            query.push(UPLOAD_COLUMNS).push(" FROM file WHERE id = ").push_bind(id.get());
            query.push(" AND owner_id = ").push_bind(owner.get());
            query.push(" AND state < ").push_bind(file_state::GONE);
            query.build_query_as().fetch_optional(connection).await?
        });
        row.map(UploadRow::into_upload).transpose()
    }

    /// Takes an unfinished upload on lease; absent while another has it.
    pub async fn lease_upload(
        &self,
        id: FileId,
        holder: i64,
        lease: Duration,
    ) -> Result<Option<UploadLease>> {
        let taken = on_pool!(&self.writers, |connection, Db| {
            let now = Dialect::of::<Db>().now();
            let mut query = QueryBuilder::<Db>::new("UPDATE file SET owner = ");
            query.push_bind(holder).push(", lease_until = ").push(now).push(" + ");
            query.push_bind(millis(lease)).push(" WHERE id = ").push_bind(id.get());
            query.push(" AND state = ").push_bind(file_state::INCOMPLETE);
            query.push(" AND lease_until <= ").push(now);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok((taken == 1).then_some(UploadLease { id, holder }))
    }

    /// Keeps an upload on lease; false where it is its holder's no more, or gone.
    pub async fn renew_upload(&self, lease: UploadLease, time: Duration) -> Result<bool> {
        let renewed = on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE file SET lease_until = ");
            query.push(Dialect::of::<Db>().now()).push(" + ").push_bind(millis(time));
            push_lease(&mut query, lease);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok(renewed == 1)
    }

    /// Takes down that the bytes before `piece.end` are safe, the last of them in one piece, and gives the upload back
    /// unless it is to be made a file now; false where it is its holder's no more, or gone.
    pub async fn advance_upload(
        &self,
        lease: UploadLease,
        piece: Range<i64>,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let advanced = on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE file SET received = ");
            query.push_bind(piece.end).push(", piece_at = ").push_bind(piece.start);
            query.push(", expires_at = ").push_bind(expires_at);
            query.push(", lease_until = CASE WHEN size = ").push_bind(piece.end);
            query.push(" THEN lease_until ELSE 0 END");
            push_lease(&mut query, lease);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok(advanced == 1)
    }

    /// Gives an upload back for others to write to, unless another has it already. One that is still to be made a
    /// file is left for [`stalled_uploads`](Self::stalled_uploads).
    pub async fn release_upload(&self, lease: UploadLease) -> Result<()> {
        on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE file SET lease_until = ");
            query.push("CASE WHEN received = size THEN 1 ELSE 0 END WHERE id = ");
            query.push_bind(lease.id.get());
            query.push(" AND owner = ").push_bind(lease.holder);
            query.build().execute(connection).await?;
        });
        Ok(())
    }

    /// Makes a file of an upload, all of whose bytes are in their place; false where the upload is its holder's
    /// no more, or gone.
    pub async fn complete_upload(&self, lease: UploadLease, file: &WholeFile) -> Result<bool> {
        let completed = on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE file SET state = ");
            query.push_bind(file_state::WHOLE).push(", lease_until = 0, received = size");
            query.push(", mime = ").push_bind(&file.mime);
            query.push(", width = COALESCE(").push_bind(file.width.map(i64::from));
            query.push(", width), height = COALESCE(").push_bind(file.height.map(i64::from));
            query.push(", height), animated = ").push_bind(i64::from(file.animated));
            query.push(", color = ").push_bind(file.color.map(i64::from));
            query.push(", thumbnail_mime = ").push_bind(file.thumbnail_mime);
            query.push(", digest = ").push_bind(&file.digest);
            query.push(", expires_at = ").push_bind(file.expires_at);
            // Last: MySQL assigns one after the other, and `received` is what was announced.
            query.push(", size = ").push_bind(file.size);
            push_lease(&mut query, lease);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok(completed == 1)
    }

    /// Ends an upload of this person, unfinished or whole, unless a message holds it.
    pub async fn end_upload(&self, owner: UserId, id: FileId) -> Result<Ended> {
        let ended = on_pool!(&self.writers, |connection| {
            sqlx::query(
                "UPDATE file SET state = ? WHERE id = ? AND owner_id = ? AND state < ? \
                 AND expires_at IS NOT NULL",
            )
            .bind(file_state::GONE)
            .bind(id.get())
            .bind(owner.get())
            .bind(file_state::GONE)
            .execute(connection)
            .await?
            .rows_affected()
        });
        if ended == 1 {
            return Ok(Ended::Gone);
        }
        Ok(if self.upload(owner, id).await?.is_some() { Ended::Held } else { Ended::Absent })
    }
}

/// The row of an unfinished upload, as long as this holder has it.
fn push_lease<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, lease: UploadLease)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push(" WHERE id = ").push_bind(lease.id.get());
    query.push(" AND state = ").push_bind(file_state::INCOMPLETE);
    query.push(" AND owner = ").push_bind(lease.holder);
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
