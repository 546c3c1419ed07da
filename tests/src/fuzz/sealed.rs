//! What somebody with the keys can do beyond what our own code would: sign any header, seal any inner bytes.

use super::tree::Tree;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use ed25519_dalek::{Signer, SigningKey};
use rafiq::sync::wire::{ChangeHash, EpochKey, Header};
use rafiq_protocol::{ENVELOPE_VERSION, EnvelopeHeader, Tag, Urgency};

/// The seed of the device that signs.
pub(super) const DEVICE: [u8; 32] = [0x11; 32];

/// An envelope around inner bytes that need not be what an inner form is: `codec 1 ‖ length 4 ‖ payload ‖ zeros`.
pub(super) fn seal(epoch: &EpochKey, tag: Tag, nonce: [u8; 24], inner: &[u8]) -> Vec<u8> {
    let part = |context| blake3::derive_key(context, epoch.secret());
    let (urgency, key_id) = (Urgency::Small, epoch.key_id());
    let mut head = EnvelopeHeader { version: ENVELOPE_VERSION, tag, urgency, key_id, nonce, commitment: [0; 32] };
    let bound = [&[ENVELOPE_VERSION][..], &tag, &[urgency as u8], &key_id, &nonce].concat();
    head.commitment = *blake3::keyed_hash(&part("rafiq 2026 envelope commitment key v1"), &bound).as_bytes();
    let (head, mut body) = (head.to_bytes(), inner.to_vec());
    let cipher = XChaCha20Poly1305::new((&part("rafiq 2026 envelope cipher key v1")).into());
    cipher.encrypt_in_place((&nonce).into(), &head, &mut body).unwrap();
    [&head[..], &body].concat()
}

/// Makes signature and, where the header can still be read, root of an entry's item fit what is there now.
pub(super) fn sign_entry(item: &mut Tree, mend_root: bool) {
    let [_, entry] = item.items() else { return };
    let [Tree::Bytes(_, header), Tree::Bytes(_, signature), changes] = entry.items() else { return };
    if mend_root && let Ok(mut read) = minicbor::decode::<Header>(header) {
        let ids: Vec<_> = read.documents.iter().map(|name| name.id(&read.space)).collect();
        let mut leaves = Vec::new();
        for change in changes.items() {
            if let [Tree::Number(0, place), Tree::Bytes(_, bytes)] = change.items()
                && let Some(id) = ids.get(*place as usize)
            {
                leaves.extend(id.0);
                leaves.extend(ChangeHash::of(bytes).0);
            }
        }
        read.root = blake3::derive_key("rafiq 2026 entry root v1", &leaves);
        *header = minicbor::to_vec(&read).unwrap();
    }
    *signature = signed("entry", header);
}

/// Makes the signature of a pack's part fit what is there now.
pub(super) fn sign_part(item: &mut Tree) {
    if let [_, part] = item.items()
        && let [Tree::Bytes(_, body), Tree::Bytes(_, signature), _] = part.items()
    {
        *signature = signed("pack", body);
    }
}

fn signed(purpose: &str, body: &[u8]) -> Vec<u8> {
    let key = SigningKey::from_bytes(&blake3::derive_key("rafiq 2026 device signing key v1", &DEVICE));
    key.sign(&[format!("rafiq {purpose} v1\0").as_bytes(), body].concat()).to_bytes().to_vec()
}
