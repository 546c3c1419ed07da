//! Entries: a signed header over one device's new changes in a space, and the changes beside it.
//!
//! The header names no epoch and no codec, so an entry may be sealed again under another key, and its changes may travel in
//! another form: what is signed is the root over their hashes.

use super::cbor::{self, VERSION, list};
use super::codec::{MAX_PAYLOAD, changes_len, compact_len};
use super::envelope::encoded_len;
use super::error::{Result, WireError};
use super::ids::{ChangeHash, DeviceId, EntryHash, OperationHash};
use super::keys::DeviceKeys;
use super::signed::{Body, Signed, check_ascending, check_text};
use crate::ids::{Author, DocumentId, SpaceId, hash};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

/// The most bytes of a change that we accept: the 32 KiB that we write, and half as much for another's encoding and for the names that are
/// longer where a change is written again under another author.
pub const MAX_CHANGE: usize = 48 * 1024;
/// The most bytes of all changes of an entry, as they are.
pub const MAX_CHANGES_RAW: usize = 512 * 1024;
/// The most bytes of an entry with its changes that we write, encoded for the envelope.
pub const MAX_ENCODED: usize = 56 * 1024;
/// The most changes of an entry. The smallest change that automerge writes takes about 90 bytes.
pub const MAX_CHANGES: usize = 8192;
/// The most documents that one entry touches.
pub const MAX_DOCUMENTS: usize = 256;
/// The most heads of either kind that an entry names.
pub const MAX_HEADS: usize = 1024;
/// The most entry heads to put into one entry of ours, so that room remains for its changes; the others go into the next.
pub const MAX_HEADS_WRITTEN: usize = 64;
/// The most bytes of a document's bucket.
pub const MAX_BUCKET: usize = 64;

/// An entry that carries changes, or none (an acknowledgement).
pub const KIND_CHANGES: u8 = 1;

/// The signed part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Header {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// [`KIND_CHANGES`].
    #[n(2)]
    pub kind: u8,
    /// The space whose documents it changes.
    #[n(3)]
    pub space: SpaceId,
    /// Who wrote and signed it.
    #[n(4)]
    pub device: DeviceId,
    /// Under which of its lives.
    #[n(5)]
    pub incarnation: u32,
    /// Its place in this chain, from 1.
    #[n(6)]
    pub sequence: u64,
    /// The entry before it in this chain; none for the first.
    #[n(7)]
    pub previous: Option<EntryHash>,
    /// The membership operations under which it was written, ascending.
    #[cbor(n(8), decode_with = "list::<MAX_HEADS, _, _>")]
    pub auth_heads: Vec<OperationHash>,
    /// The last entries seen of others, those that moved since our last; ascending by device and incarnation.
    #[cbor(n(9), decode_with = "list::<MAX_HEADS, _, _>")]
    pub entry_heads: Vec<EntryHead>,
    /// The documents that the changes belong to.
    #[cbor(n(10), decode_with = "list::<MAX_DOCUMENTS, _, _>")]
    pub documents: Vec<DocumentName>,
    /// Over the changes in their order: document id and change hash of each.
    #[cbor(n(11), with = "minicbor::bytes")]
    pub root: [u8; 32],
}

/// The last entry that someone has seen of one device under one incarnation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct EntryHead {
    /// Whose chain.
    #[n(0)]
    pub device: DeviceId,
    /// Which of its chains.
    #[n(1)]
    pub incarnation: u32,
    /// How far.
    #[n(2)]
    pub sequence: u64,
    /// The entry there.
    #[n(3)]
    pub hash: EntryHash,
}

/// A document's name within its space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct DocumentName {
    /// What it holds; each kind belongs to one noun.
    #[n(0)]
    pub kind: u16,
    /// Which of that kind: a month, a quarter, a shard, or empty.
    #[n(1)]
    pub bucket: String,
    /// 0, until it is founded again without its history.
    #[n(2)]
    pub generation: u32,
}

impl DocumentName {
    /// The document's id in a space.
    #[must_use]
    pub fn id(&self, space: &SpaceId) -> DocumentId {
        DocumentId::of(space, self.kind, &self.bucket, self.generation)
    }
}

/// A change beside the header.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Change {
    /// Its document's place in [`Header::documents`].
    #[n(0)]
    pub document: u16,
    /// The raw bytes, exactly as the author's device wrote them.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl Change {
    /// As automerge names it: over its bytes from the chunk's type on. What has not passed the scanner may bear another checksum.
    #[must_use]
    pub fn automerge_hash(&self) -> [u8; 32] {
        Sha256::digest(self.bytes.get(8..).unwrap_or_default()).into()
    }
}

/// What goes into a new entry of ours.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The space.
    pub space: SpaceId,
    /// One more than our last entry's in this space under this incarnation; 1 for the first.
    pub sequence: u64,
    /// Our last entry.
    pub previous: Option<EntryHash>,
    /// [`super::membership::Membership::heads`]. Sorted here.
    pub auth_heads: Vec<OperationHash>,
    /// Others' chains that moved since our last entry. Sorted here.
    pub entry_heads: Vec<EntryHead>,
    /// The changes in the order in which they were made, dependencies first.
    pub changes: Vec<(DocumentName, Vec<u8>)>,
}

/// A header with a valid signature and the changes that it signs: there is no other way to get one. It derefs to the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    signed: Signed<Header>,
    hash: EntryHash,
    changes: Vec<Change>,
}

impl Entry {
    /// Signs new changes of ours.
    ///
    /// # Errors
    /// `TooLarge` if a change is longer than [`MAX_CHANGE`] or all of them than [`MAX_CHANGES_RAW`] or, encoded, [`MAX_ENCODED`] (see
    /// [`batch`]); `Malformed` if the draft breaks a rule of the format.
    pub fn sign(keys: &DeviceKeys, draft: Draft) -> Result<Self> {
        let Draft { space, sequence, previous, mut auth_heads, mut entry_heads, changes } = draft;
        auth_heads.sort_unstable();
        auth_heads.dedup();
        entry_heads.sort_unstable_by_key(|head| (head.device, head.incarnation));
        let mut documents: Vec<DocumentName> = Vec::new();
        let mut placed = Vec::with_capacity(changes.len());
        for (name, bytes) in changes {
            let place = documents.iter().position(|known| *known == name).unwrap_or_else(|| {
                documents.push(name);
                documents.len() - 1
            });
            placed.push(Change { document: u16::try_from(place).map_err(|_| WireError::TooLarge)?, bytes });
        }
        let mut header = Header {
            version: VERSION,
            needs: 1,
            kind: KIND_CHANGES,
            space,
            device: keys.device(),
            incarnation: keys.incarnation(),
            sequence,
            previous,
            auth_heads,
            entry_heads,
            documents,
            root: [0; 32],
        };
        check_changes(&header, &placed)?;
        header.root = root(&header, &placed);
        let entry = Self::with(Signed::sign(header, keys.signing())?, placed)?;
        if encoded_len(&super::item::encode_entry(&entry))? > MAX_ENCODED {
            return Err(WireError::TooLarge);
        }
        Ok(entry)
    }

    /// Puts together what is kept apart: a header as it was signed and its changes.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Newer` (it waits), `BadSignature`, `BadRoot`.
    pub fn assemble(header: Vec<u8>, signature: [u8; 64], changes: Vec<Change>) -> Result<Self> {
        Self::with(Signed::verify(header, signature)?, changes)
    }

    /// From `[header, signature, changes]`.
    ///
    /// # Errors
    /// As [`Entry::assemble`].
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        cbor::decode(bytes, MAX_PAYLOAD)
    }

    /// As `[header, signature, changes]`: the same bytes as were decoded.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    fn with(signed: Signed<Header>, changes: Vec<Change>) -> Result<Self> {
        check_changes(&signed, &changes)?;
        if root(&signed, &changes) != signed.root {
            return Err(WireError::BadRoot);
        }
        Ok(Self { hash: EntryHash::of(signed.bytes()), signed, changes })
    }

    /// What others name it by.
    #[must_use]
    pub const fn hash(&self) -> EntryHash {
        self.hash
    }

    /// The header as it was signed, to be kept verbatim.
    #[must_use]
    pub fn header_bytes(&self) -> &[u8] {
        self.signed.bytes()
    }

    /// The signature over the header.
    #[must_use]
    pub const fn signature(&self) -> &[u8; 64] {
        self.signed.signature()
    }

    /// Who wrote it, as documents know authors.
    #[must_use]
    pub fn author(&self) -> Author {
        self.device.author(self.incarnation)
    }

    /// This entry as a head for others' entry heads.
    #[must_use]
    pub fn head(&self) -> EntryHead {
        EntryHead { device: self.device, incarnation: self.incarnation, sequence: self.sequence, hash: self.hash }
    }

    /// The changes as they travel, in their order.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The changes in their order, each with its document.
    pub fn named_changes(&self) -> impl Iterator<Item = (&DocumentName, &[u8])> {
        self.changes.iter().map(|change| (&self.documents[usize::from(change.document)], change.bytes.as_slice()))
    }
}

impl std::ops::Deref for Entry {
    type Target = Header;

    fn deref(&self) -> &Header {
        &self.signed
    }
}

/// How many of the first changes fit one entry: at least 1, unless there is none. The rest goes into the next.
#[must_use]
pub fn batch(changes: &[(DocumentName, Vec<u8>)]) -> usize {
    /// Room for header, signature, `MAX_HEADS_WRITTEN` heads and some dozen document names beside the changes.
    const BESIDE: usize = 8 * 1024;
    let mut places = std::collections::BTreeMap::new();
    let placed: Vec<(u16, &[u8])> = changes
        .iter()
        .map(|(name, bytes)| {
            let next = places.len() as u16; // no more than the 256 documents below are looked at
            (*places.entry(name).or_insert(next), bytes.as_slice())
        })
        .collect();
    let short = |encoded: usize| encoded + BESIDE <= MAX_ENCODED;
    let fits = |count: usize| changes_len(placed[..count].iter().copied()).is_ok_and(short);
    let seems_to_fit = |count: usize| compact_len(&placed[..count]).map_or_else(|| fits(count), short);
    let mut documents = std::collections::BTreeSet::new();
    let mut raw = 0;
    let mut most = 0;
    for (name, bytes) in changes.iter().take(MAX_CHANGES) {
        documents.insert(name);
        raw += bytes.len();
        if documents.len() > MAX_DOCUMENTS || raw > MAX_CHANGES_RAW {
            break;
        }
        most += 1;
    }
    if most <= 1 {
        return most.max(changes.len().min(1));
    }
    // Looked for with the estimate, which is cheap, and believed only when the real thing fits.
    let estimate = most_that(most, seems_to_fit);
    if estimate <= 1 || fits(estimate) { estimate } else { most_that(estimate, fits) }
}

/// The most of 1 to `most` that fit, supposing that one does.
fn most_that(most: usize, fits: impl Fn(usize) -> bool) -> usize {
    if fits(most) {
        return most;
    }
    let (mut enough, mut too_many) = (1, most);
    while enough + 1 < too_many {
        let middle = enough.midpoint(too_many);
        if fits(middle) { enough = middle } else { too_many = middle }
    }
    enough
}

impl Body for Header {
    const PURPOSE: &'static str = "entry";
    /// Two lists of [`MAX_HEADS`] and one of [`MAX_DOCUMENTS`] would take 130 KiB; an envelope holds less.
    const LIMIT: usize = 56 * 1024;

    fn signer(&self) -> DeviceId {
        self.device
    }

    fn check(&self) -> Result<()> {
        if self.kind != KIND_CHANGES {
            return Err(WireError::Newer { needs: VERSION + 1 });
        }
        // SQLite's integers end there.
        let sequence = i64::try_from(self.sequence).map_err(|_| WireError::Malformed)?;
        if sequence < 1 || (sequence == 1) != self.previous.is_none() || self.auth_heads.is_empty() {
            return Err(WireError::Malformed);
        }
        if self.auth_heads.len() > MAX_HEADS
            || self.entry_heads.len() > MAX_HEADS
            || self.documents.len() > MAX_DOCUMENTS
        {
            return Err(WireError::TooLarge);
        }
        check_ascending(&self.auth_heads, |hash| *hash)?;
        check_ascending(&self.entry_heads, |head| (head.device, head.incarnation))?;
        if self.entry_heads.iter().any(|head| head.sequence == 0 || i64::try_from(head.sequence).is_err()) {
            return Err(WireError::Malformed);
        }
        let mut names: Vec<&DocumentName> = self.documents.iter().collect();
        names.sort_unstable();
        check_ascending(&names, |name| *name)?;
        self.documents.iter().try_for_each(|name| check_text(&name.bucket, MAX_BUCKET))
    }
}

fn check_changes(header: &Header, changes: &[Change]) -> Result<()> {
    let raw: usize = changes.iter().map(|change| change.bytes.len()).sum();
    let longest = changes.iter().map(|change| change.bytes.len()).max().unwrap_or(0);
    if changes.len() > MAX_CHANGES || longest > MAX_CHANGE || raw > MAX_CHANGES_RAW {
        return Err(WireError::TooLarge);
    }
    let known = |change: &Change| usize::from(change.document) < header.documents.len() && !change.bytes.is_empty();
    if changes.iter().all(known) { Ok(()) } else { Err(WireError::Malformed) }
}

pub(super) fn root(header: &Header, changes: &[Change]) -> [u8; 32] {
    let ids: Vec<DocumentId> = header.documents.iter().map(|name| name.id(&header.space)).collect();
    let mut leaves = Vec::with_capacity(changes.len() * 64);
    for change in changes {
        leaves.extend(ids[usize::from(change.document)].0);
        leaves.extend(ChangeHash::of(&change.bytes).0);
    }
    hash("rafiq 2026 entry root v1", &[&leaves])
}

impl<C> Encode<C> for Entry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(3)?.bytes(self.signed.bytes())?.bytes(self.signed.signature())?;
        self.changes.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Entry {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let start = d.position();
        if d.array()? != Some(3) {
            return Err(cbor::refused(WireError::Malformed));
        }
        let header = d.bytes()?;
        let signature = minicbor::bytes::decode(d, ctx)?;
        // Signature before changes: a stranger's bytes are not copied.
        let signed = Signed::verify(header.to_vec(), signature).map_err(cbor::refused)?;
        let changes = list::<MAX_CHANGES, C, Change>(d, ctx)?;
        let entry = Self::with(signed, changes).map_err(cbor::refused)?;
        // Nobody has signed how the changes are laid out beside the header: there is one way, and no room for anything else.
        if d.input().get(start..d.position()) != Some(&*entry.encode()) {
            return Err(cbor::refused(WireError::Malformed));
        }
        Ok(entry)
    }
}

#[cfg(test)]
mod tests;
