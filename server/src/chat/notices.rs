//! Notices of the operator: given by the command line, told by a running server, shown until they were seen.

use std::time::Duration;

use app::protocol::{
    ApiError, ListPage, Notice, Notification, NotificationId, Timestamp, UserId, limits,
};

use super::Chat;
use super::due::claim_id;
use crate::background::jobs::Kinds;
use crate::clock::{Clock, Ids};
use crate::error::Error;
use crate::store::{Store, StoreError};

/// How long notices are one process's that tells them.
const LEASE: Duration = Duration::from_secs(10);
/// How long a notice counts unless it is said, in milliseconds: 30 days.
pub const DEFAULT_LIFE_MS: Timestamp = 30 * 24 * 60 * 60 * 1_000;
/// How long a notice that has ended is kept, in milliseconds: a day.
const KEPT_MS: Timestamp = 24 * 60 * 60 * 1_000;
/// How often it is looked for those.
const SWEEP_INTERVAL: Duration = Duration::from_hours(24);
/// Rows that are swept by one statement.
const BATCH_SIZE: u32 = 256;
/// What notices are headed by.
const TITLE: &str = "Kith";

/// Stores a notice to the person of this username, or to everyone, until a moment, else for 30 days; a running server
/// tells it within two seconds.
///
/// # Errors
/// `validation` on `text` unless it has 1 to 1,000 characters, and on `until` unless it lies ahead; `not_found` where
/// nobody has this username.
pub async fn give_notice(
    store: &Store,
    clock: &Clock,
    text: &str,
    to: Option<&str>,
    until: Option<Timestamp>,
) -> Result<Notice, Error> {
    let (text, at) = (text.trim(), clock.now());
    if text.is_empty() || text.contains('\0') || text.chars().count() > limits::NOTICE {
        let most = limits::NOTICE;
        return Err(
            ApiError::validation("text", format!("A notice has 1 to {most} characters")).into()
        );
    }
    let until = until.unwrap_or(at + DEFAULT_LIFE_MS);
    if until <= at {
        return Err(ApiError::validation("until", "That time is past").into());
    }
    let to = match to {
        Some(name) => match store.credentials(name).await? {
            Some(known) => Some(known.user.id),
            None => return Err(ApiError::not_found().into()),
        },
        None => None,
    };
    let ids = Ids::new(clock.clone());
    loop {
        let id = NotificationId::new(ids.next());
        let notice = Notice { id, text: text.to_owned(), at, until };
        match store.insert_notice(&notice, to).await {
            Err(StoreError::Conflict("id")) => {}
            Ok(()) => return Ok(notice),
            Err(error) => return Err(error.into()),
        }
    }
}

impl Chat {
    /// A page of the notices to a person that count and that they have not seen, the latest first.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn notices(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Notice>, Error> {
        Ok(self.store.notices(viewer, self.now(), cursor, limit).await?)
    }

    /// Notes that a person has seen a notice.
    ///
    /// # Errors
    /// `not_found` where there is none to them.
    pub async fn see_notice(&self, viewer: UserId, id: NotificationId) -> Result<(), Error> {
        if self.store.see_notice(viewer, id).await? {
            Ok(())
        } else {
            Err(ApiError::not_found().into())
        }
    }

    /// Tells the notices that were given since the last time.
    ///
    /// # Errors
    /// Where the database fails. What was claimed by then is told later, by whoever comes first.
    pub async fn tell_notices(&self) -> Result<(), Error> {
        loop {
            let owner = claim_id();
            let claimed = self.store.claim_notices(owner, LEASE).await?;
            if claimed.is_empty() {
                return Ok(());
            }
            let now = self.now();
            // What ended before it could be told is told to nobody.
            for (notice, to) in claimed.into_iter().filter(|(notice, _)| notice.until > now) {
                match to {
                    Some(person) => self.notify(vec![person], notification(notice)),
                    None => self.notify_everyone(notification(notice)),
                }
            }
            self.store.settle_notices(owner).await?;
        }
    }

    /// Has notices that have ended forgotten, once a day.
    pub fn sweep_notices_daily(&self, kinds: &mut Kinds) {
        let chat = self.clone();
        kinds.every("sweep_notices", SWEEP_INTERVAL, move || {
            let chat = chat.clone();
            async move {
                let ended = chat.now() - KEPT_MS;
                while chat.store.forget_notices(ended, BATCH_SIZE).await? > 0 {}
                Ok(())
            }
        });
    }
}

fn notification(notice: Notice) -> Notification {
    Notification {
        id: notice.id,
        kind: Notification::SYSTEM.to_owned(),
        title: TITLE.to_owned(),
        body: notice.text,
        conversation_id: None,
        seq: None,
        at: notice.at,
    }
}
