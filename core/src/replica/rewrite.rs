//! Documents made again without some of their changes: what falls when an entry turns out to lie beyond a cut, or on the side of a fork
//! that does not stay.

use super::reissue::ends;
use super::{DocumentKey, DocumentView, Replica, log, project};
use crate::error::{Error, Result};
use crate::ids::{DocumentId, SpaceId};
use automerge::Change;
use rusqlite::Connection;
use std::collections::{BTreeSet, HashSet};

/// A document's change as it falls or stays.
pub(super) struct Link {
    pub(super) change: Change,
    pub(super) entry: Option<[u8; 32]>,
    pub(super) falls: bool,
}

impl Replica {
    /// Takes the changes of these entries out of the log, in the caller's transaction, and writes the rows of their documents anew, those
    /// that only they had made among them. With them go the changes that no entry carries yet and that rest on one of theirs. The nouns
    /// whose rows these are: announce them after the commit.
    ///
    /// The caller keeps the entries themselves: nothing here does. What the entries `ours` said, and what no entry carried, is kept to be
    /// written again: see [`Replica::write_again`]. Taking out what is not there changes nothing.
    ///
    /// # Errors
    /// `Bug` if something that stays rests on a change that falls.
    pub(crate) fn rewrite(
        &self,
        rows: &Connection,
        entries: &BTreeSet<[u8; 32]>,
        ours: &BTreeSet<[u8; 32]>,
    ) -> Result<BTreeSet<&'static str>> {
        let mut documents = Vec::new();
        for key in documents_of(rows, entries)? {
            // As the rows have them: also those keys that fall must be looked at.
            let document = log::load(rows, &key.id())?;
            let keys = DocumentView { key: &key, id: key.id(), document: &document }.keys();
            let links = links(rows, &key.id(), entries)?;
            self.take_over(rows, &key, &document, &links, ours)?;
            documents.push((key, keys.into_iter().collect::<BTreeSet<String>>(), links));
        }
        let mut nouns = BTreeSet::new();
        for (key, mut keys, links) in documents {
            let id = key.id();
            for link in links.iter().filter(|link| link.falls) {
                rows.prepare_cached("DELETE FROM change WHERE hash = ?1")?.execute([&link.change.hash().0[..]])?;
            }
            self.cache.lock().take(&id);
            let document = log::load(rows, &id)?;
            if log::head_hashes(&document) != ends(rows, &key)? {
                return Err(Error::bug("what stays rests on what falls"));
            }
            if let Some(noun) = self.noun_of(key.kind) {
                keys.extend(DocumentView { key: &key, id, document: &document }.keys());
                project::project(rows, noun, &key, &document, &keys)?;
                nouns.insert(noun.name());
            }
        }
        Ok(nouns)
    }
}

/// Every change of a document, in the log's order.
fn links(rows: &Connection, id: &DocumentId, entries: &BTreeSet<[u8; 32]>) -> Result<Vec<Link>> {
    let mut statement = rows.prepare_cached("SELECT bytes, entry FROM change WHERE document = ?1 ORDER BY number")?;
    let mut found = statement.query([&id.0[..]])?;
    let (mut links, mut falling) = (Vec::new(), HashSet::new());
    while let Some(row) = found.next()? {
        let change = Change::from_bytes(row.get(0)?).map_err(|_| Error::Corrupt)?;
        let entry: Option<[u8; 32]> = row.get(1)?;
        let rests = || change.deps().iter().any(|dep| falling.contains(dep));
        let falls = entry.map_or_else(rests, |entry| entries.contains(&entry));
        if falls {
            falling.insert(change.hash());
        }
        links.push(Link { change, entry, falls });
    }
    Ok(links)
}

fn documents_of(rows: &Connection, entries: &BTreeSet<[u8; 32]>) -> Result<BTreeSet<DocumentKey>> {
    let mut statement = rows.prepare_cached(
        "SELECT DISTINCT d.space, d.kind, d.bucket, d.generation FROM change c JOIN document d ON d.id = c.document
         WHERE c.entry = ?1",
    )?;
    let mut all = BTreeSet::new();
    for entry in entries {
        let found = statement.query_map([&entry[..]], |row| {
            let (space, kind) = (SpaceId(row.get(0)?), row.get(1)?);
            Ok(DocumentKey { space, kind, bucket: row.get(2)?, generation: row.get(3)? })
        })?;
        all.extend(found.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}
