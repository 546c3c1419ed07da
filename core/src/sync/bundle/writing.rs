//! What goes into a bundle. The same item sealed again under the same key is the same envelope, so a bundle that is written again has
//! nothing new to say but what is new.

use super::scan::{Found, scan};
use super::sheet::Sheets;
use super::{BundleContents, BundleWritten, Damaged, carried};
use crate::error::{Error, Result};
use crate::replica::{SpaceKind, SpaceRow};
use crate::sync::Sync;
use crate::sync::epochs::newest_epoch;
use crate::sync::outgoing::{stored_entry, urgency_of};
use crate::sync::wire::{EntryHash, Item, Operation, seal, space_tag};
use rafiq_protocol::{Urgency, envelope_id};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// Of a bundle that is added to, so many envelopes are known (2 MB); what lies behind them may be written a second time.
const MOST_KNOWN: usize = 65_536;

impl Sync {
    /// Writes a bundle to a file; it is on the disk when this returns. A bundle that is there already is added to: what it holds
    /// stays, of whomever it is, what is missing or damaged in it is written behind it, and one that was cut goes on. A file that
    /// is no bundle is not touched.
    ///
    /// Everything held of the spaces goes in, and the notes and alerts that wait to leave; they go on waiting for a relay as well.
    /// Whoever finds the file sees how many envelopes it holds and how long they are.
    ///
    /// Errors: `Invalid{field: "file", reason: "not-a-bundle"}`, `NotFound` for a space that is not here, `StorageFull`, `Storage`.
    pub fn write_bundle(&self, file: &Path, contents: &BundleContents) -> Result<BundleWritten> {
        let spaces = self.chosen(contents)?;
        let mut there = There::open(file)?;
        let length = there.file.stream_position()?;
        let mut to = BufWriter::new(&there.file);
        let mut written = BundleWritten { there: there.ids.len() as i64, ..BundleWritten::default() };
        let mut sheets = Sheets::new(&mut to);
        for envelope in &there.rescued {
            sheets.put(envelope)?;
        }
        self.each_envelope(&spaces, contents.carried, &mut |envelope| {
            if !there.ids.contains(&envelope_id(envelope)) {
                sheets.put(envelope)?;
                written.envelopes += 1;
            }
            Ok(())
        })?;
        let added = if written.envelopes > 0 || !there.complete { sheets.finish()? } else { 0 };
        to.flush()?;
        drop(to);
        there.file.sync_all()?;
        written.bytes = (length + added) as i64;
        Ok(written)
    }

    /// The same to any stream: the whole of it, since what is at the other end cannot be looked at.
    ///
    /// Errors: `NotFound` for a space that is not here; the stream's as `StorageFull` or `Storage`.
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
            return Ok(spaces);
        }
        if contents.spaces.iter().any(|id| !spaces.iter().any(|space| space.id == *id)) {
            return Err(Error::NotFound);
        }
        spaces.retain(|space| contents.spaces.contains(&space.id));
        Ok(spaces)
    }

    /// Alerts of all first, then what is small, then what is large, as on any other line: a bundle may be cut.
    fn each_envelope(
        &self,
        spaces: &[SpaceRow],
        carried: bool,
        each: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        // What was not signed yet becomes entries now, exactly as before an exchange.
        for relay in self.relays()?.iter().map(String::as_str).chain([""]) {
            self.fill_outbox(relay)?;
        }
        // What is in a bundle has left: it is never taken back.
        self.replica.store().write(|rows| {
            let mut left =
                rows.prepare_cached("UPDATE outbox SET entry = NULL WHERE tag = ?1 AND entry IS NOT NULL")?;
            spaces
                .iter()
                .try_for_each(|space| left.execute([&space_tag(&space.id)[..]]).map(|_| ()).map_err(Error::from))
        })?;
        for urgency in Urgency::ALL {
            let mut after = 0;
            while let Some((number, envelope)) = self.replica.read(|rows| queued_note(rows, urgency, after))? {
                after = number;
                each(&envelope)?;
            }
            for space in spaces {
                if urgency == Urgency::Small {
                    self.each_operation(space, each)?;
                }
                if urgency == urgency_of(space.kind) {
                    self.each_entry(space, each)?;
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

    fn each_operation(&self, space: &SpaceRow, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut after = 0;
        while let Some((number, envelope)) = self.replica.read(|rows| {
            let Some((number, bytes)) = next_of(rows, NEXT_OPERATION, space, after)? else { return Ok(None) };
            let operation = Operation::decode(&bytes).map_err(|_| Error::Corrupt)?;
            Ok(Some((number, sealed(rows, space, &Item::Operation(operation), Urgency::Small)?)))
        })? {
            after = number;
            each(&envelope)?;
        }
        Ok(())
    }

    fn each_entry(&self, space: &SpaceRow, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut after = 0;
        while let Some((number, envelope)) = self.replica.read(|rows| {
            let Some((number, hash)) = next_of(rows, NEXT_ENTRY, space, after)? else { return Ok(None) };
            let hash = EntryHash(hash.try_into().map_err(|_| Error::Corrupt)?);
            let entry = stored_entry(rows, &hash)?;
            Ok(Some((number, sealed(rows, space, &Item::Entry(entry), urgency_of(space.kind))?)))
        })? {
            after = number;
            each(&envelope)?;
        }
        Ok(())
    }
}

const NEXT_OPERATION: &str =
    "SELECT number, bytes FROM operation WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1";
const NEXT_ENTRY: &str = "SELECT number, hash FROM entry WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1";

fn next_of(rows: &Connection, sql: &str, space: &SpaceRow, after: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement = rows.prepare_cached(sql)?;
    let found = statement.query_row(params![&space.id.0[..], after], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(Error::from)
}

fn sealed(rows: &Connection, space: &SpaceRow, item: &Item, urgency: Urgency) -> Result<Vec<u8>> {
    seal(&newest_epoch(rows, &space.id)?, &space_tag(&space.id), urgency, &item.encode())
        .map_err(|error| Error::bug(format!("seal {}", error.reason())))
}

/// The next note to somebody's inbox that no relay has acknowledged.
fn queued_note(rows: &Connection, urgency: Urgency, after: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement = rows.prepare_cached(
        "SELECT number, envelope FROM outbox WHERE token IS NOT NULL AND urgency = ?1 AND number > ?2 ORDER BY number LIMIT 1",
    )?;
    let found = statement.query_row(params![urgency as u8, after], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(Error::from)
}

/// A file that is written behind what it holds.
struct There {
    file: File,
    ids: HashSet<[u8; 32]>,
    /// The whole envelopes of a sheet that was cut; the file ends before it now.
    rescued: Vec<Vec<u8>>,
    /// Whether the file is a bundle that ends as one.
    complete: bool,
}

impl There {
    fn open(path: &Path) -> Result<Self> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut there = Self { file: file.try_clone()?, ids: HashSet::new(), rescued: Vec::new(), complete: false };
        let mut end = file.metadata()?.len();
        if end == 0 {
            return Ok(there);
        }
        // Where the sheet that is being read began, and where the file was cut, if nothing came after that.
        let (mut begun, mut cut, mut unreadable) = (None, None, false);
        let is_bundle = scan(&mut BufReader::new(&file), &mut |found| {
            match found {
                Found::Begins(at) => {
                    (begun, cut) = (Some(at), None);
                    there.rescued.clear();
                }
                Found::Envelope(id, bytes) => {
                    if there.ids.len() < MOST_KNOWN {
                        there.ids.insert(*id);
                    }
                    there.rescued.push(bytes.to_vec());
                }
                Found::Ends => {
                    (begun, cut) = (None, None);
                    there.rescued.clear();
                }
                Found::Damaged(damage) => match damage.what {
                    Damaged::Cut => cut = Some(begun.take().unwrap_or(damage.at.unsigned_abs())),
                    Damaged::Unreadable | Damaged::TooMuch => unreadable = true,
                    _ => {}
                },
            }
            Ok(())
        })?;
        if !is_bundle {
            return Err(Error::invalid("file", "not-a-bundle"));
        }
        if let Some(at) = cut.filter(|_| !unreadable) {
            file.set_len(at)?;
            end = at;
        } else {
            there.rescued.clear();
            there.complete = true;
        }
        file.seek(SeekFrom::Start(end))?;
        Ok(there)
    }
}
