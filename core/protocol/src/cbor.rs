//! CBOR in one form only: encode, decode strictly, decode lists with a bound.

use crate::{ProtocolError, Result};
use minicbor::{Decode, Decoder, Encode, decode, encode};

/// The bytes of a message. `what` names it in errors; `limit` is the most bytes it may take.
///
/// # Errors
/// `TooLarge` above the limit.
pub fn to_bytes<T: Encode<()>>(value: &T, limit: usize, what: &'static str) -> Result<Vec<u8>> {
    // Writing into a Vec fails only when a field's own encoder says so; ours never do.
    let bytes = minicbor::to_vec(value).map_err(|_| ProtocolError::Malformed { what })?;
    if bytes.len() > limit { Err(ProtocolError::TooLarge { what, limit }) } else { Ok(bytes) }
}

/// A message from bytes of a stranger: bounded by `limit`, nothing after it, written in its one shortest form.
///
/// The form is checked by writing the value again, so whatever a field's decoder is lenient about (long integers,
/// indefinite lengths, unknown elements) is refused in one place.
///
/// # Errors
/// `TooLarge`, `TooMany`, `Malformed` or `NotCanonical`.
pub fn from_bytes<'b, T>(bytes: &'b [u8], limit: usize, what: &'static str) -> Result<T>
where
    T: Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > limit {
        return Err(ProtocolError::TooLarge { what, limit });
    }
    let mut decoder = Decoder::new(bytes);
    let value: T = decoder.decode().map_err(|error| {
        let inner = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<ProtocolError>());
        inner.copied().unwrap_or(ProtocolError::Malformed { what })
    })?;
    if decoder.position() != bytes.len() || to_bytes(&value, limit, what).ok().as_deref() != Some(bytes) {
        return Err(ProtocolError::NotCanonical { what });
    }
    Ok(value)
}

/// For `#[cbor(decode_with = "cbor::list::<MAX, _, _>")]`: at most `MAX` elements, with no memory set aside for claimed ones.
///
/// # Errors
/// `TooMany` (inside minicbor's error), or whatever an element fails with.
pub fn list<'b, const MAX: usize, C, T: Decode<'b, C>>(
    d: &mut Decoder<'b>,
    ctx: &mut C,
) -> Result<Vec<T>, decode::Error> {
    let mut values = Vec::new();
    let mut left = d.array()?.ok_or_else(|| malformed("a list"))?;
    if left > MAX as u64 {
        return Err(decode::Error::custom(ProtocolError::TooMany { what: "elements", limit: MAX }));
    }
    while left > 0 {
        values.push(d.decode_with(ctx)?);
        left -= 1;
    }
    Ok(values)
}

/// For `#[cbor(decode_with = "cbor::bytes_within::<MIN, MAX, _>")]` on a `Vec<u8>`: a byte string of a bounded length.
///
/// # Errors
/// `TooLarge` or `Malformed` (inside minicbor's error).
pub fn bytes_within<const MIN: usize, const MAX: usize, C>(
    d: &mut Decoder<'_>,
    _: &mut C,
) -> Result<Vec<u8>, decode::Error> {
    let bytes = d.bytes()?;
    if bytes.len() > MAX {
        return Err(decode::Error::custom(ProtocolError::TooLarge { what: "a byte string", limit: MAX }));
    }
    if bytes.len() < MIN {
        return Err(malformed("a byte string"));
    }
    Ok(bytes.to_vec())
}

/// For `#[cbor(encode_with = "cbor::put_bytes")]` on a `Vec<u8>`.
///
/// # Errors
/// Only the writer's own.
pub fn put_bytes<C, W: encode::Write>(
    bytes: &[u8],
    e: &mut encode::Encoder<W>,
    _: &mut C,
) -> Result<(), encode::Error<W::Error>> {
    e.bytes(bytes)?.ok()
}

/// Refuses a message of another version than [`crate::MESSAGE_VERSION`].
///
/// # Errors
/// `NewerVersion`, or `Malformed` for version 0.
pub fn check_version(version: u8, what: &'static str) -> Result<()> {
    match version {
        crate::MESSAGE_VERSION => Ok(()),
        0 => Err(ProtocolError::Malformed { what }),
        _ => Err(ProtocolError::NewerVersion { what, version }),
    }
}

/// A minicbor error that carries ours.
#[must_use]
pub fn malformed(what: &'static str) -> decode::Error {
    decode::Error::custom(ProtocolError::Malformed { what })
}
