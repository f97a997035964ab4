//! One message: its words, its time, and how it stands.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use super::content::{content, notice};
use super::rows::ArticleRow;
use crate::client::use_client;
use crate::protocol::{ClientId, Content, ConversationId, Reaction, Seq};
use crate::state::Delivery;
use crate::ui::route::message_path;
use crate::ui::shared::avatar::hue;
use crate::ui::shared::civil::machine_readable;
use crate::ui::shared::errors::message;
use crate::ui::shared::quoted::Quoted;
use crate::ui::shared::{Avatar, AvatarLabel, Clock, Icon, IconView, within};
use crate::ui::words::{Words, td_string, words};

/// A message, with the dividers that stand above it.
#[component]
pub(super) fn Article(
    row: ArcRwSignal<Arc<ArticleRow>>,
    /// The conversation, once there is one.
    id: Option<ConversationId>,
) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let row = RwSignal::from(row);
    // What the server tells stays what it is.
    let is_notice = matches!(row.get_untracked().content, Content::System(_));
    let row = move || row.get();
    let time = move || clock.time(row().at);
    let label = move || td_string!(words, talk.article, name = within(&row().name), time = time());
    let day = move || row().day.clone().map(|day| view! { <div class="day">{day}</div> });
    let new = move || {
        row().new.then(|| view! { <div class="new-line">{td_string!(words, talk.new)}</div> })
    };
    let class = move || {
        let row = row();
        let side = match (is_notice, row.mine, row.signed) {
            (true, ..) => "notice",
            (_, true, _) => "mine",
            (_, _, true) => "signed",
            _ => "",
        };
        if row.first { format!("first {side}") } else { side.to_owned() }
    };
    let inside = if is_notice {
        Either::Left(notice(row, use_client().me().id, words))
    } else {
        Either::Right(bubble(row, id, clock, words))
    };
    view! {
        {day}
        {new}
        <article class=class id=move || row().seq.map(article_id) aria-label=label>
            {inside}
        </article>
    }
}

/// What someone wrote, and what stands around it.
fn bubble(
    row: impl Fn() -> Arc<ArticleRow> + Copy + Send + Sync + 'static,
    id: Option<ConversationId>,
    clock: Clock,
    words: Words,
) -> impl IntoView {
    let client = use_client();
    let me = client.me();
    let time = move || clock.time(row().at);
    let delivery = move || row().delivery.map(|delivery| state(delivery, words));
    let edited = move || row().edited.then(|| td_string!(words, talk.edited));
    let rescue = move || {
        let row = row();
        let rescue = || view! { <Rescue client_id=row.client_id.clone() why=why(&row, words) /> };
        (row.delivery == Some(Delivery::NotSent)).then(rescue)
    };
    let body = move || content(&row(), id, me.id, words);
    let reactions = move || {
        let row = row();
        let chip = |reaction: &Reaction| id.zip(row.seq).map(|(id, seq)| chip(reaction, id, seq));
        let chips = || row.reactions.iter().map(chip).collect::<Vec<_>>();
        (!row.reactions.is_empty()).then(|| view! { <div class="reactions">{chips()}</div> })
    };
    // What was sent and still stands can be acted upon: one menu serves all (see `menu`).
    let actions = move || {
        let row = row();
        let has_actions = row.seq.is_some() && !matches!(row.content, Content::Recalled(_));
        has_actions.then(|| {
            view! {
                <button
                    type="button"
                    class="round menu-button"
                    aria-haspopup="menu"
                    aria-label=td_string!(words, talk.actions)
                >
                    <IconView icon=Icon::More />
                </button>
            }
        })
    };
    view! {
        {move || above(&row(), id, words)}
        <div class="body" dir="auto">
            {body}
            <span class="meta">
                {edited}
                <time datetime=move || machine_readable(row().at)>{time}</time>
                {delivery}
            </span>
        </div>
        {reactions}
        {rescue}
        {actions}
    }
}

/// Who wrote it, whose words it carries on, and what it answers.
fn above(row: &ArticleRow, id: Option<ConversationId>, words: Words) -> impl IntoView + use<> {
    let signature = (row.signed && row.first).then(|| {
        let avatar =
            AvatarLabel { name: row.name.clone(), id: row.sender.get(), url: row.avatar.clone() };
        let class = format!("author hue-{}", hue(avatar.id));
        let name = avatar.name.clone();
        view! {
            <Avatar label=move || avatar.clone() small=true />
            <strong class=class dir="auto">
                {name}
            </strong>
        }
    });
    let forwarded = row.forwarded.as_ref().map(|name| {
        view! { <p class="forwarded">{td_string!(words, talk.forwarded, name = within(name))}</p> }
    });
    let quote = row.quote.as_ref().map(|quote| {
        let path = id.map(|id| message_path(id, quote.seq));
        view! {
            <a class="quote" href=path>
                <Quoted quote=quote.clone() />
            </a>
        }
    });
    (signature, forwarded, quote)
}

/// A reaction; pressed, the reader's own is put there or taken away.
fn chip(reaction: &Reaction, id: ConversationId, seq: Seq) -> impl IntoView + use<> {
    let client = use_client();
    let Reaction { emoji, count, mine } = reaction.clone();
    let shown = emoji.clone();
    let pressed = if mine == Some(true) { "true" } else { "false" };
    view! {
        <button
            type="button"
            aria-pressed=pressed
            on:click=move |_| client.react(id, seq, &emoji)
        >
            {shown}
            " "
            {count}
        </button>
    }
}

/// The element's id of the message at this position.
pub(super) fn article_id(seq: Seq) -> String {
    format!("m-{seq}")
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
            <IconView icon />
        </span>
    }
}

fn why(row: &ArticleRow, words: Words) -> &'static str {
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
