//! What leaves: unsent changes become signed entries, committed before their bytes leave; then everything is sealed into the
//! outbox, where it stays until the relay has acknowledged it.

use super::Sync;
use super::admission::keep_entry;
use super::as_packed::sealed_if_it_fits;
use super::epochs::{epochs, with_common};
use super::offering::is_offered;
use super::outbox::{put_for_space, put_sealed};
use super::wire::operation::MAX_PARENTS;
use super::wire::{
    DeviceId, DeviceKeys, DocumentName, Draft, Entry, EntryHash, EntryHead, Epoch, EpochKey, Item, Operation, batch,
};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::{FORMER, SpaceKind, SpaceRow, WRITER};
use rafiq_protocol::Urgency;
use rusqlite::{Connection, OptionalExtension, params};

/// Under so many keys, the newest, somebody who is out tells the others what they may not know.
const MOST_KEYS: usize = 8;

impl Sync {
    /// Everything that is unsent for this relay goes into the outbox: notes first. A fault of the store in one space is told and keeps no
    /// other from leaving; any other ends it: whoever exchanges must know that something has not left.
    ///
    /// `spare`: the line costs. Packs, which are for the convenience of others, wait then.
    pub(super) fn fill_outbox(&self, relay: &str, spare: bool) -> Result<()> {
        self.replica.store().write(|rows| self.seal_notes(rows, relay))?;
        for space in self.replica.spaces(None)? {
            // A card is written for no relay too; the personal space leaves only for one, and only where a kit is to find it.
            let stays = space.kind == SpaceKind::Personal && space.relay.is_empty();
            if space.relay != relay || stays {
                continue;
            }
            if space.role == FORMER {
                self.replica.store().write(|rows| self.seal_last_words(rows, &space))?;
            }
            if space.role >= WRITER {
                match self.isolated(&space.id, self.fill_from(&space, spare)) {
                    // By the membership we write there no more, which the space's row does not say yet.
                    Err(Error::NotAllowed { .. }) => {}
                    filled => drop(filled?),
                }
            }
        }
        Ok(())
    }

    pub(super) fn fill_from(&self, space: &SpaceRow, spare: bool) -> Result<()> {
        let is_offered = || self.replica.read(|rows| is_offered(rows, &space.id));
        if !spare && !is_offered()? {
            self.begin_pack(space)?;
        }
        if self.replica.read(|rows| Ok(self.membership(rows, &space.id)?.heads().len() > MAX_PARENTS))? {
            self.replica.store().write(|rows| self.join_heads(rows, &space.id))?;
        }
        // After a removal the next key first: the relay's list is signed with it, so that whoever is out is out there too.
        if self.replica.read(|rows| Ok(self.membership(rows, &space.id)?.removed().next().is_some()))? {
            self.replica.store().write(|rows| self.sealing_epoch(rows, space).map(|_| ()))?;
        }
        self.replica.store().write(|rows| {
            self.sign_erasures(rows, &space.id)?;
            self.seal_operations(rows, space)
        })?;
        self.replica.store().write(|rows| self.seal_epochs(rows, space))?;
        self.replica.store().write(|rows| self.seal_for_others(rows, space, spare))?;
        while is_offered()? && self.replica.store().write(|rows| self.seal_offered(rows, space))? {}
        // What is new stands behind what is offered again, as the chain goes.
        while !is_offered()? && self.seal_entry(space)? {}
        while !is_offered()? && self.seal_acknowledgement(space)? {}
        self.replica.store().write(|rows| self.seal_blobs(rows, space))?;
        if !spare && !is_offered()? {
            self.go_on_with_pack(space)?;
        }
        Ok(())
    }

    pub(super) fn seal_operations(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        let mut statement =
            rows.prepare_cached("SELECT number, bytes FROM operation WHERE space = ?1 AND unsent = 1 ORDER BY number")?;
        let found = statement.query_map([&space.id.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let unsent: Vec<(i64, Vec<u8>)> = found.collect::<Result<_, _>>()?;
        for (number, bytes) in unsent {
            let operation = Operation::decode(&bytes).map_err(|_| Error::Corrupt)?;
            self.seal_to_space(rows, space, &Item::Operation(operation), Urgency::Small)?;
            rows.execute("UPDATE operation SET unsent = 0 WHERE number = ?1", [number])?;
        }
        Ok(())
    }

    /// Signs and seals the next entry of a space, in a transaction of its own: what is committed stays, and no lock is held for long.
    /// How much fits is found out before, beside other writes. `false` when nothing was unsent.
    pub(super) fn seal_entry(&self, space: &SpaceRow) -> Result<bool> {
        let (numbers, changes) = self.replica.read(|rows| unsent(rows, &space.id))?;
        if changes.is_empty() {
            return Ok(false);
        }
        self.replica.store().write(|rows| {
            if still_unsent(rows, &numbers)? {
                self.sign_and_seal(rows, space, &numbers, changes)?;
            }
            Ok(true)
        })
    }

    /// Signs and seals all that is unsent of a space, in the transaction of whoever asks.
    pub(super) fn seal_all_unsent(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        loop {
            let (numbers, changes) = unsent(rows, &space.id)?;
            if changes.is_empty() {
                return Ok(());
            }
            self.sign_and_seal(rows, space, &numbers, changes)?;
        }
    }

    /// An entry without changes, where nothing else says that this device has carried out what somebody erased. `false` if nothing is to be said.
    fn seal_acknowledgement(&self, space: &SpaceRow) -> Result<bool> {
        self.replica.store().write(|rows| {
            if !self.owes_receipt(rows, &space.id)? {
                return Ok(false);
            }
            self.sign_and_seal(rows, space, &[], Vec::new()).map(|()| true)
        })
    }

    fn sign_and_seal(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        numbers: &[i64],
        changes: Vec<(DocumentName, Vec<u8>)>,
    ) -> Result<()> {
        let keys = self.keys(rows)?;
        let last = last_own(rows, &space.id, &keys)?;
        let draft = Draft {
            space: space.id,
            sequence: last.map_or(1, |(_, sequence, _)| sequence + 1),
            previous: last.map(|(_, _, hash)| hash),
            auth_heads: [self.membership(rows, &space.id)?.heads(), self.unnamed_erasures(rows, &space.id)?].concat(),
            entry_heads: moved_heads(rows, &space.id, &keys, last.map_or(0, |(number, _, _)| number))?,
            changes,
        };
        let entry = Entry::sign(&keys, draft).map_err(|error| Error::bug(format!("entry {}", error.reason())))?;
        keep_entry(rows, &entry, true)?;
        for number in numbers {
            rows.prepare_cached("UPDATE change SET entry = ?2 WHERE number = ?1")?
                .execute(params![number, &entry.hash().0[..]])?;
        }
        let hash = entry.hash();
        let number = self.seal_to_space(rows, space, &Item::Entry(entry), urgency_of(space.kind))?;
        rows.prepare_cached("UPDATE outbox SET entry = ?2 WHERE number = ?1")?.execute(params![number, &hash.0[..]])?;
        Ok(())
    }

    /// An epoch goes to those who hold the one before it, and, sealed under itself, to those who will have come later: it opens the past. Under
    /// the key that we know the others to have it reaches also those who lack what somebody else has made.
    pub(super) fn seal_epochs(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        let mut statement =
            rows.prepare_cached("SELECT number, bytes FROM epoch WHERE space = ?1 AND unsent = 1 ORDER BY number")?;
        let found = statement.query_map([&space.id.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let unsent: Vec<(i64, Vec<u8>)> = found.collect::<Result<_, _>>()?;
        if unsent.is_empty() {
            return Ok(());
        }
        let (keys, membership) = (epochs(rows, &space.id)?, self.membership(rows, &space.id)?);
        for (number, bytes) in unsent {
            let epoch = Epoch::decode(&bytes).map_err(|_| Error::Corrupt)?;
            let item = Item::Epoch(epoch.clone());
            let under: Vec<EpochKey> = keys_for(&keys, &epoch).cloned().collect();
            for key in with_common(rows, &membership, self.device(), under)? {
                put_sealed(rows, space, &key, &item, Urgency::Small)?;
            }
            rows.execute("UPDATE epoch SET unsent = 0 WHERE number = ?1", [number])?;
        }
        Ok(())
    }

    /// What came to our own inbox may have come to nobody else: whoever writes in the space passes it on, as it is sealed there now, and whoever is
    /// out as they can. A reader puts nothing there.
    pub(super) fn pass_on_operation(&self, rows: &Connection, operation: &Operation) -> Result<()> {
        let space = crate::replica::space(rows, &operation.space_id())?;
        if space.role == FORMER {
            return self.seal_as_former(rows, &space, operation);
        }
        if space.role >= WRITER {
            rows.execute("UPDATE operation SET unsent = 1 WHERE hash = ?1", [&operation.hash().0[..]])?;
        }
        Ok(())
    }

    /// The same by somebody who is out: the newest keys that they hold they may have made themselves, and nobody else has them.
    pub(super) fn seal_as_former(&self, rows: &Connection, space: &SpaceRow, operation: &Operation) -> Result<()> {
        for key in epochs(rows, &space.id)?.iter().take(MOST_KEYS) {
            put_sealed(rows, space, key, &Item::Operation(operation.clone()), Urgency::Small)?;
        }
        Ok(())
    }

    /// Passes on what somebody else has signed: it may have come by hand, and be with nobody else. A relay keeps the same envelope once.
    pub(super) fn pass_on(&self, rows: &Connection, entry: Entry) -> Result<()> {
        let space = crate::replica::space(rows, &entry.space)?;
        if space.relay.is_empty() || space.role < WRITER {
            return Ok(());
        }
        // The envelope in which it came is its author's on the relay, who is given that back only once, and perhaps not whole. This one is another, the same
        // whoever makes it.
        let salt = hash("rafiq 2026 passed on v1", &[&entry.hash().0]);
        self.seal_for_another(rows, &space, entry, Some(&salt))
    }

    /// Seals an entry of somebody else's, if it can be passed on.
    pub(super) fn seal_for_another(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        entry: Entry,
        salt: Option<&[u8; 32]>,
    ) -> Result<()> {
        let (key, urgency) = (self.sealing_epoch(rows, space)?, urgency_of(space.kind));
        if let Some(envelope) = sealed_if_it_fits(rows, &key, &space.id, urgency, &Item::Entry(entry), salt)? {
            put_for_space(rows, space, urgency, &envelope)?;
        }
        Ok(())
    }

    pub(super) fn seal_to_space(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        item: &Item,
        urgency: Urgency,
    ) -> Result<i64> {
        put_sealed(rows, space, &self.sealing_epoch(rows, space)?, item, urgency)
    }
}

/// The last entry of our present life in a space: its number in the log, its sequence and its hash.
fn last_own(rows: &Connection, space: &SpaceId, keys: &DeviceKeys) -> Result<Option<(i64, u64, EntryHash)>> {
    let found: Option<(i64, i64, [u8; 32])> = rows
        .prepare_cached(
            "SELECT number, sequence, hash FROM entry WHERE space = ?1 AND device = ?2 AND incarnation = ?3
             ORDER BY sequence DESC LIMIT 1",
        )?
        .query_row(params![&space.0[..], &keys.device().0[..], keys.incarnation()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(found.map(|(number, sequence, hash)| (number, sequence.unsigned_abs(), EntryHash(hash))))
}

/// Under which of these keys, the newest first, an epoch travels: those of its parents, and then its own, so that nobody has to wait.
pub(super) fn keys_for<'a>(keys: &'a [EpochKey], epoch: &Epoch) -> impl Iterator<Item = &'a EpochKey> {
    keys.iter()
        .rev()
        .filter(|key| key.key_id() == epoch.key_id || epoch.parents.iter().any(|parent| parent.key_id == key.key_id()))
}

/// An entry put together again from the log, byte for byte.
pub(crate) fn stored_entry(rows: &Connection, hash: &EntryHash) -> Result<Entry> {
    let (header, signature): (Vec<u8>, [u8; 64]) =
        rows.query_row("SELECT header, signature FROM entry WHERE hash = ?1", [&hash.0[..]], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let empty = super::wire::signed::Signed::<super::wire::Header>::verify(header.clone(), signature);
    let names = empty.map_err(|_| Error::Corrupt)?.documents.clone();
    let mut statement = rows.prepare_cached(
        "SELECT c.bytes, d.kind, d.bucket, d.generation FROM change c JOIN document d ON d.id = c.document
         WHERE c.entry = ?1 ORDER BY c.place, c.number",
    )?;
    let found = statement.query_map([&hash.0[..]], |row| {
        let name = DocumentName { kind: row.get(1)?, bucket: row.get(2)?, generation: row.get(3)? };
        Ok((row.get::<_, Vec<u8>>(0)?, name))
    })?;
    let mut changes = Vec::new();
    for row in found {
        let (bytes, name) = row?;
        let place = names.iter().position(|known| *known == name).ok_or(Error::Corrupt)?;
        changes.push(super::wire::Change { document: u16::try_from(place).map_err(|_| Error::Corrupt)?, bytes });
    }
    Entry::assemble(header, signature, changes).map_err(|_| Error::Corrupt)
}

/// A directory's imports are large and can wait for a better line; people's own words are small.
pub(super) const fn urgency_of(kind: SpaceKind) -> Urgency {
    if matches!(kind, SpaceKind::Directory) { Urgency::Large } else { Urgency::Small }
}

/// Our unsent changes of a space with their numbers, in the order in which they were made: as many as fit one entry.
#[allow(clippy::type_complexity)] // a row's number, and what `batch` and `Draft` take
fn unsent(rows: &Connection, space: &SpaceId) -> Result<(Vec<i64>, Vec<(DocumentName, Vec<u8>)>)> {
    let mut statement = rows.prepare_cached(
        "SELECT c.number, d.kind, d.bucket, d.generation, c.bytes FROM change c JOIN document d ON d.id = c.document
         WHERE c.space = ?1 AND c.entry IS NULL ORDER BY c.number LIMIT 4096",
    )?;
    let mut found = statement.query([&space.0[..]])?;
    let (mut numbers, mut changes) = (Vec::new(), Vec::new());
    while let Some(row) = found.next()? {
        numbers.push(row.get(0)?);
        changes.push((DocumentName { kind: row.get(1)?, bucket: row.get(2)?, generation: row.get(3)? }, row.get(4)?));
    }
    let count = batch(&changes);
    numbers.truncate(count);
    changes.truncate(count);
    Ok((numbers, changes))
}

/// Whether nobody else has put one of these into an entry meanwhile.
fn still_unsent(rows: &Connection, numbers: &[i64]) -> Result<bool> {
    let mut statement = rows.prepare_cached("SELECT 1 FROM change WHERE number = ?1 AND entry IS NULL")?;
    for number in numbers {
        if !statement.exists([number])? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The ends of the other chains that have moved since our last entry: also of our own earlier lives, whose last entries nobody else may
/// ever name.
fn moved_heads(rows: &Connection, space: &SpaceId, keys: &DeviceKeys, since: i64) -> Result<Vec<EntryHead>> {
    let mut statement = rows.prepare_cached(
        "SELECT device, incarnation, max(sequence), hash FROM entry
         WHERE space = ?1 AND number > ?2 AND (own = 0 OR incarnation <> ?3) GROUP BY device, incarnation LIMIT 64",
    )?;
    let found = statement.query_map(params![&space.0[..], since, keys.incarnation()], |row| {
        Ok(EntryHead {
            device: DeviceId(row.get(0)?),
            incarnation: row.get(1)?,
            sequence: row.get::<_, i64>(2)?.unsigned_abs(),
            hash: EntryHash(row.get(3)?),
        })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}
