//! How far a run of exchanges has come, place by place: for a bar that a person can trust on a slow line.
//!
//! A run is what happens with one relay until nothing is left to do, however many exchanges that takes and however often the line is
//! cut. What has gone is counted while the process lives; what the relay said is left is kept.

use super::Sync;
use super::answer::Received;
use super::exchange::{Part, Pending};
use super::incoming::From;
use super::sparing::queued;
use crate::error::{Error, Result};
use crate::ids::{SpaceId, to_text};
use crate::store::{meta, set_meta};
use rafiq_protocol::{Left, Response, SectionResult, Status, Tag, Urgency};
use rusqlite::Connection;
use std::collections::HashMap;

/// How far the present run of exchanges has come with one space, or with this device's own inbox.
///
/// What `total_bytes` can know: what has gone in this run, what lies sealed here, and what the relay said with its last answer that it
/// still has. It cannot know what others put there since, what is not sealed yet (changes, a pack that is being written), nor, of each
/// urgency, what the relay has beyond 10,000 envelopes. So it may grow; `done_bytes` never falls within a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceProgress {
    /// With which relay.
    pub relay: String,
    /// Which space; `None` for what comes sealed to this device: its own inbox, and one that it has published for a space's reports.
    pub space: Option<SpaceId>,
    /// Bytes of envelopes that have gone in this run, both ways.
    pub done_bytes: i64,
    /// Those, and all that is known to be left for this line.
    pub total_bytes: i64,
    /// Bytes that wait for a line that does not cost by the byte, both ways, as of the last exchange. They are not in `total_bytes`. Always 0
    /// once the person said that such lines may be used.
    pub unmetered_bytes: i64,
}

/// What has gone with one relay in its present run.
#[derive(Default)]
pub(super) struct Run {
    /// Nothing was left to do: the next exchange begins another.
    over: bool,
    done: HashMap<Tag, i64>,
}

impl Sync {
    /// How far the present run of exchanges has come, for every space of which something has gone in it or is left. It changes with each
    /// answer that is received (`sync` is announced), not while the bytes of one are on their way: those the host can count.
    ///
    /// Notes to the inboxes of others are not counted: they belong to no space. `done_bytes` begins anew when the profile is opened.
    pub fn progress(&self) -> Result<Vec<SpaceProgress>> {
        let mut all = Vec::new();
        for relay in self.relays()? {
            self.replica.read(|rows| {
                let runs = self.runs.lock();
                let uses = !self.spares(rows, true)?;
                for (from, tag) in self.places(rows, &relay)? {
                    let done = runs.get(&relay).and_then(|run| run.done.get(&tag)).copied().unwrap_or(0);
                    let (left, was_spared) = left(rows, &relay, &tag)?;
                    let spared = match self.sparing(rows, &relay, &from, &tag) {
                        // Of a space that cannot be read the others' progress is told all the same.
                        Err(Error::Corrupt) => None,
                        spared => spared?.filter(|_| was_spared && !uses),
                    };
                    let (mut total_bytes, mut unmetered_bytes) = (done, 0_i64);
                    for urgency in Urgency::ALL {
                        let there = left.of(urgency);
                        let most = spared.and_then(|spared| spared.within.of(urgency));
                        let waits = most.is_some_and(|most| there > most);
                        let holds = spared.is_some_and(|spared| spared.holds(urgency));
                        for (bytes, waits) in [(i64::from(there), waits), (queued(rows, &relay, &tag, urgency)?, holds)]
                        {
                            let sum = if waits { &mut unmetered_bytes } else { &mut total_bytes };
                            *sum = sum.saturating_add(bytes);
                        }
                    }
                    if total_bytes > 0 || unmetered_bytes > 0 {
                        let space = match from {
                            From::Space(space) => Some(space),
                            From::Inbox | From::Published(_) | From::Kit => None,
                        };
                        all.push(SpaceProgress {
                            relay: relay.clone(),
                            space,
                            done_bytes: done,
                            total_bytes,
                            unmetered_bytes,
                        });
                    }
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    /// Bytes that wait for a line that does not cost, everywhere. Where no line was spared that is soon said: every first screen asks.
    pub(super) fn unmetered_bytes(&self) -> Result<i64> {
        let spared = self.replica.read(|rows| {
            let mut statement = rows.prepare_cached(
                "SELECT 1 FROM meta WHERE key >= 'left ' AND key < 'left!' AND substr(value, 13, 1) = x'01' LIMIT 1",
            )?;
            Ok(statement.exists([])?)
        })?;
        if !spared {
            return Ok(0);
        }
        Ok(self.progress()?.iter().map(|place| place.unmetered_bytes).fold(0, i64::saturating_add))
    }

    /// An exchange with a relay begins: a run, unless one goes on.
    pub(super) fn begin_run(&self, relay: &str) {
        let mut runs = self.runs.lock();
        let run = runs.entry(relay.to_owned()).or_default();
        if run.over {
            *run = Run::default();
        }
    }

    /// An answer was taken.
    pub(super) fn go_on_with_run(&self, pending: &Pending, response: &Response, received: &Received) {
        let mut runs = self.runs.lock();
        let run = runs.entry(pending.relay.clone()).or_default();
        run.over = !received.again && received.retry_after_s.is_none();
        for (result, part) in response.results.iter().zip(&pending.sections) {
            // What could not be taken comes again.
            let came = result.envelopes.iter().filter(|_| !part.failed).map(|stored| stored.bytes.len() as i64);
            let went = part.lengths.iter().take(result.stored as usize).copied();
            let done = run.done.entry(part.tag).or_default();
            *done = done.saturating_add(came.chain(went).sum());
        }
    }
}

/// Keeps what a relay says it has left for us in a place.
pub(super) fn keep_left(rows: &Connection, relay: &str, part: &Part, result: &SectionResult) -> Result<()> {
    if matches!(result.status, Status::Forbidden | Status::Invalid | Status::StaleNonce) {
        return Ok(());
    }
    let said = result.left.unwrap_or_default();
    let (spared, name) = (part.spared.is_some(), name(relay, &part.tag));
    if (said, spared) == left(rows, relay, &part.tag)? {
        return Ok(());
    }
    if said == Left::default() && !spared {
        rows.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([name])?;
    } else {
        let bytes = Urgency::ALL.map(|urgency| said.of(urgency).to_be_bytes()).concat();
        set_meta(rows, &name, &[&bytes[..], &[u8::from(spared)]].concat())?;
    }
    Ok(())
}

/// What a relay said it has left in a place (nothing, if it never said so), and whether the line was spared then.
fn left(rows: &Connection, relay: &str, tag: &Tag) -> Result<(Left, bool)> {
    let mut left = Left::default();
    let kept = meta(rows, &name(relay, tag))?.unwrap_or_default();
    let (chunks, rest) = kept.as_chunks();
    for (urgency, bytes) in Urgency::ALL.into_iter().zip(chunks) {
        *left.of_mut(urgency) = u32::from_be_bytes(*bytes);
    }
    Ok((left, rest == [1]))
}

fn name(relay: &str, tag: &Tag) -> String {
    format!("left {} {relay}", to_text(tag))
}
