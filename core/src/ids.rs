//! Names of things: spaces, documents, people, records. All are bytes inside and lower-case base32 text outside.

use crate::error::{Error, Result};

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The unit of sharing and of audience: the hash of its founding operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpaceId(pub [u8; 32]);

/// One Automerge document: the hash of space, kind, bucket and generation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub [u8; 32]);

/// A human, with or without a phone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub [u8; 16]);

/// What signs and writes: a device's Ed25519 public key and its incarnation, renewed after a restore or clone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Author {
    /// The device's Ed25519 public key.
    pub device: [u8; 32],
    /// Counts restores and clones; an (author, document) pair never writes one sequence number twice.
    pub incarnation: u32,
}

/// A hash for one purpose: BLAKE3 in key-derivation mode, so that no two purposes can be confused.
pub(crate) fn hash(context: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

impl DocumentId {
    /// No genesis change: two phones that open the same bucket offline mean the same document.
    pub fn of(space: &SpaceId, kind: u16, bucket: &str, generation: u32) -> Self {
        let length = (bucket.len() as u64).to_be_bytes();
        let parts: [&[u8]; 5] = [&space.0, &kind.to_be_bytes(), &length, bucket.as_bytes(), &generation.to_be_bytes()];
        Self(hash("rafiq 2026 document id v1", &parts))
    }
}

impl Author {
    /// The Automerge actor of this author in one document. Bound to the document, so that one id never counts in two.
    pub fn actor(&self, document: &DocumentId) -> [u8; 16] {
        let full = hash("rafiq 2026 actor id v1", &[&self.device, &self.incarnation.to_be_bytes(), &document.0]);
        let mut actor = [0; 16];
        actor.copy_from_slice(&full[..16]);
        actor
    }
}

/// Bytes as lower-case base32 (RFC 4648, no padding).
pub fn to_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0u32, 0);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(buffer >> bits & 31) as usize]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(buffer << (5 - bits) & 31) as usize]));
    }
    text
}

/// The bytes that [`to_text`] wrote; upper case is accepted, nothing else is.
pub fn from_text(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut buffer, mut bits) = (0u32, 0);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|a| *a == character.to_ascii_lowercase())?;
        buffer = buffer << 5 | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 255) as u8);
        }
        buffer &= (1 << bits) - 1;
    }
    // Left-over bits must be zero and fewer than a character: one text for one value.
    (buffer == 0 && bits < 5).then_some(bytes)
}

fn fixed<const N: usize>(text: &str, field: &'static str) -> Result<[u8; N]> {
    let bytes = if text.len() <= 2 * N { from_text(text) } else { None };
    bytes.and_then(|b| b.try_into().ok()).ok_or(Error::invalid(field, "format"))
}

impl SpaceId {
    /// Reads the text form; `Invalid{field: "space"}` otherwise.
    pub fn parse(text: &str) -> Result<Self> {
        fixed(text, "space").map(Self)
    }
}

impl PersonId {
    /// Reads the text form; `Invalid{field: "person"}` otherwise.
    pub fn parse(text: &str) -> Result<Self> {
        fixed(text, "person").map(Self)
    }
}

impl std::fmt::Display for SpaceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&to_text(&self.0))
    }
}

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&to_text(&self.0))
    }
}

impl std::fmt::Debug for SpaceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "space {}", &to_text(&self.0)[..8])
    }
}

impl std::fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "document {}", &to_text(&self.0)[..8])
    }
}

impl std::fmt::Debug for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "person {}", &to_text(&self.0)[..8])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for n in 0..70u8 {
            let bytes: Vec<u8> = (0..n).map(|i| i.wrapping_mul(37).wrapping_add(n)).collect();
            assert_eq!(from_text(&to_text(&bytes)), Some(bytes));
        }
        assert_eq!(to_text(b"foobar"), "mzxw6ytboi");
        assert_eq!(from_text("MZXW6YTBOI"), Some(b"foobar".to_vec()));
    }

    #[test]
    fn one_text_for_one_value() {
        assert_eq!(from_text("mzxw6ytboj"), None, "left-over bits set");
        assert_eq!(from_text("a"), None, "no byte at all");
        assert_eq!(from_text("mz1"), None, "no such character");
        assert!(PersonId::parse("mzxw6ytboi").is_err());
    }

    #[test]
    fn documents_of_one_space_differ() {
        let space = SpaceId([7; 32]);
        let a = DocumentId::of(&space, 20, "2026-11", 0);
        assert_ne!(a, DocumentId::of(&space, 20, "2026-12", 0));
        assert_ne!(a, DocumentId::of(&space, 21, "2026-11", 0));
        assert_ne!(a, DocumentId::of(&space, 20, "2026-11", 1));
        assert_eq!(a, DocumentId::of(&space, 20, "2026-11", 0));
    }
}
