//! The format of a bundle, written.
//!
//! ```text
//! bundle = sheet, sheet …
//! sheet  = magic 8 ‖ version 1 ‖ last 1 ‖ count 2 ‖ (envelope id 32 ‖ length 4) × count ‖ index hash 32 ‖ envelopes ‖ trailer 32
//! ```
//!
//! Small sheets instead of one long list: whoever writes or reads holds one at most, a cut or damaged place costs no more than its
//! own sheet, and a bundle is added to by writing behind it. The index names every envelope by the hash of its bytes and the trailer
//! names the index, so that there is nothing in a bundle that could change unseen by accident. Nothing in it is signed: envelopes
//! protect themselves, and whoever carries a bundle could leave some out anyway.

use rafiq_protocol::envelope_id;
use std::io::{Result, Write};

/// How every sheet begins: a byte that is no text, and line ends that a careless copy would change.
pub const MAGIC: [u8; 8] = *b"\x89RAFIQ\r\n";
/// The version that is written and the newest that is read.
pub const VERSION: u8 = 1;
/// Magic, version, last, count.
pub const HEAD: usize = 12;
/// An envelope's place in the index.
pub const ROW: usize = 36;
/// The index's hash, and the trailer.
pub const HASH: usize = 32;
/// The most envelopes of a sheet.
pub const MOST_ENVELOPES: usize = 1024;
/// A sheet ends with the envelope that would make it longer than this.
const FULL_SHEET: usize = 256 * 1024;

/// The hash of a sheet's head and index.
#[must_use]
pub fn index_hash(head_and_index: &[u8]) -> [u8; 32] {
    crate::ids::hash("rafiq 2026 bundle index v1", &[head_and_index])
}

/// What ends the sheet that has this index.
#[must_use]
pub fn trailer(index_hash: &[u8; 32]) -> [u8; 32] {
    crate::ids::hash("rafiq 2026 bundle trailer v1", &[index_hash])
}

/// Writes envelopes as sheets. Holds one sheet in memory.
pub struct Sheets<'a> {
    to: &'a mut dyn Write,
    index: Vec<u8>,
    envelopes: Vec<u8>,
    written: u64,
}

impl<'a> Sheets<'a> {
    /// To this stream.
    pub fn new(to: &'a mut dyn Write) -> Self {
        Self { to, index: Vec::new(), envelopes: Vec::new(), written: 0 }
    }

    /// The next envelope, of at most 64 KiB.
    ///
    /// # Errors
    /// The stream's.
    pub fn put(&mut self, envelope: &[u8]) -> Result<()> {
        let full = self.envelopes.len() + envelope.len() > FULL_SHEET || self.index.len() / ROW == MOST_ENVELOPES;
        if full && !self.index.is_empty() {
            self.write_sheet(false)?;
        }
        self.index.extend(envelope_id(envelope));
        self.index.extend((envelope.len() as u32).to_be_bytes()); // an envelope's length fits
        self.envelopes.extend(envelope);
        Ok(())
    }

    /// Writes what is left as the last sheet, which there always is, and gives the number of bytes written in all.
    ///
    /// # Errors
    /// The stream's.
    pub fn finish(mut self) -> Result<u64> {
        self.write_sheet(true)?;
        self.to.flush()?;
        Ok(self.written)
    }

    fn write_sheet(&mut self, last: bool) -> Result<()> {
        let count = (self.index.len() / ROW) as u16; // at most MOST_ENVELOPES
        let mut head = [&MAGIC[..], &[VERSION, u8::from(last)], &count.to_be_bytes(), &self.index].concat();
        let hash = index_hash(&head);
        head.extend(hash);
        for part in [&head[..], &self.envelopes, &trailer(&hash)] {
            self.to.write_all(part)?;
            self.written += part.len() as u64;
        }
        self.index.clear();
        self.envelopes.clear();
        Ok(())
    }
}
