//! A file that is downloaded: a link by its name, with its size and its type.

use app::protocol::File;
use app::ui::words::{td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

/// The units of sizes, each a thousand times the one before.
const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];

/// A file as a row; what is no longer kept says so.
#[component]
pub(in crate::pages) fn Download(file: File) -> impl IntoView {
    let about = match file.url {
        Some(_) => [size(file.size), kind(&file)].join(" · "),
        None => td_string!(words(), files.gone).to_owned(),
    };
    let inside = view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M7 3.5h7l4 4V20a.5.5 0 0 1-.5.5h-10.5a.5.5 0 0 1-.5-.5V4a.5.5 0 0 1 .5-.5M14 3.5V8h4"></path>
        </svg>
        <span class="name" dir="auto">
            {file.name.clone()}
        </span>
        " "
        <span class="about">{about}</span>
    };
    match file.url {
        Some(url) => Either::Left(view! {
            <a class="download" href=format!("{url}?download") download=file.name>
                {inside}
            </a>
        }),
        None => Either::Right(view! { <span class="download no-longer">{inside}</span> }),
    }
}

/// What stands behind the last dot of its name, else its media type's last part.
fn kind(file: &File) -> String {
    let ending = file.name.rsplit_once('.').map(|(_, ending)| ending);
    let short = |ending: &&str| (1..=6).contains(&ending.chars().count());
    let kind = ending.filter(short).or_else(|| file.mime.rsplit('/').next());
    kind.unwrap_or_default().to_uppercase()
}

/// A size in three digits or so, such as 4.5 MB.
pub(in crate::pages) fn size(bytes: i64) -> String {
    let mut unit = 0;
    // Tenths, so that no fraction of a number is needed.
    let mut tenths = u64::try_from(bytes).unwrap_or_default().saturating_mul(10);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1_000;
        unit += 1;
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let unit = UNITS[unit];
    if whole >= 10 || tenth == 0 {
        format!("{whole} {unit}")
    } else {
        format!("{whole}.{tenth} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        for (bytes, told) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 KB"),
            (1_500, "1.5 KB"),
            (25_300, "25 KB"),
            (4_510_000, "4.5 MB"),
            (104_857_600, "104 MB"),
        ] {
            assert_eq!(size(bytes), told, "{bytes}");
        }
    }
}
