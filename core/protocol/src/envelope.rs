//! The outer envelope: the clear bytes in front of what is sealed.

use crate::{EnvelopeId, ProtocolError, Result, Tag, limits::MAX_ENVELOPE};

/// The version of the outer envelope that is written.
pub const ENVELOPE_VERSION: u8 = 1;
/// Bytes in front of the ciphertext: version 1, tag 16, urgency 1, key id 8, nonce 24, commitment 32.
pub const HEADER_LEN: usize = 82;
/// The shortest envelope: a header and the authenticator of an empty text.
pub const MIN_ENVELOPE: usize = HEADER_LEN + 16;

const WHAT: &str = "an envelope";
const ID_CONTEXT: &str = "rafiq 2026 envelope id v1";

/// How soon an envelope should travel. It is all that a relay learns about the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Urgency {
    /// A request for help: first in every exchange.
    Alert = 0,
    /// Daily work.
    Small = 1,
    /// Packs, blobs, imports: last, and not on a metered line.
    Large = 2,
}

impl Urgency {
    /// Every urgency, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Alert, Self::Small, Self::Large];
}

impl TryFrom<u8> for Urgency {
    type Error = ProtocolError;

    fn try_from(byte: u8) -> Result<Self> {
        match byte {
            0 => Ok(Self::Alert),
            1 => Ok(Self::Small),
            2 => Ok(Self::Large),
            _ => Err(ProtocolError::Malformed { what: WHAT }),
        }
    }
}

/// The clear head of an envelope. Relays and couriers see it; all of it is authenticated with the sealed part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvelopeHeader {
    /// The layout of the whole envelope.
    pub version: u8,
    /// The space or inbox.
    pub tag: Tag,
    /// How soon it should travel.
    pub urgency: Urgency,
    /// Which of the space's keys opens it.
    pub key_id: [u8; 8],
    /// The cipher's nonce, derived from what is sealed.
    pub nonce: [u8; 24],
    /// Binds the key: only one key can open this envelope.
    pub commitment: [u8; 32],
}

impl EnvelopeHeader {
    /// Reads the head of a whole envelope and checks the length of the envelope.
    ///
    /// # Errors
    /// `TooLarge`, `NewerVersion`, or `Malformed` when it is too short or the urgency is unknown.
    pub fn parse(envelope: &[u8]) -> Result<Self> {
        if envelope.len() > MAX_ENVELOPE {
            return Err(ProtocolError::TooLarge { what: WHAT, limit: MAX_ENVELOPE });
        }
        let malformed = ProtocolError::Malformed { what: WHAT };
        match envelope.first() {
            Some(&ENVELOPE_VERSION) => {}
            Some(&version) if version > ENVELOPE_VERSION => {
                return Err(ProtocolError::NewerVersion { what: WHAT, version });
            }
            _ => return Err(malformed),
        }
        if envelope.len() < MIN_ENVELOPE {
            return Err(malformed);
        }
        Ok(Self {
            version: ENVELOPE_VERSION,
            tag: part(envelope, 1)?,
            urgency: Urgency::try_from(envelope[17])?,
            key_id: part(envelope, 18)?,
            nonce: part(envelope, 26)?,
            commitment: part(envelope, 50)?,
        })
    }

    /// The head as bytes; the ciphertext is appended to it.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[0] = self.version;
        bytes[1..17].copy_from_slice(&self.tag);
        bytes[17] = self.urgency as u8;
        bytes[18..26].copy_from_slice(&self.key_id);
        bytes[26..50].copy_from_slice(&self.nonce);
        bytes[50..82].copy_from_slice(&self.commitment);
        bytes
    }
}

/// The part of an envelope that is authenticated but not encrypted: its head. Empty if the envelope is too short.
#[must_use]
pub fn associated_data(envelope: &[u8]) -> &[u8] {
    envelope.get(..HEADER_LEN).unwrap_or_default()
}

/// The sealed part of an envelope. Empty if the envelope is too short.
#[must_use]
pub fn ciphertext(envelope: &[u8]) -> &[u8] {
    envelope.get(HEADER_LEN..).unwrap_or_default()
}

/// The name of an envelope: the hash of all its bytes.
#[must_use]
pub fn envelope_id(envelope: &[u8]) -> EnvelopeId {
    blake3::derive_key(ID_CONTEXT, envelope)
}

fn part<const N: usize>(envelope: &[u8], from: usize) -> Result<[u8; N]> {
    let slice = envelope.get(from..from + N).and_then(|bytes| bytes.try_into().ok());
    slice.ok_or(ProtocolError::Malformed { what: WHAT })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;
    use proptest::prelude::*;

    fn sample() -> EnvelopeHeader {
        EnvelopeHeader {
            version: 1,
            tag: [1; 16],
            urgency: Urgency::Small,
            key_id: [2; 8],
            nonce: [3; 24],
            commitment: [4; 32],
        }
    }

    #[test]
    fn header_is_the_associated_data() {
        let mut envelope = sample().to_bytes().to_vec();
        envelope.extend([9; 40]);
        assert_eq!(associated_data(&envelope), sample().to_bytes());
        assert_eq!(ciphertext(&envelope), [9; 40]);
        assert_eq!(EnvelopeHeader::parse(&envelope), Ok(sample()));
    }

    #[test]
    fn bad_envelopes_are_refused() {
        let mut envelope = sample().to_bytes().to_vec();
        envelope.extend([9; 16]);
        for length in 0..envelope.len() {
            assert!(EnvelopeHeader::parse(&envelope[..length]).is_err(), "{length}");
        }
        let mut newer = envelope.clone();
        newer[0] = 2;
        assert_eq!(EnvelopeHeader::parse(&newer), Err(ProtocolError::NewerVersion { what: WHAT, version: 2 }));
        let mut hasty = envelope.clone();
        hasty[17] = 3;
        assert_eq!(EnvelopeHeader::parse(&hasty), Err(ProtocolError::Malformed { what: WHAT }));
        envelope.resize(MAX_ENVELOPE, 0);
        assert!(EnvelopeHeader::parse(&envelope).is_ok());
        envelope.push(0);
        assert_eq!(EnvelopeHeader::parse(&envelope), Err(ProtocolError::TooLarge { what: WHAT, limit: MAX_ENVELOPE }));
    }

    proptest! {
        #[test]
        fn any_header_round_trips(tag: [u8; 16], urgency in 0u8..3, key_id: [u8; 8], nonce: [u8; 24], commitment: [u8; 32]) {
            let urgency = Urgency::try_from(urgency).unwrap();
            let header = EnvelopeHeader { version: 1, tag, urgency, key_id, nonce, commitment };
            let mut envelope = header.to_bytes().to_vec();
            envelope.extend([0; 16]);
            prop_assert_eq!(EnvelopeHeader::parse(&envelope), Ok(header));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(header) = EnvelopeHeader::parse(&bytes) {
                prop_assert_eq!(&header.to_bytes()[..], associated_data(&bytes));
            }
        }
    }
}
