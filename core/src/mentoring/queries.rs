//! What screens ask of the rows of pairings.

use super::records::{
    Contact, ContactKind, Goal, GoalId, Meeting, MeetingChoice, Milestone, NextMeeting, Pairing, PairingId,
    PairingPerson, ReachedMilestone,
};
use crate::check_ins::{self, HelpKind};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::people::PersonRef;
use crate::replica::SpaceKind;
use crate::support_models::{Asked, ContactWish, Facts};
use rusqlite::{Connection, OptionalExtension, params};

/// So far apart the clocks of two phones may honestly be.
const CLOCKS_DIFFER_MS: i64 = 24 * 60 * 60 * 1000;

/// The circle of a pairing that this profile holds.
pub(crate) fn circle(rows: &Connection, pairing: &str) -> Result<SpaceId> {
    let circle = SpaceId::parse(pairing).map_err(|_| Error::invalid("pairing", "format"))?;
    if crate::replica::space(rows, &circle)?.kind == SpaceKind::Circle { Ok(circle) } else { Err(Error::NotFound) }
}

/// Who hears when somebody asks for contact: who was named; else somebody else who accompanies. Never the asking person.
pub(crate) fn responder(rows: &Connection, circle: &SpaceId, me: PersonId) -> Result<Option<PersonId>> {
    let mut statement = rows.prepare_cached(
        "SELECT responder FROM pairing WHERE space = ?1 AND responder IS NOT NULL AND responder <> ?2
         UNION ALL
         SELECT person FROM (SELECT person FROM pairing_role WHERE space = ?1 AND person <> ?2 ORDER BY role <> 'mentor', person)
         LIMIT 1",
    )?;
    let found: Option<String> =
        statement.query_row(params![&circle.0[..], me.to_string()], |row| row.get(0)).optional()?;
    found.map(|person| PersonId::parse(&person)).transpose()
}

/// One's own role, and the model it belongs to.
pub(super) fn part(rows: &Connection, circle: &SpaceId, me: PersonId) -> Result<(String, Option<String>)> {
    let model = rows
        .prepare_cached("SELECT model FROM pairing WHERE space = ?1 ORDER BY document LIMIT 1")?
        .query_row([&circle.0[..]], |row| row.get(0))
        .optional()?
        .ok_or(Error::NotFound)?;
    let role = rows
        .prepare_cached("SELECT role FROM pairing_role WHERE space = ?1 AND person = ?2 ORDER BY document LIMIT 1")?
        .query_row(params![&circle.0[..], me.to_string()], |row| row.get(0))
        .optional()?;
    Ok((model, role))
}

/// Pairings that this profile holds, the oldest first; all of them or one.
pub(crate) fn pairings(rows: &Connection, only: Option<&SpaceId>, me: PersonId) -> Result<Vec<Pairing>> {
    let mut statement = rows.prepare_cached(
        "SELECT s.id, coalesce(nullif(p.title, ''), s.title), coalesce(p.model, ''), coalesce(p.started_at, s.added), p.responder
         FROM space s LEFT JOIN pairing p ON p.space = s.id
         WHERE s.kind = ?1 AND (?2 IS NULL OR s.id = ?2) ORDER BY s.added, s.id",
    )?;
    let mut found = statement.query(params![SpaceKind::Circle as u8, only.map(|circle| &circle.0[..])])?;
    let mut pairings = Vec::new();
    while let Some(row) = found.next()? {
        let circle = SpaceId(row.get(0)?);
        let people = people(rows, &circle)?;
        let mine = PersonRef::from(me);
        pairings.push(Pairing {
            id: PairingId { value: circle.to_string() },
            title: row.get(1)?,
            model: row.get(2)?,
            started_at_ms: row.get(3)?,
            my_role: people.iter().find(|p| p.person == mine).and_then(|p| p.role.clone()),
            people,
            responder: row.get::<_, Option<String>>(4)?.map(|value| PersonRef { value }),
            next_meeting: next_meeting(rows, &circle)?,
        });
    }
    Ok(pairings)
}

/// Everybody in the roster, and everybody with a role.
fn people(rows: &Connection, circle: &SpaceId) -> Result<Vec<PairingPerson>> {
    let mut statement = rows.prepare_cached(
        "SELECT a.id, coalesce((SELECT name FROM person n WHERE n.space = ?1 AND n.id = a.id LIMIT 1), ''),
                (SELECT role FROM pairing_role r WHERE r.space = ?1 AND r.person = a.id ORDER BY r.document LIMIT 1)
         FROM (SELECT id FROM person WHERE space = ?1 UNION SELECT person FROM pairing_role WHERE space = ?1) a ORDER BY 2, 1",
    )?;
    let found = statement.query_map([&circle.0[..]], |row| {
        Ok(PairingPerson { person: PersonRef { value: row.get(0)? }, name: row.get(1)?, role: row.get(2)? })
    })?;
    found.map(|person| person.map_err(Error::from)).collect()
}

fn next_meeting(rows: &Connection, circle: &SpaceId) -> Result<Option<NextMeeting>> {
    let mut statement = rows.prepare_cached(
        "SELECT m.starts_at, m.zone, m.place, m.made_by,
                coalesce((SELECT name FROM person p WHERE p.space = ?1 AND p.id = m.made_by LIMIT 1), '')
         FROM meeting m WHERE m.space = ?1 ORDER BY m.document, m.position",
    )?;
    let found = statement.query_map([&circle.0[..]], |row| {
        Ok(MeetingChoice {
            meeting: Meeting { starts_at_ms: row.get(0)?, zone: row.get(1)?, place: row.get(2)? },
            by: PersonRef { value: row.get(3)? },
            by_name: row.get(4)?,
        })
    })?;
    let mut all = found.collect::<Result<Vec<_>, _>>()?.into_iter();
    Ok(all.next().map(|value| NextMeeting { value, others: all.collect() }))
}

/// The goals of a circle, the oldest first.
pub(crate) fn goals(rows: &Connection, circle: &SpaceId) -> Result<Vec<Goal>> {
    let mut statement =
        rows.prepare_cached("SELECT id, text, made_by, at, done_at FROM goal WHERE space = ?1 ORDER BY at, id")?;
    let found = statement.query_map([&circle.0[..]], |row| {
        Ok(Goal {
            id: GoalId { value: row.get(0)? },
            text: row.get(1)?,
            by: PersonRef { value: row.get(2)? },
            at_ms: row.get(3)?,
            done_at_ms: row.get(4)?,
        })
    })?;
    found.map(|goal| goal.map_err(Error::from)).collect()
}

/// Where a goal lives, and whose it is.
pub(super) fn goal(rows: &Connection, id: &str) -> Result<(SpaceId, String)> {
    let found = rows
        .prepare_cached("SELECT space, made_by FROM goal WHERE id = ?1 ORDER BY space, document LIMIT 1")?
        .query_row([id], |row| Ok((SpaceId(row.get(0)?), row.get(1)?)))
        .optional()?;
    found.ok_or(Error::NotFound)
}

/// The milestones of a circle, the oldest first.
pub(super) fn milestones(rows: &Connection, circle: &SpaceId) -> Result<Vec<ReachedMilestone>> {
    let mut statement =
        rows.prepare_cached("SELECT id, catalogue, own, made_by, at FROM milestone WHERE space = ?1 ORDER BY at, id")?;
    let found = statement.query_map([&circle.0[..]], |row| {
        let catalogue: Option<String> = row.get(1)?;
        let own = row.get::<_, Option<String>>(2)?.unwrap_or_default();
        Ok(ReachedMilestone {
            id: row.get(0)?,
            milestone: catalogue.map_or(Milestone::Own { text: own }, |id| Milestone::Catalogue { id }),
            by: PersonRef { value: row.get(3)? },
            at_ms: row.get(4)?,
        })
    })?;
    found.map(|milestone| milestone.map_err(Error::from)).collect()
}

/// The contacts of a circle, the newest first.
pub(super) fn contacts(rows: &Connection, circle: &SpaceId, limit: i64) -> Result<Vec<Contact>> {
    let mut statement = rows.prepare_cached(
        "SELECT id, kind, help, made_by, at FROM contact WHERE space = ?1 ORDER BY at DESC, id DESC LIMIT ?2",
    )?;
    let mut found = statement.query(params![&circle.0[..], limit])?;
    let mut contacts = Vec::new();
    while let Some(row) = found.next()? {
        contacts.push(Contact {
            id: row.get(0)?,
            kind: ContactKind::from_word(&row.get::<_, String>(1)?).ok_or(Error::Corrupt)?,
            help: HelpKind::from_word(&row.get::<_, String>(2)?).ok_or(Error::Corrupt)?,
            by: PersonRef { value: row.get(3)? },
            at_ms: row.get(4)?,
        });
    }
    Ok(contacts)
}

/// What the support model engine is told of a circle: only what its members wrote into it.
pub(crate) fn facts(
    rows: &Connection,
    circle: &SpaceId,
    started_at_ms: i64,
    person: Option<String>,
    now_ms: i64,
) -> Result<Facts> {
    let mut facts = Facts { started_at_ms, person, ..Facts::default() };
    let mut statement = rows.prepare_cached("SELECT step, at FROM step_done WHERE space = ?1")?;
    for done in statement.query_map([&circle.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (step, at): (String, i64) = done?;
        facts.done.insert(step, at);
    }
    facts.last_contact_ms = last_contact(rows, circle, now_ms)?;
    for asking in check_ins::rows::asking(rows, circle)? {
        facts.check_ins.push(Asked {
            id: asking.id,
            person: Some(asking.person),
            at_ms: asking.at_ms,
            wish: match asking.wish {
                check_ins::ContactWish::Today => ContactWish::Today,
                _ => ContactWish::ThisWeek,
            },
            answered: facts.last_contact_ms.is_some_and(|contact| contact >= asking.at_ms),
        });
    }
    Ok(facts)
}

/// When two of a circle were last in touch, as far as somebody logged it. A contact that a phone years ahead has logged answers nobody
/// who asks until then.
pub(crate) fn last_contact(rows: &Connection, circle: &SpaceId, now_ms: i64) -> Result<Option<i64>> {
    let mut statement = rows.prepare_cached("SELECT max(at) FROM contact WHERE space = ?1 AND at <= ?2")?;
    Ok(statement.query_row(params![&circle.0[..], now_ms.saturating_add(CLOCKS_DIFFER_MS)], |row| row.get(0))?)
}
