//! One message: its words, its time, and how it stands.

use leptos::prelude::*;

use super::rows::{Content, Row, RowSignal};
use crate::client::use_client;
use crate::protocol::Seq;
use crate::state::Delivery;
use crate::ui::shared::civil::machine_readable;
use crate::ui::shared::links::{Piece, pieces};
use crate::ui::shared::{Clock, Icon, Sign};
use crate::ui::sign_in::message;
use crate::ui::words::{Words, td_string, words};

/// A message, with the dividers that stand above it.
#[component]
pub(super) fn Article(row: ArcRwSignal<Row>) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let row = RowSignal::from(row);
    let day = Memo::new(move |_| row.with(|row| row.day.clone()));
    let new = Memo::new(move |_| row.with(|row| row.new));
    let first = Memo::new(move |_| row.with(|row| row.first));
    let content = Memo::new(move |_| row.with(|row| row.content.clone()));
    let delivery = Memo::new(move |_| row.with(|row| row.delivery));
    let at = Memo::new(move |_| row.with(|row| row.at));
    let mine = row.with_untracked(|row| row.mine);
    let time = move || clock.time(at.get());
    let label = move || {
        let name = row.with(|row| row.name.clone());
        td_string!(words, talk.article, name = name, time = time())
    };
    view! {
        {move || day.get().map(|day| view! { <div class="day">{day}</div> })}
        {move || {
            new.get().then(|| view! { <div class="new-line">{td_string!(words, talk.new)}</div> })
        }}
        <article
            class:mine=mine
            class:first=first
            id=move || row.with(|row| row.seq.map(article_id))
            aria-label=label
        >
            <div class="body">
                {move || body(&content.get(), words)}
                <span class="meta">
                    <time datetime=move || machine_readable(at.get())>{time}</time>
                    {move || delivery.get().map(|delivery| state(delivery, words))}
                </span>
            </div>
            {move || {
                (delivery.get() == Some(Delivery::NotSent)).then(|| view! { <Rescue row /> })
            }}
        </article>
    }
}

/// The element's id of the message at this position.
pub(super) fn article_id(seq: Seq) -> String {
    format!("m-{seq}")
}

fn body(content: &Content, words: Words) -> AnyView {
    match content {
        Content::Recalled => {
            view! { <span class="text gone">{td_string!(words, chats.recalled)}</span> }.into_any()
        }
        Content::Text(text) => {
            let parts: Vec<_> = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned().into_any(),
                    Piece::Link(link) => view! {
                        <a href=link.to_owned() target="_blank" rel="noopener noreferrer nofollow">
                            {link.to_owned()}
                        </a>
                    }
                    .into_any(),
                })
                .collect();
            view! { <span class="text" dir="auto">{parts}</span> }.into_any()
        }
    }
}

fn state(delivery: Delivery, words: Words) -> impl IntoView {
    let (icon, label, class) = match delivery {
        Delivery::Sending => (Icon::Clock, td_string!(words, talk.sending), "state"),
        Delivery::Sent => (Icon::Check, td_string!(words, talk.sent), "state"),
        Delivery::Delivered => (Icon::Checks, td_string!(words, talk.delivered), "state"),
        Delivery::Read => (Icon::Checks, td_string!(words, talk.read), "state read"),
        Delivery::NotSent => (Icon::Alert, td_string!(words, talk.not_sent), "state failed"),
    };
    view! {
        <span class=class role="img" aria-label=label>
            <Sign icon />
        </span>
    }
}

/// What can be done about a message that was not sent.
#[component]
fn Rescue(row: RowSignal) -> impl IntoView {
    let words = words();
    let client = use_client();
    let why = move || {
        row.with(|row| match &row.failure {
            Some(error) => message(error, words),
            None => td_string!(words, talk.not_sent),
        })
    };
    let id = move || row.with_untracked(|row| row.client_id.clone());
    view! {
        <div class="rescue">
            <span class="why">{why}</span>
            <button type="button" on:click=move |_| client.retry(&id())>
                {td_string!(words, talk.retry)}
            </button>
            <button type="button" on:click=move |_| client.delete(&id())>
                {td_string!(words, talk.delete)}
            </button>
        </div>
    }
}
