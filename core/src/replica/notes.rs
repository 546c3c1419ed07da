//! Notes to an inbox: queued in the same transaction as what they tell of, sealed only when they leave.
//!
//! A note needs no shared space between its two ends. The nouns queue and read notes here; `sync` seals, sends and opens
//! them. Who wrote a [`NoteBody::Report`] is told to nobody.

use super::{Replica, Writer};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId, to_text};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, Row, params};

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum NoteBody {
    /// Somebody asks to be contacted: goes to a responder's inbox, before everything else.
    #[n(1)]
    #[cbor(array)]
    Alert {
        /// Whom it is for.
        #[cbor(n(0), with = "minicbor::bytes")]
        responder: [u8; 16],
        /// Who asks.
        #[cbor(n(1), with = "minicbor::bytes")]
        person: [u8; 16],
        /// Their name as they wrote it.
        #[n(2)]
        name: String,
        /// What is asked: `contact-me-today`.
        #[n(3)]
        kind: String,
        /// Whether a shared space vouches for the author; without it an app shows "unconfirmed".
        #[n(4)]
        confirmed: bool,
    },
    /// Something is wrong with a listing: goes to the directory's inbox.
    #[n(2)]
    #[cbor(array)]
    Report {
        /// The HSDS id of the service.
        #[n(0)]
        service: String,
        /// `wrong-number`, `closed` or `other`.
        #[n(1)]
        kind: String,
        /// In the person's words; may be empty.
        #[n(2)]
        note: String,
    },
    /// Somebody wants to join with an invite of ours.
    #[n(3)]
    #[cbor(array)]
    JoinRequest {
        /// Who.
        #[cbor(n(0), with = "minicbor::bytes")]
        person: [u8; 16],
        /// Their name as they wrote it.
        #[n(1)]
        name: String,
        /// Their language (BCP 47).
        #[n(2)]
        language: String,
        /// The signed request as it came.
        #[cbor(n(3), with = "minicbor::bytes")]
        request: Vec<u8>,
    },
}

/// Where a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteState {
    /// Ours, not sealed yet.
    Queued = 1,
    /// Ours, sealed and on its way; repeated until the other side has it.
    Sent = 2,
    /// Ours, and the other side has it. Or: theirs, and a person has dealt with it.
    Settled = 3,
    /// Theirs, waiting for a person.
    New = 4,
}

/// A note in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Random, the same on both sides.
    pub id: String,
    /// The space it concerns, if it concerns one.
    pub space: Option<SpaceId>,
    /// Whether we wrote it.
    pub own: bool,
    /// Where it stands.
    pub state: NoteState,
    /// The author's time, Unix milliseconds.
    pub at_ms: i64,
    /// What it says.
    pub body: NoteBody,
}

impl NoteBody {
    fn kind(&self) -> u8 {
        match self {
            Self::Alert { .. } => ALERT,
            Self::Report { .. } => REPORT,
            Self::JoinRequest { .. } => JOIN_REQUEST,
        }
    }
}

/// [`NoteBody::Alert`] in the `note` table.
pub const ALERT: u8 = 1;
/// [`NoteBody::Report`] in the `note` table.
pub const REPORT: u8 = 2;
/// [`NoteBody::JoinRequest`] in the `note` table.
pub const JOIN_REQUEST: u8 = 3;

impl Writer<'_> {
    /// Queues a note; it leaves with the next exchange. Returns its id.
    pub fn queue_note(&mut self, space: Option<SpaceId>, body: &NoteBody) -> Result<String> {
        let id = self.random.bytes::<16>()?;
        keep(self.rows, &id, space.as_ref(), true, NoteState::Queued, self.now_ms, body)?;
        Ok(to_text(&id))
    }
}

impl Replica {
    /// The notes of one kind (`ALERT`, …) that came to us, oldest first; settled ones only if asked for.
    pub fn received_notes(&self, kind: u8, settled_too: bool) -> Result<Vec<Note>> {
        self.read(|rows| {
            let mut statement = rows.prepare_cached(
                "SELECT id, space, own, state, at, body FROM note
                 WHERE kind = ?1 AND own = 0 AND (state = 4 OR ?2) ORDER BY at, id",
            )?;
            let mut found = statement.query(params![kind, settled_too])?;
            let mut notes = Vec::new();
            while let Some(row) = found.next()? {
                notes.push(from_row(row)?);
            }
            Ok(notes)
        })
    }

    /// A person has dealt with a note. `NotFound` if there is none with this id.
    pub fn settle_note(&self, id: &str) -> Result<()> {
        let bytes = crate::ids::from_text(id).ok_or(Error::invalid("id", "format"))?;
        let count = self
            .store
            .write(|rows| Ok(rows.execute("UPDATE note SET state = 3 WHERE id = ?1 AND own = 0", [bytes])?))?;
        if count == 0 { Err(Error::NotFound) } else { Ok(()) }
    }
}

/// Puts a note into the log. The same id again changes nothing.
pub(crate) fn keep(
    rows: &Connection,
    id: &[u8; 16],
    space: Option<&SpaceId>,
    own: bool,
    state: NoteState,
    at_ms: i64,
    body: &NoteBody,
) -> Result<bool> {
    let bytes = minicbor::to_vec(body).map_err(|_| Error::bug("note"))?;
    let count = rows
        .prepare_cached(
            "INSERT INTO note (id, space, kind, own, state, at, sent, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![&id[..], space.map(|s| &s.0[..]), body.kind(), own, state as u8, at_ms, bytes])?;
    Ok(count > 0)
}

/// Notes of ours in a state, oldest first, with their raw ids.
pub(crate) fn own_notes(rows: &Connection, state: NoteState) -> Result<Vec<([u8; 16], Note)>> {
    let mut statement = rows.prepare_cached(
        "SELECT id, space, own, state, at, body FROM note WHERE own = 1 AND state = ?1 ORDER BY at, id",
    )?;
    let mut found = statement.query([state as u8])?;
    let mut notes = Vec::new();
    while let Some(row) = found.next()? {
        notes.push((row.get(0)?, from_row(row)?));
    }
    Ok(notes)
}

/// Moves a note on.
pub(crate) fn set_state(rows: &Connection, id: &[u8; 16], state: NoteState) -> Result<()> {
    rows.prepare_cached("UPDATE note SET state = ?2 WHERE id = ?1")?.execute(params![&id[..], state as u8])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<Note> {
    let id: [u8; 16] = row.get(0)?;
    let space: Option<[u8; 32]> = row.get(1)?;
    let state = match row.get::<_, u8>(3)? {
        1 => NoteState::Queued,
        2 => NoteState::Sent,
        3 => NoteState::Settled,
        4 => NoteState::New,
        _ => return Err(Error::Corrupt),
    };
    let body = minicbor::decode(&row.get::<_, Vec<u8>>(5)?).map_err(|_| Error::Corrupt)?;
    Ok(Note { id: to_text(&id), space: space.map(SpaceId), own: row.get(2)?, state, at_ms: row.get(4)?, body })
}

impl Note {
    /// The author of an alert or join request.
    pub fn person(&self) -> Option<PersonId> {
        match &self.body {
            NoteBody::Alert { person, .. } | NoteBody::JoinRequest { person, .. } => Some(PersonId(*person)),
            NoteBody::Report { .. } => None,
        }
    }
}
