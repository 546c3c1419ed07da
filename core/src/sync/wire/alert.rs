//! Alerts: "please contact me today", sealed to a responder's inbox. It needs no shared space, epoch or dependency.

use super::cbor::VERSION;
use super::error::Result;
use super::ids::{DeviceId, NoteId};
use super::keys::{DeviceKeys, InboxAddress};
use super::signed::{Body, Signed, check_text};
use crate::ids::PersonId;
use minicbor::{Decode, Encode};

/// The kind of alert that asks for a call or visit within the day.
pub const CONTACT_ME_TODAY: &str = "contact-me-today";
/// The most bytes of an alert, with its signature.
pub const MAX_ALERT: usize = 1024;
/// The most bytes of a name in an alert or a join request.
pub const MAX_NAME: usize = 64;

/// The signed part of an alert. The responder sees it, nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AlertBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// Random; repeated until it is acknowledged, shown once.
    #[n(2)]
    pub id: NoteId,
    /// What is asked: [`CONTACT_ME_TODAY`].
    #[n(3)]
    pub kind: String,
    /// Who signed. One that the responder does not know shows as "unconfirmed".
    #[n(4)]
    pub device: DeviceId,
    /// Under which life.
    #[n(5)]
    pub incarnation: u32,
    /// Who asks.
    #[n(6)]
    pub person: PersonId,
    /// How they call themselves.
    #[n(7)]
    pub name: String,
    /// When, by their clock: Unix milliseconds.
    #[n(8)]
    pub at: i64,
    /// Where the acknowledgement goes.
    #[n(9)]
    pub reply: InboxAddress,
}

/// An alert with a valid signature.
pub type Alert = Signed<AlertBody>;

impl Alert {
    /// Signs an alert of ours. `id` is random, `at` in Unix milliseconds.
    ///
    /// # Errors
    /// `TooLarge` or `Malformed` for a long name or one with control characters.
    pub fn new(keys: &DeviceKeys, id: NoteId, kind: &str, person: PersonId, name: &str, at: i64) -> Result<Self> {
        let body = AlertBody {
            version: VERSION,
            needs: 1,
            id,
            kind: kind.to_owned(),
            device: keys.device(),
            incarnation: keys.incarnation(),
            person,
            name: name.to_owned(),
            at,
            reply: keys.inbox().address(),
        };
        Self::sign(body, keys.signing())
    }
}

impl Body for AlertBody {
    const PURPOSE: &'static str = "alert";
    /// What remains beside item number, array, lengths and signature.
    const LIMIT: usize = MAX_ALERT - 72;

    fn signer(&self) -> DeviceId {
        self.device
    }

    fn check(&self) -> Result<()> {
        check_text(&self.kind, 32)?;
        check_text(&self.name, MAX_NAME)
    }
}

/// The signed part of an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AlertReceivedBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The alert.
    #[n(2)]
    pub id: NoteId,
    /// The responder's device, which has it on disk.
    #[n(3)]
    pub device: DeviceId,
    /// When, by the responder's clock: Unix milliseconds.
    #[n(4)]
    pub at: i64,
}

/// "Your alert is here", sealed to the inbox that the alert named.
pub type AlertReceived = Signed<AlertReceivedBody>;

impl AlertReceived {
    /// Acknowledges an alert that is committed here.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn new(keys: &DeviceKeys, alert: &Alert, at: i64) -> Result<Self> {
        let body = AlertReceivedBody { version: VERSION, needs: 1, id: alert.id, device: keys.device(), at };
        Self::sign(body, keys.signing())
    }
}

impl Body for AlertReceivedBody {
    const PURPOSE: &'static str = "alert received";
    const LIMIT: usize = 512;

    fn signer(&self) -> DeviceId {
        self.device
    }

    fn check(&self) -> Result<()> {
        Ok(())
    }
}
