//! How far a run of exchanges has come, place by place: for a bar that a person can trust on a slow line.
//!
//! A run is what happens with one relay until nothing is left to do, however many exchanges that takes and however often the line is
//! cut. What has gone is counted while the process lives; what the relay said is left is kept.

use super::Sync;
use super::answer::Received;
use super::exchange::{Part, Pending};
use super::incoming::From;
use crate::error::Result;
use crate::ids::{SpaceId, to_text};
use crate::store::{meta, set_meta};
use rafiq_protocol::{Left, Response, SectionResult, Status, Tag, Urgency};
use rusqlite::{Connection, params};
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
    /// Those, and all that is known to be left.
    pub total_bytes: i64,
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
                for (from, tag) in self.places(rows, &relay)? {
                    let done = runs.get(&relay).and_then(|run| run.done.get(&tag)).copied().unwrap_or(0);
                    let left = left(rows, &relay, &tag)?;
                    let left: i64 = Urgency::ALL.into_iter().map(|urgency| i64::from(left.of(urgency))).sum();
                    let total_bytes = done.saturating_add(left).saturating_add(queued(rows, &relay, &tag)?);
                    if total_bytes > 0 {
                        let space = match from {
                            From::Space(space) => Some(space),
                            From::Inbox | From::Published(_) => None,
                        };
                        all.push(SpaceProgress { relay: relay.clone(), space, done_bytes: done, total_bytes });
                    }
                }
                Ok(())
            })?;
        }
        Ok(all)
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
            let came = result.envelopes.iter().map(|stored| stored.bytes.len() as i64);
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
    if said != left(rows, relay, &part.tag)? {
        let bytes = Urgency::ALL.map(|urgency| said.of(urgency).to_be_bytes()).concat();
        set_meta(rows, &name(relay, &part.tag), &bytes)?;
    }
    Ok(())
}

/// What a relay said it has left in a place; nothing, if it never said so.
fn left(rows: &Connection, relay: &str, tag: &Tag) -> Result<Left> {
    let mut left = Left::default();
    let kept = meta(rows, &name(relay, tag))?.unwrap_or_default();
    for (urgency, bytes) in Urgency::ALL.into_iter().zip(kept.as_chunks().0) {
        *left.of_mut(urgency) = u32::from_be_bytes(*bytes);
    }
    Ok(left)
}

fn name(relay: &str, tag: &Tag) -> String {
    format!("left {} {relay}", to_text(tag))
}

/// Bytes that lie sealed for a place.
fn queued(rows: &Connection, relay: &str, tag: &Tag) -> Result<i64> {
    let mut statement = rows.prepare_cached(
        "SELECT coalesce(sum(length(envelope)), 0) FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL",
    )?;
    Ok(statement.query_row(params![relay, &tag[..]], |row| row.get(0))?)
}
