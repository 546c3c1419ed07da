//! Writing a pack: when one is worth its bytes, and one part after the other. How far it is stands in the store, so that a phone that
//! is turned off goes on where it was; the same part sealed again is the same envelope.

use super::super::Sync;
use super::super::as_packed::{is_wanted, sealed_if_it_fits};
use super::super::epochs::epochs;
use super::super::erasing::{put_blob, sealed_blob};
use super::super::naming::UNNAMED;
use super::super::offering::OFFERED_AHEAD;
use super::super::outbox::{in_outbox, put_for_space, sealed};
use super::super::outgoing::{keys_for, stored_entry, urgency_of};
use super::super::wire::entry::{MAX_CHANGES, MAX_CHANGES_RAW, MAX_DOCUMENTS, MAX_ENCODED};
use super::super::wire::pack::{MAX_PACK_ENDS, MAX_PART_ENTRIES, MAX_PART_OPERATIONS};
use super::super::wire::{
    Covers, DeviceId, Entry, EntryHash, EntryHead, Epoch, EpochKey, Item, Operation, Part, PartDraft, Role, space_tag,
};
use super::{forget, keep, newest, relay_of};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::{BlobId, STEWARD, SpaceRow, words};
use rafiq_protocol::EnvelopeHeader;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// So many entries since the last pack make another one due. A small entry is an envelope of at least 643 bytes to a newcomer and
/// about a quarter of that in a pack: for fewer the gain is less than a photograph.
const EVERY: i64 = 256;
/// And at least this part of all entries: a pack tells everything again, and over a space's life no entry should travel in packs more
/// than about as often as this.
const SHARE: i64 = 3;
/// Stewards take turns: each waits for so many entries more than the one before, and the first who finds a pack due spares the others
/// theirs. From the eighth on all wait equally long.
const PATIENCE: i64 = EVERY / 4;
const TURNS: usize = 8;
/// Of so many last entries at least half must be small, or packing gains nothing: an import fills its envelopes by itself.
const LOOKED_AT: i64 = 64;
const SMALL: i64 = 8 * 1024;
/// The most bytes of operations in one part: they are mostly keys and hashes, which do not deflate.
const OPERATIONS: usize = 48 * 1024;

/// How far a pack is written.
#[derive(Clone, PartialEq)]
struct Draft {
    covers: Covers,
    parts: u32,
    epoch: i64,
    operation: i64,
    entry: i64,
    blob: i64,
    written: bool,
}

/// What comes next of a pack.
struct Next {
    draft: Draft,
    envelopes: Vec<Vec<u8>>,
    /// The words that are told again.
    blob: Option<BlobId>,
    /// From this entry on nothing is told: it fits no envelope of ours, and a pack without it would let the relay go of what nobody else can bring.
    unfit: Option<EntryHash>,
}

impl Sync {
    /// Writes a pack of a space with the next exchanges, whether or not one is due. `false` if there is nothing that it could cover:
    /// the relay has not answered yet, not all of ours is there, or what is aside came first.
    ///
    /// Errors: `NotFound`; `NotAllowed` unless a steward.
    pub fn write_pack(&self, space: &SpaceId) -> Result<bool> {
        let row = self.replica.read(|rows| crate::replica::steward_of(rows, space))?;
        self.replica.store().write(|rows| match coverable(rows, &row)? {
            Some(covers) => begin(rows, space, &covers).map(|()| true),
            None => Ok(false),
        })
    }

    /// Begins a pack that is due. Before anything new goes into the outbox: what lies there may be on the relay already, behind an answer
    /// that never came.
    pub(in crate::sync) fn begin_pack(&self, space: &SpaceRow) -> Result<()> {
        if space.role == STEWARD
            && let Some(covers) = self.replica.read(|rows| self.due(rows, space))?
        {
            self.replica.store().write(|rows| begin(rows, &space.id, &covers))?;
        }
        Ok(())
    }

    /// Goes on with a space's pack as far as there is room in the outbox.
    pub(in crate::sync) fn go_on_with_pack(&self, space: &SpaceRow) -> Result<()> {
        if self.replica.read(|rows| read_draft(rows, &space.id))?.is_none() {
            return Ok(());
        }
        if space.role < STEWARD {
            return self.replica.store().write(|rows| forget(rows, &space.id)); // no longer a steward's to write
        }
        // Put together beside other writes: it takes as long as deflating an envelope's worth.
        while self.replica.read(|rows| is_writing(rows, space))? {
            // A key that only members hold, like everything else.
            let key = self.replica.store().write(|rows| self.sealing_epoch(rows, space))?;
            let Some((draft, next)) = self.replica.read(|rows| self.next_part(rows, space, &key))? else { break };
            if let Some(entry) = &next.unfit {
                self.want(&space.id, entry)?;
                break;
            }
            let go_on = self.replica.store().write(|rows| {
                // Somebody else may have gone on with it, or given it up.
                if read_draft(rows, &space.id)?.as_ref() != Some(&draft) {
                    return Ok(false);
                }
                for envelope in &next.envelopes {
                    match &next.blob {
                        None => put_part(rows, space, envelope)?,
                        Some(blob) if words::is_erased(rows, blob)? => {}
                        Some(blob) => wait_behind(rows, put_blob(rows, space, blob, envelope)?)?,
                    }
                }
                save(rows, &space.id, &next.draft).map(|()| !next.draft.written)
            })?;
            if !go_on {
                break;
            }
        }
        self.replica.store().write(|rows| finish(rows, space))
    }

    /// What a pack would cover, if one is due.
    fn due(&self, rows: &Connection, space: &SpaceRow) -> Result<Option<Covers>> {
        if read_draft(rows, &space.id)?.is_some() {
            return Ok(None);
        }
        let last = newest(rows, &space.id)?;
        let count = |after: i64| -> Result<i64> {
            let mut statement = rows.prepare_cached("SELECT count(*) FROM entry WHERE space = ?1 AND number > ?2")?;
            Ok(statement.query_row(params![&space.id.0[..], after], |row| row.get(0))?)
        };
        let new = count(last.as_ref().map_or(0, |pack| pack.entry))?;
        if new < EVERY || new < EVERY + PATIENCE * self.turn(rows, space)? || new < count(0)? / SHARE {
            return Ok(None);
        }
        if !mostly_small(rows, &space.id)? {
            return Ok(None);
        }
        let before = last.map_or(0, |pack| pack.covers.position);
        Ok(coverable(rows, space)?.filter(|covers| covers.position > before))
    }

    /// How many of the stewards' devices come before ours: the same order on all of them.
    fn turn(&self, rows: &Connection, space: &SpaceRow) -> Result<i64> {
        let membership = self.membership(rows, &space.id)?;
        let stewards = membership.members().filter(|member| member.role == Role::Steward);
        let before = stewards.filter(|member| member.device.device < self.device()).count();
        Ok(before.min(TURNS - 1) as i64)
    }

    /// The draft as it is and what comes next; `None` when there is no draft.
    fn next_part(&self, rows: &Connection, space: &SpaceRow, key: &EpochKey) -> Result<Option<(Draft, Next)>> {
        let Some(draft) = read_draft(rows, &space.id)? else { return Ok(None) };
        let mut next = Next {
            draft: Draft { parts: draft.parts + 1, ..draft.clone() },
            envelopes: Vec::new(),
            blob: None,
            unfit: None,
        };
        if let Some((number, epoch)) = next_epoch(rows, &space.id, draft.epoch)? {
            next.draft.epoch = number;
            self.seal_epoch_part(rows, space, epoch, &mut next)?;
        } else if let Some((number, operations)) = next_operations(rows, &space.id, draft.operation)? {
            next.draft.operation = number;
            let part = PartDraft { operations, ..self.part(rows, space, &next.draft)? };
            self.seal_part(rows, space, (key, part), &mut next)?;
        } else {
            let is_end = !self.seal_entries(rows, space, (key, &draft), &mut next)?;
            if is_end {
                self.seal_what_follows(rows, space, (key, &draft), &mut next)?;
            }
        }
        Ok(Some((draft, next)))
    }

    /// Behind the entries: the words that live, in envelopes of their own, so that the pack stays whole should they be erased; then the last part.
    fn seal_what_follows(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        (key, draft): (&EpochKey, &Draft),
        next: &mut Next,
    ) -> Result<()> {
        if let Some((number, blob)) = words::next(rows, &space.id, draft.blob, false)? {
            next.draft = Draft { blob: number, ..draft.clone() };
            next.blob = Some(blob.id(&space.id));
            next.envelopes.push(sealed_blob(space, key, blob, Some(draft.covers.position))?);
            return Ok(());
        }
        next.draft.written = true;
        let part = PartDraft { ends: Some(ends(rows, &space.id)?), ..self.part(rows, space, &next.draft)? };
        self.seal_part(rows, space, (key, part), next)
    }

    /// An epoch goes again to those who hold one before it, as when it was made: the relay may have let go of that.
    fn seal_epoch_part(&self, rows: &Connection, space: &SpaceRow, epoch: Epoch, next: &mut Next) -> Result<()> {
        let keys = epochs(rows, &space.id)?;
        let under: Vec<&EpochKey> = keys_for(&keys, &epoch).collect();
        let part = PartDraft { epochs: vec![epoch], ..self.part(rows, space, &next.draft)? };
        let item = Item::Part(self.sign(rows, part)?);
        for key in under {
            next.envelopes.push(sealed(key, space, urgency_of(space.kind), &item)?);
        }
        Ok(())
    }

    /// As many of the next entries as fit a part; `false` when there is none.
    fn seal_entries(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        (key, draft): (&EpochKey, &Draft),
        next: &mut Next,
    ) -> Result<bool> {
        let (mut numbers, mut entries) = next_entries(rows, &space.id, draft.entry)?;
        if let Some(first) = entries.first().map(Entry::hash)
            && is_wanted(rows, &first)?
        {
            next.unfit = Some(first);
            return Ok(true);
        }
        while let Some(last) = numbers.last() {
            next.draft.entry = *last;
            let part = PartDraft { entries: entries.clone(), ..self.part(rows, space, &next.draft)? };
            let item = Item::Part(self.sign(rows, part)?);
            let length = super::super::wire::envelope::encoded_len(&item.encode());
            let fits = length.as_ref().is_ok_and(|length| *length <= MAX_ENCODED);
            if fits {
                next.envelopes.push(sealed(key, space, urgency_of(space.kind), &item)?);
                return Ok(true);
            }
            if let [entry] = &entries[..] {
                // It fills an envelope alone: another than those that the relay may let go of now, whoever sealed them.
                let salt = self.salt(rows, &draft.covers)?;
                let (urgency, item) = (urgency_of(space.kind), Item::Entry(entry.clone()));
                match sealed_if_it_fits(rows, key, &space.id, urgency, &item, Some(&salt))? {
                    Some(envelope) => next.envelopes.push(envelope),
                    None => next.unfit = Some(entry.hash()),
                }
                return Ok(true);
            }
            // A little less than in proportion: what is alike packs better together.
            let keep = match length {
                Ok(length) => (entries.len() * MAX_ENCODED / length) * 15 / 16,
                Err(_) => entries.len() / 2,
            };
            let keep = keep.clamp(1, entries.len() - 1);
            numbers.truncate(keep);
            entries.truncate(keep);
        }
        Ok(false)
    }

    /// The same for one pack of this device, and nobody else's.
    fn salt(&self, rows: &Connection, covers: &Covers) -> Result<[u8; 32]> {
        let (keys, position) = (self.keys(rows)?, covers.position.to_be_bytes());
        Ok(hash(
            "rafiq 2026 told again v1",
            &[keys.seed(), &covers.instance, &covers.restores.to_be_bytes(), &position],
        ))
    }

    fn part(&self, rows: &Connection, space: &SpaceRow, draft: &Draft) -> Result<PartDraft> {
        Ok(PartDraft {
            space: space.id,
            auth_heads: self.membership(rows, &space.id)?.heads(),
            covers: draft.covers,
            number: draft.parts,
            operations: Vec::new(),
            epochs: Vec::new(),
            entries: Vec::new(),
            ends: None,
        })
    }

    fn sign(&self, rows: &Connection, part: PartDraft) -> Result<Part> {
        Part::sign(&self.keys(rows)?, part).map_err(|error| Error::bug(format!("pack {}", error.reason())))
    }

    fn seal_part(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        (key, part): (&EpochKey, PartDraft),
        next: &mut Next,
    ) -> Result<()> {
        let item = Item::Part(self.sign(rows, part)?);
        next.envelopes.push(sealed(key, space, urgency_of(space.kind), &item)?);
        Ok(())
    }
}

/// Up to where everything that lies on the relay is here and part of the log, or refused here as everywhere. Words that nothing names yet say
/// nothing of that: what would name them stands aside itself.
fn coverable(rows: &Connection, space: &SpaceRow) -> Result<Option<Covers>> {
    let Some((instance, restores)) = relay_of(rows, &space.id)? else { return Ok(None) };
    let mut leaving = rows
        .prepare_cached("SELECT 1 FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later = 0 LIMIT 1")?;
    if leaving.exists(params![space.relay, &space_tag(&space.id)[..]])? {
        return Ok(None);
    }
    let read: Option<i64> = rows
        .prepare_cached("SELECT min(alert, small, large) FROM relay_cursor WHERE relay = ?1 AND tag = ?2")?
        .query_row(params![space.relay, &space_tag(&space.id)[..]], |row| row.get(0))
        .optional()?;
    let aside: Option<i64> = rows
        .prepare_cached(
            "SELECT min(position) FROM held_item WHERE space = ?1 AND state <> 2 AND position > 0 AND reason <> ?2",
        )?
        .query_row(params![&space.id.0[..], UNNAMED], |row| row.get(0))?;
    let position = read.unwrap_or(0).min(aside.map_or(i64::MAX, |first| first - 1));
    Ok((position > 0).then_some(Covers { instance, restores, position: position.unsigned_abs() }))
}

fn mostly_small(rows: &Connection, space: &SpaceId) -> Result<bool> {
    let mut statement = rows.prepare_cached(
        "SELECT coalesce(sum(bytes <= ?2), 0) * 2 >= count(*) FROM (
             SELECT (SELECT coalesce(sum(length(c.bytes)), 0) FROM change c WHERE c.entry = e.hash) AS bytes
             FROM entry e WHERE e.space = ?1 ORDER BY e.number DESC LIMIT ?3)",
    )?;
    Ok(statement.query_row(params![&space.0[..], SMALL, LOOKED_AT], |row| row.get(0))?)
}

fn begin(rows: &Connection, space: &SpaceId, covers: &Covers) -> Result<()> {
    let draft = Draft { covers: *covers, parts: 0, epoch: 0, operation: 0, entry: 0, blob: 0, written: false };
    save(rows, space, &draft)
}

fn save(rows: &Connection, space: &SpaceId, draft: &Draft) -> Result<()> {
    rows.prepare_cached(
        "INSERT OR REPLACE INTO pack_draft (space, instance, restores, position, parts, epoch, operation, entry, written, blob)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        &space.0[..],
        &draft.covers.instance[..],
        draft.covers.restores,
        draft.covers.position as i64,
        draft.parts,
        draft.epoch,
        draft.operation,
        draft.entry,
        draft.written,
        draft.blob,
    ])?;
    Ok(())
}

fn read_draft(rows: &Connection, space: &SpaceId) -> Result<Option<Draft>> {
    let found = rows
        .prepare_cached(
            "SELECT instance, restores, position, parts, epoch, operation, entry, written, blob FROM pack_draft WHERE space = ?1",
        )?
        .query_row([&space.0[..]], |row| {
            let position = row.get::<_, i64>(2)?.unsigned_abs();
            Ok(Draft {
                covers: Covers { instance: row.get(0)?, restores: row.get(1)?, position },
                parts: row.get(3)?,
                epoch: row.get(4)?,
                operation: row.get(5)?,
                entry: row.get(6)?,
                written: row.get(7)?,
                blob: row.get(8)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// When the relay has acknowledged the last part, the pack lies there whole.
fn finish(rows: &Connection, space: &SpaceRow) -> Result<()> {
    let Some(draft) = read_draft(rows, &space.id)?.filter(|draft| draft.written) else { return Ok(()) };
    let mut statement = rows
        .prepare_cached("SELECT 1 FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later > 0 LIMIT 1")?;
    if statement.exists(params![space.relay, &space_tag(&space.id)[..]])? {
        return Ok(());
    }
    if relay_of(rows, &space.id)? != Some((draft.covers.instance, draft.covers.restores)) {
        return forget(rows, &space.id);
    }
    rows.execute("DELETE FROM pack_draft WHERE space = ?1", [&space.id.0[..]])?;
    keep(rows, &space.id, &draft.covers, draft.entry, true)
}

/// Whether parts are still to be written and there is room for one.
fn is_writing(rows: &Connection, space: &SpaceRow) -> Result<bool> {
    let writing = read_draft(rows, &space.id)?.is_some_and(|draft| !draft.written);
    Ok(writing && in_outbox(rows, space)? < OFFERED_AHEAD)
}

/// Behind everything else of its urgency: what people write now does not wait for what is told again.
fn put_part(rows: &Connection, space: &SpaceRow, envelope: &[u8]) -> Result<()> {
    let urgency = EnvelopeHeader::parse(envelope).map_err(|_| Error::bug("part"))?.urgency;
    let number = put_for_space(rows, space, urgency, envelope)?;
    wait_behind(rows, number)
}

fn wait_behind(rows: &Connection, number: i64) -> Result<()> {
    rows.execute("UPDATE outbox SET later = 1 WHERE number = ?1", [number])?;
    Ok(())
}

fn next_epoch(rows: &Connection, space: &SpaceId, after: i64) -> Result<Option<(i64, Epoch)>> {
    let found: Option<(i64, Vec<u8>)> = rows
        .prepare_cached("SELECT number, bytes FROM epoch WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1")?
        .query_row(params![&space.0[..], after], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let decoded = found.map(|(number, bytes)| Epoch::decode(&bytes).map(|epoch| (number, epoch)));
    decoded.transpose().map_err(|_| Error::Corrupt)
}

fn next_operations(rows: &Connection, space: &SpaceId, after: i64) -> Result<Option<(i64, Vec<Operation>)>> {
    let mut statement = rows.prepare_cached(
        "SELECT number, bytes FROM operation WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )?;
    let mut found = statement.query(params![&space.0[..], after, MAX_PART_OPERATIONS as i64])?;
    let (mut operations, mut last, mut bytes) = (Vec::new(), None, 0);
    while let Some(row) = found.next()? {
        let operation: Vec<u8> = row.get(1)?;
        bytes += operation.len();
        if bytes > OPERATIONS && last.is_some() {
            break;
        }
        last = Some(row.get(0)?);
        operations.push(Operation::decode(&operation).map_err(|_| Error::Corrupt)?);
    }
    Ok(last.map(|number| (number, operations)))
}

/// The next entries with their numbers, at most as many as the fullest part holds. What still lies in our outbox is left out: until a relay
/// or a bundle has had it, it may be taken back, see [`Sync::renew_incarnation`].
fn next_entries(rows: &Connection, space: &SpaceId, after: i64) -> Result<(Vec<i64>, Vec<Entry>)> {
    let mut statement = rows.prepare_cached(
        "SELECT e.number, e.hash FROM entry e WHERE e.space = ?1 AND e.number > ?2
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.entry = e.hash) ORDER BY e.number LIMIT ?3",
    )?;
    let mut found = statement.query(params![&space.0[..], after, MAX_PART_ENTRIES as i64])?;
    let (mut numbers, mut entries) = (Vec::new(), Vec::new());
    let (mut documents, mut changes, mut bytes) = (HashSet::new(), 0, 0);
    while let Some(row) = found.next()? {
        let entry = stored_entry(rows, &EntryHash(row.get(1)?))?;
        documents.extend(entry.documents.iter().cloned());
        changes += entry.changes().len();
        let raw: usize = entry.changes().iter().map(|change| change.bytes.len()).sum();
        bytes += raw + entry.header_bytes().len() + 64;
        let too_many = documents.len() > MAX_DOCUMENTS || changes > MAX_CHANGES || bytes > MAX_CHANGES_RAW;
        if too_many && !entries.is_empty() {
            break;
        }
        numbers.push(row.get(0)?);
        entries.push(entry);
    }
    Ok((numbers, entries))
}

/// The ends of the chains; of very many those that moved last. What lies in the outbox may be taken back and never leave, and others would
/// wait for it.
fn ends(rows: &Connection, space: &SpaceId) -> Result<Vec<EntryHead>> {
    let mut statement = rows.prepare_cached(
        "SELECT device, incarnation, max(sequence), hash, number FROM entry WHERE space = ?1
         AND hash NOT IN (SELECT entry FROM outbox WHERE entry IS NOT NULL) GROUP BY device, incarnation ORDER BY number DESC LIMIT ?2",
    )?;
    let found = statement.query_map(params![&space.0[..], MAX_PACK_ENDS as i64], |row| {
        let sequence = row.get::<_, i64>(2)?.unsigned_abs();
        let (device, hash) = (DeviceId(row.get(0)?), EntryHash(row.get(3)?));
        Ok(EntryHead { device, incarnation: row.get(1)?, sequence, hash })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}
