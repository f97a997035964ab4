//! What the list of logins calls a device, read from the name that its browser gives itself.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

/// Characters of a device's name, at most.
const MAX_NAME_CHARS: usize = 64;
/// What a browser says of itself, and its name; the first that fits counts, since browsers say that
/// they are others, too.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The name that was given, else one such as "Firefox on Linux", else what the program says of
/// itself.
pub(crate) fn name(given: Option<&str>, headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    match given.map(str::trim).filter(|given| !given.is_empty()) {
        Some(given) => tidy(given),
        None => described(agent).unwrap_or_else(|| tidy(agent)),
    }
}

fn described(agent: &str) -> Option<String> {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS)?, find(&SYSTEMS)) {
        (browser, Some(system)) => Some(format!("{browser} on {system}")),
        (browser, None) => Some(browser.to_owned()),
    }
}

fn tidy(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, USER_AGENT, name};

    #[test]
    fn a_device_is_named_after_its_browser() {
        let named = |given, agent: &'static str| {
            let agent = agent.parse().expect("a header");
            name(given, &HeaderMap::from_iter([(USER_AGENT, agent)]))
        };
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(named(None, chrome), "Chrome on Linux");
        assert_eq!(named(Some(" My\nbot "), chrome), "Mybot");
        assert_eq!(named(Some(" "), "curl/8.5"), "curl/8.5");
        assert_eq!(name(None, &HeaderMap::new()), "");
        assert_eq!(named(Some(&"x".repeat(100)), "").len(), 64);
    }
}
