//! A person at work whose process dies or whose power goes; what they were told is on disk; and whether it is.

mod ledger;
mod work;

pub use ledger::Ledger;
pub use work::{Done, Work};

use crate::phone::{HandClock, SeededRandom, TestVault};
use rafiq::Host;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

/// What a profile stands on in these tests: the same vault, another stretch of randomness, a clock.
pub fn host(vault: u8, seed: u64, now_ms: i64) -> (Host, Arc<HandClock>) {
    let clock = Arc::new(HandClock(AtomicI64::new(now_ms)));
    let random = Arc::new(SeededRandom::new(seed));
    (Host { vault: Arc::new(TestVault::new(vault)), clock: clock.clone(), random }, clock)
}
