//! The ways in which a client hands a file over, and fetches it.

use std::time::{Duration, Instant};

use app::protocol::{File, FileId};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::multipart::{Form, Part};

use crate::Failure;
use crate::account::Account;

/// What passes any proxy: our pages send pieces of so many bytes.
pub(super) const PIECE: usize = 900_000;

/// Someone who uploads and downloads.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
    pub(super) account: Account,
}

impl Client {
    /// Uploads by tus, in pieces of so many bytes. `purpose` is `file`, `photo` or `voice`.
    pub(super) async fn tus(
        &self,
        bytes: &Bytes,
        piece: usize,
        purpose: &str,
    ) -> Result<FileId, Failure> {
        // "photo" and "file" in base64.
        let word = if purpose == "photo" { "cGhvdG8=" } else { "ZmlsZQ==" };
        let begun = self
            .http
            .post(format!("{}/api/v1/uploads", self.url))
            .bearer_auth(&self.account.access_token)
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Length", bytes.len())
            .header("Upload-Metadata", format!("as {word}"))
            .send()
            .await?
            .error_for_status()?;
        let place = begun.headers().get(LOCATION).ok_or("an upload has a place")?.to_str()?;
        let mut offset = 0;
        while offset < bytes.len() {
            let next = bytes.len().min(offset + piece);
            self.http
                .patch(format!("{}{place}", self.url))
                .bearer_auth(&self.account.access_token)
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Offset", offset)
                .header(CONTENT_TYPE, "application/offset+octet-stream")
                .body(bytes.slice(offset..next))
                .send()
                .await?
                .error_for_status()?;
            offset = next;
        }
        let id = place.rsplit('/').next().unwrap_or_default().parse()?;
        Ok(FileId::new(id))
    }

    /// Uploads as a form.
    pub(super) async fn form(&self, bytes: &Bytes) -> Result<FileId, Failure> {
        let length = u64::try_from(bytes.len())?;
        let part = Part::stream_with_length(bytes.clone(), length).file_name("large.bin");
        let answer = self
            .http
            .post(format!("{}/api/v1/files", self.url))
            .bearer_auth(&self.account.access_token)
            .multipart(Form::new().part("file", part))
            .send()
            .await?;
        Ok(answer.error_for_status()?.json::<File>().await?.id)
    }

    /// Ends an upload that nobody needs any more.
    pub(super) async fn delete(&self, id: FileId) -> Result<(), Failure> {
        let url = format!("{}/api/v1/uploads/{id}", self.url);
        let request = self.http.delete(url).bearer_auth(&self.account.access_token);
        request.header("Tus-Resumable", "1.0.0").send().await?.error_for_status()?;
        Ok(())
    }

    /// Fetches what lies there; `of` is the address after that of the API.
    pub(super) async fn fetch(&self, of: &str) -> Result<usize, Failure> {
        let url = format!("{}/api/v1/{of}", self.url);
        drain(self.http.get(url).bearer_auth(&self.account.access_token)).await
    }
}

/// Reads an answer to its end; returns how many bytes it had.
pub(super) async fn drain(request: reqwest::RequestBuilder) -> Result<usize, Failure> {
    let (mut answer, mut count) = (request.send().await?.error_for_status()?, 0);
    while let Some(bytes) = answer.chunk().await? {
        count += bytes.len();
    }
    Ok(count)
}

/// How long it takes.
pub(super) async fn timed<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<(T, Duration), Failure> {
    let begun = Instant::now();
    let done = work.await?;
    Ok((done, begun.elapsed()))
}
