//! What a relay answered: who it is, what it has stored, what it brings, and where we stand with it now.
//!
//! Each envelope is committed by itself and the position at the end: killed half-way, the rest is asked for again.

use super::Sync;
use super::exchange::{Part, Pending};
use super::incoming::{From, Source};
use super::loading::not_before;
use super::outgoing::urgency_of;
use super::pack::note_position;
use super::progress::keep_left;
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rafiq_protocol::{Cursor, Response, SectionResult, Status, Urgency};
use rusqlite::{Connection, OptionalExtension, params};

/// At most so many bytes of posted notes are remembered for a relay, and so offered again to a restored one: some thousand welcomes. Age
/// decides nothing: a clock that jumps ahead must not make a phone forget what a restored relay has lost.
const MOST_POSTED: i64 = 4 * 1024 * 1024;

/// What waits for something that is here was missed by an accident and is taken at the next exchange; what then still waits, again and again,
/// is left for the next start: nobody makes every exchange longer.
const TRIES: i64 = 16;

/// What an answer brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// Something is left to do with this relay right away: ask for the next exchange.
    pub again: bool,
    /// What came, in the order in which it was taken: `alert`, `entry`, `pack`, `operation`, `epoch`, `words`, `welcome`, `join-request`,
    /// `report`, `alert-received`; `known` for what was here already; `waiting` or `quarantined` for what stands aside. See [`Received::taken`].
    pub delivered: Vec<&'static str>,
    /// Envelopes of ours that the relay has acknowledged.
    pub stored: i64,
    /// Spaces that a welcome let us into.
    pub joined: Vec<SpaceId>,
    /// The relay asks to be left alone for so many seconds; what could not be stored stays here.
    pub retry_after_s: Option<i64>,
}

/// Words of [`Received::delivered`] for what changed nothing here.
const NOTHING_NEW: [&str; 3] = ["known", "waiting", "quarantined"];

impl Received {
    /// How many of those that were delivered were new and have been taken. A relay that was restored brings everything again, and what stands aside
    /// may never be taken: a person who is told of changes is told of these.
    #[must_use]
    pub fn taken(&self) -> i64 {
        self.delivered.iter().filter(|word| !NOTHING_NEW.contains(word)).count() as i64
    }
}

impl Sync {
    /// Takes a relay's answer to the last [`Sync::next_exchange`]. Each envelope is committed by itself, the position at the end:
    /// killed half-way, the rest is asked for again.
    ///
    /// Errors: `Invalid{field: "response"}` if it is no answer to what was asked (a cut line, a lying relay): nothing was taken;
    /// `StorageFull` and the like, after which the same answer may come again.
    pub fn receive(&self, bytes: &[u8]) -> Result<Received> {
        let response = Response::decode(bytes).map_err(|_| Error::invalid("response", "format"))?;
        // An answer to an earlier request counts what that one brought. The right one may still come.
        let ours = self.pending.lock().take_if(|pending| pending.request == response.request);
        let mut pending = ours.ok_or(Error::invalid("response", "unexpected"))?;
        let counts_fit =
            response.results.len() == pending.sections.len() && response.posts.len() == pending.posts.len();
        let stored_fit = response
            .results
            .iter()
            .zip(&pending.sections)
            .all(|(result, part)| result.stored as usize <= part.numbers.len());
        if !counts_fit || !stored_fit {
            return Err(Error::invalid("response", "does-not-fit"));
        }
        let mut received = Received::default();
        // First: the rows that were sent are told by their numbers, and a restored relay makes the outbox be written anew.
        self.acknowledged(&pending, &response, &mut received)?;
        let restored = self.meet_relay(&pending, &response, bytes.len() as i64)?;
        received.again = restored || pending.nonce.is_none() && response.nonce.is_some();
        self.take_envelopes(&mut pending, &response, &mut received)?;
        let mut read = response.results.iter().zip(&pending.sections).filter(|(_, part)| !part.failed);
        received.again |= read.any(|(result, _)| result.more);
        self.take_what_waits_for_nothing(TRIES, &mut received)?;
        self.settle_incarnation(&mut received)?;
        self.heal_forks(&mut received)?;
        if !restored {
            self.move_on(&pending, &response, &mut received)?;
            self.note_told(&pending, &response);
            self.end_recovery(&pending, &response, &mut received)?;
        }
        self.go_on_with_run(&pending, &response, &received);
        if !received.delivered.is_empty() || received.stored > 0 {
            self.replica.announce("sync");
        }
        Ok(received)
    }

    /// Notes which relay this is. If it is another one or was restored, what it had acknowledged may be gone: everything of
    /// ours is offered again and everything is read from the start.
    fn meet_relay(&self, pending: &Pending, response: &Response, bytes: i64) -> Result<bool> {
        let now = self.replica.now_ms();
        self.replica.store().write(|rows| {
            let known: Option<([u8; 16], u32)> = rows
                .query_row("SELECT instance, restores FROM relay WHERE url = ?1", [&pending.relay], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let restored = known.is_some_and(|known| known != (response.instance, response.restores));
            if restored {
                rows.execute("DELETE FROM relay_cursor WHERE relay = ?1", [&pending.relay])?;
                self.offer_again(rows, &pending.relay)?;
            }
            rows.execute(
                "INSERT INTO relay (url, instance, restores, nonce, exchanged, sent, received) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (url) DO UPDATE SET instance = ?2, restores = ?3, nonce = coalesce(?4, nonce), exchanged = ?5,
                 sent = sent + ?6, received = received + ?7",
                params![
                    pending.relay,
                    &response.instance[..],
                    response.restores,
                    response.nonce.map(|nonce| nonce.to_vec()),
                    now,
                    pending.bytes,
                    bytes
                ],
            )?;
            Ok(restored)
        })
    }

    /// What is committed there leaves the outbox.
    fn acknowledged(&self, pending: &Pending, response: &Response, received: &mut Received) -> Result<()> {
        let now = self.replica.now_ms();
        self.replica.store().write(|rows| {
            let mut done = Vec::new();
            for (result, part) in response.results.iter().zip(&pending.sections) {
                done.extend(&part.numbers[..result.stored as usize]);
                if result.status == Status::Behind {
                    forget_returned(rows, &pending.relay, part, result)?;
                }
                if matches!(result.status, Status::TooMany | Status::Full) {
                    received.retry_after_s = received.retry_after_s.max(result.retry_after.map(i64::from));
                }
            }
            for (result, number) in response.posts.iter().zip(&pending.posts) {
                match result.status {
                    Status::Ok => done.push(*number),
                    // The inbox may not be open yet, or there is no room now: keep the note, behind the others.
                    status => {
                        rows.execute("UPDATE outbox SET later = later + 1 WHERE number = ?1", [number])?;
                        if status == Status::Forbidden {
                            postpone(rows, *number, now)?;
                        }
                        received.retry_after_s = received.retry_after_s.max(result.retry_after.map(i64::from));
                    }
                }
            }
            self.remember_posts(rows, &pending.relay, &done)?;
            for number in &done {
                rows.prepare_cached("DELETE FROM outbox WHERE number = ?1")?.execute([number])?;
            }
            received.stored = done.len() as i64;
            Ok(())
        })
    }

    /// Keeps the last of what went to inboxes, should the relay be restored from a backup. What is offered again for that keeps its
    /// first date.
    fn remember_posts(&self, rows: &Connection, relay: &str, done: &[i64]) -> Result<()> {
        let now = self.replica.now_ms();
        for number in done {
            rows.prepare_cached(
                "INSERT INTO posted (relay, at, size, tag, token, urgency, envelope)
                 SELECT relay, coalesce(acknowledged, ?2), length(envelope), tag, token, urgency, envelope FROM outbox
                 WHERE number = ?1 AND token IS NOT NULL AND urgency <> ?3",
            )?
            .execute(params![number, now, Urgency::Alert as u8])?;
        }
        // The oldest go first.
        rows.prepare_cached(
            "DELETE FROM posted WHERE number IN (SELECT number FROM
             (SELECT number, sum(size) OVER (ORDER BY at DESC, number DESC) AS so_far FROM posted WHERE relay = ?1)
             WHERE so_far > ?2)",
        )?
        .execute(params![relay, MOST_POSTED])?;
        Ok(())
    }

    /// Alerts of all places first, then what is small, then what is large.
    fn take_envelopes(&self, pending: &mut Pending, response: &Response, received: &mut Received) -> Result<()> {
        for urgency in Urgency::ALL {
            for (result, part) in response.results.iter().zip(&mut pending.sections) {
                for stored in &result.envelopes {
                    if part.failed {
                        break;
                    }
                    // The outer header says it; what is not even a header is taken (and set aside) with the last.
                    let stated = rafiq_protocol::EnvelopeHeader::parse(&stored.bytes).map(|header| header.urgency);
                    if stated.unwrap_or(Urgency::Large) == urgency {
                        let before = received.delivered.len();
                        let source = Source { relay: &pending.relay, position: Some(stored.position) };
                        let (from, space) = (part.from, part.from.space());
                        let taken = self.take_envelope(&from, source, &stored.bytes, received);
                        part.failed = self.isolated(&space, taken)?.is_none();
                        let words = &received.delivered[before..];
                        if words.iter().any(|word| matches!(*word, "waiting" | "quarantined")) {
                            let space = part.from.space();
                            self.replica.store().write(|rows| note_position(rows, &space, stored.position))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn move_on(&self, pending: &Pending, response: &Response, received: &mut Received) -> Result<()> {
        self.replica.store().write(|rows| {
            let read = response.results.iter().zip(&pending.sections).filter(|(_, part)| !part.failed);
            for (result, part) in read {
                if result.status == Status::Ok {
                    super::erasing::dropped(rows, &part.drops)?;
                }
                self.move_place(rows, pending, part, result, received)?;
                keep_left(rows, &pending.relay, part, result)?;
            }
            Ok(())
        })?;
        let left = self.replica.read(|rows| {
            Ok(super::erasing::is_left(rows, &pending.relay)?
                || rows.query_row(
                    "SELECT EXISTS (SELECT 1 FROM outbox WHERE relay = ?1 AND later = 0)
                 OR EXISTS (SELECT 1 FROM offer o JOIN space s ON s.id = o.space WHERE s.relay = ?1)",
                    [&pending.relay],
                    |row| row.get::<_, bool>(0),
                )?)
        })?;
        // What this answer itself has put into the outbox may wait for the next time; what did not fit the request goes on.
        received.again |= left && received.stored > 0 && received.retry_after_s.is_none() && pending.full();
        Ok(())
    }

    fn move_place(
        &self,
        rows: &Connection,
        pending: &Pending,
        part: &Part,
        result: &SectionResult,
        received: &mut Received,
    ) -> Result<()> {
        // What was refused for now may have held the opening or the list of keys: without that a newcomer's phone is a stranger there
        // for ever. Both are sent again until the relay says Ok; it knows what it has.
        let (open, keys) = if result.status == Status::Ok { (true, part.keys) } else { (part.opened, 0) };
        let mut from_the_start = false;
        if let From::Space(space) = &part.from
            && result.status == Status::Ok
            && !result.more
            && is_read_to_its_end(rows, space, result)?
        {
            received.again |= self.find_missing(rows, space)?;
        }
        let (cursor, opened, keys) = match result.status {
            // A cursor behind ours: the relay has lost its tail. Ask again from the start; what we hold is known.
            Status::Ok | Status::TooMany | Status::Full | Status::Behind if is_behind(&result.cursor, &part.sent) => {
                received.again = true;
                (Cursor::START, open, keys)
            }
            Status::Ok
                if !result.more && !left_out(part, result) && self.shall_read_again(rows, &pending.relay, part)? =>
            {
                from_the_start = true;
                (Cursor::START, open, keys)
            }
            Status::Ok | Status::TooMany | Status::Full | Status::Behind => (result.cursor, open, keys),
            Status::StaleNonce => {
                received.again |= response_differs(pending.nonce, rows, &pending.relay)?;
                return Ok(());
            }
            Status::Forbidden => {
                // It may have forgotten the space: open it again once, with its keys.
                received.again |= part.opened;
                self.refused_outside(rows, &pending.relay, part)?;
                (part.sent, false, 0)
            }
            Status::Invalid => return Ok(()),
        };
        // What is ours has been read to its end: from here on we go on.
        let last = result.last.filter(|_| result.status != Status::Behind || !result.more).or(part.last);
        received.again |= result.status == Status::Behind && last != part.last;
        // What is missing may be our own, of a life that we have forgotten: a relay gives that back only to whoever says that they know of none.
        let last = last.filter(|_| !from_the_start);
        rows.prepare_cached(
            "INSERT INTO relay_cursor (relay, tag, alert, small, large, opened, keys, last, list_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (relay, tag) DO UPDATE SET alert = ?3, small = ?4, large = ?5, opened = ?6, keys = ?7, last = ?8,
             list_key = ?9",
        )?
        .execute(params![
            pending.relay,
            &part.tag[..],
            position(cursor.alert),
            position(cursor.small),
            position(cursor.large),
            opened,
            keys,
            last,
            part.list_key.map(|key| key.to_vec())
        ])?;
        Ok(())
    }
}

/// An inbox that nobody has opened may never be: a note to it has its time.
fn postpone(rows: &Connection, number: i64, now_ms: i64) -> Result<()> {
    let since: Option<i64> = rows
        .prepare_cached("SELECT refused FROM outbox WHERE number = ?1")?
        .query_row([number], |row| row.get(0))
        .optional()?;
    // For the first time; or the clock was ahead then.
    let since = since.filter(|since| (1..=now_ms).contains(since)).unwrap_or(now_ms);
    rows.prepare_cached("UPDATE outbox SET refused = ?2, not_before = ?3 WHERE number = ?1")?.execute([
        number,
        since,
        not_before(since, now_ms),
    ])?;
    Ok(())
}

/// As the store holds it. No relay has a position that does not fit; one that says so is believed until it is asked again.
fn position(said: u64) -> i64 {
    i64::try_from(said).unwrap_or(i64::MAX)
}

/// Whether the relay has nothing more of what a space's work travels as. On a line that costs it may keep back what is large.
fn is_read_to_its_end(rows: &Connection, space: &SpaceId, result: &SectionResult) -> Result<bool> {
    let urgency = urgency_of(crate::replica::space(rows, space)?.kind);
    Ok(result.left.is_none_or(|left| left.of(urgency) == 0))
}

/// Whether something was left out at our wish: what is missing may be that.
fn left_out(part: &Part, result: &SectionResult) -> bool {
    part.spared.is_some() && result.left.is_some()
}

/// What a relay gives back to us was stored there, though the answer that said so was lost.
fn forget_returned(rows: &Connection, relay: &str, part: &Part, result: &SectionResult) -> Result<()> {
    let mut there =
        rows.prepare_cached("DELETE FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND envelope = ?3")?;
    for stored in &result.envelopes {
        there.execute(params![relay, &part.tag[..], stored.bytes])?;
    }
    Ok(())
}

/// Whether a relay stands before where we stood, for any urgency: it has lost its tail.
fn is_behind(answered: &Cursor, sent: &Cursor) -> bool {
    Urgency::ALL.into_iter().any(|urgency| answered.of(urgency) < sent.of(urgency))
}

/// Whether the relay gave us a nonce that we did not use: only then is it worth trying again.
fn response_differs(used: Option<[u8; 16]>, rows: &Connection, relay: &str) -> Result<bool> {
    let held: Option<[u8; 16]> = rows.query_row("SELECT nonce FROM relay WHERE url = ?1", [relay], |row| row.get(0))?;
    Ok(held.is_some() && held != used)
}
