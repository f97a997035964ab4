//! The account menu: who is signed in, and where that leads. It works without any script.

use app::protocol::User;
use app::ui::overlays::ACCOUNT;
use app::ui::shortcuts;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// The menu; the form by which one leaves is attended to by `ui::leaving`.
#[component]
pub(super) fn AccountMenu(
    /// Who is signed in.
    me: User,
) -> impl IntoView {
    let words = words();
    view! {
        <div class="account" id=ACCOUNT popover="auto">
            <p class="who">
                <strong dir="auto">{me.nickname}</strong>
                <span>"@" {me.username}</span>
            </p>
            <form method="post" action="/logout">
                <div role="menu" aria-label=td_string!(words, account.button)>
                    <a role="menuitem" href="/contacts" autofocus>
                        {td_string!(words, menu.contacts)}
                    </a>
                    <a role="menuitem" href="/reminders">
                        {td_string!(words, menu.reminders)}
                    </a>
                    <a role="menuitem" href="/settings">
                        {td_string!(words, menu.settings)}
                    </a>
                    <button class="with-keys" role="menuitem" type="button" popovertarget=shortcuts::ID>
                        {td_string!(words, menu.shortcuts)}
                    </button>
                    <button role="menuitem">{td_string!(words, menu.log_out)}</button>
                </div>
            </form>
        </div>
    }
}
