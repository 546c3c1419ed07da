//! The SQL of groups.

use super::document::{CAPACITY, LANGUAGE, NAME, PLACE};
use super::records::{AttendanceMark, Modality, Presence, Session, SessionId, SupportGroup, SupportGroupId};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::people::PersonRef;
use crate::replica::{DocumentView, SpaceKind, Value};
use crate::{limits, schedule};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(super) const SCHEMA: &str = "
CREATE TABLE support_group (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    name     TEXT NOT NULL,
    language TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    place    TEXT NOT NULL,
    PRIMARY KEY (space, document)
) STRICT;
CREATE TABLE session (
    space       BLOB NOT NULL,
    document    BLOB NOT NULL,
    id          TEXT NOT NULL,
    bucket      TEXT NOT NULL,
    starts_at   INTEGER NOT NULL,
    other_times TEXT NOT NULL,
    zone        TEXT NOT NULL,
    place       TEXT NOT NULL,
    modality    TEXT NOT NULL,
    cancelled   INTEGER NOT NULL,
    PRIMARY KEY (space, id, document)
) STRICT;
CREATE INDEX session_by_time ON session (space, starts_at, id);
CREATE TABLE attendance (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    session  TEXT NOT NULL,
    person   TEXT NOT NULL,
    mark     TEXT NOT NULL,
    others   TEXT NOT NULL,
    PRIMARY KEY (space, session, person, document)
) STRICT;";

pub(super) fn project_profile(rows: &Connection, document: &DocumentView<'_>) -> Result<()> {
    rows.prepare_cached("DELETE FROM support_group WHERE document = ?1")?.execute([&document.id.0[..]])?;
    let text = |key| document.scalar(key).and_then(|v| if let Value::Text(text) = v { Some(text) } else { None });
    let Some(name) = text(NAME) else { return Ok(()) };
    let capacity = document.scalar(CAPACITY).and_then(|v| v.int()).unwrap_or(0);
    rows.prepare_cached(
        "INSERT INTO support_group (space, document, name, language, capacity, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        limits::clip(&name, limits::NAME),
        text(LANGUAGE).unwrap_or_default(),
        capacity.clamp(0, i64::from(i32::MAX)),
        limits::clip(&text(PLACE).unwrap_or_default(), limits::PLACE),
    ])?;
    Ok(())
}

pub(super) fn project_session(rows: &Connection, document: &DocumentView<'_>, key: &str, id: &str) -> Result<()> {
    rows.prepare_cached("DELETE FROM session WHERE space = ?1 AND id = ?2 AND document = ?3")?.execute(params![
        &document.key.space.0[..],
        id,
        &document.id.0[..]
    ])?;
    let Some(record) = document.record(key) else { return Ok(()) };
    let mut times: Vec<i64> = Vec::new();
    for time in record.all("starts_at").iter().filter_map(Value::int) {
        if !times.contains(&time) {
            times.push(time);
        }
    }
    let (Some((starts_at, others)), Some(zone)) = (times.split_first(), record.text("zone")) else { return Ok(()) };
    if schedule::Zone::named(&zone).is_err() {
        return Ok(());
    }
    let others: Vec<String> = others.iter().map(i64::to_string).collect();
    let modality = record.text("modality").and_then(|word| Modality::from_word(&word)).unwrap_or(Modality::InPerson);
    rows.prepare_cached(
        "INSERT INTO session (space, document, id, bucket, starts_at, other_times, zone, place, modality, cancelled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        &document.key.space.0[..],
        &document.id.0[..],
        id,
        document.key.bucket,
        starts_at,
        others.join(" "),
        zone,
        limits::clip(&record.text("place").unwrap_or_default(), limits::PLACE),
        modality.word(),
        record.flag("cancelled").unwrap_or(false),
    ])?;
    Ok(())
}

pub(super) fn project_attendance(
    rows: &Connection,
    document: &DocumentView<'_>,
    key: &str,
    session: &str,
    person: &str,
) -> Result<()> {
    rows.prepare_cached("DELETE FROM attendance WHERE space = ?1 AND session = ?2 AND person = ?3 AND document = ?4")?
        .execute(params![&document.key.space.0[..], session, person, &document.id.0[..]])?;
    if !PersonId::parse(person).is_ok_and(|id| id.to_string() == person) {
        return Ok(());
    }
    let mut marks: Vec<&'static str> = Vec::new();
    for mark in document.scalars(key).iter().filter_map(|value| Presence::from_word(value.text()?)) {
        if !marks.contains(&mark.word()) {
            marks.push(mark.word());
        }
    }
    let Some((mark, others)) = marks.split_first() else { return Ok(()) };
    rows.prepare_cached(
        "INSERT INTO attendance (space, document, session, person, mark, others) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![&document.key.space.0[..], &document.id.0[..], session, person, mark, others.join(" ")])?;
    Ok(())
}

/// Groups that this profile holds, the oldest first; all of them or one.
pub(super) fn groups(rows: &Connection, only: Option<&SpaceId>) -> Result<Vec<SupportGroup>> {
    let mut statement = rows.prepare_cached(
        "SELECT s.id, coalesce(g.name, s.title), coalesce(g.language, ''), coalesce(g.capacity, 0), coalesce(g.place, ''),
                (SELECT count(DISTINCT id) FROM person p WHERE p.space = s.id)
         FROM space s LEFT JOIN support_group g ON g.space = s.id
         WHERE s.kind = ?1 AND (?2 IS NULL OR s.id = ?2) ORDER BY s.added, s.id",
    )?;
    let found = statement.query_map(params![SpaceKind::Group as u8, only.map(|group| &group.0[..])], |row| {
        Ok(SupportGroup {
            id: SupportGroupId { value: SpaceId(row.get(0)?).to_string() },
            name: row.get(1)?,
            language: row.get(2)?,
            capacity: row.get(3)?,
            place: row.get(4)?,
            people: row.get(5)?,
        })
    })?;
    found.map(|group| group.map_err(Error::from)).collect()
}

/// The space of a group that this profile holds.
pub(super) fn group(rows: &Connection, id: &str) -> Result<SpaceId> {
    let space = SpaceId::parse(id).map_err(|_| Error::invalid("group", "format"))?;
    if crate::replica::space(rows, &space)?.kind == SpaceKind::Group { Ok(space) } else { Err(Error::NotFound) }
}

const SESSION: &str = "SELECT id, space, starts_at, other_times, zone, place, modality, cancelled, bucket FROM session";

/// Sessions from a time and place in the list on, the earliest first.
pub(super) fn sessions(rows: &Connection, group: &SpaceId, after: &(i64, String), limit: i64) -> Result<Vec<Session>> {
    let mut statement = rows.prepare_cached(&format!(
        "{SESSION} WHERE space = ?1 AND (starts_at, id) > (?2, ?3) ORDER BY starts_at, id LIMIT ?4"
    ))?;
    let mut found = statement.query(params![&group.0[..], after.0, after.1, limit])?;
    let mut sessions = Vec::new();
    while let Some(row) = found.next()? {
        sessions.push(session(row)?);
    }
    Ok(sessions)
}

/// One session, with the bucket it lives in.
pub(super) fn find(rows: &Connection, id: &str) -> Result<(Session, SpaceId, String)> {
    let mut statement = rows.prepare_cached(&format!("{SESSION} WHERE id = ?1 ORDER BY space, document LIMIT 1"))?;
    let mut found = statement.query([id])?;
    let row = found.next()?.ok_or(Error::NotFound)?;
    Ok((session(row)?, SpaceId(row.get(1)?), row.get(8)?))
}

fn session(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: SessionId { value: row.get(0)? },
        group: SupportGroupId { value: SpaceId(row.get(1)?).to_string() },
        starts_at_ms: row.get(2)?,
        other_times_ms: row.get::<_, String>(3)?.split(' ').filter_map(|time| time.parse().ok()).collect(),
        zone: row.get(4)?,
        place: row.get(5)?,
        modality: Modality::from_word(&row.get::<_, String>(6)?).ok_or(Error::Corrupt)?,
        cancelled: row.get(7)?,
    })
}

/// The roster with its marks, by name; also somebody with a mark who is not in the roster yet.
pub(super) fn attendance(rows: &Connection, group: &SpaceId, session: &str) -> Result<Vec<AttendanceMark>> {
    let mut statement = rows.prepare_cached(
        "SELECT a.id, coalesce((SELECT name FROM person n WHERE n.space = ?1 AND n.id = a.id LIMIT 1), ''), m.mark, m.others
         FROM (SELECT id FROM person WHERE space = ?1 UNION
               SELECT person FROM attendance WHERE space = ?1 AND session = ?2) a
         LEFT JOIN attendance m ON m.space = ?1 AND m.session = ?2 AND m.person = a.id
         ORDER BY 2, 1",
    )?;
    let found = statement.query_map(params![&group.0[..], session], |row| {
        let mark: Option<String> = row.get(2)?;
        let others = row.get::<_, Option<String>>(3)?.unwrap_or_default();
        Ok(AttendanceMark {
            person: PersonRef { value: row.get(0)? },
            name: row.get(1)?,
            presence: mark.and_then(|word| Presence::from_word(&word)),
            others: others.split(' ').filter_map(Presence::from_word).collect(),
        })
    })?;
    found.map(|mark| mark.map_err(Error::from)).collect()
}

/// The mark that stands and the others kept beside it, as stored.
pub(super) fn mark(
    rows: &Connection,
    group: &SpaceId,
    session: &str,
    person: &str,
) -> Result<Option<(String, String)>> {
    let mut statement = rows.prepare_cached(
        "SELECT mark, others FROM attendance WHERE space = ?1 AND session = ?2 AND person = ?3 ORDER BY document LIMIT 1",
    )?;
    let found = statement.query_row(params![&group.0[..], session, person], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}
