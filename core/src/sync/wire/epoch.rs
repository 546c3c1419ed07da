//! Epochs: a space's key and whom it was made for. A new one is made when somebody was removed; it opens all that came before.
//!
//! The key is sealed to each member's device, and its parents' keys under it: whoever holds one key can read the whole history, and no
//! key opens what was sealed under a later one. Epochs form a graph like operations do: two people may each make one, far from each
//! other, and any member's device makes the next, which joins them.

use super::cbor::{VERSION, list};
use super::error::{Result, WireError};
use super::ids::{DeviceId, OperationHash};
use super::keys::{DeviceKeys, EpochKey, InboxAddress, InboxKeys, derive, inbox_public};
use super::membership::Member;
use super::signed::{Body, Signed, check_ascending};
use crate::ids::SpaceId;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

/// The most devices that one part of an epoch is sealed to; a larger space's epoch has several parts.
pub const MAX_SEALS: usize = 384;
/// The most epochs that one joins.
pub const MAX_EPOCH_PARENTS: usize = 32;
/// The most auth heads of an epoch.
const MAX_AUTH_HEADS: usize = 64;
const HPKE_INFO: &[u8] = b"rafiq epoch v1";
/// A key and the tag that authenticates it.
const SEALED: usize = 32 + 16;

/// The epoch's key for one device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Seal {
    /// For whom.
    #[n(0)]
    pub device: DeviceId,
    /// HPKE's encapsulation.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub encapsulated: [u8; 32],
    /// The key, sealed.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub sealed: [u8; SEALED],
}

/// An earlier epoch's key, sealed under this one's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Parent {
    /// Its number.
    #[n(0)]
    pub number: u32,
    /// Its key's id.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub key_id: [u8; 8],
    /// The key, sealed. The nonce is a keyed hash of it.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub sealed: [u8; 24 + SEALED],
}

/// The signed part of an epoch, or of a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct EpochBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The space.
    #[n(2)]
    pub space: SpaceId,
    /// Whose device made it.
    #[n(3)]
    pub author: DeviceId,
    /// Under which of its lives.
    #[n(4)]
    pub incarnation: u32,
    /// One more than the highest of its parents.
    #[n(5)]
    pub number: u32,
    /// The key's id.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub key_id: [u8; 8],
    /// The membership operations under which it was made, ascending: it is for those who belonged there.
    #[cbor(n(7), decode_with = "list::<MAX_AUTH_HEADS, _, _>")]
    pub auth_heads: Vec<OperationHash>,
    /// The key for each device, ascending.
    #[cbor(n(8), decode_with = "list::<MAX_SEALS, _, _>")]
    pub seals: Vec<Seal>,
    /// The epochs that it joins, ascending by key id.
    #[cbor(n(9), decode_with = "list::<MAX_EPOCH_PARENTS, _, _>")]
    pub parents: Vec<Parent>,
}

/// An epoch, or a part of one, with a valid signature.
pub type Epoch = Signed<EpochBody>;

impl Epoch {
    /// Seals a new epoch's key to these members, in as many parts as are needed. `entropy` is 32 fresh random bytes.
    ///
    /// # Errors
    /// `TooLarge` for more parents or heads than the format takes; `Malformed` for a member whose record holds no usable key.
    pub fn mint(
        keys: &DeviceKeys,
        space: SpaceId,
        auth_heads: &[OperationHash],
        members: &[&Member],
        (epoch, parents): (&EpochKey, &[EpochKey]),
        entropy: &[u8; 32],
    ) -> Result<Vec<Self>> {
        let mut seals: Vec<Seal> = members
            .iter()
            .map(|member| seal(epoch, &space, member.device.device, &member.device.inbox, entropy))
            .collect::<Result<_>>()?;
        seals.sort_unstable_by_key(|seal| seal.device);
        let mut parents: Vec<Parent> = parents.iter().map(|parent| wrap(epoch, parent)).collect::<Result<_>>()?;
        parents.sort_unstable_by_key(|parent| parent.key_id);
        let mut auth_heads = auth_heads.to_vec();
        auth_heads.sort_unstable();
        let part = |seals: &[Seal]| {
            let body = EpochBody {
                version: VERSION,
                needs: 1,
                space,
                author: keys.device(),
                incarnation: keys.incarnation(),
                number: epoch.number(),
                key_id: epoch.key_id(),
                auth_heads: auth_heads.clone(),
                seals: seals.to_vec(),
                parents: parents.clone(),
            };
            Self::sign(body, keys.signing())
        };
        seals.chunks(MAX_SEALS).map(part).collect()
    }

    /// The key, if it was sealed to this device. `None` if it was not, or does not open, or is not the key that it says.
    #[must_use]
    pub fn key_for(&self, device: DeviceId, inbox: &InboxKeys) -> Option<EpochKey> {
        let place = self.seals.binary_search_by_key(&device, |seal| seal.device).ok()?;
        let seal = &self.seals[place];
        let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&seal.encapsulated).ok()?;
        let mode = OpModeR::Base;
        let mut context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &mode,
            inbox.secret(),
            &encapsulated,
            HPKE_INFO,
        )
        .ok()?;
        let key = Zeroizing::new(context.open(&seal.sealed, &about(&self.space, &self.key_id, device)).ok()?);
        let epoch = EpochKey::new(self.number, (*key).as_slice().try_into().ok()?);
        (epoch.key_id() == self.key_id).then_some(epoch)
    }

    /// The keys of the epochs that it joins, opened with its own. What does not open, or is not the key that it says, is left out.
    #[must_use]
    pub fn parent_keys(&self, epoch: &EpochKey) -> Vec<EpochKey> {
        if epoch.key_id() != self.key_id {
            return Vec::new();
        }
        self.parents.iter().filter_map(|parent| unwrap(epoch, parent)).collect()
    }
}

impl Body for EpochBody {
    const PURPOSE: &'static str = "epoch";
    const LIMIT: usize = 60 * 1024;

    fn signer(&self) -> DeviceId {
        self.author
    }

    fn check(&self) -> Result<()> {
        if self.seals.len() > MAX_SEALS
            || self.parents.len() > MAX_EPOCH_PARENTS
            || self.auth_heads.len() > MAX_AUTH_HEADS
        {
            return Err(WireError::TooLarge);
        }
        check_ascending(&self.seals, |seal| seal.device)?;
        check_ascending(&self.parents, |parent| parent.key_id)?;
        check_ascending(&self.auth_heads, |head| *head)?;
        let follows = self.parents.iter().all(|parent| parent.number < self.number);
        // SQLite and people count from 1 and not to the end of numbers.
        let numbered = (2..=u32::MAX / 2).contains(&self.number) && !self.auth_heads.is_empty();
        if follows && numbered { Ok(()) } else { Err(WireError::Malformed) }
    }
}

fn about(space: &SpaceId, key_id: &[u8; 8], device: DeviceId) -> Vec<u8> {
    [&space.0[..], key_id, &device.0].concat()
}

fn seal(epoch: &EpochKey, space: &SpaceId, device: DeviceId, inbox: &InboxAddress, entropy: &[u8; 32]) -> Result<Seal> {
    let seed = Zeroizing::new(derive("rafiq 2026 epoch entropy v1", &[entropy, &inbox.key, epoch.secret()]));
    let public = inbox_public(&inbox.key)?;
    let mode = OpModeS::Base;
    let (encapsulated, mut context) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &mode,
        &public,
        HPKE_INFO,
        &mut super::envelope::Expander::new(&seed),
    )
    .map_err(|_| WireError::Malformed)?;
    let sealed = context.seal(epoch.secret(), &about(space, &epoch.key_id(), device));
    let sealed = sealed.ok().and_then(|sealed| sealed.try_into().ok()).ok_or(WireError::Malformed)?;
    Ok(Seal { device, encapsulated: encapsulated.to_bytes().into(), sealed })
}

fn wrap(epoch: &EpochKey, parent: &EpochKey) -> Result<Parent> {
    let key = Zeroizing::new(derive("rafiq 2026 epoch parent key v1", &[epoch.secret()]));
    let nonce = derive("rafiq 2026 epoch parent nonce v1", &[epoch.secret(), parent.secret()]);
    let mut sealed = [0; 24 + SEALED];
    sealed[..24].copy_from_slice(&nonce[..24]);
    let mut body = Zeroizing::new(parent.secret().to_vec());
    let mut nonce24 = [0; 24];
    nonce24.copy_from_slice(&nonce[..24]);
    XChaCha20Poly1305::new((&*key).into())
        .encrypt_in_place((&nonce24).into(), &parent.key_id(), &mut *body)
        .map_err(|_| WireError::TooLarge)?;
    sealed[24..].copy_from_slice(&body);
    Ok(Parent { number: parent.number(), key_id: parent.key_id(), sealed })
}

fn unwrap(epoch: &EpochKey, parent: &Parent) -> Option<EpochKey> {
    let key = Zeroizing::new(derive("rafiq 2026 epoch parent key v1", &[epoch.secret()]));
    let (nonce, sealed) = parent.sealed.split_first_chunk::<24>()?;
    let mut body = Zeroizing::new(sealed.to_vec());
    XChaCha20Poly1305::new((&*key).into()).decrypt_in_place(nonce.into(), &parent.key_id, &mut *body).ok()?;
    let found = EpochKey::new(parent.number, (*body).as_slice().try_into().ok()?);
    (found.key_id() == parent.key_id).then_some(found)
}

#[cfg(test)]
mod tests;
