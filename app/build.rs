//! Turns the translations in `locales/` into code, so that a missing key does not compile.
//!
//! The macro `load_locales!` does the same, but without the option to interpolate into a string;
//! the ready-made build helper would bring half of ICU's tooling along.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?.parse_options(options);
    let here = env::var("CARGO_MANIFEST_DIR")?;
    let code = gen_code(&parse_locales(Some(here.into()), config)?, None, false, None, false)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), code.to_string())?;
    Ok(())
}
