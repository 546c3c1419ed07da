use super::testing::touched_by;
use super::*;
use crate::host::{NoProgress, Progress};
use crate::store::Durability;
use rusqlite::params;
use std::path::Path;
use std::sync::atomic::AtomicI64;

const SPACE: SpaceId = SpaceId([3; 32]);

struct Words;

impl Noun for Words {
    fn name(&self) -> &'static str {
        "words"
    }
    fn kinds(&self) -> &'static [u16] {
        &[900]
    }
    fn version(&self) -> u32 {
        1
    }
    fn schema(&self) -> &'static str {
        "CREATE TABLE word (space BLOB NOT NULL, key TEXT NOT NULL, text TEXT, kept TEXT NOT NULL, PRIMARY KEY (space, key)) STRICT;"
    }
    fn tables(&self) -> &'static [&'static str] {
        &["word"]
    }
    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        for key in keys {
            rows.execute("DELETE FROM word WHERE space = ?1 AND key = ?2", params![&document.key.space.0[..], key])?;
            let all = match document.record(key) {
                Some(record) => record.all("text"),
                None => document.scalars(key),
            };
            if let Some(first) = all.first() {
                let kept = format!("{:?}", &all[1..]);
                rows.execute(
                    "INSERT INTO word (space, key, text, kept) VALUES (?1, ?2, ?3, ?4)",
                    params![&document.key.space.0[..], key, first.text(), kept],
                )?;
            }
        }
        Ok(())
    }
}

pub(crate) struct TestClock(AtomicI64);
impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

struct TestRandom;
impl Random for TestRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), crate::host::HostError> {
        getrandom::fill(buffer).map_err(|_| crate::host::HostError::Failed { reason: "random".into() })
    }
}

fn replica(device: u8) -> (tempfile::TempDir, Replica) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), &[device; 32], Durability::Full).unwrap();
    store
        .write(|rows| {
            rows.execute(
                "INSERT OR IGNORE INTO space (id, kind, tag, role, title, relay, added) VALUES (?1, 3, ?2, 3, '', '', 0)",
                params![&SPACE.0[..], &[0u8; 16][..]],
            )?;
            Ok(())
        })
        .unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(1)));
    let replica = Replica::new(store, vec![Box::new(Words)], clock, Arc::new(TestRandom)).unwrap();
    replica.set_identity(Author { device: [device; 32], incarnation: 1 }, PersonId([device; 16]));
    (directory, replica)
}

fn key() -> DocumentKey {
    DocumentKey::new(SPACE, 900, "")
}

/// Hands over what the other has and this one has not.
fn receive(to: &Replica, from: &Replica) {
    let all = from
        .read(|rows| {
            let mut statement = rows.prepare("SELECT bytes FROM change ORDER BY number")?;
            let found = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(found.map(|bytes| bytes.unwrap()).collect::<Vec<_>>())
        })
        .unwrap();
    let (mut document, base) = to.clone_document(&key()).unwrap();
    let had = document.get_changes(&[]).iter().map(|change| change.hash()).collect::<Vec<_>>();
    let new: Vec<_> = all
        .into_iter()
        .map(|bytes| automerge::Change::from_bytes(bytes).unwrap())
        .filter(|change| !had.contains(&change.hash()))
        .collect();
    let changes: Vec<_> = new.iter().map(|change| ChangeRow::of(change, None).unwrap()).collect();
    document.apply_changes(new).unwrap();
    let touched = touched_by(&document, &changes);
    to.adopt(vec![Merge { key: key(), base, document, changes, touched }], |_| Ok(())).unwrap().unwrap();
}

fn rows(replica: &Replica) -> Vec<(String, Option<String>, String)> {
    replica
        .read(|rows| {
            let mut statement = rows.prepare("SELECT key, text, kept FROM word ORDER BY key")?;
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(found.map(|row| row.unwrap()).collect())
        })
        .unwrap()
}

#[test]
fn one_road() {
    let ((_a, amina), (_b, bohdan)) = (replica(1), replica(2));
    amina.write(|w| w.create(&key(), "word/1", &[("text", "salam".into())])).unwrap();
    receive(&bohdan, &amina);
    // Apart, both set the same two things.
    for (who, text) in [(&amina, "17:00"), (&bohdan, "18:00")] {
        who.write(|w| {
            w.set(&key(), "meeting", text.into())?;
            w.set_field(&key(), "word/1", "text", format!("{text}!").into())
        })
        .unwrap();
    }
    receive(&amina, &bohdan);
    receive(&bohdan, &amina);
    assert_eq!(rows(&amina), rows(&bohdan));
    assert!(rows(&amina).iter().all(|(_, _, kept)| kept != "[]"), "both values are kept: {:?}", rows(&amina));
    assert_eq!(amina.digest(None).unwrap(), bohdan.digest(None).unwrap());
    // One settles it; the other sees it settled.
    amina.write(|w| w.set(&key(), "meeting", "18:30".into())).unwrap();
    receive(&bohdan, &amina);
    assert_eq!(rows(&bohdan)[0], ("meeting".into(), Some("18:30".into()), "[]".into()));
}

#[test]
fn a_losing_edit_and_a_losing_deletion_reach_the_rows() {
    let ((_a, amina), (_b, bohdan)) = (replica(1), replica(2));
    amina.write(|w| w.set(&key(), "t", "a".into())).unwrap();
    bohdan.write(|w| w.set(&key(), "t", "b".into())).unwrap();
    for step in ["again", "gone"] {
        // Whoever loses goes on on its own.
        receive(&amina, &bohdan);
        receive(&bohdan, &amina);
        assert_eq!(rows(&amina), rows(&bohdan), "{step}");
        if step == "again" {
            for (who, other) in [(&amina, &bohdan), (&bohdan, &amina)] {
                who.write(|w| w.set(&key(), "u", "x".into())).unwrap();
                other.write(|w| w.delete(&key(), "u")).unwrap();
            }
        }
    }
    for who in [&amina, &bohdan] {
        let before = who.digest(None).unwrap();
        who.forget_read_model().unwrap();
        who.project_missing(&NoProgress).unwrap();
        assert_eq!(before, who.digest(None).unwrap());
    }
}

#[test]
fn log_is_the_truth() {
    let (_a, amina) = replica(1);
    for n in 0..50i64 {
        amina.write(|w| w.create(&key(), &format!("word/{n}"), &[("text", format!("{n}").into())])).unwrap();
        amina.write(|w| w.set_field(&key(), &format!("word/{}", n / 2), "text", format!("{n}").into())).unwrap();
    }
    amina.write(|w| w.delete(&key(), "word/7")).unwrap();
    let before = amina.digest(Some(&SPACE)).unwrap();
    amina.forget_read_model().unwrap();
    assert_ne!(before, amina.digest(Some(&SPACE)).unwrap());
    assert_eq!(amina.project_missing(&NoProgress).unwrap(), 1);
    assert_eq!(before, amina.digest(Some(&SPACE)).unwrap());
}

/// The app ends and starts again, as another version if the nouns are others.
fn restart(directory: &Path, was: Replica, nouns: Vec<Box<dyn Noun>>) -> Replica {
    was.store().suspend().unwrap();
    drop(was);
    let store = Store::open(directory, &[1; 32], Durability::Full).unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(1)));
    let replica = Replica::new(store, nouns, clock, Arc::new(TestRandom)).unwrap();
    replica.set_identity(Author { device: [1; 32], incarnation: 1 }, PersonId([1; 16]));
    replica
}

/// Whoever does not wait.
struct Stop;
impl Progress for Stop {
    fn report(&self, _done: i64, _total: i64) -> bool {
        false
    }
}

#[test]
fn what_was_left_half_done_or_came_under_another_version_is_found_missing() {
    let (directory, mut amina) = replica(1);
    amina.write(|w| w.create(&key(), "word/1", &[("text", "salam".into())])).unwrap();
    assert_eq!(amina.project_missing(&NoProgress), Ok(0));
    let before = amina.digest(None).unwrap();
    // An upgrade that was stopped before it had written anything, and the version of before again.
    amina.store().write(|rows| Ok(rows.execute("UPDATE noun SET version = version + 1", [])?)).unwrap();
    amina = restart(directory.path(), amina, vec![Box::new(Words)]);
    assert_eq!(amina.project_missing(&Stop), Err(Error::Cancelled));
    amina = restart(directory.path(), amina, vec![Box::new(Words)]);
    assert_eq!(amina.project_missing(&NoProgress), Ok(1));
    assert_eq!(amina.digest(None).unwrap(), before);
    // A version that does not know the noun takes what comes for it, and finds nothing missing; the one that does finds it.
    amina = restart(directory.path(), amina, vec![]);
    assert_eq!(amina.project_missing(&NoProgress), Ok(0));
    let other = DocumentKey { bucket: "other".into(), ..key() };
    amina.write(|w| w.create(&other, "word/2", &[("text", "pryvit".into())])).unwrap();
    assert_eq!(amina.project_missing(&NoProgress), Ok(0));
    amina = restart(directory.path(), amina, vec![Box::new(Words)]);
    assert_eq!(amina.project_missing(&NoProgress), Ok(1));
    assert_eq!(rows(&amina).len(), 2);
}

#[test]
fn reading_loads_no_document() {
    let (directory, amina) = replica(1);
    amina.write(|w| w.create(&key(), "word/1", &[("text", "salam".into())])).unwrap();
    let amina = restart(directory.path(), amina, vec![Box::new(Words)]);
    assert_eq!(amina.project_missing(&NoProgress).unwrap(), 0);
    assert_eq!(rows(&amina).len(), 1);
    assert_eq!(amina.documents_loaded(), 0);
}

#[test]
fn a_failed_write_leaves_nothing_in_memory_either() {
    let (_a, amina) = replica(1);
    amina.write(|w| w.set(&key(), "t", "kept".into())).unwrap();
    let failed = amina.write(|w| {
        w.set(&key(), "t", "lost".into())?;
        w.set_field(&key(), "no-such-record", "x", Value::Null)
    });
    assert_eq!(failed.err(), Some(Error::NotFound));
    amina.write(|w| w.set(&key(), "u", "next".into())).unwrap();
    let before = rows(&amina);
    assert_eq!(before[0].1.as_deref(), Some("kept"));
    amina.forget_read_model().unwrap();
    amina.project_missing(&NoProgress).unwrap();
    assert_eq!(before, rows(&amina), "no later write depends on a change that was never kept");
}

#[test]
fn many_edits_become_changes_within_the_limits() {
    let (_a, amina) = replica(1);
    let long = "x".repeat(1_000);
    amina
        .write(|w| (0..200).try_for_each(|n| w.create(&key(), &format!("word/{n}"), &[("text", long.as_str().into())])))
        .unwrap();
    let largest: i64 =
        amina.read(|rows| Ok(rows.query_row("SELECT max(length(bytes)) FROM change", [], |r| r.get(0))?)).unwrap();
    assert!(largest <= 32 * 1024);
    assert_eq!(rows(&amina).len(), 200);
    let too_long = amina.write(|w| w.set(&key(), "t", "x".repeat(50_000).into()));
    assert_eq!(too_long.err(), Some(Error::invalid("text", "too-long")));
}

#[test]
fn listeners_hear_after_the_commit_and_harm_nobody() {
    struct Bad(Mutex<Vec<Changed>>);
    impl Listener for Bad {
        fn changed(&self, changed: &[Changed]) {
            self.0.lock().extend_from_slice(changed);
            panic!("a listener's own mistake");
        }
    }
    let (_a, amina) = replica(1);
    let bad = Arc::new(Bad(Mutex::new(Vec::new())));
    let subscription = amina.subscribe(bad.clone());
    amina.write(|w| w.set(&key(), "t", "1".into())).unwrap();
    assert_eq!(*bad.0.lock(), vec![Changed { noun: "words", keys: vec!["t".into()] }]);
    drop(subscription);
    amina.write(|w| w.set(&key(), "t", "2".into())).unwrap();
    assert_eq!(bad.0.lock().len(), 1);
}
