//! The names of objects.

use std::fmt;

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

    /// The piece of an upload that begins at this offset.
    pub(crate) fn chunk(id: FileId, offset: i64) -> Self {
        Self(Path::from(format!("{}/{id}/{offset}", Kind::Uploads.prefix())))
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
        self.0.as_ref().split('/').nth(1)?.parse().ok()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
