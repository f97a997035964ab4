//! What every document has: its language and theme, its title, its styles and its icon.

use app::ui::preferences::{Preferences, Theme};
use leptos::either::Either;
use leptos::html;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::scripts::ZONE;
use crate::site::{self, Assets};

/// A document of these parts.
pub(super) fn shell(
    title: String,
    preferences: Preferences,
    rest_of_head: impl IntoView,
    body: impl IntoView,
) -> impl IntoView {
    let Assets { css, manifest, icon, .. } = site::assets();
    let Preferences { language, theme } = preferences;
    // The styles obey it; the system's theme is its absence.
    let chosen = (theme != Theme::System).then(|| theme.code());
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() data-theme=chosen>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <title>{title}</title>
                {colors(theme)}
                <link rel="stylesheet" href=css.as_str() />
                <link rel="icon" href=icon.as_str() type="image/svg+xml" />
                <link rel="manifest" href=manifest.as_str() />
                {rest_of_head}
                <script nonce=use_nonce() inner_html=ZONE></script>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// What the head says of the theme, which the browser obeys before there are styles.
fn colors(theme: Theme) -> impl IntoView {
    const LIGHT: &str = "#ffffff";
    const DARK: &str = "#141c1f";
    let always = |scheme: &'static str, color: &'static str| {
        Either::Right(view! {
            <meta name="color-scheme" content=scheme />
            <meta name="theme-color" content=color />
        })
    };
    match theme {
        Theme::System => Either::Left(view! {
            <meta name="color-scheme" content="light dark" />
            {color_where("(prefers-color-scheme: light)", LIGHT)}
            {color_where("(prefers-color-scheme: dark)", DARK)}
        }),
        Theme::Light => always("light", LIGHT),
        Theme::Dark => always("dark", DARK),
    }
}

/// Leptos knows no attribute `media` of `meta`.
fn color_where(media: &'static str, color: &'static str) -> impl IntoView {
    html::meta().name("theme-color").attr("media", media).content(color)
}
