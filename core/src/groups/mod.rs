//! Groups: who they are, when they meet, who came. Everything here is seen by the group's members and facilitators.

mod document;
mod records;
mod rows;

pub use document::GroupsNoun;
pub use records::{
    AttendanceMark, Mark, Modality, NewGroup, NewSession, Presence, Session, SessionId, SupportGroup, SupportGroupId,
};

use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::page::{self, Page};
use crate::replica::{Replica, SpaceFounder, SpaceKind, Value};
use crate::{limits, people, schedule};
use document::{CAPACITY, LANGUAGE, NAME, PLACE, attendance_key, profile, session_key};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Marks in one call: more than any group has people.
const MOST_MARKS: usize = 500;

/// The calls about groups.
#[derive(Clone)]
pub struct Groups {
    replica: Arc<Replica>,
    founder: Arc<dyn SpaceFounder>,
}

impl Groups {
    /// Over a replica that knows [`GroupsNoun`] and people.
    pub fn new(replica: Arc<Replica>, founder: Arc<dyn SpaceFounder>) -> Self {
        Self { replica, founder }
    }

    /// Founds a group with oneself in it. `Invalid{capacity, range}` outside of 2 to 200; `Invalid{name, missing}` before one
    /// has said who one is.
    pub fn found(&self, new: NewGroup) -> Result<SupportGroup> {
        let name = limits::line("name", &new.name, limits::NAME)?;
        let language = limits::language(&new.language)?;
        let place = limits::optional_line("place", &new.place, limits::PLACE)?;
        if !(2..=200).contains(&new.capacity) {
            return Err(Error::invalid("capacity", "range"));
        }
        let group = self.replica.write(|w| {
            let group = self.founder.found(w.rows(), SpaceKind::Group, &name)?;
            let document = profile(group);
            w.set(&document, NAME, name.as_str().into())?;
            w.set(&document, LANGUAGE, language.as_str().into())?;
            w.set(&document, CAPACITY, i64::from(new.capacity).into())?;
            w.set(&document, PLACE, place.as_str().into())?;
            people::join_roster(w, &group)?;
            Ok(group)
        })?;
        self.replica.read(|rows| rows::groups(rows, Some(&group)))?.pop().ok_or(Error::NotFound)
    }

    /// All groups, the oldest first.
    pub fn list(&self) -> Result<Vec<SupportGroup>> {
        self.replica.read(|rows| rows::groups(rows, None))
    }

    /// One group. `NotFound` if this profile does not hold it.
    pub fn get(&self, group: &SupportGroupId) -> Result<SupportGroup> {
        self.replica.read(|rows| {
            let space = rows::group(rows, &group.value)?;
            rows::groups(rows, Some(&space))?.pop().ok_or(Error::NotFound)
        })
    }

    /// Plans a session.
    pub fn schedule_session(&self, group: &SupportGroupId, new: NewSession) -> Result<Session> {
        schedule::time("starts-at", new.starts_at_ms)?;
        schedule::Zone::named(&new.zone)?;
        let place = limits::optional_line("place", &new.place, limits::PLACE)?;
        self.replica.write(|w| {
            let space = rows::group(w.rows(), &group.value)?;
            let id = w.new_id()?;
            let fields = [
                ("starts_at", new.starts_at_ms.into()),
                ("zone", new.zone.as_str().into()),
                ("place", place.as_str().into()),
                ("modality", new.modality.word().into()),
                ("cancelled", false.into()),
            ];
            let quarter = schedule::quarter_bucket(new.starts_at_ms);
            w.create(&document::sessions(space, &quarter), &session_key(&id), &fields)?;
            Ok(Session {
                id: SessionId { value: id },
                group: SupportGroupId { value: space.to_string() },
                starts_at_ms: new.starts_at_ms,
                other_times_ms: Vec::new(),
                zone: new.zone.clone(),
                place: place.clone(),
                modality: new.modality,
                cancelled: false,
            })
        })
    }

    /// Moves a session. If another moved it meanwhile, both times are kept ([`Session::other_times_ms`]).
    pub fn move_session(&self, session: &SessionId, starts_at_ms: i64) -> Result<Session> {
        schedule::time("starts-at", starts_at_ms)?;
        self.set(session, "starts_at", starts_at_ms.into())
    }

    /// Settles which of several kept times stands: one of them, or a new one.
    pub fn resolve_session_time(&self, session: &SessionId, starts_at_ms: i64) -> Result<Session> {
        self.move_session(session, starts_at_ms)
    }

    /// Says that a session will not be held. It stays in the list, as cancelled.
    pub fn cancel_session(&self, session: &SessionId) -> Result<Session> {
        self.set(session, "cancelled", true.into())
    }

    /// Sessions from a time on, the earliest first, 1 to 500 a page; `after` is the last page's `next`.
    pub fn sessions(
        &self,
        group: &SupportGroupId,
        from_ms: i64,
        limit: i32,
        after: Option<String>,
    ) -> Result<Page<Session>> {
        let rows_wanted = page::rows_for(limit)?;
        let after = match after {
            Some(cursor) => page::place(&cursor)?,
            None => (from_ms, String::new()),
        };
        let found = self.replica.read(|rows| {
            let space = rows::group(rows, &group.value)?;
            rows::sessions(rows, &space, &after, rows_wanted)
        })?;
        Ok(page::page(found, limit, |session| (session.starts_at_ms, session.id.value.clone())))
    }

    /// One session.
    pub fn session(&self, session: &SessionId) -> Result<Session> {
        self.replica.read(|rows| rows::find(rows, &session.value)).map(|(session, _, _)| session)
    }

    /// Keeps all marks of a session in one write; the last one counts where a person has two. A mark that stands already is not
    /// written again; one that differs replaces it and settles a conflict. `NotFound` for somebody who is not in the roster.
    pub fn record_attendance(&self, session: &SessionId, marks: Vec<Mark>) -> Result<()> {
        if marks.len() > MOST_MARKS {
            return Err(Error::invalid("marks", "too-many"));
        }
        let mut by_person = BTreeMap::new();
        for mark in &marks {
            by_person.insert(PersonId::parse(&mark.person.value)?.to_string(), mark.presence.word());
        }
        self.replica.write(|w| {
            let (session, space, quarter) = rows::find(w.rows(), &session.value)?;
            let document = document::sessions(space, &quarter);
            for (person, mark) in &by_person {
                people::rows::find(w.rows(), &space, person)?.ok_or(Error::NotFound)?;
                let stands = rows::mark(w.rows(), &space, &session.id.value, person)?;
                if stands.is_none_or(|(stands, others)| stands != *mark || !others.is_empty()) {
                    w.set(&document, &attendance_key(&session.id.value, person), (*mark).into())?;
                }
            }
            Ok(())
        })
    }

    /// Everybody in the group with their mark, by name.
    pub fn attendance(&self, session: &SessionId) -> Result<Vec<AttendanceMark>> {
        self.replica.read(|rows| {
            let (session, space, _) = rows::find(rows, &session.value)?;
            rows::attendance(rows, &space, &session.id.value)
        })
    }

    fn set(&self, session: &SessionId, field: &str, value: Value) -> Result<Session> {
        self.replica.write(|w| {
            let (session, space, quarter): (Session, SpaceId, String) = rows::find(w.rows(), &session.value)?;
            w.set_field(&document::sessions(space, &quarter), &session_key(&session.id.value), field, value)
        })?;
        self.session(session)
    }
}

#[cfg(test)]
mod tests;
