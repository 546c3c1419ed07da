//! From a passphrase to 32 bytes, at a cost that a guesser pays for every guess.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::host::Clock;

/// The longest passphrase, in bytes after normalisation: several sentences in any script.
pub const MAX_PASSPHRASE: usize = 1_024;

/// The least cost: 19 MiB and two passes, which the OWASP Password Storage Cheat Sheet asks for at least.
const FLOOR: Cost = Cost { memory_kib: 19 * 1024, passes: 2 };
/// RFC 9106's memory-constrained choice; a phone with 1 GB still has it to spare for a second.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
/// With the memory above, some two seconds on a laptop: what a hostile key file may cost at most.
const MOST_PASSES: u32 = 64;
/// What an unlock should take.
const TARGET_MS: u64 = 1_000;

/// A passphrase in the form in which it is used. Wiped when dropped.
pub(super) struct Prepared(Zeroizing<Vec<u8>>);

/// RFC 8265's OpaqueString: the same passphrase from two keyboards is the same bytes (NFC; every kind of space is a space);
/// letters, digits and case stay as typed. `Invalid{passphrase}` if empty, too long, or with control characters.
pub(super) fn prepare(passphrase: &str) -> Result<Prepared> {
    let invalid = |reason| Error::invalid("passphrase", reason);
    // Composing makes nothing more than three times longer (Unicode Standard Annex 15).
    if passphrase.len() > 3 * MAX_PASSPHRASE {
        return Err(invalid("too-long"));
    }
    // Room for all of it at once: a growing buffer would leave copies behind.
    let mut prepared = Zeroizing::new(Vec::with_capacity(4 * passphrase.len() + 4));
    for character in passphrase.nfc() {
        let character = if character.is_whitespace() && !character.is_control() { ' ' } else { character };
        if character.is_control() {
            return Err(invalid("format"));
        }
        prepared.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    match prepared.len() {
        0 => Err(invalid("empty")),
        1..=MAX_PASSPHRASE => Ok(Prepared(prepared)),
        _ => Err(invalid("too-long")),
    }
}

/// What Argon2id (version 1.3, one lane) costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// Parameters read from a file: neither below the floor nor above what a device can bear.
    pub(super) fn checked(memory_kib: u32, passes: u32) -> Option<Self> {
        let fits = (FLOOR.memory_kib..=MOST_MEMORY_KIB).contains(&memory_kib)
            && (FLOOR.passes..=MOST_PASSES).contains(&passes);
        fits.then_some(Self { memory_kib, passes })
    }

    pub(super) fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    pub(super) fn passes(self) -> u32 {
        self.passes
    }

    /// About a second on this device: first more memory, then more passes. A wall clock may be set while we measure, so
    /// it is measured twice and the slower counts; a clock that makes no sense gives the floor.
    pub(super) fn calibrate(clock: &dyn Clock) -> Result<Self> {
        let sample = prepare("a passphrase of no one")?;
        let measure = || -> Result<i64> {
            let before = clock.now_ms();
            FLOOR.derive(&sample, &[0; 16])?;
            Ok(clock.now_ms().saturating_sub(before))
        };
        let (first, second) = (measure()?, measure()?);
        if first.min(second) < 1 || first.max(second) > 60_000 {
            return Ok(FLOOR);
        }
        Ok(Self::for_pace(first.max(second).unsigned_abs()))
    }

    /// The cost that takes the target time where the floor takes `floor_ms`.
    fn for_pace(floor_ms: u64) -> Self {
        let floor = u64::from(FLOOR.memory_kib) * u64::from(FLOOR.passes);
        let work = floor * TARGET_MS / floor_ms.max(1);
        let bounded = |value: u64, least: u32, most: u32| u32::try_from(value).unwrap_or(most).clamp(least, most);
        let memory_kib = bounded(work / u64::from(FLOOR.passes), FLOOR.memory_kib, MOST_MEMORY_KIB);
        let passes = bounded(work / u64::from(memory_kib), FLOOR.passes, MOST_PASSES);
        Self { memory_kib, passes }
    }

    /// The passphrase's part of the wrapping key. `Host{memory}` if the device cannot give the memory now.
    pub(super) fn derive(self, passphrase: &Prepared, salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>> {
        let params = Params::new(self.memory_kib, self.passes, 1, Some(32)).map_err(|_| Error::bug("vault argon2"))?;
        let blocks = params.block_count();
        let mut memory: Vec<Block> = Vec::new();
        memory.try_reserve_exact(blocks).map_err(|_| Error::Host { reason: "memory" })?;
        memory.resize(blocks, Block::new());
        let mut out = Zeroizing::new([0; 32]);
        let result = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            &passphrase.0,
            salt,
            out.as_mut_slice(),
            memory.as_mut_slice(),
        );
        // What is left in this memory would shorten a guess. `black_box` keeps the clearing from being left out.
        memory.fill(Block::new());
        std::hint::black_box(&memory);
        result.map_err(|_| Error::bug("vault argon2"))?;
        Ok(out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct Ticking(AtomicI64, i64);

    impl Clock for Ticking {
        fn now_ms(&self) -> i64 {
            self.0.fetch_add(self.1, Ordering::Relaxed)
        }
    }

    #[test]
    fn cost_follows_the_pace_within_bounds() {
        assert_eq!(Cost::for_pace(2_000), FLOOR, "a slow phone pays the floor");
        assert_eq!(Cost::for_pace(500), Cost { memory_kib: 38 * 1024, passes: 2 });
        assert_eq!(Cost::for_pace(100), Cost { memory_kib: 64 * 1024, passes: 5 });
        assert_eq!(Cost::for_pace(1), Cost { memory_kib: 64 * 1024, passes: 64 });
        for pace in [0, 1, 7, 30, 100, 333, 1_000, 60_000] {
            let cost = Cost::for_pace(pace);
            assert_eq!(Cost::checked(cost.memory_kib, cost.passes), Some(cost), "what we write we also read");
        }
    }

    #[test]
    fn a_clock_that_makes_no_sense_gives_the_floor() {
        for tick in [0, -5, 100_000, i64::MAX / 8] {
            assert_eq!(Cost::calibrate(&Ticking(AtomicI64::new(0), tick)).unwrap(), FLOOR);
        }
        assert_eq!(Cost::calibrate(&Ticking(AtomicI64::new(0), 100)).unwrap(), Cost::for_pace(100));
    }

    #[test]
    fn hostile_parameters_are_refused() {
        for (memory_kib, passes) in
            [(0, 2), (19 * 1024 - 1, 2), (19 * 1024, 1), (64 * 1024 + 1, 2), (u32::MAX, 2), (19 * 1024, u32::MAX)]
        {
            assert_eq!(Cost::checked(memory_kib, passes), None);
        }
    }

    #[test]
    fn one_passphrase_from_two_keyboards() {
        let bytes = |text| prepare(text).unwrap().0.to_vec();
        assert_eq!(bytes("caf\u{e9} noir"), bytes("cafe\u{301}\u{a0}noir"));
        assert_eq!(bytes("\u{6c0}"), bytes("\u{6d5}\u{654}"), "Arabic heh with yeh above");
        assert_ne!(bytes("Word"), bytes("word"));
        assert_ne!(bytes("۱۲۳"), bytes("123"), "digits stay as typed");
        let refused = |text: &str| prepare(text).err();
        assert_eq!(refused(""), Some(Error::invalid("passphrase", "empty")));
        assert_eq!(refused("a\nb"), Some(Error::invalid("passphrase", "format")));
        assert_eq!(refused(&"x".repeat(MAX_PASSPHRASE + 1)), Some(Error::invalid("passphrase", "too-long")));
        assert_eq!(refused(&"x".repeat(1 << 20)), Some(Error::invalid("passphrase", "too-long")));
        assert!(prepare(&"م".repeat(MAX_PASSPHRASE / 2)).is_ok());
    }
}
