//! Erasing private words: what a person takes back, or a steward has to take away, goes from every device that hears of it, from the relay
//! and from what is told to newcomers. ([`crate::replica::Blob`] is what is erased; [`super::wire::Erase`] says so.)
//!
//! Nobody can make a device that is never seen again, or one that lies, forget what it has read. So there is a receipt: which devices have
//! said, in an entry of theirs, that they have carried it out.

use super::Sync;
use super::offering::OFFERED_AHEAD;
use super::outbox::{in_outbox, put_for_space, sealed};
use super::trouble::is_of_one_space;
use super::wire::operation::MAX_ERASED;
use super::wire::{Action, DeviceId, EpochKey, Erase, ErasedBlob, Header, Item, Membership, Operation, OperationHash};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, to_text};
use crate::replica::{Blob, BlobId, SpaceRow, words};
use rafiq_protocol::limits::MAX_DROPS;
use rafiq_protocol::{Urgency, envelope_id};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Erasures that one entry names, 34 bytes each in the room that an entry has beside its changes; more are named by the next.
const MAX_NAMED: usize = 16;

/// A receipt: what was erased, and which devices have said that they did.
///
/// A device that has not is offline, or has not exchanged yet, or does not do it: it may keep a copy, and nobody can tell which. Whoever had
/// left the space before, and whoever copied the words elsewhere, is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The erased words' id.
    pub id: String,
    /// In which space.
    pub space: SpaceId,
    /// When this device erased them, Unix milliseconds by our clock.
    pub at_ms: i64,
    /// The devices that belong to the space now, by person; of words that nobody else had, this one. None where the space cannot be read: then
    /// nobody can say.
    pub devices: Vec<ErasingDevice>,
}

/// One device of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasingDevice {
    /// Whose it is.
    pub person: String,
    /// Whether it is this one.
    pub is_this: bool,
    /// Whether it has erased them: itself, or by its signed word.
    pub confirmed: bool,
}

impl Sync {
    /// What was erased here, the newest first, at most `limit`.
    pub fn erasures(&self, limit: u32) -> Result<Vec<Erasure>> {
        self.replica.read(|rows| {
            let mut statement = rows.prepare_cached(
                "SELECT e.blob, e.space, e.at, e.operation, o.author FROM erased e LEFT JOIN erasure o ON o.operation = e.operation
                 ORDER BY e.number DESC LIMIT ?1",
            )?;
            let mut found = statement.query([limit])?;
            let mut erasures = Vec::new();
            while let Some(row) = found.next()? {
                let (blob, space): (BlobId, SpaceId) = (row.get(0)?, SpaceId(row.get(1)?));
                let (operation, author): (Option<[u8; 32]>, Option<[u8; 32]>) = (row.get(3)?, row.get(4)?);
                let mut seen = operation.map(|operation| seen_by(rows, &operation)).transpose()?.unwrap_or_default();
                seen.extend(author.map(DeviceId));
                let devices = match self.receipt(rows, &space, &seen) {
                    Err(error) if is_of_one_space(&error) => Vec::new(), // the receipts of the other spaces are told all the same
                    receipt => receipt?,
                };
                erasures.push(Erasure { id: to_text(&blob), space, at_ms: row.get(2)?, devices });
            }
            Ok(erasures)
        })
    }

    fn receipt(&self, rows: &Connection, space: &SpaceId, seen: &BTreeSet<DeviceId>) -> Result<Vec<ErasingDevice>> {
        let membership = self.membership(rows, space)?;
        let mut devices = Vec::new();
        for member in membership.members() {
            if !Self::is_kit(rows, &member.device.device)? {
                let is_this = member.device.device == self.device();
                let confirmed = is_this || seen.contains(&member.device.device);
                devices.push(ErasingDevice { person: member.person.to_string(), is_this, confirmed });
            }
        }
        devices.sort_by(|one, other| (&one.person, !one.is_this).cmp(&(&other.person, !other.is_this)));
        Ok(devices)
    }

    /// Signs what we wish erased in a space and may erase there. A wish that the others would refuse stays one: it holds on this device.
    pub(super) fn sign_erasures(&self, rows: &Connection, space: &SpaceId) -> Result<()> {
        let mut statement = rows.prepare_cached(
            "SELECT author, digest FROM erased WHERE space = ?1 AND operation IS NULL ORDER BY author, digest",
        )?;
        let found = statement
            .query_map([&space.0[..]], |row| Ok(ErasedBlob { author: DeviceId(row.get(0)?), digest: row.get(1)? }))?;
        let wished: Vec<ErasedBlob> = found.collect::<Result<_, _>>()?;
        if wished.is_empty() {
            return Ok(());
        }
        let membership = self.membership(rows, space)?;
        let ours: Vec<ErasedBlob> =
            wished.into_iter().filter(|blob| membership.may_erase(self.device(), blob.author)).collect();
        for blobs in ours.chunks(MAX_ERASED) {
            let action = Action::Erase(Erase { blobs: blobs.to_vec() });
            self.sign_and_keep(rows, space, membership.heads(), action)?;
        }
        self.settle_erasures(rows, space).map(|_| ())
    }

    /// After an operation or an entry, in its transaction: carries out the erasures that count by now. Whether there was one.
    pub(super) fn settle_erasures(&self, rows: &Connection, space: &SpaceId) -> Result<bool> {
        let membership = self.membership(rows, space)?;
        if membership.erasures().next().is_none() {
            return Ok(false);
        }
        let mut statement = rows.prepare_cached("SELECT operation FROM erasure WHERE space = ?1 AND waits = 0")?;
        let done: BTreeSet<OperationHash> =
            statement.query_map([&space.0[..]], |row| row.get(0).map(OperationHash))?.collect::<Result<_, _>>()?;
        let mut any = false;
        for (operation, erase) in membership.erasures().filter(|(operation, _)| !done.contains(&operation.hash())) {
            any |= self.settle_erasure(rows, &membership, operation, erase)?;
        }
        Ok(any)
    }

    /// The same for one that has come: of many, each is looked at once.
    pub(super) fn settle_one(&self, rows: &Connection, operation: &Operation) -> Result<bool> {
        let membership = self.membership(rows, &operation.space_id())?;
        match &operation.action {
            Action::Erase(erase) if membership.counts(&operation.hash()) => {
                self.settle_erasure(rows, &membership, operation, erase)
            }
            Action::Erase(_) => Ok(false),
            _ => self.settle_erasures(rows, &operation.space_id()),
        }
    }

    /// `true` if it counts and is carried out now.
    fn settle_erasure(
        &self,
        rows: &Connection,
        membership: &Membership,
        operation: &Operation,
        erase: &Erase,
    ) -> Result<bool> {
        let (space, now) = (membership.space(), self.replica.now_ms());
        let (hash, author) = (operation.hash().0, operation.author.0);
        let waits = membership.needs_witness(operation) && !is_witnessed(rows, &hash, &author)?;
        rows.prepare_cached(
            "INSERT INTO erasure (operation, space, author, waits) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (operation) DO UPDATE SET waits = excluded.waits",
        )?
        .execute(params![&hash[..], &space.0[..], &author[..], waits])?;
        for blob in erase.blobs.iter().filter(|_| !waits) {
            words::keep_erased(rows, &space, &blob.author.0, &blob.digest, Some(&hash), now)?;
        }
        Ok(!waits)
    }

    /// After entries: an erasure that waited for a witness may have one. At a start too, should the process have ended in between.
    pub(super) fn settle_witnessed(&self, space: &SpaceId) -> Result<()> {
        let waits = |rows: &Connection| {
            Ok(rows.prepare_cached("SELECT 1 FROM erasure WHERE space = ?1 AND waits = 1")?.exists([&space.0[..]])?)
        };
        if !self.replica.read(waits)? || !self.replica.store().write(|rows| self.settle_erasures(rows, space))? {
            return Ok(());
        }
        self.replica.announce("check_ins");
        drop(self.replica.empty_wal()); // it is tried again, and what is erased is erased
        Ok(())
    }

    /// The erasures that no entry of this device has named yet: others' first, to say that they are carried out here; then its own, since
    /// nobody else misses one that a relay keeps back.
    pub(super) fn unnamed_erasures(&self, rows: &Connection, space: &SpaceId) -> Result<Vec<OperationHash>> {
        let mut statement = rows.prepare_cached(
            "SELECT e.operation FROM erasure e WHERE e.space = ?1 AND (e.waits = 0 OR e.author = ?2)
             AND NOT EXISTS (SELECT 1 FROM erasure_seen s WHERE s.operation = e.operation AND s.device = ?2)
             ORDER BY e.author = ?2 LIMIT ?3",
        )?;
        let found = statement.query_map(params![&space.0[..], &self.device().0[..], MAX_NAMED as i64], |row| {
            row.get(0).map(OperationHash)
        })?;
        found.collect::<Result<_, _>>().map_err(Error::from)
    }

    /// Whether one of them is another's, who wants to know: its own alone are no reason to write an entry.
    pub(super) fn owes_receipt(&self, rows: &Connection, space: &SpaceId) -> Result<bool> {
        let mut statement = rows.prepare_cached(
            "SELECT 1 FROM erasure e WHERE e.space = ?1 AND e.waits = 0 AND e.author <> ?2
             AND NOT EXISTS (SELECT 1 FROM erasure_seen s WHERE s.operation = e.operation AND s.device = ?2)",
        )?;
        Ok(statement.exists([&space.0[..], &self.device().0[..]])?)
    }

    /// Seals words of ours that have not left, as far as there is room in the outbox.
    pub(super) fn seal_blobs(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        let mut after = 0;
        while let Some((number, blob)) = words::next(rows, &space.id, after, true)? {
            if in_outbox(rows, space)? >= OFFERED_AHEAD {
                break;
            }
            let key = self.sealing_epoch(rows, space)?;
            let envelope = sealed_blob(space, &key, blob.clone(), None)?;
            put_blob(rows, space, &blob.id(&space.id), &envelope)?;
            rows.prepare_cached("UPDATE blob SET unsent = 0 WHERE number = ?1")?.execute([number])?;
            after = number;
        }
        Ok(())
    }
}

/// An entry's auth heads name erasures: its device has carried them out.
pub(super) fn note_seen(rows: &Connection, entry: &Header) -> Result<()> {
    let mut seen = rows.prepare_cached(
        "INSERT OR IGNORE INTO erasure_seen (operation, device) SELECT operation, ?2 FROM erasure WHERE operation = ?1",
    )?;
    for head in &entry.auth_heads {
        seen.execute([&head.0[..], &entry.device.0[..]])?;
    }
    Ok(())
}

/// Entries of a device's in this space count no more: what they named is not said, unless others that stay say it too.
pub(super) fn forget_seen(rows: &Connection, space: &SpaceId, entry: &[u8; 32]) -> Result<()> {
    rows.prepare_cached(
        "DELETE FROM erasure_seen WHERE device = (SELECT device FROM entry WHERE hash = ?2)
         AND operation IN (SELECT operation FROM erasure WHERE space = ?1)",
    )?
    .execute([&space.0[..], &entry[..]])?;
    Ok(())
}

/// The spaces in which an erasure waits for a witness: few, if any, and found without a look at the others.
pub(super) fn spaces_wanting_witness(rows: &Connection) -> Result<Vec<SpaceId>> {
    let mut statement = rows.prepare_cached("SELECT DISTINCT space FROM erasure WHERE waits = 1")?;
    let found = statement.query_map([], |row| row.get(0).map(SpaceId))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// Whether another device than its author's has said that it has carried it out.
fn is_witnessed(rows: &Connection, operation: &[u8; 32], author: &[u8; 32]) -> Result<bool> {
    let mut statement = rows.prepare_cached("SELECT 1 FROM erasure_seen WHERE operation = ?1 AND device <> ?2")?;
    Ok(statement.exists([&operation[..], &author[..]])?)
}

/// This device begins another life, and entries of the last may not have left: it says everything again.
pub(super) fn forget_named(rows: &Connection, device: &DeviceId) -> Result<()> {
    rows.execute("DELETE FROM erasure_seen WHERE device = ?1", [&device.0[..]])?;
    Ok(())
}

fn seen_by(rows: &Connection, operation: &[u8; 32]) -> Result<BTreeSet<DeviceId>> {
    let mut statement = rows.prepare_cached("SELECT device FROM erasure_seen WHERE operation = ?1")?;
    let found = statement.query_map([&operation[..]], |row| row.get(0).map(DeviceId))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// A blob as it travels; `again` behind a pack.
pub(super) fn sealed_blob(space: &SpaceRow, key: &EpochKey, mut blob: Blob, again: Option<u64>) -> Result<Vec<u8>> {
    blob.again = again;
    sealed(key, space, Urgency::Large, &Item::Blob(blob))
}

/// Puts sealed words into the outbox, to leave it again should they be erased before. The number of the row.
pub(super) fn put_blob(rows: &Connection, space: &SpaceRow, blob: &BlobId, envelope: &[u8]) -> Result<i64> {
    let number = put_for_space(rows, space, Urgency::Large, envelope)?;
    rows.prepare_cached("UPDATE outbox SET blob = ?2 WHERE number = ?1")?.execute(params![number, &blob[..]])?;
    keep_envelope(rows, &space.id, blob, &envelope_id(envelope))?;
    Ok(number)
}

/// In which envelope words have travelled, by its name, so that the relay can be asked to drop it.
pub(super) fn keep_envelope(rows: &Connection, space: &SpaceId, blob: &BlobId, envelope: &[u8; 32]) -> Result<()> {
    // It came again: a relay that was restored has it again.
    rows.prepare_cached(
        "INSERT INTO blob_envelope (blob, envelope, space, dropped) VALUES (?1, ?2, ?3, 0)
         ON CONFLICT (blob, envelope) DO UPDATE SET dropped = 0",
    )?
    .execute([&blob[..], &envelope[..], &space.0[..]])?;
    Ok(())
}

/// The envelopes of a space whose words are erased, by a signed word, and which its relay has not dropped yet.
pub(super) fn to_drop(rows: &Connection, space: &SpaceId) -> Result<Vec<[u8; 32]>> {
    let mut statement = rows.prepare_cached(
        "SELECT b.envelope FROM blob_envelope b JOIN erased e ON e.blob = b.blob
         WHERE b.space = ?1 AND b.dropped = 0 AND e.operation IS NOT NULL LIMIT ?2",
    )?;
    let found = statement.query_map(params![&space.0[..], MAX_DROPS as i64], |row| row.get(0))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// The relay has dropped them.
pub(super) fn dropped(rows: &Connection, envelopes: &[[u8; 32]]) -> Result<()> {
    let mut done = rows.prepare_cached("UPDATE blob_envelope SET dropped = 1 WHERE envelope = ?1")?;
    envelopes.iter().try_for_each(|envelope| done.execute([&envelope[..]]).map(|_| ()).map_err(Error::from))
}

/// A relay that was restored or is another may hold what was dropped, and may lack the words of ours that live.
pub(super) fn offer_again(rows: &Connection, space: &SpaceId, device: &DeviceId) -> Result<()> {
    rows.execute("UPDATE blob_envelope SET dropped = 0 WHERE space = ?1", [&space.0[..]])?;
    rows.execute("UPDATE blob SET unsent = 1 WHERE space = ?1 AND author = ?2", [&space.0[..], &device.0[..]])?;
    Ok(())
}

/// Whether words of ours still have no envelope that leaves for this relay.
pub(super) fn is_left(rows: &Connection, relay: &str) -> Result<bool> {
    let mut statement = rows.prepare_cached(
        "SELECT 1 FROM space s CROSS JOIN blob b ON b.space = s.id WHERE s.relay = ?1 AND s.relay <> '' AND s.role >= 2 AND b.unsent = 1 LIMIT 1",
    )?;
    Ok(statement.exists([relay])?)
}
