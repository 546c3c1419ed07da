//! A bundle's file that is written to, and may hold something already. Whenever the card is pulled out, nothing is on it less than before.

use super::Damaged;
use super::scan::{Found, scan};
use super::sheet::Sheets;
use crate::error::{Error, Result};
use crate::store::sync_folder;
use crate::vault::try_lock;
use rafiq_protocol::envelope_id;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Seek, SeekFrom, Write};
use std::path::Path;

/// A file with more envelopes than this is not added to: knowing each of them takes about 8 MB.
const MOST_KNOWN: usize = 1 << 18;
/// Of a sheet that was cut so much is held in memory, to be written again; ours are never longer.
const MOST_RESCUED: usize = 1024 * 1024;

/// A file that is written behind what it holds.
pub(super) struct BundleFile {
    /// It stands where writing goes on, and nobody else writes to it meanwhile.
    pub(super) file: File,
    /// The bytes before that place.
    pub(super) length: u64,
    /// Whether the file is a bundle that ends as one.
    pub(super) complete: bool,
    ids: HashSet<u128>,
}

/// What is found in a file.
#[derive(Default)]
struct There {
    /// Where the sheet that is being read begins.
    begun: Option<u64>,
    /// Its whole envelopes, and their bytes together.
    whole: Vec<Vec<u8>>,
    bytes: usize,
    /// Where the last sheet was cut, if nothing came after it.
    cut: Option<u64>,
    unreadable: bool,
}

impl BundleFile {
    /// Opens a file, or makes it, and mends a bundle that was cut.
    ///
    /// Errors, and then it is as it was: `Invalid{field: "file"}` with `not-a-bundle` or `full`; `InUse` while somebody else writes; `Storage` where
    /// reading ends before the file does.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let new = !path.exists();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        // Where a medium knows no locks, nobody can be asked to wait.
        if try_lock(&file) == Err(Error::InUse) {
            return Err(Error::InUse);
        }
        if new && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let _ = sync_folder(folder); // not every medium can; there a new file is on its own
        }
        let length = file.metadata()?.len();
        let mut this = Self { file, length, complete: false, ids: HashSet::new() };
        if length > 0 {
            let there = this.look()?;
            match there.cut {
                Some(at) if there.bytes <= MOST_RESCUED => this.mend(at, &there.whole)?,
                cut => this.complete = cut.is_none(),
            }
        }
        this.file.seek(SeekFrom::Start(this.length))?;
        Ok(this)
    }

    /// How many envelopes were found.
    pub(super) fn count(&self) -> i64 {
        self.ids.len() as i64
    }

    /// Whether this envelope is in the file, whole.
    pub(super) fn has(&self, envelope: &[u8]) -> bool {
        self.ids.contains(&short(&envelope_id(envelope)))
    }

    fn look(&mut self) -> Result<There> {
        let (mut there, ids) = (There::default(), &mut self.ids);
        let is_bundle = scan(&mut BufReader::new(&self.file), &mut |found| {
            match found {
                Found::Begins(at) => there = There { begun: Some(at), ..There::default() },
                Found::Envelope(id, bytes) => {
                    ids.insert(short(id));
                    if ids.len() > MOST_KNOWN {
                        return Err(Error::invalid("file", "full"));
                    }
                    there.bytes += bytes.len();
                    if there.bytes <= MOST_RESCUED {
                        there.whole.push(bytes.to_vec());
                    }
                }
                Found::Ends => there = There::default(),
                Found::Damaged(damage) => match damage.what {
                    Damaged::Cut => there.cut = Some(there.begun.take().unwrap_or(damage.at.unsigned_abs())),
                    Damaged::Unreadable | Damaged::TooMuch => there.unreadable = true,
                    // Nothing in front of what another version wrote, or of what is damaged, is cut off.
                    _ => there.cut = None,
                },
            }
            Ok(())
        })?;
        if there.unreadable {
            return Err(Error::Storage { code: -1 }); // nobody would read on to what stands behind that place
        }
        if is_bundle { Ok(there) } else { Err(Error::invalid("file", "not-a-bundle")) }
    }

    /// Writes the sheet that was cut anew with the envelopes that are left of it: first behind everything, then in its place. So they are
    /// whole on the medium in every moment.
    fn mend(&mut self, at: u64, whole: &[Vec<u8>]) -> Result<()> {
        let mut sheet = Vec::new();
        let mut sheets = Sheets::new(&mut sheet);
        for envelope in whole {
            sheets.put(envelope)?;
        }
        sheets.finish()?;
        let end = at + sheet.len() as u64;
        for place in mended_at(at, self.length, sheet.len() as u64) {
            self.file.seek(SeekFrom::Start(place))?;
            self.file.write_all(&sheet)?;
            self.file.sync_all()?;
        }
        self.file.set_len(end)?;
        self.file.sync_all()?;
        (self.length, self.complete) = (end, true);
        Ok(())
    }
}

/// Where the new sheet is written, one after the other, if the file has this length and its last sheet was cut and began at `at`.
pub(super) const fn mended_at(at: u64, length: u64, sheet: u64) -> [u64; 2] {
    let behind = if at + sheet > length { at + sheet } else { length };
    [behind, at]
}

/// Half of an envelope's name tells it from all others by chance; whoever made two alike would keep their own from being written.
fn short(id: &[u8; 32]) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&id[..16]);
    u128::from_be_bytes(half)
}
