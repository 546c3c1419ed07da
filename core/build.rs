//! Checks every sentence in `locales/` and makes the table of languages that `language` embeds. A message that is missing
//! or one too many, an unknown variable or broken syntax fails the build, with file and line.

#[path = "src/language/check.rs"]
mod check;

use check::{Folder, HEADER_FILE, REFERENCE};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/language/check.rs");
    let locales = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../locales");
    // A folder stands for everything in it, so a new file or a new language is seen too.
    println!("cargo::rerun-if-changed={}", locales.display());

    let mut problems = Vec::new();
    let folders = match read(&locales) {
        Ok(folders) => folders,
        Err(error) => {
            println!("cargo::error=cannot read {}: {error}", locales.display());
            return;
        }
    };
    problems.extend(check::check(&folders).iter().map(ToString::to_string));
    let table = table(&locales, &folders);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("locales.rs");
    if let Err(error) = std::fs::write(&out, table) {
        problems.push(format!("cannot write {}: {error}", out.display()));
    }
    for problem in problems {
        println!("cargo::error={problem}");
    }
}

/// Every folder of `locales/` and the `.ftl` files in it, sorted.
fn read(locales: &Path) -> std::io::Result<Vec<Folder>> {
    let mut folders = Vec::new();
    for folder in std::fs::read_dir(locales)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        let mut files = Vec::new();
        for file in std::fs::read_dir(&folder)? {
            let file = file?.path();
            if file.extension().is_some_and(|extension| extension == "ftl") {
                files.push((name(&file), std::fs::read_to_string(&file)?));
            }
        }
        files.sort();
        folders.push(Folder { tag: name(&folder), files });
    }
    folders.sort_by(|a, b| a.tag.cmp(&b.tag));
    Ok(folders)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Rust source: `REFERENCE`, the tag at the end of every chain, and `LOCALES`, one `Locale` a folder.
fn table(locales: &Path, folders: &[Folder]) -> String {
    let mut table = format!("static REFERENCE: &str = {REFERENCE:?};\npub(super) static LOCALES: &[Locale] = &[\n");
    for folder in folders {
        let header = folder.files.iter().find(|(name, _)| name == HEADER_FILE);
        let header = header.and_then(|(_, text)| check::header(text).ok()).unwrap_or_default();
        let stands_in_for: Vec<(&str, bool)> =
            header.stands_in_for.iter().map(|(tag, same)| (tag.as_str(), *same)).collect();
        // Writing into a String does not fail.
        let _ = writeln!(
            table,
            "    Locale {{ tag: {:?}, locale: {:?}, right_to_left: {}, stands_in_for: &{stands_in_for:?}, files: &[",
            folder.tag, header.locale, header.right_to_left,
        );
        for (file, text) in &folder.files {
            let path = locales.join(&folder.tag).join(file);
            let reviewed = check::reviewed(text) == Some(true);
            let _ = writeln!(
                table,
                "        File {{ reviewed: {reviewed}, text: include_str!({:?}) }},",
                path.display().to_string()
            );
        }
        table.push_str("    ] },\n");
    }
    table.push_str("];\n");
    table
}
