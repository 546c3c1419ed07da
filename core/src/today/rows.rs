//! The SQL of today: what takes place, and what waits to be settled. Loads no document.

use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::{Connection, ToSql, params};

/// A session or a pairing's meeting.
pub(super) struct Appointment {
    pub(super) space: SpaceId,
    /// The session's id; empty for a pairing's meeting.
    pub(super) session: String,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) starts_at: i64,
    pub(super) in_conflict: bool,
}

const MEETINGS: &str = "SELECT m.space, '', coalesce(nullif(p.title, ''), s.title), m.place, m.starts_at,
            EXISTS (SELECT 1 FROM meeting o WHERE o.space = m.space AND o.position > 0)
     FROM meeting m JOIN space s ON s.id = m.space LEFT JOIN pairing p ON p.space = m.space
     WHERE m.position = 0 AND s.kind = 2";

const SESSIONS: &str = "SELECT e.space, e.id, coalesce(g.name, s.title), e.place, e.starts_at, e.other_times <> ''
     FROM session e JOIN space s ON s.id = e.space LEFT JOIN support_group g ON g.space = e.space
     WHERE e.cancelled = 0 AND s.kind = 3";

/// What takes place between two times (the first included), the earliest first.
pub(super) fn taking_place(rows: &Connection, from_ms: i64, until_ms: i64) -> Result<Vec<Appointment>> {
    let sql = format!(
        "{MEETINGS} AND m.starts_at >= ?1 AND m.starts_at < ?2 UNION ALL
         {SESSIONS} AND e.starts_at >= ?1 AND e.starts_at < ?2 ORDER BY 5, 1, 2 LIMIT 500"
    );
    appointments(rows, &sql, params![from_ms, until_ms])
}

/// Where several times were kept, the earliest first. A pairing's next meeting only while one of them is not before `from_ms`; a
/// session always, since who came hangs on it.
pub(super) fn in_conflict(rows: &Connection, from_ms: i64) -> Result<Vec<Appointment>> {
    let sql = format!(
        "{MEETINGS} AND (SELECT max(o.starts_at) FROM meeting o WHERE o.space = m.space) >= ?1
         AND EXISTS (SELECT 1 FROM meeting o WHERE o.space = m.space AND o.position > 0) UNION ALL
         {SESSIONS} AND e.other_times <> '' ORDER BY 5, 1, 2 LIMIT 500"
    );
    appointments(rows, &sql, params![from_ms])
}

fn appointments(rows: &Connection, sql: &str, times: &[&dyn ToSql]) -> Result<Vec<Appointment>> {
    let mut statement = rows.prepare_cached(sql)?;
    let found = statement.query_map(times, |row| {
        Ok(Appointment {
            space: SpaceId(row.get(0)?),
            session: row.get(1)?,
            title: row.get(2)?,
            place: row.get(3)?,
            starts_at: row.get(4)?,
            in_conflict: row.get(5)?,
        })
    })?;
    found.map(|appointment| appointment.map_err(Error::from)).collect()
}

/// A person's mark that two set differently.
pub(super) struct Differing {
    pub(super) space: SpaceId,
    pub(super) session: String,
    pub(super) person: String,
    pub(super) name: String,
    pub(super) starts_at: i64,
}

/// Attendance that two marked differently, the newest session first.
pub(super) fn differing_marks(rows: &Connection) -> Result<Vec<Differing>> {
    let mut statement = rows.prepare_cached(
        "SELECT a.space, a.session, a.person,
                coalesce((SELECT name FROM person p WHERE p.space = a.space AND p.id = a.person LIMIT 1), ''),
                e.starts_at
         FROM attendance a JOIN session e ON e.space = a.space AND e.id = a.session AND e.document = a.document
         WHERE a.others <> '' ORDER BY e.starts_at DESC, a.session, a.person LIMIT 100",
    )?;
    let found = statement.query_map([], |row| {
        Ok(Differing {
            space: SpaceId(row.get(0)?),
            session: row.get(1)?,
            person: row.get(2)?,
            name: row.get(3)?,
            starts_at: row.get(4)?,
        })
    })?;
    found.map(|mark| mark.map_err(Error::from)).collect()
}
