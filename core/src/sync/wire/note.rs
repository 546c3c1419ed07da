//! Sealed notes between people who share no space yet: asking to join, the welcome, and reports to a directory.

use super::alert::MAX_NAME;
use super::cbor::{self, VERSION, list};
use super::error::{Result, WireError};
use super::ids::{DeviceId, NoteId};
use super::invite::{Invite, check_relay_url};
use super::keys::{DeviceKeys, EpochKey, derive};
use super::membership::Membership;
use super::operation::{DeviceRecord, Operation, Role};
use super::pack::Covers;
use super::signed::{Body, Signed, check_text};
use crate::ids::{PersonId, SpaceId};
use minicbor::{Decode, Encode};

/// The most operations that a welcome carries. A larger space starts from a pack.
pub const MAX_WELCOME_OPERATIONS: usize = 256;

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

/// The signed part of a welcome. The newcomer's device sees it, nobody else.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct WelcomeBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The space.
    #[n(2)]
    pub space: SpaceId,
    /// Who signed: the inviter's device.
    #[n(3)]
    pub author: DeviceId,
    /// For whom it is.
    #[n(4)]
    pub to: DeviceId,
    /// The membership operations, every one after those that it builds on.
    #[cbor(n(5), decode_with = "list::<MAX_WELCOME_OPERATIONS, _, _>")]
    pub operations: Vec<Operation>,
    /// The epoch's number.
    #[n(6)]
    epoch: u32,
    /// The epoch's key.
    #[cbor(n(7), with = "minicbor::bytes")]
    epoch_key: [u8; 32],
    /// Where the space's relay is; empty if there is none.
    #[n(8)]
    pub relay: String,
    /// Where there a pack begins that holds all that came before. Without one, everything is read.
    #[n(9)]
    pub start: Option<Covers>,
}

/// "You are in", with a valid signature.
pub type Welcome = Signed<WelcomeBody>;

impl Welcome {
    /// Tells a newcomer's device, which `membership` already holds, all that it needs.
    ///
    /// # Errors
    /// `NotForUs` if the device does not belong to the space; `TooLarge` above [`MAX_WELCOME_OPERATIONS`] or 60 KiB.
    pub fn new(
        keys: &DeviceKeys,
        to: DeviceId,
        membership: &Membership,
        epoch: &EpochKey,
        (relay, start): (&str, Option<Covers>),
    ) -> Result<Self> {
        membership.member(to).ok_or(WireError::NotForUs)?;
        let body = WelcomeBody {
            version: VERSION,
            needs: 1,
            space: membership.space(),
            author: keys.device(),
            to,
            operations: membership
                .operations()
                .iter()
                .filter(|operation| !matches!(operation.action, super::operation::Action::Erase(_)))
                .cloned()
                .collect(),
            epoch: epoch.number(),
            epoch_key: *epoch.secret(),
            relay: relay.to_owned(),
            start,
        };
        Self::sign(body, keys.signing())
    }

    /// Judges a welcome that came to our inbox: it must answer this invite, come from its inviter, a steward, and let this
    /// device in. Gives the membership.
    ///
    /// # Errors
    /// `NotForUs`.
    pub fn accept(&self, invite: &Invite, me: &DeviceKeys) -> Result<Membership> {
        if self.space != invite.space || self.author != invite.inviter || self.to != me.device() {
            return Err(WireError::NotForUs);
        }
        let membership = Membership::replay(self.space, self.operations.iter().cloned());
        let inviter = membership.member(self.author).is_some_and(|member| member.role == Role::Steward);
        if inviter && membership.relay_key(me).is_ok() { Ok(membership) } else { Err(WireError::NotForUs) }
    }

    /// The space's present key.
    #[must_use]
    pub fn epoch_key(&self) -> EpochKey {
        EpochKey::new(self.epoch, self.epoch_key)
    }
}

impl Body for WelcomeBody {
    const PURPOSE: &'static str = "welcome";
    const LIMIT: usize = 60 * 1024;

    fn signer(&self) -> DeviceId {
        self.author
    }

    fn check(&self) -> Result<()> {
        if self.operations.len() > MAX_WELCOME_OPERATIONS {
            return Err(WireError::TooLarge);
        }
        if self.start.is_some_and(|start| i64::try_from(start.position).is_err()) {
            return Err(WireError::Malformed);
        }
        check_relay_url(&self.relay)
    }
}

impl std::fmt::Debug for WelcomeBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "welcome of {:?} into {:?}", self.to, self.space)
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
mod tests;
