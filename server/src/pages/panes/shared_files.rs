//! What was shared in a conversation, in its details: pictures, videos, files and voice messages, a tab each.

use app::protocol::urls::encode;
use app::protocol::{ConversationId, FileKind, ListPage, SharedFile};
use app::ui::route::message_path;
use app::ui::shared::{Clock, called};
use app::ui::words::{td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

use crate::pages::message_files::{OneFile, Tile};
use crate::pages::shared::part::Part;

/// The kinds, each with its name in an address, in the order of their tabs.
const KINDS: [(FileKind, &str); 4] = [
    (FileKind::Image, "image"),
    (FileKind::Video, "video"),
    (FileKind::File, "file"),
    (FileKind::Voice, "voice"),
];
/// The side of a picture among others, in CSS pixels.
const TILE: u32 = 120;

/// A page of what was shared.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedFiles {
    /// The conversation.
    pub conversation: ConversationId,
    /// The kind that is shown.
    pub kind: FileKind,
    /// What is shown of it, newest first.
    pub files: ListPage<SharedFile>,
}

/// The kind that an address names; pictures where it names none.
pub fn kind_of(name: Option<&str>) -> FileKind {
    KINDS
        .into_iter()
        .find(|(_, known)| Some(*known) == name)
        .map_or(FileKind::Image, |(kind, _)| kind)
}

/// The tabs, and what is in the one that is chosen.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub fn SharedFilesPart(
    /// What it shows.
    shared: SharedFiles,
    /// The path of the page that it stands on.
    path: String,
) -> impl IntoView {
    let words = words();
    let SharedFiles { conversation, kind, files } = shared;
    let named = |kind| match kind {
        FileKind::Image => td_string!(words, files.pictures),
        FileKind::Video => td_string!(words, files.videos),
        FileKind::File => td_string!(words, files.files),
        FileKind::Voice => td_string!(words, files.voices),
    };
    let address = |name: &str| format!("{path}?files={name}#shared");
    let tab = |(of, name): (FileKind, &'static str)| {
        view! {
            <a
                role="tab"
                id=format!("tab-{name}")
                href=address(name)
                aria-selected=if of == kind { "true" } else { "false" }
                aria-controls="shared-files"
            >
                {named(of)}
            </a>
        }
    };
    let tabs = KINDS.map(tab);
    let chosen = KINDS.into_iter().find(|(of, _)| *of == kind).map_or("image", |(_, name)| name);
    let more = files.next_cursor.as_ref().map(|cursor| {
        let address = format!("{path}?files={chosen}&files_from={}#shared", encode(cursor));
        view! { <a class="quiet" href=address>{td_string!(words, files.more)}</a> }
    });
    let content = if files.items.is_empty() {
        Either::Left(view! { <p class="hint">{td_string!(words, files.none_shared)}</p> })
    } else {
        let entries =
            files.items.into_iter().map(|shared| view! { <Entry conversation shared kind /> });
        Either::Right(view! { <ul class=format!("of-{chosen}")>{entries.collect_view()}</ul> })
    };
    view! {
        <Part name="shared" title=td_string!(words, files.shared)>
            <div class="choices" role="tablist" aria-label=td_string!(words, files.shared)>
                {tabs.collect_view()}
            </div>
            <div
                class="files shared-files"
                id="shared-files"
                role="tabpanel"
                aria-labelledby=format!("tab-{chosen}")
            >
                {content}
            </div>
            {more}
        </Part>
    }
}

#[component]
fn Entry(conversation: ConversationId, shared: SharedFile, kind: FileKind) -> impl IntoView {
    let words = words();
    let SharedFile { seq, file, sender, created_at } = shared;
    let about = format!("{}, {}", called(&sender, words), Clock::of_page().moment(created_at));
    let view = match kind {
        FileKind::Image | FileKind::Video => {
            let described = file.name.clone();
            Either::Left(view! { <Tile file described size=(TILE, TILE) /> })
        }
        FileKind::File | FileKind::Voice => Either::Right(view! { <OneFile file /> }),
    };
    view! {
        <li>
            {view}
            <a class="where" href=message_path(conversation, seq)>
                {about}
            </a>
        </li>
    }
}
