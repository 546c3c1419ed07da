//! What nouns know of a space: its kind and title, and how one is founded. Keys, membership and the wire are `sync`'s.

use super::Replica;
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use minicbor::{Decode, Encode};
use rusqlite::{Connection, Row};

/// Who shares a space, fixed at its founding. The numbers are part of the wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum SpaceKind {
    /// One person's devices.
    #[n(1)]
    Personal = 1,
    /// A few named people: a pairing, an incident, supervision.
    #[n(2)]
    Circle = 2,
    /// Members and facilitators.
    #[n(3)]
    Group = 3,
    /// Coordinators and facilitators.
    #[n(4)]
    Programme = 4,
    /// Read by all who have its read key, written by curators.
    #[n(5)]
    Directory = 5,
}

impl SpaceKind {
    /// From the wire's number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Personal, Self::Circle, Self::Group, Self::Programme, Self::Directory]
            .into_iter()
            .find(|kind| *kind as u8 == number)
    }
}

/// The role of whoever was taken out or has left, as [`SpaceRow::role`] has it: they keep what they have read.
pub(crate) const FORMER: u8 = 0;
/// The role that reads and does not write.
pub(crate) const READER: u8 = 1;
/// The least role that writes.
pub(crate) const WRITER: u8 = 2;
/// The role that lets in, takes out, erases and keeps.
pub(crate) const STEWARD: u8 = 3;

/// A space this profile holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceRow {
    /// Its id.
    pub id: SpaceId,
    /// Its kind.
    pub kind: SpaceKind,
    /// What this profile may do there: 0 for whoever is out of it, 1 reader, 2 writer, 3 steward.
    pub role: u8,
    /// What it was called when this profile came to it; seen by its members.
    pub title: String,
    /// The relay it is synced over; empty for none.
    pub relay: String,
}

/// Founds spaces. `sync` does it; nouns ask for it through this, so that they need not know `sync`.
pub trait SpaceFounder: Send + Sync {
    /// Founds a space inside the caller's transaction; this profile becomes its steward.
    fn found(&self, rows: &Connection, kind: SpaceKind, title: &str) -> Result<SpaceId>;
}

impl Replica {
    /// The spaces this profile holds, of one kind or of all, oldest first.
    pub fn spaces(&self, kind: Option<SpaceKind>) -> Result<Vec<SpaceRow>> {
        self.read(|rows| {
            let mut statement = rows.prepare_cached(
                "SELECT id, kind, role, title, relay FROM space WHERE ?1 IS NULL OR kind = ?1 ORDER BY added, id",
            )?;
            let mut found = statement.query([kind.map(|kind| kind as u8)])?;
            let mut spaces = Vec::new();
            while let Some(row) = found.next()? {
                spaces.push(from_row(row)?);
            }
            Ok(spaces)
        })
    }

    /// The personal space of this profile.
    pub fn personal_space(&self) -> Result<SpaceId> {
        let personal = self.spaces(Some(SpaceKind::Personal))?;
        personal.first().map(|space| space.id).ok_or_else(|| Error::bug("no personal space"))
    }
}

/// One space. `NotFound` if this profile does not hold it.
pub fn space(rows: &Connection, id: &SpaceId) -> Result<SpaceRow> {
    let mut statement = rows.prepare_cached("SELECT id, kind, role, title, relay FROM space WHERE id = ?1")?;
    let mut found = statement.query([&id.0[..]])?;
    found.next()?.map_or(Err(Error::NotFound), from_row)
}

/// A space in which this profile is a steward.
///
/// # Errors
/// `NotFound`; `NotAllowed` with the role that it has there.
pub(crate) fn steward_of(rows: &Connection, id: &SpaceId) -> Result<SpaceRow> {
    let row = space(rows, id)?;
    match row.role {
        STEWARD.. => Ok(row),
        WRITER => Err(Error::NotAllowed { role: "writer" }),
        _ => Err(Error::NotAllowed { role: "reader" }),
    }
}

fn from_row(row: &Row<'_>) -> Result<SpaceRow> {
    Ok(SpaceRow {
        id: SpaceId(row.get(0)?),
        kind: SpaceKind::from_number(row.get(1)?).ok_or(Error::Corrupt)?,
        role: row.get(2)?,
        title: row.get(3)?,
        relay: row.get(4)?,
    })
}
