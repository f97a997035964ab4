//! The rows, what stands in their place where there are none, and the way to the archive.

use leptos::either::EitherOf3;
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::JsCast;

use super::menu::Menus;
use super::row::{ListRow, ListRowView};
use crate::client::use_client;
use crate::protocol::ConversationId;
use crate::ui::location::Location;
use crate::ui::overlays::Overlays;
use crate::ui::shared::dom::focus;
use crate::ui::shared::keyed::Keyed;
use crate::ui::shared::{Icon, IconView};
use crate::ui::words::{Words, td_string, words};

/// The rows of the list, and what stands below them.
#[component]
pub(super) fn List(
    shown: Memo<Keyed<ConversationId, ListRow>>,
    /// Under a mouse the order stands still, so that a click meets what it was aimed at.
    held: RwSignal<bool>,
    /// All rows, whatever the filter says.
    ordered: Memo<Vec<ListRow>>,
    /// The cursor of the rows that did not come with the page.
    older: Option<String>,
    /// Whether the archive is shown.
    in_archive: RwSignal<bool>,
) -> impl IntoView {
    let words = words();
    let (client, overlays) = (use_client(), Overlays::of_page());
    let menus = Menus { client, overlays, location: Location::of_page(), words };
    let without_script = without_script(older, in_archive.get_untracked(), words);
    let nothing = move || {
        shown.with(Vec::is_empty).then(|| {
            if ordered.with(Vec::is_empty) {
                EitherOf3::A(view! {
                    <div class="blank">
                        <h2>{td_string!(words, chats.none_title)}</h2>
                        <p>{td_string!(words, chats.none_text)}</p>
                        <a class="solid" href="/new">
                            {td_string!(words, chats.start)}
                        </a>
                    </div>
                })
            } else if in_archive.get() {
                EitherOf3::B(
                    view! { <p class="blank">{td_string!(words, chats.none_archived)}</p> },
                )
            } else {
                EitherOf3::C(view! { <p class="blank">{td_string!(words, chats.none_match)}</p> })
            }
        })
    };
    let has_archive = move || ordered.with(|rows| rows.iter().any(|row| row.archived));
    // A row that moves loses the focus to the page; then it has it again.
    let focused = StoredValue::new_local(None::<Element>);
    Effect::new(move |_| {
        shown.track();
        request_animation_frame(move || {
            let active = document().active_element();
            if active.is_none_or(|active| active.tag_name() == "BODY") {
                focus(focused.try_get_value().flatten().filter(|element| element.is_connected()));
            }
        });
    });
    let hold_focus = move |entered: ev::FocusEvent| {
        focused.set_value(entered.target().and_then(|target| target.dyn_into().ok()));
    };
    let come_over = move |over: ev::PointerEvent| held.set(over.pointer_type() == "mouse");
    view! {
        <div
            class="rows"
            on:focusin=hold_focus
            on:pointerdown=move |_| focused.set_value(None)
            on:pointerenter=come_over
            on:pointerleave=move |_| held.set(false)
            on:click=move |press| menus.on_press(&press)
            on:contextmenu=move |press| menus.on_press(&press)
        >
            {move || in_archive.get().then(|| view! { <Shelf in_archive /> })}
            <ul>
                <For each=move || shown.get() key=|(id, _)| *id let:entry>
                    <li>
                        <ListRowView row=entry.1 />
                    </li>
                </For>
            </ul>
            <div class="found"></div>
            {nothing}
            {move || {
                (!in_archive.get() && has_archive()).then(|| view! { <Shelf in_archive /> })
            }}
            <noscript inner_html=without_script></noscript>
        </div>
    }
}

/// The ways on for who has no script; with it the rest comes by itself, and hydration leaves what stands here as it is.
#[cfg(feature = "ssr")]
fn without_script(older: Option<String>, in_archive: bool, words: Words) -> String {
    let path = if in_archive { "?archived=1&" } else { "?" };
    let older = older.map(|cursor| {
        let path = format!("{path}chats={}", crate::protocol::urls::encode(&cursor));
        view! {
            <a class="more" href=path>
                {td_string!(words, chats.older)}
            </a>
        }
        .to_html()
    });
    let archive = (!in_archive).then(|| {
        view! {
            <a class="shelf" href="/?archived=1">
                <IconView icon=Icon::Archive />
                {td_string!(words, chats.archived)}
            </a>
        }
        .to_html()
    });
    older.unwrap_or_default() + &archive.unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn without_script(_: Option<String>, _: bool, _: Words) -> &'static str {
    ""
}

/// The way into the archive, or out of it.
#[component]
fn Shelf(in_archive: RwSignal<bool>) -> impl IntoView {
    let words = words();
    let (icon, path, text) = if in_archive.get_untracked() {
        (Icon::Back, "/", td_string!(words, chats.back))
    } else {
        (Icon::Archive, "/?archived=1", td_string!(words, chats.archived))
    };
    // The list turns where it is, whatever stands beside it.
    let turn = move |click: ev::MouseEvent| {
        if click.ctrl_key() || click.meta_key() || click.shift_key() {
            return;
        }
        click.prevent_default();
        in_archive.update(|within| *within = !*within);
        // What was pressed is gone; the way back stands elsewhere.
        request_animation_frame(|| focus(document().query_selector(".shelf").ok().flatten()));
    };
    view! {
        <a class="shelf" href=path on:click=turn>
            <IconView icon />
            {text}
        </a>
    }
}
