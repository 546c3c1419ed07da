//! What a device says to a relay, for all of its spaces at once.

use crate::limits::{
    MAX_BODY, MAX_DROPS, MAX_ENVELOPE, MAX_ENVELOPES, MAX_HANDOVERS, MAX_KEYS, MAX_POSTS, MAX_SECTIONS,
};
use crate::{EnvelopeId, MIN_ENVELOPE, Nonce, ProtocolError, RelayKey, RequestId, Result, Tag, Urgency, cbor};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// `POST /v1/exchange`: everything that a device has for a relay, and where it stands.
///
/// A device that has no nonce yet sends no sections, or sees each answered by [`crate::Status::StaleNonce`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Request {
    /// [`MESSAGE_VERSION`].
    #[n(0)]
    pub version: u8,
    /// The relay's word of the day, under which the sections are signed.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: Option<Nonce>,
    /// The most bytes that the response may take; [`crate::limits::MIN_BUDGET`] is enough for any single envelope.
    #[n(2)]
    pub budget: u32,
    /// One for each space and inbox of the device.
    #[cbor(n(3), decode_with = "cbor::list::<MAX_SECTIONS, _, _>")]
    pub sections: Vec<Section>,
    /// Notes to the inboxes of others, unsigned: nobody is told who wrote.
    #[cbor(n(4), decode_with = "cbor::list::<MAX_POSTS, _, _>")]
    pub posts: Vec<Post>,
}

impl Request {
    /// The bytes to send.
    ///
    /// # Errors
    /// `TooLarge` above 1 MiB.
    pub fn encode(&self) -> Result<Vec<u8>> {
        cbor::to_bytes(self, MAX_BODY, "a request")
    }

    /// A request as it arrived.
    ///
    /// # Errors
    /// Any [`ProtocolError`] but `BadSignature`: signatures are checked section by section.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let request: Self = cbor::from_bytes(bytes, MAX_BODY, "a request")?;
        cbor::check_version(request.version, "a request")?;
        Ok(request)
    }
}

/// The name of an encoded request, as its response repeats it ([`crate::Response::request`]). The same bytes have the same name:
/// an answer to either then serves for both.
#[must_use]
pub fn request_id(request: &[u8]) -> RequestId {
    let hash = blake3::derive_key("rafiq 2026 exchange request v1", request);
    let mut id = RequestId::default();
    id.copy_from_slice(&hash[..8]);
    id
}

/// One space's or inbox's part of a request, signed by a key that is allowed there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Section {
    /// The space or inbox.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub tag: Tag,
    /// Who signs: the whole key when opening, else its short name among the keys allowed in that space.
    #[n(1)]
    pub key: KeyName,
    /// Over [`crate::section_bytes`].
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: [u8; 64],
    /// An encoded [`SectionBody`], verbatim as signed.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// How a section names its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName {
    /// The key itself.
    Whole(RelayKey),
    /// [`crate::key_short_name`] of the key, 8 bytes.
    Short([u8; 8]),
}

impl KeyName {
    /// Whether `key` is the one that is named.
    #[must_use]
    pub fn names(&self, key: &RelayKey) -> bool {
        match self {
            Self::Whole(whole) => whole == key,
            Self::Short(short) => *short == crate::key_short_name(key),
        }
    }
}

impl<C> Encode<C> for KeyName {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Whole(key) => e.bytes(key)?.ok(),
            Self::Short(name) => e.bytes(name)?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for KeyName {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let bytes = d.bytes()?;
        let whole = bytes.try_into().map(Self::Whole);
        whole.or_else(|_| bytes.try_into().map(Self::Short)).map_err(|_| cbor::malformed("a key name"))
    }
}

/// What a section asks and brings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct SectionBody {
    /// What the device has already received.
    #[n(0)]
    pub cursor: Cursor,
    /// Envelopes to store, in the order in which they should be kept if not all of them can be.
    #[cbor(n(1), encode_with = "encode_envelopes", decode_with = "decode_envelopes")]
    pub put: Vec<Vec<u8>>,
    /// The first 8 bytes of the id of the last envelope that this key knows to be stored here; zeros for "none ever";
    /// `None` leaves it unchecked. When the relay has a later one of this key that is not in `put`, this device is a
    /// restored copy or a clone: the relay answers [`crate::Status::Behind`], stores nothing and returns this key's own
    /// envelopes too. (Otherwise a key's own envelopes are not returned to it.)
    #[cbor(n(2), with = "minicbor::bytes")]
    pub last: Option<[u8; 8]>,
    /// Creates the space or inbox; harmless when it exists with the same list key.
    #[n(3)]
    pub open: Option<Open>,
    /// Who may read and write here from now on.
    #[n(4)]
    pub keys: Option<KeyList>,
    /// Up to this position a pack that lies here covers what came before, or, in an inbox, its owner has kept it: the relay
    /// may delete that when it is older than its retention, and in an inbox that is more than half full at once. Counts if the
    /// key may write.
    #[n(5)]
    pub covered: Option<u64>,
    /// Envelopes whose words have been erased: the relay forgets their bytes and keeps their names. Counts if the key may write.
    #[n(6)]
    pub drop: Option<DropList>,
    /// How much may come at all; `None`: all of it, as the budget allows.
    #[n(7)]
    pub within: Option<Within>,
}

impl SectionBody {
    /// The bytes that are signed and sent.
    ///
    /// # Errors
    /// `TooLarge` above 1 MiB.
    pub fn encode(&self) -> Result<Vec<u8>> {
        cbor::to_bytes(self, MAX_BODY, "a section")
    }

    /// A section's body as it arrived. Envelopes are checked for their length only.
    ///
    /// # Errors
    /// `TooLarge`, `TooMany`, `Malformed` or `NotCanonical`.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        cbor::from_bytes(bytes, MAX_BODY, "a section")
    }
}

/// For a line that costs: of an urgency of which more bytes wait than this, nothing comes, and its cursor stays. Alerts always come, and so does
/// everything with [`crate::Status::Behind`]: a copy must learn what it is, whatever that costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Within {
    /// Bytes of daily work.
    #[n(0)]
    pub small: u32,
    /// Bytes of packs, blobs and imports.
    #[n(1)]
    pub large: u32,
}

impl Within {
    /// The most bytes of an urgency; `None` for alerts.
    #[must_use]
    pub const fn of(&self, urgency: Urgency) -> Option<u32> {
        match urgency {
            Urgency::Alert => None,
            Urgency::Small => Some(self.small),
            Urgency::Large => Some(self.large),
        }
    }
}

/// Envelopes of urgency [`Urgency::Large`] whose bytes the relay shall forget: blobs, whose words their author or a steward has erased.
/// What is small or an alert is never dropped, so that nobody can take entries away from the others. A name that the relay does not
/// know says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DropList {
    /// At most [`MAX_DROPS`].
    #[cbor(n(0), decode_with = "cbor::list::<MAX_DROPS, _, _>")]
    pub envelopes: Vec<DroppedEnvelope>,
}

/// The name of an envelope that shall be dropped, [`crate::envelope_id`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct DroppedEnvelope(#[cbor(n(0), with = "minicbor::bytes")] pub EnvelopeId);

/// Up to which position a device has received everything, for each urgency by itself, because urgent envelopes
/// overtake others. Positions count from 1 within a space. A hint for paging, never a proof of completeness.
///
/// A relay that answers with a lower cursor than it was sent has lost its tail: ask again from [`Cursor::START`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cursor {
    /// For alerts.
    pub alert: u64,
    /// For daily work.
    pub small: u64,
    /// For packs, blobs and imports.
    pub large: u64,
}

impl Cursor {
    /// Nothing received yet.
    pub const START: Self = Self::at(0);

    /// Everything received up to and with this position, whatever its urgency.
    #[must_use]
    pub const fn at(position: u64) -> Self {
        Self { alert: position, small: position, large: position }
    }

    /// The position for one urgency.
    #[must_use]
    pub const fn of(&self, urgency: Urgency) -> u64 {
        match urgency {
            Urgency::Alert => self.alert,
            Urgency::Small => self.small,
            Urgency::Large => self.large,
        }
    }

    /// The position for one urgency, to move it.
    pub const fn of_mut(&mut self, urgency: Urgency) -> &mut u64 {
        match urgency {
            Urgency::Alert => &mut self.alert,
            Urgency::Small => &mut self.small,
            Urgency::Large => &mut self.large,
        }
    }
}

/// One integer when the three agree, which they do whenever nothing waits; else an array of three.
impl<C> Encode<C> for Cursor {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        if *self == Self::at(self.alert) {
            return e.u64(self.alert)?.ok();
        }
        e.array(3)?.u64(self.alert)?.u64(self.small)?.u64(self.large)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Cursor {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        if d.datatype()? != minicbor::data::Type::Array {
            return d.u64().map(Self::at);
        }
        match d.array()? {
            Some(3) => Ok(Self { alert: d.u64()?, small: d.u64()?, large: d.u64()? }),
            _ => Err(cbor::malformed("a cursor")),
        }
    }
}

/// Creates a space or an inbox. The key that signs the section may read and write until a [`KeyList`] says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Open {
    /// Space or inbox.
    #[n(0)]
    pub kind: SpaceKind,
    /// The Ed25519 public key that signs key lists.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub list_key: [u8; 32],
    /// For an inbox: whoever holds this may post. The relay keeps its hash only.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub post_token: Option<[u8; 16]>,
}

/// What lies behind a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum SpaceKind {
    /// Read and written by the keys of its list.
    #[n(1)]
    Space,
    /// Read by its owner; holders of its post token may put a note.
    #[n(2)]
    Inbox,
}

/// Who may do what in a space. It counts when signed by the space's list key and numbered higher than the last that this key signed;
/// or by another to which the space's list key hands over, which is the space's from then on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct KeyList {
    /// From 1; the opening key alone is list 0.
    #[n(0)]
    pub number: u32,
    /// All of them: a key that is missing loses its rights.
    #[cbor(n(1), decode_with = "cbor::list::<MAX_KEYS, _, _>")]
    pub keys: Vec<ListedKey>,
    /// By the list key, over [`crate::key_list_bytes`].
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: [u8; 64],
    /// For a relay that knows an older list key than the one that signed.
    #[n(3)]
    pub succession: Option<Succession>,
}

/// A space's list key and those before it that hand over to it. Whoever was taken out holds the older ones only.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Succession {
    /// The Ed25519 public key that signs lists from now on.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub list_key: [u8; 32],
    /// By older list keys: whichever the relay knows, it finds here.
    #[cbor(n(1), decode_with = "cbor::list::<MAX_HANDOVERS, _, _>")]
    pub handovers: Vec<Handover>,
}

/// An older list key says which is its successor.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Handover {
    /// The older list key.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub from: [u8; 32],
    /// By it, over [`crate::handover_bytes`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

/// One line of a [`KeyList`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ListedKey {
    /// A device's relay key in this space, or the one that all readers of a directory share.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub key: RelayKey,
    /// What it may do.
    #[n(1)]
    pub rights: Rights,
}

/// What a key may do in a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Rights {
    /// Fetch envelopes.
    #[n(1)]
    Read,
    /// Store envelopes.
    #[n(2)]
    Write,
    /// Both.
    #[n(3)]
    Both,
}

impl Rights {
    /// May fetch envelopes.
    #[must_use]
    pub const fn may_read(self) -> bool {
        matches!(self, Self::Read | Self::Both)
    }

    /// May store envelopes.
    #[must_use]
    pub const fn may_write(self) -> bool {
        matches!(self, Self::Write | Self::Both)
    }
}

/// A sealed note to an inbox, from anyone who holds its post token.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Post {
    /// The inbox.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub tag: Tag,
    /// From an invite or a roster.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub token: [u8; 16],
    /// One whole envelope.
    #[cbor(n(2), encode_with = "cbor::put_bytes", decode_with = "cbor::bytes_within::<MIN_ENVELOPE, MAX_ENVELOPE, _>")]
    pub envelope: Vec<u8>,
}

fn encode_envelopes<C, W: encode::Write>(
    envelopes: &[Vec<u8>],
    e: &mut Encoder<W>,
    _: &mut C,
) -> Result<(), encode::Error<W::Error>> {
    e.array(envelopes.len() as u64)?;
    envelopes.iter().try_for_each(|envelope| e.bytes(envelope).map(|_| ()))
}

fn decode_envelopes<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Vec<Vec<u8>>, decode::Error> {
    let count = d.array()?.ok_or_else(|| cbor::malformed("a list of envelopes"))?;
    if count > MAX_ENVELOPES as u64 {
        return Err(decode::Error::custom(ProtocolError::TooMany { what: "envelopes", limit: MAX_ENVELOPES }));
    }
    (0..count).map(|_| cbor::bytes_within::<MIN_ENVELOPE, MAX_ENVELOPE, _>(d, ctx)).collect()
}
