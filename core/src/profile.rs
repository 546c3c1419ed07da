//! What can be done with a profile's folder while nobody has it open: look at it, change its passphrase, put a damaged store
//! aside, forget it all; and which folders of a device are profiles.

use crate::error::{Error, Result};
use crate::host::Random;
use crate::ids::to_text;
use crate::rafiq::{Host, Rafiq};
use crate::store::{FileState, Store};
use crate::vault::{self, KeyLock, KeyState, ProfileLock};
use std::path::{Path, PathBuf};

/// What lies in a profile's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileState {
    /// Nothing yet: [`Rafiq::open`] makes a profile.
    Empty,
    /// Opens as it is.
    Ready,
    /// Opens with a passphrase.
    NeedsPassphrase,
    /// Opens, and brings the store to this version's form first; that may take a while.
    NeedsMigration {
        /// How many steps.
        steps: u32,
    },
    /// The platform no longer has the key. The store is kept and cannot be read.
    KeyLost,
    /// Damaged. The store is kept as it is.
    Corrupt,
    /// A newer app wrote it: upgrade.
    NewerVersion,
    /// Another process has it open.
    InUse,
}

/// One profile of a device on which several people, or one person with several lives, have their own.
///
/// Each is a folder with a store, a key, a passphrase and a delay after wrong passphrases of its own; nothing is shared. It must also have
/// a key vault of its own, named by `id`: a wipe deletes that vault's key, and a profile under the same one would be lost with it.
///
/// Whoever can look into the app's folder sees how many profiles there are, how large each is, and `language`; not whose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredProfile {
    /// The folder's name: 16 random letters and digits for those made by [`Rafiq::new_profile`]. It says nothing, and never changes.
    pub id: String,
    /// Where it lies, for [`Rafiq::open`], [`Rafiq::inspect`] and [`Rafiq::wipe`].
    pub folder: PathBuf,
    /// As [`Rafiq::last_language`].
    pub language: Option<String>,
}

impl Rafiq {
    /// The profiles in the folders directly under `root`, by id; also those that are damaged, or locked, or in use. None if there is no such
    /// folder. What is no profile is passed over, and so is one that was wiped. Nothing is opened, and nothing changed.
    pub fn profiles(root: &Path) -> Result<Vec<StoredProfile>> {
        let folders = match std::fs::read_dir(root) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            folders => folders?,
        };
        let mut profiles = Vec::new();
        for found in folders {
            let found = found?;
            let folder = found.path();
            // Names of ours are ASCII; another that is no text could not be told through the bindings either.
            if let Ok(id) = found.file_name().into_string()
                && found.file_type()?.is_dir()
                && vault::is_profile(&folder)?
            {
                profiles.push(StoredProfile { id, language: vault::read_language(&folder), folder });
            }
        }
        profiles.sort();
        Ok(profiles)
    }

    /// A place under `root` for one more profile. Nothing is written: [`Rafiq::open`] makes it there, and from then on it is listed.
    ///
    /// Errors: `Host` (no randomness).
    pub fn new_profile(root: &Path, random: &dyn Random) -> Result<StoredProfile> {
        let id = to_text(&random.bytes::<10>()?);
        Ok(StoredProfile { folder: root.join(&id), id, language: None })
    }

    /// Looks at a profile's folder without changing anything. Without a passphrase given it says so; the rest is known only when
    /// the key is.
    pub fn inspect(folder: &Path, host: &Host) -> Result<ProfileState> {
        match Self::look(folder, host) {
            Ok(state) => Ok(state),
            Err(Error::KeyLost) => Ok(ProfileState::KeyLost),
            Err(Error::Corrupt | Error::WrongKey) => Ok(ProfileState::Corrupt),
            Err(Error::NewerVersion) => Ok(ProfileState::NewerVersion),
            Err(Error::InUse) => Ok(ProfileState::InUse),
            Err(other) => Err(other),
        }
    }

    fn look(folder: &Path, host: &Host) -> Result<ProfileState> {
        match vault::state(folder)? {
            KeyState::Empty => return Ok(ProfileState::Empty),
            KeyState::NeedsPassphrase | KeyState::PlatformOnly => {}
        }
        let _lock = ProfileLock::take(folder)?;
        if vault::state(folder)? == KeyState::NeedsPassphrase {
            return Ok(ProfileState::NeedsPassphrase);
        }
        let key = vault::open(folder, &*host.vault, None, &*host.clock)?;
        Ok(match Store::inspect(folder, key.bytes())? {
            FileState::Empty | FileState::Ready { pending: 0 } => ProfileState::Ready,
            FileState::Ready { pending } => ProfileState::NeedsMigration { steps: pending },
        })
    }

    /// Sets, changes or (`new` is `None`) takes away a profile's passphrase. The store stays as it is, and may be open meanwhile.
    /// A copy of the old key file that somebody kept still opens with the old passphrase on this device.
    ///
    /// Errors: `NotFound` (no profile here), `Locked` (the old one is needed), `WrongPassphrase`, `TryLater`, `Invalid{passphrase, …}`, `KeyLost`,
    /// `Corrupt`, `NewerVersion`, `InUse` (somebody opens, changes or wipes it just now), `Host`, `StorageFull`, `Storage`. After any
    /// of them the old one holds.
    pub fn change_passphrase(folder: &Path, host: &Host, old: Option<&str>, new: Option<&str>) -> Result<()> {
        if vault::state(folder)? == KeyState::Empty {
            return Err(Error::NotFound); // and nothing is left in a folder that is no profile
        }
        let _key = KeyLock::take(folder)?;
        vault::change_passphrase(folder, &*host.vault, old, new, &*host.random, &*host.clock)
    }

    /// Puts a damaged store aside (nothing is deleted), so that the next [`Rafiq::open`] begins a fresh one: as a device that its
    /// spaces do not know yet, to be invited again. Where the damaged files went.
    ///
    /// A store under another key than the profile's counts as damaged: nobody can open it here.
    ///
    /// Errors: `Invalid{profile, not-damaged}` for a store whose every page can be read: it stays where it is; `NotFound` (no store
    /// here); `InUse`; and those of [`Rafiq::open`] about passphrase and key.
    pub fn set_aside(folder: &Path, host: &Host, passphrase: Option<&str>) -> Result<PathBuf> {
        let _key = KeyLock::take(folder)?;
        let _lock = ProfileLock::take(folder)?;
        let key = vault::open(folder, &*host.vault, passphrase, &*host.clock)?;
        match Store::check(folder, key.bytes()) {
            Ok(()) => Err(Error::invalid("profile", "not-damaged")),
            Err(Error::Corrupt | Error::WrongKey) => Store::set_aside(folder, host.clock.now_ms()),
            Err(other) => Err(other),
        }
    }

    /// Forgets a profile: the platform's key first (from then on the rest is unreadable without it), then the key file, then the
    /// store. Ask twice before calling it. If it fails, call it again until it is Ok. `InUse` while it is open, or its passphrase is
    /// being changed.
    pub fn wipe(folder: &Path, host: &Host) -> Result<()> {
        let _key = KeyLock::take(folder)?;
        vault::wipe(&ProfileLock::take(folder)?, &*host.vault)
    }

    /// The language that a profile was last used in: kept beside the store in clear, so that the question for a passphrase can be
    /// asked in it. `None` if none was kept.
    pub fn last_language(folder: &Path) -> Option<String> {
        vault::read_language(folder)
    }

    /// Keeps the language for [`Rafiq::last_language`]. `Invalid{language, format}` if the tag is none.
    pub fn keep_language(folder: &Path, tag: &str) -> Result<()> {
        vault::write_language(folder, tag)
    }
}
