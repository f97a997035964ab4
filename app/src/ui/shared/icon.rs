//! The icon set: one stroke width, 24 by 24, drawn in the colour of the text.

use leptos::prelude::*;

/// An icon. It is decoration: what it stands for is said by the label of what holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Write to someone.
    Compose,
    /// Search.
    Search,
    /// To the page before.
    Back,
    /// Send a message.
    Send,
    /// On its way.
    Clock,
    /// Stored.
    Check,
    /// Arrived, or read.
    Checks,
    /// Failed.
    Alert,
    /// To the newest message.
    Down,
    /// Several people talking.
    Talk,
    /// A computer or a phone.
    #[cfg(feature = "ssr")]
    Device,
    /// More about this.
    Info,
    /// What can be done with it.
    More,
    /// Pick an emoji.
    #[cfg(feature = "ssr")]
    Emoji,
    /// Go to a day.
    Calendar,
    /// The archive.
    Archive,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Compose => "M12 20h8M16.5 3.5a2.1 2.1 0 0 1 3 3L8 18l-4 1 1-4z",
            Self::Search => "M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0M20 20l-4-4",
            Self::Back => "m15 5-7 7 7 7",
            Self::Send => "M12 19V5M6 11l6-6 6 6",
            Self::Clock => "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0M12 8v4l2.5 2",
            Self::Check => "m5 13 4 4L19 7",
            Self::Checks => "m2 13 4 4L16 7M11 16l1 1L22 7",
            Self::Alert => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M12 7.5v5M12 16h.01",
            #[cfg(feature = "ssr")]
            Self::Device => {
                "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1M9 20h6M12 16v4"
            }
            Self::Info => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M12 11.5V16M12 8h.01",
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            #[cfg(feature = "ssr")]
            Self::Emoji => {
                "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8.5 14a4 4 0 0 0 7 0M9 9.5h.01M15 9.5h.01"
            }
            Self::Calendar => {
                "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1M4 11h16M8 3.5V7M16 3.5V7"
            }
            Self::Archive => "M4 5h16v4H4zM5.5 9v9.5h13V9M10 13h4",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Talk => {
                "M4 5h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H8l-4 3zM19 9.5a1 1 0 0 1 1 1V20l-3.5-2.5H11a1 1 0 0 1-1-1"
            }
        }
    }
}

/// Draws an icon.
#[component]
pub fn IconView(
    /// The icon to draw.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
}
