//! One message: its words, its time, and how it stands.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use super::rows::{Content, Row};
use crate::client::use_client;
use crate::protocol::{ClientId, Seq};
use crate::state::Delivery;
use crate::ui::shared::civil::machine_readable;
use crate::ui::shared::errors::message;
use crate::ui::shared::links::{Piece, pieces};
use crate::ui::shared::{Clock, Icon, Sign};
use crate::ui::words::{Words, td_string, words};

/// A message, with the dividers that stand above it.
#[component]
pub(super) fn Article(row: ArcRwSignal<Arc<Row>>) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let row = RwSignal::from(row);
    let mine = row.get_untracked().mine;
    let row = move || row.get();
    let time = move || clock.time(row().at);
    let label = move || td_string!(words, talk.article, name = row().name.clone(), time = time());
    let day = move || row().day.clone().map(|day| view! { <div class="day">{day}</div> });
    let new = move || {
        row().new.then(|| view! { <div class="new-line">{td_string!(words, talk.new)}</div> })
    };
    let delivery = move || row().delivery.map(|delivery| state(delivery, words));
    let rescue = move || {
        let row = row();
        let rescue = || view! { <Rescue client_id=row.client_id.clone() why=why(&row, words) /> };
        (row.delivery == Some(Delivery::NotSent)).then(rescue)
    };
    view! {
        {day}
        {new}
        <article
            class:mine=mine
            class:first=move || row().first
            id=move || row().seq.map(article_id)
            aria-label=label
        >
            <div class="body" dir="auto">
                {move || body(&row().content, words)}
                <span class="meta">
                    <time datetime=move || machine_readable(row().at)>{time}</time>
                    {delivery}
                </span>
            </div>
            {rescue}
        </article>
    }
}

/// The element's id of the message at this position.
pub(super) fn article_id(seq: Seq) -> String {
    format!("m-{seq}")
}

fn body(content: &Content, words: Words) -> impl IntoView + use<> {
    match content {
        Content::Recalled => Either::Left(view! {
            <span class="text gone">{td_string!(words, chats.recalled)}</span>
        }),
        Content::Text(text) => {
            let parts: Vec<_> = pieces(text).into_iter().map(part).collect();
            Either::Right(view! { <span class="text">{parts}</span> })
        }
    }
}

fn part(piece: Piece<'_>) -> impl IntoView + use<> {
    match piece {
        Piece::Text(text) => Either::Left(text.to_owned()),
        Piece::Link(link) => {
            let (href, link) = (link.to_owned(), link.to_owned());
            Either::Right(view! {
                <a href=href target="_blank" rel="noopener noreferrer nofollow">
                    {link}
                </a>
            })
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

fn why(row: &Row, words: Words) -> &'static str {
    match &row.failure {
        Some(error) => message(error, words),
        None => td_string!(words, talk.not_sent),
    }
}

/// What can be done about a message that was not sent.
#[component]
fn Rescue(client_id: ClientId, why: &'static str) -> impl IntoView {
    let words = words();
    let client = use_client();
    let again = client_id.clone();
    view! {
        <div class="rescue">
            <span class="why">{why}</span>
            <button type="button" on:click=move |_| client.retry(&again)>
                {td_string!(words, talk.retry)}
            </button>
            <button type="button" on:click=move |_| client.delete(&client_id)>
                {td_string!(words, talk.delete)}
            </button>
        </div>
    }
}
