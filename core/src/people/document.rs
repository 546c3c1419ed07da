//! Where people live: the own profile as settings in the personal space, everybody else as a record in each space's roster.

use super::rows;
use crate::error::Result;
use crate::ids::{PersonId, SpaceId};
use crate::replica::{DocumentKey, DocumentView, Noun};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The own profile, in the personal space.
const PROFILE: u16 = 1;
/// The roster, in every shared space.
const ROSTER: u16 = 10;

pub(super) const NAME: &str = "profile/name";
pub(super) const LANGUAGE: &str = "profile/language";
pub(super) const CALENDAR: &str = "profile/calendar";

pub(super) fn profile(personal: SpaceId) -> DocumentKey {
    DocumentKey::new(personal, PROFILE, "")
}

pub(super) fn roster(space: SpaceId) -> DocumentKey {
    DocumentKey::new(space, ROSTER, "")
}

pub(super) fn person_key(person: &PersonId) -> String {
    format!("person/{person}")
}

/// What the replica knows of people.
pub struct PeopleNoun;

impl Noun for PeopleNoun {
    fn name(&self) -> &'static str {
        "people"
    }

    fn kinds(&self) -> &'static [u16] {
        &[PROFILE, ROSTER]
    }

    fn version(&self) -> u32 {
        1
    }

    fn schema(&self) -> &'static str {
        rows::SCHEMA
    }

    fn tables(&self) -> &'static [&'static str] {
        &["profile", "person"]
    }

    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        if !document.key.bucket.is_empty() {
            return Ok(()); // there is one of each; what a newer app keeps elsewhere is not ours to show
        }
        if document.key.kind == PROFILE {
            return rows::project_profile(rows, document);
        }
        for key in keys {
            if let Some(person) = key.strip_prefix("person/") {
                rows::project_person(rows, document, key, person)?;
            }
        }
        Ok(())
    }
}
