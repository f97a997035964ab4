//! What stands above the field while a message is answered or edited, and the way out of it.

use leptos::either::Either;
use leptos::prelude::*;

use super::article::Quoted;
use super::menu::to_composer;
use crate::client::{Client, use_client};
use crate::protocol::{Seq, Target};
use crate::ui::words::{td_string, words};

/// The bar; nothing where nothing is answered or edited.
#[component]
pub(super) fn Bar(target: Memo<Target>, editing: RwSignal<Option<Seq>>) -> impl IntoView {
    let words = words();
    let client = use_client();
    let about = move || {
        if editing.get().is_some() {
            Some(Either::Left(view! { <strong>{td_string!(words, composer.editing)}</strong> }))
        } else {
            client.reply(target.get()).map(|quote| Either::Right(view! { <Quoted quote /> }))
        }
    };
    move || {
        about().map(|about| {
            let cancel = move |_| {
                leave(client, target.get_untracked(), editing);
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

/// Answers and edits nothing any more; tells whether it did.
pub(super) fn leave(client: Client, target: Target, editing: RwSignal<Option<Seq>>) -> bool {
    if editing.get_untracked().is_some() {
        editing.set(None);
        return true;
    }
    let answered = untrack(|| client.reply(target)).is_some();
    if answered {
        client.set_reply(target, None);
    }
    answered
}
