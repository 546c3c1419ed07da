//! What a relay is told that it need not keep: what a pack of ours covers in a space, and what this device has read in its own inboxes.
//!
//! Where we stand in an inbox is written after each envelope up to there was, by itself: what could be used is in its room, what waits or is
//! refused stands aside. So whatever lies up to there is on this disk, and the relay may let go of it.

use super::Sync;
use super::exchange::Pending;
use super::incoming::From;
use crate::error::Result;
use rafiq_protocol::{Cursor, Response, Status, Tag, Urgency};
use rusqlite::Connection;

/// Of an inbox it is said once a day: the relay has to write it down, and keeps what is covered for months.
const AGAIN_MS: i64 = 24 * 60 * 60 * 1000;
/// Or when so much came since, as when somebody floods it. Of an inbox that is full to the brim it is then said 25 times, fewer than the
/// writes that a relay takes of one key at once.
const MUCH: i64 = 8 * 1024 * 1024;

/// What a relay was last told of an inbox by this process. Once a start it is told again: it may not have kept it.
pub(super) struct Told {
    position: u64,
    at: i64,
    /// Bytes that came since.
    read: i64,
}

impl Sync {
    /// What is covered in a place, if it is worth saying now.
    pub(super) fn covered(
        &self,
        rows: &Connection,
        relay: &str,
        (from, tag): (&From, &Tag),
        cursor: &Cursor,
    ) -> Result<Option<u64>> {
        match from {
            // Said with every request: a few bytes, and nothing to remember.
            From::Space(space) => {
                Ok(super::pack::newest(rows, space)?.filter(|pack| pack.own).map(|pack| pack.covers.position))
            }
            From::Inbox | From::Published(_) => Ok(self.read_up_to(relay, tag, cursor)),
            // It is for a phone that has not read it yet.
            From::Kit => Ok(None),
        }
    }

    /// Up to where everything was read in an inbox, whatever its urgency; `None` if the relay knows it, or soon enough will.
    fn read_up_to(&self, relay: &str, tag: &Tag, cursor: &Cursor) -> Option<u64> {
        let position =
            Urgency::ALL.into_iter().map(|urgency| cursor.of(urgency)).min().filter(|position| *position > 0)?;
        let now = self.replica.now_ms();
        let told = self.told.lock();
        let knows = told.get(&(relay.to_owned(), *tag)).is_some_and(|told| told.suffices(position, now));
        (!knows).then_some(position)
    }

    /// Notes what the relay has written down, and what it has brought since.
    pub(super) fn note_told(&self, pending: &Pending, response: &Response) {
        let now = self.replica.now_ms();
        let mut all = self.told.lock();
        for (result, part) in response.results.iter().zip(&pending.sections) {
            let place = (pending.relay.clone(), part.tag);
            if let Some(position) = part.covered.filter(|_| result.status == Status::Ok) {
                all.insert(place.clone(), Told { position, at: now, read: 0 });
            }
            // What could not be taken comes again.
            if let Some(told) = all.get_mut(&place).filter(|_| !part.failed) {
                let came = result.envelopes.iter().map(|stored| stored.bytes.len() as i64).sum();
                told.read = told.read.saturating_add(came);
            }
        }
    }
}

impl Told {
    fn suffices(&self, position: u64, now: i64) -> bool {
        // Behind what was said the place is read anew, perhaps since the relay was put back to an earlier day. A clock that was set back
        // must not keep us from it either.
        let soon = (self.at..self.at.saturating_add(AGAIN_MS)).contains(&now);
        position == self.position || position > self.position && self.read < MUCH && soon
    }
}
