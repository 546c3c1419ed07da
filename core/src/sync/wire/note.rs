//! Sealed notes between people who share no space yet: asking to join, and reports to a directory. The answer is [`super::welcome`].

use super::alert::MAX_NAME;
use super::cbor::{self, VERSION};
use super::error::{Result, WireError};
use super::ids::{DeviceId, NoteId};
use super::invite::Invite;
use super::keys::{DeviceKeys, derive};
use super::operation::DeviceRecord;
use super::signed::{Body, Signed, check_text};
use crate::ids::{PersonId, SpaceId};
use minicbor::{Decode, Encode};

/// The signed part of a join request. The inviter sees it, nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct JoinRequestBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The space to join.
    #[n(2)]
    pub space: SpaceId,
    /// Shows that the invite's secret is known, for this device record.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: [u8; 32],
    /// Who asks.
    #[n(4)]
    pub person: PersonId,
    /// How they call themselves.
    #[n(5)]
    pub name: String,
    /// The language they read, BCP 47.
    #[n(6)]
    pub language: String,
    /// The device to let in.
    #[n(7)]
    pub device: DeviceRecord,
}

/// "Let me in", with a valid signature of the device that asks.
pub type JoinRequest = Signed<JoinRequestBody>;

impl JoinRequest {
    /// Answers an invite.
    ///
    /// # Errors
    /// `TooLarge` or `Malformed` for a name or language that is too long or holds control characters.
    pub fn new(keys: &DeviceKeys, invite: &Invite, person: PersonId, name: &str, language: &str) -> Result<Self> {
        let device = DeviceRecord::of(keys, &invite.space);
        let body = JoinRequestBody {
            version: VERSION,
            needs: 1,
            space: invite.space,
            proof: *proof(&invite.secret, &invite.space, &device).as_bytes(),
            person,
            name: name.to_owned(),
            language: language.to_owned(),
            device,
        };
        Self::sign(body, keys.signing())
    }

    /// Whether it answers this invite of ours: the space, and the secret for the device that asks. That the invite is still
    /// valid and unused is for the caller to check.
    #[must_use]
    pub fn answers(&self, space: &SpaceId, secret: &[u8; 16]) -> bool {
        // Compared as hashes, which takes the same time wherever they differ.
        self.space == *space && proof(secret, space, &self.device) == blake3::Hash::from_bytes(self.proof)
    }
}

fn proof(secret: &[u8; 16], space: &SpaceId, device: &DeviceRecord) -> blake3::Hash {
    let key = zeroize::Zeroizing::new(derive("rafiq 2026 invite proof key v1", &[secret, &space.0]));
    blake3::keyed_hash(&key, &cbor::encode(device))
}

impl Body for JoinRequestBody {
    const PURPOSE: &'static str = "join request";
    const LIMIT: usize = 2048;

    fn signer(&self) -> DeviceId {
        self.device.device
    }

    fn check(&self) -> Result<()> {
        check_text(&self.name, MAX_NAME)?;
        check_text(&self.language, 35)
    }
}

/// The most bytes of a report's note: 500 characters of any script.
pub const MAX_REPORT_NOTE: usize = 2_000;
/// The most bytes of a service's id in a report: as long as an import takes.
pub const MAX_REPORT_SERVICE: usize = 128;

/// A note to a directory's inbox: a number is wrong, a service has closed. It is not signed and names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Report {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// Random, so that a repeated one is counted once.
    #[n(2)]
    pub id: NoteId,
    /// The directory's space.
    #[n(3)]
    pub space: SpaceId,
    /// The service.
    #[n(4)]
    pub service: String,
    /// `wrong-number`, `closed` or `other`.
    #[n(5)]
    pub kind: String,
    /// In the reporter's words.
    #[n(6)]
    pub note: String,
    /// When, by the reporter's clock: Unix milliseconds.
    #[n(7)]
    pub at: i64,
}

impl Report {
    /// A report of ours. `id` is random, `at` in Unix milliseconds.
    ///
    /// # Errors
    /// `TooLarge` for a note above [`MAX_REPORT_NOTE`] bytes, `Malformed` for control characters other than line breaks.
    pub fn new(id: NoteId, space: SpaceId, service: &str, kind: &str, note: &str, at: i64) -> Result<Self> {
        let (service, kind, note) = (service.to_owned(), kind.to_owned(), note.to_owned());
        let report = Self { version: VERSION, needs: 1, id, space, service, kind, note, at };
        report.check().map(|()| report)
    }

    /// The rules of the format beyond its shape.
    pub(crate) fn check(&self) -> Result<()> {
        check_text(&self.service, MAX_REPORT_SERVICE)?;
        check_text(&self.kind, 32)?;
        if self.note.len() > MAX_REPORT_NOTE {
            return Err(WireError::TooLarge);
        }
        check_text(&self.note.replace('\n', " "), MAX_REPORT_NOTE)
    }
}

#[cfg(test)]
pub(super) mod tests;
