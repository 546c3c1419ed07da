//! Hostile input by the hundred thousand for everything that reads what strangers send.
//!
//! A mutant follows from the seed and its number, so a run repeats; an input that does harm is printed as hex and read again by
//! itself. Mutants are made of valid things, and what protects them (checksums, signatures, seals) is mended after the damage, as
//! somebody with the right keys would do it: only so are the inner layers reached.

mod sealed;
pub mod targets;
pub mod tree;

use crate::heap::peak_of;
use crate::mutants::Rng;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of an input: taken, or refused for this reason.
pub type Met = Result<(), String>;
/// Makes the next mutant.
pub type Maker = Box<dyn Fn(&mut Rng) -> Vec<u8>>;

/// Something that reads what strangers send.
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The most heap that reading an input of this length may take.
    pub bound: fn(usize) -> usize,
    /// Collects valid things and gives what makes mutants of them.
    pub maker: fn() -> Maker,
    /// Reads an input. Panics if what it gave breaks a promise.
    pub read: fn(&[u8]) -> Met,
}

/// An input that did harm.
#[derive(Debug)]
pub struct Crash {
    /// A panic, or memory beyond the bound.
    pub why: String,
    /// What was read.
    pub input: Vec<u8>,
}

/// What a hunt has seen.
#[derive(Debug, Default)]
pub struct Report {
    /// Inputs that were read.
    pub runs: u64,
    /// How many were taken.
    pub taken: u64,
    /// How many were refused, by reason: it shows how deep the mutants came.
    pub refused: BTreeMap<String, u64>,
    /// The most heap that one of them took, in bytes.
    pub worst: usize,
    /// The first of those that did harm; the hunt ends at [`MOST_CRASHES`].
    pub crashes: Vec<Crash>,
}

/// So many are enough to look at.
pub const MOST_CRASHES: usize = 5;

impl Target {
    /// Reads one input, and sees what it costs.
    pub fn try_one(&self, input: &[u8], report: &mut Report) {
        let (met, peak) = peak_of(|| catch_unwind(AssertUnwindSafe(|| (self.read)(input))));
        report.runs += 1;
        report.worst = report.worst.max(peak);
        let mut crash = |why| report.crashes.push(Crash { why, input: input.to_vec() });
        if peak > (self.bound)(input.len()) {
            crash(format!("{peak} bytes of memory for {}", input.len()));
        }
        match met {
            Err(_) => crash("a panic, see above".into()),
            Ok(Ok(())) => report.taken += 1,
            Ok(Err(reason)) => *report.refused.entry(reason).or_default() += 1,
        }
    }

    /// Reads so many mutants of this seed.
    pub fn hunt(&self, seed: u64, runs: u64) -> Report {
        let (mut report, make) = (Report::default(), (self.maker)());
        for run in 0..runs {
            let input = make(&mut Rng::new(seed << 40 | run));
            self.try_one(&input, &mut report);
            if report.crashes.len() >= MOST_CRASHES {
                break;
            }
        }
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: u64 = self.refused.values().sum();
        let reasons: Vec<_> = self.refused.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        let megabytes = self.worst as f64 / f64::from(1 << 20);
        write!(f, "{} executions, {} accepted, {refused} refused ({}), ", self.runs, self.taken, reasons.join(", "))?;
        write!(f, "crashes {}, worst memory {megabytes:.2} MB", self.crashes.len())
    }
}

/// Input as it is printed and typed.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What [`hex`] wrote; `None` if it is something else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok())
        .collect()
}
