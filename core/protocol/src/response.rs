//! What a relay answers, section by section and post by post.

use crate::limits::{MAX_BODY, MAX_ENVELOPE, MAX_ENVELOPES, MAX_POSTS, MAX_SECTIONS};
use crate::{Cursor, MIN_ENVELOPE, Nonce, RequestId, Result, Urgency, cbor};
use minicbor::{Decode, Encode};

/// The answer to a [`crate::Request`]. Whatever it says is stored was committed to disk before it was said.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Response {
    /// [`crate::MESSAGE_VERSION`].
    #[n(0)]
    pub version: u8,
    /// Which relay this is; another one behind the same address has other positions.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub instance: [u8; 16],
    /// How often this relay was restored from a backup. When it rises, what was acknowledged since may be gone: offer
    /// everything again and read from the start.
    #[n(2)]
    pub restores: u32,
    /// The nonce to sign with from now on; `None` when the one used is today's.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub nonce: Option<Nonce>,
    /// In the order of the request's sections.
    #[cbor(n(4), decode_with = "cbor::list::<MAX_SECTIONS, _, _>")]
    pub results: Vec<SectionResult>,
    /// In the order of the request's posts.
    #[cbor(n(5), decode_with = "cbor::list::<MAX_POSTS, _, _>")]
    pub posts: Vec<PostResult>,
    /// Which request this answers: [`crate::request_id`]. Counts and positions mean something for that one only, and an answer
    /// may come late, when the device has asked again.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub request: RequestId,
}

impl Response {
    /// The bytes to send.
    ///
    /// # Errors
    /// `TooLarge` above 1 MiB.
    pub fn encode(&self) -> Result<Vec<u8>> {
        cbor::to_bytes(self, MAX_BODY, "a response")
    }

    /// A response as it arrived, perhaps from a lying relay.
    ///
    /// # Errors
    /// Any [`crate::ProtocolError`] but `BadSignature`.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let response: Self = cbor::from_bytes(bytes, MAX_BODY, "a response")?;
        cbor::check_version(response.version, "a response")?;
        Ok(response)
    }
}

/// How a section or a post was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Status {
    /// Done.
    #[n(0)]
    Ok,
    /// There is no such space, or this key may not do that: the two look alike.
    #[n(1)]
    Forbidden,
    /// Signed under an old nonce: try again with the one in the response. Nothing was done.
    #[n(2)]
    StaleNonce,
    /// Too many writes: the first `stored` are kept, keep the rest and come back after `retry_after`.
    #[n(3)]
    TooMany,
    /// The space, the inbox or the relay is full: the first `stored` are kept.
    #[n(4)]
    Full,
    /// Something in it is not what it should be; trying again will not help. Nothing was done.
    #[n(5)]
    Invalid,
    /// The relay's newest envelope of this key is another than `last`: nothing was stored. Read the envelopes first; if one of
    /// this device's own is new to it, it is a restored copy or a clone and takes a new incarnation. If none is, it was the
    /// relay that was restored. Then ask again with the `last` of the result.
    #[n(6)]
    Behind,
}

/// What became of one section. With `TooMany`, `Full` and `Behind` the reading part is still served.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SectionResult {
    /// How it was received.
    #[n(0)]
    pub status: Status,
    /// Where the device stands once it has kept `envelopes`. Means nothing with `Forbidden`, `StaleNonce`, `Invalid`.
    #[n(1)]
    pub cursor: Cursor,
    /// Whether more waits here than the budget allowed. What [`crate::Within`] keeps back does not count.
    #[n(2)]
    pub more: bool,
    /// How many of `put`, counted from the first, are now on disk; those that were already there count.
    #[n(3)]
    pub stored: u32,
    /// The most urgent first, then by position.
    #[cbor(n(4), decode_with = "cbor::list::<MAX_ENVELOPES, _, _>")]
    pub envelopes: Vec<StoredEnvelope>,
    /// With `TooMany` and `Full`: seconds to wait before trying again.
    #[n(5)]
    pub retry_after: Option<u32>,
    /// The first 8 bytes of the id of the newest envelope of this key, as it is now: with `Behind`, and where something was put under a
    /// `last`. To be named by the next request.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub last: Option<[u8; 8]>,
    /// What waits beyond `cursor`; `None` when nothing does.
    #[n(7)]
    pub left: Option<Left>,
}

/// Bytes of envelopes that a device has not read yet, without its own, by urgency. As the relay counted them for this answer: what others put
/// later comes on top, and of each urgency it counts no more than the first [`crate::limits::MAX_COUNTED`] envelopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Left {
    /// Alerts.
    #[n(0)]
    pub alert: u32,
    /// Daily work.
    #[n(1)]
    pub small: u32,
    /// Packs, blobs and imports.
    #[n(2)]
    pub large: u32,
}

impl Left {
    /// The bytes of one urgency.
    #[must_use]
    pub const fn of(&self, urgency: Urgency) -> u32 {
        match urgency {
            Urgency::Alert => self.alert,
            Urgency::Small => self.small,
            Urgency::Large => self.large,
        }
    }

    /// The bytes of one urgency, to set them.
    pub const fn of_mut(&mut self, urgency: Urgency) -> &mut u32 {
        match urgency {
            Urgency::Alert => &mut self.alert,
            Urgency::Small => &mut self.small,
            Urgency::Large => &mut self.large,
        }
    }

    /// Itself, unless nothing is left.
    #[must_use]
    pub fn some(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

impl SectionResult {
    /// A result that stores and returns nothing.
    #[must_use]
    pub fn refused(status: Status, cursor: Cursor) -> Self {
        Self {
            status,
            cursor,
            more: false,
            stored: 0,
            envelopes: Vec::new(),
            retry_after: None,
            last: None,
            left: None,
        }
    }
}

/// An envelope and where it lies in its space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct StoredEnvelope {
    /// From 1, rising by one with every envelope that the space receives.
    #[n(0)]
    pub position: u64,
    /// The whole envelope.
    #[cbor(n(1), encode_with = "cbor::put_bytes", decode_with = "cbor::bytes_within::<MIN_ENVELOPE, MAX_ENVELOPE, _>")]
    pub bytes: Vec<u8>,
}

/// What became of one post: `Ok` (now on disk, or already), `Forbidden`, `TooMany`, `Full` or `Invalid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PostResult {
    /// How it was received.
    #[n(0)]
    pub status: Status,
    /// With `TooMany` and `Full`: seconds to wait before trying again.
    #[n(1)]
    pub retry_after: Option<u32>,
}
