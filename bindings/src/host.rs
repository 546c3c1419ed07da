//! What the host supplies, and what stands in where it supplies nothing: the system's clock and randomness.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rafiq::host as core;
use rafiq::vault::FileKeyVault;

use crate::guard::guarded;
use crate::{HostError, RafiqError};

/// A secret of the platform that never leaves it: Android Keystore, iOS Keychain, a file on a laptop.
#[uniffi::export(with_foreign)]
pub trait KeyVault: Send + Sync {
    /// Wraps a secret under the platform's key, making that key first if there is none.
    fn wrap(&self, secret: Vec<u8>) -> Result<Vec<u8>, HostError>;
    /// Unwraps what `wrap` gave; `KeyGone` if the platform's key no longer exists.
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, HostError>;
    /// Forgets the platform's key: everything under it becomes unreadable.
    fn delete(&self) -> Result<(), HostError>;
}

/// The wall clock of the device. Leave it out to use the system's; tests and hosts with a better clock supply one.
#[uniffi::export(with_foreign)]
pub trait HostClock: Send + Sync {
    /// Unix time in milliseconds, UTC. Where this fails, the system's clock is asked.
    fn now_ms(&self) -> Result<i64, HostError>;
}

/// Randomness fit for keys. Leave it out to use the system's, which is right for every app: whoever can guess these bytes reads
/// everything. For tests that must come out the same, and for platforms without a system call for it.
#[uniffi::export(with_foreign)]
pub trait HostRandom: Send + Sync {
    /// Exactly `count` bytes.
    fn bytes(&self, count: i32) -> Result<Vec<u8>, HostError>;
}

/// Large input in pieces.
#[uniffi::export(with_foreign)]
pub trait ByteSource: Send + Sync {
    /// At most `max` further bytes; empty means the end.
    fn read(&self, max: i32) -> Result<Vec<u8>, HostError>;
}

/// Large output in pieces.
#[uniffi::export(with_foreign)]
pub trait ByteSink: Send + Sync {
    /// Takes these bytes, all of them.
    fn write(&self, bytes: Vec<u8>) -> Result<(), HostError>;
}

/// How far long work has come.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// `done` of `total` (0 while unknown). `false`, or a failure, cancels: what was done is kept.
    fn report(&self, done: i64, total: i64) -> Result<bool, HostError>;
}

/// The key vault of a laptop: the platform's secret lies in the file `platform.key` in the profile's folder, readable by its owner
/// alone. Whoever has the folder and its owner's rights has the store; only a passphrase helps against that. The `rafiq` command
/// uses the same file. Phones have better: Android Keystore, iOS Keychain.
#[uniffi::export]
pub fn file_key_vault(folder: String) -> Result<Arc<dyn KeyVault>, RafiqError> {
    guarded("file_key_vault", || {
        let vault: Arc<dyn KeyVault> = Arc::new(Laptop(FileKeyVault::new(Path::new(&folder), Arc::new(Bytes(None)))));
        Ok(vault)
    })
}

/// What the core asks, answered by what the host gave.
pub(crate) fn host(
    vault: Arc<dyn KeyVault>,
    clock: Option<Arc<dyn HostClock>>,
    random: Option<Arc<dyn HostRandom>>,
) -> rafiq::Host {
    rafiq::Host {
        vault: Arc::new(TheirVault(vault)),
        clock: Arc::new(WallClock(clock)),
        random: Arc::new(Bytes(random)),
    }
}

/// A host's source of bytes, as the core reads it.
pub(crate) struct TheirSource(pub(crate) Arc<dyn ByteSource>);

/// What a host does with bytes, as the core writes them.
pub(crate) struct TheirSink(pub(crate) Arc<dyn ByteSink>);

/// A host's progress, as the core reports it; `None` does not watch.
pub(crate) struct TheirProgress(pub(crate) Option<Arc<dyn ProgressListener>>);

struct TheirVault(Arc<dyn KeyVault>);
struct WallClock(Option<Arc<dyn HostClock>>);
pub(crate) struct Bytes(pub(crate) Option<Arc<dyn HostRandom>>);
struct Laptop(FileKeyVault);

impl core::KeyVault for TheirVault {
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, core::HostError> {
        Ok(self.0.wrap(secret.to_vec())?)
    }
    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, core::HostError> {
        Ok(self.0.unwrap(wrapped.to_vec())?)
    }
    fn delete(&self) -> Result<(), core::HostError> {
        Ok(self.0.delete()?)
    }
}

impl KeyVault for Laptop {
    fn wrap(&self, secret: Vec<u8>) -> Result<Vec<u8>, HostError> {
        Ok(core::KeyVault::wrap(&self.0, &secret)?)
    }
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, HostError> {
        Ok(core::KeyVault::unwrap(&self.0, &wrapped)?)
    }
    fn delete(&self) -> Result<(), HostError> {
        Ok(core::KeyVault::delete(&self.0)?)
    }
}

impl core::Clock for WallClock {
    #[allow(clippy::disallowed_methods)] // this is the host that supplies the clock
    fn now_ms(&self) -> i64 {
        let told = self.0.as_ref().and_then(|clock| clock.now_ms().ok());
        told.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
    }
}

impl core::Random for Bytes {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), core::HostError> {
        let failed = |reason: &str| core::HostError::Failed { reason: reason.to_owned() };
        let Some(random) = &self.0 else { return getrandom::fill(buffer).map_err(|_| failed("randomness")) };
        let bytes = random.bytes(i32::try_from(buffer.len()).map_err(|_| failed("too much randomness"))?)?;
        if bytes.len() != buffer.len() {
            return Err(failed("randomness"));
        }
        buffer.copy_from_slice(&bytes);
        Ok(())
    }
}

impl core::ByteSource for TheirSource {
    fn read(&self, max: usize) -> Result<Vec<u8>, core::HostError> {
        let mut bytes = self.0.read(i32::try_from(max).unwrap_or(i32::MAX))?;
        bytes.truncate(max);
        Ok(bytes)
    }
}

impl core::ByteSink for TheirSink {
    fn write(&self, bytes: &[u8]) -> Result<(), core::HostError> {
        Ok(self.0.write(bytes.to_vec())?)
    }
}

impl core::Progress for TheirProgress {
    fn report(&self, done: i64, total: i64) -> bool {
        self.0.as_ref().is_none_or(|progress| progress.report(done, total).unwrap_or(false))
    }
}
