//! What was acknowledged is still there: after `kill -9` while writing and syncing, and after power cuts.

use rafiq::groups::NewGroup;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::people::NewMe;
use rafiq::sharing::Reach;
use rafiq::store::Durability;
use rafiq::{Error, Rafiq};
use rafiq_relay::{Config, Rate, RelayHandle};
use rafiq_tests::crash::{Done, Ledger, Work, host};
use rafiq_tests::faults::{Dice, Disk, Left};
use rafiq_tests::phone::{HandClock, Phone, START_MS};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::time::{Duration, Instant};

/// One at a time: between fork and exec a child holds the locks of every profile that any thread here has open.
static ALONE: Mutex<()> = Mutex::new(());

fn alone_here() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(|failed| failed.into_inner())
}

const CYCLES: u64 = 300;
const STORES: u64 = 4;

/// A profile that is written and killed, and the other member of its pairing, who is not.
struct Pair {
    worker: Phone,
    vault: u8,
    partner: Phone,
    work: Work,
    ledger: Ledger,
}

fn relay(folder: &Path) -> RelayHandle {
    let mut config = Config::new(folder.join("relay.db"));
    let much = Rate { per_minute: 1_000_000, burst: 1_000_000 };
    (config.limits.writes, config.limits.posts, config.limits.posts_from_address) = (much, much, much);
    RelayHandle::start(config).unwrap()
}

fn work(phone: &Rafiq, relay: &str, pairing: PairingId, clock: Arc<HandClock>) -> Result<Work, Error> {
    let new = NewGroup { name: "Tuesdays".into(), language: "en".into(), capacity: 12, place: "".into() };
    let group = phone.groups().found(new)?.id;
    Ok(Work { pairing, group, relay: relay.into(), online: false, clock, dice: Dice::new(1) })
}

fn pair(number: u64, url: &str) -> Pair {
    let (worker, partner) = (Phone::new(2 * number + 1, "Name 0", "prs"), Phone::new(2 * number + 2, "Bohdan", "uk"));
    partner.sync().set_home_relay(url).unwrap();
    worker.sync().set_home_relay(url).unwrap();
    let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "Both".into() };
    let pairing = partner.mentoring().begin(new).unwrap().id;
    let invite = partner.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
    worker.sharing().accept(&invite.text).unwrap();
    for phone in [&partner, &worker, &partner] {
        phone.exchange(url);
    }
    partner.sharing().admit(&partner.sharing().requests().unwrap()[0].id).unwrap();
    for phone in [&partner, &worker] {
        phone.exchange(url);
    }
    worker.mentoring().take_role(&pairing, "newcomer").unwrap();
    let work = work(&worker, url, pairing, worker.clock.clone()).unwrap();
    Pair { vault: (2 * number + 1) as u8, worker, partner, work, ledger: Ledger::default() }
}

/// Digest as written bit by bit, then written anew from the log; and SQLite's own word on the file.
fn assert_sound(rafiq: &Rafiq) {
    let check: String =
        rafiq.replica().read(|rows| Ok(rows.query_row("PRAGMA integrity_check", [], |row| row.get(0))?)).unwrap();
    assert_eq!(check, "ok");
    let before = rafiq.replica().digest(None).unwrap();
    rafiq.replica().forget_read_model().unwrap();
    rafiq.replica().project_missing(&rafiq::host::NoProgress).unwrap();
    assert_eq!(before, rafiq.replica().digest(None).unwrap(), "rebuilt is not what was there");
}

/// Runs the child until it is killed; what it said whole lines of.
fn kill_while_writing(pair: &Pair, cycle: u64, dice: &mut Dice) -> Vec<Done> {
    let now = START_MS + (cycle as i64 + 1) * 3_600_000;
    let mut child = Command::new(env!("CARGO_BIN_EXE_crash-child"))
        .arg(pair.worker.path())
        .args([pair.vault.to_string(), (1_000_000 + cycle).to_string(), now.to_string()])
        .args([&pair.work.pairing.value, &pair.work.group.value, &pair.work.relay])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let (said, heard) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let (mut out, mut line, mut done) = (BufReader::new(out), String::new(), Vec::new());
        // A last line without its end is no acknowledgement.
        while out.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
            done.extend(Done::parse(line.trim_end())); // the first line, "open -", is none
            let _ = said.send(()); // nobody listens any more once the kill is due
            line.clear();
        }
        done
    });
    if dice.chance(12) {
        std::thread::sleep(Duration::from_millis(dice.below(60))); // while it opens
    } else {
        // Counted in writes and not in time, so that a busy machine tests as much.
        for _ in 0..2 + dice.below(26) {
            heard.recv_timeout(Duration::from_secs(60)).expect("the child opens the profile and writes");
        }
        std::thread::sleep(Duration::from_micros(dice.below(25_000)));
    }
    child.kill().unwrap(); // SIGKILL
    assert!(child.wait().unwrap().code().is_none(), "it was to die by the signal and by nothing before");
    reader.join().unwrap()
}

#[test]
fn killed_while_writing_and_syncing() {
    let _alone = alone_here();
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let relay = relay(folder.path());
    let mut pairs: Vec<Pair> = (0..STORES).map(|number| pair(number, &relay.url())).collect();
    let mut dice = Dice::new(20_261_122);
    let mut lost = Vec::new();
    for cycle in 0..CYCLES {
        let pair = &mut pairs[(cycle % STORES) as usize];
        if cycle % 7 < 2 {
            pair.partner.mentoring().add_goal(&pair.work.pairing, "a goal of the other's").unwrap();
            pair.partner.exchange(&relay.url());
        }
        pair.worker.stop();
        for done in kill_while_writing(pair, cycle, &mut dice) {
            pair.ledger.add(done);
        }
        pair.worker.start();
        lost.extend(pair.ledger.lost(&pair.worker, &pair.work));
        if cycle % 25 < STORES {
            assert_sound(&pair.worker);
            lost.extend(pair.ledger.lost(&pair.worker, &pair.work));
        }
        if cycle % 10 == 0 {
            pair.partner.exchange(&relay.url());
            lost.extend(pair.ledger.not_at_partner(&pair.partner));
        }
        assert!(lost.is_empty(), "cycle {cycle}: {lost:?}");
    }
    let mut acknowledged = 0;
    for pair in &mut pairs {
        // An entry that was being tried at three of the deaths is left alone until the next day.
        pair.worker.stop();
        pair.worker.pass(3 * 86_400_000 + CYCLES as i64 * 3_600_000);
        pair.worker.start();
        for phone in [&pair.worker, &pair.partner, &pair.worker, &pair.partner] {
            phone.exchange(&relay.url());
        }
        assert_sound(&pair.worker);
        let space = rafiq::ids::SpaceId::parse(&pair.work.pairing.value).unwrap();
        let digests = [&pair.worker, &pair.partner].map(|phone| phone.replica().digest(Some(&space)).unwrap());
        assert_eq!(digests[0], digests[1], "both hold the same");
        let status = pair.worker.sync().status().unwrap();
        assert_eq!((status.waiting, status.quarantined, status.outbox), (0, 0, 0));
        acknowledged += pair.ledger.acknowledged;
    }
    println!("\ncycles {CYCLES}, acknowledged {acknowledged}, lost {}", lost.len());
    println!("in {:.0?}", began.elapsed());
    assert!(acknowledged >= 3_000);
    relay.stop().unwrap();
}

/// Who holds a profile holds it against other processes, until they die: then the system frees it at once.
#[test]
fn held_by_another_process() {
    let _alone = alone_here();
    let folder = tempfile::tempdir().unwrap();
    let open = || Rafiq::open(folder.path(), host(6, 61, START_MS).0, None);
    open().unwrap().shutdown().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_crash-child"))
        .arg(folder.path())
        .args(["6", "60", &START_MS.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "open -\n");
    assert_eq!(open().err(), Some(Error::InUse));
    child.kill().unwrap();
    child.wait().unwrap();
    open().unwrap();
}

/// A profile that nobody answers: a pairing of its own, a group, and an address where no relay is.
fn alone(folder: &Path, durability: Durability) -> Result<Work, Error> {
    let (host, clock) = host(7, 1, START_MS);
    let rafiq = Rafiq::open_with_durability(folder, host, durability)?;
    rafiq.people().set_me(NewMe { name: "Name 0".into(), language: "prs".into(), calendar: None })?;
    rafiq.sync().set_home_relay("http://127.0.0.1:9")?;
    let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "Both".into() };
    let pairing = rafiq.mentoring().begin(new)?.id;
    let work = work(&rafiq, "http://127.0.0.1:9", pairing, clock)?;
    rafiq.shutdown()?;
    Ok(work)
}

/// Opens, writes until the power is gone, and notes what was acknowledged before.
fn write_until_dark(
    folder: &Path,
    disk: &Disk,
    work: &mut Work,
    ledger: &mut Ledger,
    seed: u64,
    durability: Durability,
) {
    let now = work.clock.0.load(std::sync::atomic::Ordering::Relaxed);
    let (host, clock) = host(7, seed, now);
    work.clock = clock;
    work.dice = Dice::new(seed);
    let rafiq = match Rafiq::open_with_durability(folder, host, durability) {
        Ok(rafiq) => rafiq,
        Err(_) if disk.is_dark() => return,
        Err(error) => panic!("{error} with the power on"),
    };
    while !disk.is_dark() {
        match work.step(&rafiq) {
            Ok(done) => done.into_iter().for_each(|done| ledger.add(done)),
            Err(_) if disk.is_dark() => {}
            // The store asks the system for the length of a file that was never synced and is not there yet.
            Err(_) if durability == Durability::ProcessOnly => disk.cut(Left::Nothing),
            Err(error) => panic!("{error} with the power on"),
        }
    }
}

fn left(dice: &mut Dice) -> Left {
    match dice.below(4) {
        0 => Left::Nothing,
        1 => Left::Some(10),
        2 => Left::Some(50),
        _ => Left::Some(90),
    }
}

#[test]
fn the_power_goes() {
    let _alone = alone_here();
    const CUTS: u64 = 300;
    /// Cuts of one store before a new one is begun.
    const EACH: u64 = 50;
    let began = Instant::now();
    let seed = std::env::var("RAFIQ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_122);
    println!("\nseed {seed} (RAFIQ_SEED)");
    let mut dice = Dice::new(seed);
    let (mut lost, mut acknowledged) = (Vec::new(), 0);
    let mut cut = 0;
    while cut < CUTS {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path(), cut);
        // The first cuts fall while the profile is made: then there is none, or one that opens.
        let mut work = loop {
            disk.cut_after(dice.below(400), left(&mut dice));
            let made = alone(folder.path(), Durability::Full);
            disk.power_on();
            cut += 1;
            match made {
                Ok(work) => break work,
                Err(_) => drop(Rafiq::open(folder.path(), host(7, cut, START_MS).0, None).expect("opens after a cut")),
            }
            if cut % EACH > 5 {
                break alone(folder.path(), Durability::Full).unwrap();
            }
        };
        let mut ledger = Ledger::default();
        while cut % EACH != 0 {
            disk.cut_after(dice.below(1_500), left(&mut dice));
            write_until_dark(folder.path(), &disk, &mut work, &mut ledger, 100 + cut, Durability::Full);
            disk.power_on();
            cut += 1;
            let rafiq =
                Rafiq::open(folder.path(), host(7, 1_000_000 + cut, START_MS).0, None).expect("opens after a cut");
            lost.extend(ledger.lost(&rafiq, &work));
            if cut % 25 == 0 {
                assert_sound(&rafiq);
            }
            assert!(lost.is_empty(), "cut {cut}: {lost:?}");
        }
        acknowledged += ledger.acknowledged;
    }
    println!("power cuts {cut}, lost {}", lost.len());
    println!("acknowledged {acknowledged}, in {:.0?}", began.elapsed());
}

/// The test above would see a loss: without waiting for the disk there is one.
#[test]
fn the_power_goes_without_durability() {
    let _alone = alone_here();
    const CUTS: u64 = 12;
    let mut dice = Dice::new(2_211);
    let (mut lost, mut acknowledged) = (0, 0);
    for cut in 0..CUTS {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path(), cut);
        let mut work = alone(folder.path(), Durability::Full).unwrap();
        let mut ledger = Ledger::default();
        disk.cut_after(300 + dice.below(1_500), left(&mut dice));
        write_until_dark(folder.path(), &disk, &mut work, &mut ledger, 100 + cut, Durability::ProcessOnly);
        disk.power_on();
        acknowledged += ledger.acknowledged;
        lost += match Rafiq::open(folder.path(), host(7, 1_000_000 + cut, START_MS).0, None) {
            Ok(rafiq) => ledger.lost(&rafiq, &work).len() as u64,
            Err(_) => ledger.acknowledged,
        };
    }
    println!("\nwith synchronous=OFF: lost {lost}");
    println!("of {acknowledged} acknowledged");
    assert!(lost > 0);
}
