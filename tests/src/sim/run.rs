//! Many worlds, two at a time, and what they come to.

use super::{Plan, Tally, Verdict, World};
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// Worlds that are lived through at the same time.
const AT_ONCE: usize = 2;
/// Rounds of exchanges that may bring something after line and clocks are right again: what was written goes up, comes down,
/// and that an alert has come is said back. Or a removal is heard of that somebody was told in the round before, what they pass on because
/// of it leaves with their next exchange, and comes down in the fourth.
const ROUNDS: u32 = 4;

/// What worlds came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Worlds.
    pub worlds: usize,
    /// Devices times days.
    pub device_days: u32,
    /// What went wrong.
    pub faults: Tally,
    /// What all verdicts count.
    pub verdict: Verdict,
    /// The most rounds that any world took to come to rest.
    pub rounds: u32,
}

/// A world in which something was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which: [`Plan::of`] it is the same world again.
    pub seed: u64,
    /// What was wrong.
    pub why: String,
}

/// Lives through all of them and judges each. A world that fails ends alone.
pub fn live_through(plans: &[Plan]) -> (Report, Vec<Failure>) {
    let next = AtomicUsize::new(0);
    let found = Mutex::new((Report::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(plans.len()) {
            scope.spawn(|| {
                while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let lived = one(*plan);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    match lived {
                        Ok(report) => found.0.add(&report),
                        Err(why) => found.1.push(Failure { seed: plan.seed, why }),
                    }
                }
            });
        }
    });
    let (report, mut failures) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    failures.sort_by_key(|failure| failure.seed);
    (report, failures)
}

fn one(plan: Plan) -> Result<Report, String> {
    quietly(|| {
        let mut world = World::found(plan);
        world.live();
        let rounds = world.heal();
        let verdict = world.judge();
        assert!(rounds <= ROUNDS, "{rounds} rounds until everybody has everything");
        let (device_days, faults) = (world.device_days(), world.faults().clone());
        Report { worlds: 1, device_days, faults, verdict, rounds }
    })
}

thread_local! {
    static LAST_PANIC: Cell<Option<String>> = const { Cell::new(None) };
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What a panic said and where, instead of its trace on the screen: several worlds go on beside it.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if QUIET.get() { LAST_PANIC.set(Some(panic.to_string())) } else { usual(panic) }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    done.map_err(|_| LAST_PANIC.take().unwrap_or_default())
}

impl Report {
    fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.device_days += other.device_days;
        self.faults.add(&other.faults);
        self.verdict.add(&other.verdict);
        self.rounds = self.rounds.max(other.rounds);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict { converged, replicas, lost, envelopes, waited, quarantined, .. } = self.verdict;
        write!(
            f,
            "device-days {}, {}, envelopes {envelopes}, held {waited}, quarantined {quarantined}, converged \
             {converged}/{replicas}, lost {lost}",
            self.device_days, self.faults
        )
    }
}
