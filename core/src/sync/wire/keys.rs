//! Keys: a device's, a founder's, an inbox's, an epoch's. All of a device's come from one seed, so one secret is stored.
//!
//! Nothing here asks for randomness: seeds come from the host. Secrets are wiped from memory when dropped and never shown by
//! `Debug`.

use super::cbor;
use super::error::{Result, WireError};
use super::ids::{DeviceId, FounderId, first, inbox_tag};
use crate::ids::{Author, SpaceId, hash};
use ed25519_dalek::SigningKey;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, Serializable};
use minicbor::{Decode, Decoder, Encode, decode};
use rafiq_protocol::Tag;
use std::fmt;
use zeroize::Zeroizing;

/// The private key of an inbox in the form that HPKE takes.
pub(crate) type InboxSecret = <X25519HkdfSha256 as Kem>::PrivateKey;

/// A device's keys under its present incarnation. They never leave the device.
#[derive(Clone)]
pub struct DeviceKeys {
    seed: Zeroizing<[u8; 32]>,
    incarnation: u32,
    signing: SigningKey,
    inbox: InboxKeys,
}

impl DeviceKeys {
    /// From the 32 random bytes that are kept in the store, and the incarnation (1 for a fresh device; one more after each
    /// restore or clone).
    #[must_use]
    pub fn from_seed(seed: [u8; 32], incarnation: u32) -> Self {
        let seed = Zeroizing::new(seed);
        let signing = signing_key("rafiq 2026 device signing key v1", &[&*seed]);
        let inbox = InboxKeys::from_seed(derive("rafiq 2026 device inbox seed v1", &[&*seed]));
        Self { seed, incarnation, signing, inbox }
    }

    /// The seed, for storing.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The same device in another of its lives.
    #[must_use]
    pub fn under(&self, incarnation: u32) -> Self {
        Self { incarnation, ..self.clone() }
    }

    /// The device's public name.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId(self.signing.verifying_key().to_bytes())
    }

    /// Which life of the device this is.
    #[must_use]
    pub const fn incarnation(&self) -> u32 {
        self.incarnation
    }

    /// The author that documents know: device and incarnation.
    #[must_use]
    pub fn author(&self) -> Author {
        self.device().author(self.incarnation)
    }

    /// Signs entries, operations and notes.
    pub(crate) const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The device's own inbox: welcomes and answers to its alerts come here, alerts too if its person is a responder.
    #[must_use]
    pub const fn inbox(&self) -> &InboxKeys {
        &self.inbox
    }

    /// An inbox that this device publishes for a space, such as a directory's for corrections.
    #[must_use]
    pub fn published_inbox(&self, space: &SpaceId) -> InboxKeys {
        InboxKeys::from_seed(derive("rafiq 2026 published inbox seed v1", &[&*self.seed, &space.0]))
    }

    /// By which the relay knows this device in one space. Another one for each space.
    #[must_use]
    pub fn relay_key(&self, space: &SpaceId) -> SigningKey {
        signing_key("rafiq 2026 relay key v1", &[&*self.seed, &space.0])
    }

    /// The same for a space that this device founds: its id is not known while its founding operation, which names this
    /// key, is made, so the key comes from the operation's nonce. [`super::membership::Membership::relay_key`] picks.
    #[must_use]
    pub fn founding_relay_key(&self, nonce: &[u8; 16]) -> SigningKey {
        signing_key("rafiq 2026 founding relay key v1", &[&*self.seed, nonce])
    }

    /// Signs the relay's key list of a space whose epoch key readers hold (a directory): no reader may extend the list.
    /// Other spaces use [`EpochKey::list_key`].
    #[must_use]
    pub fn list_key(&self, space: &SpaceId) -> SigningKey {
        signing_key("rafiq 2026 device list key v1", &[&*self.seed, &space.0])
    }
}

impl fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys of {:?}, incarnation {}", self.device(), self.incarnation)
    }
}

/// The founder's key of one space. It is made with the space, belongs into the recovery kit, and lets a device in when no
/// steward is left.
#[derive(Clone)]
pub struct FounderKey {
    seed: Zeroizing<[u8; 32]>,
    signing: SigningKey,
}

impl FounderKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        let signing = signing_key("rafiq 2026 founder key v1", &[&*seed]);
        Self { seed, signing }
    }

    /// The seed, for the recovery kit.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The public name that the founding operation carries.
    #[must_use]
    pub fn id(&self) -> FounderId {
        FounderId(self.signing.verifying_key().to_bytes())
    }

    pub(crate) const fn signing(&self) -> &SigningKey {
        &self.signing
    }
}

impl fmt::Debug for FounderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key of {:?}", self.id())
    }
}

/// The points with which nobody shares a secret, by their u: those whose order divides eight, and how else they may be written. X25519 does not
/// look at the top bit (RFC 7748, sections 5 and 6.1). Compared, not multiplied: operations are read again at every start.
pub(super) const LOW_ORDER: [[u8; 32]; 7] = [
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

/// A key that nothing can be sealed to is no inbox's: whoever published one would stop everybody who has to write to it.
fn inbox_key<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<[u8; 32], decode::Error> {
    let key: [u8; 32] = minicbor::bytes::decode(d, ctx)?;
    if is_of_low_order(key) { Err(cbor::refused(WireError::Malformed)) } else { Ok(key) }
}

fn is_of_low_order(mut key: [u8; 32]) -> bool {
    key[31] &= 0x7f;
    LOW_ORDER.contains(&key)
}

/// Where sealed notes can be sent: a public X25519 key and the token that lets one post. It travels in invites, device
/// records and alerts; the relay learns the tag and the token, never the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(array)]
pub struct InboxAddress {
    /// The X25519 public key to seal to.
    #[cbor(n(0), encode_with = "minicbor::bytes::encode", decode_with = "inbox_key")]
    pub key: [u8; 32],
    /// Shown to the relay with each post.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub token: [u8; 16],
}

impl InboxAddress {
    /// By which the relay knows the inbox.
    #[must_use]
    pub fn tag(&self) -> Tag {
        inbox_tag(&self.key)
    }

    /// What envelopes to this inbox carry as their key id.
    #[must_use]
    pub fn key_id(&self) -> [u8; 8] {
        first(hash("rafiq 2026 inbox key id v1", &[&self.key]))
    }
}

impl fmt::Debug for InboxAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inbox {}", &crate::ids::to_text(&self.key)[..8])
    }
}

/// The private side of an inbox.
#[derive(Clone)]
pub struct InboxKeys {
    seed: Zeroizing<[u8; 32]>,
    secret: InboxSecret,
    address: InboxAddress,
}

impl InboxKeys {
    /// From 32 secret bytes: derived from a device's seed, or random for an inbox that several devices are to share.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        let secret = Zeroizing::new(derive("rafiq 2026 inbox key v1", &[&*seed]));
        #[allow(clippy::expect_used)] // 32 bytes always are an X25519 key
        let secret = InboxSecret::from_bytes(&*secret).expect("32 bytes");
        let key = X25519HkdfSha256::sk_to_pk(&secret).to_bytes().into();
        let token = first(derive("rafiq 2026 inbox token v1", &[&*seed]));
        Self { seed, secret, address: InboxAddress { key, token } }
    }

    /// Where others send to.
    #[must_use]
    pub const fn address(&self) -> InboxAddress {
        self.address
    }

    /// Signs our requests for what lies in the inbox.
    #[must_use]
    pub fn relay_key(&self) -> SigningKey {
        signing_key("rafiq 2026 inbox relay key v1", &[&*self.seed])
    }

    /// Opens the inbox on a relay and signs who may read it.
    #[must_use]
    pub fn list_key(&self) -> SigningKey {
        signing_key("rafiq 2026 inbox list key v1", &[&*self.seed])
    }

    pub(crate) const fn secret(&self) -> &InboxSecret {
        &self.secret
    }
}

impl fmt::Debug for InboxKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys of {:?}", self.address)
    }
}

/// One key in a space's succession of keys; for a directory, its numbered read key.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochKey {
    number: u32,
    key: Zeroizing<[u8; 32]>,
}

impl EpochKey {
    /// From 32 random bytes (or those of a welcome, or of an invite to read). Numbers start at 1.
    #[must_use]
    pub fn new(number: u32, key: [u8; 32]) -> Self {
        Self { number, key: Zeroizing::new(key) }
    }

    /// Its place in the succession.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The secret itself, for storing and for welcomes.
    #[must_use]
    pub fn secret(&self) -> &[u8; 32] {
        &self.key
    }

    /// What envelopes carry to say which key opens them.
    #[must_use]
    pub fn key_id(&self) -> [u8; 8] {
        first(derive("rafiq 2026 epoch key id v1", &[&*self.key]))
    }

    /// Signs the relay's list of who may read and write in this space: every member may, none alone can lock others out.
    #[must_use]
    pub fn list_key(&self) -> SigningKey {
        signing_key("rafiq 2026 epoch list key v1", &[&*self.key])
    }

    /// By which the relay knows all readers of a directory: they share it, it may only read.
    #[must_use]
    pub fn reader_relay_key(&self) -> SigningKey {
        signing_key("rafiq 2026 reader relay key v1", &[&*self.key])
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch key {}", self.number)
    }
}

/// A secret for one purpose, from a secret.
pub(crate) fn derive(context: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    hash(context, parts)
}

fn signing_key(context: &'static str, parts: &[&[u8]]) -> SigningKey {
    SigningKey::from_bytes(&Zeroizing::new(derive(context, parts)))
}

/// The public key of an inbox in HPKE's form.
pub(crate) fn inbox_public(key: &[u8; 32]) -> Result<<X25519HkdfSha256 as Kem>::PublicKey> {
    Deserializable::from_bytes(key).map_err(|_| WireError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_of_a_device_differ() {
        let keys = DeviceKeys::from_seed([7; 32], 1);
        let (one, two) = (SpaceId([1; 32]), SpaceId([2; 32]));
        let mut all = vec![
            keys.device().0,
            keys.relay_key(&one).verifying_key().to_bytes(),
            keys.relay_key(&two).verifying_key().to_bytes(),
            keys.founding_relay_key(&[1; 16]).verifying_key().to_bytes(),
            keys.list_key(&one).verifying_key().to_bytes(),
            keys.inbox().address().key,
            keys.inbox().relay_key().verifying_key().to_bytes(),
            keys.inbox().list_key().verifying_key().to_bytes(),
            keys.published_inbox(&one).address().key,
            keys.published_inbox(&two).address().key,
        ];
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert_eq!(DeviceKeys::from_seed([7; 32], 2).device(), keys.device());
        assert_ne!(DeviceKeys::from_seed([8; 32], 1).device(), keys.device());
    }

    #[test]
    fn secrets_are_not_shown() {
        let keys = DeviceKeys::from_seed([0xab; 32], 1);
        let shown = format!("{keys:?} {:?} {:?}", keys.inbox(), EpochKey::new(3, [0xab; 32]));
        assert!(!shown.contains("171") && !shown.to_lowercase().contains("abab"), "{shown}");
    }
}
