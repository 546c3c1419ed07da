//! A relay of the world: it can be stopped, put back to an earlier day, and it can keep back what it has.

use super::device::folder;
use crate::mutants::Rng;
use rafiq_protocol::{Request, Response, Tag};
use rafiq_relay::{Config, LocalRelay, Rate, RelayClock, mark_restored};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

const DATABASE: &str = "relay.db";

pub(super) struct Site {
    pub(super) url: String,
    /// It keeps envelopes back at present.
    pub(super) withholds: bool,
    relay: Option<LocalRelay>,
    config: Config,
    backed_up: bool,
    folder: TempDir,
}

impl Site {
    pub(super) fn open(seed: u64, number: usize, seconds: &Arc<AtomicU64>) -> Self {
        let folder = folder();
        let mut config = Config::new(folder.path().join(DATABASE));
        let seconds = seconds.clone();
        config.clock = RelayClock::from_fn(move || seconds.load(Ordering::Relaxed));
        // Rates go by the true clock, which this world does not have.
        let never = Rate { per_minute: 1_000_000, burst: 1_000_000 };
        config.limits.writes = never;
        config.limits.posts = never;
        config.limits.posts_from_address = never;
        config.limits.opens_from_address = never;
        let url = format!("http://relay-{number}.test");
        let relay = Some(LocalRelay::open(&config).unwrap());
        let mut site = Self { url, withholds: false, relay, config, backed_up: false, folder };
        site.stopped(|database, _| name_it(database, seed, number));
        site
    }

    /// `None` for what it does not understand.
    pub(super) fn ask(&self, request: &[u8]) -> Option<Vec<u8>> {
        self.relay.as_ref().unwrap().answer(request).ok()
    }

    /// The same answer without some of the spaces' envelopes; how many are missing. Inboxes are spared: nobody could ever tell that
    /// an answer to an invite is kept back, and the people ask each other.
    pub(super) fn keep_back(request: &[u8], answer: Vec<u8>, of: &BTreeSet<Tag>, rng: &mut Rng) -> (Vec<u8>, usize) {
        let tags = Request::decode(request).unwrap().sections.into_iter().map(|section| section.tag);
        let mut response = Response::decode(&answer).unwrap();
        let mut missing = 0;
        for (result, tag) in response.results.iter_mut().zip(tags) {
            if of.contains(&tag) {
                let before = result.envelopes.len();
                result.envelopes.retain(|_| !rng.once_in(2));
                missing += before - result.envelopes.len();
            }
        }
        (if missing > 0 { response.encode().unwrap() } else { answer }, missing)
    }

    /// The same answer with its envelopes in another order, if there is one.
    pub(super) fn reorder(answer: Vec<u8>, rng: &mut Rng) -> (Vec<u8>, bool) {
        let mut response = Response::decode(&answer).unwrap();
        let mut moved = false;
        for result in &mut response.results {
            for place in (1..result.envelopes.len()).rev() {
                let other = rng.below(place + 1);
                result.envelopes.swap(place, other);
                moved |= other != place;
            }
        }
        (if moved { response.encode().unwrap() } else { answer }, moved)
    }

    pub(super) fn restart(&mut self) {
        self.stopped(|_, _| ());
    }

    pub(super) fn back_up(&mut self) {
        let copy = self.copy();
        self.stopped(|database, _| assert!(fs::copy(database, copy).unwrap() > 0));
        self.backed_up = true;
    }

    /// Back to the last backup, if there is one that was not put back before.
    pub(super) fn restore(&mut self) -> bool {
        let copy = self.copy();
        if self.backed_up {
            self.stopped(|database, config| {
                fs::copy(copy, database).unwrap();
                mark_restored(config).unwrap();
            });
        }
        std::mem::take(&mut self.backed_up)
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    fn copy(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    /// A stopped relay leaves one file, without a log beside it.
    fn stopped(&mut self, work: impl FnOnce(&Path, &Config)) {
        self.relay = None;
        work(&self.database(), &self.config);
        self.relay = Some(LocalRelay::open(&self.config).unwrap());
    }

    /// Everything that lies here now: under which tag, and the bytes.
    pub(super) fn envelopes(&self) -> Vec<(Tag, Vec<u8>)> {
        let rows = Connection::open_with_flags(self.database(), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let mut statement = rows
            .prepare("SELECT s.tag, e.bytes FROM envelope e JOIN space s ON s.number = e.space ORDER BY e.number")
            .unwrap();
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        found.collect::<Result<_, _>>().unwrap()
    }

    /// Its file as it lies on its disk.
    pub(super) fn raw(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.stopped(|database, _| bytes = fs::read(database).unwrap());
        bytes
    }
}

/// A relay makes up its name and its secret when it is founded. Both stand in what phones write, here they follow from the seed too.
fn name_it(database: &Path, seed: u64, number: usize) {
    let secret = blake3::hash(format!("relay {number} of {seed}").as_bytes());
    let rows = Connection::open(database).unwrap();
    let count =
        rows.execute("UPDATE relay SET instance = ?1, secret = ?2", [&secret.as_bytes()[..16], secret.as_bytes()]);
    assert_eq!(count, Ok(1));
}
