//! From documents to rows: tables, projection, rebuilding, and the digest that says whether two read models are equal.

use super::{DocumentKey, DocumentView, Noun, Replica, log};
use crate::error::{Error, Result};
use crate::host::Progress;
use crate::ids::SpaceId;
use crate::store::{meta, set_meta};
use automerge::Automerge;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// The nouns, each with its version, under which every document was found to have its rows: see [`Replica::project_missing`].
const PROJECTED: &str = "projected";

/// Makes the nouns' tables; a noun whose version has changed starts again from empty ones.
pub(super) fn prepare_tables(rows: &Connection, nouns: &[Box<dyn Noun>]) -> Result<()> {
    for noun in nouns {
        let known: Option<u32> =
            rows.query_row("SELECT version FROM noun WHERE name = ?1", [noun.name()], |row| row.get(0)).optional()?;
        if known == Some(noun.version()) {
            continue;
        }
        for table in noun.indexes().iter().chain(noun.tables()) {
            rows.execute_batch(&format!("DROP TABLE IF EXISTS {table};"))?;
        }
        // Before anything else of it, so that no start takes for whole what this one may leave half done.
        rows.execute("DELETE FROM meta WHERE key = ?1", [PROJECTED])?;
        rows.execute_batch(noun.schema())?;
        for kind in noun.kinds() {
            forget_projections(rows, *kind)?;
        }
        rows.execute(
            "INSERT INTO noun (name, version) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET version = ?2",
            params![noun.name(), noun.version()],
        )?;
    }
    Ok(())
}

fn forget_projections(rows: &Connection, kind: u16) -> Result<()> {
    rows.execute("DELETE FROM projected WHERE document IN (SELECT id FROM document WHERE kind = ?1)", [kind])?;
    Ok(())
}

/// Writes the rows of these keys and notes up to where the document stands.
pub(super) fn project(
    rows: &Connection,
    noun: &dyn Noun,
    key: &DocumentKey,
    document: &Automerge,
    touched: &BTreeSet<String>,
) -> Result<()> {
    let view = DocumentView { key, id: key.id(), document };
    // No version founds a document again yet: what a member puts beside the first shows nowhere.
    if key.generation == 0 {
        noun.project(rows, &view, touched)?;
    }
    let heads = log::head_hashes(document).concat();
    rows.prepare_cached(
        "INSERT INTO projected (document, heads, version) VALUES (?1, ?2, ?3)
         ON CONFLICT (document) DO UPDATE SET heads = ?2, version = ?3",
    )?
    .execute(params![&view.id.0[..], heads, noun.version()])?;
    Ok(())
}

impl Replica {
    /// Projects every document that has no up-to-date rows: after an upgrade, or after [`Replica::forget_read_model`].
    /// One document a transaction, so that it can be stopped and goes on where it was. Returns how many it projected.
    ///
    /// Once none is missing that is noted, with the nouns that it is true of: every write keeps it true, so a start need not go through all
    /// documents to see it. Another version's note, one that knew fewer nouns, says nothing here.
    pub fn project_missing(&self, progress: &dyn Progress) -> Result<u64> {
        let nouns: String = self.nouns.iter().map(|noun| format!("{} {}\n", noun.name(), noun.version())).collect();
        if self.read(|rows| meta(rows, PROJECTED))?.as_deref() == Some(nouns.as_bytes()) {
            progress.report(0, 0);
            return Ok(0);
        }
        let missing = self.read(|rows| missing(rows, self))?;
        let total = missing.len() as i64;
        for (done, key) in missing.iter().enumerate() {
            if !progress.report(done as i64, total) {
                return Err(Error::Cancelled);
            }
            let Some(noun) = self.noun_of(key.kind) else { continue };
            self.store.write(|rows| {
                let document = log::load(rows, &key.id())?;
                let all = DocumentView { key, id: key.id(), document: &document }.keys();
                project(rows, noun, key, &document, &all.into_iter().collect())
            })?;
        }
        self.store.write(|rows| {
            if self::missing(rows, self)?.is_empty() { set_meta(rows, PROJECTED, nouns.as_bytes()) } else { Ok(()) }
        })?;
        progress.report(total, total);
        Ok(missing.len() as u64)
    }

    /// Empties the read model and every cache of documents. [`Replica::project_missing`] writes it again from the log.
    pub fn forget_read_model(&self) -> Result<()> {
        self.forget_documents();
        self.store.write(|rows| {
            rows.execute("DELETE FROM projected", [])?;
            rows.execute("DELETE FROM noun", [])?;
            prepare_tables(rows, &self.nouns)
        })
    }

    /// A hash of every table of the read model, of one space or of all. Equal digests mean equal rows.
    pub fn digest(&self, space: Option<&SpaceId>) -> Result<BTreeMap<&'static str, [u8; 32]>> {
        self.read(|rows| {
            let mut digests = BTreeMap::new();
            for table in self.nouns.iter().flat_map(|noun| noun.tables()) {
                digests.insert(*table, digest_of(rows, table, space)?);
            }
            Ok(digests)
        })
    }
}

/// Documents of known kinds whose rows are missing or of another projection.
fn missing(rows: &Connection, replica: &Replica) -> Result<Vec<DocumentKey>> {
    let mut statement = rows.prepare(
        "SELECT d.space, d.kind, d.bucket, d.generation, p.version FROM document d
         LEFT JOIN projected p ON p.document = d.id ORDER BY d.id",
    )?;
    let mut found = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = found.next()? {
        let key = DocumentKey {
            space: SpaceId(row.get(0)?),
            kind: row.get(1)?,
            bucket: row.get(2)?,
            generation: row.get(3)?,
        };
        let version: Option<u32> = row.get(4)?;
        if replica.noun_of(key.kind).is_some_and(|noun| version != Some(noun.version())) {
            keys.push(key);
        }
    }
    Ok(keys)
}

fn digest_of(rows: &Connection, table: &str, space: Option<&SpaceId>) -> Result<[u8; 32]> {
    let columns = rows.prepare(&format!("SELECT * FROM {table} LIMIT 0"))?.column_count();
    let order: Vec<String> = (1..=columns).map(|n| n.to_string()).collect();
    let filter = if space.is_some() { "WHERE space = ?1" } else { "WHERE ?1 IS NULL" };
    let mut statement = rows.prepare(&format!("SELECT * FROM {table} {filter} ORDER BY {}", order.join(", ")))?;
    let mut found = statement.query([space.map(|space| &space.0[..])])?;
    let mut hasher = blake3::Hasher::new_derive_key("rafiq 2026 read model digest v1");
    while let Some(row) = found.next()? {
        for column in 0..columns {
            let (kind, bytes): (u8, &[u8]) = match row.get_ref(column)? {
                ValueRef::Null => (0, &[]),
                ValueRef::Integer(number) => {
                    hasher.update(&[1]).update(&number.to_be_bytes());
                    continue;
                }
                ValueRef::Real(number) => {
                    hasher.update(&[2]).update(&number.to_be_bytes());
                    continue;
                }
                ValueRef::Text(text) => (3, text),
                ValueRef::Blob(blob) => (4, blob),
            };
            hasher.update(&[kind]).update(&(bytes.len() as u64).to_be_bytes()).update(bytes);
        }
        hasher.update(&[255]);
    }
    Ok(*hasher.finalize().as_bytes())
}
