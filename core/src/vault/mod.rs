//! Keys at rest. The database key is random and raw; on disk it lies in the key file, wrapped under
//! HKDF(platform secret ‖ Argon2id(passphrase)). The platform secret comes back only through the host's
//! [`KeyVault`]; without a passphrase it alone protects the key. What was lost is never silently replaced by a fresh key.
//!
//! All calls here that read or write a key suppose that the caller holds its [`KeyLock`]; a wipe needs the [`ProfileLock`] too.

mod file_vault;
mod key_file;
mod passphrase;
mod profile;
mod tries;

use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::host::{Clock, HostError, KeyVault, Random};
use crate::store::sync_folder;
use key_file::KeyFile;
use passphrase::{Cost, Prepared};

pub use file_vault::FileKeyVault;
pub use passphrase::MAX_PASSPHRASE;
pub(crate) use profile::is_profile;
pub use profile::{KeyLock, Paths, ProfileLock, paths, read_language, write_language};
pub(crate) use profile::{make_folder, try_lock};

/// The database key. It is wiped from memory when dropped and never shown.
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// The raw 32 bytes, for the store.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What lies in a profile's folder, told without any key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Neither a key nor a store: a profile can be made here.
    Empty,
    /// A key that the platform alone protects.
    PlatformOnly,
    /// A key that also needs the passphrase.
    NeedsPassphrase,
}

/// Looks at a profile's folder without changing anything and without the platform.
///
/// Errors: `KeyLost` (a store without its key file), `Corrupt`, `NewerVersion`, `Storage`.
pub fn state(dir: &Path) -> Result<KeyState> {
    let file = match read(dir) {
        Err(Error::NotFound) => return Ok(KeyState::Empty),
        other => other?,
    };
    Ok(if file.cost.is_some() { KeyState::NeedsPassphrase } else { KeyState::PlatformOnly })
}

/// Makes the database key of a new profile and writes its key file (durable when this returns). The folder is made if it is
/// not there. With a passphrase, Argon2id is calibrated to about a second on this device by the host's clock.
///
/// Errors: `Invalid{profile}` if there is a key already, `KeyLost` if there is a store without one, `Invalid{passphrase}` (empty
/// or longer than [`MAX_PASSPHRASE`] bytes), `Host`, `StorageFull`, `Storage`.
pub fn create(
    dir: &Path,
    vault: &dyn KeyVault,
    passphrase: Option<&str>,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<Key> {
    let prepared = passphrase.map(passphrase::prepare).transpose()?;
    make_folder(dir)?;
    match read(dir) {
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
        Ok(_) => return Err(Error::invalid("profile", "exists")),
    }
    let key = Key(Zeroizing::new(random.bytes()?));
    write(dir, &key, vault, prepared.as_ref(), random, clock)?;
    Ok(key)
}

/// Opens the key file. Takes about a second with a passphrase.
///
/// Errors: `NotFound` (no profile here), `Locked` (a passphrase is needed), `WrongPassphrase`, `TryLater` (it was wrong too often), `Invalid{passphrase}` (empty, too
/// long, or given though none is in use), `KeyLost` (the key file is gone while a store is there, or the platform's key is gone
/// or another one), `Corrupt` (the key file is damaged), `NewerVersion`, `Host` (the vault failed: try again), `Storage`.
pub fn open(dir: &Path, vault: &dyn KeyVault, passphrase: Option<&str>, clock: &dyn Clock) -> Result<Key> {
    let prepared = passphrase.map(passphrase::prepare).transpose()?;
    let file = read(dir)?;
    if file.cost.is_some() && prepared.is_none() {
        return Err(Error::Locked);
    }
    let platform = platform_secret(&file, vault)?;
    // A passphrase that the file does not ask for is not used, and the person is told so below, not left to believe in it.
    let used = if file.cost.is_some() { prepared.as_ref() } else { None };
    if used.is_some() {
        tries::count(dir, clock.now_ms())?;
    }
    let wrapping = wrapping_key(&platform, &file.salt, file.cost.zip(used))?;
    match file.open(&wrapping) {
        Some(_) if prepared.is_some() && used.is_none() => Err(Error::invalid("passphrase", "not-used")),
        Some(key) => {
            if used.is_some() {
                tries::forget(dir)?;
            }
            Ok(Key(key))
        }
        None if used.is_some() => Err(Error::WrongPassphrase),
        None => Err(Error::Corrupt), // the platform's part was right and there is no other
    }
}

/// Sets, changes or (`new` is `None`) takes away the passphrase. The database key stays; the key file is replaced in one step, so
/// that a kill at any moment leaves the old one or the new one. Errors as [`open`] and [`create`].
///
/// A copy of the old key file that somebody kept still opens with the old passphrase on this device.
pub fn change_passphrase(
    dir: &Path,
    vault: &dyn KeyVault,
    old: Option<&str>,
    new: Option<&str>,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<()> {
    let prepared = new.map(passphrase::prepare).transpose()?;
    let key = open(dir, vault, old, clock)?;
    write(dir, &key, vault, prepared.as_ref(), random, clock)
}

/// Forgets a profile: the platform's key first (from then on the rest is unreadable without it), then the key file, then the
/// store. Each step goes on if one before it failed, and the first failure is told: call again until it is Ok. The lock files
/// stay, empty. Only files of ours are touched; the folder may hold others.
pub fn wipe(lock: &ProfileLock, vault: &dyn KeyVault) -> Result<()> {
    let platform = vault.delete().map_err(Error::from);
    let paths = lock.paths();
    let key = profile::remove(&paths.key).and(profile::remove(&profile::temporary(&paths.key)));
    let key = key.and(sync_folder(&paths.dir));
    let files = profile::ours(&paths.dir).and_then(|found| {
        let store = found.iter().filter(|file| **file != paths.lock && **file != paths.key_lock);
        store.map(|file| profile::remove(file)).fold(Ok(()), Result::and)
    });
    platform.and(key).and(files).and(sync_folder(&paths.dir))
}

/// The key file; without one, `KeyLost` if there is a store, else `NotFound`.
fn read(dir: &Path) -> Result<KeyFile> {
    let path = paths(dir).key;
    match profile::read_bounded(&path, key_file::MAX_BYTES) {
        Ok(Some(bytes)) => KeyFile::decode(&bytes),
        Ok(None) => Err(Error::Corrupt), // too long
        Err(Error::NotFound) if profile::has_store(dir)? => Err(Error::KeyLost),
        Err(error) => Err(error),
    }
}

fn write(
    dir: &Path,
    key: &Key,
    vault: &dyn KeyVault,
    prepared: Option<&Prepared>,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<()> {
    let platform: Zeroizing<[u8; 32]> = Zeroizing::new(random.bytes()?);
    let wrapped = vault.wrap(platform.as_slice())?;
    let cost = prepared.map(|_| Cost::calibrate(clock)).transpose()?;
    let salt = random.bytes()?;
    let wrapping = wrapping_key(&platform, &salt, cost.zip(prepared))?;
    let file = KeyFile::seal(&key.0, &wrapping, &platform, wrapped, cost, salt, random.bytes()?)?;
    profile::replace(&paths(dir).key, &file.encode())
}

/// `KeyLost` if the platform has forgotten its key or gives back something else than it was given.
fn platform_secret(file: &KeyFile, vault: &dyn KeyVault) -> Result<Zeroizing<[u8; 32]>> {
    let secret = match vault.unwrap(&file.wrapped) {
        Ok(secret) => Zeroizing::new(secret),
        Err(HostError::KeyGone) => return Err(Error::KeyLost),
        Err(failed) => return Err(failed.into()),
    };
    let secret: Zeroizing<[u8; 32]> = Zeroizing::new(secret.as_slice().try_into().map_err(|_| Error::KeyLost)?);
    if file.knows(&secret) { Ok(secret) } else { Err(Error::KeyLost) }
}

fn wrapping_key(
    platform: &[u8; 32],
    salt: &[u8; 16],
    passphrase: Option<(Cost, &Prepared)>,
) -> Result<Zeroizing<[u8; 32]>> {
    let mut material = Zeroizing::new([0; 64]);
    material[..32].copy_from_slice(platform);
    let mut length = 32;
    if let Some((cost, prepared)) = passphrase {
        material[32..].copy_from_slice(cost.derive(prepared, salt)?.as_slice());
        length = 64;
    }
    let mut wrapping = Zeroizing::new([0; 32]);
    hkdf::Hkdf::<sha2::Sha256>::new(Some(salt), &material[..length])
        .expand(b"rafiq 2026 key file v1", wrapping.as_mut_slice())
        .map_err(|_| Error::bug("vault hkdf"))?;
    Ok(wrapping)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests;
