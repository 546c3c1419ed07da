//! A profile's folder: which files it has, who owns it, and how a small file is replaced so that a power cut leaves the old
//! one or the new one.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use unic_langid::LanguageIdentifier;

use crate::error::{Error, Result};
use crate::store::{self, sync_folder};

/// All our files begin so; a wipe takes these and no others.
const OURS: &str = "rafiq.";
/// The longest language tag that is read.
const MAX_TAG: usize = 64;

/// Where things lie in a profile's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The folder.
    pub dir: PathBuf,
    /// The encrypted database.
    pub store: PathBuf,
    /// The wrapped key.
    pub key: PathBuf,
    /// Held by the process that owns the profile; always empty.
    pub lock: PathBuf,
    /// Held while somebody works with the key file; always empty.
    pub key_lock: PathBuf,
    /// The last language, in clear, so that "wrong passphrase" can be said before anything is open.
    pub language: PathBuf,
    /// How many passphrases were wrong, and when the last was, in clear.
    pub tries: PathBuf,
}

/// Where things lie in a profile's folder; nothing needs to exist.
pub fn paths(dir: &Path) -> Paths {
    Paths {
        dir: dir.to_owned(),
        store: dir.join(store::FILE_NAME),
        key: dir.join("rafiq.key"),
        lock: dir.join("rafiq.lock"),
        key_lock: dir.join("rafiq.key.lock"),
        language: dir.join("rafiq.language"),
        tries: dir.join("rafiq.tries"),
    }
}

/// The sign that this process owns a profile. The operating system frees it when this is dropped and when the process dies.
/// (iOS kills an app that is suspended while it holds a lock: drop it on suspend.)
#[derive(Debug)]
pub struct ProfileLock {
    paths: Paths,
    _file: File,
}

impl ProfileLock {
    /// Takes the profile, making its folder if need be. `InUse` if another process, or another object in this one, has it.
    pub fn take(dir: &Path) -> Result<Self> {
        make_folder(dir)?;
        let paths = paths(dir);
        Ok(Self { _file: locked(&paths.lock)?, paths })
    }

    /// The files of the profile that it holds.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }
}

/// The sign that somebody makes, opens, changes or forgets a profile's key. It is a lock of its own, since a passphrase is changed also
/// while the profile is open, and beside a wipe that would write a forgotten key back. Held for as long as that takes, no longer.
#[derive(Debug)]
pub struct KeyLock {
    _file: File,
}

impl KeyLock {
    /// Takes the key, making the profile's folder if need be. `InUse` if somebody else is at it.
    pub fn take(dir: &Path) -> Result<Self> {
        make_folder(dir)?;
        Ok(Self { _file: locked(&paths(dir).key_lock)? })
    }
}

/// The lock file, held. It is never removed: two could then hold one each.
fn locked(path: &Path) -> Result<File> {
    let file = private().read(true).write(true).create(true).truncate(false).open(path)?;
    try_lock(&file)?;
    Ok(file)
}

/// `flock`, as the standard library does it; but up to Rust 1.97 that one answers "unsupported" on Android (rust#148325).
#[cfg(unix)]
pub(crate) fn try_lock(file: &File) -> Result<()> {
    use rustix::fs::{FlockOperation, flock};
    flock(file, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
        if error == rustix::io::Errno::WOULDBLOCK { Error::InUse } else { std::io::Error::from(error).into() }
    })
}

#[cfg(not(unix))]
pub(crate) fn try_lock(file: &File) -> Result<()> {
    file.try_lock().map_err(|error| match error {
        std::fs::TryLockError::WouldBlock => Error::InUse,
        std::fs::TryLockError::Error(error) => error.into(),
    })
}

/// The language last used here, as a canonical BCP 47 tag; `None` if there is none or the file is not one (it is only a
/// convenience, and anybody may write it).
pub fn read_language(dir: &Path) -> Option<String> {
    let bytes = read_bounded(&paths(dir).language, MAX_TAG).ok()??;
    canonical(std::str::from_utf8(&bytes).ok()?.trim_end())
}

/// Remembers the language beside the store, in clear. `Invalid{language}` if the tag is none.
pub fn write_language(dir: &Path, tag: &str) -> Result<()> {
    let tag = canonical(tag).ok_or(Error::invalid("language", "format"))?;
    if read_language(dir).as_ref() == Some(&tag) {
        return Ok(());
    }
    make_folder(dir)?;
    replace(&paths(dir).language, tag.as_bytes())
}

fn canonical(tag: &str) -> Option<String> {
    // The parser takes "" for "und".
    let fits = (2..=MAX_TAG).contains(&tag.len());
    fits.then(|| tag.parse::<LanguageIdentifier>().ok()).flatten().map(|tag| tag.to_string())
}

/// Makes the folder, readable by its owner alone where the system has such a thing.
pub(crate) fn make_folder(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(dir)?)
}

/// Whether there is a store, whole or in parts.
pub(super) fn has_store(dir: &Path) -> Result<bool> {
    let part = |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(store::FILE_NAME));
    Ok(ours(dir)?.iter().any(part))
}

/// Whether a key or a store lies here, sound or not.
pub(crate) fn is_profile(dir: &Path) -> Result<bool> {
    Ok(paths(dir).key.is_file() || has_store(dir)?)
}

/// Our files in a folder; none if the folder is not there.
pub(super) fn ours(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(OURS) && !entry.file_type()?.is_dir() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// The whole file if it has at most `most` bytes, `None` if it has more.
pub(super) fn read_bounded(path: &Path, most: usize) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}

/// The name under which a file is written before it takes its place.
pub(super) fn temporary(path: &Path) -> PathBuf {
    path.with_added_extension("new")
}

/// Writes a file beside, makes it durable, puts it in place, and makes that durable.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = temporary(path);
    write_durably(&beside, bytes)?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Writes over a small file that is there, as long as what is written: a power cut may leave a part of each.
pub(super) fn overwrite(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// Removes a file; one that is not there is removed already.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        result => Ok(result?),
    }
}

/// Files that only their owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
