//! Turns the texts in `locales/` into code: a constant for each key, and a table of texts for each
//! language. What a language lacks, or fills in differently, does not compile.
//!
//! Browsers get the texts of their page's language beside the page, so that the WebAssembly holds
//! no more than the keys (docs/decisions/0011).

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

/// Each has a file in `locales/`. The first is the one that the others are held against.
const LANGUAGES: [&str; 2] = ["en", "zh"];
/// The sections that only the server puts into pages; browsers do not get them.
const SERVER_ONLY: [&str; 17] = [
    "avatar",
    "contacts",
    "emoji",
    "files",
    "forward",
    "found",
    "groups",
    "menu",
    "misdirected",
    "mute",
    "parts",
    "profile",
    "reminders",
    "schedules",
    "settings",
    "shortcuts",
    "sign_in",
];

/// Where the types of the keys are.
const WORDS: &str = "crate::ui::words";

type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let mut languages = Vec::new();
    for language in LANGUAGES {
        let file = format!("{}/locales/{language}.json", env::var("CARGO_MANIFEST_DIR")?);
        let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        let node = read(&serde_json::from_str(&text)?).map_err(|why| format!("{file}: {why}"))?;
        languages.push(node);
    }
    for (language, name) in languages.iter().zip(LANGUAGES).skip(1) {
        compare(&languages[0], language, "").map_err(|why| format!("{name}.json {why}"))?;
    }
    let code = generate(&languages)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), code)?;
    Ok(())
}

enum Node {
    Section(BTreeMap<String, Node>),
    /// One text; several are a list, chosen from by number, such as the names of the months.
    Texts(Vec<String>),
    /// What is counted: the form for one, and the form for any other number.
    Counted([String; 2]),
}

impl Node {
    fn texts(&self) -> &[String] {
        match self {
            Self::Section(_) => &[],
            Self::Texts(texts) => texts,
            Self::Counted(forms) => forms,
        }
    }

    /// The names between double braces, in the order in which they first appear.
    fn blanks(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for part in self.texts().iter().flat_map(|text| text.split("{{").skip(1)) {
            let name = part.split("}}").next().unwrap_or_default().trim();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

fn read(value: &Value) -> Result<Node, String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("what is no text");
    Ok(match value {
        Value::Array(entries) => Node::Texts(entries.iter().map(text).collect::<Result<_, _>>()?),
        Value::Object(entries) => match entries.get("other") {
            // A language that does not tell one from many has only the other form.
            Some(other) if entries.keys().all(|key| key == "one" || key == "other") => {
                Node::Counted([text(entries.get("one").unwrap_or(other))?, text(other)?])
            }
            _ => {
                let entry = |(key, value): (&String, _)| Ok((key.clone(), read(value)?));
                Node::Section(entries.iter().map(entry).collect::<Result<_, String>>()?)
            }
        },
        value => Node::Texts(vec![text(value)?]),
    })
}

fn compare(first: &Node, other: &Node, path: &str) -> Result<(), String> {
    if let (Node::Section(first), Node::Section(other)) = (first, other) {
        for (key, node) in first {
            let same = other.get(key).ok_or_else(|| format!("lacks {path}{key}"))?;
            compare(node, same, &format!("{path}{key}."))?;
        }
        let surplus = other.keys().find(|key| !first.contains_key(*key));
        return surplus.map_or(Ok(()), |key| Err(format!("alone has {path}{key}")));
    }
    let sorted = |node: &Node| {
        let mut names: Vec<_> = node.blanks().into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        (std::mem::discriminant(node), node.texts().len(), names)
    };
    if sorted(first) == sorted(other) { Ok(()) } else { Err(format!("has another {path}")) }
}

/// The code, and beside it the tables, as they grow.
struct Output {
    code: String,
    tables: Vec<Vec<String>>,
}

fn generate(languages: &[Node]) -> Result<String, Failed> {
    let mut output = Output { code: String::new(), tables: vec![Vec::new(); languages.len()] };
    output.code.push_str("pub mod keys {\n");
    output.sections(languages, false)?;
    let for_browsers = output.tables[0].len();
    output.sections(languages, true)?;
    output.code.push_str("}\n");
    let Output { mut code, tables } = output;
    writeln!(code, "#[cfg(feature = \"ssr\")] pub const FOR_BROWSERS: usize = {for_browsers};")?;
    for (table, language) in tables.iter().zip(LANGUAGES) {
        let name = language.to_uppercase();
        writeln!(code, "#[cfg(feature = \"ssr\")] pub static {name}: &[&str] = &{table:?};")?;
    }
    Ok(code)
}

impl Output {
    /// The sections for the server alone, or all others.
    fn sections(&mut self, languages: &[Node], server_only: bool) -> Result<(), Failed> {
        let Some(Node::Section(sections)) = languages.first() else { return Ok(()) };
        for key in sections.keys() {
            if SERVER_ONLY.contains(&key.as_str()) == server_only {
                if server_only {
                    self.code.push_str("#[cfg(feature = \"ssr\")]\n");
                }
                self.node(key, &inner(languages.iter().collect(), key))?;
            }
        }
        Ok(())
    }

    /// One key, whose nodes stand in `languages` in their order.
    fn node(&mut self, key: &str, languages: &[&Node]) -> Result<(), Failed> {
        let at = self.tables[0].len();
        let first = languages[0];
        let names = first.blanks();
        for (table, node) in self.tables.iter_mut().zip(languages) {
            table.extend(node.texts().iter().map(|text| numbered(text, &names)));
        }
        let code = &mut self.code;
        match first {
            Node::Section(entries) => {
                writeln!(code, "pub mod {key} {{")?;
                for key in entries.keys() {
                    self.node(key, &inner(languages.to_vec(), key))?;
                }
                self.code.push_str("}\n");
            }
            Node::Texts(texts) if texts.len() > 1 => {
                writeln!(
                    code,
                    "pub const {key}: {WORDS}::List = {WORDS}::List {{ at: {at}, length: {} }};",
                    texts.len()
                )?;
            }
            Node::Texts(_) if names.is_empty() => {
                writeln!(code, "pub const {key}: {WORDS}::Text = {WORDS}::Text({at});")?;
            }
            Node::Texts(_) => {
                fields(code, key, &names)?;
                let values: Vec<_> = names.iter().map(|name| format!("self.{name}")).collect();
                let values = values.join(", ");
                writeln!(
                    code,
                    "impl {key}<'_> {{ pub fn text(self, words: {WORDS}::Words) -> String {{ \
                     words.filled({at}, &[{values}]) }} }}"
                )?;
            }
            Node::Counted(_) => {
                writeln!(code, "pub const {key}: {WORDS}::Counted = {WORDS}::Counted({at});")?;
            }
        }
        Ok(())
    }
}

fn inner<'a>(languages: Vec<&'a Node>, key: &str) -> Vec<&'a Node> {
    let entry = |node: &'a Node| match node {
        Node::Section(entries) => entries.get(key),
        _ => None,
    };
    languages.into_iter().filter_map(entry).collect()
}

/// The values that a text is filled with: to forget one does not compile.
fn fields(code: &mut String, key: &str, names: &[&str]) -> Result<(), Failed> {
    writeln!(code, "pub struct {key}<'a> {{")?;
    for name in names {
        writeln!(code, "pub {name}: &'a dyn std::fmt::Display,")?;
    }
    code.push_str("}\n");
    Ok(())
}

/// The text with the names between braces replaced by their numbers: `{0}`.
fn numbered(text: &str, names: &[&str]) -> String {
    let mut parts = text.split("{{");
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        let number = names.iter().position(|known| *known == name.trim()).unwrap_or_default();
        numbered.extend(["{", &number.to_string(), "}", rest]);
    }
    numbered
}
