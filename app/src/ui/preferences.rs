//! What a reader has chosen for this browser, in cookies, so that the server renders it and nothing
//! flickers: the language, and light or dark.

/// A language that Kith speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The value of the cookie `lang`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// The value of the attribute `lang`: Chinese is one of two scripts, and fonts differ by it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// What it calls itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The language of a tag such as `zh-CN`, if Kith speaks it.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|known| known.code().eq_ignore_ascii_case(language))
    }

    /// The one that an `Accept-Language` header likes best, the first of those that it likes the
    /// same; English where it names none of ours.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::default());
        for entry in header.split(',') {
            let mut parts = entry.split(';');
            let Some(language) = parts.next().and_then(Self::parse) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
            let weight = weight.unwrap_or(1.0);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// The colours of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it: no cookie.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of the cookie `theme`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What a cookie's or form's value says; anything unknown is the system's.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }
}

/// How this browser is to be shown its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language of the pages.
    pub language: Language,
    /// Whether the pages are light or dark.
    pub theme: Theme,
}

#[cfg(test)]
mod tests {
    use super::{Language, Theme};

    #[test]
    fn the_language_that_is_liked_best() {
        for (header, language) in [
            ("", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("de, ZH-tw ;q=0.7, en;q=0.5", Language::Chinese),
            ("en;q=0.1, zh;q=1", Language::Chinese),
            ("zh;q=0, en;q=0.2", Language::English),
            ("zh;q=x,en", Language::Chinese),
            ("zhx", Language::English),
            ("fr", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.code()), Some(language));
            assert_eq!(Language::parse(language.tag()), Some(language));
        }
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.code()), theme);
        }
        assert_eq!(Theme::parse("\"><script>"), Theme::System);
        assert_eq!(Language::parse("../zh"), None);
    }
}
