//! Searching for people while one types: the server renders who is found.

use leptos::prelude::*;
use leptos::web_sys::Element;

use crate::ui::words::{counted, words};

/// A search, and where its results stand.
#[derive(Clone, Copy)]
pub struct Search {
    /// What holds the results, as a selector.
    holder: &'static str,
    latest: StoredValue<u32>,
    /// Which of the searches the results are of.
    answered: StoredValue<u32>,
    /// Which of them is to lead to its first result at once.
    hurried: StoredValue<u32>,
    /// How many were found, once they stand there.
    count: RwSignal<Option<usize>>,
    /// Where who is found comes from, up to what is searched for.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "browsers ask"))]
    path: &'static str,
}

impl Search {
    /// The search of its own page.
    #[must_use]
    pub fn of_people() -> Self {
        Self::new("/people?query=", ".people .results")
    }

    /// The one that goes along with the chat list's filter.
    #[must_use]
    pub fn below_chats() -> Self {
        Self::new("/people?below_chats=true&query=", ".rows .found")
    }

    fn new(path: &'static str, holder: &'static str) -> Self {
        Self {
            holder,
            latest: StoredValue::new(0),
            answered: StoredValue::new(0),
            hurried: StoredValue::new(0),
            count: RwSignal::new(None),
            path,
        }
    }

    /// Searches once typing pauses; `then` hears when the results stand there. Of several searches the
    /// last one counts.
    #[cfg(feature = "hydrate")]
    pub fn ask(self, query: String, then: impl FnOnce() + 'static) {
        use crate::ui::shared::errors::message;

        let words = words();
        self.latest.update_value(|latest| *latest += 1);
        let mine = self.latest.get_value();
        leptos::task::spawn_local(async move {
            gloo_timers::future::TimeoutFuture::new(TYPING_PAUSE_MS).await;
            let is_last = || self.latest.try_get_value() == Some(mine);
            if !is_last() {
                return;
            }
            let path = format!("{}{}", self.path, crate::protocol::urls::encode(query.trim()));
            let found = crate::client::api::fragment(&path).await;
            let results = self.results().filter(|_| is_last());
            match (results, found) {
                (Some(results), Ok(html)) => {
                    results.set_inner_html(&html);
                    self.answered.set_value(mine);
                    then();
                    // It may have led away.
                    if is_last() {
                        let found = results.query_selector_all("a");
                        self.count.set(Some(found.map_or(0, |all| all.length() as usize)));
                    }
                }
                (Some(results), Err(error)) => {
                    results.set_text_content(Some(message(&error, words)));
                }
                (None, _) => {}
            }
        });
    }

    /// What holds the results.
    #[must_use]
    pub fn results(self) -> Option<Element> {
        document().query_selector(self.holder).ok().flatten()
    }

    /// How many were found, once they stand there.
    #[must_use]
    pub fn count(self) -> Option<usize> {
        self.count.get()
    }

    /// Where the first result leads, of what was searched for last; while that is not answered, the search hurries.
    #[must_use]
    pub fn first(self) -> Option<String> {
        let latest = self.latest.get_value();
        if self.answered.get_value() != latest {
            self.hurried.set_value(latest);
            return None;
        }
        self.results()?.query_selector("a").ok()??.get_attribute("href")
    }

    /// Whether somebody has asked for the first result before it was there.
    #[must_use]
    pub fn is_hurried(self) -> bool {
        self.hurried.get_value() == self.latest.get_value()
    }

    /// Says how many were found, and with them `beside`, to those who do not see it.
    pub fn announce(self, beside: impl Fn() -> usize + Send + Sync + 'static) -> impl IntoView {
        let words = words();
        let text = move || {
            let found = self.count.get()? + beside();
            Some(counted!(words, found, chats.found))
        };
        view! {
            <div class="unseen" role="status">
                {text}
            </div>
        }
    }

    /// Nothing is searched for any more.
    pub fn clear(self) {
        self.latest.update_value(|latest| *latest += 1);
        self.count.set(None);
        if let Some(results) = self.results() {
            results.set_inner_html("");
        }
    }

    /// On the server nobody types.
    #[cfg(not(feature = "hydrate"))]
    pub fn ask(self, _: String, _: impl FnOnce() + 'static) {}
}

/// How long typing must pause before a search.
#[cfg(feature = "hydrate")]
const TYPING_PAUSE_MS: u32 = 150;
