//! The changes of a document in the log, and the document that they make.

use super::DocumentKey;
use crate::error::{Error, Result};
use crate::ids::DocumentId;
use automerge::{Automerge, Change};
use rusqlite::{Connection, OptionalExtension, params};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One change as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// Automerge's hash of it.
    pub hash: [u8; 32],
    /// Who wrote it, in this document.
    pub actor: [u8; 16],
    /// The actor's count, from 1.
    pub sequence: u64,
    /// The highest operation counter in it: what a change that depends on it starts after.
    pub max_op: u64,
    /// The change itself, an uncompressed type-1 chunk.
    pub bytes: Vec<u8>,
    /// The hash of the signed entry that carries it; `None` while it is ours and unsent.
    pub entry: Option<[u8; 32]>,
}

impl ChangeRow {
    /// What the log keeps of a change. `Bug` for an actor that is not one of ours by length.
    pub(crate) fn of(change: &Change, entry: Option<[u8; 32]>) -> Result<Self> {
        let actor = change.actor_id().to_bytes().try_into().map_err(|_| Error::bug("actor length"))?;
        Ok(Self {
            hash: change.hash().0,
            actor,
            sequence: change.seq(),
            // An empty change has no operation of its own: it ends where it starts from.
            max_op: change.start_op().get() + change.len() as u64 - 1,
            bytes: change.raw_bytes().to_vec(),
            entry,
        })
    }
}

/// A document from its changes. `Corrupt` if the log does not make one.
pub(super) fn load(rows: &Connection, id: &DocumentId) -> Result<Automerge> {
    let mut statement = rows.prepare_cached("SELECT bytes FROM change WHERE document = ?1 ORDER BY number")?;
    let all = statement.query_map([&id.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
    let mut changes = Vec::new();
    for bytes in all {
        changes.push(bytes?);
    }
    // What is in the log was admitted; should a bit have rotted all the same, that is an error and no crash.
    catch_unwind(AssertUnwindSafe(|| {
        let count = changes.len();
        let parsed: Result<Vec<Change>, _> = changes.into_iter().map(Change::from_bytes).collect();
        let mut document = Automerge::new();
        document.apply_changes(parsed.map_err(|_| Error::Corrupt)?).map_err(|_| Error::Corrupt)?;
        if count > 0 && document.get_heads().is_empty() {
            return Err(Error::Corrupt);
        }
        Ok(document)
    }))
    .unwrap_or(Err(Error::Corrupt))
}

/// A document's heads, sorted.
pub(super) fn head_hashes(document: &Automerge) -> Vec<[u8; 32]> {
    let mut heads: Vec<[u8; 32]> = document.get_heads().iter().map(|head| head.0).collect();
    heads.sort_unstable();
    heads
}

/// The heads up to which the log and the read model stand. A document of a kind that only a newer app knows has no rows that would say
/// so: its changes do.
pub(super) fn heads(rows: &Connection, id: &DocumentId) -> Result<Vec<[u8; 32]>> {
    let stored: Option<Vec<u8>> = rows
        .prepare_cached("SELECT heads FROM projected WHERE document = ?1")?
        .query_row([&id.0[..]], |row| row.get(0))
        .optional()?;
    let Some(stored) = stored else { return Ok(head_hashes(&load(rows, id)?)) };
    let (whole, rest) = stored.as_chunks::<32>();
    if rest.is_empty() { Ok(whole.to_vec()) } else { Err(Error::Corrupt) }
}

/// Writes changes into the log. One that is there already is left as it is (the same hash is the same bytes).
pub(super) fn keep_changes(rows: &Connection, key: &DocumentKey, changes: &[ChangeRow]) -> Result<()> {
    let id = key.id();
    rows.prepare_cached(
        "INSERT INTO document (id, space, kind, bucket, generation) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![&id.0[..], &key.space.0[..], key.kind, key.bucket, key.generation])?;
    let mut insert = rows.prepare_cached(
        "INSERT INTO change (hash, space, document, actor, sequence, max_op, bytes, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (hash) DO NOTHING",
    )?;
    for change in changes {
        insert.execute(params![
            &change.hash[..],
            &key.space.0[..],
            &id.0[..],
            &change.actor[..],
            change.sequence as i64,
            change.max_op as i64,
            change.bytes,
            change.entry.as_ref().map(|hash| &hash[..]),
        ])?;
    }
    Ok(())
}
