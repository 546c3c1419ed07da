//! Worlds of phones and relays under everything that goes wrong, each from one seed.
//!
//! `RAFIQ_SIM_DAYS` says how many device-days are lived through, `RAFIQ_SIM_SEED` replays the one world of that seed.

use rafiq::sync::Safeguard;
use rafiq_tests::sim::{Fault, Plan, World, live_through};
use std::time::Instant;

/// The first world of a run; the others follow it.
const FIRST: u64 = 1;
const DEVICE_DAYS: u32 = 2_000;
/// Of each kind, in a run of that length.
const ENOUGH: u32 = 50;

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}: {text} is no number")))
}

#[test]
fn devices_come_to_agree_whatever_happens() {
    let began = Instant::now();
    let seed: Option<u64> = number("RAFIQ_SIM_SEED");
    let days: u32 = number("RAFIQ_SIM_DAYS").unwrap_or(DEVICE_DAYS);
    let plans = seed.map_or_else(|| Plan::lasting(FIRST, days), |seed| vec![Plan::of(seed)]);
    let (report, failures) = live_through(&plans);
    println!("{report}");
    println!(
        "seeds {} to {}, {} worlds, {} people who came late began behind a pack, {} entries of people \
         who were out were kept, {} acknowledged changes, {} alerts and {} reports delivered once, envelopes opened {} times, \
         each time by those whom they are for, rebuilt = incremental, at rest after at most {} rounds; {} s, at most {} MB",
        plans[0].seed,
        plans[plans.len() - 1].seed,
        report.worlds,
        report.verdict.late,
        report.verdict.kept,
        report.verdict.promised,
        report.verdict.alerts,
        report.verdict.reports,
        report.verdict.opened,
        report.rounds,
        began.elapsed().as_secs(),
        peak_memory() >> 20,
    );
    for failure in &failures {
        println!("failed: {:?}: {}", Plan::of(failure.seed), failure.why);
        println!("again: tests/run sim --seed={}", failure.seed);
    }
    assert!(failures.is_empty(), "{} of {} worlds failed", failures.len(), plans.len());
    if seed.is_none() && days >= DEVICE_DAYS {
        assert!(report.device_days >= DEVICE_DAYS);
        for fault in Fault::ALL {
            assert!(report.faults.of(*fault) >= ENOUGH, "{} happened {} times", fault.name(), report.faults.of(*fault));
        }
        let verdict = report.verdict;
        let everything = [
            verdict.alerts,
            verdict.reports,
            verdict.promised,
            verdict.private,
            verdict.opened,
            verdict.waited,
            verdict.late,
            verdict.kept,
        ];
        assert!(everything.iter().all(|count| *count > 0), "{verdict:?}");
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let run = |seed| {
        let mut world = World::found(Plan { devices: 5, days: 4, ..Plan::of(seed) });
        world.live();
        world.heal();
        world.judge();
        (world.trace(), world.faults().clone())
    };
    assert_eq!(run(14), run(14));
    assert_ne!(run(14).0, run(16).0);
}

/// Without what keeps a world together it falls apart, and the judge says so.
#[test]
fn the_judge_would_complain() {
    for safeguard in [Safeguard::Deduplication, Safeguard::ReadingAgain, Safeguard::ForkHealing, Safeguard::Cut] {
        let restored_backups = safeguard == Safeguard::ForkHealing;
        let base = |number: u64| match safeguard {
            Safeguard::Cut => Plan::of(2 * number - 1),
            _ => Plan { devices: 4, days: 12, restored_backups, circles: 0, ..Plan::of(2 * number) },
        };
        let plan = |number| Plan { without: Some(safeguard), ..base(number) };
        let plans = [1, 2, 3, 4, 5, 6].map(plan);
        let (_, failures) = live_through(&plans);
        let why = failures.first().and_then(|first| first.why.lines().nth(1)).unwrap_or_default();
        println!("without {safeguard:?}: {} of {} worlds fail; {why}", failures.len(), plans.len());
        assert!(!failures.is_empty(), "{safeguard:?}");
    }
}

/// The most memory that this process has had, in bytes.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).map_or(0, |kb| kb << 10)
}
