//! Everything in one SQLite file: a writing thread that commits in groups, and a few readers.

mod reading;
mod schema;
mod writing;

pub(super) use schema::{open_reader, open_writer};

use super::deciding::{Drawer, Questions, decide};
use super::{Answer, Ask, Due, Holdings, Identity, Job, Known, LookUp, QUEUE, Work, WorkOutcome, gather, hand_in};
use crate::bell::Bell;
use crate::config::{DatabaseKey, Limits};
use crate::limits::{Level, tidy};
use crate::{Config, RelayError, Result};
use parking_lot::Mutex;
use rafiq_protocol::Tag;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{sync::Arc, thread, time::Instant};
use tokio::sync::{Semaphore, mpsc};

/// Readers: SQLite reads are short, and more of them than this would only wait for each other's pages.
const READERS: usize = 4;

/// A relay's store in one file. WAL, `synchronous=FULL`; many requests share one commit, and each is answered after it.
pub(crate) struct SqliteStore {
    pub(super) identity: Identity,
    path: PathBuf,
    key: Option<DatabaseKey>,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<thread::JoinHandle<()>>,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl SqliteStore {
    /// Opens or creates the file and starts the writing thread.
    pub(super) fn open(path: &Path, config: &Config, bell: Arc<Bell>) -> Result<Self> {
        let key = config.key.as_ref();
        let (connection, identity) = open_writer(path, key)?;
        let mut idle = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            idle.push(open_reader(path, key)?);
        }
        let (jobs, queue) = mpsc::channel(QUEUE);
        let desk =
            Writer { connection, limits: config.limits.clone(), levels: HashMap::new(), begun: Instant::now(), bell };
        let writer = thread::Builder::new().name("relay-writer".into());
        let writer = writer.spawn(move || desk.write_until_closed(queue));
        Ok(Self {
            identity,
            path: path.to_owned(),
            key: key.cloned(),
            jobs: Some(jobs),
            writer: Some(writer.map_err(RelayError::io("starting the writer"))?),
            idle: Arc::new(Mutex::new(idle)),
            free: Arc::new(Semaphore::new(READERS)),
        })
    }

    pub(super) fn mark_restored(path: &Path, key: Option<&DatabaseKey>) -> Result<u32> {
        let (connection, identity) = open_writer(path, key)?;
        let restored = identity.restored()?;
        connection.execute("UPDATE relay SET instance = ?1, restores = ?2", (restored.instance, restored.restores))?;
        Ok(restored.restores)
    }

    async fn with_reader<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|_| RelayError::Stopping)?;
        let idle = Arc::clone(&self.idle);
        // The permit travels along: a client that goes away must not free a reader that is still at work.
        let task = tokio::task::spawn_blocking(move || {
            let mut connection = idle.lock().pop().ok_or(RelayError::Stopping)?;
            let result = read(&mut connection);
            idle.lock().push(connection);
            drop(permit);
            result.map_err(RelayError::from_sqlite)
        });
        task.await.map_err(|_| RelayError::Stopping)?
    }

    pub(super) async fn look_up(&self, query: LookUp) -> Result<Known> {
        self.with_reader(move |connection| reading::look_up(connection, &query)).await
    }

    pub(super) async fn write(&self, work: Work) -> Result<WorkOutcome> {
        hand_in(self.jobs.as_ref(), work).await
    }

    pub(super) async fn read(&self, asks: Vec<Ask>, room: usize) -> Result<Vec<Answer>> {
        self.with_reader(move |connection| {
            let snapshot = connection.transaction()?;
            reading::fill(&snapshot, &asks, room)
        })
        .await
    }

    /// On a connection of its own, which waits for the writer as the writer waits for it: both are short.
    pub(super) async fn sweep(&self, due: Due) -> Result<u64> {
        let (path, key) = (self.path.clone(), self.key.clone());
        let task = tokio::task::spawn_blocking(move || {
            let (mut connection, _) = open_writer(&path, key.as_ref())?;
            writing::sweep(&mut connection, due).map_err(RelayError::from_sqlite)
        });
        task.await.map_err(|_| RelayError::Stopping)?
    }

    pub(super) async fn holdings(&self) -> Result<Holdings> {
        self.with_reader(|connection| writing::holdings(connection)).await
    }
}

/// Waits for the last commit. The writing connection closes last and leaves one file without a log beside it.
impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.jobs = None;
        self.idle.lock().clear();
        if let Some(writer) = self.writer.take() {
            // A panic there has been reported to every waiting exchange already.
            let _ = writer.join();
        }
    }
}

/// The one who writes. Only one process may serve from a file, so its allowances are in memory.
struct Writer {
    connection: Connection,
    limits: Limits,
    levels: HashMap<(Tag, Drawer), Level>,
    begun: Instant,
    bell: Arc<Bell>,
}

impl Writer {
    fn write_until_closed(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let group = gather(first, &mut queue);
            match self.commit(&group) {
                Ok(outcomes) => {
                    for (job, outcome) in group.into_iter().zip(outcomes) {
                        let _ = job.reply.send(Ok(outcome)); // the client may have gone; its envelopes are kept
                    }
                }
                Err(_) => {
                    // One of them could not be written: each by itself, so that it fails alone.
                    for job in group {
                        let alone = self.commit(std::slice::from_ref(&job));
                        let outcome = alone.map(|mut outcomes| outcomes.pop().unwrap_or_default());
                        let _ = job.reply.send(outcome.map_err(RelayError::from_sqlite));
                    }
                }
            }
        }
        // A clean end leaves everything in the one file.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    fn commit(&mut self, group: &[Job]) -> rusqlite::Result<Vec<WorkOutcome>> {
        let works = || group.iter().map(|job| &job.work);
        let questions = Questions::of(works());
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut facts, numbers) = writing::facts(&transaction, &questions)?;
        facts.now = self.begun.elapsed().as_secs_f64();
        let now = facts.now;
        let level = |who| self.levels.get(who).map(|level| (*who, *level));
        facts.levels = questions.drawers.iter().filter_map(level).collect();
        let (outcomes, effects) = decide(facts, &self.limits, works());
        if effects.is_empty() {
            drop(transaction);
        } else {
            writing::carry_out(&transaction, &effects, numbers)?;
            transaction.commit()?;
        }
        if !effects.drops.is_empty() {
            // Out of the log as well. A reader that holds it open keeps it until the next one.
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
        let limits = &self.limits;
        tidy(&mut self.levels, |(_, drawer), level| level.is_full(drawer.rate(limits), now));
        for (tag, writer) in effects.arrivals() {
            self.bell.ring(&tag, writer);
        }
        self.levels.extend(effects.levels);
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;
    use crate::store::{NewEnvelope, SectionWork};
    use rafiq_protocol::{Open, SpaceKind, Status, Urgency};
    use tokio::sync::oneshot;

    fn job(tag: u8, put: Vec<NewEnvelope>) -> (Job, oneshot::Receiver<Result<WorkOutcome>>) {
        let open = Some(Open { kind: SpaceKind::Space, list_key: [0; 32], post_token: None });
        let section = SectionWork {
            tag: [tag; 16],
            key: [tag; 32],
            open,
            keys: None,
            last: None,
            covered: None,
            drop: vec![],
            put,
        };
        let (reply, outcome) = oneshot::channel();
        (Job { work: Work { day: 1, sections: vec![section], posts: vec![] }, reply }, outcome)
    }

    fn envelopes(count: u8) -> Vec<NewEnvelope> {
        let envelope = |n| NewEnvelope { id: [n; 32], urgency: Urgency::Small, bytes: vec![n; 60_000] };
        (0..count).map(envelope).collect()
    }

    /// Two writes wait for one commit; the disk has room for one of them.
    #[test]
    fn a_full_disk_refuses_one_write_and_keeps_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.sqlite");
        let (connection, _) = open_writer(&path, None).unwrap();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        connection.query_row(&format!("PRAGMA max_page_count = {}", pages + 40), [], |_| Ok(())).unwrap();
        let (jobs, queue) = mpsc::channel(8);
        let (too_much, refused) = job(1, envelopes(20));
        let (enough, kept) = job(2, envelopes(1));
        jobs.blocking_send(too_much).ok().unwrap();
        jobs.blocking_send(enough).ok().unwrap();
        drop(jobs);
        let (limits, bell) = (Limits::default(), Arc::default());
        let writer = Writer { connection, limits, levels: HashMap::new(), begun: Instant::now(), bell };
        writer.write_until_closed(queue);
        assert!(matches!(refused.blocking_recv().unwrap(), Err(RelayError::StorageFull)));
        let kept = kept.blocking_recv().unwrap().unwrap().sections[0];
        assert_eq!((kept.status, kept.stored), (Status::Ok, 1));
        let reader = open_reader(&path, None).unwrap();
        let kept =
            reader.query_row("SELECT count(*), sum(size) FROM envelope", [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(kept, Ok((1, 60_000)), "nothing half-written");
    }
}
