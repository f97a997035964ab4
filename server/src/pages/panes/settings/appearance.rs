//! Theme and language: cookies of this browser, each chosen by one press.

use app::ui::preferences::{Preferences, Theme};
use app::ui::words::{Words, td_string, words};
use leptos::prelude::*;

use crate::pages::shared::choice::{choice, languages};
use crate::pages::shared::part::Part;

#[component]
pub(super) fn Appearance(preferences: Preferences) -> impl IntoView {
    let words = words();
    let themes = Theme::ALL.map(|theme| {
        let chosen = theme == preferences.theme;
        choice("theme", theme.code(), None, theme_name(theme, words), chosen)
    });
    view! {
        <Part name="appearance" title=td_string!(words, settings.appearance)>
            <form method="post" action="/preferences">
                <input type="hidden" name="next" value="/settings#appearance" />
                <fieldset>
                    <legend>{td_string!(words, settings.theme)}</legend>
                    <div class="choices">{themes.collect_view()}</div>
                </fieldset>
            </form>
            <form method="post" action="/preferences">
                <input type="hidden" name="next" value="/settings#appearance" />
                <fieldset>
                    <legend>{td_string!(words, settings.language)}</legend>
                    {languages(preferences.language)}
                </fieldset>
            </form>
        </Part>
    }
}

fn theme_name(theme: Theme, words: Words) -> &'static str {
    match theme {
        Theme::System => td_string!(words, settings.theme_system),
        Theme::Light => td_string!(words, settings.theme_light),
        Theme::Dark => td_string!(words, settings.theme_dark),
    }
}
