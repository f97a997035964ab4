//! The picture of a person or a group, with what changes it: with script a part that cuts a square
//! (`frontend/parts/avatar-editor.js`), without it plain forms.

use app::protocol::ConversationId;
use app::ui::route::info_path;
use app::ui::shared::{Avatar, AvatarLabel};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use super::part::{Outcome, told};

/// The name of the part, in which it is told what came of its forms.
pub const AVATAR: &str = "avatar";

/// Whose picture is changed.
#[derive(Clone, Copy, Debug)]
pub enum AvatarOwner {
    /// The viewer.
    Viewer,
    /// A group, by one of its admins.
    Group(ConversationId),
}

impl AvatarOwner {
    /// Where the API takes a picture.
    fn resource(self) -> String {
        match self {
            Self::Viewer => "/api/v1/users/me/avatar".to_owned(),
            Self::Group(id) => format!("/api/v1/conversations/{id}/avatar"),
        }
    }

    /// Where the plain form goes; the one that takes the picture away goes to `/remove` below it.
    fn action(self) -> String {
        match self {
            Self::Viewer => "/settings/avatar".to_owned(),
            Self::Group(id) => format!("/c/{id}/avatar"),
        }
    }

    /// The page that the forms stand on.
    #[must_use]
    pub fn page(self) -> String {
        match self {
            Self::Viewer => "/settings".to_owned(),
            Self::Group(id) => info_path(id),
        }
    }

    /// The same page, which tells that it has worked.
    #[must_use]
    pub fn done(self) -> String {
        format!("{}?done={AVATAR}#{AVATAR}", self.page())
    }
}

/// The picture beside the name, and below them how it is changed.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub fn AvatarForm(
    /// Whose it is.
    owner: AvatarOwner,
    /// What it shows now.
    label: AvatarLabel,
    /// What came of the forms.
    outcome: Outcome,
    /// What stands beside it.
    children: Children,
) -> impl IntoView {
    let words = words();
    let remove = label.url.is_some().then(|| {
        view! {
            <form method="post" action=format!("{}/remove", owner.action())>
                <button class="quiet">{td_string!(words, avatar.remove)}</button>
            </form>
        }
    });
    let told = told(AVATAR, td_string!(words, settings.saved), &outcome);
    view! {
        <div class="self" id=AVATAR>
            <Avatar label=move || label.clone() />
            {children()}
        </div>
        {told}
        <p class="alert unreadable" hidden>
            {td_string!(words, avatar.unreadable)}
        </p>
        <div class="avatar-buttons">
            <button
                type="button"
                class="quiet with-script"
                data-part="avatar-editor"
                data-resource=owner.resource()
                data-done=owner.done()
            >
                {td_string!(words, avatar.change)}
            </button>
            <noscript>
                <form method="post" enctype="multipart/form-data" action=owner.action()>
                    <input
                        type="file"
                        name="picture"
                        accept="image/jpeg,image/png,image/gif,image/webp"
                        required
                        aria-label=td_string!(words, avatar.file)
                    />
                    <button class="quiet">{td_string!(words, avatar.change)}</button>
                </form>
            </noscript>
            {remove}
        </div>
        <CropDialog />
    }
}

/// Where a square of a picture is chosen: it is moved and made larger under a round window.
#[component]
fn CropDialog() -> impl IntoView {
    let words = words();
    view! {
        <dialog
            class="crop"
            id="crop-picture"
            aria-labelledby="crop-title"
            data-failed=td_string!(words, avatar.failed)
            data-forbidden=td_string!(words, errors.forbidden)
            data-ratelimited=td_string!(words, errors.rate_limited)
        >
            <h2 id="crop-title">{td_string!(words, avatar.crop)}</h2>
            // Its keys are its own, also for who reads by arrows.
            <div
                class="crop-area"
                role="application"
                tabindex="0"
                autofocus
                aria-label=td_string!(words, avatar.area)
                aria-describedby="crop-hint"
            >
                <canvas width="512" height="512" aria-hidden="true"></canvas>
            </div>
            <p class="hint" id="crop-hint">
                {td_string!(words, avatar.hint)}
            </p>
            <label class="zoom">
                {td_string!(words, avatar.zoom)} <input type="range" min="1" max="5" step="0.05" />
            </label>
            <p class="alert" hidden></p>
            <div class="crop-buttons">
                <progress hidden aria-label=td_string!(words, avatar.saving)></progress>
                <button type="button" class="quiet cancel">
                    {td_string!(words, avatar.cancel)}
                </button>
                <button type="button" class="solid save">
                    {td_string!(words, settings.save)}
                </button>
            </div>
        </dialog>
    }
}
