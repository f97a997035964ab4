//! `/c/{id}/info`: what there is to know and to set about a group. Its forms all go to its own
//! address, each with the name of its part.

use app::protocol::{Conversation, History, MAX_INTEGER, Role};
use app::ui::route::{conversation_path, info_path};
use app::ui::shared::{Avatar, AvatarLabel, Clock};
use app::ui::words::{td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

use super::members::Members;
use super::picker::Picker;
use super::settings::Access;
use super::{GroupInfo, Head};
use crate::pages::panes::shared_files::SharedFilesPart;
use crate::pages::shared::avatar_form::{AVATAR, AvatarForm, AvatarOwner};
use crate::pages::shared::choice::choice;
use crate::pages::shared::part::{Field, Outcome, Part, reason};

/// The page about a group.
#[component]
pub fn GroupInfoPage(
    /// What it shows.
    page: GroupInfo,
) -> impl IntoView {
    let words = words();
    let admin = page.conversation.role.is_some_and(|role| role != Role::Member);
    let outcome = Outcome { done: page.done.clone(), failed: page.failed.clone() };
    // What was refused is told where its form is, or would be.
    let elsewhere = page.failed.as_ref().filter(|failed| {
        let shown = ["name", "members", "mute", "access", "leave"];
        let to_admins = ["add", AVATAR];
        let part = failed.values.part.as_str();
        !(admin && to_admins.contains(&part) || shown.contains(&part))
    });
    let alert = elsewhere.map(|failed| {
        view! { <p class="alert" role="alert">{reason(&failed.error, words)}</p> }
    });
    let title = page.conversation.name.clone();
    let add = admin.then(|| view! { <Add page=page.clone() outcome=outcome.clone() /> });
    view! {
        <section class="settings">
            <Head back=conversation_path(page.conversation.id) title />
            <div class="parts">
                {alert} <Name page=page.clone() admin outcome=outcome.clone() />
                <Members page=page.clone() outcome=outcome.clone() /> {add}
                <SharedFilesPart shared=page.shared.clone() path=info_path(page.conversation.id) />
                <Mute page=page.clone() outcome=outcome.clone() />
                <Set page=page.clone() admin outcome=outcome.clone() /> <Leave page outcome />
            </div>
        </section>
    }
}

#[component]
fn Name(page: GroupInfo, admin: bool, outcome: Outcome) -> impl IntoView {
    let words = words();
    let GroupInfo { conversation, typed, .. } = page;
    let refused = outcome.failed("name").is_some();
    let name = conversation.name.clone();
    let value = typed.filter(|_| refused).unwrap_or_else(|| name.clone());
    let label = AvatarLabel {
        name: name.clone(),
        id: conversation.id.get(),
        url: conversation.avatar_url.clone(),
    };
    let titled = view! {
        <p>
            <strong dir="auto">{name}</strong>
        </p>
    };
    let picture = if admin {
        let (owner, outcome) = (AvatarOwner::Group(conversation.id), outcome.clone());
        Either::Left(view! {
            <AvatarForm owner label outcome>
                {titled}
            </AvatarForm>
        })
    } else {
        Either::Right(view! {
            <div class="self">
                <Avatar label=move || label.clone() />
                {titled}
            </div>
        })
    };
    let form = admin.then(|| {
        view! {
            <form method="post" action=info_path(conversation.id)>
                <input type="hidden" name="part" value="name" />
                <Field
                        id="group-name"
                        name="name"
                        kind="text"
                        label=td_string!(words, groups.name)
                        value=value
                        autocomplete="off"
                        invalid=refused
                    />
                <button class="solid">{td_string!(words, settings.save)}</button>
            </form>
        }
    });
    view! {
        <Part
            name="name"
            title=td_string!(words, groups.about)
            done=td_string!(words, settings.saved)
            outcome
        >
            {picture}
            {form}
        </Part>
    }
}

#[component]
fn Add(page: GroupInfo, outcome: Outcome) -> impl IntoView {
    let words = words();
    let path = format!("{}#add", info_path(page.conversation.id));
    let action = path.clone();
    view! {
        <Part
            name="add"
            title=td_string!(words, groups.add_title)
            done=td_string!(words, groups.added)
            outcome
        >
            <form method="post" action=action>
                <input type="hidden" name="part" value="add" />
                <Picker choice=page.choice action=path />
                <button class="solid">{td_string!(words, groups.add)}</button>
            </form>
        </Part>
    }
}

#[component]
fn Mute(page: GroupInfo, outcome: Outcome) -> impl IntoView {
    let words = words();
    let GroupInfo { conversation, muted, .. } = page;
    let until = conversation.muted_until.filter(|_| muted);
    let state = match until {
        None => td_string!(words, groups.not_muted).to_owned(),
        Some(MAX_INTEGER) => td_string!(words, groups.muted_for_ever).to_owned(),
        Some(until) => {
            td_string!(words, groups.muted_until, when = Clock::of_page().moment(until))
        }
    };
    let button = |value, text| choice("mute", value, None, text, false);
    let end = muted.then(|| button("off", td_string!(words, mute.end)));
    view! {
        <Part
            name="mute"
            title=td_string!(words, groups.notifications)
            done=td_string!(words, settings.saved)
            outcome
        >
            <p class="hint">{state}</p>
            <form method="post" action=format!("{}#mute", info_path(conversation.id))>
                <input type="hidden" name="part" value="mute" />
                <div class="choices">
                    {button("hour", td_string!(words, mute.hour))}
                    {button("day", td_string!(words, mute.day))}
                    {button("ever", td_string!(words, mute.ever))} {end}
                </div>
            </form>
        </Part>
    }
}

#[component]
fn Set(page: GroupInfo, admin: bool, outcome: Outcome) -> impl IntoView {
    let words = words();
    let Conversation { id, open, history, .. } = page.conversation;
    let content = if admin {
        Either::Left(view! {
            <form method="post" action=format!("{}#access", info_path(id))>
                <input type="hidden" name="part" value="access" />
                <Access open history />
                <button class="solid">{td_string!(words, settings.save)}</button>
            </form>
        })
    } else {
        let open =
            if open { td_string!(words, groups.open) } else { td_string!(words, groups.closed) };
        let history = match history {
            History::Joined => td_string!(words, groups.history_joined),
            History::All => td_string!(words, groups.history_all),
        };
        Either::Right(view! {
            <p>{open}</p>
            <p>{td_string!(words, groups.history)} " " {history}</p>
        })
    };
    view! {
        <Part
            name="access"
            title=td_string!(words, groups.access)
            done=td_string!(words, settings.saved)
            outcome
        >
            {content}
        </Part>
    }
}

#[component]
fn Leave(page: GroupInfo, outcome: Outcome) -> impl IntoView {
    let words = words();
    let owner = page.conversation.role == Some(Role::Owner);
    let hint = if owner {
        td_string!(words, groups.leave_owner_hint)
    } else {
        td_string!(words, groups.leave_hint)
    };
    view! {
        <Part name="leave" title=td_string!(words, groups.leave_title) outcome>
            <details>
                <summary class="quiet danger">{td_string!(words, groups.leave_title)}</summary>
                <form method="post" action=info_path(page.conversation.id)>
                    <input type="hidden" name="part" value="leave" />
                    <p class="hint">{hint}</p>
                    <button class="quiet danger">{td_string!(words, groups.leave)}</button>
                </form>
            </details>
        </Part>
    }
}
