//! The key vault of a laptop. A phone has a Keystore or Keychain; here the platform's secret lies in a file beside the store,
//! readable by its owner alone. Whoever has the folder and its owner's rights has the store: only a passphrase helps
//! against that, and [`FileKeyVault::NOTICE`] says so.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::host::{HostError, KeyVault, Random};

const NONCE: usize = 24;

/// Keeps the platform's secret in `platform.key` inside the profile's folder.
pub struct FileKeyVault {
    path: PathBuf,
    random: Arc<dyn Random>,
}

impl FileKeyVault {
    /// The message that the command line shows when a profile is made without a passphrase.
    pub const NOTICE: &str = "cli-key-beside-store";

    /// The vault of the profile in this folder. Nothing is read or written yet.
    pub fn new(profile: &Path, random: Arc<dyn Random>) -> Self {
        Self { path: profile.join("platform.key"), random }
    }

    /// Where the secret lies, to be said to the person.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether others on this computer may read the secret: somebody loosened it, or the disk knows no owners (a memory stick).
    /// Always false where the system has no such bits.
    pub fn is_open_to_others(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.path.metadata().is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
        }
        #[cfg(not(unix))]
        false
    }

    /// `KeyGone` if there is none, or if what is there is no secret of ours any more.
    fn secret(&self) -> Result<Zeroizing<[u8; 32]>, HostError> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(HostError::KeyGone),
            file => file.map_err(failed)?,
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        file.take(33).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| HostError::KeyGone)?))
    }

    fn secret_or_new(&self) -> Result<Zeroizing<[u8; 32]>, HostError> {
        match self.secret() {
            Err(HostError::KeyGone) if !self.path.exists() => {}
            other => return other, // a damaged secret is never overwritten: it may still be mended from a backup
        }
        let mut secret = Zeroizing::new([0; 32]);
        self.random.fill(secret.as_mut_slice())?;
        // Written beside and put in place, so that a kill leaves no half of a secret.
        let beside = self.path.with_extension("key.new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside).map_err(failed)?;
        file.write_all(secret.as_slice()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(&beside, &self.path).map_err(failed)?;
        self.sync_folder()?;
        Ok(secret)
    }

    fn sync_folder(&self) -> Result<(), HostError> {
        match self.path.parent() {
            Some(folder) if cfg!(unix) && folder.is_dir() => {
                File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
            }
            _ => Ok(()),
        }
    }
}

impl KeyVault for FileKeyVault {
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, HostError> {
        let mut nonce = [0; NONCE];
        self.random.fill(&mut nonce)?;
        let cipher = XChaCha20Poly1305::new((&*self.secret_or_new()?).into());
        let sealed = cipher.encrypt(&XNonce::from(nonce), secret).map_err(failed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, HostError> {
        let (nonce, sealed) = wrapped.split_first_chunk::<NONCE>().ok_or(HostError::KeyGone)?;
        let cipher = XChaCha20Poly1305::new((&*self.secret()?).into());
        // What was wrapped under another secret cannot be had from this one.
        cipher.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| HostError::KeyGone)
    }

    fn delete(&self) -> Result<(), HostError> {
        for path in [&self.path, &self.path.with_extension("key.new")] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
        self.sync_folder()
    }
}

fn failed(error: impl std::fmt::Display) -> HostError {
    HostError::Failed { reason: error.to_string() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::*;
    use std::fs;

    struct System;

    impl Random for System {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
            getrandom::fill(buffer).map_err(failed)
        }
    }

    fn in_folder(folder: &Path) -> FileKeyVault {
        FileKeyVault::new(folder, Arc::new(System))
    }

    #[test]
    fn wraps_and_unwraps() {
        let folder = tempfile::tempdir().unwrap();
        let vault = in_folder(folder.path());
        assert_eq!(vault.unwrap(&[0; 72]), Err(HostError::KeyGone), "nothing was ever wrapped");
        let wrapped = vault.wrap(b"a secret").unwrap();
        assert_ne!(wrapped, vault.wrap(b"a secret").unwrap(), "never twice the same bytes");
        assert_eq!(in_folder(folder.path()).unwrap(&wrapped).unwrap(), b"a secret");
        assert!(!wrapped.windows(8).any(|w| w == b"a secret"));
        for place in 0..wrapped.len() {
            let mut flipped = wrapped.clone();
            flipped[place] ^= 1;
            assert_eq!(vault.unwrap(&flipped), Err(HostError::KeyGone));
            assert_eq!(vault.unwrap(&wrapped[..place]), Err(HostError::KeyGone));
        }
    }

    #[test]
    #[cfg(unix)]
    fn only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let vault = in_folder(folder.path());
        vault.wrap(b"x").unwrap();
        assert_eq!(fs::metadata(vault.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!vault.is_open_to_others());
        fs::set_permissions(vault.path(), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(vault.is_open_to_others());
    }

    #[test]
    fn lost_or_damaged_or_another() {
        let folder = tempfile::tempdir().unwrap();
        let vault = in_folder(folder.path());
        let wrapped = vault.wrap(b"a secret").unwrap();
        let secret = fs::read(vault.path()).unwrap();
        for damaged in [&secret[..31], &[], &[secret.as_slice(), &[0]].concat(), &[7; 32]] {
            fs::write(vault.path(), damaged).unwrap();
            assert_eq!(vault.unwrap(&wrapped), Err(HostError::KeyGone));
            assert_eq!(fs::read(vault.path()).unwrap(), damaged, "left as it is");
        }
        fs::write(vault.path(), &secret[..31]).unwrap();
        assert_eq!(vault.wrap(b"x"), Err(HostError::KeyGone), "never silently a fresh secret over a damaged one");
        fs::write(vault.path(), &secret).unwrap();
        assert_eq!(vault.unwrap(&wrapped).unwrap(), b"a secret");
        vault.delete().unwrap();
        vault.delete().unwrap();
        assert!(!vault.path().exists());
        assert_eq!(vault.unwrap(&wrapped), Err(HostError::KeyGone));
    }
}
