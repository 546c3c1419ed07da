//! What goes into a bundle. The same item sealed again under the same key is the same envelope, so a bundle that is written again has
//! nothing new to say but what is new.

use super::file::BundleFile;
use super::sheet::Sheets;
use super::{BundleContents, BundleWritten, carried};
use crate::error::{Error, Result};
use crate::replica::{FORMER, SpaceKind, SpaceRow, words};
use crate::sync::Sync;
use crate::sync::as_packed::sealed_if_it_fits;
use crate::sync::epochs::epochs;
use crate::sync::erasing::sealed_blob;
use crate::sync::kit::inbox_tag;
use crate::sync::outbox::sealed;
use crate::sync::outgoing::{keys_for, stored_entry, urgency_of};
use crate::sync::wire::{EntryHash, Epoch, EpochKey, Item, Operation, space_tag};
use rafiq_protocol::Urgency;
use rusqlite::{Connection, OptionalExtension, params};
use std::io::{BufWriter, Write};
use std::path::Path;

impl Sync {
    /// Writes a bundle to a file; it is on the disk when this returns. A bundle that is there already is added to: what it holds
    /// stays, of whomever it is, what is missing or damaged in it is written behind it, and one that was cut goes on. A file that
    /// is no bundle is not touched.
    ///
    /// Everything held of the spaces goes in, and the notes and alerts that wait to leave; they go on waiting for a relay as well.
    /// Whoever finds the file sees how many envelopes it holds and how long they are.
    ///
    /// Errors: `Invalid{field: "file"}` with `not-a-bundle`, or `full` above 262,144 envelopes; `InUse` while somebody else writes to it;
    /// `NotFound` for a space that is not here, `NotAllowed` for one that this profile was taken out of; `StorageFull`; `Storage`, also where the file
    /// cannot be read to its end, and nobody would come to what is written behind that.
    pub fn write_bundle(&self, file: &Path, contents: &BundleContents) -> Result<BundleWritten> {
        let spaces = self.chosen(contents)?;
        let there = BundleFile::open(file)?;
        let mut to = BufWriter::new(&there.file);
        let mut written = BundleWritten { there: there.count(), ..BundleWritten::default() };
        let mut sheets = Sheets::new(&mut to);
        self.each_envelope(&spaces, contents.carried, &mut |envelope| {
            if !there.has(envelope) {
                sheets.put(envelope)?;
                written.envelopes += 1;
            }
            Ok(())
        })?;
        let added = if written.envelopes > 0 || !there.complete { sheets.finish()? } else { 0 };
        to.flush()?;
        drop(to);
        there.file.sync_all()?;
        written.bytes = (there.length + added) as i64;
        Ok(written)
    }

    /// The same to any stream: the whole of it, since what is at the other end cannot be looked at.
    ///
    /// Errors: `NotFound` and `NotAllowed` as [`Sync::write_bundle`]; the stream's as `StorageFull` or `Storage`.
    pub fn stream_bundle(&self, to: &mut dyn Write, contents: &BundleContents) -> Result<BundleWritten> {
        let spaces = self.chosen(contents)?;
        let (mut sheets, mut written) = (Sheets::new(to), BundleWritten::default());
        self.each_envelope(&spaces, contents.carried, &mut |envelope| {
            written.envelopes += 1;
            Ok(sheets.put(envelope)?)
        })?;
        written.bytes = sheets.finish()? as i64;
        Ok(written)
    }

    fn chosen(&self, contents: &BundleContents) -> Result<Vec<SpaceRow>> {
        let mut spaces = self.replica.spaces(None)?;
        spaces.retain(|space| space.kind != SpaceKind::Personal);
        if contents.spaces.is_empty() {
            // Whoever was taken out has no key that only members hold.
            spaces.retain(|space| space.role > FORMER);
            return Ok(spaces);
        }
        if contents.spaces.iter().any(|id| !spaces.iter().any(|space| space.id == *id)) {
            return Err(Error::NotFound);
        }
        spaces.retain(|space| contents.spaces.contains(&space.id));
        if spaces.iter().any(|space| space.role == FORMER) {
            return Err(Error::NotAllowed { role: "reader" });
        }
        Ok(spaces)
    }

    /// Alerts of all first, then what is small, then what is large, as on any other line: a bundle may be cut.
    fn each_envelope(
        &self,
        spaces: &[SpaceRow],
        carried: bool,
        each: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        self.forget_troubles(|_| true);
        // What was not signed yet becomes entries now, exactly as before an exchange.
        for relay in self.relays()?.iter().map(String::as_str).chain([""]) {
            self.fill_outbox(relay, false)?;
        }
        // Whoever hands over a card must know that something is not on it.
        if let Some(error) = spaces.iter().find_map(|space| self.trouble_of(&space.id)) {
            return Err(error);
        }
        // What is in a bundle has left: it is never taken back.
        self.replica.store().write(|rows| {
            let mut left =
                rows.prepare_cached("UPDATE outbox SET entry = NULL WHERE tag = ?1 AND entry IS NOT NULL")?;
            spaces
                .iter()
                .try_for_each(|space| left.execute([&space_tag(&space.id)[..]]).map(|_| ()).map_err(Error::from))
        })?;
        let mut keyed = Vec::new();
        for space in spaces {
            if let Some(key) = self.key_of(space)? {
                keyed.push((space, key));
            }
        }
        for urgency in Urgency::ALL {
            let mut after = 0;
            while let Some((number, envelope)) = self.replica.read(|rows| queued_note(rows, urgency, after))? {
                after = number;
                each(&envelope)?;
            }
            for (space, key) in &keyed {
                if urgency == Urgency::Small {
                    self.each_epoch(space, each)?;
                    self.each_operation(space, key, each)?;
                }
                if urgency == Urgency::Large {
                    self.each_blob(space, key, each)?;
                }
                if urgency == urgency_of(space.kind) {
                    self.each_entry(space, key, each)?;
                }
            }
            let mut after = 0;
            while carried
                && let Some((number, envelope)) = self.replica.read(|rows| carried::next(rows, urgency, after))?
            {
                after = number;
                each(&envelope)?;
            }
        }
        Ok(())
    }

    /// The key of a space to seal under: as on any other way, one that only members hold. `None` where there is none and this device may
    /// not make one; then others carry what is new there.
    fn key_of(&self, space: &SpaceRow) -> Result<Option<EpochKey>> {
        match self.replica.store().write(|rows| self.sealing_epoch(rows, space)) {
            Err(Error::NotAllowed { .. }) => Ok(None),
            key => key.map(Some),
        }
    }

    /// The epochs, so that whoever holds an earlier key comes to the newest, and whoever holds the newest to all.
    fn each_epoch(&self, space: &SpaceRow, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let keys = self.replica.read(|rows| epochs(rows, &space.id))?;
        let mut after = 0;
        while let Some((number, bytes)) = self.replica.read(|rows| next_of(rows, NEXT_EPOCH, space, after))? {
            after = number;
            let epoch = Epoch::decode(&bytes).map_err(|_| Error::Corrupt)?;
            let item = Item::Epoch(epoch.clone());
            for key in keys_for(&keys, &epoch) {
                each(&sealed(key, space, Urgency::Small, &item)?)?;
            }
        }
        Ok(())
    }

    fn each_operation(
        &self,
        space: &SpaceRow,
        key: &EpochKey,
        each: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut after = 0;
        while let Some((number, bytes)) = self.replica.read(|rows| next_of(rows, NEXT_OPERATION, space, after))? {
            after = number;
            let operation = Operation::decode(&bytes).map_err(|_| Error::Corrupt)?;
            each(&sealed(key, space, Urgency::Small, &Item::Operation(operation))?)?;
        }
        Ok(())
    }

    /// The words that live; of what was erased, the erasure is among the operations.
    fn each_blob(&self, space: &SpaceRow, key: &EpochKey, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut after = 0;
        while let Some((number, blob)) = self.replica.read(|rows| words::next(rows, &space.id, after, false))? {
            after = number;
            each(&sealed_blob(space, key, blob, None)?)?;
        }
        Ok(())
    }

    fn each_entry(&self, space: &SpaceRow, key: &EpochKey, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut after = 0;
        while let Some((number, envelope)) = self.replica.read(|rows| {
            let Some((number, hash)) = next_of(rows, NEXT_ENTRY, space, after)? else { return Ok(None) };
            let hash = EntryHash(hash.try_into().map_err(|_| Error::Corrupt)?);
            let (urgency, item) = (urgency_of(space.kind), Item::Entry(stored_entry(rows, &hash)?));
            Ok(Some((number, sealed_if_it_fits(rows, key, &space.id, urgency, &item, None)?)))
        })? {
            after = number;
            if let Some(envelope) = envelope {
                each(&envelope)?;
            }
        }
        Ok(())
    }
}

const NEXT_EPOCH: &str = "SELECT number, bytes FROM epoch WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1";
const NEXT_OPERATION: &str =
    "SELECT number, bytes FROM operation WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1";
const NEXT_ENTRY: &str = "SELECT number, hash FROM entry WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1";

fn next_of(rows: &Connection, sql: &str, space: &SpaceRow, after: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement = rows.prepare_cached(sql)?;
    let found = statement.query_row(params![&space.id.0[..], after], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(Error::from)
}

/// The next note to somebody's inbox that no relay has acknowledged, but for what is for a kit.
fn queued_note(rows: &Connection, urgency: Urgency, after: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement = rows.prepare_cached(
        "SELECT number, envelope FROM outbox WHERE token IS NOT NULL AND urgency = ?1 AND number > ?2
         AND tag IS NOT ?3 ORDER BY number LIMIT 1",
    )?;
    let kit = inbox_tag(rows)?.map(|tag| tag.to_vec());
    let found = statement.query_row(params![urgency as u8, after, kit], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(Error::from)
}
