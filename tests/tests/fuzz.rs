//! Every reader of strangers' bytes under a hundred thousand mutants: no panic, and no more memory than its bound.
//!
//! `RAFIQ_FUZZ_RUNS`, `RAFIQ_FUZZ_SEED`, `RAFIQ_FUZZ_TARGET`; `RAFIQ_FUZZ_INPUT` reads these bytes (hex) once, and nothing else.

use rafiq_tests::fuzz::targets::ALL;
use rafiq_tests::fuzz::{MOST_CRASHES, Report, Target, hex, unhex};
use rafiq_tests::heap::Counting;

#[global_allocator]
static HEAP: Counting = Counting;

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str, usual: u64) -> u64 {
    setting(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text} is no number")))
}

fn hunt(name: &str) {
    if setting("RAFIQ_FUZZ_TARGET").is_some_and(|wanted| wanted != name) {
        return;
    }
    let target = ALL.iter().find(|target| target.name == name).expect("a target of that name");
    let (seed, runs) = (number("RAFIQ_FUZZ_SEED", 1), number("RAFIQ_FUZZ_RUNS", 100_000));
    let input = setting("RAFIQ_FUZZ_INPUT").map(|text| unhex(&text).expect("hex"));
    let report = if let Some(input) = &input {
        let mut report = Report::default();
        target.try_one(input, &mut report);
        report
    } else {
        target.hunt(seed, runs)
    };
    println!("fuzz {name}, seed {seed}: {report}");
    for crash in &report.crashes {
        println!("{}; again: tests/run fuzz --target={name} --input={}", crash.why, hex(&crash.input));
    }
    assert!(report.crashes.is_empty(), "{name}: {} inputs did harm", report.crashes.len());
    // Mutants that are all refused at the door, or none of which is, would show nothing.
    if input.is_none() && runs >= 1_000 {
        let refused: u64 = report.refused.values().sum();
        assert!(report.taken > runs / 100 && refused > runs / 100 && report.refused.len() > 2, "{report}");
    }
}

#[test]
fn envelope() {
    hunt("envelope");
}

#[test]
fn entry() {
    hunt("entry");
}

#[test]
fn pack() {
    hunt("pack");
}

#[test]
fn change() {
    hunt("change");
}

#[test]
fn bundle() {
    hunt("bundle");
}

#[test]
fn exchange() {
    hunt("exchange");
}

#[test]
fn invite() {
    hunt("invite");
}

/// The hunt sees what it is for, and an input does the same harm when it is read again by itself.
#[test]
fn a_reader_that_panics_or_takes_what_is_claimed_is_found() {
    let careless = Target {
        name: "careless",
        bound: |length| 16 * length + 1024,
        maker: || Box::new(|rng| vec![rng.next() as u8; 4]),
        read: |bytes| match bytes[0] {
            0 => panic!("as meant by this test"),
            1..=9 => {
                drop(std::hint::black_box(vec![1u8; 1 << 16]));
                Ok(())
            }
            _ => Err("Refused".into()),
        },
    };
    let report = careless.hunt(1, 100_000);
    assert_eq!(report.crashes.len(), MOST_CRASHES);
    assert!(report.runs < 100_000 && report.worst >= 1 << 16);
    assert_eq!(report.runs, careless.hunt(1, 100_000).runs, "one seed, one hunt");
    for crash in &report.crashes {
        let mut again = Report::default();
        careless.try_one(&unhex(&hex(&crash.input)).unwrap(), &mut again);
        assert_eq!(again.crashes[0].why, crash.why);
    }
}
