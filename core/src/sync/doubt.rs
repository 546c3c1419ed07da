//! When to read a place from its start again. Cursors are hints: what a relay has kept back, or what was damaged on its way, shows
//! as an entry that waits for one before it, as a head that somebody names, or as an envelope that does not open.

use super::Sync;
use super::exchange::Part;
use super::safeguards::Safeguard;
use crate::error::Result;
use crate::ids::to_text;
use crate::store::{meta, set_meta};
use rusqlite::{Connection, params};

/// A relay that really lacks what is missing is not read from its start at every exchange: that would cost prepaid data.
const READ_AGAIN_MS: i64 = 60 * 60 * 1000;

impl Sync {
    /// Whether something is missing here that may lie before our cursor; at most once an hour for one place. With the next exchange
    /// everything is read again; what we hold is known and changes nothing.
    pub(super) fn shall_read_again(&self, rows: &Connection, relay: &str, part: &Part) -> Result<bool> {
        let (name, now) = (format!("read again {} {relay}", to_text(&part.tag)), self.replica.now_ms());
        let last = meta(rows, &name)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
        // A clock that was set back must not keep us from it either.
        if last.is_some_and(|last| (last..last.saturating_add(READ_AGAIN_MS)).contains(&now)) {
            return Ok(false);
        }
        let since = last.filter(|last| *last <= now).unwrap_or(i64::MIN);
        let doubtful: bool = rows
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM held_item WHERE space = ?1 AND state = 1 AND needs IS NOT NULL AND substr(item, 1, 1) = x'01')
                 OR EXISTS (SELECT 1 FROM held_item WHERE space = ?1 AND substr(item, 1, 1) = x'00' AND arrived > ?2)
                 OR EXISTS (SELECT 1 FROM named_head n WHERE n.space = ?1 AND n.device <> ?3 AND n.sequence > coalesce(
                    (SELECT max(e.sequence) FROM entry e
                     WHERE e.space = n.space AND e.device = n.device AND e.incarnation = n.incarnation), 0))",
            )?
            .query_row(params![&part.from.space().0[..], since, &self.keys.device().0[..]], |row| row.get(0))?;
        let doubtful = doubtful && self.safeguards.holds(Safeguard::ReadingAgain);
        if doubtful {
            set_meta(rows, &name, &now.to_be_bytes())?;
        }
        Ok(doubtful)
    }
}
