//! The SQL of check-ins.

use super::records::{CheckIn, CheckInId, ContactWish, ErasureId, Feeling, HelpKind, Share, WordsState};
use crate::error::{Error, Result};
use crate::ids::{DocumentId, PersonId, SpaceId, to_text};
use crate::limits;
use crate::people::PersonRef;
use crate::replica::{Blob, BlobId, DocumentView, SpaceKind, words};
use rusqlite::{Connection, Row, params};

pub(super) const SCHEMA: &str = "
CREATE TABLE check_in (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    id       TEXT NOT NULL,
    bucket   TEXT NOT NULL,
    person   TEXT NOT NULL,
    feeling  INTEGER NOT NULL,
    helps    TEXT NOT NULL,
    contact  TEXT NOT NULL,
    note     TEXT NOT NULL,
    words    BLOB,
    words_by BLOB,
    at       INTEGER NOT NULL,
    PRIMARY KEY (space, id, document)
) STRICT;
CREATE INDEX check_in_by_words ON check_in (words) WHERE words IS NOT NULL;
CREATE INDEX check_in_by_time ON check_in (at, id);
CREATE INDEX check_in_by_contact ON check_in (space, contact, at) WHERE contact <> 'no';";

pub(super) fn project(rows: &Connection, document: &DocumentView<'_>, key: &str, id: &str) -> Result<()> {
    rows.prepare_cached("DELETE FROM check_in WHERE space = ?1 AND id = ?2 AND document = ?3")?.execute(params![
        &document.key.space.0[..],
        id,
        &document.id.0[..]
    ])?;
    let Some(record) = document.record(key) else { return Ok(()) };
    let (Some(person), Some(feeling), Some(at)) = (record.text("person"), record.int("feeling"), record.int("at"))
    else {
        return Ok(());
    };
    if Feeling::from_number(feeling).is_none() {
        return Ok(()); // a face that only a newer app knows
    }
    let contact = record.text("contact").and_then(|word| ContactWish::from_word(&word)).unwrap_or(ContactWish::No);
    let words = record.bytes_by("words").filter(|(id, _)| id.len() == size_of::<BlobId>());
    rows.prepare_cached(
        "INSERT INTO check_in (space, document, id, bucket, person, feeling, helps, contact, note, at, words, words_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        id,
        document.key.bucket,
        person,
        feeling,
        limits::clip(&record.text("helps").unwrap_or_default(), 200),
        contact.word(),
        limits::clip(&record.text("note").unwrap_or_default(), limits::NOTE),
        at,
        words.as_ref().map(|(id, _)| &id[..]),
        words.as_ref().map(|(_, by)| &by[..]),
    ])?;
    Ok(())
}

/// One list, the newest first.
pub(super) struct Wanted<'a> {
    pub(super) space: Option<SpaceId>,
    pub(super) person: Option<&'a str>,
    pub(super) before: Option<(i64, String)>,
    pub(super) rows: i64,
}

/// Check-ins with the time as it is stored, for the next page's place.
pub(super) fn list(rows: &Connection, wanted: &Wanted<'_>, me: PersonId, now_ms: i64) -> Result<Vec<(i64, CheckIn)>> {
    let (at, id) = wanted.before.clone().unwrap_or((i64::MAX, String::from("~"))); // "~" comes after every id
    let mut statement = rows.prepare_cached(&format!(
        "{SELECT} WHERE (?2 IS NULL OR c.space = ?2) AND (?3 IS NULL OR c.person = ?3) AND (c.at, c.id) < (?4, ?5)
         ORDER BY c.at DESC, c.id DESC LIMIT ?6"
    ))?;
    let space = wanted.space.as_ref().map(|space| &space.0[..]);
    let mut found = statement.query(params![SpaceKind::Personal as u8, space, wanted.person, at, id, wanted.rows])?;
    let mut list = Vec::new();
    while let Some(row) = found.next()? {
        list.push((row.get(8)?, from_row(rows, row, me, now_ms)?));
    }
    Ok(list)
}

const SELECT: &str = "SELECT c.id, c.space, s.kind = ?1, c.person, c.feeling, c.helps, c.contact, c.note, c.at,
        CASE s.kind WHEN ?1 THEN (SELECT name FROM profile WHERE space = c.space LIMIT 1)
        ELSE (SELECT name FROM person WHERE space = c.space AND id = c.person LIMIT 1) END,
        c.words, EXISTS (SELECT 1 FROM erased WHERE blob = c.words), c.document, c.words_by
     FROM check_in c JOIN space s ON s.id = c.space";

/// In which documents a check-in names these words.
pub(super) fn naming(rows: &Connection, space: &SpaceId, words: &BlobId) -> Result<Vec<DocumentId>> {
    let mut statement =
        rows.prepare_cached("SELECT DISTINCT document FROM check_in WHERE words = ?1 AND space = ?2")?;
    let found = statement.query_map([&words[..], &space.0[..]], |row| row.get(0).map(DocumentId))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// Where a check-in names words.
struct Named {
    space: SpaceId,
    document: DocumentId,
    person: String,
    words: BlobId,
    by: [u8; 16],
}

/// The words themselves, if they are here. Whoever writes in a space may name any words in anybody's check-in: only those count that the
/// person of the check-in has written and named there.
fn words_of(rows: &Connection, named: &Named) -> Result<Option<Blob>> {
    let Some(blob) = words::of_person(rows, &named.space, &named.words, &named.person)? else { return Ok(None) };
    let by = words::is_by(rows, &named.space, &blob.author, &named.document, &named.by)?;
    Ok(by.then_some(blob))
}

/// The note and where it is: in the document, as older apps wrote it, or a blob beside it.
fn note_of(rows: &Connection, row: &Row<'_>) -> Result<(String, WordsState)> {
    let Some(id): Option<BlobId> = row.get(10)? else {
        let note: String = row.get(7)?;
        let words = if note.is_empty() { WordsState::None } else { WordsState::Here };
        return Ok((note, words));
    };
    let named = Named {
        space: SpaceId(row.get(1)?),
        document: DocumentId(row.get(12)?),
        person: row.get(3)?,
        words: id,
        by: row.get(13)?,
    };
    Ok(match words_of(rows, &named)?.and_then(|blob| blob.words()) {
        Some(note) => (limits::clip(&note, limits::NOTE), WordsState::Here),
        None if row.get(11)? => (String::new(), WordsState::Erased),
        None => (String::new(), WordsState::NotHereYet),
    })
}

fn from_row(rows: &Connection, row: &Row<'_>, me: PersonId, now_ms: i64) -> Result<CheckIn> {
    let (note, words) = note_of(rows, row)?;
    let blob: Option<BlobId> = row.get(10)?;
    let pairing = SpaceId(row.get(1)?).to_string();
    let person: String = row.get(3)?;
    let helps: String = row.get(5)?;
    Ok(CheckIn {
        id: CheckInId { value: row.get(0)? },
        name: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
        is_mine: person == me.to_string(),
        person: PersonRef { value: person },
        feeling: Feeling::from_number(row.get(4)?).ok_or(Error::Corrupt)?,
        helps: helps.split(' ').filter_map(HelpKind::from_word).collect(),
        contact: ContactWish::from_word(&row.get::<_, String>(6)?).ok_or(Error::Corrupt)?,
        note,
        words,
        erasure: blob.filter(|_| words == WordsState::Erased).map(|blob| ErasureId { value: to_text(&blob) }),
        share: if row.get(2)? { Share::Private } else { Share::Pairing { pairing } },
        at_ms: row.get::<_, i64>(8)?.min(now_ms),
    })
}

/// Where a check-in lives, whose it is and where its words are.
pub(super) struct Found {
    pub(super) space: SpaceId,
    pub(super) bucket: String,
    pub(super) person: String,
    pub(super) words: Option<BlobId>,
    /// Whether the blob has come, is that person's and was not erased.
    pub(super) here: bool,
    /// Whether the document itself holds a note.
    pub(super) in_document: bool,
}

/// The check-in of this id. Somebody else may write another under the same: one's own comes first, and of several one whose words are that
/// person's, here or erased.
pub(super) fn find(rows: &Connection, id: &str, me: &str) -> Result<Found> {
    let mut statement = rows.prepare_cached(
        "SELECT space, bucket, person, words, note <> '', document, words_by,
         EXISTS (SELECT 1 FROM erased e WHERE e.blob = words AND e.space = check_in.space) FROM check_in
         WHERE id = ?1 ORDER BY person = ?2 DESC, space, document",
    )?;
    let mut found = statement.query([id, me])?;
    let mut best: Option<((bool, bool), Found)> = None;
    while let Some(row) = found.next()? {
        let (space, person, words) = (SpaceId(row.get(0)?), row.get::<_, String>(2)?, row.get(3)?);
        let here = match words {
            None => false,
            Some(words) => {
                let (document, by) = (DocumentId(row.get(5)?), row.get(6)?);
                words_of(rows, &Named { space, document, person: person.clone(), words, by })?.is_some()
            }
        };
        let rank = (person == me, here || row.get(7)?);
        if best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, Found { space, bucket: row.get(1)?, person, words, here, in_document: row.get(4)? }));
        }
    }
    best.map(|(_, found)| found).ok_or(Error::NotFound)
}

/// A shared check-in that asks for contact.
pub(crate) struct Asking {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) wish: ContactWish,
    pub(crate) at_ms: i64,
}

/// Those of a space that ask for contact, the newest 200.
pub(crate) fn asking(rows: &Connection, space: &SpaceId) -> Result<Vec<Asking>> {
    let mut statement = rows.prepare_cached(
        "SELECT id, person, contact, at FROM check_in WHERE space = ?1 AND contact <> 'no' ORDER BY at DESC, id LIMIT 200",
    )?;
    let found = statement.query_map([&space.0[..]], |row| {
        let wish = if row.get::<_, String>(2)? == ContactWish::Today.word() {
            ContactWish::Today
        } else {
            ContactWish::ThisWeek
        };
        Ok(Asking { id: row.get(0)?, person: row.get(1)?, wish, at_ms: row.get(3)? })
    })?;
    found.map(|asking| asking.map_err(Error::from)).collect()
}
