//! How a payload is written inside an envelope: as it is, deflated, or, for the changes of an entry or of a pack, in a compact form. All are
//! bounded before memory is spent.

mod compact;
mod past;
mod reading;
mod streams;
mod writing;

use super::cbor::VERSION;
use super::error::{Result, WireError};
use crate::sync::scanner::Refused;
use compact::Kind;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

pub(crate) use compact::{changes_len, compact_len};

/// The most bytes of a payload before encoding: the changes of an entry (512 KiB) and what stands beside them (64 KiB).
pub const MAX_PAYLOAD: usize = (512 + 64) * 1024;

/// As it is.
pub const STORED: u8 = 0;
/// Raw deflate, RFC 1951.
pub const DEFLATE: u8 = 1;
/// An entry with its changes taken apart: see `core/docs/protocol.md`, *Compact entries*.
pub const COMPACT: u8 = 2;

/// A pack's part, in the same way.
pub const COMPACT_PART: u8 = 3;

/// miniz's densest level that still costs about a millisecond for a full envelope.
const LEVEL: u8 = 8;

/// A compact form so many times shorter than the payload is taken without a look at what deflate alone would make of it.
const SHORT: usize = 4;

/// The payload in the smallest of the codecs, and which it is.
///
/// # Errors
/// `TooLarge` above [`MAX_PAYLOAD`].
pub fn encode(payload: &[u8]) -> Result<(u8, Vec<u8>)> {
    if payload.len() > MAX_PAYLOAD {
        return Err(WireError::TooLarge);
    }
    let mut forms = vec![(STORED, payload.to_vec())];
    match compact::write(payload) {
        Some((kind, compact)) if compact.len() <= payload.len() / SHORT => return Ok((codec_of(kind), compact)),
        Some((kind, compact)) => forms.extend([(DEFLATE, compress_to_vec(payload, LEVEL)), (codec_of(kind), compact)]),
        None => forms.push((DEFLATE, compress_to_vec(payload, LEVEL))),
    }
    // The first of the shortest, which is the simplest.
    forms.into_iter().min_by_key(|(_, form)| form.len()).ok_or(WireError::Malformed)
}

/// The payload back, never more than [`MAX_PAYLOAD`] bytes whatever the input claims.
///
/// # Errors
/// `TooLarge`, `Malformed`, or `Newer` for an unknown codec, which waits for an upgrade.
pub fn decode(codec: u8, encoded: &[u8]) -> Result<Vec<u8>> {
    match codec {
        STORED if encoded.len() > MAX_PAYLOAD => Err(WireError::TooLarge),
        STORED => Ok(encoded.to_vec()),
        DEFLATE => inflate(encoded, MAX_PAYLOAD),
        COMPACT => compact::read(encoded, Kind::Entry),
        COMPACT_PART => compact::read(encoded, Kind::Part),
        _ => Err(WireError::Newer { needs: VERSION + 1 }),
    }
}

const fn codec_of(kind: Kind) -> u8 {
    match kind {
        Kind::Entry => COMPACT,
        Kind::Part => COMPACT_PART,
    }
}

/// At most `limit` bytes, for which no more memory is set aside than comes out.
fn inflate(deflated: &[u8], limit: usize) -> Result<Vec<u8>> {
    decompress_to_vec_with_limit(deflated, limit).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => WireError::TooLarge,
        _ => WireError::Malformed,
    })
}

/// Streams are read by the scanner's strict reader; here its reasons are one.
impl From<Refused> for WireError {
    fn from(_: Refused) -> Self {
        Self::Malformed
    }
}

#[cfg(test)]
mod tests;
