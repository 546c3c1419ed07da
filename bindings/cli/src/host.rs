//! What a laptop supplies: its clock and its randomness. The key vault is the core's, over a file.

use rafiq::Host;
use rafiq::host::{Clock, HostError, Random};
use rafiq::vault::FileKeyVault;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The host of the profile in this folder.
pub(crate) fn host(folder: &Path) -> Host {
    Host { vault: Arc::new(key_vault(folder)), clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
}

/// The key vault of the profile in this folder.
pub(crate) fn key_vault(folder: &Path) -> FileKeyVault {
    FileKeyVault::new(folder, Arc::new(SystemRandom))
}

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // this is the host that supplies the clock
    fn now_ms(&self) -> i64 {
        // A clock before 1970 is a clock nobody set.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
        getrandom::fill(buffer).map_err(|error| HostError::Failed { reason: error.to_string() })
    }
}
