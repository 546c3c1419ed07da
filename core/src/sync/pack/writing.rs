//! Writing a pack, one part after the other; the same part sealed again is the same envelope.
//!
//! | room | what |
//! |---|---|
//! | this | what comes next, and sealing it |
//! | `due` | when a pack is worth its bytes, and what it can cover |
//! | `draft` | how far it is, in the store |

mod draft;
mod due;

use super::super::Sync;
use super::super::as_packed::{is_wanted, sealed_if_it_fits};
use super::super::epochs::epochs;
use super::super::erasing::{put_blob, sealed_blob};
use super::super::offering::OFFERED_AHEAD;
use super::super::outbox::{in_outbox, put_for_space, sealed};
use super::super::outgoing::{keys_for, stored_entry, urgency_of};
use super::super::wire::entry::{MAX_CHANGES, MAX_CHANGES_RAW, MAX_DOCUMENTS, MAX_ENCODED};
use super::super::wire::pack::{MAX_PACK_ENDS, MAX_PART_ENTRIES, MAX_PART_OPERATIONS};
use super::super::wire::{
    Covers, DeviceId, Entry, EntryHash, EntryHead, Epoch, EpochKey, Item, Operation, Part, PartDraft,
};
use super::forget;
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::{BlobId, STEWARD, SpaceRow, words};
use draft::{Draft, finish, read_draft, save};
use rafiq_protocol::EnvelopeHeader;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// The most bytes of operations in one part: they are mostly keys and hashes, which do not deflate.
const OPERATIONS: usize = 48 * 1024;

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
