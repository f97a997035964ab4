//! The members of a group, with what the viewer may do about each.

use app::protocol::urls::encode;
use app::protocol::{Member, Role, UserId};
use app::ui::route::{info_path, profile_path};
use app::ui::shared::presence::{dot, in_words};
use app::ui::shared::{Avatar, AvatarLabel, Clock, called, within};
use app::ui::words::{Words, counted, td_string, words};
use leptos::prelude::*;

use super::GroupInfo;
use crate::pages::shared::part::{Outcome, Part};

/// The part of the page.
#[component]
pub(super) fn Members(
    /// What the page about the group shows.
    page: GroupInfo,
    /// What came of its forms.
    outcome: Outcome,
) -> impl IntoView {
    let words = words();
    let GroupInfo { conversation, me, members, .. } = page;
    let path = info_path(conversation.id);
    let count = usize::try_from(conversation.member_count).unwrap_or(usize::MAX);
    let role = conversation.role.unwrap_or(Role::Member);
    let more = members.next_cursor.map(|cursor| {
        let path = format!("{path}?members={}#members", encode(&cursor));
        view! {
            <a class="quiet" href=path>
                {td_string!(words, groups.more)}
            </a>
        }
    });
    let entry = |member: Member| {
        let action = format!("{path}#members");
        view! { <Entry member me role action /> }
    };
    let entries: Vec<_> = members.items.into_iter().map(entry).collect();
    view! {
        <Part
            name="members"
            title=td_string!(words, groups.members)
            done=td_string!(words, settings.saved)
            outcome
        >
            <p class="hint">{counted!(words, count, groups.count)}</p>
            <ul class="devices" aria-labelledby="members-title">
                {entries}
            </ul>
            {more}
        </Part>
    }
}

#[component]
fn Entry(member: Member, me: UserId, role: Role, action: String) -> impl IntoView {
    let words = words();
    let Member { user, role: theirs, .. } = member;
    let shown = called(&user, words);
    let avatar = AvatarLabel::of(&user, shown.clone());
    let label = format!("member-{}", user.id);
    let clock = Clock::of_page();
    let seen = user.presence.and_then(|presence| in_words(presence, clock, words));
    let you = (user.id == me).then(|| td_string!(words, groups.you).to_owned());
    let rank = (theirs != Role::Member).then(|| role_name(theirs, words));
    let notes = [Some(format!("@{}", user.username)), you, seen];
    let notes: Vec<_> = notes.into_iter().flatten().collect();
    let rank = rank.map(|rank| view! { <span class="tag">{rank}</span> });
    let may = if user.id == me { &[][..] } else { deeds(role, theirs) };
    let manage = (!may.is_empty()).then(|| {
        let buttons: Vec<_> = may
            .iter()
            .map(|deed| {
                let class = if *deed == "remove" { "quiet danger" } else { "quiet" };
                let described = label.clone();
                view! {
                    <button class=class name="deed" value=*deed aria-describedby=described>
                        {deed_name(deed, words)}
                    </button>
                }
            })
            .collect();
        let name = td_string!(words, groups.manage, name = within(&shown));
        view! {
            <details>
                <summary class="round" aria-label=name>
                    "⋯"
                </summary>
                <form method="post" action=action>
                    <input type="hidden" name="part" value="members" />
                    <input type="hidden" name="user_id" value=user.id.to_string() />
                    {buttons}
                </form>
            </details>
        }
    });
    view! {
        <li class=dot(user.presence)>
            <Avatar label=move || avatar.clone() />
            <div class="about">
                <a href=profile_path(user.id)>
                    <strong id=label dir="auto">
                        {shown}
                    </strong>
                </a>
                {rank}
                <p class="hint">{notes.join(" · ")}</p>
            </div>
            {manage}
        </li>
    }
}

/// What one of this role may do about another.
fn deeds(role: Role, theirs: Role) -> &'static [&'static str] {
    match (role, theirs) {
        (Role::Owner, Role::Admin) => &["member", "owner", "remove"],
        (Role::Owner, Role::Member) => &["admin", "owner", "remove"],
        (Role::Admin, Role::Member) => &["remove"],
        _ => &[],
    }
}

fn deed_name(deed: &str, words: Words) -> &'static str {
    match deed {
        "admin" => td_string!(words, groups.make_admin),
        "member" => td_string!(words, groups.make_member),
        "owner" => td_string!(words, groups.hand_over),
        _ => td_string!(words, groups.remove),
    }
}

/// A role, in the reader's language.
pub(super) fn role_name(role: Role, words: Words) -> &'static str {
    match role {
        Role::Owner => td_string!(words, groups.owner),
        Role::Admin => td_string!(words, groups.admin),
        Role::Member => td_string!(words, groups.member),
    }
}
