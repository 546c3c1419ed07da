//! The one road: change → document → read model, in one transaction, for local changes and received ones alike.
//!
//! The replica knows no noun by name. A noun registers through [`Noun`]: which document kinds are its own, which tables it
//! keeps, and how a document's root keys become rows. Reading goes to SQLite and never loads a document.

mod cache;
mod document;
mod listeners;
mod log;
pub(crate) mod notes;
mod project;
mod reissue;
mod replay;
mod rewrite;
mod space;
pub(crate) mod words;
mod writer;

use crate::error::{Error, Result};
use crate::host::{Clock, Random};
use crate::ids::{Author, DocumentId, PersonId, SpaceId};
use crate::store::{Store, meta};
use automerge::Automerge;
use cache::Cache;
use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use document::{DocumentKey, DocumentView, Record, Value};
pub use listeners::{Changed, Listener, Subscription};
pub use log::ChangeRow;
pub use notes::{ALERT, JOIN_REQUEST, Note, NoteBody, NoteState, REPORT};
pub(crate) use reissue::{incarnation, set_incarnation};
pub(crate) use replay::Records;
pub(crate) use space::{FORMER, READER, STEWARD, WRITER, steward_of};
pub use space::{SpaceFounder, SpaceKind, SpaceRow, space};
pub use words::{Blob, BlobId, MAX_WORDS, blob_id};
pub use writer::Writer;
pub(crate) use writer::role_in;

/// What a noun tells the replica. Adding a noun is adding a folder with one of these and naming it in `rafiq.rs`.
pub trait Noun: Send + Sync {
    /// The noun's name, as listeners hear it.
    fn name(&self) -> &'static str;
    /// The document kinds that are its own. Numbers are part of the wire format and never reused.
    fn kinds(&self) -> &'static [u16];
    /// The projection's version: raise it and all its documents are projected again at the next open.
    fn version(&self) -> u32;
    /// `CREATE TABLE …` of its read model. Every table is STRICT and begins with `space BLOB NOT NULL`.
    fn schema(&self) -> &'static str;
    /// The names of those tables; full-text indexes go with the table they index and are dropped first.
    fn tables(&self) -> &'static [&'static str];
    /// Virtual tables and others that hold nothing of their own: dropped and emptied with the rest, not part of a digest.
    fn indexes(&self) -> &'static [&'static str] {
        &[]
    }
    /// Which private words its rows of a space (`?1`) name: a query of one column, `words`. `None` if it has no such words.
    fn words(&self) -> Option<&'static str> {
        None
    }
    /// In which documents of a space a record names these private words.
    fn naming(&self, _rows: &Connection, _space: &SpaceId, _words: &BlobId) -> Result<Vec<DocumentId>> {
        Ok(Vec::new())
    }
    /// Writes the rows of these root keys from the document as it is now. A pure function of the document: whatever was
    /// there for a key before is replaced or removed, so that rows written bit by bit equal rows rebuilt.
    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()>;
}

/// A document with foreign changes applied on a clone, ready to be adopted.
pub struct Merge {
    /// Which document.
    pub key: DocumentKey,
    /// What the clone was taken from; if a local write came in between, the merge is tried again.
    pub base: Vec<[u8; 32]>,
    /// The clone with the changes applied.
    pub document: Automerge,
    /// The changes, in an order in which each stands after its dependencies.
    pub changes: Vec<ChangeRow>,
    /// The root keys they touch, also where an edit loses and nothing visible moves: a kept value may have.
    pub touched: BTreeSet<String>,
}

/// One profile's documents and read model.
pub struct Replica {
    store: Store,
    nouns: Vec<Box<dyn Noun>>,
    by_kind: HashMap<u16, usize>,
    cache: Mutex<Cache>,
    loads: AtomicU64,
    identity: RwLock<Option<(Author, PersonId)>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    listeners: Arc<listeners::Listeners>,
}

impl Replica {
    /// Puts the nouns over a store, makes or renews their tables. Documents whose projection is out of date are left for
    /// [`Replica::project_missing`].
    pub fn new(
        store: Store,
        nouns: Vec<Box<dyn Noun>>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self> {
        let mut by_kind = HashMap::new();
        for (index, noun) in nouns.iter().enumerate() {
            for kind in noun.kinds() {
                if by_kind.insert(*kind, index).is_some() {
                    return Err(Error::bug(format!("document kind {kind} twice")));
                }
            }
        }
        store.write(|rows| project::prepare_tables(rows, &nouns))?;
        Ok(Self {
            store,
            nouns,
            by_kind,
            cache: Mutex::new(Cache::new()),
            loads: AtomicU64::new(0),
            identity: RwLock::new(None),
            clock,
            random,
            listeners: Arc::default(),
        })
    }

    /// Who writes here: the device, and the person it belongs to. Under which incarnation the store says, where it says one: that is
    /// decided in the same transactions as what is written.
    pub fn set_identity(&self, author: Author, person: PersonId) {
        *self.identity.write() = Some((author, person));
    }

    /// The device that writes here, as this transaction has it. `Bug` before [`Replica::set_identity`].
    fn author(&self, rows: &Connection) -> Result<Author> {
        let author = self.identity.read().map(|(author, _)| author).ok_or_else(|| Error::bug("no identity"))?;
        Ok(Author { incarnation: incarnation(rows)?.unwrap_or(author.incarnation), ..author })
    }

    /// The person whose profile this is.
    pub fn me(&self) -> Result<PersonId> {
        self.identity.read().map(|(_, person)| person).ok_or_else(|| Error::bug("no identity"))
    }

    /// The store below, for the log's other rooms.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The host's clock, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The host's randomness.
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// Reads the read model. Loads no document and waits for no writer.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.store.read(work)
    }

    /// One write: everything inside becomes one transaction, durable when this returns Ok. On any error, and on a panic,
    /// nothing of it stays, in memory either.
    pub fn write<T>(&self, work: impl FnOnce(&mut Writer<'_>) -> Result<T>) -> Result<T> {
        let person = self.me()?;
        let mut guard = self.store.writer()?;
        let mut ready = Vec::new();
        let mut changed = Vec::new();
        let answer = guard.run(|rows| {
            let author = self.author(rows)?;
            let mut writer = Writer::new(rows, (person, author.device), self.clock.now_ms(), &*self.random);
            let answer = work(&mut writer)?;
            for (key, edits) in writer.into_edits() {
                let id = key.id();
                let mut document = self.take_or_load(rows, &id)?;
                let made = writer::apply(&mut document, &edits, author.actor(&id))?;
                if !made.changes.is_empty() {
                    self.keep(rows, &key, &document, &made.changes, &made.touched, &mut changed)?;
                }
                ready.push((id, document));
            }
            Ok(answer)
        })?;
        self.cache.lock().put_all(ready);
        drop(guard);
        self.listeners.tell(changed);
        drop(self.empty_wal()); // what was written is written, whatever becomes of the write-ahead log: the next write tries again
        Ok(answer)
    }

    /// Takes what was erased out of the write-ahead log too. A reader that holds it open keeps it: then it is tried again, by the next
    /// write or exchange, or after the next start.
    pub(crate) fn empty_wal(&self) -> Result<()> {
        if self.read(|rows| Ok(meta(rows, words::EMPTY_WAL)?.is_none()))? {
            return Ok(());
        }
        if self.store.empty_wal()? {
            self.store.write(|rows| Ok(rows.execute("DELETE FROM meta WHERE key = ?1", [words::EMPTY_WAL])?))?;
            self.store.empty_wal()?;
        }
        Ok(())
    }

    /// Adopts merges and does `also`, in one transaction. `Ok(None)` if a document has moved on since its clone was taken:
    /// nothing was written, try again on a new clone.
    pub fn adopt<T>(&self, merges: Vec<Merge>, also: impl FnOnce(&Connection) -> Result<T>) -> Result<Option<T>> {
        let mut guard = self.store.writer()?;
        let mut ready = Vec::new();
        let mut changed = Vec::new();
        let answer = guard.run(|rows| {
            for merge in merges {
                let id = merge.key.id();
                if log::heads(rows, &id)? != merge.base {
                    return Ok(None);
                }
                self.cache.lock().take(&id);
                self.keep(rows, &merge.key, &merge.document, &merge.changes, &merge.touched, &mut changed)?;
                ready.push((id, merge.document));
            }
            also(rows).map(Some)
        })?;
        if answer.is_some() {
            self.cache.lock().put_all(ready);
        }
        drop(guard);
        if answer.is_some() {
            self.listeners.tell(changed);
        }
        Ok(answer)
    }

    /// A clone of a document as the log has it, and its heads, to try foreign changes on. Takes no writer's lock.
    pub fn clone_document(&self, key: &DocumentKey) -> Result<(Automerge, Vec<[u8; 32]>)> {
        let id = key.id();
        let cached = self.cache.lock().get(&id).cloned();
        let document = match cached {
            Some(document) => document,
            None => {
                self.loads.fetch_add(1, Ordering::Relaxed);
                self.read(|rows| log::load(rows, &id))?
            }
        };
        let heads = log::head_hashes(&document);
        Ok((document, heads))
    }

    /// How many documents were loaded since the start; reading must not raise it.
    pub fn documents_loaded(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    /// Hears what changes, after each commit and with no lock held. Ends when the subscription is dropped.
    pub fn subscribe(&self, listener: Arc<dyn Listener>) -> Subscription {
        self.listeners.add(listener)
    }

    /// Tells listeners of something that is no document: a note, the state of sync.
    pub fn announce(&self, noun: &'static str) {
        self.listeners.tell(vec![Changed { noun, keys: Vec::new() }]);
    }

    /// Forgets cached documents; the next write loads them from the log.
    pub fn forget_documents(&self) {
        self.cache.lock().clear();
    }

    fn take_or_load(&self, rows: &Connection, id: &DocumentId) -> Result<Automerge> {
        if let Some(document) = self.cache.lock().take(id) {
            return Ok(document);
        }
        self.loads.fetch_add(1, Ordering::Relaxed);
        log::load(rows, id)
    }

    /// The one road's last stretch, the same for a local change and a received one.
    fn keep(
        &self,
        rows: &Connection,
        key: &DocumentKey,
        document: &Automerge,
        changes: &[ChangeRow],
        touched: &BTreeSet<String>,
        changed: &mut Vec<Changed>,
    ) -> Result<()> {
        log::keep_changes(rows, key, changes)?;
        if let Some(noun) = self.noun_of(key.kind) {
            project::project(rows, noun, key, document, touched)?;
            changed.push(Changed { noun: noun.name(), keys: touched.iter().cloned().collect() });
        }
        Ok(())
    }

    /// The documents of a space in which a record names these private words.
    pub(crate) fn naming(&self, rows: &Connection, space: &SpaceId, words: &BlobId) -> Result<Vec<DocumentId>> {
        let mut documents = Vec::new();
        for noun in &self.nouns {
            documents.extend(noun.naming(rows, space, words)?);
        }
        Ok(documents)
    }

    fn noun_of(&self, kind: u16) -> Option<&dyn Noun> {
        self.by_kind.get(&kind).map(|index| &*self.nouns[*index])
    }

    /// The role this profile has in a space: 1 reader, 2 writer, 3 steward. `NotFound` if it does not hold the space.
    pub fn role_in(&self, space: &SpaceId) -> Result<u8> {
        self.read(|rows| writer::role_in(rows, space))
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
