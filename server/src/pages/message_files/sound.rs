//! Sound in its message: a button, a slider over its waveform, its length. Without script the browser's own controls.

use app::protocol::File;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// How wide a peak and what is beside it are, in the waveform's own measure.
const STEP: usize = 4;
/// The height of the waveform, in its own measure.
const HEIGHT: usize = 32;
/// What stands for a sound whose sender told no peaks.
const FLAT: [u8; 40] = [12; 40];

/// What brings it to life is `frontend/parts/player.js`.
#[component]
pub(super) fn Sound(file: File) -> impl IntoView {
    let words = words();
    let duration = file.duration_ms.unwrap_or_default().max(0);
    let class = if file.voice { "sound voice" } else { "sound" };
    let name =
        (!file.voice).then(|| view! { <span class="name" dir="auto">{file.name.clone()}</span> });
    view! {
        <div class=class>
            <button
                type="button"
                class="round"
                aria-label=td_string!(words, files.play)
                data-play=td_string!(words, files.play)
                data-pause=td_string!(words, files.pause)
            >
                <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                    <path class="to-play" d="M8 5.5v13l11-6.5z"></path>
                    <path class="to-pause" d="M8.5 6v12M15.5 6v12"></path>
                </svg>
            </button>
            <div class="track">
                {name}
                <Waveform peaks=file.waveform.clone().unwrap_or_default() />
                <input
                    type="range"
                    min="0"
                    max=duration.to_string()
                    value="0"
                    step="100"
                    aria-label=td_string!(words, files.position)
                />
            </div>
            <time>{(duration > 0).then(|| clock(duration))}</time>
            <audio controls preload="none" src=file.url></audio>
        </div>
    }
}

#[component]
fn Waveform(peaks: Vec<u8>) -> impl IntoView {
    let peaks = if peaks.is_empty() { FLAT.to_vec() } else { peaks };
    let width = peaks.len() * STEP;
    let bar = |(index, peak): (usize, &u8)| {
        let height = (usize::from(*peak).min(100) * HEIGHT / 100).max(2);
        view! {
            <rect
                x=(index * STEP).to_string()
                y=((HEIGHT - height) / 2).to_string()
                width="2.4"
                height=height.to_string()
                rx="1.2"
            ></rect>
        }
    };
    view! {
        <svg
            class="waveform"
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            {peaks.iter().enumerate().map(bar).collect_view()}
        </svg>
    }
}

/// A length such as 1:05.
fn clock(ms: i64) -> String {
    let seconds = (ms + 500) / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn a_length_is_in_minutes_and_seconds() {
        for (ms, told) in [(0, "0:00"), (499, "0:00"), (65_400, "1:05"), (300_000, "5:00")] {
            assert_eq!(clock(ms), told);
        }
    }
}
