//! What is signed for a relay, and by whom.

use crate::{Handover, KeyList, KeyName, Nonce, ProtocolError, RelayKey, Result, Section, SectionBody, Tag};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

const SECTION_DOMAIN: &[u8] = b"rafiq exchange v1\0";
const KEYS_DOMAIN: &[u8] = b"rafiq relay keys v1\0";
const HANDOVER_DOMAIN: &[u8] = b"rafiq relay list key v1\0";
const KEY_NAME_CONTEXT: &str = "rafiq 2026 relay key name v1";

/// The 8 bytes by which a section names its key among those of its space.
#[must_use]
pub fn key_short_name(key: &RelayKey) -> [u8; 8] {
    let mut name = [0; 8];
    name.copy_from_slice(&blake3::derive_key(KEY_NAME_CONTEXT, key)[..8]);
    name
}

/// What a section's key signs: domain, nonce (nothing when there is none), tag, encoded body.
#[must_use]
pub fn section_bytes(nonce: Option<&Nonce>, tag: &Tag, body: &[u8]) -> Vec<u8> {
    [SECTION_DOMAIN, nonce.map_or(&[], |n| &n[..]), tag, body].concat()
}

/// A signed section. An opening and a list name the whole key, since the relay may not know it yet.
///
/// # Errors
/// `TooLarge` when the body cannot be sent.
pub fn sign_section(key: &SigningKey, nonce: Option<&Nonce>, tag: Tag, body: &SectionBody) -> Result<Section> {
    let public = key.verifying_key().to_bytes();
    let unknown = body.open.is_some() || body.keys.is_some();
    let name = if unknown { KeyName::Whole(public) } else { KeyName::Short(key_short_name(&public)) };
    let body = body.encode()?;
    let signature = key.sign(&section_bytes(nonce, &tag, &body)).to_bytes();
    Ok(Section { tag, key: name, signature, body })
}

/// Checks that `key` is the one that the section names and that it signed the section under this nonce.
///
/// # Errors
/// `BadSignature`.
pub fn verify_section(section: &Section, nonce: Option<&Nonce>, key: &RelayKey) -> Result<()> {
    if !section.key.names(key) {
        return Err(ProtocolError::BadSignature);
    }
    verify(key, &section_bytes(nonce, &section.tag, &section.body), &section.signature)
}

/// What the list key signs: domain, tag, number (4 bytes, big-endian), then each key and its rights (33 bytes).
#[must_use]
pub fn key_list_bytes(tag: &Tag, list: &KeyList) -> Vec<u8> {
    let mut bytes = [KEYS_DOMAIN, tag, &list.number.to_be_bytes()].concat();
    for listed in &list.keys {
        bytes.extend(listed.key);
        bytes.push(if listed.rights.may_read() { 1 } else { 0 } + if listed.rights.may_write() { 2 } else { 0 });
    }
    bytes
}

/// Signs a list; its `signature` is replaced.
pub fn sign_key_list(list_key: &SigningKey, tag: &Tag, list: &mut KeyList) {
    list.signature = list_key.sign(&key_list_bytes(tag, list)).to_bytes();
}

/// Checks a list against the space's list key.
///
/// # Errors
/// `BadSignature`.
pub fn verify_key_list(list: &KeyList, tag: &Tag, list_key: &[u8; 32]) -> Result<()> {
    verify(list_key, &key_list_bytes(tag, list), &list.signature)
}

/// What an older list key signs: domain, tag, the list key that comes after it.
#[must_use]
pub fn handover_bytes(tag: &Tag, list_key: &[u8; 32]) -> Vec<u8> {
    [HANDOVER_DOMAIN, tag, list_key].concat()
}

/// Hands a space's list over to another list key.
#[must_use]
pub fn sign_handover(from: &SigningKey, tag: &Tag, list_key: &[u8; 32]) -> Handover {
    let signature = from.sign(&handover_bytes(tag, list_key)).to_bytes();
    Handover { from: from.verifying_key().to_bytes(), signature }
}

/// The list key that signed a list, if a relay that knows `known` may take it: that one, or one that it hands over to.
///
/// # Errors
/// `BadSignature`.
pub fn key_list_signer(list: &KeyList, tag: &Tag, known: &[u8; 32]) -> Result<[u8; 32]> {
    if verify_key_list(list, tag, known).is_ok() {
        return Ok(*known);
    }
    let succession = list.succession.as_ref().ok_or(ProtocolError::BadSignature)?;
    let handover = succession.handovers.iter().find(|handover| handover.from == *known);
    let handover = handover.ok_or(ProtocolError::BadSignature)?;
    verify(known, &handover_bytes(tag, &succession.list_key), &handover.signature)?;
    verify_key_list(list, tag, &succession.list_key)?;
    Ok(succession.list_key)
}

fn verify(key: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> Result<()> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| ProtocolError::BadSignature)?;
    // Strict: no weak keys, no malleable signatures, so that every verifier agrees.
    key.verify_strict(bytes, &Signature::from_bytes(signature)).map_err(|_| ProtocolError::BadSignature)
}
