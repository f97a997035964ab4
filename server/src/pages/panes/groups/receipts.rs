//! `/c/{id}/info?m={seq}`: who holds a message, and who has seen it.

use app::protocol::{ConversationId, MessageReceipt, Seq};
use app::ui::route::{message_path, profile_path};
use app::ui::shared::{Avatar, AvatarLabel, called};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use super::Head;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipts {
    /// The conversation that the message is in.
    pub conversation: ConversationId,
    /// The position of the message.
    pub seq: Seq,
    /// The others, those who are furthest first.
    pub items: Vec<MessageReceipt>,
}

/// The page that tells how far the others are with a message.
#[component]
pub fn ReceiptsPage(
    /// What it shows.
    page: Receipts,
) -> impl IntoView {
    let words = words();
    let Receipts { conversation, seq, items } = page;
    let nobody = items
        .is_empty()
        .then(|| view! { <p class="hint">{td_string!(words, groups.no_receipts)}</p> });
    let entries: Vec<_> = items.into_iter().map(|receipt| view! { <Entry receipt /> }).collect();
    view! {
        <section class="settings">
            <Head back=message_path(conversation, seq) title=td_string!(words, groups.message_info).to_owned() />
            <div class="parts">
                <div class="part">
                    {nobody}
                    <ul class="devices" aria-label=td_string!(words, groups.message_info)>
                        {entries}
                    </ul>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Entry(receipt: MessageReceipt) -> impl IntoView {
    let words = words();
    let MessageReceipt { user, delivered, read } = receipt;
    let shown = called(&user, words);
    let avatar = AvatarLabel::of(&user, shown.clone());
    let state = match (read, delivered) {
        (true, _) => td_string!(words, talk.read),
        (false, true) => td_string!(words, talk.delivered),
        (false, false) => td_string!(words, groups.not_delivered),
    };
    view! {
        <li>
            <Avatar label=move || avatar.clone() />
            <a class="about" href=profile_path(user.id)>
                <strong dir="auto">{shown}</strong>
            </a>
            <span class="hint">{state}</span>
        </li>
    }
}
