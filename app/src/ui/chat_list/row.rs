//! A row of the chat list.

use std::sync::Arc;

use leptos::prelude::*;

use crate::client::Client;
use crate::protocol::{
    Content, Conversation, ConversationId, ConversationKind, Message, Presence, PresenceStatus,
    Target, Timestamp, UserId, limits, text,
};
use crate::state::Status;
use crate::ui::route::{Address, Route, conversation_path};
use crate::ui::shared::civil::machine_readable;
use crate::ui::shared::naming::avatar_label;
use crate::ui::shared::notice::{sentence, typing};
use crate::ui::shared::presence::{dot, in_words};
use crate::ui::shared::summary::summary;
use crate::ui::shared::{Avatar, AvatarLabel, Clock, Icon, IconView, called};
use crate::ui::words::{Words, td_string, words};

/// What a row shows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ListRow {
    pub id: ConversationId,
    pub avatar: AvatarLabel,
    /// The other person's; empty in groups and Notes.
    pub username: String,
    lead: Lead,
    text: String,
    at: Timestamp,
    unread: u32,
    /// Someone has named the reader in what is unread.
    named: bool,
    /// The reader has marked it unread by hand.
    marked: bool,
    pinned: bool,
    muted: bool,
    pub archived: bool,
    failed: bool,
    current: bool,
    there: Option<Presence>,
    typing: bool,
}

/// What stands before the last message.
#[derive(Clone, Debug, PartialEq)]
enum Lead {
    Nothing,
    You,
    Draft,
    Sender(String),
}

/// The rows in their order; those in the archive come last.
pub(super) fn rows(client: Client, place: RwSignal<Address>, words: Words) -> Vec<ListRow> {
    let current = match place.with(|place| place.route) {
        Route::Talk(Target::Conversation(id)) => Some(id),
        _ => None,
    };
    let me = client.me().id;
    let mut rows = client.with_chats(|chats| {
        let row = |conversation: &&Conversation| {
            let (lead, text) = match &conversation.last_message {
                Some(message) => {
                    (lead(message, conversation, me, words), excerpt(message, me, words))
                }
                None => (Lead::Nothing, String::new()),
            };
            ListRow {
                id: conversation.id,
                avatar: avatar_label(conversation, words),
                username: conversation
                    .peer
                    .as_ref()
                    .map(|peer| peer.username.clone())
                    .unwrap_or_default(),
                lead,
                text,
                at: conversation.updated_at,
                unread: conversation.unread,
                named: conversation.mention_seq.is_some(),
                marked: conversation.marked_unread,
                pinned: conversation.pinned,
                muted: conversation.muted_until.is_some(),
                archived: conversation.archived,
                failed: false,
                current: current == Some(conversation.id),
                there: None,
                typing: false,
            }
        };
        let about = |chat: &&Conversation| {
            let peer = chat.peer.as_ref().map(|peer| peer.id);
            (row(chat), peer, chat.kind == ConversationKind::Group)
        };
        chats.ordered().iter().chain(&chats.archived()).map(about).collect::<Vec<_>>()
    });
    for (row, peer, is_group) in &mut rows {
        unsent(row, client);
        row.there = peer.and_then(|peer| client.presence(peer));
        let typists = client.typists(row.id);
        if !typists.is_empty() {
            row.typing = true;
            row.lead = Lead::Nothing;
            row.text = typing(&typists, *is_group, words);
        }
    }
    rows.into_iter().map(|(row, ..)| row).collect()
}

/// Puts rows in the order in which they stood; new ones go below. Without a sort, whose code for one
/// more type everyone would download.
pub(super) fn keep_order(rows: &mut [ListRow], before: &[ListRow]) {
    for row in before.iter().rev() {
        if let Some(at) = rows.iter().position(|other| other.id == row.id) {
            rows[..=at].rotate_right(1);
        }
    }
}

/// What is begun or on its way stands in the place of the last message.
fn unsent(row: &mut ListRow, client: Client) {
    let target = Target::Conversation(row.id);
    client.with_outbox(|outbox| {
        if let Some(entry) = outbox.of(target).next_back() {
            row.lead = Lead::You;
            row.text = text::excerpt(&entry.content, limits::EXCERPT);
        }
        row.failed = outbox.of(target).any(|entry| matches!(entry.status, Status::NotSent(_)));
    });
    let draft = client.draft(target);
    if !row.current && !draft.trim().is_empty() {
        row.lead = Lead::Draft;
        row.text = text::one_line(&draft, limits::EXCERPT);
    }
}

fn lead(message: &Message, conversation: &Conversation, me: UserId, words: Words) -> Lead {
    match (message.notice().is_some(), message.sender.id == me, conversation.kind) {
        (true, ..) => Lead::Nothing,
        // In Notes everything is one's own.
        (_, true, _)
            if conversation.peer.is_none() && conversation.kind != ConversationKind::Group =>
        {
            Lead::Nothing
        }
        (_, true, _) => Lead::You,
        (_, _, ConversationKind::Group) => Lead::Sender(called(&message.sender, words)),
        _ => Lead::Nothing,
    }
}

fn excerpt(message: &Message, me: UserId, words: Words) -> String {
    match &message.content {
        Content::System(notice) => sentence(notice, me, words),
        content => summary(content, words),
    }
}

/// What stands before the text, and the colon behind a name: it goes the way of the text, whichever way the
/// name goes.
fn lead_text(lead: &Lead, words: Words) -> Option<(String, &'static str)> {
    match lead {
        Lead::Nothing => None,
        Lead::You => Some((td_string!(words, chats.you).to_owned(), "")),
        Lead::Draft => Some((td_string!(words, chats.draft).to_owned(), "")),
        Lead::Sender(name) => Some((name.clone(), ":")),
    }
}

fn count(unread: u32, words: Words) -> String {
    if unread >= limits::UNREAD {
        td_string!(words, chats.unread_most).to_owned()
    } else {
        unread.to_string()
    }
}

/// What assistive technology reads: the name first, the unread count last.
fn label(row: &ListRow, time: &str, clock: Clock, words: Words) -> String {
    let mut label = row.avatar.name.clone();
    let there = row.there.filter(|there| there.status != PresenceStatus::Offline);
    let there = there.and_then(|there| in_words(there, clock, words));
    let lead = lead_text(&row.lead, words).map(|(lead, colon)| lead + colon);
    let sign = |shown: bool, name: &'static str| shown.then_some(name);
    for part in [
        there.as_deref(),
        lead.as_deref(),
        Some(&row.text),
        Some(time),
        sign(row.pinned, td_string!(words, chats.pinned)),
        sign(row.muted, td_string!(words, chats.muted)),
        sign(row.named, td_string!(words, chats.named)),
        sign(row.marked, td_string!(words, chats.marked)),
    ] {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            label.push_str(if label.ends_with(':') { " " } else { ", " });
            label.push_str(part);
        }
    }
    if row.unread > 0 {
        let unread = count(row.unread, words);
        label.push_str(&td_string!(words, chats.unread_suffix, count = unread));
    }
    label
}

/// The view of a row.
#[component]
pub(super) fn ListRowView(row: ArcRwSignal<Arc<ListRow>>) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let row = RwSignal::from(row);
    let row = move || row.get();
    let time = move || clock.short(row().at);
    let lead = move || {
        let lead = &row().lead;
        let class = if *lead == Lead::Draft { "draft" } else { "you" };
        let view = |(lead, colon): (String, &'static str)| view! { <span class=class><bdi>{lead}</bdi>{colon} " "</span> };
        lead_text(lead, words).map(view)
    };
    let side = move || {
        let row = row();
        let text = match row.unread {
            0 if row.marked => Some(String::new()),
            0 => None,
            unread => Some(count(unread, words)),
        };
        let failed =
            row.failed.then(|| view! { <span class="failed"><IconView icon=Icon::Alert /></span> });
        let unread =
            text.filter(|_| !row.failed).map(|text| view! { <span class="count">{text}</span> });
        (failed, unread)
    };
    let class = move || {
        let row = row();
        let fresh = if row.unread > 0 || row.marked { "row fresh" } else { "row" };
        let mut class = format!("{fresh} {}", dot(row.there));
        for (is, name) in [
            (row.typing, " typing"),
            (row.pinned, " pinned"),
            (row.muted, " muted"),
            (row.named, " named"),
            (row.marked && row.unread == 0, " marked"),
        ] {
            if is {
                class.push_str(name);
            }
        }
        class
    };
    view! {
        <a
            class=class
            href=move || conversation_path(row().id)
            aria-current=move || row().current.then_some("page")
            aria-label=move || label(&row(), &time(), clock, words)
        >
            <Avatar label=move || row().avatar.clone() />
            <span>
                <span class="name" dir="auto">
                    {move || row().avatar.name.clone()}
                </span>
                <span class="last" dir="auto">
                    {lead}
                    {move || row().text.clone()}
                </span>
            </span>
            <span class="side">
                <time datetime=move || machine_readable(row().at)>{time}</time>
                <span class="marks">{side}</span>
            </span>
        </a>
        <button
            type="button"
            class="round menu-button"
            aria-haspopup="menu"
            aria-label=td_string!(words, chats.actions)
        >
            <IconView icon=Icon::More />
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::{Lead, ListRow, keep_order};
    use crate::protocol::ConversationId;
    use crate::ui::shared::AvatarLabel;

    fn rows(ids: &[i64]) -> Vec<ListRow> {
        let row = |id: &i64| ListRow {
            id: ConversationId::new(*id),
            avatar: AvatarLabel::default(),
            username: String::new(),
            lead: Lead::Nothing,
            text: String::new(),
            at: 0,
            unread: 0,
            named: false,
            marked: false,
            pinned: false,
            muted: false,
            archived: false,
            failed: false,
            current: false,
            there: None,
            typing: false,
        };
        ids.iter().map(row).collect()
    }

    #[test]
    fn rows_stay_where_they_stood_and_new_ones_come_below() {
        for (now, before, kept) in [
            (&[3, 1, 2][..], &[1, 2, 3][..], &[1, 2, 3][..]),
            (&[9, 3, 8, 1, 2], &[1, 2, 3], &[1, 2, 3, 9, 8]),
            // What is gone leaves no gap.
            (&[4, 2], &[1, 2, 3, 4], &[2, 4]),
            (&[2, 1], &[], &[2, 1]),
        ] {
            let mut rows_now = rows(now);
            keep_order(&mut rows_now, &rows(before));
            assert_eq!(rows_now, rows(kept));
        }
    }
}
