//! What opens about files: the menu of what can be attached, a picture over the whole window, and the views and words
//! that their parts (`frontend/parts`) put into the page.

use app::protocol::{Target, UserId};
use app::ui::conversation::files::TOOLS;
use app::ui::route::target_path;
use app::ui::shared::{Icon, IconView};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// A paper clip, a microphone, a cross, arrows to both sides, and one downwards.
const CLIP: &str = "m19 11.5-7 7a4.6 4.6 0 0 1-6.5-6.5l7.5-7.5a3 3 0 0 1 4.3 4.3l-7.3 7.2a1.4 1.4 0 0 1-2-2l6.5-6.5";
const MICROPHONE: &str = "M12 3.5a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5a2.5 2.5 0 0 1 2.5-2.5M6.5 11a5.5 5.5 0 0 0 11 0M12 16.5v4";
const CROSS: &str = "m6 6 12 12M18 6 6 18";
const PREVIOUS: &str = "m15 5-7 7 7 7";
const NEXT: &str = "m9 5 7 7-7 7";
const DOWN: &str = "M12 4v11M7 10.5l5 5 5-5M5 20h14";
const SEND: &str = "M12 19V5M6 11l6-6 6 6";

/// The id of the plain form that sends a file.
const FORM: &str = "attach-form";

/// The plain form that sends a file, whose field stands beside where one writes.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub(in crate::pages) fn AttachForm(
    /// Where the file goes.
    target: Target,
    /// The name of the message, so that sending the form twice makes one.
    client_id: String,
) -> impl IntoView {
    view! {
        <form
            id=FORM
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/files?client_id={client_id}", target_path(target))
        ></form>
    }
}

/// The buttons beside the field: emoji, which the page's own code hears, and those that begin a part.
#[component]
pub(in crate::pages) fn Tools() -> impl IntoView {
    let words = words();
    view! {
        <button
            type="button"
            class="round pick emoji"
            aria-haspopup="dialog"
            aria-label=td_string!(words, composer.emoji)
        >
            <IconView icon=Icon::Emoji />
        </button>
        <button
            type="button"
            class="round pick"
            data-part="attachments"
            aria-haspopup="menu"
            aria-label=td_string!(words, files.attach)
        >
            <Sign path=CLIP />
        </button>
        <button
            type="button"
            class="round pick record"
            data-part="recorder"
            aria-label=td_string!(words, files.record)
        >
            <Sign path=MICROPHONE />
        </button>
        // A form may not stand in another: this one lies beside all others.
        <noscript>
            <input
                type="file"
                name="file"
                required
                form=FORM
                aria-label=td_string!(words, files.attach_file)
            />
            <button class="quiet" form=FORM>
                {td_string!(words, files.send_file)}
            </button>
        </noscript>
    }
}

/// All of it.
#[component]
pub(super) fn Attachments(
    /// Who is signed in.
    me: UserId,
) -> impl IntoView {
    view! {
        <AttachMenu />
        <PictureViewer />
        <template id=TOOLS>
            <Tools />
        </template>
        <Views me />
    }
}

#[component]
fn AttachMenu() -> impl IntoView {
    let words = words();
    let entries = [
        ("photo", td_string!(words, files.photo_or_video)),
        ("file", td_string!(words, files.file)),
        ("schedule", td_string!(words, schedules.attach)),
    ];
    let entry = |(name, text)| {
        view! {
            <button type="button" role="menuitem" data-pick=name>
                {text}
            </button>
        }
    };
    view! {
        <div
            class="menu"
            id="attachments"
            popover="auto"
            role="menu"
            aria-label=td_string!(words, files.attach)
        >
            {entries.map(entry).collect_view()}
            <p class="insecure-hint" hidden>{td_string!(words, files.insecure)}</p>
        </div>
    }
}

#[component]
fn PictureViewer() -> impl IntoView {
    let words = words();
    view! {
        <dialog id="picture-viewer" aria-label=td_string!(words, files.picture)>
            <img alt="" draggable="false" />
            <div class="film" role="group" aria-label=td_string!(words, files.video) hidden>
                <video controls playsinline></video>
            </div>
            <div class="viewer-tools">
                <a
                    class="round save-picture"
                    role="button"
                    download=""
                    href="#"
                    aria-label=td_string!(words, files.download)
                >
                    <Sign path=DOWN />
                </a>
                <button type="button" class="round close" aria-label=td_string!(words, files.close)>
                    <Sign path=CROSS />
                </button>
            </div>
            <button type="button" class="round previous" aria-label=td_string!(words, files.previous)>
                <Sign path=PREVIOUS />
            </button>
            <button type="button" class="round next" aria-label=td_string!(words, files.next)>
                <Sign path=NEXT />
            </button>
        </dialog>
    }
}

/// What the parts copy into the page, and the words that they say; `{}` stands for a file's name.
#[component]
fn Views(me: UserId) -> impl IntoView {
    let words = words();
    view! {
        <template
            id="attachment-views"
            data-user=me.to_string()
            data-notaphoto=td_string!(words, files.not_a_photo)
            data-undecodable=td_string!(words, files.undecodable)
            data-log-out=td_string!(words, files.log_out)
            data-why=td_string!(words, files.why)
            data-whytoolarge=td_string!(words, files.why_too_large)
            data-whyquota=td_string!(words, files.why_quota)
            data-whyforbidden=td_string!(words, files.why_forbidden)
        >
            <ul class="chosen" aria-label=td_string!(words, files.attachments)></ul>
            <ul class="uploads" aria-label=td_string!(words, files.uploads)></ul>
            <li class="chosen-file">
                <img alt="" />
                <span class="name" dir="auto"></span>
                <button type="button" class="round remove" aria-label=td_string!(words, files.remove)>
                    <Sign path=CROSS />
                </button>
                <p class="place" role="status">{td_string!(words, files.place)}</p>
                <button type="button" class="quiet as-photo">
                    {td_string!(words, files.as_photo)}
                </button>
            </li>
            <li class="upload">
                <img alt="" />
                <span class="name" dir="auto"></span>
                <progress value="0" max="1"></progress>
                <span class="why" role="status"></span>
                <button type="button" class="quiet retry">
                    {td_string!(words, files.retry)}
                </button>
                <button type="button" class="round remove" aria-label=td_string!(words, files.cancel)>
                    <Sign path=CROSS />
                </button>
            </li>
            <div class="recording" role="group" aria-label=td_string!(words, files.recording)>
                <span class="light"></span>
                <time>"0:00"</time>
                <span class="while-held">{td_string!(words, files.held)}</span>
                <span class="while-off">{td_string!(words, files.slid_off)}</span>
                <button type="button" class="quiet discard">
                    {td_string!(words, files.discard)}
                </button>
                <button
                    type="button"
                    class="round send-voice"
                    aria-label=td_string!(words, files.send)
                >
                    <Sign path=SEND />
                </button>
            </div>
            <p class="alert no-microphone">
                {td_string!(words, files.no_microphone)}
            </p>
        </template>
        <template id="part-failed">
            <p class="alert part-failed">
                {td_string!(words, files.part_failed)}
            </p>
        </template>
        <template id="drop-hint">
            <div class="drop-hint" aria-hidden="true">
                <p>{td_string!(words, files.drop)}</p>
            </div>
        </template>
    }
}

/// A sign in a button that is named.
#[component]
fn Sign(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}
