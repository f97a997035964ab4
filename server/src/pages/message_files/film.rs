//! A film in its message, with the browser's own controls.

use app::protocol::File;
use app::ui::shared::room::fitted;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// Nothing of it is loaded but its beginning, until it is played.
#[component]
pub(super) fn Film(file: File) -> impl IntoView {
    let (width, height) = fitted(&file);
    view! {
        <div class="film" role="group" aria-label=td_string!(words(), files.video)>
            <video
                controls
                playsinline
                preload="metadata"
                src=file.url
                width=width.to_string()
                height=height.to_string()
            ></video>
        </div>
    }
}
