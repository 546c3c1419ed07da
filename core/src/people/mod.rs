//! People: the one whose profile this is, and those in each space, with or without a phone.
//!
//! The own profile stays in the personal space. Name and language are also written into the roster of every space that the
//! person shares, by their own device; nobody else sees the rest.

mod document;
mod records;
pub(crate) mod rows;

pub use document::PeopleNoun;
pub use records::{Me, NewMe, NewPerson, Person, PersonRef};

use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::limits;
use crate::replica::{Replica, Value, Writer};
use document::{CALENDAR, LANGUAGE, NAME, person_key, profile, roster};
use std::sync::Arc;

/// Calendars by their CLDR names (BCP 47, key `ca`).
const CALENDARS: [&str; 17] = [
    "buddhist",
    "chinese",
    "coptic",
    "dangi",
    "ethioaa",
    "ethiopic",
    "gregory",
    "hebrew",
    "indian",
    "islamic-civil",
    "islamic-tbla",
    "islamic-umalqura",
    "islamic",
    "iso8601",
    "japanese",
    "persian",
    "roc",
];

/// The calls about people.
#[derive(Clone)]
pub struct People {
    replica: Arc<Replica>,
}

impl People {
    /// Over a replica that knows [`PeopleNoun`].
    pub fn new(replica: Arc<Replica>) -> Self {
        Self { replica }
    }

    /// Says who one is: into the own profile, and into the roster of every space that one shares.
    /// `Invalid` for an empty or too long name, an impossible language tag, an unknown calendar.
    pub fn set_me(&self, new: NewMe) -> Result<Me> {
        let name = limits::line("name", &new.name, limits::NAME)?;
        let language = limits::language(&new.language)?;
        if new.calendar.as_ref().is_some_and(|calendar| !CALENDARS.contains(&calendar.as_str())) {
            return Err(Error::invalid("calendar", "unknown"));
        }
        self.replica.write(|w| {
            let profile = profile(rows::personal(w.rows())?);
            w.set(&profile, NAME, name.as_str().into())?;
            w.set(&profile, LANGUAGE, language.as_str().into())?;
            w.set(&profile, CALENDAR, new.calendar.clone().into())?;
            for space in rows::shared(w.rows())? {
                enter(w, &space, &name, &language)?;
            }
            Ok(Me { id: w.me().into(), name, language, calendar: new.calendar })
        })
    }

    /// Who one is; `None` before [`People::set_me`].
    pub fn me(&self) -> Result<Option<Me>> {
        let me = self.replica.me()?;
        self.replica.read(|rows| rows::me(rows, me))
    }

    /// Everybody in a space (its id as text), by name. `NotFound` if this profile does not hold the space.
    pub fn list(&self, space: &str) -> Result<Vec<Person>> {
        let (space, me) = (SpaceId::parse(space)?, self.replica.me()?);
        self.replica.read(|rows| {
            crate::replica::space(rows, &space)?;
            rows::list(rows, &space, me)
        })
    }

    /// Enters somebody who has no device of their own; who entered them is kept beside it.
    pub fn add_person(&self, space: &str, new: NewPerson) -> Result<Person> {
        let space = SpaceId::parse(space)?;
        let name = limits::line("name", &new.name, limits::NAME)?;
        let language = limits::language(&new.language)?;
        self.replica.write(|w| {
            let id = PersonId::parse(&w.new_id()?)?;
            let me = w.me();
            let fields = [
                ("name", name.as_str().into()),
                ("language", language.as_str().into()),
                ("entered_by", me.to_string().into()),
            ];
            w.create(&roster(space), &person_key(&id), &fields)?;
            Ok(Person { id: id.into(), name, language, is_me: false, entered_by: Some(me.into()) })
        })
    }
}

/// Enters this profile's person into a space's roster. `Invalid{name, missing}` before [`People::set_me`].
pub(crate) fn join_roster(w: &mut Writer<'_>, space: &SpaceId) -> Result<()> {
    let me = rows::me(w.rows(), w.me())?.ok_or(Error::invalid("name", "missing"))?;
    enter(w, space, &me.name, &me.language)
}

/// Only what differs is written: joining twice leaves no trace.
fn enter(w: &mut Writer<'_>, space: &SpaceId, name: &str, language: &str) -> Result<()> {
    let (roster, key) = (roster(*space), person_key(&w.me()));
    let Some(known) = rows::find(w.rows(), space, &w.me().to_string())? else {
        return w.create(&roster, &key, &[("name", name.into()), ("language", language.into())]);
    };
    for (field, old, new) in [("name", known.0, name), ("language", known.1, language)] {
        if old != new {
            w.set_field(&roster, &key, field, Value::from(new))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
