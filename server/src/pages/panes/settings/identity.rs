//! Who one is here: nickname, what others may know, password, logging out, deleting the account.
//!
//! A form with a field that may be refused posts to an address without an anchor, for browsers do not
//! focus a field where the address has one.

use app::protocol::{ErrorKind, User};
use app::ui::shared::AvatarLabel;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use crate::pages::shared::avatar_form::{AvatarForm, AvatarOwner};
use crate::pages::shared::part::{Field, Outcome, Part};

#[component]
pub(super) fn Nickname(user: User, outcome: Outcome) -> impl IntoView {
    let words = words();
    let failed = outcome.failed("nickname");
    let invalid = failed.is_some();
    let value = failed.map_or(user.nickname.clone(), |failed| failed.values.nickname.clone());
    let label = AvatarLabel::of(&user, user.nickname.clone());
    let about_avatar = outcome.clone();
    view! {
        <Part
            name="nickname"
            title=td_string!(words, settings.profile)
            done=td_string!(words, settings.saved)
            outcome
        >
            <AvatarForm owner=AvatarOwner::Viewer label outcome=about_avatar>
                <p>
                    <strong dir="auto">{user.nickname}</strong>
                    <span>"@" {user.username}</span>
                </p>
            </AvatarForm>
            <form method="post" action="/settings/nickname">
                <Field
                    id="nickname-field"
                    name="nickname"
                    kind="text"
                    label=td_string!(words, settings.nickname)
                    hint=td_string!(words, settings.nickname_hint)
                    value
                    autocomplete="nickname"
                    invalid
                />
                <button class="solid">{td_string!(words, settings.save)}</button>
            </form>
        </Part>
    }
}

#[component]
pub(super) fn Privacy(shown: bool, outcome: Outcome) -> impl IntoView {
    let words = words();
    view! {
        <Part
            name="privacy"
            title=td_string!(words, settings.privacy)
            done=td_string!(words, settings.saved)
            outcome
        >
            <form method="post" action="/settings/privacy#privacy">
                <label class="check">
                    <input
                        type="checkbox"
                        name="show_last_seen"
                        value="true"
                        checked=shown
                        aria-describedby="last-seen-hint"
                    />
                    {td_string!(words, settings.show_last_seen)}
                </label>
                <p class="hint" id="last-seen-hint">
                    {td_string!(words, settings.show_last_seen_hint)}
                </p>
                <button class="solid">{td_string!(words, settings.save)}</button>
            </form>
        </Part>
    }
}

#[component]
pub(super) fn Password(username: String, outcome: Outcome) -> impl IntoView {
    let words = words();
    let wrong = outcome.failed("password").map(|failed| failed.error.kind);
    view! {
        <Part
            name="password"
            title=td_string!(words, settings.password)
            done=td_string!(words, settings.password_done)
            outcome
        >
            <form method="post" action="/settings/password">
                // For password managers.
                <input type="hidden" name="username" value=username autocomplete="username" />
                <Field
                    id="old-field"
                    name="old"
                    label=td_string!(words, settings.old)
                    autocomplete="current-password"
                    invalid=wrong == Some(ErrorKind::BadCredentials)
                />
                <Field
                    id="new-field"
                    name="new"
                    label=td_string!(words, settings.new)
                    hint=td_string!(words, settings.new_hint)
                    autocomplete="new-password"
                    invalid=wrong == Some(ErrorKind::Validation)
                />
                <button class="solid">{td_string!(words, settings.change_password)}</button>
            </form>
        </Part>
    }
}

#[component]
pub(super) fn Leave() -> impl IntoView {
    let words = words();
    view! {
        <Part name="leave" title=td_string!(words, settings.leave)>
            <p class="hint">{td_string!(words, settings.leave_hint)}</p>
            <form method="post" action="/logout">
                <button class="quiet">{td_string!(words, menu.log_out)}</button>
            </form>
        </Part>
    }
}

#[component]
pub(super) fn Delete(outcome: Outcome) -> impl IntoView {
    let words = words();
    let invalid = outcome.failed("delete").is_some();
    view! {
        <Part name="delete" title=td_string!(words, settings.delete_title) outcome>
            <p class="hint" id="delete-hint">
                {td_string!(words, settings.delete_hint)}
            </p>
            <form method="post" action="/settings/delete">
                <Field
                    id="confirm-field"
                    name="password"
                    label=td_string!(words, settings.confirm)
                    described="delete-hint"
                    autocomplete="off"
                    invalid
                />
                <button class="quiet danger">{td_string!(words, settings.delete)}</button>
            </form>
        </Part>
    }
}
