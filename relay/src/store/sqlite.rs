//! Everything in one SQLite file: a writing thread that commits in groups, and a few readers.

use super::{Answer, Ask, Identity, Known, LookUp, Store, Work, WorkOutcome, reading, schema, writing};
use crate::{Config, RelayError, Result, config::Limits};
use parking_lot::Mutex;
use rusqlite::{Connection, TransactionBehavior};
use std::{sync::Arc, thread};
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Readers: SQLite reads are short, and more of them than this would only wait for each other's pages.
const READERS: usize = 4;
/// Writes that may wait; above it, exchanges wait to be let in, and their clients with them.
const QUEUE: usize = 256;
/// At most so many writes, and about so many bytes, in one commit.
const GROUP: usize = 128;
const GROUP_BYTES: usize = 8 * 1024 * 1024;

/// A relay's store in one file. WAL, `synchronous=FULL`; many requests share one commit, and each is answered after it.
pub struct SqliteStore {
    identity: Identity,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<thread::JoinHandle<()>>,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl SqliteStore {
    /// Opens or creates the file and starts the writing thread.
    ///
    /// # Errors
    /// `WrongKey`, `NotOurs`, `NewerDatabase`, or what SQLite says.
    pub fn open(config: &Config) -> Result<Self> {
        let (connection, identity) = schema::open_writer(&config.database, config.key.as_ref())?;
        let mut idle = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            idle.push(schema::open_reader(&config.database, config.key.as_ref())?);
        }
        let (jobs, queue) = mpsc::channel(QUEUE);
        let limits = config.limits.clone();
        let writer = thread::Builder::new().name("relay-writer".into());
        let writer = writer.spawn(move || write_until_closed(connection, &limits, queue));
        Ok(Self {
            identity,
            jobs: Some(jobs),
            writer: Some(writer.map_err(RelayError::io("starting the writer"))?),
            idle: Arc::new(Mutex::new(idle)),
            free: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Says that this file came back from a backup, so that clients offer again what they had been promised. Run it
    /// after restoring and before serving. Returns how often that has happened.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn mark_restored(config: &Config) -> Result<u32> {
        let (connection, _) = schema::open_writer(&config.database, config.key.as_ref())?;
        connection.execute("UPDATE relay SET restores = restores + 1", [])?;
        Ok(connection.query_row("SELECT restores FROM relay", [], |row| row.get(0))?)
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
}

impl Store for SqliteStore {
    fn identity(&self) -> Identity {
        self.identity
    }

    async fn look_up(&self, query: LookUp) -> Result<Known> {
        self.with_reader(move |connection| reading::look_up(connection, &query)).await
    }

    async fn write(&self, work: Work) -> Result<WorkOutcome> {
        let (reply, outcome) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(RelayError::Stopping)?;
        jobs.send(Job { work, reply }).await.map_err(|_| RelayError::Stopping)?;
        outcome.await.map_err(|_| RelayError::Stopping)?
    }

    async fn read(&self, asks: Vec<Ask>, room: usize) -> Result<Vec<Answer>> {
        self.with_reader(move |connection| {
            let snapshot = connection.transaction()?;
            reading::fill(&snapshot, &asks, room)
        })
        .await
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

struct Job {
    work: Work,
    reply: oneshot::Sender<Result<WorkOutcome>>,
}

impl Job {
    fn bytes(&self) -> usize {
        let sections = self.work.sections.iter().flat_map(|section| &section.put);
        sections.chain(self.work.posts.iter().map(|post| &post.envelope)).map(|e| e.bytes.len()).sum()
    }
}

fn write_until_closed(mut connection: Connection, limits: &Limits, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut bytes = first.bytes();
        let mut group = vec![first];
        // Whoever arrived while the last commit waited for the disk shares this one.
        while group.len() < GROUP && bytes < GROUP_BYTES {
            let Ok(next) = queue.try_recv() else { break };
            bytes += next.bytes();
            group.push(next);
        }
        match commit(&mut connection, limits, &group) {
            Ok(outcomes) => {
                for (job, outcome) in group.into_iter().zip(outcomes) {
                    let _ = job.reply.send(Ok(outcome)); // the client may have gone; its envelopes are kept
                }
            }
            Err(_) => {
                // One of them could not be written: each by itself, so that it fails alone.
                for job in group {
                    let alone = commit(&mut connection, limits, std::slice::from_ref(&job));
                    let outcome = alone.map(|mut outcomes| outcomes.pop().unwrap_or_default());
                    let _ = job.reply.send(outcome.map_err(RelayError::from_sqlite));
                }
            }
        }
    }
    // A clean end leaves everything in the one file.
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
}

fn commit(connection: &mut Connection, limits: &Limits, group: &[Job]) -> rusqlite::Result<Vec<WorkOutcome>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcomes = group.iter().map(|job| writing::apply(&transaction, limits, &job.work));
    let outcomes = outcomes.collect::<rusqlite::Result<_>>()?;
    transaction.commit()?;
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;
    use crate::store::{NewEnvelope, SectionWork};
    use rafiq_protocol::{Open, SpaceKind, Status, Urgency};

    fn job(tag: u8, put: Vec<NewEnvelope>) -> (Job, oneshot::Receiver<Result<WorkOutcome>>) {
        let open = Some(Open { kind: SpaceKind::Space, list_key: [0; 32], post_token: None });
        let section = SectionWork { tag: [tag; 16], key: [tag; 32], open, keys: None, last: None, put };
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
        let config = Config::new(folder.path().join("relay.sqlite"));
        let (connection, _) = schema::open_writer(&config.database, None).unwrap();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        connection.query_row(&format!("PRAGMA max_page_count = {}", pages + 40), [], |_| Ok(())).unwrap();
        let (jobs, queue) = mpsc::channel(8);
        let (too_much, refused) = job(1, envelopes(20));
        let (enough, kept) = job(2, envelopes(1));
        jobs.blocking_send(too_much).ok().unwrap();
        jobs.blocking_send(enough).ok().unwrap();
        drop(jobs);
        write_until_closed(connection, &config.limits, queue);
        assert!(matches!(refused.blocking_recv().unwrap(), Err(RelayError::StorageFull)));
        assert_eq!(kept.blocking_recv().unwrap().unwrap().sections, [(Status::Ok, 1)]);
        let reader = schema::open_reader(&config.database, None).unwrap();
        let kept =
            reader.query_row("SELECT count(*), sum(size) FROM envelope", [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(kept, Ok((1, 60_000)), "nothing half-written");
    }
}
