//! Pictures that are looked at in their message: one by itself, several as tiles. Each has its size and its mean
//! colour before it is there.

use app::protocol::File;
use app::ui::shared::room::{fitted, is_film};
use app::ui::words::{td_string, words};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::film::Film;
use super::{described, named};

/// The pictures and films of a message.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub(super) fn Album(files: Vec<File>, caption: String) -> impl IntoView {
    match <[File; 1]>::try_from(files) {
        Ok([file]) if is_film(&file) => EitherOf3::A(view! { <Film file /> }),
        Ok([file]) => {
            let (size, described) = (fitted(&file), described(&file, &caption));
            EitherOf3::B(view! { <Tile file described size /> })
        }
        Err(files) => {
            let class = format!("album of-{}", files.len());
            let size = |file: &File| (file.width.unwrap_or(1), file.height.unwrap_or(1));
            let tiles = files.into_iter().map(|file| {
                let (size, described) = (size(&file), described(&file, &caption));
                view! { <Tile file described size /> }
            });
            EitherOf3::C(view! { <div class=class>{tiles.collect_view()}</div> })
        }
    }
}

/// A picture or a film in a place of its size: a button that opens it, without script a link.
#[component]
pub(in crate::pages) fn Tile(
    file: File,
    /// What the button is called.
    described: String,
    /// Its width and height, in CSS pixels.
    size: (u32, u32),
) -> impl IntoView {
    let (width, height) = (size.0.to_string(), size.1.to_string());
    // The colour of an SVG is an attribute, which the policy that forbids those of style allows.
    let color = file.color.clone().unwrap_or_else(|| "#8a9a9a".to_owned());
    let ground = view! {
        <svg class="ground" width=width.clone() height=height.clone() aria-hidden="true">
            <rect width="100%" height="100%" fill=color></rect>
        </svg>
    };
    let Some(url) = file.url.clone() else {
        return Either::Left(view! {
            <span class="tile">
                {ground} <span class="no-longer">{td_string!(words(), files.gone)}</span>
            </span>
        });
    };
    let named = named(&file);
    let shown = if is_film(&file) {
        // A still of its beginning; it plays where it is opened.
        let source = format!("{url}#t=0.1");
        Either::Left(view! {
            <video src=source width=width height=height preload="metadata" muted aria-hidden="true"></video>
        })
    } else {
        let source = if file.animated {
            url.clone()
        } else {
            file.thumbnail_url.clone().unwrap_or_else(|| url.clone())
        };
        let still = file.thumbnail_url.clone().filter(|_| file.animated);
        Either::Right(view! {
            <picture>
                {still
                    .map(|still| {
                        view! { <source srcset=still media="(prefers-reduced-motion: reduce)" /> }
                    })}
                <img src=source width=width height=height alt="" loading="lazy" decoding="async" />
            </picture>
        })
    };
    Either::Right(view! {
        <a
            class="tile"
            href=url
            role="button"
            aria-label=described
            // Where the caption goes (frontend/parts/message-files.js).
            data-named=named
            data-mime=file.mime
            data-width=file.width.map(|width| width.to_string())
            data-height=file.height.map(|height| height.to_string())
        >
            {ground}
            {shown}
        </a>
    })
}
