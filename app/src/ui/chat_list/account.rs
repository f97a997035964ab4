//! The account menu: a popover of the platform, which opens without any script.

use leptos::ev;
use leptos::prelude::*;

use crate::client::use_client;
use crate::protocol::ApiError;
use crate::ui::leaving;
use crate::ui::shared::errors::message;
use crate::ui::shared::{Avatar, Face};
use crate::ui::shortcuts;
use crate::ui::words::{td_string, words};

const ID: &str = "account-menu";

/// Who is signed in, and logging out.
#[component]
pub(super) fn AccountMenu() -> impl IntoView {
    let words = words();
    let client = use_client();
    let me = client.me();
    let face = Face { name: me.nickname.clone(), id: me.id.get() };
    let failed = RwSignal::new(None::<ApiError>);
    let log_out = move |submit: ev::SubmitEvent| {
        leaving::log_out(client, words, &submit, move |error| failed.set(Some(error)));
    };
    let refusal = move |error| view! { <p class="alert" role="alert">{message(&error, words)}</p> };
    view! {
        <button class="round" type="button" popovertarget=ID aria-label=td_string!(words, account.button)>
            <Avatar face=move || face.clone() small=true />
        </button>
        <div class="account" id=ID popover="auto">
            <p class="who">
                <strong dir="auto">{me.nickname}</strong>
                <span>"@" {me.username}</span>
            </p>
            <form method="post" action="/logout" on:submit=log_out>
                {move || failed.get().map(refusal)}
                <div role="menu" aria-label=td_string!(words, account.button)>
                    <a role="menuitem" href="/contacts" autofocus>
                        {td_string!(words, account.contacts)}
                    </a>
                    <a role="menuitem" href="/settings">
                        {td_string!(words, account.settings)}
                    </a>
                    <button class="with-keys" role="menuitem" type="button" popovertarget=shortcuts::ID>
                        {td_string!(words, account.shortcuts)}
                    </button>
                    <button role="menuitem">{td_string!(words, account.log_out)}</button>
                </div>
            </form>
        </div>
    }
}
