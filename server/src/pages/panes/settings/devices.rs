//! Where one is signed in, and ending that.

use app::protocol::{Login, Timestamp};
use app::ui::shared::civil::machine_readable;
use app::ui::shared::{Clock, Icon, IconView};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use crate::pages::shared::part::{Outcome, Part};

#[component]
pub(super) fn Devices(logins: Vec<Login>, outcome: Outcome) -> impl IntoView {
    let words = words();
    let mut logins = logins;
    // This one first; the others as they come, the last used first.
    logins.sort_by_key(|login| !login.current);
    let others = logins.iter().any(|login| !login.current);
    let entries = logins.into_iter().map(|login| view! { <Device login /> }).collect_view();
    let end_others = others.then(|| {
        view! {
            <form method="post" action="/settings/devices#devices">
                <button class="quiet danger">{td_string!(words, settings.end_others)}</button>
            </form>
        }
    });
    view! {
        <Part
            name="devices"
            title=td_string!(words, settings.devices)
            done=td_string!(words, settings.devices_done)
            outcome
        >
            <p class="hint">{td_string!(words, settings.devices_hint)}</p>
            <ul class="devices" aria-labelledby="devices-title">
                {entries}
            </ul>
            {end_others}
        </Part>
    }
}

#[component]
fn Device(login: Login) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let Login { id, device, created_at, last_used_at, current } = login;
    let device = match device.as_str() {
        "" => td_string!(words, settings.unknown_device).to_owned(),
        _ => device,
    };
    let name = format!("device-{id}");
    let end = (!current).then(|| {
        let (described, action) = (name.clone(), format!("/settings/devices/{id}#devices"));
        view! {
            <form method="post" action=action>
                <button class="quiet" aria-describedby=described>
                    {td_string!(words, settings.end)}
                </button>
            </form>
        }
    });
    let here = current
        .then(|| view! { <span class="tag">{td_string!(words, settings.this_device)}</span> });
    view! {
        <li>
            <span class="sign"><IconView icon=Icon::Device /></span>
            <div class="about">
                <strong id=name dir="auto">
                    {device}
                </strong>
                {here}
                <p class="hint">
                    {when(
                        td_string!(words, settings.last_used),
                        last_used_at,
                        clock.moment(last_used_at),
                    )}
                    {when(td_string!(words, settings.since), created_at, clock.long(created_at))}
                </p>
            </div>
            {end}
        </li>
    }
}

fn when(what: &'static str, at: Timestamp, told: String) -> impl IntoView {
    view! {
        <span>{what} <time datetime=machine_readable(at)>{told}</time></span>
    }
}
