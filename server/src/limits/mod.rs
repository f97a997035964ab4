//! How often someone may do something.

use app::protocol::UserId;

/// All limits. Cheap to clone.
#[derive(Clone)]
pub struct Limits {}

impl Limits {
    /// Takes one message from the user's allowance.
    ///
    /// # Errors
    /// The milliseconds after which the next one may pass.
    pub async fn message(&self, user: UserId) -> Result<(), u64> {
        let _ = user;
        unimplemented!()
    }
}
