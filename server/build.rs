//! Takes the built site (`target/site`, or the folder that `KITH_SITE_DIR` names) into the
//! server: a copy of each file, and beside it one packed with brotli.
//!
//! Without a built site the server compiles all the same, and serves pages without looks or life.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Packed only when it is worth it, and worth waiting for.
const QUALITY: u32 = 11;
const WINDOW: u32 = 24;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=KITH_SITE_DIR");
    let built = match env::var_os("KITH_SITE_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/site"),
    };
    println!("cargo::rerun-if-changed={}", built.display());
    let packed = Path::new(&env::var("OUT_DIR")?).join("site");
    if packed.exists() {
        fs::remove_dir_all(&packed)?;
    }
    fs::create_dir_all(&packed)?;
    if built.is_dir() {
        let pack = env::var("PROFILE").is_ok_and(|profile| profile == "release");
        copy(&built, &packed, pack)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, pack: bool) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, pack)?;
            continue;
        }
        println!("cargo::rerun-if-changed={}", entry.path().display());
        let bytes = fs::read(entry.path())?;
        fs::write(&target, &bytes)?;
        if pack && bytes.len() > 1_000 {
            let mut name = target.into_os_string();
            name.push(".br");
            let mut writer =
                brotli::CompressorWriter::new(fs::File::create(name)?, 65_536, QUALITY, WINDOW);
            writer.write_all(&bytes)?;
            writer.flush()?;
        }
    }
    Ok(())
}
