//! What no entry carries yet, written again under another author: what a device does that takes a new incarnation.
//!
//! A change names its author, so a device whose store was put back to an earlier day must not let out what it has written since under its
//! old name: the days that it has forgotten used the same places, and two changes in one place never come together again. The
//! operations stay as they are, with their numbers, and each change keeps its place in the log; what differs is whose they are.

use super::{ChangeRow, DocumentKey, Replica, log, project};
use crate::error::{Error, Result};
use crate::ids::{Author, SpaceId};
use crate::store::{meta, set_meta};
use automerge::legacy::{ElementId, Key, ObjectId, OpId};
use automerge::{ActorId, Change, ChangeHash};
use rusqlite::{Connection, params};
use std::collections::{BTreeSet, HashMap, HashSet};

const INCARNATION: &str = "incarnation";

/// The incarnation under which this device writes, if the store says one.
pub(crate) fn incarnation(rows: &Connection) -> Result<Option<u32>> {
    let stored = meta(rows, INCARNATION)?.map(|bytes| bytes.try_into().map(u32::from_be_bytes));
    stored.transpose().map_err(|_| Error::Corrupt)
}

/// From the commit of this transaction on the device writes under this one.
pub(crate) fn set_incarnation(rows: &Connection, incarnation: u32) -> Result<()> {
    set_meta(rows, INCARNATION, &incarnation.to_be_bytes())
}

impl Replica {
    /// Gives every change of a shared space that no entry carries to `author`, in the caller's transaction, and writes the rows of those
    /// documents anew: which of two concurrent values stands depends on who wrote them. The nouns whose rows these are.
    ///
    /// A personal space that has never left stays: nobody else has it, so nothing there can meet what was forgotten.
    ///
    /// Errors: `Bug` if something rests on such a change that cannot: it has left after all.
    pub(crate) fn reissue(&self, rows: &Connection, author: Author) -> Result<BTreeSet<&'static str>> {
        self.reissue_all(rows, unsent_documents(rows)?, author)
    }

    /// The same for one space of which nothing has left yet.
    pub(crate) fn reissue_space(&self, rows: &Connection, space: &SpaceId, author: Author) -> Result<()> {
        let documents = unsent_documents(rows)?.into_iter().filter(|key| key.space == *space).collect();
        self.reissue_all(rows, documents, author).map(|_| ())
    }

    fn reissue_all(
        &self,
        rows: &Connection,
        documents: Vec<DocumentKey>,
        author: Author,
    ) -> Result<BTreeSet<&'static str>> {
        let mut nouns = BTreeSet::new();
        for key in documents {
            reissue_in(rows, &key, author)?;
            let (id, noun) = (key.id(), self.noun_of(key.kind));
            self.cache.lock().take(&id);
            let document = log::load(rows, &id)?;
            if log::head_hashes(&document) != ends(rows, &key)? {
                return Err(Error::bug("reissued changes do not make the document"));
            }
            if let Some(noun) = noun {
                let all = super::DocumentView { key: &key, id, document: &document }.keys();
                project::project(rows, noun, &key, &document, &all.into_iter().collect())?;
                nouns.insert(noun.name());
            }
        }
        Ok(nouns)
    }
}

fn unsent_documents(rows: &Connection) -> Result<Vec<DocumentKey>> {
    let mut statement = rows.prepare_cached(
        "SELECT d.space, d.kind, d.bucket, d.generation FROM document d JOIN space s ON s.id = d.space
         WHERE (s.kind <> 1 OR s.relay <> '') AND EXISTS (SELECT 1 FROM change c WHERE c.space = d.space AND c.document = d.id AND c.entry IS NULL)
         ORDER BY d.id",
    )?;
    let found = statement.query_map([], |row| {
        let (space, kind) = (SpaceId(row.get(0)?), row.get(1)?);
        Ok(DocumentKey { space, kind, bucket: row.get(2)?, generation: row.get(3)? })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

fn reissue_in(rows: &Connection, key: &DocumentKey, author: Author) -> Result<()> {
    let id = key.id();
    let actor = ActorId::from(author.actor(&id));
    // What the new author has written here already, in a space that had never left, makes room first.
    rows.prepare_cached("UPDATE change SET sequence = -sequence WHERE document = ?1 AND entry IS NULL AND actor = ?2")?
        .execute(params![&id.0[..], actor.to_bytes()])?;
    let mut statement =
        rows.prepare_cached("SELECT number, bytes FROM change WHERE document = ?1 AND entry IS NULL ORDER BY number")?;
    let found = statement.query_map([&id.0[..]], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut names = Names { actor, starts: HashMap::new(), hashes: HashMap::new(), last: None };
    for (place, row) in found.enumerate() {
        let (number, bytes) = row?;
        let old = Change::from_bytes(bytes).map_err(|_| Error::Corrupt)?;
        let new = ChangeRow::of(&names.rewritten(&old, place as u64 + 1), None)?;
        rows.prepare_cached("UPDATE change SET hash = ?2, actor = ?3, sequence = ?4, bytes = ?5 WHERE number = ?1")?
            .execute(params![number, &new.hash[..], &new.actor[..], new.sequence as i64, new.bytes])?;
    }
    Ok(())
}

/// How what was written under old names is called now.
struct Names {
    actor: ActorId,
    /// From which operation on an old author's are among what is written again.
    starts: HashMap<ActorId, u64>,
    hashes: HashMap<ChangeHash, ChangeHash>,
    last: Option<ChangeHash>,
}

impl Names {
    fn rewritten(&mut self, old: &Change, sequence: u64) -> Change {
        self.starts.entry(old.actor_id().clone()).or_insert(old.start_op().get());
        let mut change = old.decode();
        for operation in &mut change.operations {
            if let ObjectId::Id(id) = &mut operation.obj {
                *id = self.operation(id);
            }
            if let Key::Seq(ElementId::Id(id)) = &mut operation.key {
                *id = self.operation(id);
            }
            operation.pred = operation.pred.iter().map(|id| self.operation(id)).collect();
        }
        change.deps = change.deps.iter().map(|hash| *self.hashes.get(hash).unwrap_or(hash)).collect();
        // An author's changes each name the one before. Under two old names they need not have.
        change.deps.extend(self.last.filter(|last| !change.deps.contains(last)));
        change.deps.sort_unstable();
        (change.actor_id, change.seq) = (self.actor.clone(), sequence);
        let new = Change::from(change);
        self.hashes.insert(old.hash(), new.hash());
        self.last = Some(new.hash());
        new
    }

    fn operation(&self, id: &OpId) -> OpId {
        let moved = self.starts.get(id.actor()).is_some_and(|start| id.counter() >= *start);
        OpId::new(id.counter(), if moved { &self.actor } else { id.actor() })
    }
}

/// The changes of a document that none of the others builds on, sorted.
pub(super) fn ends(rows: &Connection, key: &DocumentKey) -> Result<Vec<[u8; 32]>> {
    let mut statement = rows.prepare_cached("SELECT bytes FROM change WHERE document = ?1")?;
    let (mut all, mut inner) = (BTreeSet::new(), HashSet::new());
    for bytes in statement.query_map([&key.id().0[..]], |row| row.get::<_, Vec<u8>>(0))? {
        let change = Change::from_bytes(bytes?).map_err(|_| Error::Corrupt)?;
        all.insert(change.hash().0);
        inner.extend(change.deps().iter().map(|hash| hash.0));
    }
    all.retain(|hash| !inner.contains(hash));
    Ok(all.into_iter().collect())
}
