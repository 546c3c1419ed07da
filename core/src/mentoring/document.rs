//! Where a pairing lives: one document in its circle. What both may set apart from each other are scalars at the root; a
//! goal, a milestone, a contact is a record of its author's.

use super::records::Meeting;
use super::rows;
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::limits;
use crate::replica::{DocumentKey, DocumentView, Noun, Value};
use crate::schedule;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const PAIRING: u16 = 40;

pub(super) const MODEL: &str = "pairing/model";
pub(super) const TITLE: &str = "pairing/title";
pub(super) const STARTED_AT: &str = "pairing/started_at";
pub(super) const RESPONDER: &str = "responder";
pub(super) const MEETING: &str = "meeting/next";

pub(super) fn pairing(circle: SpaceId) -> DocumentKey {
    DocumentKey::new(circle, PAIRING, "")
}

/// A meeting as it is stored: one scalar, so that both of two that were set apart stay whole.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredMeeting {
    at: i64,
    zone: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    by: String,
}

pub(super) fn meeting_value(meeting: &Meeting, by: PersonId) -> Result<Value> {
    let stored = StoredMeeting {
        at: meeting.starts_at_ms,
        zone: meeting.zone.clone(),
        place: meeting.place.clone(),
        by: by.to_string(),
    };
    serde_json::to_string(&stored).map(Value::Text).map_err(|_| Error::bug("meeting"))
}

/// The meetings under [`MEETING`] and who entered them: the one that stands first, none twice, none that we cannot read.
pub(super) fn meetings(document: &DocumentView<'_>) -> Vec<(Meeting, String)> {
    let mut all: Vec<(Meeting, String)> = Vec::new();
    for value in document.scalars(MEETING) {
        let Some(stored) = value.text().and_then(|text| serde_json::from_str::<StoredMeeting>(text).ok()) else {
            continue;
        };
        if schedule::Zone::named(&stored.zone).is_err() {
            continue;
        }
        let place = limits::clip(&stored.place, limits::PLACE);
        let meeting = Meeting { starts_at_ms: stored.at, zone: stored.zone, place };
        if !all.iter().any(|(known, _)| *known == meeting) {
            all.push((meeting, stored.by));
        }
    }
    all
}

/// What the replica knows of pairings.
pub struct MentoringNoun;

impl Noun for MentoringNoun {
    fn name(&self) -> &'static str {
        "mentoring"
    }

    fn kinds(&self) -> &'static [u16] {
        &[PAIRING]
    }

    fn version(&self) -> u32 {
        1
    }

    fn schema(&self) -> &'static str {
        rows::SCHEMA
    }

    fn tables(&self) -> &'static [&'static str] {
        &["pairing", "pairing_role", "meeting", "step_done", "goal", "milestone", "contact"]
    }

    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        if !document.key.bucket.is_empty() {
            return Ok(()); // a pairing is one document; what a newer app keeps beside it is not ours to show
        }
        for key in keys {
            match key.split_once('/') {
                None | Some(("pairing", _)) => rows::project_pairing(rows, document)?,
                Some(("role", person)) => rows::project_role(rows, document, key, person)?,
                Some(("meeting", _)) => rows::project_meeting(rows, document)?,
                Some(("step", step)) => rows::project_step(rows, document, key, step)?,
                Some(("goal", id)) => rows::project_goal(rows, document, key, id)?,
                Some(("milestone", id)) => rows::project_milestone(rows, document, key, id)?,
                Some(("contact", id)) => rows::project_contact(rows, document, key, id)?,
                Some(_) => {}
            }
        }
        Ok(())
    }
}
