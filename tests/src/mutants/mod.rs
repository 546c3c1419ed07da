//! Honest changes, and what a hostile member could send instead of them.
//!
//! Everything here follows from a seed. [`honest::session`] plays people who edit one document and merge now and then
//! and gives every change they wrote; [`spoil::spoil`] turns one of them into a mutant whose checksum is right again;
//! [`bombs`] are the known hazards of automerge 0.12 by name. What a mutant meets is up to the test.

pub mod bombs;
pub mod honest;
pub mod parts;
pub mod spoil;

/// A change that somebody with the right keys could send.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was done to it.
    pub name: &'static str,
    /// The chunk.
    pub bytes: Vec<u8>,
}

/// A small deterministic generator (SplitMix64): the same seed gives the same mutants on every machine.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// A generator whose numbers follow from the seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number. Not an iterator: it never ends.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; nothing is below zero, then it is zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Sixteen random bytes.
    pub fn id(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes()
    }

    /// Thirty-two random bytes.
    pub fn hash(&mut self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash[..16].copy_from_slice(&self.id());
        hash[16..].copy_from_slice(&self.id());
        hash
    }
}
