//! Where groups live: a profile, and sessions with their attendance by quarter. A session stays in the quarter it was first
//! planned for, so that moving it is one field and both of two moves are kept.

use super::rows;
use crate::error::Result;
use crate::ids::SpaceId;
use crate::replica::{DocumentKey, DocumentView, Noun};
use rusqlite::Connection;
use std::collections::BTreeSet;

const PROFILE: u16 = 30;
const SESSIONS: u16 = 31;

pub(super) const NAME: &str = "profile/name";
pub(super) const LANGUAGE: &str = "profile/language";
pub(super) const CAPACITY: &str = "profile/capacity";
pub(super) const PLACE: &str = "profile/place";

pub(super) fn profile(group: SpaceId) -> DocumentKey {
    DocumentKey::new(group, PROFILE, "")
}

pub(super) fn sessions(group: SpaceId, quarter: &str) -> DocumentKey {
    DocumentKey::new(group, SESSIONS, quarter)
}

pub(super) fn session_key(id: &str) -> String {
    format!("session/{id}")
}

/// What two people may mark independently: a scalar under a composed key.
pub(super) fn attendance_key(session: &str, person: &str) -> String {
    format!("attendance/{session}/{person}")
}

/// What the replica knows of groups.
pub struct GroupsNoun;

impl Noun for GroupsNoun {
    fn name(&self) -> &'static str {
        "groups"
    }

    fn kinds(&self) -> &'static [u16] {
        &[PROFILE, SESSIONS]
    }

    fn version(&self) -> u32 {
        1
    }

    fn schema(&self) -> &'static str {
        rows::SCHEMA
    }

    fn tables(&self) -> &'static [&'static str] {
        &["support_group", "session", "attendance"]
    }

    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        if document.key.kind == PROFILE {
            return if document.key.bucket.is_empty() { rows::project_profile(rows, document) } else { Ok(()) };
        }
        for key in keys {
            match key.split_once('/') {
                Some(("session", id)) => rows::project_session(rows, document, key, id)?,
                Some(("attendance", mark)) => {
                    if let Some((session, person)) = mark.split_once('/') {
                        rows::project_attendance(rows, document, key, session, person)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}
