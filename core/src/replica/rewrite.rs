//! Documents made again without some of their changes: what falls when an entry turns out to lie beyond a cut.

use super::reissue::ends;
use super::{DocumentKey, DocumentView, Replica, log, project};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::Connection;
use std::collections::BTreeSet;

impl Replica {
    /// Takes the changes of these entries out of the log, in the caller's transaction, and writes the rows of their documents anew, those
    /// that only they had made among them. The nouns whose rows these are: announce them after the commit.
    ///
    /// The caller keeps the entries themselves: nothing here does. Taking out what is not there changes nothing.
    ///
    /// # Errors
    /// `Bug` if something that stays rests on a change that falls.
    pub(crate) fn rewrite(&self, rows: &Connection, entries: &BTreeSet<[u8; 32]>) -> Result<BTreeSet<&'static str>> {
        let mut documents = Vec::new();
        for key in documents_of(rows, entries)? {
            // As the rows have them: also those keys that fall must be looked at.
            let document = log::load(rows, &key.id())?;
            let keys = DocumentView { key: &key, id: key.id(), document: &document }.keys();
            documents.push((key, keys.into_iter().collect::<BTreeSet<String>>()));
        }
        for entry in entries {
            rows.prepare_cached("DELETE FROM change WHERE entry = ?1")?.execute([&entry[..]])?;
        }
        let mut nouns = BTreeSet::new();
        for (key, mut keys) in documents {
            let id = key.id();
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
