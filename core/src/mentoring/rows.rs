//! The SQL of pairings: what a document becomes. What screens ask is in `queries.rs`.

use super::document::{self, MODEL, RESPONDER, STARTED_AT, TITLE};
use super::records::ContactKind;
use crate::check_ins::HelpKind;
use crate::error::Result;
use crate::ids::PersonId;
use crate::limits;
use crate::replica::{DocumentView, Value};
use rusqlite::{Connection, params};

pub(crate) use super::queries::{circle, responder};

pub(super) const SCHEMA: &str = "
CREATE TABLE pairing (
    space      BLOB NOT NULL,
    document   BLOB NOT NULL,
    model      TEXT NOT NULL,
    title      TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    responder  TEXT,
    PRIMARY KEY (space, document)
) STRICT;
CREATE TABLE pairing_role (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    person   TEXT NOT NULL,
    role     TEXT NOT NULL,
    PRIMARY KEY (space, person, document)
) STRICT;
CREATE TABLE meeting (
    space     BLOB NOT NULL,
    document  BLOB NOT NULL,
    position  INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    zone      TEXT NOT NULL,
    place     TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    PRIMARY KEY (space, document, position)
) STRICT;
CREATE TABLE step_done (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    step     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (space, step, document)
) STRICT;
CREATE TABLE goal (
    space     BLOB NOT NULL,
    document  BLOB NOT NULL,
    id        TEXT NOT NULL,
    text      TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    done_at   INTEGER,
    PRIMARY KEY (space, id, document)
) STRICT;
CREATE TABLE milestone (
    space     BLOB NOT NULL,
    document  BLOB NOT NULL,
    id        TEXT NOT NULL,
    catalogue TEXT,
    own       TEXT,
    made_by   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (space, id, document)
) STRICT;
CREATE TABLE contact (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    id       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    help     TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (space, id, document)
) STRICT;
CREATE INDEX contact_by_time ON contact (space, at);";

pub(super) fn project_pairing(rows: &Connection, document: &DocumentView<'_>) -> Result<()> {
    rows.prepare_cached("DELETE FROM pairing WHERE document = ?1")?.execute([&document.id.0[..]])?;
    let text = |key| document.scalar(key).and_then(|v| if let Value::Text(text) = v { Some(text) } else { None });
    let (Some(model), Some(started_at)) = (text(MODEL), document.scalar(STARTED_AT).and_then(|v| v.int())) else {
        return Ok(());
    };
    rows.prepare_cached(
        "INSERT INTO pairing (space, document, model, title, started_at, responder) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        model,
        limits::clip(&text(TITLE).unwrap_or_default(), limits::NAME),
        started_at,
        text(RESPONDER).filter(|person| is_person(person)),
    ])?;
    Ok(())
}

pub(super) fn project_role(rows: &Connection, document: &DocumentView<'_>, key: &str, person: &str) -> Result<()> {
    forget(rows, document, "DELETE FROM pairing_role WHERE space = ?1 AND person = ?2 AND document = ?3", person)?;
    let (true, Some(Value::Text(role))) = (is_person(person), document.scalar(key)) else { return Ok(()) };
    rows.prepare_cached("INSERT INTO pairing_role (space, document, person, role) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![&document.key.space.0[..], &document.id.0[..], person, limits::clip(&role, limits::NAME)])?;
    Ok(())
}

pub(super) fn project_meeting(rows: &Connection, document: &DocumentView<'_>) -> Result<()> {
    rows.prepare_cached("DELETE FROM meeting WHERE document = ?1")?.execute([&document.id.0[..]])?;
    let mut insert = rows.prepare_cached(
        "INSERT INTO meeting (space, document, position, starts_at, zone, place, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (position, (meeting, by)) in document::meetings(document).into_iter().enumerate() {
        insert.execute(params![
            &document.key.space.0[..],
            &document.id.0[..],
            position as i64,
            meeting.starts_at_ms,
            meeting.zone,
            meeting.place,
            by
        ])?;
    }
    Ok(())
}

pub(super) fn project_step(rows: &Connection, document: &DocumentView<'_>, key: &str, step: &str) -> Result<()> {
    forget(rows, document, "DELETE FROM step_done WHERE space = ?1 AND step = ?2 AND document = ?3", step)?;
    let Some(Value::Int(at)) = document.scalar(key) else { return Ok(()) };
    rows.prepare_cached("INSERT INTO step_done (space, document, step, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![&document.key.space.0[..], &document.id.0[..], step, at])?;
    Ok(())
}

pub(super) fn project_goal(rows: &Connection, document: &DocumentView<'_>, key: &str, id: &str) -> Result<()> {
    forget(rows, document, "DELETE FROM goal WHERE space = ?1 AND id = ?2 AND document = ?3", id)?;
    let Some(record) = document.record(key) else { return Ok(()) };
    let (Some(text), Some(by), Some(at)) = (record.text("text"), record.text("by"), record.int("at")) else {
        return Ok(());
    };
    rows.prepare_cached(
        "INSERT INTO goal (space, document, id, text, made_by, at, done_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        id,
        limits::clip(&text, limits::GOAL),
        by,
        at,
        record.int("done_at")
    ])?;
    Ok(())
}

pub(super) fn project_milestone(rows: &Connection, document: &DocumentView<'_>, key: &str, id: &str) -> Result<()> {
    forget(rows, document, "DELETE FROM milestone WHERE space = ?1 AND id = ?2 AND document = ?3", id)?;
    let Some(record) = document.record(key) else { return Ok(()) };
    let (Some(by), Some(at)) = (record.text("by"), record.int("at")) else { return Ok(()) };
    let (catalogue, own) = (record.text("catalogue"), record.text("own"));
    if catalogue.is_none() && own.is_none() {
        return Ok(());
    }
    rows.prepare_cached(
        "INSERT INTO milestone (space, document, id, catalogue, own, made_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        id,
        catalogue,
        own.map(|text| limits::clip(&text, limits::GOAL)),
        by,
        at
    ])?;
    Ok(())
}

pub(super) fn project_contact(rows: &Connection, document: &DocumentView<'_>, key: &str, id: &str) -> Result<()> {
    forget(rows, document, "DELETE FROM contact WHERE space = ?1 AND id = ?2 AND document = ?3", id)?;
    let Some(record) = document.record(key) else { return Ok(()) };
    let kind = record.text("kind").and_then(|word| ContactKind::from_word(&word));
    let help = record.text("help").and_then(|word| HelpKind::from_word(&word));
    let (Some(kind), Some(help), Some(by), Some(at)) = (kind, help, record.text("by"), record.int("at")) else {
        return Ok(());
    };
    rows.prepare_cached(
        "INSERT INTO contact (space, document, id, kind, help, made_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![&document.key.space.0[..], &document.id.0[..], id, kind.word(), help.word(), by, at])?;
    Ok(())
}

fn forget(rows: &Connection, document: &DocumentView<'_>, sql: &str, id: &str) -> Result<()> {
    rows.prepare_cached(sql)?.execute(params![&document.key.space.0[..], id, &document.id.0[..]])?;
    Ok(())
}

/// In the one spelling that an id has.
fn is_person(text: &str) -> bool {
    PersonId::parse(text).is_ok_and(|person| person.to_string() == text)
}
