//! Where a relay keeps envelopes: [`SqliteStore`] in one file, [`PostgresStore`] in a database server that several relay
//! processes share. What a write may do is decided once for both, in `deciding`.

pub(crate) mod copying;
mod deciding;
mod postgres;
mod sqlite;

pub(crate) use deciding::RETRY_WHEN_FULL;
pub(crate) use postgres::PostgresStore;
pub(crate) use sqlite::SqliteStore;

use crate::bell::Bell;
use crate::config::{Database, Limits};
use crate::{Config, RelayError, Result};
use rafiq_protocol::{
    Cursor, EnvelopeId, KeyList, KeyName, Left, Open, RelayKey, Status, StoredEnvelope, Tag, Urgency, Within,
};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Writes that may wait; above it, exchanges wait to be let in, and their clients with them.
const QUEUE: usize = 256;
/// At most so many writes, and about so many bytes, in one commit.
const GROUP: usize = 128;
const GROUP_BYTES: usize = 8 * 1024 * 1024;
/// Envelopes deleted in one commit: a sweep must not keep writers waiting.
const SWEEP: u32 = 500;

/// Who this relay is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    /// Told to every client.
    pub(crate) instance: [u8; 16],
    /// Behind the daily nonces.
    pub(crate) secret: [u8; 32],
    /// How often this database came back from a backup.
    pub(crate) restores: u32,
}

impl Identity {
    /// The same relay from a backup: under another name, so that no device takes it for what it knew, from however old a backup it came and
    /// however often. The count is for whoever runs it.
    pub(crate) fn restored(self) -> Result<Self> {
        Ok(Self { instance: random()?, restores: self.restores.saturating_add(1), ..self })
    }
}

/// A database. Its calls wait for a disk or a server, never for a client.
pub(crate) enum Store {
    Sqlite(SqliteStore),
    Postgres(Box<PostgresStore>),
}

impl Store {
    /// Opens or creates it, and brings an older one up to date. `bell` is rung after every commit that brings something.
    pub(crate) async fn open(config: &Config, bell: Arc<Bell>) -> Result<Self> {
        Ok(match &config.database {
            Database::File(path) => Self::Sqlite(SqliteStore::open(path, config, bell)?),
            Database::Postgres(url) => Self::Postgres(Box::new(PostgresStore::open(url, config, bell).await?)),
        })
    }

    /// Says that this database came back from a backup; returns how often that has happened.
    pub(crate) async fn mark_restored(config: &Config) -> Result<u32> {
        match &config.database {
            Database::File(path) => SqliteStore::mark_restored(path, config.key.as_ref()),
            Database::Postgres(url) => PostgresStore::mark_restored(url).await,
        }
    }

    /// Who this relay is, as read when the store was opened.
    pub(crate) fn identity(&self) -> Identity {
        match self {
            Self::Sqlite(store) => store.identity,
            Self::Postgres(store) => store.identity,
        }
    }

    /// For each section the allowed keys that bear this name in that space (mostly one or none), for each post whether the
    /// token fits that inbox. An unknown space and a missing right give the same answer.
    pub(crate) async fn look_up(&self, query: LookUp) -> Result<Known> {
        match self {
            Self::Sqlite(store) => store.look_up(query).await,
            Self::Postgres(store) => store.look_up(&query).await,
        }
    }

    /// Carries out writes. When it returns, what the outcome calls stored is on disk: a power cut loses none of it.
    pub(crate) async fn write(&self, work: Work) -> Result<WorkOutcome> {
        match self {
            Self::Sqlite(store) => store.write(work).await,
            Self::Postgres(store) => store.write(work).await,
        }
    }

    /// Fills at most `room` bytes, over all asks, in the order of urgency.
    pub(crate) async fn read(&self, asks: Vec<Ask>, room: usize) -> Result<Vec<Answer>> {
        match self {
            Self::Sqlite(store) => store.read(asks, room).await,
            Self::Postgres(store) => store.read(&asks, room).await,
        }
    }

    /// Deletes some of what is covered and due; zero when nothing of that is left.
    pub(crate) async fn sweep(&self, due: Due) -> Result<u64> {
        match self {
            Self::Sqlite(store) => store.sweep(due).await,
            Self::Postgres(store) => store.sweep(due).await,
        }
    }

    /// How much there is.
    pub(crate) async fn holdings(&self) -> Result<Holdings> {
        match self {
            Self::Sqlite(store) => store.holdings().await,
            Self::Postgres(store) => store.holdings().await,
        }
    }
}

/// What of the covered need not be kept any more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    /// What arrived on this day or before. Negative while the relay's clock is younger than its retention.
    pub(crate) day: i64,
    /// In an inbox that holds more bytes than these, what is covered whatever its age, until it holds no more than that. Its owner has
    /// read it, and whoever holds its token could else close it to everybody by filling it.
    pub(crate) crowded: u64,
}

impl Due {
    /// On this day.
    pub(crate) fn on(day: u32, limits: &Limits) -> Self {
        // Half: so that between two turns of tidying there is always room for others beside whoever floods it.
        Self { day: i64::from(day) - i64::from(limits.retention_days), crowded: limits.space / 2 }
    }
}

/// How much a relay holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holdings {
    /// Spaces and inboxes.
    pub(crate) spaces: u64,
    /// Bytes of envelopes.
    pub(crate) bytes: u64,
}

/// A write that waits for its turn; whoever asked hears of it after the commit.
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

/// `first` and whoever arrived while the last commit waited for the disk: they share the next one.
fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut bytes = first.bytes();
    let mut group = vec![first];
    while group.len() < GROUP && bytes < GROUP_BYTES {
        let Ok(next) = queue.try_recv() else { break };
        bytes += next.bytes();
        group.push(next);
    }
    group
}

/// Puts a write into the queue and waits until it is committed.
async fn hand_in(jobs: Option<&mpsc::Sender<Job>>, work: Work) -> Result<WorkOutcome> {
    let (reply, outcome) = oneshot::channel();
    let jobs = jobs.ok_or(RelayError::Stopping)?;
    jobs.send(Job { work, reply }).await.map_err(|_| RelayError::Stopping)?;
    outcome.await.map_err(|_| RelayError::Stopping)?
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RelayError::NoRandomness)?;
    Ok(bytes)
}

/// What an exchange needs to know before it checks signatures.
#[derive(Debug, Default)]
pub(crate) struct LookUp {
    /// Space and key of each section.
    pub(crate) sections: Vec<(Tag, KeyName)>,
    /// Inbox and hashed token of each post.
    pub(crate) posts: Vec<(Tag, TokenHash)>,
}

impl LookUp {
    /// Asks for nothing that is there: whether the database answers.
    pub(crate) fn probe() -> Self {
        Self { sections: vec![(Tag::default(), KeyName::Short([0; 8]))], posts: Vec::new() }
    }
}

/// The answer to a [`LookUp`].
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Allowed keys of each section.
    pub(crate) sections: Vec<Vec<RelayKey>>,
    /// Whether each post's token fits.
    pub(crate) posts: Vec<bool>,
}

/// The writes of one exchange.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// The day on which it arrives.
    pub(crate) day: u32,
    /// Sections whose signature holds.
    pub(crate) sections: Vec<SectionWork>,
    /// Posts.
    pub(crate) posts: Vec<PostWork>,
}

/// What one section writes, signed by `key`.
#[derive(Debug)]
pub(crate) struct SectionWork {
    /// The space.
    pub(crate) tag: Tag,
    /// The key that signed.
    pub(crate) key: RelayKey,
    /// Create the space first.
    pub(crate) open: Option<Open>,
    /// Replace the allowed keys last.
    pub(crate) keys: Option<KeyList>,
    /// See [`rafiq_protocol::SectionBody::last`].
    pub(crate) last: Option<[u8; 8]>,
    /// See [`rafiq_protocol::SectionBody::covered`].
    pub(crate) covered: Option<u64>,
    /// See [`rafiq_protocol::SectionBody::drop`].
    pub(crate) drop: Vec<EnvelopeId>,
    /// Envelopes, checked and in order.
    pub(crate) put: Vec<NewEnvelope>,
}

/// An envelope that was parsed and hashed.
#[derive(Debug)]
pub(crate) struct NewEnvelope {
    /// The hash of its bytes.
    pub(crate) id: EnvelopeId,
    /// From its head.
    pub(crate) urgency: Urgency,
    /// All of it.
    pub(crate) bytes: Vec<u8>,
}

/// One note for an inbox.
#[derive(Debug)]
pub(crate) struct PostWork {
    /// The inbox.
    pub(crate) tag: Tag,
    /// What its holder must have.
    pub(crate) token: TokenHash,
    /// The note.
    pub(crate) envelope: NewEnvelope,
}

/// What became of a [`Work`], in its order.
#[derive(Debug, Default)]
pub(crate) struct WorkOutcome {
    /// For each section a status and how many of `put` are stored.
    pub(crate) sections: Vec<Outcome>,
    /// For each post the same.
    pub(crate) posts: Vec<Outcome>,
}

/// What became of one section or post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    /// How many envelopes are stored, or were already there.
    pub(crate) stored: u32,
    /// Seconds after which another try may do better.
    pub(crate) retry_after: Option<u32>,
    /// For a key that may read: the last position before this write, and after it. Between them lies only what it put itself.
    pub(crate) grown: Option<(u64, u64)>,
    /// The newest envelope of the writer after this write, if it named its last.
    pub(crate) last: Option<[u8; 8]>,
}

/// What one section wants to read.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// The space.
    pub(crate) tag: Tag,
    /// The key that signed.
    pub(crate) key: RelayKey,
    /// Where the reader stands.
    pub(crate) cursor: Cursor,
    /// See [`rafiq_protocol::SectionBody::last`]; checked here only for a section that wrote nothing.
    pub(crate) last: Option<[u8; 8]>,
    /// The writing part found the reader behind: give back its own envelopes too.
    pub(crate) own: bool,
    /// See [`rafiq_protocol::SectionBody::within`].
    pub(crate) within: Option<Within>,
}

/// What there was to read. Empty for a key that may not read.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Where the reader stands afterwards.
    pub(crate) cursor: Cursor,
    /// Most urgent first.
    pub(crate) envelopes: Vec<StoredEnvelope>,
    /// More waits than there was room for.
    pub(crate) more: bool,
    /// The newest envelope of this key, if it is another than `last`.
    pub(crate) behind: Option<[u8; 8]>,
    /// What waits beyond the cursor.
    pub(crate) left: Left,
}

/// The hash of an inbox's post token: a stolen database lets nobody post.
pub(crate) type TokenHash = [u8; 32];

/// What the store keeps of a post token.
#[must_use]
pub(crate) fn token_hash(token: &[u8; 16]) -> TokenHash {
    blake3::derive_key("rafiq 2026 relay post token v1", token)
}

/// Bytes that an envelope takes in a response beside its own: array, position, length.
pub(crate) const ENVELOPE_OVERHEAD: usize = 15;
