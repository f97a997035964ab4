//! What stands above the field while a message is answered or edited, and the way out of it.

use leptos::either::Either;
use leptos::prelude::*;

use super::menu::to_composer;
use super::rows::conversation_of;
use crate::client::{Client, use_client};
use crate::protocol::{ConversationId, Seq, Target};
use crate::ui::shared::quoted::Quoted;
use crate::ui::words::{td_string, words};

/// The bar; nothing where nothing is answered or edited.
#[component]
pub(super) fn Bar(target: Memo<Target>) -> impl IntoView {
    let words = words();
    let client = use_client();
    let about = move || {
        if editing(client, target.get()).is_some() {
            Some(Either::Left(view! { <strong>{td_string!(words, composer.editing)}</strong> }))
        } else {
            client.reply(target.get()).map(|quote| Either::Right(view! { <Quoted quote /> }))
        }
    };
    move || {
        about().map(|about| {
            let cancel = move |_| {
                leave(client, target.get_untracked());
                to_composer();
            };
            view! {
                <div class="bar">
                    <div class="quote">{about}</div>
                    <button type="button" class="quiet" on:click=cancel>
                        {td_string!(words, composer.cancel)}
                    </button>
                </div>
            }
        })
    }
}

/// The message that is being edited.
fn editing(client: Client, target: Target) -> Option<(ConversationId, Seq)> {
    let id = conversation_of(target)?;
    Some((id, client.edit(id)?.seq))
}

/// Answers and edits nothing any more; tells whether it did.
pub(super) fn leave(client: Client, target: Target) -> bool {
    if let Some((id, seq)) = untrack(|| editing(client, target)) {
        client.end_edit(id, seq);
        return true;
    }
    let answered = untrack(|| client.reply(target)).is_some();
    if answered {
        client.set_reply(target, None);
    }
    answered
}
