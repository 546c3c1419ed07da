//! Bytes under a signature, kept exactly as they came.

use super::cbor;
use super::error::{Result, WireError};
use super::ids::DeviceId;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use std::fmt;
use std::ops::Deref;

/// What can be signed. Its encoding begins with `[version, needs, …]`.
pub trait Body: Encode<()> + for<'b> Decode<'b, ()> {
    /// Signed with the bytes, so that a signature for one purpose is none for another.
    const PURPOSE: &'static str;
    /// The most bytes of a body.
    const LIMIT: usize;
    /// Who must have signed: an Ed25519 public key that the body names itself.
    fn signer(&self) -> DeviceId;
    /// The rules of the format beyond its shape.
    ///
    /// # Errors
    /// `TooLarge` or `Malformed`.
    fn check(&self) -> Result<()>;
}

/// A body whose signature is valid: there is no other way to get one. It derefs to the body.
///
/// That the signer is *who they should be* (a member, a steward, the inviter) is another question, which
/// [`super::membership::Membership`] answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed<T> {
    body: T,
    bytes: Vec<u8>,
    signature: [u8; 64],
}

impl<T: Body> Signed<T> {
    /// Signs a body of our own.
    ///
    /// # Errors
    /// What [`Body::check`] says; `TooLarge` above the body's limit; `BadSignature` if `key` is not the signer's.
    pub(crate) fn sign(body: T, key: &SigningKey) -> Result<Self> {
        body.check()?;
        let bytes = cbor::encode(&body);
        if bytes.len() > T::LIMIT {
            return Err(WireError::TooLarge);
        }
        if body.signer().0 != key.verifying_key().to_bytes() {
            return Err(WireError::BadSignature);
        }
        let signature = key.sign(&message(T::PURPOSE, &bytes)).to_bytes();
        Ok(Self { body, bytes, signature })
    }

    /// Checks what came from elsewhere: length, form, version, rules, signature, in this order.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Newer` (it waits), or `BadSignature`.
    pub fn verify(bytes: Vec<u8>, signature: [u8; 64]) -> Result<Self> {
        let body: T = cbor::decode_versioned(&bytes, T::LIMIT)?;
        body.check()?;
        let key = VerifyingKey::from_bytes(&body.signer().0).map_err(|_| WireError::BadSignature)?;
        key.verify_strict(&message(T::PURPOSE, &bytes), &Signature::from_bytes(&signature))
            .map_err(|_| WireError::BadSignature)?;
        Ok(Self { body, bytes, signature })
    }

    /// What was verified before and has lain in our own store since.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Newer`.
    pub(crate) fn known(bytes: Vec<u8>, signature: [u8; 64]) -> Result<Self> {
        let body: T = cbor::decode_versioned(&bytes, T::LIMIT)?;
        body.check()?;
        Ok(Self { body, bytes, signature })
    }

    /// The same from `[body, signature]`.
    ///
    /// # Errors
    /// As [`Signed::known`].
    pub(crate) fn decode_known(bytes: &[u8]) -> Result<Self> {
        let mut d = Decoder::new(bytes);
        let mut parts = || -> Result<_, decode::Error> {
            d.array()?;
            Ok((d.bytes()?.to_vec(), minicbor::bytes::decode(&mut d, &mut ())?))
        };
        let (bytes, signature) = parts().map_err(|_| WireError::Malformed)?;
        Self::known(bytes, signature)
    }

    /// From `[body, signature]`.
    ///
    /// # Errors
    /// As [`Signed::verify`].
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        cbor::decode(bytes, T::LIMIT + 128)
    }

    /// As `[body, signature]`: the same bytes as were decoded.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// The body's bytes, as they were signed.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The signature over the purpose and the bytes.
    #[must_use]
    pub const fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The body without its signature.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }
}

/// The body only: its bytes may hold a key that the body's own `Debug` leaves out.
impl<T: fmt::Debug> fmt::Debug for Signed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.body.fmt(f)
    }
}

impl<T> Deref for Signed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T, C> Encode<C> for Signed<T> {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.bytes(&self.bytes)?.bytes(&self.signature)?.ok()
    }
}

impl<'b, T: Body, C> Decode<'b, C> for Signed<T> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(cbor::refused(WireError::Malformed));
        }
        let bytes = d.bytes()?;
        let signature = minicbor::bytes::decode(d, ctx)?;
        if bytes.len() > T::LIMIT {
            return Err(cbor::refused(WireError::TooLarge));
        }
        Self::verify(bytes.to_vec(), signature).map_err(cbor::refused)
    }
}

fn message(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    [b"rafiq ", purpose.as_bytes(), b" v1\0", bytes].concat()
}

/// A short text that people or code read: bounded, and without control characters.
pub(crate) fn check_text(text: &str, max_bytes: usize) -> Result<()> {
    if text.len() > max_bytes {
        return Err(WireError::TooLarge);
    }
    if text.chars().any(char::is_control) { Err(WireError::Malformed) } else { Ok(()) }
}

/// Whether a list of names is strictly ascending: sorted, and none twice.
pub(crate) fn check_ascending<T, K: Ord>(list: &[T], key: impl Fn(&T) -> K) -> Result<()> {
    let ascending = list.windows(2).all(|pair| key(&pair[0]) < key(&pair[1]));
    if ascending { Ok(()) } else { Err(WireError::Malformed) }
}
