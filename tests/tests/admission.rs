//! Foreign changes through the scanner and probation: what honest people write is let in, mutants are refused, set
//! aside, or do no harm, and every document still loads. `ADMISSION_SESSIONS` and `ADMISSION_SEED` widen it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ChangeHash, ObjId, ObjType, Prop, ROOT, ReadDoc, Value};
use rafiq::sync::probation::{self, Suspect, Trial, Tried};
use rafiq::sync::scanner::{self, Expected, Refused, Scan, Scanned};
use rafiq_tests::heap::{Counting, peak_of};
use rafiq_tests::mutants::honest::{self, Honest, KINDS};
use rafiq_tests::mutants::{Rng, bombs, spoil};

/// No more than this may be taken from the heap while one change is scanned.
const SCAN_HEAP: usize = 2 << 20;
/// No more than this while one is tried, on top of what the document itself takes a few times over.
const TRIAL_HEAP: usize = 64 << 20;

/// A document as one replica has it.
#[derive(Default)]
struct Replica {
    document: Automerge,
    highest: BTreeMap<[u8; 32], u64>,
    scan_peak: Cell<usize>,
    trial_peak: Cell<usize>,
}

enum Outcome {
    Refused(Refused),
    Waiting,
    SetAside(Scanned, Suspect),
    Admitted(Scanned, Box<Tried>),
}

impl Replica {
    fn receive(&self, bytes: &[u8], expect: &Honest) -> Outcome {
        let expected = Expected {
            actor: expect.actor,
            sequence: expect.sequence,
            previous: expect.previous,
            highest_operation: &|hash| self.highest.get(hash).copied(),
        };
        let (scan, peak) = peak_of(|| scanner::scan(bytes, &expected));
        assert!(peak < SCAN_HEAP, "scanning {} bytes took {peak}", bytes.len());
        self.scan_peak.set(self.scan_peak.get().max(peak));
        let scanned = match scan {
            Err(refused) => return Outcome::Refused(refused),
            Ok(Scan::Waiting { .. }) => return Outcome::Waiting,
            Ok(Scan::Ready(scanned)) => scanned,
        };
        // What the scanner lets through is what automerge's writer makes of it, when its reader takes it at all.
        if let Ok(change) = Change::from_bytes(bytes.to_vec()) {
            assert_eq!(Change::from(change.decode()).raw_bytes(), bytes, "another encoding of the same change");
        }
        let trial = Trial { bytes, touched: &scanned.touched };
        let (tried, peak) = peak_of(|| probation::apply(&self.document, &[trial]));
        assert!(peak < TRIAL_HEAP, "trying {} bytes took {peak}", bytes.len());
        self.trial_peak.set(self.trial_peak.get().max(peak));
        match tried {
            Err(suspect) => Outcome::SetAside(scanned, suspect),
            Ok(tried) => Outcome::Admitted(scanned, Box::new(tried)),
        }
    }

    /// What was tried here must come out alike on a replica that has nothing but what the change builds on.
    fn differs_elsewhere(&self, bytes: &[u8], outcome: &Outcome) -> Option<&'static str> {
        let (scanned, admitted) = match outcome {
            Outcome::Admitted(scanned, _) => (scanned, true),
            Outcome::SetAside(scanned, _) => (scanned, false),
            _ => return None,
        };
        let heads: Vec<_> = scanned.dependencies.iter().map(|hash| ChangeHash(*hash)).collect();
        let elsewhere = if heads.is_empty() { Automerge::new() } else { self.document.fork_at(&heads).unwrap() };
        let there = probation::apply(&elsewhere, &[Trial { bytes, touched: &scanned.touched }]).is_ok();
        (there != admitted).then_some(if admitted { "set aside elsewhere" } else { "admitted elsewhere" })
    }

    fn adopt(&mut self, scanned: Scanned, document: Automerge) {
        self.highest.insert(scanned.hash, scanned.highest_operation);
        self.document = document;
    }
}

/// Whether a document can be read, saved, loaded, and written to by an honest person whose change everybody admits.
fn readable(document: &Automerge, highest: &BTreeMap<[u8; 32], u64>) -> Result<(), String> {
    quietly(|| {
        document.hydrate(None);
        let said = reading(document, &ROOT);
        let mut loaded = reloaded(document)?;
        if reading(&loaded, &ROOT) != said {
            return Err("it reads otherwise after loading".into());
        }
        // From the log: every change by itself, and all at once.
        let changes = document.get_changes(&[]);
        let (mut one_by_one, mut at_once) = (Automerge::new(), Automerge::new());
        at_once.apply_changes(changes.clone()).map_err(|error| error.to_string())?;
        for change in changes {
            one_by_one.apply_changes([change]).map_err(|error| error.to_string())?;
        }
        for rebuilt in [one_by_one, at_once] {
            if reading(&rebuilt, &ROOT) != said || reading(&reloaded(&rebuilt)?, &ROOT) != said {
                return Err("it reads otherwise when built again".into());
            }
        }
        loaded.set_actor(ActorId::from([0xee; 16]));
        let heads = loaded.get_heads();
        write_everywhere(&mut loaded);
        let changes = loaded.get_changes(&heads);
        let bytes = changes[0].raw_bytes();
        let expected = Expected {
            actor: [0xee; 16],
            sequence: 1,
            previous: None,
            highest_operation: &|hash| highest.get(hash).copied(),
        };
        if !matches!(scanner::scan(bytes, &expected), Ok(Scan::Ready(_))) {
            return Err(format!("an honest write was not admitted: {:?}", scanner::scan(bytes, &expected)));
        }
        reloaded(&loaded)?.hydrate(None);
        Ok(())
    })
}

fn reloaded(document: &Automerge) -> Result<Automerge, String> {
    let loaded = Automerge::load(&document.save()).map_err(|error| error.to_string())?;
    if loaded.get_heads() == document.get_heads() { Ok(loaded) } else { Err("other heads".into()) }
}

/// What somebody wrote who had not seen the mutant yet must merge with it, in both orders alike.
fn merges(base: &Automerge, with: &Automerge) -> Result<(), String> {
    quietly(|| {
        let mut other = base.clone();
        other.set_actor(ActorId::from([0x77; 16]));
        write_everywhere(&mut other);
        let mut after = with.clone();
        after.apply_changes(other.get_changes(&base.get_heads())).map_err(|error| error.to_string())?;
        let mut before = other.clone();
        before.apply_changes(with.get_changes(&base.get_heads())).map_err(|error| error.to_string())?;
        for document in [&after, &before] {
            if reading(&reloaded(document)?, &ROOT) != reading(document, &ROOT) {
                return Err("it reads otherwise after loading".into());
            }
        }
        if reading(&after, &ROOT) == reading(&before, &ROOT) { Ok(()) } else { Err("the order matters".into()) }
    })
}

/// Everything the object says, conflicts included, as text: NaN differs from itself.
fn reading(document: &Automerge, object: &ObjId) -> String {
    let one = |prop: Prop| {
        let mut values = document.get_all(object, prop.clone()).unwrap();
        values.sort_by_key(|(_, id)| id.to_string());
        let of = |(value, id): &(Value<'_>, ObjId)| match value {
            Value::Object(_) => format!("{id} {value:?} {}", reading(document, id)),
            Value::Scalar(_) => format!("{id} {value:?}"),
        };
        format!("{prop}: {:?}", values.iter().map(of).collect::<Vec<_>>())
    };
    let all: Vec<_> = match document.object_type(object).unwrap() {
        ObjType::Text => vec![document.text(object).unwrap()],
        ObjType::List => (0..document.length(object)).map(|index| one(Prop::Seq(index))).collect(),
        ObjType::Map | ObjType::Table => document.keys(object).map(|key| one(Prop::Map(key))).collect(),
    };
    format!("{all:?}")
}

/// Replace every other value at the root, delete some, and add to every list and text.
fn write_everywhere(document: &mut Automerge) {
    let keys: Vec<_> = document.keys(ROOT).collect();
    let mut transaction = document.transaction();
    transaction.put(ROOT, "honest", true).unwrap();
    for (place, key) in keys.iter().enumerate() {
        let object = transaction.get(ROOT, key.as_str()).unwrap().filter(|(value, _)| value.is_object());
        match (object, place % 3) {
            (Some((value, id)), 0) => match value.to_objtype() {
                Some(ObjType::List) => transaction.insert(&id, 0, "honest").unwrap(),
                Some(ObjType::Text) => transaction.splice_text(&id, 0, 0, "honest").unwrap(),
                _ => transaction.put(&id, "honest", "yes").unwrap(),
            },
            (_, 1) => transaction.delete(ROOT, key.as_str()).unwrap(),
            _ => transaction.put(ROOT, key.as_str(), "replaced").unwrap(),
        }
    }
    transaction.commit();
}

fn quietly(check: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Err("panicked".into()))
}

#[derive(Default)]
struct Tally {
    mutants: usize,
    unchanged: usize,
    refused: BTreeMap<&'static str, usize>,
    waiting: usize,
    set_aside: BTreeMap<&'static str, usize>,
    admitted: BTreeMap<&'static str, usize>,
    harmful: Vec<String>,
}

#[test]
fn honest_changes_are_admitted_and_mutants_do_no_harm() {
    // automerge panics by the hundred here; the first lines of each would hide what fails.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| place.file().to_owned()).unwrap_or_default();
        if !place.contains("automerge") && !place.contains("hexane") && !place.contains("/library/") {
            eprintln!("{panic}");
        }
    }));
    let number = |name, default| std::env::var(name).map_or(default, |value| value.parse().unwrap());
    let (sessions, seed) = (number("ADMISSION_SESSIONS", 26u64), number("ADMISSION_SEED", 1u64));
    let (mut honest, mut kinds, mut tally) = (0, BTreeSet::new(), Tally::default());
    let (mut scan_peak, mut trial_peak) = (0, 0);
    for session in seed..seed + sessions {
        let mut rng = Rng::new(session ^ 0xad31_5510);
        let changes = honest::session(session, 2 + session as usize % 4, 40);
        let mut replica = Replica::default();
        for (place, change) in changes.iter().enumerate() {
            for _ in 0..3 {
                let mutant = spoil::spoil(&mut rng, change, &changes[..place]);
                judge(
                    &replica,
                    change,
                    &mutant.bytes,
                    mutant.name,
                    &format!("seed {session} change {place}"),
                    &mut tally,
                );
            }
            match replica.receive(&change.bytes, change) {
                Outcome::Admitted(scanned, tried) => replica.adopt(scanned, tried.document),
                Outcome::Refused(refused) => panic!("seed {session}: change {place} refused: {refused}"),
                Outcome::SetAside(_, suspect) => panic!("seed {session}: change {place} set aside: {suspect:?}"),
                Outcome::Waiting => panic!("seed {session}: change {place} waits"),
            }
            honest += 1;
            kinds.extend(&change.kinds);
        }
        readable(&replica.document, &replica.highest).unwrap();
        scan_peak = scan_peak.max(replica.scan_peak.get());
        trial_peak = trial_peak.max(replica.trial_peak.get());
    }
    let by_scan: usize = tally.refused.values().sum();
    let by_trial: usize = tally.set_aside.values().sum();
    let admitted: usize = tally.admitted.values().sum();
    println!(
        "scanner+probation: honest {honest}/{honest}; mutants {}, refused scan {by_scan}, waiting {}, probation {by_trial}, \
         admitted {admitted} (and {} unchanged), documents reload {}/{admitted}, peak heap scan {} KB, trial {} KB",
        tally.mutants,
        tally.waiting,
        tally.unchanged,
        admitted - tally.harmful.len(),
        scan_peak / 1024,
        trial_peak / 1024,
    );
    println!("refused: {:?}\nset aside: {:?}\nadmitted: {:?}", tally.refused, tally.set_aside, tally.admitted);
    assert!(
        tally.harmful.is_empty(),
        "{} harmful: {:#?}",
        tally.harmful.len(),
        &tally.harmful[..tally.harmful.len().min(10)]
    );
    assert_eq!(kinds, BTreeSet::from(KINDS), "every kind of edit is played");
    assert!(honest >= 1000 && tally.mutants >= 2000 && by_scan > 0 && by_trial > 0);
}

fn judge(replica: &Replica, honest: &Honest, bytes: &[u8], name: &'static str, place: &str, tally: &mut Tally) {
    tally.mutants += 1;
    if bytes == honest.bytes {
        tally.unchanged += 1;
        return;
    }
    let outcome = replica.receive(bytes, honest);
    if let Some(difference) = replica.differs_elsewhere(bytes, &outcome) {
        tally.harmful.push(format!("{place}, {name}: {difference}, {} bytes", bytes.len()));
    }
    match outcome {
        Outcome::Refused(refused) => *tally.refused.entry(refused.name()).or_default() += 1,
        Outcome::Waiting => tally.waiting += 1,
        Outcome::SetAside(_, suspect) => *tally.set_aside.entry(suspect.trouble.name()).or_default() += 1,
        Outcome::Admitted(scanned, tried) => {
            *tally.admitted.entry(name).or_default() += 1;
            let mut highest = replica.highest.clone();
            highest.insert(scanned.hash, scanned.highest_operation);
            let harm = readable(&tried.document, &highest).and_then(|()| merges(&replica.document, &tried.document));
            if let Err(harm) = harm {
                tally.harmful.push(format!("{place}, {name}: {harm}, {} bytes", bytes.len()));
            }
        }
    }
}

#[test]
fn known_bombs_are_refused() {
    for bomb in bombs::all() {
        let mut replica = Replica::default();
        let mut expect = Honest {
            bytes: vec![],
            hash: [0; 32],
            actor: bombs::ACTOR,
            sequence: 1,
            start: 1,
            operations: 0,
            previous: None,
            kinds: BTreeSet::new(),
        };
        for before in &bomb.before {
            let Outcome::Admitted(scanned, tried) = replica.receive(before, &expect) else {
                panic!("{}: what comes before it is honest", bomb.name);
            };
            (expect.sequence, expect.previous) = (expect.sequence + 1, Some(scanned.hash));
            replica.adopt(scanned, tried.document);
        }
        let Outcome::Refused(refused) = replica.receive(&bomb.bytes, &expect) else {
            panic!("{} was not refused", bomb.name);
        };
        println!("{}: {} B, {refused}", bomb.name, bomb.bytes.len());
    }
}

#[global_allocator]
static HEAP: Counting = Counting;
