//! Sharing: inviting a person into a space, answering an invite, letting somebody in.

use rafiq::sharing as core;

use crate::guard::guarded;
use crate::{PersonRef, RafiqError, each, same_id, same_words};

/// How far the other person is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Reach {
    /// In the same room: the invite ends after 10 minutes.
    InPerson,
    /// By letter or message: it ends after 72 hours.
    Remote,
}

/// An invite to show or send.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct InviteText {
    /// For a QR code or a link: upper-case letters and digits.
    pub text: String,
    /// When it ends, Unix ms by this device's clock.
    pub expires_at_ms: i64,
}

/// What kind of space it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SpaceKind {
    /// One person's devices.
    Personal,
    /// A few named people: a pairing, an incident, supervision.
    Circle,
    /// Members and facilitators.
    Group,
    /// Coordinators and facilitators.
    Programme,
    /// Read by all who have its read key, written by curators.
    Directory,
}

/// What a device may do in a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SpaceRole {
    /// Reads.
    Reader,
    /// Reads and writes.
    Writer,
    /// Also invites.
    Steward,
}

/// What an invite is for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct InvitePreview {
    /// What the inviter calls the space.
    pub title: String,
    /// What kind of space it is.
    pub kind: SpaceKind,
    /// What one may do there.
    pub role: SpaceRole,
    /// The relay that will be used; shown, since it learns this device's address.
    pub relay: String,
    /// Whether it has ended, by this device's clock.
    pub expired: bool,
    /// Whether the inviter still has to let one in.
    pub needs_confirmation: bool,
}

/// What answering an invite led to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Accepted {
    /// The space's id.
    pub space: String,
    /// The space comes once the inviter has let us in.
    pub needs_confirmation: bool,
}

/// Names a request to join.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct JoinRequestId {
    /// The id.
    pub value: String,
}

/// Somebody has answered an invite of ours.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct JoinRequest {
    /// Its id.
    pub id: JoinRequestId,
    /// Which space they want to join.
    pub space: String,
    /// Their name as they wrote it.
    pub name: String,
    /// Their language (BCP 47).
    pub language: String,
    /// When it came, Unix ms by this device's clock.
    pub at_ms: i64,
}

/// Work of somebody who had been taken out of a space, which waits for a steward's word.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HeldWork {
    /// Whose.
    pub person: PersonRef,
    /// How many entries: what one exchange of their phone brought is one of them, or a few.
    pub entries: i64,
    /// When the first of them came, Unix ms by this device's clock.
    pub since_ms: i64,
}

/// A space shared with others.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SharedSpace {
    /// Its id.
    pub id: String,
    /// What kind it is.
    pub kind: SpaceKind,
    /// What this profile may do there.
    pub role: SpaceRole,
    /// What it was called when this profile came to it.
    pub title: String,
    /// The relay it is synced over; empty for none yet.
    pub relay: String,
}

/// The calls about invites and spaces.
#[derive(uniffi::Object)]
pub struct Sharing {
    pub(crate) core: core::Sharing,
}

#[uniffi::export]
impl Sharing {
    /// The spaces this profile shares with others, oldest first.
    pub fn spaces(&self) -> Result<Vec<SharedSpace>, RafiqError> {
        guarded("sharing.spaces", || Ok(each(self.core.spaces()?)))
    }

    /// An invite into a space, to be shown as a QR code or sent as a link. It serves one person, once, for 10 minutes in person or
    /// 72 hours from afar (by this device's clock). An invite to a directory lets anyone who sees it read.
    ///
    /// Errors: `NotFound`, `NotAllowed{role}` unless this profile is a steward there, `Invalid{invites, too-many}`.
    pub fn invite(&self, space: String, reach: Reach) -> Result<InviteText, RafiqError> {
        guarded("sharing.invite", || Ok(self.core.invite(&space, reach.into())?.into()))
    }

    /// What an invite is for, before anybody answers it. Changes nothing, asks no network.
    ///
    /// Errors: `Invalid{invite, …}` with `not-an-invite`, `checksum` (damaged or mistyped), `malformed`, `too-large`;
    /// `NewerVersion`.
    pub fn preview(&self, text: String) -> Result<InvitePreview, RafiqError> {
        guarded("sharing.preview", || Ok(self.core.preview(&text)?.into()))
    }

    /// Answers an invite. To read a directory this is all; to join, the answer leaves with the next exchange, and the space is here
    /// once the inviter has let us in. The inviter learns the name and language of the profile.
    ///
    /// Errors: as `preview`; `Invalid{invite, expired}`; `Invalid{name, missing}` before the profile has a name;
    /// `Invalid{invite, own}` for one's own.
    pub fn accept(&self, text: String) -> Result<Accepted, RafiqError> {
        guarded("sharing.accept", || Ok(self.core.accept(&text)?.into()))
    }

    /// Who has answered an invite of ours and waits to be let in, oldest first.
    pub fn requests(&self) -> Result<Vec<JoinRequest>, RafiqError> {
        guarded("sharing.requests", || Ok(each(self.core.requests()?)))
    }

    /// Lets somebody in: after a look at the person in front of us, or a call. The welcome leaves with the next exchange.
    ///
    /// Errors: `NotFound`, `Invalid{invite, used}`, `Invalid{invite, expired}` (by this device's clock), `NotAllowed{role}`;
    /// `Invalid{person, taken}` if the device says that it belongs to somebody who is here already with another one;
    /// `Invalid{space, outgrown}` if so many have come and gone that nobody can be let in any more.
    pub fn admit(&self, request: JoinRequestId) -> Result<(), RafiqError> {
        guarded("sharing.admit", || self.core.admit(&request.into()))
    }

    /// Does not let somebody in. They are not told; the invite stays good for the one it was meant for.
    pub fn decline(&self, request: JoinRequestId) -> Result<(), RafiqError> {
        guarded("sharing.decline", || self.core.decline(&request.into()))
    }

    /// Takes a person out of a space, with all their devices. From the next exchange on what is written there is sealed under a key
    /// that they do not get; what they have read stays theirs, and what they had written stays in the space. They are told.
    ///
    /// Errors: `NotFound` if the person is not there, `NotAllowed{role}` unless this profile is a steward there or the person itself,
    /// `Invalid{space, personal}`.
    pub fn remove(&self, space: String, person: PersonRef) -> Result<(), RafiqError> {
        guarded("sharing.remove", || self.core.remove(&space, &person.into()))
    }

    /// Whose work waits in a space because they had been taken out when it came, or when it became known that they were: by person.
    /// Everybody in the space may see that; nobody sees what it says until it counts. Work that another person has built on counts by itself.
    ///
    /// Errors: `NotFound` for a space that this profile does not hold.
    pub fn held_work(&self, space: String) -> Result<Vec<HeldWork>, RafiqError> {
        guarded("sharing.held_work", || Ok(each(self.core.held_work(&space)?)))
    }

    /// Keeps what waits of somebody who had been taken out and did not know it yet: all that `held_work` counts. It is part of the
    /// space from now on, here at once and for the others with the next exchange; they themselves stay out, and what they write from now
    /// on waits again. It cannot be taken back.
    ///
    /// Errors: `NotFound` if nothing of theirs waits, `NotAllowed{role}` unless this profile is a steward there.
    pub fn keep(&self, space: String, person: PersonRef) -> Result<(), RafiqError> {
        guarded("sharing.keep", || self.core.keep(&space, &person.into()))
    }

    /// Leaves a space: everybody may, at any time. What was read stays here; nothing new comes, and the others are told.
    ///
    /// Errors: `NotFound`, `Invalid{space, personal}`.
    pub fn leave(&self, space: String) -> Result<(), RafiqError> {
        guarded("sharing.leave", || self.core.leave(&space))
    }
}

same_id!(JoinRequestId, core::JoinRequestId);
same_words!(Reach, core::Reach, InPerson, Remote);
same_words!(SpaceRole, core::SpaceRole, Reader, Writer, Steward);
same_words!(SpaceKind, rafiq::replica::SpaceKind, Personal, Circle, Group, Programme, Directory);

impl From<core::InviteText> for InviteText {
    fn from(invite: core::InviteText) -> Self {
        let core::InviteText { text, expires_at_ms } = invite;
        Self { text, expires_at_ms }
    }
}

impl From<core::InvitePreview> for InvitePreview {
    fn from(preview: core::InvitePreview) -> Self {
        let core::InvitePreview { title, kind, role, relay, expired, needs_confirmation } = preview;
        Self { title, kind: kind.into(), role: role.into(), relay, expired, needs_confirmation }
    }
}

impl From<core::Accepted> for Accepted {
    fn from(accepted: core::Accepted) -> Self {
        let core::Accepted { space, needs_confirmation } = accepted;
        Self { space, needs_confirmation }
    }
}

impl From<core::HeldWork> for HeldWork {
    fn from(work: core::HeldWork) -> Self {
        let core::HeldWork { person, entries, since_ms } = work;
        Self { person: person.into(), entries, since_ms }
    }
}

impl From<core::JoinRequest> for JoinRequest {
    fn from(request: core::JoinRequest) -> Self {
        let core::JoinRequest { id, space, name, language, at_ms } = request;
        Self { id: id.into(), space, name, language, at_ms }
    }
}

impl From<core::SharedSpace> for SharedSpace {
    fn from(space: core::SharedSpace) -> Self {
        let core::SharedSpace { id, kind, role, title, relay } = space;
        Self { id, kind: kind.into(), role: role.into(), title, relay }
    }
}
