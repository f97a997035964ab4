//! Notices of the operator.

use serde::{Deserialize, Serialize};

use super::{NotificationId, Timestamp};

/// A notice of the operator, in `GET /api/v1/notices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The id of the notice; its `notification` has the same.
    pub id: NotificationId,
    /// What the operator says: 1 to 1,000 characters.
    pub text: String,
    /// The time at which it was given.
    pub at: Timestamp,
    /// The time from which on it counts no longer.
    pub until: Timestamp,
}
