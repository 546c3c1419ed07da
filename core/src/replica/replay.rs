//! What this device wrote and what fell with one side of a fork, written again under its present name.
//!
//! Nothing can be moved as it is: it rests on changes that are gone, or on others' that they are writing again themselves under names
//! that nobody knows yet. So a change is taken apart into what a noun did: this record was made, that field set. It is done again
//! on what the change had been built on, as far as that stays: what others wrote beside it stands beside it as before, and a conflict
//! that a person was to settle is still there. What has no record to stand on waits until somebody has made that again.

use super::document::{Value, record_object};
use super::rewrite::Link;
use super::writer::{Edit, apply};
use super::{DocumentKey, Replica, log, project};
use crate::error::{Error, Result};
use crate::ids::{Author, DocumentId, SpaceId};
use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{Automerge, Change, ChangeHash, ObjId, ObjType, Prop, ROOT, ReadDoc};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Under which root keys the records lie that changes have made.
#[derive(Default)]
pub(crate) struct Records(HashMap<OpId, String>);

/// One row of `again`.
struct Kept {
    number: i64,
    origin: [u8; 32],
    base: Vec<ChangeHash>,
    edit: Edit,
}

impl Replica {
    /// Keeps what falls of ours, in the transaction in which it falls: what the entries `ours` say, and what none carries.
    pub(super) fn take_over(
        &self,
        rows: &Connection,
        key: &DocumentKey,
        document: &Automerge,
        links: &[Link],
        ours: &BTreeSet<[u8; 32]>,
    ) -> Result<()> {
        let falling: HashMap<ChangeHash, &Change> =
            links.iter().filter(|link| link.falls).map(|link| (link.change.hash(), &link.change)).collect();
        let mut records = Records::default();
        for link in links.iter().filter(|link| link.falls && link.entry.is_none_or(|entry| ours.contains(&entry))) {
            let edits = match edits_of(&link.change, document, &mut records) {
                Some(edits) => edits,
                None if link.entry.is_some() => continue, // its entry is kept, and shows
                None => return Err(Error::bug("an edit of ours")),
            };
            keep(rows, key, &link.change, &base(&link.change, &falling), &edits)?;
        }
        Ok(())
    }

    /// Keeps what changes of ours say that never were part of this log: others have them, and will not take them. `records`: what
    /// earlier ones of them have made. `false`, and nothing is kept, if one speaks of a record that is not here.
    ///
    /// The changes must have passed the scanner.
    pub(crate) fn take_over_foreign(
        &self,
        rows: &Connection,
        changes: &[(DocumentKey, Change)],
        records: &mut Records,
    ) -> Result<bool> {
        let falling: HashMap<ChangeHash, &Change> = changes.iter().map(|(_, change)| (change.hash(), change)).collect();
        let mut documents: BTreeMap<&DocumentKey, Automerge> = BTreeMap::new();
        let mut all = Vec::new();
        for (key, change) in changes {
            if !documents.contains_key(key) {
                documents.insert(key, log::load(rows, &key.id())?);
            }
            let Some(edits) = documents.get(key).and_then(|document| edits_of(change, document, records)) else {
                return Ok(false);
            };
            all.push((key, change, edits));
        }
        let mut here = rows.prepare_cached("SELECT 1 FROM change WHERE hash = ?1")?;
        for (key, change, edits) in all {
            // The side that stays may carry it too.
            if !here.exists([&change.hash().0[..]])? {
                keep(rows, key, change, &base(change, &falling), &edits)?;
            }
        }
        Ok(true)
    }

    /// Writes again, as this author, whatever of ours fell in a space and has something to stand on by now. The nouns whose rows have moved.
    pub(crate) fn write_again(
        &self,
        rows: &Connection,
        space: &SpaceId,
        author: Author,
    ) -> Result<BTreeSet<&'static str>> {
        let mut nouns = BTreeSet::new();
        for (key, kept) in kept(rows, space)? {
            let (id, actor) = (key.id(), author.actor(&key.id()));
            self.cache.lock().take(&id);
            let mut document = log::load(rows, &id)?;
            let mut last = last_of(rows, &id, &actor)?;
            let (mut changes, mut touched) = (Vec::new(), BTreeSet::new());
            for group in kept.chunk_by(|one, next| one.origin == next.origin) {
                let mut left: Vec<&Kept> = group.iter().collect();
                // First on what it was built on; then, what does not stand there, on everything.
                for heads in [Some(&group[0].base), None] {
                    let base = at(&document, heads, last)?;
                    let (now, later): (Vec<_>, Vec<_>) = fitting(&base, left);
                    let (edits, done): (Vec<Vec<Edit>>, Vec<i64>) = now.into_iter().unzip();
                    left = later;
                    for number in done {
                        rows.prepare_cached("DELETE FROM again WHERE number = ?1")?.execute([number])?;
                    }
                    let mut base = base;
                    let made = apply(&mut base, &edits.concat(), actor)?;
                    for row in &made.changes {
                        let change = Change::from_bytes(row.bytes.clone()).map_err(|_| Error::Corrupt)?;
                        document.apply_changes([change]).map_err(|_| Error::bug("what is written again"))?;
                        last = Some(ChangeHash(row.hash));
                    }
                    changes.extend(made.changes);
                    touched.extend(made.touched);
                }
            }
            if !changes.is_empty() {
                log::keep_changes(rows, &key, &changes)?;
                if let Some(noun) = self.noun_of(key.kind) {
                    project::project(rows, noun, &key, &document, &touched)?;
                    nouns.insert(noun.name());
                }
            }
        }
        Ok(nouns)
    }
}

/// What a change of ours did. `None` for what no version of ours does, and for a record that is neither here nor among `records`.
fn edits_of(change: &Change, document: &Automerge, records: &mut Records) -> Option<Vec<Edit>> {
    let change = change.decode();
    let mut edits: Vec<Edit> = Vec::new();
    let mut made: HashMap<OpId, usize> = HashMap::new();
    for (place, operation) in change.operations.iter().enumerate() {
        let id = OpId::new(change.start_op.get() + place as u64, &change.actor_id);
        let Key::Map(key) = &operation.key else { return None };
        let key = key.to_string();
        match (&operation.obj, &operation.action) {
            (ObjectId::Root, OpType::Make(ObjType::Map)) => {
                records.0.insert(id.clone(), key.clone());
                made.insert(id, edits.len());
                edits.push(Edit::Create { key, fields: Vec::new() });
            }
            (ObjectId::Root, OpType::Put(value)) => edits.push(Edit::Set { key, value: Value::from_scalar(value)? }),
            (ObjectId::Root, OpType::Delete) => edits.push(Edit::Delete { key }),
            (ObjectId::Id(record), OpType::Put(value)) => {
                let value = Value::from_scalar(value)?;
                match made.get(record).and_then(|place| edits.get_mut(*place)) {
                    Some(Edit::Create { fields, .. }) => fields.push((key, value)),
                    _ => {
                        let record = records.0.get(record).cloned().or_else(|| root_key(document, record))?;
                        edits.push(Edit::SetField { key: record, field: key, value });
                    }
                }
            }
            _ => return None,
        }
    }
    Some(edits)
}

/// Under which root key a record of the document lies, or lay.
fn root_key(document: &Automerge, record: &OpId) -> Option<String> {
    let object = ObjId::Id(record.counter(), record.actor().clone(), 0);
    let parent = document.parents(&object).ok()?.next()?;
    match parent.prop {
        Prop::Map(key) if parent.obj == ROOT => Some(key),
        _ => None,
    }
}

/// What a change was built on, as far as that does not fall with it.
fn base(change: &Change, falling: &HashMap<ChangeHash, &Change>) -> Vec<ChangeHash> {
    let (mut stays, mut seen) = (BTreeSet::new(), HashSet::new());
    let mut next: Vec<ChangeHash> = change.deps().to_vec();
    while let Some(hash) = next.pop() {
        match falling.get(&hash) {
            _ if !seen.insert(hash) => {}
            Some(change) => next.extend(change.deps()),
            None => {
                stays.insert(hash);
            }
        }
    }
    stays.into_iter().collect()
}

fn keep(rows: &Connection, key: &DocumentKey, change: &Change, base: &[ChangeHash], edits: &[Edit]) -> Result<()> {
    let base: Vec<u8> = base.iter().flat_map(|hash| hash.0).collect();
    let mut insert = rows.prepare_cached(
        "INSERT INTO again (space, kind, bucket, generation, origin, base, edit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for edit in edits {
        let bytes = minicbor::to_vec(edit).map_err(|_| Error::bug("an edit"))?;
        let origin = change.hash().0;
        insert.execute(params![&key.space.0[..], key.kind, key.bucket, key.generation, &origin[..], base, bytes])?;
    }
    Ok(())
}

/// What waits to be written again, by document, in its order.
fn kept(rows: &Connection, space: &SpaceId) -> Result<BTreeMap<DocumentKey, Vec<Kept>>> {
    let mut statement = rows.prepare_cached(
        "SELECT number, kind, bucket, generation, origin, base, edit FROM again WHERE space = ?1 ORDER BY number",
    )?;
    let mut found = statement.query([&space.0[..]])?;
    let mut all: BTreeMap<DocumentKey, Vec<Kept>> = BTreeMap::new();
    while let Some(row) = found.next()? {
        let key = DocumentKey { space: *space, kind: row.get(1)?, bucket: row.get(2)?, generation: row.get(3)? };
        let base: Vec<u8> = row.get(5)?;
        let base = base.as_chunks::<32>().0.iter().map(|hash| ChangeHash(*hash)).collect();
        let edit = minicbor::decode(&row.get::<_, Vec<u8>>(6)?).map_err(|_| Error::Corrupt)?;
        all.entry(key).or_default().push(Kept { number: row.get(0)?, origin: row.get(4)?, base, edit });
    }
    Ok(all)
}

/// The last change of an author in a document: the next one must name it.
fn last_of(rows: &Connection, id: &DocumentId, actor: &[u8; 16]) -> Result<Option<ChangeHash>> {
    let found = rows
        .prepare_cached("SELECT hash FROM change WHERE document = ?1 AND actor = ?2 ORDER BY sequence DESC LIMIT 1")?
        .query_row(params![&id.0[..], &actor[..]], |row| row.get(0).map(ChangeHash))
        .optional()?;
    Ok(found)
}

/// The document as it was at these heads, as far as they are still there, and with this change; as it is now, without.
fn at(document: &Automerge, heads: Option<&Vec<ChangeHash>>, last: Option<ChangeHash>) -> Result<Automerge> {
    let Some(heads) = heads else { return Ok(document.clone()) };
    let here = |hash: &ChangeHash| document.get_change_meta_by_hash(hash).is_some();
    let heads: Vec<ChangeHash> = heads.iter().copied().chain(last).filter(here).collect();
    if heads.is_empty() {
        return Ok(Automerge::new());
    }
    document.fork_at(&heads).map_err(|_| Error::bug("a document as it was"))
}

/// What can be done on this document, each with its row, and what cannot yet.
#[allow(clippy::type_complexity)] // two lists of what `unzip` takes apart
fn fitting<'a>(document: &Automerge, kept: Vec<&'a Kept>) -> (Vec<(Vec<Edit>, i64)>, Vec<&'a Kept>) {
    let mut made: BTreeSet<&str> = BTreeSet::new();
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for one in kept {
        let key = one.edit.key();
        let here = made.contains(key) || record_object(document, key).is_ok();
        match &one.edit {
            // Somebody has made it again already, this device itself perhaps: then it gets what it had.
            Edit::Create { fields, .. } if here => {
                let set = |(field, value): &(String, Value)| Edit::SetField {
                    key: key.to_owned(),
                    field: field.clone(),
                    value: value.clone(),
                };
                now.push((fields.iter().map(set).collect(), one.number));
            }
            Edit::SetField { .. } if !here => later.push(one),
            Edit::Delete { .. } if !matches!(document.get(ROOT, key), Ok(Some(_))) => {
                now.push((Vec::new(), one.number))
            }
            edit => {
                if matches!(edit, Edit::Create { .. }) {
                    made.insert(key);
                }
                now.push((vec![edit.clone()], one.number));
            }
        }
    }
    (now, later)
}
