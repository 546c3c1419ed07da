//! What can be done with a profile's folder while nobody has it open.

use std::path::Path;
use std::sync::Arc;

use crate::guard::guarded;
use crate::host::host;
use crate::{KeyVault, RafiqError};

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
