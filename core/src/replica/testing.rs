//! For the nouns' tests: phones with a real store each, spaces that they share, and a stand-in for the exchange.

#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::host::{HostError, NoProgress};
use crate::store::Durability;
use rusqlite::params;
use std::sync::atomic::AtomicI64;

/// 2026-11-22 09:00 UTC, a Sunday.
pub(crate) const START: i64 = 1_795_338_000_000;

/// A clock that a test sets; it moves by a millisecond at every look.
pub(crate) struct TestClock(pub(crate) AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
        getrandom::fill(buffer).map_err(|_| HostError::Failed { reason: "random".into() })
    }
}

/// One phone.
pub(crate) struct Phone {
    pub(crate) replica: Arc<Replica>,
    pub(crate) clock: Arc<TestClock>,
    _directory: tempfile::TempDir,
}

impl Phone {
    /// A phone whose person and device are named by a number, with a personal space.
    pub(crate) fn new(number: u8, nouns: Vec<Box<dyn Noun>>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), &[number; 32], Durability::Full).unwrap();
        store.write(|rows| hold(rows, &SpaceId([number; 32]), SpaceKind::Personal, "")).unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(START)));
        let replica = Replica::new(store, nouns, clock.clone(), Arc::new(SystemRandom)).unwrap();
        replica.set_identity(Author { device: [number; 32], incarnation: 1 }, PersonId([number; 16]));
        Self { replica: Arc::new(replica), clock, _directory: directory }
    }

    /// Lets it hold a space that another founded.
    pub(crate) fn join(&self, space: &str, kind: SpaceKind) {
        let space = SpaceId::parse(space).unwrap();
        self.replica.store().write(|rows| hold(rows, &space, kind, "")).unwrap();
    }

    /// Takes every change of a shared space that the other has and this one has not.
    pub(crate) fn receive(&self, from: &Phone, space: &str) {
        let space = SpaceId::parse(space).unwrap();
        for key in documents(from, &space) {
            let (theirs, _) = from.replica.clone_document(&key).unwrap();
            let (mut document, base) = self.replica.clone_document(&key).unwrap();
            let had: Vec<_> = document.get_changes(&[]).iter().map(|change| change.hash()).collect();
            let new: Vec<_> = theirs.get_changes(&[]).into_iter().filter(|c| !had.contains(&c.hash())).collect();
            if new.is_empty() {
                continue;
            }
            let changes: Vec<_> = new.iter().map(|change| ChangeRow::of(change, None).unwrap()).collect();
            document.apply_changes(new).unwrap();
            let touched = touched_by(&document, &changes);
            let merge = Merge { key, base, document, changes, touched };
            self.replica.adopt(vec![merge], |_| Ok(())).unwrap().unwrap();
        }
        let mut after = 0;
        while let Some((number, blob)) = from.replica.read(|rows| words::next(rows, &space, after, false)).unwrap() {
            after = number;
            self.replica
                .store()
                .write(|rows| words::keep(rows, &space, &blob, &from.replica.me()?.to_string(), false))
                .unwrap();
        }
    }

    /// The rows written bit by bit equal the rows written from the log.
    pub(crate) fn assert_rebuilds(&self) {
        let before = self.replica.digest(None).unwrap();
        self.replica.forget_read_model().unwrap();
        self.replica.project_missing(&NoProgress).unwrap();
        assert_eq!(before, self.replica.digest(None).unwrap());
    }

    pub(crate) fn set_time(&self, at_ms: i64) {
        self.clock.0.store(at_ms, Ordering::Relaxed);
    }
}

/// Both ways; afterwards both hold the same rows of the space, also when written anew.
pub(crate) fn exchange(a: &Phone, b: &Phone, space: &str) {
    a.receive(b, space);
    b.receive(a, space);
    let id = SpaceId::parse(space).unwrap();
    assert_eq!(a.replica.digest(Some(&id)).unwrap(), b.replica.digest(Some(&id)).unwrap());
    a.assert_rebuilds();
    b.assert_rebuilds();
}

fn documents(phone: &Phone, space: &SpaceId) -> Vec<DocumentKey> {
    let read = |rows: &Connection| {
        let mut statement = rows.prepare("SELECT kind, bucket, generation FROM document WHERE space = ?1")?;
        let found = statement.query_map([&space.0[..]], |row| {
            Ok(DocumentKey { space: *space, kind: row.get(0)?, bucket: row.get(1)?, generation: row.get(2)? })
        })?;
        Ok(found.map(|key| key.unwrap()).collect())
    };
    phone.replica.read(read).unwrap()
}

fn hold(rows: &Connection, space: &SpaceId, kind: SpaceKind, title: &str) -> Result<()> {
    rows.execute(
        "INSERT OR IGNORE INTO space (id, kind, tag, role, title, relay, added) VALUES (?1, ?2, ?3, 3, ?4, '', 0)",
        params![&space.0[..], kind as u8, &space.0[..16], title],
    )?;
    Ok(())
}

/// Founds a space as far as the nouns can tell: without keys and membership, which are `sync`'s.
pub(crate) struct TestFounder;

impl SpaceFounder for TestFounder {
    fn found(&self, rows: &Connection, kind: SpaceKind, title: &str) -> Result<SpaceId> {
        let mut id = [0; 32];
        getrandom::fill(&mut id).unwrap();
        hold(rows, &SpaceId(id), kind, title)?;
        Ok(SpaceId(id))
    }
}

/// The root keys that changes touch, by automerge's own decoder (admission finds them with its scanner).
pub(crate) fn touched_by(document: &Automerge, changes: &[ChangeRow]) -> BTreeSet<String> {
    use automerge::legacy::{Key, ObjectId};
    use automerge::{Change, Prop, ReadDoc};
    let mut touched = BTreeSet::new();
    for row in changes {
        for operation in Change::from_bytes(row.bytes.clone()).unwrap().decode().operations {
            match (operation.obj, operation.key) {
                (ObjectId::Root, Key::Map(key)) => drop(touched.insert(key.to_string())),
                (ObjectId::Id(id), _) => {
                    let object = format!("{}@{}", id.counter(), id.actor().to_hex_string());
                    let object = document.import_obj(&object).unwrap();
                    if let Prop::Map(key) = document.parents(object).unwrap().last().unwrap().prop {
                        touched.insert(key);
                    }
                }
                _ => {}
            }
        }
    }
    touched
}
