//! The profile that a command works on: its folder, its passphrase, its language.

use crate::General;
use crate::failure::Failure;
use crate::host::{host, key_vault};
use crate::progress::Bar;
use crate::voice::{Voice, sentence};
use rafiq::language::{Args, Language};
use rafiq::support_models::Models;
use rafiq::vault::{self, FileKeyVault, KeyState, MAX_PASSPHRASE};
use rafiq::{Error, Rafiq};
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

type Passphrase = Zeroizing<String>;

/// Where a profile is, and how to come in.
pub(crate) struct Profile {
    folder: PathBuf,
    language: Option<String>,
    passphrase_fd: Option<u32>,
}

impl Profile {
    /// As the arguments say. Nothing is opened yet.
    pub(crate) fn new(general: &General) -> Result<Self, Failure> {
        Ok(Self {
            folder: folder(general).ok_or(Error::Host { reason: "no home folder" })?,
            language: general.language.clone(),
            passphrase_fd: general.passphrase_fd,
        })
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens it, or makes it where there is none: with a passphrase if one is given, else it is said where the key lies.
    pub(crate) fn open(&self, voice: &Voice) -> Result<Rafiq, Failure> {
        let state = vault::state(&self.folder).map_err(|error| self.at(error))?;
        let passphrase = match state {
            KeyState::Empty => self.new_passphrase(voice)?,
            KeyState::NeedsPassphrase => Some(self.passphrase(voice)?),
            // One that is given although none is in use is refused by the library, so that nobody believes in it.
            KeyState::PlatformOnly => self.passphrase_fd.map(read_passphrase).transpose()?,
        };
        let opened = self.open_with(passphrase.as_deref().map(String::as_str), voice)?;
        if state == KeyState::Empty && passphrase.is_none() {
            voice.remark(FileKeyVault::NOTICE, &Args::new());
            eprintln!("{}", key_vault(&self.folder).path().display());
        }
        if key_vault(&self.folder).is_open_to_others() {
            voice.remark("cli-key-open-to-others", &Args::new());
        }
        if let Some(tag) = &self.language {
            vault::write_language(&self.folder, tag)?;
        }
        Ok(opened)
    }

    /// Opens what is there. `NoProfile` where there is nothing.
    pub(crate) fn open_existing(&self, voice: &Voice) -> Result<Rafiq, Failure> {
        if vault::state(&self.folder).map_err(|error| self.at(error))? == KeyState::Empty {
            return Err(Failure::NoProfile(self.folder.clone()));
        }
        self.open(voice)
    }

    fn open_with(&self, passphrase: Option<&str>, voice: &Voice) -> Result<Rafiq, Failure> {
        let bar = Bar::new(&sentence(voice.language(), "cli-opening", &Args::new()));
        let opened = Rafiq::open_with(&self.folder, host(&self.folder), passphrase, Models::shipped(), &bar);
        opened.map_err(|error| self.at(error))
    }

    /// Where the disk refused, it helps to know which folder.
    pub(crate) fn at(&self, error: Error) -> Failure {
        match error {
            Error::Storage { .. } | Error::StorageFull => Failure::At(self.folder.clone(), error),
            other => other.into(),
        }
    }

    fn passphrase(&self, voice: &Voice) -> Result<Passphrase, Failure> {
        match self.passphrase_fd {
            Some(number) => read_passphrase(number),
            None if std::io::stdin().is_terminal() => ask(voice, "cli-passphrase"),
            None => Err(Error::Locked.into()),
        }
    }

    /// For a new profile. At a terminal an empty line means none.
    fn new_passphrase(&self, voice: &Voice) -> Result<Option<Passphrase>, Failure> {
        if let Some(number) = self.passphrase_fd {
            return read_passphrase(number).map(Some);
        }
        if !std::io::stdin().is_terminal() {
            return Ok(None);
        }
        loop {
            let first = ask(voice, "cli-passphrase-new")?;
            if first.is_empty() {
                return Ok(None);
            }
            if ask(voice, "cli-passphrase-again")? == first {
                return Ok(Some(first));
            }
            voice.remark("cli-passphrase-differs", &Args::new());
        }
    }
}

/// For clap: a tag that can be opened.
pub(crate) fn language_tag(tag: &str) -> Result<String, String> {
    Language::open(tag).map(|language| language.tag().to_owned()).map_err(|error| error.to_string())
}

/// The language kept beside the store.
pub(crate) fn remembered_language(general: &General) -> Option<String> {
    vault::read_language(&folder(general)?)
}

/// What the system says: `uk_UA.UTF-8` is `uk-UA`.
pub(crate) fn system_language() -> String {
    let said =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let said = said.unwrap_or_default();
    let tag = said.split(['.', '@']).next().unwrap_or_default();
    if tag.is_empty() || tag == "C" || tag == "POSIX" { "en".into() } else { tag.replace('_', "-") }
}

/// The folder that was named, else ours in the folder for a person's data (the XDG base directory specification).
fn folder(general: &General) -> Option<PathBuf> {
    if let Some(folder) = &general.profile {
        return Some(folder.clone());
    }
    // A relative path in the variable is to be ignored, says the specification.
    let named = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let data = named.or_else(|| Some(std::env::home_dir()?.join(".local/share")))?;
    Some(data.join("rafiq"))
}

fn ask(voice: &Voice, id: &str) -> Result<Passphrase, Failure> {
    let prompt = format!("{} ", sentence(voice.language(), id, &Args::new()));
    Ok(Zeroizing::new(rpassword::prompt_password(prompt)?))
}

/// The first line of an open file descriptor. Opened by its name, which Linux, macOS and the BSDs give it.
fn read_passphrase(number: u32) -> Result<Passphrase, Failure> {
    let path = PathBuf::from(format!("/dev/fd/{number}"));
    let at = |error: Error| Failure::At(path.clone(), error);
    let file = File::open(&path).map_err(|error| at(error.into()))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_PASSPHRASE + 2));
    file.take(MAX_PASSPHRASE as u64 + 2).read_to_end(&mut bytes).map_err(|error| at(error.into()))?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Error::Invalid { field: "passphrase", reason: "format" }.into()),
    }
}
