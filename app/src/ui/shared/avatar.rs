//! A person's or conversation's mark: a picture, or initials on a colour of its own.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::User;
use crate::protocol::text::initials;

/// How many colours `style/avatar` knows: classes `hue-0` to `hue-11`.
const HUES: i64 = 12;

/// Whose avatar it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AvatarLabel {
    /// The name whose initials it shows.
    pub name: String,
    /// What chooses the colour: an id.
    pub id: i64,
    /// Where its picture is.
    pub url: Option<String>,
}

impl AvatarLabel {
    /// A person's, by the name under which they are shown.
    #[must_use]
    pub fn of(user: &User, name: String) -> Self {
        Self { name, id: user.id.get(), url: user.avatar_url.clone() }
    }
}

/// A picture over initials on a colour, which show where there is none or it is gone. It repeats the
/// name that stands beside it, so it is hidden from assistive technology.
#[component]
pub fn Avatar<F>(
    /// What the avatar shows.
    label: F,
    /// The small one, as in buttons.
    #[prop(optional)]
    small: bool,
) -> impl IntoView
where
    F: Fn() -> AvatarLabel + Send + Sync + 'static,
{
    drawn(Arc::new(label), small)
}

/// Code that is the same for all, however their labels come.
fn drawn(label: Arc<dyn Fn() -> AvatarLabel + Send + Sync>, small: bool) -> impl IntoView {
    let shown = Arc::clone(&label);
    let class = move || {
        let size = if small { "avatar small" } else { "avatar" };
        format!("{size} hue-{}", hue(label().id))
    };
    view! {
        <span class=class aria-hidden="true">
            {move || {
                let AvatarLabel { name, url, .. } = shown();
                (initials(&name), url.map(|url| view! { <img src=url alt="" /> }))
            }}
        </span>
    }
}

/// The number of an id's colour. Ids grow with time, so neighbours are spread by their lower and
/// middle bits.
pub fn hue(id: i64) -> i64 {
    ((id ^ (id >> 13)).wrapping_mul(7)).rem_euclid(HUES)
}

#[cfg(test)]
mod tests {
    use super::hue;

    #[test]
    fn every_id_has_a_colour() {
        assert!([0, 1, -5, i64::MAX, i64::MIN].into_iter().all(|id| (0..12).contains(&hue(id))));
    }
}
