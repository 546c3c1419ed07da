//! The SQL of people.

use super::document::{CALENDAR, LANGUAGE, NAME};
use super::records::{Me, Person, PersonRef};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::limits;
use crate::replica::{DocumentView, SpaceKind, Value};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) const SCHEMA: &str = "
CREATE TABLE profile (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    name     TEXT NOT NULL,
    language TEXT NOT NULL,
    calendar TEXT,
    PRIMARY KEY (space, document)
) STRICT;
CREATE TABLE person (
    space      BLOB NOT NULL,
    document   BLOB NOT NULL,
    id         TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    entered_by TEXT,
    PRIMARY KEY (space, id, document)
) STRICT;";

/// The spaces that this person may write to and whose roster does not have them, or not their name. One query: it runs at every start and with every
/// exchange.
pub(crate) fn not_entered(rows: &Connection, person: PersonId) -> Result<Vec<SpaceId>> {
    let mut statement = rows.prepare_cached(
        "SELECT s.id FROM space s WHERE s.kind NOT IN (?1, ?2) AND s.role >= 2
         AND NOT EXISTS (SELECT 1 FROM person p WHERE p.space = s.id AND p.id = ?3 AND p.name <> '') ORDER BY s.added, s.id",
    )?;
    let kinds = (SpaceKind::Personal as u8, SpaceKind::Directory as u8);
    let found = statement.query_map(params![kinds.0, kinds.1, person.to_string()], |row| row.get(0).map(SpaceId))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

pub(super) fn project_profile(rows: &Connection, document: &DocumentView<'_>) -> Result<()> {
    rows.prepare_cached("DELETE FROM profile WHERE document = ?1")?.execute([&document.id.0[..]])?;
    let text = |key| document.scalar(key).and_then(|v| if let Value::Text(text) = v { Some(text) } else { None });
    let (Some(name), Some(language)) = (text(NAME), text(LANGUAGE)) else { return Ok(()) };
    rows.prepare_cached("INSERT INTO profile (space, document, name, language, calendar) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![&document.key.space.0[..], &document.id.0[..], name, language, text(CALENDAR)])?;
    Ok(())
}

pub(super) fn project_person(rows: &Connection, document: &DocumentView<'_>, key: &str, id: &str) -> Result<()> {
    rows.prepare_cached("DELETE FROM person WHERE space = ?1 AND id = ?2 AND document = ?3")?.execute(params![
        &document.key.space.0[..],
        id,
        &document.id.0[..]
    ])?;
    let Some(record) = document.record(key) else { return Ok(()) };
    // A second spelling of an id would be a second person.
    if !PersonId::parse(id).is_ok_and(|person| person.to_string() == id) {
        return Ok(());
    }
    rows.prepare_cached(
        "INSERT INTO person (space, document, id, name, language, entered_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        id,
        limits::clip(&record.text("name").unwrap_or_default(), limits::NAME),
        record.text("language").unwrap_or_default(),
        record.text("entered_by"),
    ])?;
    Ok(())
}

/// The profile of this store's person.
pub(crate) fn me(rows: &Connection, me: PersonId) -> Result<Option<Me>> {
    let mut statement = rows.prepare_cached(
        "SELECT name, language, calendar FROM profile WHERE space IN (SELECT id FROM space WHERE kind = ?1)
         ORDER BY document LIMIT 1",
    )?;
    let found = statement.query_row([SpaceKind::Personal as u8], |row| {
        Ok(Me { id: me.into(), name: row.get(0)?, language: row.get(1)?, calendar: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// Everybody in a space, by name.
pub(super) fn list(rows: &Connection, space: &SpaceId, me: PersonId) -> Result<Vec<Person>> {
    let mut statement = rows.prepare_cached(
        "SELECT id, name, language, entered_by FROM person WHERE space = ?1 ORDER BY name, id, document",
    )?;
    let me = me.to_string();
    let found = statement.query_map([&space.0[..]], |row| {
        let id: String = row.get(0)?;
        Ok(Person {
            is_me: id == me,
            id: PersonRef { value: id },
            name: row.get(1)?,
            language: row.get(2)?,
            entered_by: row.get::<_, Option<String>>(3)?.map(|value| PersonRef { value }),
        })
    })?;
    found.map(|person| person.map_err(Error::from)).collect()
}

/// Name and language of somebody in a space.
pub(crate) fn find(rows: &Connection, space: &SpaceId, person: &str) -> Result<Option<(String, String)>> {
    let mut statement = rows
        .prepare_cached("SELECT name, language FROM person WHERE space = ?1 AND id = ?2 ORDER BY document LIMIT 1")?;
    let found = statement.query_row(params![&space.0[..], person], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// The personal space.
pub(crate) fn personal(rows: &Connection) -> Result<SpaceId> {
    let mut statement = rows.prepare_cached("SELECT id FROM space WHERE kind = ?1 ORDER BY added, id LIMIT 1")?;
    let found = statement.query_row([SpaceKind::Personal as u8], |row| row.get(0)).optional()?;
    found.map(SpaceId).ok_or_else(|| Error::bug("no personal space"))
}

/// The shared spaces that this profile writes in.
pub(super) fn shared(rows: &Connection) -> Result<Vec<SpaceId>> {
    let mut statement =
        rows.prepare_cached("SELECT id FROM space WHERE kind IN (2, 3, 4) AND role >= 2 ORDER BY id")?;
    let found = statement.query_map([], |row| row.get(0))?;
    found.map(|id| id.map(SpaceId).map_err(Error::from)).collect()
}
