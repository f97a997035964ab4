//! Whom a text names: `@username`, and `@all`.

use std::collections::HashMap;

use app::protocol::limits;
use app::protocol::text::mentions;

use super::Chat;
use crate::error::Error;
use crate::store::mentions::Mentions;

impl Chat {
    /// Whom a text may name. Asks the database only about texts with names in them.
    pub(super) async fn mentioned(&self, text: &str) -> Result<Mentions, Error> {
        let mut named: Vec<Vec<String>> = Vec::new();
        let mut everyone = false;
        for mention in mentions(text) {
            if mention.is_everyone() {
                everyone = true;
                continue;
            }
            let readings: Vec<_> = mention.readings().map(str::to_ascii_lowercase).collect();
            if named.len() < limits::MENTIONS && !named.contains(&readings) {
                named.push(readings);
            }
        }
        let asked: Vec<_> = named.iter().flatten().cloned().collect();
        let known = self.store.users_named(&asked).await?;
        let ids: HashMap<_, _> = known.iter().map(|user| (&*user.username, user.id)).collect();
        let whose = |readings: Vec<String>| {
            readings.iter().filter_map(|name| ids.get(&**name)).copied().collect()
        };
        let people = named.into_iter().map(whose).collect();
        Ok(Mentions { everyone, people, known })
    }
}
