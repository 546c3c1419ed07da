//! What a device and a relay must both know: the outer envelope, the messages of an exchange, and the limits.
//!
//! The relay is curious by assumption, so this crate holds everything it may understand and nothing more: it can find the
//! space and the urgency of an envelope, check who may read and write there, and count. What is inside an envelope is
//! sealed by `rafiq` (module `sync`) and never described here.
//!
//! ```
//! use ed25519_dalek::SigningKey;
//! use rafiq_protocol::{MESSAGE_VERSION, Request, SectionBody, sign_section, verify_section};
//!
//! let relay_key = SigningKey::from_bytes(&[7; 32]);
//! let nonce = [1; 16]; // given by the relay, good for a day
//! let body = SectionBody::default(); // nothing to bring, everything to read
//! let section = sign_section(&relay_key, Some(&nonce), [9; 16], &body)?;
//! let request =
//!     Request { version: MESSAGE_VERSION, nonce: Some(nonce), budget: 262_144, sections: vec![section], posts: vec![] };
//!
//! let received = Request::decode(&request.encode()?)?;
//! let key = relay_key.verifying_key().to_bytes(); // the relay looks it up among the keys allowed in that space
//! verify_section(&received.sections[0], received.nonce.as_ref(), &key)?;
//! assert_eq!(SectionBody::decode(&received.sections[0].body)?, body);
//! # Ok::<(), rafiq_protocol::ProtocolError>(())
//! ```
//!
//! Messages are CBOR arrays in their one shortest form. Decoding takes time and memory proportional to the bytes that
//! are really there, whatever lengths they claim, and refuses trailing bytes.

/// The version of requests and responses that is written, and the only one that is read.
pub const MESSAGE_VERSION: u8 = 1;

pub mod cbor;
mod envelope;
mod error;
pub mod limits;
mod request;
mod response;
mod signing;

pub use envelope::{
    ENVELOPE_VERSION, EnvelopeHeader, HEADER_LEN, MIN_ENVELOPE, Urgency, associated_data, ciphertext, envelope_id,
};
pub use error::{ProtocolError, Result};
pub use request::{
    Cursor, DropList, DroppedEnvelope, Handover, KeyList, KeyName, ListedKey, Open, Post, Request, Rights, Section,
    SectionBody, SpaceKind, Succession, Within, request_id,
};
pub use response::{Left, PostResult, Response, SectionResult, Status, StoredEnvelope};
pub use signing::{
    handover_bytes, key_list_bytes, key_list_signer, key_short_name, section_bytes, sign_handover, sign_key_list,
    sign_section, verify_key_list, verify_section,
};

/// Which space or inbox an envelope belongs to, as a relay sees it: derived one way from the space id or the inbox key.
pub type Tag = [u8; 16];
/// A relay's word of the day; a signed section counts only under today's or yesterday's.
pub type Nonce = [u8; 16];
/// A short name of a request, by which its response is known.
pub type RequestId = [u8; 8];
/// The hash of a whole envelope; two envelopes with the same id are the same envelope.
pub type EnvelopeId = [u8; 32];
/// An Ed25519 public key by which a device is known to a relay, in one space. Not the device's own key.
pub type RelayKey = [u8; 32];
