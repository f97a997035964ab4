//! The people whom this page has heard of, for a conversation that does not exist yet.

use leptos::prelude::*;
use litemap::LiteMap;

use crate::protocol::{User, UserId};

/// People by id. Lies in the context.
#[derive(Clone, Copy)]
pub struct Persons(RwSignal<LiteMap<UserId, User>>);

impl Persons {
    /// Puts an empty collection into the context.
    pub fn provide() -> Self {
        let persons = Self(RwSignal::default());
        provide_context(persons);
        persons
    }

    /// The collection of this page.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }

    /// The person with this id, if known.
    #[must_use]
    pub fn get(self, id: UserId) -> Option<User> {
        self.0.with(|persons| persons.get(&id).cloned())
    }

    /// Asks the server for someone, in the browser; where there is nobody, for the page that says so.
    #[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "browsers do this"))]
    pub fn ask(self, id: UserId) {
        #[cfg(feature = "hydrate")]
        leptos::task::spawn_local(async move {
            match crate::client::api::user(id).await {
                Ok(user) => self.learn(user),
                Err(error) if error.kind == crate::protocol::ErrorKind::NotFound => {
                    // A refused reload leaves the page as it is.
                    let _ = window().location().reload();
                }
                // Asked again when the connection is back.
                Err(_) => {}
            }
        });
    }

    /// Remembers a person.
    pub fn learn(self, user: User) {
        self.0.update(|persons| {
            persons.insert(user.id, user);
        });
    }
}
