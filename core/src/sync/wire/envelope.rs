//! Sealing and opening: the only thing that is ever sent or carried.
//!
//! ```text
//! envelope = version 1 ‖ tag 16 ‖ urgency 1 ‖ key id 8 ‖ nonce 24 ‖ commitment 32 ‖ ciphertext
//! inner    = codec 1 ‖ length 4 (big-endian) ‖ payload ‖ zeros, up to a Padmé length of at least 512
//! ```
//!
//! XChaCha20-Poly1305 with the first 82 bytes as associated data. The nonce is a keyed hash of what is sealed, so a phone with a
//! cloned random generator repeats nothing, and the same item sealed twice is the same envelope. The cipher does not commit to its
//! key, so a keyed commitment is checked before it is asked. To an inbox, 32 bytes of HPKE encapsulation stand before the
//! ciphertext, and the key is exported from that.

use super::codec;
use super::error::{Result, WireError};
use super::keys::{EpochKey, InboxAddress, InboxKeys, derive, inbox_public};
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{Infallible, TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};
use rafiq_protocol::limits::MAX_ENVELOPE;
use rafiq_protocol::{
    ENVELOPE_VERSION, EnvelopeHeader, HEADER_LEN, Tag, Urgency, associated_data, ciphertext as sealed_part,
};
use zeroize::Zeroizing;

/// The least length of what is sealed: short notes do not show how short they are.
pub const PADDING_FLOOR: usize = 512;

const INNER_HEAD: usize = 5;
const AUTHENTICATOR: usize = 16;
const ENCAPSULATION: usize = 32;
const MAX_INNER: usize = MAX_ENVELOPE - HEADER_LEN - AUTHENTICATOR;
const HPKE_INFO: &[u8] = b"rafiq inbox v1";
const HPKE_EXPORT: &[u8] = b"rafiq inbox key v1";

/// Seals an item's bytes for everyone who holds the epoch's key.
///
/// `tag` is [`super::ids::space_tag`] of the space. The relay sees the tag, the urgency and the padded length.
///
/// # Errors
/// `TooLarge` if the item does not fit an envelope.
pub fn seal(epoch: &EpochKey, tag: &Tag, urgency: Urgency, item: &[u8]) -> Result<Vec<u8>> {
    seal_again(epoch, tag, urgency, item, None)
}

/// As [`seal`], into another envelope for each `salt`: one that the relay has not. Whoever knows the salt makes the same.
pub(crate) fn seal_again(
    epoch: &EpochKey,
    tag: &Tag,
    urgency: Urgency,
    item: &[u8],
    salt: Option<&[u8; 32]>,
) -> Result<Vec<u8>> {
    let inner = wrap(item, MAX_INNER)?;
    SealingKeys::of(epoch.secret()).seal((*tag, urgency, epoch.key_id()), &[], &inner, salt)
}

/// Opens an envelope of a space with whichever of its epoch keys it names; gives the item's bytes.
///
/// # Errors
/// `TooLarge`, `Newer`, `BadEnvelope` (also: another tag), `WrongKey` if none of the keys is named (it waits), `BadCommitment`,
/// `Malformed`.
pub fn open(epochs: &[EpochKey], tag: &Tag, envelope: &[u8]) -> Result<Vec<u8>> {
    open_encoded(epochs, tag, envelope)?.item()
}

/// As [`open`], with the item as its sender has encoded it.
pub(crate) fn open_encoded(epochs: &[EpochKey], tag: &Tag, envelope: &[u8]) -> Result<Encoded> {
    let header = parse(envelope, tag)?;
    let epoch = epochs.iter().find(|epoch| epoch.key_id() == header.key_id).ok_or(WireError::WrongKey)?;
    let inner = SealingKeys::of(epoch.secret()).open(&header, envelope, 0)?;
    unwrap(&inner)
}

/// As [`seal_again`], of what somebody else has encoded, as they did.
pub(crate) fn seal_encoded(
    epoch: &EpochKey,
    tag: &Tag,
    urgency: Urgency,
    item: &Encoded,
    salt: Option<&[u8; 32]>,
) -> Result<Vec<u8>> {
    let inner = frame(item.codec, &item.payload, MAX_INNER)?;
    SealingKeys::of(epoch.secret()).seal((*tag, urgency, epoch.key_id()), &[], &inner, salt)
}

/// Seals an item's bytes to an inbox. Nobody but its holder can open it, the sender neither.
///
/// `entropy` is 32 fresh random bytes from the host. They are hashed with what is sealed, so that even a generator that repeats
/// itself gives no two envelopes the same key.
///
/// # Errors
/// `TooLarge`, or `Malformed` if the address holds no usable key.
pub fn seal_to_inbox(to: &InboxAddress, urgency: Urgency, item: &[u8], entropy: &[u8; 32]) -> Result<Vec<u8>> {
    let inner = wrap(item, MAX_INNER - ENCAPSULATION)?;
    let seed = Zeroizing::new(derive("rafiq 2026 inbox entropy v1", &[entropy, &to.key, &inner]));
    let public = inbox_public(&to.key)?;
    let (encapsulated, context) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        HPKE_INFO,
        &mut Expander::new(&seed),
    )
    .map_err(|_| WireError::Malformed)?;
    let mut key = Zeroizing::new([0; 32]);
    context.export(HPKE_EXPORT, &mut *key).map_err(|_| WireError::Malformed)?;
    SealingKeys::of(&key).seal((to.tag(), urgency, to.key_id()), &encapsulated.to_bytes(), &inner, None)
}

/// Opens an envelope that was sealed to our inbox; gives the item's bytes.
///
/// # Errors
/// As [`open`].
pub fn open_from_inbox(inbox: &InboxKeys, envelope: &[u8]) -> Result<Vec<u8>> {
    open_encoded_from_inbox(inbox, envelope)?.item()
}

/// As [`open_from_inbox`], with the item as its sender has encoded it.
pub(crate) fn open_encoded_from_inbox(inbox: &InboxKeys, envelope: &[u8]) -> Result<Encoded> {
    let header = parse(envelope, &inbox.address().tag())?;
    if header.key_id != inbox.address().key_id() {
        return Err(WireError::WrongKey);
    }
    let encapsulated = sealed_part(envelope).get(..ENCAPSULATION).ok_or(WireError::BadEnvelope)?;
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated);
    let context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        inbox.secret(),
        &encapsulated.map_err(|_| WireError::BadEnvelope)?,
        HPKE_INFO,
    )
    .map_err(|_| WireError::BadEnvelope)?;
    let mut key = Zeroizing::new([0; 32]);
    context.export(HPKE_EXPORT, &mut *key).map_err(|_| WireError::BadEnvelope)?;
    let inner = SealingKeys::of(&key).open(&header, envelope, ENCAPSULATION)?;
    unwrap(&inner)
}

/// How many bytes an item takes inside an envelope, encoded and before padding; what an entry's limit of 56 KiB is about.
///
/// # Errors
/// `TooLarge` above [`codec::MAX_PAYLOAD`].
pub fn encoded_len(item: &[u8]) -> Result<usize> {
    codec::encode(item).map(|(_, encoded)| encoded.len())
}

/// An item as somebody has encoded it, which may be shorter than our own codec can.
pub(crate) struct Encoded {
    codec: u8,
    payload: Vec<u8>,
}

impl Encoded {
    /// The item's bytes.
    pub(crate) fn item(&self) -> Result<Vec<u8>> {
        codec::decode(self.codec, &self.payload)
    }

    /// Whether there can be an item that fits an envelope in this form and not in our own: not where it would fit as it is.
    pub(crate) fn may_be_the_only_one(item: &[u8]) -> bool {
        item.len() + INNER_HEAD > MAX_INNER
    }

    /// Whether these bytes fit an envelope in this form alone. Those of whoever writes with this library never do. It takes as long as sealing them.
    pub(crate) fn is_the_only_one(item: &[u8]) -> bool {
        Self::may_be_the_only_one(item) && wrap(item, MAX_INNER).is_err()
    }

    /// To be kept.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [&[self.codec], &self.payload[..]].concat()
    }

    /// What was kept; `None` of nothing.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (codec, payload) = bytes.split_first()?;
        Some(Self { codec: *codec, payload: payload.to_vec() })
    }
}

fn parse(envelope: &[u8], tag: &Tag) -> Result<EnvelopeHeader> {
    let header = EnvelopeHeader::parse(envelope).map_err(|error| match WireError::from(error) {
        WireError::Malformed => WireError::BadEnvelope,
        other => other,
    })?;
    if header.tag == *tag { Ok(header) } else { Err(WireError::BadEnvelope) }
}

/// The three keys that come from one: for the cipher, the nonce and the commitment.
struct SealingKeys {
    cipher: Zeroizing<[u8; 32]>,
    nonce: Zeroizing<[u8; 32]>,
    commit: Zeroizing<[u8; 32]>,
}

impl SealingKeys {
    fn of(key: &[u8; 32]) -> Self {
        let part = |context| Zeroizing::new(derive(context, &[key]));
        Self {
            cipher: part("rafiq 2026 envelope cipher key v1"),
            nonce: part("rafiq 2026 envelope nonce key v1"),
            commit: part("rafiq 2026 envelope commitment key v1"),
        }
    }

    fn seal(
        &self,
        (tag, urgency, key_id): (Tag, Urgency, [u8; 8]),
        before: &[u8],
        inner: &[u8],
        salt: Option<&[u8; 32]>,
    ) -> Result<Vec<u8>> {
        let mut hash = keyed(&self.nonce, &[&tag, &[urgency as u8], inner]);
        if let Some(salt) = salt {
            hash = keyed(&self.nonce, &[hash.as_bytes(), salt]);
        }
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&hash.as_bytes()[..24]);
        let mut header = EnvelopeHeader { version: ENVELOPE_VERSION, tag, urgency, key_id, nonce, commitment: [0; 32] };
        header.commitment = *self.commitment(&header).as_bytes();
        let head = header.to_bytes();
        let mut body = inner.to_vec();
        XChaCha20Poly1305::new((&*self.cipher).into())
            .encrypt_in_place((&nonce).into(), &head, &mut body)
            .map_err(|_| WireError::TooLarge)?;
        let envelope = [&head[..], before, &body].concat();
        if envelope.len() > MAX_ENVELOPE { Err(WireError::TooLarge) } else { Ok(envelope) }
    }

    fn open(&self, header: &EnvelopeHeader, envelope: &[u8], skip: usize) -> Result<Vec<u8>> {
        // Compared as hashes, which takes the same time wherever they differ.
        if self.commitment(header) != blake3::Hash::from_bytes(header.commitment) {
            return Err(WireError::BadCommitment);
        }
        let mut body = sealed_part(envelope).get(skip..).ok_or(WireError::BadEnvelope)?.to_vec();
        XChaCha20Poly1305::new((&*self.cipher).into())
            .decrypt_in_place((&header.nonce).into(), associated_data(envelope), &mut body)
            .map_err(|_| WireError::BadEnvelope)?;
        Ok(body)
    }

    fn commitment(&self, header: &EnvelopeHeader) -> blake3::Hash {
        let parts: [&[u8]; 5] =
            [&[header.version], &header.tag, &[header.urgency as u8], &header.key_id, &header.nonce];
        keyed(&self.commit, &parts)
    }
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()
}

fn wrap(item: &[u8], max: usize) -> Result<Vec<u8>> {
    let (codec, payload) = codec::encode(item)?;
    frame(codec, &payload, max)
}

fn frame(codec: u8, payload: &[u8], max: usize) -> Result<Vec<u8>> {
    let length = INNER_HEAD + payload.len();
    if length > max {
        return Err(WireError::TooLarge);
    }
    let mut inner = Vec::with_capacity(padded(length).min(max));
    inner.push(codec);
    inner.extend((payload.len() as u32).to_be_bytes()); // below 2^16
    inner.extend(payload);
    inner.resize(padded(length).min(max), 0);
    Ok(inner)
}

fn unwrap(inner: &[u8]) -> Result<Encoded> {
    let (head, rest) = inner.split_first_chunk::<INNER_HEAD>().ok_or(WireError::Malformed)?;
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let (payload, padding) = rest.split_at_checked(length).ok_or(WireError::Malformed)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(WireError::Malformed);
    }
    Ok(Encoded { codec: head[0], payload: payload.to_vec() })
}

/// Padmé (Nikitin et al., 2019): at most 12 % more, and only O(log log n) bits of the length remain visible.
fn padded(length: usize) -> usize {
    let length = length.max(PADDING_FLOOR);
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - kept)) - 1;
    (length + mask) & !mask
}

/// The host's entropy, stretched to whatever HPKE asks for (32 bytes today).
pub(crate) struct Expander(blake3::OutputReader);

impl Expander {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self(blake3::Hasher::new_keyed(seed).finalize_xof())
    }
}

impl TryRng for Expander {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Expander {}

#[cfg(test)]
mod tests;
