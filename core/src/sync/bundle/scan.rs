//! The format of a bundle, read: one envelope at a time, over whatever gives bytes, however damaged.
//!
//! Time grows with the bytes that are there; memory is a sheet's index and one envelope. Where a sheet should begin and none does, the
//! next is looked for.

use super::sheet::{HASH, HEAD, MAGIC, MOST_ENVELOPES, ROW, VERSION, index_hash, trailer};
use super::{Damage, Damaged};
use crate::error::Result;
use rafiq_protocol::envelope_id;
use rafiq_protocol::limits::MAX_ENVELOPE;
use std::io::Read;

/// Reading ends at this many damaged places: somebody has made them.
pub const MOST_DAMAGED: usize = 1_000;
/// How much is looked through at once for the next sheet.
const STRIDE: usize = 64 * 1024;

/// What a bundle holds, in the order of its bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// A sheet begins at this byte; its index is whole.
    Begins(u64),
    /// An envelope whose bytes are those that the index names.
    Envelope(&'a [u8; 32], &'a [u8]),
    /// The sheet has ended where it should.
    Ends,
    /// Something is not whole.
    Damaged(Damage),
}

/// Reads a bundle and hands over what it holds. `false` if there was no sheet in it and it does not even begin as one: it is
/// something else.
///
/// # Errors
/// Only those of `each`: what is wrong with the bytes or with what gives them is [`Found::Damaged`].
pub fn scan(from: &mut dyn Read, each: &mut dyn FnMut(Found<'_>) -> Result<()>) -> Result<bool> {
    let mut scanner =
        Scanner { window: Window { from, bytes: Vec::new(), at: 0, failed: false }, each, damaged: 0, complete: false };
    scanner.window.fill(MAGIC.len());
    // What cannot be read at all may be one.
    let nothing = scanner.window.bytes.is_empty() && !scanner.window.failed;
    let begun = MAGIC.starts_with(&scanner.window.bytes) && !nothing;
    let sheets = scanner.run()?;
    Ok(begun || sheets > 0)
}

/// What the head of a sheet turned out to be.
enum Head {
    Whole { rows: Vec<u8>, hash: [u8; 32], last: bool },
    Newer,
    Damaged,
    Cut,
}

struct Scanner<'a, 'b> {
    window: Window<'a>,
    each: &'b mut dyn FnMut(Found<'_>) -> Result<()>,
    damaged: usize,
    /// Whether the last sheet said that it is the last, and nothing is missing since.
    complete: bool,
}

impl Scanner<'_, '_> {
    fn run(&mut self) -> Result<u64> {
        let mut sheets = 0;
        while self.damaged < MOST_DAMAGED && self.window.fill(1) {
            let at = self.window.at;
            match self.head() {
                Head::Whole { rows, hash, last } => {
                    sheets += 1;
                    self.complete = false;
                    (self.each)(Found::Begins(at))?;
                    if self.sheet(&rows, &hash)? {
                        self.complete = last;
                        (self.each)(Found::Ends)?;
                    }
                }
                Head::Newer => self.pass_over(Damaged::Newer, at)?,
                Head::Damaged => self.pass_over(Damaged::Index, at)?,
                Head::Cut => self.pass_over(Damaged::Cut, at)?,
            }
        }
        let at = self.window.at;
        if self.damaged >= MOST_DAMAGED {
            self.report(Damaged::TooMuch, at)?;
        } else if self.window.failed {
            self.report(Damaged::Unreadable, at + self.window.bytes.len() as u64)?;
        } else if !self.complete && (sheets > 0 || at == 0) {
            self.report(Damaged::Cut, at)?;
        }
        Ok(sheets)
    }

    /// Reports a sheet that cannot be read and goes to the next that begins as one. That it was cut is only true of the last.
    fn pass_over(&mut self, what: Damaged, at: u64) -> Result<()> {
        self.window.take(1);
        let next = self.window.seek();
        match what {
            Damaged::Cut if next => self.report(Damaged::Index, at),
            _ if self.window.failed => Ok(()),
            _ => {
                self.report(what, at)?;
                self.complete = !next; // it has been told
                Ok(())
            }
        }
    }

    fn report(&mut self, what: Damaged, at: u64) -> Result<()> {
        self.damaged += 1;
        (self.each)(Found::Damaged(Damage { what, at: i64::try_from(at).unwrap_or(i64::MAX) }))
    }

    fn head(&mut self) -> Head {
        self.window.fill(HEAD);
        let bytes = &self.window.bytes;
        if bytes.len() < HEAD {
            return if MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]) { Head::Cut } else { Head::Damaged };
        }
        if bytes[..MAGIC.len()] != MAGIC || bytes[8] == 0 {
            return Head::Damaged;
        }
        if bytes[8] > VERSION {
            return Head::Newer;
        }
        let count = usize::from(u16::from_be_bytes([bytes[10], bytes[11]]));
        if count > MOST_ENVELOPES || bytes[9] > 1 {
            return Head::Damaged;
        }
        let last = bytes[9] == 1;
        let named = HEAD + count * ROW;
        if !self.window.fill(named + HASH) {
            return Head::Cut;
        }
        let hash = index_hash(&self.window.bytes[..named]);
        if self.window.bytes[named..named + HASH] != hash {
            return Head::Damaged;
        }
        let rows = self.window.bytes[HEAD..named].to_vec();
        if rows.chunks_exact(ROW).any(|row| row_of(row).1 > MAX_ENVELOPE) {
            return Head::Damaged;
        }
        self.window.take(named + HASH);
        Head::Whole { rows, hash, last }
    }

    /// The envelopes of a sheet and its end. `false` if it has none: it was reported, and the next sheet begins where the window stands.
    fn sheet(&mut self, rows: &[u8], hash: &[u8; 32]) -> Result<bool> {
        let mut whole = true;
        for row in rows.chunks_exact(ROW) {
            if self.damaged >= MOST_DAMAGED {
                return Ok(false);
            }
            let (id, length) = row_of(row);
            let there = self.window.fill(length);
            if there && envelope_id(&self.window.bytes[..length]) == id {
                (self.each)(Found::Envelope(&id, &self.window.bytes[..length]))?;
                self.window.take(length);
                continue;
            }
            let at = self.window.at;
            // Was the sheet cut here, and another written behind it?
            let searched = length + MAGIC.len() - 1; // one that begins in this envelope's last bytes, too
            self.window.fill(searched);
            if let Some(next) = find(&self.window.bytes[..searched.min(self.window.bytes.len())]) {
                self.window.take(next);
                self.report(Damaged::Cut, at)?;
                return Ok(false);
            }
            if !there {
                self.window.take(self.window.bytes.len());
                return Ok(false); // the end tells that it was cut
            }
            whole = false;
            self.report(Damaged::Envelope, at)?;
            self.window.take(length);
        }
        let at = self.window.at;
        let there = self.window.fill(HASH);
        if there && self.window.bytes[..HASH] == trailer(hash) {
            self.window.take(HASH);
            return Ok(true);
        }
        let next = self.window.seek();
        if whole && (there || next) {
            self.report(Damaged::Trailer, at)?;
        }
        self.complete = there && !next;
        Ok(false)
    }
}

/// An envelope's id and length, from its place in the index.
fn row_of(row: &[u8]) -> ([u8; 32], usize) {
    let mut id = [0; 32];
    id.copy_from_slice(&row[..32]);
    (id, u32::from_be_bytes([row[32], row[33], row[34], row[35]]) as usize)
}

/// Where the next sheet may begin.
fn find(bytes: &[u8]) -> Option<usize> {
    bytes.windows(MAGIC.len()).position(|window| window == MAGIC)
}

/// What has been read and not yet taken: never more than was asked for.
struct Window<'a> {
    from: &'a mut dyn Read,
    bytes: Vec<u8>,
    /// Where in the bundle it stands.
    at: u64,
    failed: bool,
}

impl Window<'_> {
    /// Reads on until there are so many bytes. `false` if there are not.
    fn fill(&mut self, count: usize) -> bool {
        if self.bytes.len() < count && !self.failed {
            let missing = (count - self.bytes.len()) as u64;
            self.failed = (&mut *self.from).take(missing).read_to_end(&mut self.bytes).is_err();
        }
        self.bytes.len() >= count
    }

    fn take(&mut self, count: usize) {
        let count = count.min(self.bytes.len());
        self.bytes.drain(..count);
        self.at += count as u64;
    }

    /// Goes to the next place where a sheet may begin; `false` if there is none.
    fn seek(&mut self) -> bool {
        loop {
            let more = self.fill(STRIDE);
            if let Some(next) = find(&self.bytes) {
                self.take(next);
                return true;
            }
            let kept = if more { MAGIC.len() - 1 } else { 0 };
            self.take(self.bytes.len() - kept);
            if !more {
                return false;
            }
        }
    }
}
