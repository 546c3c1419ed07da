//! The process that the crash test kills: writes as fast as it can and says on standard output what was acknowledged.
//!
//! `crash-child FOLDER VAULT SEED NOW_MS [PAIRING GROUP RELAY]`; without the last three it opens the profile and holds it.

use rafiq::Rafiq;
use rafiq::groups::SupportGroupId;
use rafiq::mentoring::PairingId;
use rafiq_tests::crash::{Work, host};
use rafiq_tests::faults::Dice;
use std::io::Write;
use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, vault, seed, now_ms, rest @ ..] = &arguments[..] else { panic!("too few arguments") };
    let seed = seed.parse().expect("a seed");
    let (host, clock) = host(vault.parse().expect("a vault"), seed, now_ms.parse().expect("a time"));
    let rafiq = Rafiq::open(Path::new(folder), host, None).expect("the profile opens");
    say("open -");
    let [pairing, group, relay] = rest else {
        loop {
            std::thread::park();
        }
    };
    let mut work = Work {
        pairing: PairingId { value: pairing.clone() },
        group: SupportGroupId { value: group.clone() },
        relay: relay.clone(),
        online: true,
        clock,
        dice: Dice::new(seed),
    };
    loop {
        if let Some(done) = work.step(&rafiq).expect("a write") {
            say(&done.to_string());
        }
    }
}

/// One line, whole or not at all as far as the reader can tell: it counts only with its end.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).expect("somebody listens");
}
