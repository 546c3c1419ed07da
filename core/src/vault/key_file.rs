//! The key file's bytes. Fixed fields, one of bounded length, big-endian:
//!
//! `"RAFIQKEY" ‖ version u8 ‖ flags u8 (1: passphrase) ‖ memory KiB u32 ‖ passes u32 ‖ salt[16] ‖ nonce[24] ‖ platform check[8] ‖
//! length u16 ‖ platform secret as the vault wrapped it ‖ sealed key[48] ‖ checksum[16]`
//!
//! All before the sealed key is its associated data. The checksum tells a damaged file from a wrong passphrase; it keeps
//! nobody out. The platform check tells "another platform key" from a wrong passphrase; it is a hash of 32 random bytes.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::passphrase::Cost;
use crate::error::{Error, Result};

/// The longest key file that is read.
pub(super) const MAX_BYTES: usize = HEAD + MAX_WRAPPED + SEALED + CHECKSUM;
/// What a platform may make of 32 bytes: Android Keystore 60, a Keychain reference some hundreds.
const MAX_WRAPPED: usize = 4_096;
const MAGIC: &[u8; 8] = b"RAFIQKEY";
const VERSION: u8 = 1;
const WITH_PASSPHRASE: u8 = 1;
const HEAD: usize = 8 + 1 + 1 + 4 + 4 + 16 + 24 + 8 + 2;
const SEALED: usize = 32 + 16;
const CHECKSUM: usize = 16;

/// A key file as it is on disk: nothing in it is secret by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyFile {
    /// What the passphrase costs; `None` without one.
    pub(super) cost: Option<Cost>,
    pub(super) salt: [u8; 16],
    nonce: [u8; 24],
    check: [u8; 8],
    /// The platform secret, as the vault wrapped it.
    pub(super) wrapped: Vec<u8>,
    sealed: [u8; SEALED],
}

impl KeyFile {
    pub(super) fn seal(
        key: &[u8; 32],
        wrapping: &[u8; 32],
        platform: &[u8; 32],
        wrapped: Vec<u8>,
        cost: Option<Cost>,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Result<Self> {
        if wrapped.is_empty() || wrapped.len() > MAX_WRAPPED {
            return Err(Error::Host { reason: "key vault" });
        }
        let mut file = Self { cost, salt, nonce, check: check(platform), wrapped, sealed: [0; SEALED] };
        let payload = Payload { msg: key, aad: &file.head() };
        let sealed = cipher(wrapping).encrypt(&XNonce::from(nonce), payload);
        file.sealed = sealed.ok().and_then(|s| s.try_into().ok()).ok_or_else(|| Error::bug("vault seal"))?;
        Ok(file)
    }

    /// The database key, if this wrapping key is the right one and nothing was changed.
    pub(super) fn open(&self, wrapping: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let payload = Payload { msg: &self.sealed, aad: &self.head() };
        let opened = Zeroizing::new(cipher(wrapping).decrypt(&XNonce::from(self.nonce), payload).ok()?);
        Some(Zeroizing::new(opened.as_slice().try_into().ok()?))
    }

    /// Whether this is the platform secret that the key was sealed with.
    pub(super) fn knows(&self, platform: &[u8; 32]) -> bool {
        check(platform) == self.check
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = self.head();
        bytes.extend_from_slice(&self.sealed);
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    /// Reads what [`KeyFile::encode`] wrote. The cost is bounded here, before anybody pays it.
    ///
    /// Errors: `Corrupt`; `NewerVersion` for an intact file of a later format.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Error::Corrupt)?;
        let mut rest = body;
        if take::<8>(&mut rest)? != *MAGIC || checksum(body) != *sum {
            return Err(Error::Corrupt);
        }
        let [version, flags] = take::<2>(&mut rest)?;
        if version > VERSION {
            return Err(Error::NewerVersion);
        }
        let memory_kib = u32::from_be_bytes(take(&mut rest)?);
        let passes = u32::from_be_bytes(take(&mut rest)?);
        let cost = match (version, flags) {
            (VERSION, WITH_PASSPHRASE) => Some(Cost::checked(memory_kib, passes).ok_or(Error::Corrupt)?),
            (VERSION, 0) if memory_kib == 0 && passes == 0 => None,
            _ => return Err(Error::Corrupt),
        };
        let (salt, nonce, check) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        let length = usize::from(u16::from_be_bytes(take(&mut rest)?));
        if length == 0 || length > MAX_WRAPPED || rest.len() != length + SEALED {
            return Err(Error::Corrupt);
        }
        let (wrapped, mut rest) = rest.split_at(length);
        Ok(Self { cost, salt, nonce, check, wrapped: wrapped.to_vec(), sealed: take(&mut rest)? })
    }

    fn head(&self) -> Vec<u8> {
        let (flags, memory_kib, passes) =
            self.cost.map_or((0, 0, 0), |c| (WITH_PASSPHRASE, c.memory_kib(), c.passes()));
        let mut bytes = Vec::with_capacity(HEAD + self.wrapped.len() + SEALED + CHECKSUM);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[VERSION, flags]);
        bytes.extend_from_slice(&memory_kib.to_be_bytes());
        bytes.extend_from_slice(&passes.to_be_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(&self.check);
        // At most MAX_WRAPPED: `seal` and `decode` see to it.
        bytes.extend_from_slice(&u16::try_from(self.wrapped.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(&self.wrapped);
        bytes
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let (first, after) = rest.split_first_chunk::<N>().ok_or(Error::Corrupt)?;
    *rest = after;
    Ok(*first)
}

fn cipher(wrapping: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(wrapping.into())
}

fn check(platform: &[u8; 32]) -> [u8; 8] {
    first(blake3::derive_key("rafiq 2026 platform check v1", platform))
}

pub(super) fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    first(blake3::derive_key("rafiq 2026 key file checksum v1", body))
}

fn first<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&hash[..N]);
    out
}
