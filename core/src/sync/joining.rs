//! Letting somebody in, and being let in: the welcome, and the notes that go before it where a space has seen more than a welcome holds.
//!
//! Whoever knows an inbox may send to it, so only what the inviter has signed whose invite was accepted is kept before one is in, and so much of
//! it. Notes and welcome may come in any order, by relay or by card, and days apart: a welcome that rests on what has not come waits for it.

use super::Sync;
use super::answer::Received;
use super::epochs::keep_epoch;
use super::incoming::{NO_SPACE, NOISE, Taken, refused};
use super::signing::keep_operation;
use super::spaces::{add_space, operations_after};
use super::waiting::{Held, PAST, Standing, release, waiting_because};
use super::wire::welcome::{Judged, MAX_PAST_BYTES, MAX_PAST_OPERATIONS, Past, Welcome};
use super::wire::{DeviceId, DeviceRecord, Invite, Item, Membership, Operation, OperationHash, WireError};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::{FORMER, SpaceRow};
use rusqlite::{Connection, params};

/// So many notes of one inviter are kept for one space: more than the fullest take. Each makes a welcome that waits be looked at again.
const MOST_NOTES: i64 = 128;
/// So many welcomes of one inviter into one space wait for what they rest on.
const MOST_WELCOMES: usize = 4;

/// What a welcome led to; a space that was joined with its key's id.
enum Outcome {
    Joined(Vec<u8>),
    Known,
    Lacks(Option<OperationHash>),
    TooMany,
    NotForUs,
}

impl Sync {
    /// Tells a device that `membership` holds by now all that it needs, and what it needs to judge that by itself.
    ///
    /// Errors: `Invalid{space, outgrown}` where the space has seen more than anybody can be told.
    pub(crate) fn seal_welcome(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        to: &DeviceRecord,
        membership: &Membership,
    ) -> Result<()> {
        let epoch = self.welcoming_epoch(rows, space)?;
        let start = super::newest_pack(rows, &space.id)?;
        let told = Welcome::with_past(&self.keys(rows)?, to.device, membership, &epoch, (&space.relay, start));
        let (past, welcome) = told.map_err(|error| match error {
            WireError::TooLarge => Error::invalid("space", "outgrown"),
            error => Error::bug(format!("welcome {}", error.reason())),
        })?;
        for note in past.into_iter().map(Item::Past).chain([Item::Welcome(welcome)]) {
            self.seal_note(rows, &space.relay, &to.inbox, &note)?;
        }
        Ok(())
    }

    /// Keeps what goes before a welcome, if this device waits for one of that author.
    pub(super) fn take_past(&self, past: &Past) -> Result<Taken> {
        self.replica.store().write(|rows| {
            if held_role(rows, &past.space)?.is_some_and(|role| role != FORMER) {
                return Ok(Taken::Done("known", Vec::new())); // in by now, and all of that is here
            }
            if past.to != self.device() || !is_expected(rows, &past.space, past.author)? {
                return Ok(refused(NOISE, "no-invite"));
            }
            let mut known = rows.prepare_cached("SELECT 1 FROM past WHERE space = ?1 AND author = ?2 AND hash = ?3")?;
            let mut new = Vec::new();
            for operation in &past.operations {
                if !known.exists(params![&past.space.0[..], &past.author.0[..], &operation.hash().0[..]])? {
                    new.push((operation.hash(), operation.encode()));
                }
            }
            if new.is_empty() {
                return Ok(Taken::Done("known", Vec::new()));
            }
            let of_author = "SELECT count(*), coalesce(sum(length(bytes)), 0), coalesce(max(note), 0) FROM past
                 WHERE space = ?1 AND author = ?2";
            let (count, bytes, notes): (i64, i64, i64) = rows
                .prepare_cached(of_author)?
                .query_row(params![&past.space.0[..], &past.author.0[..]], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let count = count as usize + new.len();
            let bytes = bytes as usize + new.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
            if count > MAX_PAST_OPERATIONS || bytes > MAX_PAST_BYTES || notes >= MOST_NOTES {
                return Ok(refused(NOISE, "too-many"));
            }
            let mut keep = rows.prepare_cached(
                "INSERT INTO past (space, author, hash, note, bytes) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?;
            for (hash, bytes) in &new {
                keep.execute(params![&past.space.0[..], &past.author.0[..], &hash.0[..], notes + 1, bytes])?;
            }
            Ok(Taken::Done("operation", new.iter().map(|(hash, _)| hash.0.to_vec()).collect()))
        })
    }

    pub(super) fn take_welcome(&self, welcome: &Welcome, received: &mut Received) -> Result<Taken> {
        let outcome = self.replica.store().write(|rows| self.welcomed(rows, welcome))?;
        Ok(match outcome {
            Outcome::Joined(key_id) => {
                received.joined.push(welcome.space);
                // The space itself is read with the next exchange.
                received.again = true;
                self.replica.announce("sharing");
                Taken::Done("welcome", vec![key_id])
            }
            Outcome::Known => Taken::Done("known", Vec::new()),
            Outcome::Lacks(need) => Taken::Aside(Standing::Waiting, 0, PAST, need.map(|hash| hash.0.to_vec())),
            Outcome::TooMany => refused(NOISE, "too-many"),
            Outcome::NotForUs => refused(2, "not-for-us"),
        })
    }

    fn welcomed(&self, rows: &Connection, welcome: &Welcome) -> Result<Outcome> {
        // It brings a key to write under and a relay: for a space that we are in, another welcome may not change them. Whoever was out of
        // it may be let in again, if that was done by somebody who knew that they were out: no earlier welcome does it.
        let held = held_role(rows, &welcome.space)?;
        if held.is_some_and(|role| role != FORMER) {
            return Ok(Outcome::Known);
        }
        let mut lacks = None;
        for (invite, _) in accepted_invites(rows, &welcome.space, welcome.author)? {
            let mut known = operations_before(rows, &welcome.space, welcome.author)?;
            known.extend(operations_after(rows, &welcome.space, 0)?);
            let membership = match welcome.accept(&invite, &self.keys, known) {
                Ok(Judged::In(membership)) => membership,
                Ok(Judged::Lacks(need)) => {
                    lacks = Some(need);
                    continue;
                }
                Err(_) => continue,
            };
            // What the person was shown is what they join: never, say, a second personal space.
            if membership.kind() != Some(invite.kind) {
                continue;
            }
            match membership.member(self.device()) {
                Some(_) => return self.join(rows, welcome, &invite, &membership, held.is_some()),
                None if held.is_some() => return Ok(Outcome::Known),
                None => {}
            }
        }
        match lacks {
            None => Ok(Outcome::NotForUs),
            Some(_) if waiting_beside(rows, welcome)? >= MOST_WELCOMES => Ok(Outcome::TooMany),
            Some(need) => Ok(Outcome::Lacks(need)),
        }
    }

    fn join(
        &self,
        rows: &Connection,
        welcome: &Welcome,
        invite: &Invite,
        membership: &Membership,
        again: bool,
    ) -> Result<Outcome> {
        let Some(member) = membership.member(self.device()) else { return Ok(Outcome::NotForUs) };
        let (space, now) = (&welcome.space, self.replica.now_ms());
        let relay = if welcome.relay.is_empty() { &invite.relay } else { &welcome.relay };
        add_space(rows, space, invite.kind, member.role, &invite.title, relay, now)?;
        let epoch = welcome.epoch_key();
        // Who made it knew what the welcome says, and not what is known here besides.
        keep_epoch(rows, space, &epoch, &welcome.heads(membership))?;
        for operation in membership.operations() {
            keep_operation(rows, operation, false)?;
        }
        if again {
            // What was sealed for the others meanwhile was passed over, and cuts did not count here.
            super::offering::read_anew(rows, space)?;
            // Nor has the relay all that we had said before.
            super::offering::offer_entries(rows, space)?;
            self.settle_cuts(rows, space)?;
        } else if let Some(covers) = &welcome.start {
            super::pack::begin_at(rows, space, covers)?;
        }
        // Others that were accepted into it say nothing any more.
        rows.execute("UPDATE invite SET used = 1 WHERE own = 0 AND space = ?1", [&space.0[..]])?;
        rows.execute("UPDATE note SET state = 3 WHERE own = 1 AND kind = 3 AND space = ?1", [&space.0[..]])?;
        forget_what_came_ahead(rows, space)?;
        Ok(Outcome::Joined(epoch.key_id().to_vec()))
    }
}

/// Our role in a space; `None` in one that is not here.
fn held_role(rows: &Connection, space: &SpaceId) -> Result<Option<u8>> {
    match crate::replica::role_in(rows, space) {
        Err(Error::NotFound) => Ok(None),
        role => role.map(Some),
    }
}

/// The invites of a device into a space that this profile has accepted, and whether each has been honoured: first what has not, the latest before
/// the others.
fn accepted_invites(rows: &Connection, space: &SpaceId, inviter: DeviceId) -> Result<Vec<(Invite, bool)>> {
    let mut statement =
        rows.prepare_cached("SELECT text, used FROM invite WHERE own = 0 AND space = ?1 ORDER BY used, rowid DESC")?;
    let found = statement.query_map([&space.0[..]], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut invites = Vec::new();
    for row in found {
        let (text, used) = row?;
        invites.push((Invite::parse(&text).map_err(|_| Error::Corrupt)?, used));
    }
    invites.retain(|(invite, _)| invite.inviter == inviter);
    Ok(invites)
}

/// Whether a welcome of this device may still come.
fn is_expected(rows: &Connection, space: &SpaceId, author: DeviceId) -> Result<bool> {
    Ok(accepted_invites(rows, space, author)?.iter().any(|(_, used)| !used))
}

/// What came ahead of a welcome. It was verified when it came.
fn operations_before(rows: &Connection, space: &SpaceId, author: DeviceId) -> Result<Vec<Operation>> {
    let mut statement = rows.prepare_cached("SELECT bytes FROM past WHERE space = ?1 AND author = ?2")?;
    let found = statement.query_map([&space.0[..], &author.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
    found.map(|bytes| Operation::known(&bytes?).map_err(|_| Error::Corrupt)).collect()
}

/// How many other welcomes of this one's author into its space wait.
fn waiting_beside(rows: &Connection, welcome: &Welcome) -> Result<usize> {
    let other =
        |one: &Welcome| one.space == welcome.space && one.author == welcome.author && one.bytes() != welcome.bytes();
    Ok(waiting_welcomes(rows)?.iter().filter(|(_, one)| other(one)).count())
}

/// The welcomes that wait: a few for each invite that was accepted and not honoured.
fn waiting_welcomes(rows: &Connection) -> Result<Vec<(Held, Welcome)>> {
    let held = waiting_because(rows, &NO_SPACE, PAST)?;
    let welcomes = held.into_iter().filter_map(|held| match Item::decode(held.item.get(1..)?) {
        Ok(Item::Welcome(welcome)) => Some((held, welcome)),
        _ => None,
    });
    Ok(welcomes.collect())
}

fn forget_what_came_ahead(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.execute("DELETE FROM past WHERE space = ?1", [&space.0[..]])?;
    for (held, welcome) in waiting_welcomes(rows)? {
        if welcome.space == *space {
            release(rows, &held.id)?;
        }
    }
    Ok(())
}
