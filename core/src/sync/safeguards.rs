//! Safeguards that a test turns off to show that it would see what they keep out. No binding names them: an app cannot.

use super::Sync;
use std::sync::atomic::{AtomicU32, Ordering};

/// One of them.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safeguard {
    /// An entry that is here already changes nothing.
    Deduplication,
    /// A gap is noticed, and the relay is read from its start again.
    ReadingAgain,
    /// What somebody wrote after they had been taken out, not knowing or not minding, does not count by itself.
    Cut,
    /// Of two entries in one place every replica keeps the same, and what falls with the other is written again.
    ForkHealing,
}

/// Those that are off, a bit each.
#[derive(Default)]
pub(super) struct Safeguards(AtomicU32);

impl Safeguards {
    pub(super) fn holds(&self, safeguard: Safeguard) -> bool {
        self.0.load(Ordering::Relaxed) & (1 << safeguard as u32) == 0
    }
}

impl Sync {
    /// Goes on without one of them, until the profile is opened again.
    #[doc(hidden)]
    pub fn go_without(&self, safeguard: Safeguard) {
        self.safeguards.0.fetch_or(1 << safeguard as u32, Ordering::Relaxed);
    }
}
