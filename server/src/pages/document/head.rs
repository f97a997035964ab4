//! What only some documents have in their head.

use leptos::either::EitherOf3;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::site::{self, Assets};

/// The styles of what the server alone renders.
#[component]
pub(super) fn StaticLooks() -> impl IntoView {
    view! { <link rel="stylesheet" href=site::assets().static_css.as_str() /> }
}

/// The styles of pictures, sound and files in messages.
#[component]
pub(super) fn FilesLooks() -> impl IntoView {
    view! { <link rel="stylesheet" href=site::assets().files_css.as_str() /> }
}

/// The code that brings a page to life, and what stands in for it where there is no script. Who is not
/// signed in has only plain forms: the code is fetched while they type.
#[component]
pub(super) fn Preload(
    /// The page comes to life.
    is_signed_in: bool,
    /// The styles that stand in for scripts.
    unscripted: Option<String>,
) -> impl IntoView {
    // Not an `Option`: where there is nothing it would leave a comment.
    match (is_signed_in, unscripted) {
        (true, Some(style)) => EitherOf3::A(view! {
            <Code />
            <noscript>
                <style nonce=use_nonce() inner_html=style></style>
            </noscript>
        }),
        (true, None) => EitherOf3::B(view! { <Code /> }),
        (false, _) => {
            let Assets { js, wasm, .. } = site::assets();
            EitherOf3::C(view! {
                <link rel="prefetch" href=js.as_str() />
                <link rel="prefetch" href={wasm.as_str()} as="fetch" crossorigin />
            })
        }
    }
}

#[component]
fn Code() -> impl IntoView {
    let Assets { js, wasm, .. } = site::assets();
    view! {
        <link rel="modulepreload" href=js.as_str() />
        <link rel="preload" href={wasm.as_str()} as="fetch" type="application/wasm" crossorigin />
    }
}
