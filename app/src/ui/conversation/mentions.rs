//! Naming members while one writes: `@` and the beginning of a name offer those whom it may mean.

use leptos::prelude::*;
use leptos::web_sys::Element;
use leptos::{ev, html, web_sys};

use super::field::write;
use super::rows::conversation_of;
use crate::client::Client;
use crate::protocol::text::begins_mention;
use crate::protocol::{ConversationId, ConversationKind, Target};
use crate::ui::shared::dom::pressed;

/// What is longer, in bytes, is no name.
const MAX_NAME_BYTES: usize = 64;

/// The beginning of a name.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    name: String,
    /// Where its `@` stands and where it ends, in the units in which browsers count.
    place: (u32, u32),
}

/// What is being named, and the list of those who may be meant, which the server renders.
#[derive(Clone, Copy)]
pub(super) struct Mentions {
    client: Client,
    target: Memo<Target>,
    field: NodeRef<html::Textarea>,
    /// What holds the list.
    pub list: NodeRef<html::Div>,
    asked: StoredValue<Option<Asked>>,
}

impl Mentions {
    /// Those of a field; nobody is named yet.
    pub fn new(client: Client, target: Memo<Target>, field: NodeRef<html::Textarea>) -> Self {
        let (list, asked) = (NodeRef::new(), StoredValue::new(None));
        Self { client, target, field, list, asked }
    }

    /// Something was typed: is it the beginning of a name?
    pub fn look(self, field: &web_sys::HtmlTextAreaElement) {
        let asked = standing(field);
        if self.asked.with_value(|before| *before == asked) {
            return;
        }
        self.asked.set_value(asked.clone());
        // What is offered is for what stood there before: no key takes it until there is an answer.
        self.select(None);
        match asked.zip(self.group()) {
            Some((asked, id)) => self.find(id, asked),
            None => self.show(""),
        }
    }

    /// In a private conversation there is nobody to choose from.
    fn group(self) -> Option<ConversationId> {
        let id = conversation_of(self.target.get_untracked())?;
        let row = untrack(|| self.client.conversation(id))?;
        (row.kind == ConversationKind::Group).then_some(id)
    }

    #[cfg(feature = "hydrate")]
    fn find(self, id: ConversationId, asked: Asked) {
        use crate::protocol::urls::encode;
        use crate::ui::route::mentions_path;

        leptos::task::spawn_local(async move {
            let path = format!("{}?name={}", mentions_path(id), encode(&asked.name));
            // Without an answer nobody is offered; the name can be typed.
            let html = crate::client::api::fragment(&path).await.unwrap_or_default();
            if self.asked.try_get_value().flatten() == Some(asked) {
                self.show(&html);
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    #[expect(clippy::unused_self, reason = "as in the browser")]
    fn find(self, _: ConversationId, _: Asked) {}

    /// Shows the list that the server has rendered; an empty one offers nobody.
    fn show(self, html: &str) {
        if let Some(list) = self.list.get_untracked() {
            list.set_inner_html(html);
            self.select(list.query_selector("li").ok().flatten());
        }
    }

    /// Nobody is offered any more.
    pub fn leave(self) {
        self.asked.set_value(None);
        self.show("");
    }

    /// The same; tells whether anyone was offered.
    fn close(self) -> bool {
        let list = self.list.get_untracked();
        let is_open = list.is_some_and(|list| list.first_element_child().is_some());
        if is_open {
            self.leave();
        }
        is_open
    }

    fn selected(self) -> Option<Element> {
        self.list.get_untracked()?.query_selector("[aria-selected=true]").ok()?
    }

    /// The field points to the entry that a key would choose.
    fn select(self, entry: Option<Element>) {
        // Names and values that are valid everywhere.
        if let Some(before) = self.selected() {
            let _ = before.set_attribute("aria-selected", "false");
        }
        let Some(field) = self.field.get_untracked() else { return };
        let _ = match entry {
            Some(entry) => {
                let _ = entry.set_attribute("aria-selected", "true");
                entry.scroll_into_view_with_bool(false);
                field.set_attribute("aria-activedescendant", &entry.id())
            }
            None => field.remove_attribute("aria-activedescendant"),
        };
    }

    /// Whether what is offered is for what stands at the caret now.
    fn is_answered(self) -> bool {
        let standing = self.field.get_untracked().and_then(|field| standing(&field));
        standing.is_some() && standing == self.asked.get_value()
    }

    /// What a key does while someone is offered; tells whether it did.
    pub fn on_key(self, key: &str) -> bool {
        if key == "Escape" {
            return self.close();
        }
        let Some(selected) = self.selected().filter(|_| self.is_answered()) else { return false };
        let parent = selected.parent_element();
        match key {
            "ArrowDown" => {
                let first = || parent?.first_element_child();
                self.select(selected.next_element_sibling().or_else(first));
            }
            "ArrowUp" => {
                let last = || parent?.last_element_child();
                self.select(selected.previous_element_sibling().or_else(last));
            }
            "Enter" | "Tab" => self.take(&selected),
            _ => return false,
        }
        true
    }

    /// A press on an entry takes it.
    pub fn on_press(self, press: &ev::MouseEvent) {
        if let Some(entry) = pressed(press, "li") {
            self.take(&entry);
        }
    }

    /// Writes someone's name in the place of its beginning.
    fn take(self, entry: &Element) {
        let name = entry.get_attribute("data-name");
        if let (Some(name), Some(asked), Some(field)) =
            (name, self.asked.get_value(), self.field.get_untracked())
        {
            write(&field, &format!("@{name} "), asked.place);
        }
        self.leave();
    }
}

/// The beginning of a name that ends at the caret of a field.
fn standing(field: &web_sys::HtmlTextAreaElement) -> Option<Asked> {
    let caret = field.selection_start().ok().flatten().unwrap_or_default();
    begun(&field.value(), caret)
}

/// The beginning of a name that ends at the caret: behind an `@` that begins a word.
fn begun(text: &str, caret: u32) -> Option<Asked> {
    let before = before(text, caret);
    let (ahead, name) = before.rsplit_once('@')?;
    let begins = begins_mention(ahead.chars().next_back());
    let could_be = name.len() <= MAX_NAME_BYTES && !name.contains(char::is_whitespace);
    (begins && could_be).then(|| Asked { name: name.to_owned(), place: (units(ahead), caret) })
}

/// The part of a text before a place that browsers count in units of UTF-16.
fn before(text: &str, caret: u32) -> &str {
    let mut passed = 0;
    for (at, sign) in text.char_indices() {
        if passed >= caret {
            return &text[..at];
        }
        passed += if sign.len_utf16() == 2 { 2 } else { 1 };
    }
    text
}

/// How long a text is for browsers.
fn units(text: &str) -> u32 {
    text.chars().map(|sign| if sign.len_utf16() == 2 { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::{Asked, begun};

    #[test]
    fn a_name_begins_behind_a_sign_that_begins_a_word() {
        for (text, name, place) in [
            ("@", "", (0, 1)),
            ("Hello @Me", "Me", (6, 9)),
            ("你好@om", "om", (2, 5)),
            ("(@o.k_-", "o.k_-", (1, 7)),
            ("🌿🌿 @林", "林", (5, 7)),
            ("@a @b", "b", (3, 5)),
        ] {
            let caret = text.encode_utf16().count().try_into().unwrap();
            let asked = Asked { name: name.to_owned(), place };
            assert_eq!(begun(text, caret), Some(asked), "{text}");
        }
        let long = format!("@{}", "a".repeat(100));
        for (text, caret) in [("", 0), ("mail@example", 12), ("@mei ", 5), ("x", 1), (&long, 101)] {
            assert_eq!(begun(text, caret), None, "{text}");
        }
        assert_eq!(begun("a @be c", 4).map(|asked| asked.name), Some("b".to_owned()));
    }
}
