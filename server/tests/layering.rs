//! Holds the imports of the server and the app against the table of rooms in docs/architecture.md:
//! which room may know which other, and which libraries it may not know. Within a room no modules lead to one
//! another and back, but a parent and its children.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A room, the rooms of its crate that it may import, and the libraries that it may not.
struct Rule {
    room: &'static str,
    may: &'static [&'static str],
    never: &'static [&'static str],
}

/// The rooms of the server that pages are made in, or what belongs to them: these may import any of the app, the
/// others its protocol.
const OF_PAGES: [&str; 3] = ["pages", "forms", "http"];

const WEB: [&str; 4] = ["axum", "leptos", "leptos_axum", "tower_http"];
const DATABASE: [&str; 2] = ["sqlx", "redis"];
/// What a way in that renders no pages may not know.
const BESIDE_PAGES: [&str; 4] = ["sqlx", "redis", "leptos", "leptos_axum"];
const BROWSER: [&str; 6] =
    ["leptos", "leptos_router", "leptos_meta", "web_sys", "js_sys", "gloo_net"];
const SERVER_SIDE: [&str; 3] = ["sqlx", "axum", "leptos_axum"];

/// These any room of the server may import, and they one another.
const EVERYWHERE: [&str; 4] = ["clock", "error", "config", "telemetry"];

/// The rooms of the server. `start`, `serve`, `router`, `lib` and `main` are the composition root: they tie
/// all the others together. So does `demo`, for its own purpose.
const SERVER: &[Rule] = &[
    Rule { room: "clock", may: &[], never: &WEB },
    Rule { room: "events", may: &[], never: &WEB },
    Rule { room: "error", may: &["store"], never: &WEB },
    Rule { room: "config", may: &["store"], never: &["leptos", "leptos_axum", "tower_http"] },
    Rule { room: "telemetry", may: &[], never: &["leptos", "leptos_axum"] },
    Rule { room: "store", may: &["events"], never: &WEB },
    Rule { room: "rate_limits", may: &[], never: &WEB },
    Rule { room: "presence", may: &["events"], never: &WEB },
    Rule { room: "background", may: &["store", "events"], never: &["axum", "leptos", "sqlx"] },
    Rule { room: "files", may: &["store", "background"], never: &["axum", "leptos", "sqlx"] },
    Rule { room: "auth", may: &["store", "background"], never: &WEB },
    Rule {
        room: "chat",
        may: &["store", "events", "auth", "rate_limits", "presence", "background"],
        never: &["axum", "leptos", "sqlx"],
    },
    Rule { room: "site", may: &[], never: &BESIDE_PAGES },
    Rule {
        room: "edge",
        may: &["chat", "auth", "files", "rate_limits", "site"],
        never: &BESIDE_PAGES,
    },
    // The ways in: only forms call another one, for the page that is shown again.
    Rule { room: "http", may: &["edge", "chat", "auth", "files", "site"], never: &BESIDE_PAGES },
    Rule { room: "pages", may: &["edge", "chat", "auth", "files", "site"], never: &DATABASE },
    Rule { room: "forms", may: &["edge", "chat", "auth", "files", "pages"], never: &BESIDE_PAGES },
    Rule {
        room: "ws",
        may: &["edge", "events", "chat", "auth", "rate_limits"],
        never: &BESIDE_PAGES,
    },
];
const ROOT: [&str; 6] = ["main", "lib", "start", "serve", "router", "demo"];

/// The rooms of the app.
const APP: &[Rule] = &[
    // In the browser it asks for the browser's tables.
    Rule { room: "unicode", may: &[], never: &["leptos", "web_sys", "gloo_net"] },
    Rule { room: "protocol", may: &["unicode"], never: &BROWSER },
    Rule { room: "forms", may: &["protocol"], never: &BROWSER },
    Rule { room: "state", may: &["protocol"], never: &BROWSER },
    Rule { room: "client", may: &["protocol", "state"], never: &SERVER_SIDE },
    Rule {
        room: "ui",
        may: &["unicode", "protocol", "forms", "state", "client"],
        never: &SERVER_SIDE,
    },
];

#[test]
fn the_server_keeps_to_its_rooms() {
    check(&sources("src"), SERVER, &ROOT, &EVERYWHERE);
}

#[test]
fn the_app_keeps_to_its_rooms() {
    check(&sources("../app/src"), APP, &["lib"], &[]);
}

/// Guards the guard: what it is to find, it finds.
#[test]
fn a_forbidden_import_is_found() {
    let text = "//! crate::bus in words\n#[cfg(test)]\nmod samples;\nuse crate::store::{Store, writer};\n    f(sqlx::a::axum::b());\n\
                let url = \"crate::ws\"; // axum::Router\n#[cfg(test)]\nmod tests { use super::x; }";
    let found = imports(text);
    let expected = [Import::Room("store".into()), Import::Library("sqlx".into())];
    assert_eq!(found, BTreeSet::from(expected));
    assert_eq!(imports("use crate::{store, ws};"), BTreeSet::from([Import::ManyRooms]));
    let store = Rule { room: "http", may: &["chat"], never: &["sqlx"] };
    let faults = found.iter().filter_map(|import| fault(import, &store, &[])).count();
    assert_eq!(faults, 2);
    let of_app = imports("use app::ui::route;");
    assert_eq!(of_app, BTreeSet::from([Import::App("ui".into())]));
    let store = Rule { room: "store", ..store };
    assert_eq!(of_app.iter().filter_map(|import| fault(import, &store, &[])).count(), 1);
}

#[test]
fn no_modules_of_the_server_go_in_circles() {
    assert_no_circles("src");
}

#[test]
fn no_modules_of_the_app_go_in_circles() {
    assert_no_circles("../app/src");
}

/// Guards the guard: a circle is found, and what a parent and its children have to do with each other is
/// none.
#[test]
fn a_circle_is_found() {
    let file = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
    let mut files = vec![
        file("store/mod.rs", "mod rows;\nuse rows::Row;"),
        file("store/rows.rs", "use super::users::{User, deep::{Name}};\nuse super::Store;"),
        file("store/users.rs", "fn a() { crate::store::lease::take(); }"),
        file("store/lease.rs", "// use super::rows::Row;"),
    ];
    assert_eq!(circles(&files), Vec::<Vec<String>>::new());
    files[3].1 = "use super::{\n    rows::Row,\n    Store,\n};".to_owned();
    assert_eq!(circles(&files), [["store::lease", "store::rows", "store::users"]]);
}

/// The client's state routes between its parts. Each is handed what it needs of the others.
#[test]
fn no_part_of_the_state_names_the_state() {
    let routes = |path: &Path| path.starts_with("routing") || path == Path::new("mod.rs");
    let files = sources("../app/src/state");
    let parts = files.iter().filter(|(path, _)| !routes(path) && !path.starts_with("tests"));
    let faults: Vec<_> =
        parts.filter(|(_, text)| names_the_state(text)).map(|(path, _)| path.display()).collect();
    assert!(faults.is_empty(), "parts of the state that name the state: {faults:?}");
    assert!(
        names_the_state("use super::{Effect, State};") && !names_the_state("MyState; // State")
    );
}

/// Whether a file's code has the word.
fn names_the_state(text: &str) -> bool {
    code(text).split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == "State")
}

fn assert_no_circles(folder: &str) {
    let circles: Vec<_> =
        circles(&sources(folder)).into_iter().map(|circle| circle.join(" and ")).collect();
    assert!(circles.is_empty(), "these import one another: {}", circles.join("; "));
}

/// The modules that lead to one another and back, but for parents and their children.
fn circles(files: &[(PathBuf, String)]) -> Vec<Vec<String>> {
    let modules: BTreeSet<Vec<String>> = files.iter().map(|(path, _)| module(path)).collect();
    let leads_to: BTreeMap<_, BTreeSet<_>> = files
        .iter()
        .map(|(path, text)| {
            let from = module(path);
            let is_kin = |to: &Vec<String>| to.starts_with(&from) || from.starts_with(to);
            let to = reached(&from, text, &modules).into_iter().filter(|to| !is_kin(to)).collect();
            (from, to)
        })
        .collect();
    let reachable: BTreeMap<_, _> =
        leads_to.keys().map(|module| (module, reachable(module, &leads_to))).collect();
    let mut circles = BTreeSet::new();
    for (module, to) in &reachable {
        if to.contains(module) {
            let circle = to.iter().filter(|other| reachable[*other].contains(module));
            circles.insert(circle.map(|module| module.join("::")).collect::<Vec<_>>());
        }
    }
    circles.into_iter().collect()
}

/// The modules that one leads to, directly or by others.
fn reachable<'a>(
    from: &'a Vec<String>,
    leads_to: &'a BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
) -> BTreeSet<&'a Vec<String>> {
    let mut found = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(next) = pending.pop() {
        pending.extend(leads_to.get(next).into_iter().flatten().filter(|to| found.insert(*to)));
    }
    found
}

/// The module that a file is.
fn module(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let names = path.components().map(|name| name.as_os_str().to_string_lossy().into_owned());
    let mut module: Vec<_> = names.collect();
    if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        module.pop();
    }
    module
}

/// The modules that a file names in its paths.
fn reached(from: &[String], text: &str, modules: &BTreeSet<Vec<String>>) -> BTreeSet<Vec<String>> {
    let code = code(text);
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("::") {
        let first = last_word(&code[..at]);
        let before = code[..at - first.len()].chars().next_back();
        if first.is_empty() || before == Some(':') {
            continue;
        }
        for path in paths(&code[at - first.len()..]) {
            found.extend(resolve(from, &path, modules));
        }
    }
    found
}

/// The paths that begin here: one, or all those of a list in braces.
fn paths(text: &str) -> Vec<Vec<&str>> {
    let word = first_word(text);
    let rest = &text[word.len()..];
    let Some(rest) = rest.strip_prefix("::") else { return vec![vec![word]] };
    let Some(list) = rest.strip_prefix('{') else {
        let with_first = |path: Vec<_>| [vec![word], path].concat();
        return paths(rest).into_iter().map(with_first).collect();
    };
    let (mut depth, mut begin, mut found) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let entries = paths(list[begin..at].trim_start());
                found.extend(entries.into_iter().map(|path| [vec![word], path].concat()));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// The module that a path leads to; absent where that is none of ours.
fn resolve(from: &[String], path: &[&str], modules: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    let child = |at: &[String], name: &str| [at, &[name.to_owned()]].concat();
    let mut names = path.iter().peekable();
    let mut at = match names.peek().copied()? {
        &"crate" => Vec::new(),
        &("super" | "self") => from.to_vec(),
        first if modules.contains(&child(from, first)) => from.to_vec(),
        _ => return None,
    };
    while let Some(name) = names.next_if(|name| ["crate", "super", "self"].contains(name)) {
        if *name == "super" {
            at.pop();
        }
    }
    while let Some(name) = names.next_if(|name| modules.contains(&child(&at, name))) {
        at = child(&at, name);
    }
    Some(at)
}

/// What only these files of the store may say: connections come with a limit to how long they are
/// waited for, and everyone else has them from there.
const WAITS: &[(&str, &[&str])] = &[
    // A pool itself has no limit to what is asked of it.
    ("SqlitePool", &["lease.rs", "open.rs"]),
    ("MySqlPool", &["lease.rs", "open.rs"]),
    ("PoolConnection", &["lease.rs"]),
    (".acquire(", &["lease.rs"]),
    // A connection that was lent has none either: `on_lease!` and `transact!` give it one.
    ("Lease::of(", &["lease.rs", "transaction.rs"]),
    (".begin()", &["transaction.rs"]),
    (".begin_in_shard()", &["writer/attempt.rs"]),
    // One that is no pool's belongs to a start, each step of which has a limit.
    ("connect()", &["migrate.rs", "server_lock.rs"]),
];

#[test]
fn the_database_is_waited_for_with_a_limit() {
    let mut faults = Vec::new();
    for (path, text) in sources("src/store") {
        let code = code(&text);
        let path = path.to_string_lossy();
        for (words, may) in WAITS {
            if code.contains(words) && !may.contains(&&*path) {
                faults.push(format!("{path}: {words} belongs to {may:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let all: String = sources("src/store").iter().map(|(_, text)| code(text)).collect();
    for (words, _) in WAITS {
        assert!(all.contains(words), "nobody says {words} any more: correct the table");
    }
}

/// A file without its tests and comments.
fn code(text: &str) -> String {
    without_tests(text).lines().map(|line| line.split("//").next().unwrap_or_default()).collect()
}

/// What tests reach for is their own affair. They stand at the end of a file; a line that names a module of
/// tests ends none.
fn without_tests(text: &str) -> &str {
    let begins_tests =
        |at: &usize| text[*at..].lines().nth(1).is_some_and(|line| line.contains('{'));
    let at = text.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at).find(begins_tests);
    &text[..at.unwrap_or(text.len())]
}

/// What a file reaches for outside its own room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Import {
    /// `crate::room…`
    Room(String),
    /// `library::…`
    Library(String),
    /// `app::room…`
    App(String),
    /// `crate::{…}`, which this test does not read.
    ManyRooms,
}

fn check(
    files: &[(PathBuf, String)],
    rules: &[Rule],
    tied_together_by: &[&str],
    everywhere: &[&str],
) {
    assert!(files.len() > 5, "the sources are there");
    let mut faults = Vec::new();
    for (path, text) in files {
        let first = path.components().next().expect("a name").as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs");
        if tied_together_by.contains(&room) {
            continue;
        }
        let Some(rule) = rules.iter().find(|rule| rule.room == room) else {
            faults.push(format!("{}: a room that is not in the table", path.display()));
            continue;
        };
        for import in imports(text) {
            if let Some(fault) = fault(&import, rule, everywhere) {
                faults.push(format!("{}: {fault}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fault(import: &Import, rule: &Rule, everywhere: &[&str]) -> Option<String> {
    let room = rule.room;
    match import {
        Import::Room(other) => {
            let known = other == room
                || rule.may.contains(&other.as_str())
                || everywhere.contains(&other.as_str());
            (!known).then(|| format!("{room} may not import {other}"))
        }
        Import::Library(name) => {
            let barred = rule.never.contains(&name.as_str());
            barred.then(|| format!("{room} may not know {name}"))
        }
        Import::App(other) => {
            let known = other == "protocol" || OF_PAGES.contains(&room);
            (!known).then(|| format!("{room} may not import app::{other}"))
        }
        Import::ManyRooms => Some("write one `use crate::…` a room".to_owned()),
    }
}

fn imports(text: &str) -> BTreeSet<Import> {
    let text = without_tests(text);
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        // Without the texts in it.
        let code: String = line.split('"').step_by(2).collect();
        let mut pieces = code.split("::");
        let mut before = pieces.next().unwrap_or_default();
        // Only the first word of a path tells where it leads.
        let mut starts = true;
        for piece in pieces {
            match last_word(before) {
                "crate" if starts && first_word(piece).is_empty() => {
                    found.insert(Import::ManyRooms);
                }
                "crate" if starts => {
                    found.insert(Import::Room(first_word(piece).to_owned()));
                }
                "app" if starts => {
                    found.insert(Import::App(first_word(piece).to_owned()));
                }
                name if starts && name.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    found.insert(Import::Library(name.to_owned()));
                }
                _ => {}
            }
            starts = first_word(piece) != piece;
            before = piece;
        }
    }
    found
        .retain(|import| !matches!(import, Import::Library(name) if OURS.contains(&name.as_str())));
    found
}

/// Path beginnings that are no libraries.
const OURS: [&str; 5] = ["crate", "self", "super", "std", "core"];

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    &text[..end.unwrap_or(text.len())]
}

fn last_word(text: &str) -> &str {
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    &text[start.map_or(0, |start| start + 1)..]
}

/// All Rust files of a folder of the workspace, by their path in it.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a text");
                let inside = path.strip_prefix(&root).expect("inside").to_owned();
                files.push((inside, text));
            }
        }
    }
    files
}
