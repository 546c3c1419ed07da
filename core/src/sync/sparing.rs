//! A line that costs by the byte: what is large waits for another one, unless the person said that it may go.
//!
//! Alerts and notes to inboxes always come and go, and what people write themselves always goes. Daily work, keys and memberships come too,
//! but not from a space in which so much of it waits that it is a first join, or that this phone was away for long. Packs are not written
//! meanwhile. What is carried for others travels in bundles alone, which cost nobody a line.

use super::Sync;
use super::incoming::From;
use crate::error::{Error, Result};
use crate::replica::SpaceKind;
use crate::store::{meta, set_meta};
use rafiq_protocol::{Tag, Urgency, Within};
use rusqlite::{Connection, params};

/// Of words, packs, blobs and imports together no more than this comes or goes of one space: about one photograph of a bad camera. Under it lie
/// the notes beside check-ins, which somebody may be waiting for.
const MOST_LARGE: u32 = 64 * 1024;
/// Of daily work: eight times as much, about as many entries as make a pack due twice.
const MOST_SMALL: u32 = 512 * 1024;
const CHOICE: &str = "metered line";

/// What a person wants of lines that cost by the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeteredLine {
    /// What is large waits for another line.
    Wait,
    /// Everything goes.
    Use,
}

/// What waits in one place, and why.
#[derive(Clone, Copy)]
pub(super) struct Spared {
    /// What the relay was asked to keep within.
    pub(super) within: Within,
    /// Of our own large things too much waits to go.
    pub(super) holds_large: bool,
    /// The same of what is small: in a directory alone, which is imports whatever they are sealed as.
    pub(super) holds_small: bool,
}

impl Sync {
    /// What the person has said about lines that cost by the byte; `None` if they have not been asked. Then it is as with
    /// [`MeteredLine::Wait`], and an app asks once something waits ([`crate::sync::SyncStatus::unmetered_bytes`]).
    pub fn metered_line(&self) -> Result<Option<MeteredLine>> {
        self.replica.read(metered_line)
    }

    /// Keeps what the person has said. It is stored in this profile and nobody else sees it; it counts from the next exchange on.
    pub fn set_metered_line(&self, choice: MeteredLine) -> Result<()> {
        self.replica.store().write(|rows| set_meta(rows, CHOICE, &[choice as u8]))?;
        self.replica.announce("sync");
        Ok(())
    }

    /// Other limits, so that a test need not write half a megabyte to meet them.
    #[doc(hidden)]
    pub fn spare_above(&self, small: u32, large: u32) {
        *self.spare_above.lock() = Within { small, large };
    }

    /// Whether an exchange over such a line, or another, spares it.
    pub(super) fn spares(&self, rows: &Connection, metered: bool) -> Result<bool> {
        Ok(metered && metered_line(rows)? != Some(MeteredLine::Use))
    }

    /// What an exchange that spares its line leaves out in one place; `None` for inboxes, where nothing is large.
    pub(super) fn sparing(&self, rows: &Connection, relay: &str, from: &From, tag: &Tag) -> Result<Option<Spared>> {
        let From::Space(space) = from else { return Ok(None) };
        let most = *self.spare_above.lock();
        let imports = crate::replica::space(rows, space)?.kind == SpaceKind::Directory;
        let within = if imports { Within { small: most.large, large: most.large } } else { most };
        let large = queued(rows, relay, tag, Urgency::Large)?;
        // What people write themselves is never too much to go.
        let small = if imports { queued(rows, relay, tag, Urgency::Small)? } else { 0 };
        let (holds_large, holds_small) = (large > i64::from(within.large), small > i64::from(within.small));
        Ok(Some(Spared { within, holds_large, holds_small }))
    }
}

impl Spared {
    /// Whether something of ours of this urgency stays here.
    pub(super) const fn holds(&self, urgency: Urgency) -> bool {
        match urgency {
            Urgency::Alert => false,
            Urgency::Small => self.holds_small,
            Urgency::Large => self.holds_large,
        }
    }
}

pub(super) const fn limits() -> Within {
    Within { small: MOST_SMALL, large: MOST_LARGE }
}

fn metered_line(rows: &Connection) -> Result<Option<MeteredLine>> {
    match meta(rows, CHOICE)?.as_deref() {
        None => Ok(None),
        Some([0]) => Ok(Some(MeteredLine::Wait)),
        Some([1]) => Ok(Some(MeteredLine::Use)),
        Some(_) => Err(Error::Corrupt),
    }
}

/// Bytes that lie sealed for a place, of one urgency.
pub(super) fn queued(rows: &Connection, relay: &str, tag: &Tag, urgency: Urgency) -> Result<i64> {
    let mut statement = rows.prepare_cached(
        "SELECT coalesce(sum(length(envelope)), 0) FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND urgency = ?3",
    )?;
    Ok(statement.query_row(params![relay, &tag[..], urgency as u8], |row| row.get(0))?)
}
