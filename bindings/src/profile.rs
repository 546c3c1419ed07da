//! What can be done with a profile's folder while nobody has it open.

use std::path::Path;
use std::sync::Arc;

use crate::guard::guarded;
use crate::host::{Bytes, host};
use crate::{HostRandom, KeyVault, RafiqError, each};

/// What lies in a profile's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ProfileState {
    /// Nothing yet: `open` makes a profile.
    Empty,
    /// Opens as it is.
    Ready,
    /// Opens with a passphrase.
    NeedsPassphrase,
    /// Opens, and brings the store to this version's form first; that may take a while.
    NeedsMigration {
        /// How many steps.
        steps: i32,
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StoredProfile {
    /// The folder's name: 16 random letters and digits for those made by `new_profile`. It says nothing, and never changes.
    pub id: String,
    /// Where it lies.
    pub folder: String,
    /// As `last_language`.
    pub language: Option<String>,
}

/// The profiles in the folders directly under `root`, by id; also those that are damaged, or locked, or in use. None if there is no such
/// folder. What is no profile is passed over, and so is one that was wiped. Nothing is opened, and nothing changed.
#[uniffi::export]
pub fn list_profiles(root: String) -> Result<Vec<StoredProfile>, RafiqError> {
    guarded("list_profiles", || Ok(each(rafiq::Rafiq::profiles(Path::new(&root))?)))
}

/// A place under `root` for one more profile. Nothing is written: `open` makes it there, and from then on it is listed.
#[uniffi::export(default(random = None))]
pub fn new_profile(root: String, random: Option<Arc<dyn HostRandom>>) -> Result<StoredProfile, RafiqError> {
    guarded("new_profile", || Ok(rafiq::Rafiq::new_profile(Path::new(&root), &Bytes(random))?.into()))
}

/// Looks at a profile's folder without changing anything.
#[uniffi::export]
pub fn inspect_profile(folder: String, vault: Arc<dyn KeyVault>) -> Result<ProfileState, RafiqError> {
    guarded("inspect_profile", || Ok(rafiq::Rafiq::inspect(Path::new(&folder), &host(vault, None, None))?.into()))
}

/// Sets, changes or (`new` left out) takes away a profile's passphrase. It may be open meanwhile. Takes about a second each.
///
/// Errors: `NotFound`, `Locked` (the old one is needed), `WrongPassphrase`, `TryLater`, `Invalid{passphrase, …}`, `KeyLost`, `Corrupt`,
/// `InUse` (it is being opened, changed or wiped), `Host`, `StorageFull`, `Storage`. After any of them the old one holds.
#[uniffi::export(default(old = None, new = None))]
pub fn change_passphrase(
    folder: String,
    vault: Arc<dyn KeyVault>,
    old: Option<String>,
    new: Option<String>,
) -> Result<(), RafiqError> {
    guarded("change_passphrase", || {
        let host = host(vault, None, None);
        rafiq::Rafiq::change_passphrase(Path::new(&folder), &host, old.as_deref(), new.as_deref())
    })
}

/// Puts a damaged store aside (nothing is deleted), so that the next `open` begins a fresh one, which its spaces must invite again.
/// Where the damaged files went.
///
/// Errors: `Invalid{profile, not-damaged}` for a store whose every page can be read: it stays; `NotFound`; `InUse`; those of `open`.
#[uniffi::export(default(passphrase = None))]
pub fn set_profile_aside(
    folder: String,
    vault: Arc<dyn KeyVault>,
    passphrase: Option<String>,
) -> Result<String, RafiqError> {
    guarded("set_profile_aside", || {
        let aside = rafiq::Rafiq::set_aside(Path::new(&folder), &host(vault, None, None), passphrase.as_deref())?;
        Ok(aside.to_string_lossy().into_owned())
    })
}

/// Forgets a profile: the platform's key, the key file, the store, in this order. Ask twice before calling it; if it fails, call it
/// again until it does not. `InUse` while it is open.
#[uniffi::export]
pub fn wipe_profile(folder: String, vault: Arc<dyn KeyVault>) -> Result<(), RafiqError> {
    guarded("wipe_profile", || rafiq::Rafiq::wipe(Path::new(&folder), &host(vault, None, None)))
}

/// The language that a profile was last used in: kept beside the store in clear, so that the question for a passphrase can be asked
/// in it. None if none was kept.
#[uniffi::export]
pub fn last_language(folder: String) -> Result<Option<String>, RafiqError> {
    guarded("last_language", || Ok(rafiq::Rafiq::last_language(Path::new(&folder))))
}

/// Keeps the language for `last_language`. `Invalid{language, format}` if the tag is none.
#[uniffi::export]
pub fn keep_language(folder: String, tag: String) -> Result<(), RafiqError> {
    guarded("keep_language", || rafiq::Rafiq::keep_language(Path::new(&folder), &tag))
}

impl From<rafiq::StoredProfile> for StoredProfile {
    fn from(profile: rafiq::StoredProfile) -> Self {
        let rafiq::StoredProfile { id, folder, language } = profile;
        Self { id, folder: folder.to_string_lossy().into_owned(), language }
    }
}

impl From<rafiq::ProfileState> for ProfileState {
    fn from(state: rafiq::ProfileState) -> Self {
        use rafiq::ProfileState as Core;
        match state {
            Core::Empty => Self::Empty,
            Core::Ready => Self::Ready,
            Core::NeedsPassphrase => Self::NeedsPassphrase,
            Core::NeedsMigration { steps } => Self::NeedsMigration { steps: i32::try_from(steps).unwrap_or(i32::MAX) },
            Core::KeyLost => Self::KeyLost,
            Core::Corrupt => Self::Corrupt,
            Core::NewerVersion => Self::NewerVersion,
            Core::InUse => Self::InUse,
        }
    }
}
