//! How a damaged database leaves its place: whole, under one name, and over no earlier one.

use super::connection::with_suffix;
use super::{FILE_NAME, sync_folder};
use crate::error::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// The parts of a database, in the order in which they go. The file first: with the mark there and the file gone nothing opens, so
/// that no kill leaves a database without its log, which would open as what it was some time ago. The mark last: where it lies,
/// the move is over.
const PARTS: [&str; 4] = ["", "-wal", "-shm", MARK];
const MARK: &str = ".mark";

pub(super) fn set_aside(directory: &Path, now_ms: i64) -> Result<PathBuf> {
    let live = directory.join(FILE_NAME);
    let begun = if live.exists() { None } else { begun(directory)? };
    let to = begun.unwrap_or_else(|| free_name(directory, now_ms));
    for part in PARTS {
        let from = with_suffix(&live, part);
        if from.exists() {
            fs::rename(&from, with_suffix(&to, part))?;
            sync_folder(directory)?; // a power cut keeps the order too
        }
    }
    Ok(to)
}

fn name(directory: &Path, number: i64) -> PathBuf {
    directory.join(format!("{FILE_NAME}.damaged-{number}"))
}

/// The last database that was moved while its mark was not: there the rest belongs.
fn begun(directory: &Path) -> Result<Option<PathBuf>> {
    let prefix = format!("{FILE_NAME}.damaged-");
    let mut last = None;
    for entry in fs::read_dir(directory)? {
        let entry = entry?.file_name();
        let number = entry.to_str().and_then(|name| name.strip_prefix(&prefix)?.parse::<i64>().ok());
        last = last.max(number.filter(|number| !with_suffix(&name(directory, *number), MARK).exists()));
    }
    Ok(last.map(|number| name(directory, number)))
}

/// A name that no earlier one has, not even in part: two in one millisecond, or a clock that was set back.
fn free_name(directory: &Path, now_ms: i64) -> PathBuf {
    let taken = |number: &i64| PARTS.iter().any(|part| with_suffix(&name(directory, *number), part).exists());
    let number = (now_ms.max(0)..).find(|number| !taken(number)).unwrap_or(now_ms); // as many steps as there are files
    name(directory, number)
}
