//! One device of the world: a profile, its clock, its disk, and what its person was told is safe.

use super::Fault;
use crate::faults::{Disk, Left};
use crate::mutants::Rng;
use crate::phone::{HandClock, SeededRandom, TestVault};
use rafiq::people::NewMe;
use rafiq::replica::{ALERT, NoteState, REPORT};
use rafiq::sync::Safeguard;
use rafiq::{Error, Host, Rafiq};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

/// Tables whose writes count when a commit is to fail: the log and its book-keeping.
const WATCHED: [&str; 9] =
    ["change", "entry", "held_item", "note", "operation", "outbox", "probation", "relay", "relay_cursor"];

/// So many rows, about, are written in a call that writes.
const ROWS_A_CALL: usize = 4;

/// What a line that costs by the byte carries of small and large things in this world, where nobody writes much.
const SPARE_SMALL: u32 = 4 * 1024;
const SPARE_LARGE: u32 = 1024;

/// What acknowledged calls promised.
#[derive(Default, Clone)]
pub(super) struct Promised {
    /// Changes, by hash.
    pub(super) changes: BTreeSet<[u8; 32]>,
    /// What they are, as they were written: under another name they may have been written again since.
    pub(super) bytes: BTreeMap<[u8; 32], Vec<u8>>,
    /// Alerts raised.
    pub(super) alerts: usize,
    /// Reports written.
    pub(super) reports: usize,
    /// Notes that a person has dealt with.
    pub(super) settled: BTreeSet<String>,
}

/// A copy of a device's folder, and what its person had been promised by then.
struct Backup {
    folder: TempDir,
    promised: Promised,
}

pub(super) struct Device {
    pub(super) name: String,
    pub(super) promised: Promised,
    /// How wrong its clock is.
    pub(super) skew_ms: i64,
    /// Requests, each with its relay, and answers that are still somewhere on the line.
    pub(super) late_requests: Vec<(usize, Vec<u8>)>,
    pub(super) late_answers: Vec<Vec<u8>>,
    /// What its disk does at present.
    armed: Option<Fault>,
    without: Option<Safeguard>,
    seen_changes: i64,
    clock: Arc<HandClock>,
    host: Host,
    rafiq: Option<Rafiq>,
    disk: Arc<Disk>,
    backup: Option<Backup>,
    folder: TempDir,
}

impl Device {
    pub(super) fn new(seed: u64, now_ms: i64, name: &str, language: &str, without: Option<Safeguard>) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(now_ms)));
        let host = Host {
            vault: Arc::new(TestVault::new(7)),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(seed)),
        };
        let folder = folder();
        let mut device = Self {
            name: name.into(),
            promised: Promised::default(),
            skew_ms: 0,
            late_requests: Vec::new(),
            late_answers: Vec::new(),
            armed: None,
            without,
            seen_changes: 0,
            clock,
            host,
            rafiq: None,
            disk: Disk::new(folder.path(), seed),
            backup: None,
            folder,
        };
        device.restart();
        let me = NewMe { name: name.into(), language: language.into(), calendar: None };
        device.rafiq().people().set_me(me).unwrap();
        device.keep_promise();
        device
    }

    pub(super) fn rafiq(&self) -> &Rafiq {
        self.rafiq.as_ref().unwrap()
    }

    pub(super) fn set_clock(&self, true_ms: i64) {
        self.clock.0.store(true_ms + self.skew_ms, Ordering::Relaxed);
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.0.load(Ordering::Relaxed)
    }

    /// The system ends the app and its person opens it again.
    pub(super) fn restart(&mut self) {
        self.rafiq = None;
        self.disk.power_on();
        self.disk.make_room();
        self.armed = None;
        let rafiq = Rafiq::open(self.folder.path(), self.host.clone(), None).unwrap();
        rafiq.sync().spare_above(SPARE_SMALL, SPARE_LARGE);
        if let Some(safeguard) = self.without {
            rafiq.sync().go_without(safeguard);
        }
        self.rafiq = Some(rafiq);
    }

    /// Somebody copies the app's folder, as the tools do that move a phone to another.
    pub(super) fn back_up(&mut self) {
        let copy = folder();
        self.rafiq().suspend().unwrap();
        copy_files(self.folder.path(), copy.path());
        self.rafiq().resume().unwrap();
        self.backup = Some(Backup { folder: copy, promised: self.promised.clone() });
    }

    /// The copy is put back. What was promised since is gone with the phone, but for what others hold `safe`. The person's notes that
    /// nobody here remembers any more; `None` if there is no copy.
    pub(super) fn restore(&mut self, safe: &BTreeSet<[u8; 32]>) -> Option<Vec<String>> {
        let Backup { folder: copy, promised } = self.backup.take()?;
        let notes = |device: &Self| [ALERT, REPORT].map(|kind| device.own_notes(kind)).concat();
        let written: BTreeSet<String> = notes(self).into_iter().map(|(id, _)| id).collect();
        self.rafiq = None;
        self.disk.cut(Left::Nothing);
        for file in fs::read_dir(self.folder.path()).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
        copy_files(copy.path(), self.folder.path());
        self.restart();
        let held = promised.changes.union(&(&self.promised.changes & safe)).copied().collect();
        let bytes = std::mem::take(&mut self.promised.bytes);
        self.promised = Promised { changes: held, bytes, ..promised };
        self.seen_changes = 0;
        self.look_past();
        let left: BTreeSet<String> = notes(self).into_iter().map(|(id, _)| id).collect();
        Some(written.difference(&left).cloned().collect())
    }

    /// Something will go wrong with the disk during the next call, perhaps.
    pub(super) fn arm(&mut self, rng: &mut Rng, calls: usize) {
        let fault = *rng.pick(&[Fault::FailedCommit, Fault::DiskFull, Fault::Killed]);
        match fault {
            Fault::FailedCommit => self.fail_commits_after(rng.below(ROWS_A_CALL * calls)),
            Fault::DiskFull => self.disk.full_after(rng.below(8 * calls) as u64),
            // What was not synced is lost, all of it or some.
            _ => {
                let left = *rng.pick(&[Left::Nothing, Left::Some(50), Left::Some(90)]);
                self.disk.cut_after(rng.below(12 * calls) as u64, left);
            }
        }
        self.armed = Some(fault);
    }

    /// After `rows` more rows were written, every commit of the log fails as a commit does whose disk is full: SQLite has done all the
    /// work and says no at the end. A foreign key that cannot be kept, checked at the commit, does it from the outside; and what
    /// counts the rows is not rolled back with them, so that it goes on failing until the disk is well.
    fn fail_commits_after(&mut self, rows: usize) {
        let mut sql = format!(
            "CREATE TEMP TABLE IF NOT EXISTS sim_good (id INTEGER PRIMARY KEY);
             CREATE TEMP TABLE IF NOT EXISTS sim_bad (id INTEGER REFERENCES sim_good (id) DEFERRABLE INITIALLY DEFERRED);
             CREATE TEMP TABLE IF NOT EXISTS sim_good_until (changes INTEGER);
             DELETE FROM sim_good_until; INSERT INTO sim_good_until VALUES (total_changes() + {rows});"
        );
        for table in WATCHED {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                sql.push_str(&format!(
                    "CREATE TEMP TRIGGER IF NOT EXISTS sim_{table}_{event} AFTER {event} ON main.{table} BEGIN
                         INSERT INTO sim_bad SELECT 1 FROM sim_good_until WHERE total_changes() > changes;
                     END;"
                ));
            }
        }
        self.rafiq().replica().store().write(|rows| Ok(rows.execute_batch(&sql)?)).unwrap();
    }

    /// The call is over and the disk is well again: what it did to the call, if anything. An error that it has not caused stops the run.
    pub(super) fn mend(&mut self, call: &str, error: Option<&Error>) -> Option<Fault> {
        let did = match (self.armed.take(), error) {
            (Some(Fault::Killed), _) if self.disk.is_dark() => Some(Fault::Killed),
            (Some(Fault::DiskFull), Some(Error::StorageFull)) if self.disk.was_full() => Some(Fault::DiskFull),
            // SQLite's 787, a foreign key: see `fail_commits_after`.
            (Some(Fault::FailedCommit), error) => {
                let mended = "DELETE FROM temp.sim_good_until";
                self.rafiq().replica().store().write(|rows| Ok(rows.execute_batch(mended)?)).unwrap();
                error.filter(|error| **error == Error::bug("sqlite 787")).map(|_| Fault::FailedCommit)
            }
            _ => None,
        };
        assert!(error.is_none() || did.is_some(), "{}: {call}: {error:?}", self.name);
        if did == Some(Fault::Killed) {
            self.restart();
        }
        self.disk.power_on();
        self.disk.make_room();
        did
    }

    /// A call of ours returned Ok: what is new in the log must never be lost.
    pub(super) fn keep_promise(&mut self) {
        let (last, new) = self.new_changes().unwrap();
        self.promised.changes.extend(new.iter().map(|(hash, _)| hash));
        self.promised.bytes.extend(new);
        self.seen_changes = last;
    }

    /// A call of ours failed: nothing of it may be there.
    pub(super) fn check_nothing_new(&self, what: &str) {
        let (_, new) = self.new_changes().unwrap();
        assert!(new.is_empty(), "{}: a failed {what} left {} changes", self.name, new.len());
    }

    /// What came from others is theirs to promise.
    pub(super) fn look_past(&mut self) {
        self.seen_changes = self.new_changes().unwrap().0;
    }

    /// The process ended within a call, before it could answer: the call is done whole or not at all, and nobody was told which.
    pub(super) fn count_notes_again(&mut self) {
        let alerts = self.own_notes(ALERT).len();
        let reports = self.own_notes(REPORT).len();
        let more = alerts + reports - self.promised.alerts - self.promised.reports;
        assert!(more <= 1, "{}: one call wrote {more} notes", self.name);
        (self.promised.alerts, self.promised.reports) = (alerts, reports);
        for kind in [ALERT, REPORT] {
            let notes = self.rafiq().replica().received_notes(kind, true).unwrap();
            let settled = notes.into_iter().filter(|note| note.state == NoteState::Settled).map(|note| note.id);
            self.promised.settled.extend(settled);
        }
    }

    /// Notes of this device's person, with their states.
    pub(super) fn own_notes(&self, kind: u8) -> Vec<(String, u8)> {
        let found = self.rafiq().replica().read(|rows| {
            let mut statement = rows.prepare("SELECT id, state FROM note WHERE own = 1 AND kind = ?1 ORDER BY id")?;
            let note = |row: &rusqlite::Row<'_>| Ok((rafiq::ids::to_text(&row.get::<_, Vec<u8>>(0)?), row.get(1)?));
            let found = statement.query_map([kind], note)?;
            Ok(found.collect::<Result<_, _>>()?)
        });
        found.unwrap()
    }

    /// Whether something of an earlier life of this phone came back behind all that it has written in this one.
    pub(super) fn has_unnamed(&self) -> bool {
        let sql = "WITH life (now) AS (SELECT coalesce(max(incarnation), 1) FROM renewal)
                   SELECT EXISTS (SELECT 1 FROM entry e JOIN life WHERE e.own = 1 AND e.incarnation <> now AND e.number > coalesce(
                       (SELECT max(p.number) FROM entry p WHERE p.space = e.space AND p.own = 1 AND p.incarnation = now), 0))";
        self.rafiq().replica().read(|rows| Ok(rows.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }

    /// How much lies ready to be sent, but for what is said in spaces that this device is out of.
    pub(super) fn still_to_say(&self) -> i64 {
        let sql = "SELECT count(*) FROM outbox o WHERE o.token IS NOT NULL
                   OR NOT EXISTS (SELECT 1 FROM space s WHERE s.tag = o.tag AND s.role = 0)";
        self.rafiq().replica().read(|rows| Ok(rows.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }

    #[allow(clippy::type_complexity)] // the last number, and each change with its hash
    fn new_changes(&self) -> Result<(i64, Vec<([u8; 32], Vec<u8>)>), Error> {
        self.rafiq().replica().read(|rows| {
            let mut statement =
                rows.prepare_cached("SELECT number, hash, bytes FROM change WHERE number > ?1 ORDER BY number")?;
            let found =
                statement.query_map([self.seen_changes], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
            let all: Vec<(i64, ([u8; 32], Vec<u8>))> = found.collect::<Result<_, _>>()?;
            let last = all.last().map_or(self.seen_changes, |(number, _)| *number);
            Ok((last, all.into_iter().map(|(_, change)| change).collect()))
        })
    }
}

fn copy_files(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// In memory where the system has such a place: it is the logic that is tried here, and `crash` tries the disk.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}
