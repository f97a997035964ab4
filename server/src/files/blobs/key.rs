//! The names of objects.

use std::fmt;
use std::ops::Range;

use app::protocol::FileId;
use object_store::path::Path;

/// What objects there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole file.
    Files,
    /// A small picture of one.
    Thumbnails,
    /// The picture of a person or a group.
    Avatars,
    /// A piece of a file that is on its way in.
    Uploads,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Files, Self::Thumbnails, Self::Avatars, Self::Uploads];

    /// What the names of its objects begin with.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Thumbnails => "thumbnails",
            Self::Avatars => "avatars",
            Self::Uploads => "uploads",
        }
    }
}

/// An object's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(Path);

impl Key {
    /// A whole file.
    pub fn file(id: FileId) -> Self {
        Self(Path::from(format!("{}/{id}", Kind::Files.prefix())))
    }

    /// The small picture of a file.
    pub fn thumbnail(id: FileId) -> Self {
        Self(Path::from(format!("{}/{id}", Kind::Thumbnails.prefix())))
    }

    /// The picture of a person or a group, by its hash.
    pub fn avatar(hash: &str) -> Self {
        Self(Path::from(format!("{}/{hash}", Kind::Avatars.prefix())))
    }

    /// The piece of an upload that has these of its bytes. The name says which, so that one that is written late, by
    /// whoever had the upload before, takes no other's place.
    pub(crate) fn chunk(id: FileId, bytes: &Range<i64>) -> Self {
        let Range { start, end } = bytes;
        Self(Path::from(format!("{}/{id}/{start}-{end}", Kind::Uploads.prefix())))
    }

    /// What the names of an upload's pieces begin with.
    pub(super) fn chunks(id: FileId) -> Self {
        Self(Path::from(format!("{}/{id}", Kind::Uploads.prefix())))
    }

    /// What the names of a kind's objects begin with.
    pub(super) fn all(kind: Kind) -> Self {
        Self(Path::from(kind.prefix()))
    }

    /// Of an object that there never is.
    pub(super) fn probe() -> Self {
        Self(Path::from("probe"))
    }

    pub(super) const fn of(path: Path) -> Self {
        Self(path)
    }

    pub(super) const fn path(&self) -> &Path {
        &self.0
    }

    /// The file that the object is of, by its name; absent where it is none of ours.
    pub fn file_id(&self) -> Option<FileId> {
        self.name()?.parse().ok()
    }

    /// What follows after the kind: of an avatar its hash.
    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().split('/').nth(1)
    }

    /// Which bytes of its upload a piece has, by its name.
    pub(super) fn chunk_bytes(&self) -> Option<Range<i64>> {
        let (start, end) = self.0.as_ref().split('/').nth(2)?.split_once('-')?;
        Some(start.parse().ok()?..end.parse().ok()?)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
