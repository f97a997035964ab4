//! Where the bytes of files lie, and how many there may be.

use std::fmt;
use std::path::PathBuf;

use axum::http::Uri;

/// How files are kept.
#[derive(Clone, Debug)]
pub struct FileSettings {
    /// Where their bytes lie.
    pub location: FilesLocation,
    /// The most bytes of a file; at least 1.
    pub max_file: u64,
    /// The most bytes that a person's files may have together, unfinished ones whole; at least 1.
    pub user_quota: u64,
}

/// Where the bytes of files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesLocation {
    /// In this folder.
    Folder(PathBuf),
    /// In a bucket of S3, or of what speaks as it does.
    S3(S3Location),
}

/// A part of a bucket, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Location {
    /// The bucket's name.
    pub bucket: String,
    /// What the names of all objects begin with, without a slash at either end; empty: nothing.
    pub prefix: String,
    /// The address of the service, `http://` or `https://`; absent: Amazon's, by the region.
    pub endpoint: Option<String>,
    /// The bucket's region.
    pub region: String,
    /// The name of the key that requests are signed with.
    pub access_key: Password,
    /// The key that requests are signed with.
    pub secret_key: Password,
}

/// What opens a service of others. Its `Debug` hides it, so that it cannot reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// A password as it was given.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What `files_url` names, before the keys of S3 are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FilesUrl {
    Folder(PathBuf),
    S3 { bucket: String, prefix: String },
}

/// `file:///folder` or `s3://bucket/prefix`.
pub(super) fn files_url(text: &str) -> Result<FilesUrl, String> {
    // The text may hold a password, where it should not: it is not repeated.
    let wrong = || "not a place for files; give file:///folder or s3://bucket/prefix".to_owned();
    if let Some(folder) = text.strip_prefix("file://") {
        let is_absolute = folder.starts_with('/');
        return if is_absolute { Ok(FilesUrl::Folder(folder.into())) } else { Err(wrong()) };
    }
    let place = text.strip_prefix("s3://").ok_or_else(wrong)?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    if bucket.is_empty() || !bucket.chars().all(plain) {
        return Err(wrong());
    }
    let prefix = prefix.trim_matches('/');
    let in_prefix = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let is_name =
        |part: &str| !part.is_empty() && !matches!(part, "." | "..") && part.chars().all(in_prefix);
    if !prefix.is_empty() && !prefix.split('/').all(is_name) {
        return Err(wrong());
    }
    Ok(FilesUrl::S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
}

/// The address of a service that speaks as S3 does.
pub(super) fn s3_endpoint(text: &str) -> Result<String, String> {
    let wrong = || "not the address of a service; give one such as https://s3.example".to_owned();
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let is_http = uri.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https"));
    match uri.authority() {
        Some(authority) if is_http && !authority.as_str().contains('@') => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(wrong()),
    }
}

/// A number of bytes, such as `100MiB`: units are `KiB`, `MiB`, `GiB` and `TiB`, or none for bytes.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("not a size: {text:?}; give one such as 100MiB or 5GiB");
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text[digits.len()..].trim() {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return Err(wrong()),
    };
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    // Sizes are integers of JSON as well.
    let most = 1 << 53;
    count.checked_mul(1 << shift).filter(|bytes| (1..most).contains(bytes)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::{FilesUrl, Password, bytes, files_url, s3_endpoint};

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let s3 = |bucket: &str, prefix: &str| {
            Ok(FilesUrl::S3 { bucket: bucket.into(), prefix: prefix.into() })
        };
        assert_eq!(files_url("file:///srv/files"), Ok(FilesUrl::Folder("/srv/files".into())));
        assert_eq!(files_url("s3://kith"), s3("kith", ""));
        assert_eq!(files_url("s3://kith/chat/files/"), s3("kith", "chat/files"));
        for bad in ["", "/srv", "file://srv", "s3://", "s3://Kith", "s3://kith/../x", "s3://a/b//c"]
        {
            assert!(files_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_endpoint_is_http_without_a_password() {
        assert_eq!(s3_endpoint("http://127.0.0.1:9000/"), Ok("http://127.0.0.1:9000".into()));
        for bad in ["s3.example", "ftp://s3.example", "https://me:secret@s3.example"] {
            assert!(s3_endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("100MiB"), Ok(100 * 1024 * 1024));
        assert_eq!(bytes("5 GiB"), Ok(5 * 1024 * 1024 * 1024));
        assert_eq!(bytes("12"), Ok(12));
        for bad in ["", "MiB", "0", "1MB", "-1MiB", "9999999999TiB", "8192TiB"] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_does_not_print() {
        assert!(!format!("{:?}", Password::new("hidden")).contains("hidden"));
    }
}
