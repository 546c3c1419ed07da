//! Invites: what a QR code or a link holds. A single-use secret, the inviter, and when it ends.
//!
//! ```text
//! "RAFIQ1:" ‖ upper-case base32 (RFC 4648, no padding) of CBOR ‖ checksum 4
//! ```
//!
//! All of it is in the QR alphabet that packs 5.5 bits into a letter. White space and small letters are forgiven, since
//! messengers break lines and people type.

use super::cbor::{self, VERSION};
use super::error::{Result, WireError};
use super::ids::{DeviceId, first};
use super::keys::{EpochKey, InboxAddress};
use super::operation::Role;
use super::signed::check_text;
use crate::ids::{SpaceId, from_text, hash, to_text};
use crate::replica::SpaceKind;
use minicbor::{Decode, Encode};

/// How long an invite between two people who stand together is good: 10 minutes, in seconds.
pub const IN_PERSON_SECONDS: i64 = 600;
/// How long an invite that is sent is good: 72 hours, in seconds.
pub const REMOTE_SECONDS: i64 = 72 * 3600;
/// The most bytes of an invite's title: 80 letters of most alphabets.
pub const MAX_TITLE: usize = 160;
/// The most bytes of a relay's address.
pub const MAX_RELAY_URL: usize = 200;

const PREFIX: &str = "RAFIQ1:";
/// The longest invite takes about 1,100 letters.
const MAX_TEXT: usize = 2048;
const CHECKSUM: usize = 4;

/// What an invite is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Purpose {
    /// To become a member, confirmed by the inviter.
    #[n(1)]
    Join,
    /// To read a directory with the key inside; nobody is told.
    #[n(2)]
    Read,
}

/// An invite. Whoever holds it can use it: it is a secret until it is used or over.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Invite {
    /// The version of the format that wrote it.
    #[n(0)]
    version: u8,
    /// The least version that can read it.
    #[n(1)]
    needs: u8,
    /// To join, or to read.
    #[n(2)]
    pub purpose: Purpose,
    /// The space.
    #[n(3)]
    pub space: SpaceId,
    /// What the space is for.
    #[n(4)]
    pub kind: SpaceKind,
    /// What the inviter calls the space.
    #[n(5)]
    pub title: String,
    /// Random, used once.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub secret: [u8; 16],
    /// The inviter's device: the welcome must be signed by it.
    #[n(7)]
    pub inviter: DeviceId,
    /// Where the join request goes (to read: where reports go).
    #[n(8)]
    pub inbox: InboxAddress,
    /// Where the space's relay is; empty if there is none.
    #[n(9)]
    pub relay: String,
    /// Unix seconds. Judged by the device that acts, with its own clock.
    #[n(10)]
    pub expires: i64,
    /// To read: the directory's numbered key.
    #[n(11)]
    read_key: Option<ReadKey>,
    /// What the newcomer may do.
    #[n(12)]
    pub role: Role,
}

/// What can be shown of an invite before anyone decides: nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitePreview {
    /// To join, or to read.
    pub purpose: Purpose,
    /// What the space is for.
    pub kind: SpaceKind,
    /// What the inviter calls it.
    pub title: String,
    /// What the newcomer may do.
    pub role: Role,
    /// Where its relay is.
    pub relay: String,
    /// Unix seconds.
    pub expires: i64,
}

#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct ReadKey {
    #[n(0)]
    number: u32,
    #[cbor(n(1), with = "minicbor::bytes")]
    key: [u8; 32],
}

/// What a new invite says.
#[derive(Debug, Clone)]
pub struct InviteDraft<'a> {
    /// The space.
    pub space: SpaceId,
    /// What the space is for.
    pub kind: SpaceKind,
    /// What to call it.
    pub title: &'a str,
    /// 16 random bytes.
    pub secret: [u8; 16],
    /// Our device.
    pub inviter: DeviceId,
    /// Where the answer goes.
    pub inbox: InboxAddress,
    /// The relay's address, or empty.
    pub relay: &'a str,
    /// Unix seconds.
    pub expires: i64,
}

impl Invite {
    /// An invite to become a member in this role.
    ///
    /// # Errors
    /// `TooLarge` or `Malformed` for a title or relay address that the format does not take.
    pub fn to_join(draft: InviteDraft<'_>, role: Role) -> Result<Self> {
        Self::new(draft, Purpose::Join, role, None)
    }

    /// An invite to read a directory.
    ///
    /// # Errors
    /// As [`Invite::to_join`].
    pub fn to_read(draft: InviteDraft<'_>, read_key: &EpochKey) -> Result<Self> {
        let read_key = ReadKey { number: read_key.number(), key: *read_key.secret() };
        Self::new(draft, Purpose::Read, Role::Reader, Some(read_key))
    }

    fn new(draft: InviteDraft<'_>, purpose: Purpose, role: Role, read_key: Option<ReadKey>) -> Result<Self> {
        let InviteDraft { space, kind, title, secret, inviter, inbox, relay, expires } = draft;
        let (title, relay) = (title.to_owned(), relay.to_owned());
        let invite = Self {
            version: VERSION,
            needs: 1,
            purpose,
            space,
            kind,
            title,
            secret,
            inviter,
            inbox,
            relay,
            expires,
            read_key,
            role,
        };
        invite.check().map(|()| invite)
    }

    /// The text of the QR code or link.
    #[must_use]
    pub fn to_text(&self) -> String {
        let bytes = cbor::encode(self);
        let whole = [&bytes[..], &checksum(&bytes)].concat();
        format!("{PREFIX}{}", to_text(&whole).to_ascii_uppercase())
    }

    /// Reads the text of a QR code or link.
    ///
    /// # Errors
    /// `NotAnInvite`, `TooLarge`, `BadChecksum` (damaged or mistyped), `Newer` (needs an upgrade), `Malformed`.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > 2 * MAX_TEXT {
            return Err(WireError::TooLarge);
        }
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        if text.len() > MAX_TEXT {
            return Err(WireError::TooLarge);
        }
        let (prefix, letters) = text.split_once(':').ok_or(WireError::NotAnInvite)?;
        let number: u8 = prefix.strip_prefix("RAFIQ").and_then(|n| n.parse().ok()).ok_or(WireError::NotAnInvite)?;
        match number {
            1 if prefix.len() + 1 == PREFIX.len() => {}
            2.. => return Err(WireError::Newer { needs: number }),
            _ => return Err(WireError::NotAnInvite),
        }
        let whole = from_text(letters).ok_or(WireError::BadChecksum)?;
        let (bytes, sum) = whole.split_last_chunk::<CHECKSUM>().ok_or(WireError::BadChecksum)?;
        if checksum(bytes) != *sum {
            return Err(WireError::BadChecksum);
        }
        let invite: Self = cbor::decode_versioned(bytes, MAX_TEXT)?;
        invite.check().map(|()| invite)
    }

    /// What to show before deciding.
    #[must_use]
    pub fn preview(&self) -> InvitePreview {
        let Self { purpose, kind, role, expires, .. } = *self;
        InvitePreview { purpose, kind, title: self.title.clone(), role, relay: self.relay.clone(), expires }
    }

    /// The directory's key, in an invite to read.
    #[must_use]
    pub fn read_key(&self) -> Option<EpochKey> {
        self.read_key.as_ref().map(|read| EpochKey::new(read.number, read.key))
    }

    /// Whether it may still be used, by the clock of the device that acts (`now_ms`: Unix milliseconds).
    ///
    /// # Errors
    /// `Expired`.
    pub const fn check_expiry(&self, now_ms: i64) -> Result<()> {
        if now_ms.div_euclid(1000) < self.expires { Ok(()) } else { Err(WireError::Expired) }
    }

    fn check(&self) -> Result<()> {
        check_text(&self.title, MAX_TITLE)?;
        check_relay_url(&self.relay)?;
        let fits = match self.purpose {
            // Nobody is let into a person's own space, and only a directory is read without being let in.
            Purpose::Join => self.read_key.is_none() && self.kind != SpaceKind::Personal,
            Purpose::Read => self.read_key.is_some() && self.role == Role::Reader && self.kind == SpaceKind::Directory,
        };
        if fits { Ok(()) } else { Err(WireError::Malformed) }
    }
}

impl std::fmt::Debug for Invite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "invite to {:?} {:?}", self.purpose, self.space)
    }
}

/// A relay's address: HTTP or HTTPS, or empty for none. A QR code must not make a phone open anything else.
pub(crate) fn check_relay_url(url: &str) -> Result<()> {
    check_text(url, MAX_RELAY_URL)?;
    let known = url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
    if known && !url.contains(char::is_whitespace) { Ok(()) } else { Err(WireError::Malformed) }
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    first(hash("rafiq 2026 invite checksum v1", &[bytes]))
}

#[cfg(test)]
mod tests;
