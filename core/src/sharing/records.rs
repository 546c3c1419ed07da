//! What an app sees of invites and spaces.

use crate::ids::PersonId;
use crate::people::PersonRef;
use crate::replica::{Note, NoteBody, SpaceKind, SpaceRow};
use crate::sync::wire::Role;

/// How far the other person is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In the same room: the invite ends after 10 minutes.
    InPerson,
    /// By letter or message: it ends after 72 hours.
    Remote,
}

/// An invite to show or send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteText {
    /// For a QR code or a link: upper-case letters and digits.
    pub text: String,
    /// When it ends, Unix milliseconds by this device's clock.
    pub expires_at_ms: i64,
}

/// What a device may do in a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpaceRole {
    /// Reads.
    Reader,
    /// Reads and writes.
    Writer,
    /// Also invites.
    Steward,
}

/// What an invite is for.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The space's id.
    pub space: String,
    /// The space comes once the inviter has let us in.
    pub needs_confirmation: bool,
}

/// Names a request to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequestId {
    /// The id.
    pub value: String,
}

/// Work of somebody who had been taken out of a space, which waits for a steward's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldWork {
    /// Whose.
    pub person: PersonRef,
    /// How many entries: what one exchange of their phone brought is one of them, or a few.
    pub entries: i64,
    /// When the first of them came, Unix milliseconds by this device's clock.
    pub since_ms: i64,
}

/// Somebody has answered an invite of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequest {
    /// Its id.
    pub id: JoinRequestId,
    /// Which space they want to join.
    pub space: String,
    /// Their name as they wrote it.
    pub name: String,
    /// Their language (BCP 47).
    pub language: String,
    /// When it came, Unix milliseconds by this device's clock.
    pub at_ms: i64,
}

/// A space shared with others.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl From<Role> for SpaceRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Reader => Self::Reader,
            Role::Writer => Self::Writer,
            Role::Steward => Self::Steward,
        }
    }
}

impl From<SpaceRow> for SharedSpace {
    fn from(row: SpaceRow) -> Self {
        let SpaceRow { id, kind, role, title, relay } = row;
        let role = match role {
            3 => SpaceRole::Steward,
            2 => SpaceRole::Writer,
            _ => SpaceRole::Reader,
        };
        Self { id: id.to_string(), kind, role, title, relay }
    }
}

impl HeldWork {
    pub(super) fn new(person: PersonId, held: &crate::sync::HeldWork) -> Self {
        Self { person: person.into(), entries: held.entries, since_ms: held.since_ms }
    }
}

impl JoinRequest {
    pub(super) fn from_note(note: Note) -> Option<Self> {
        let NoteBody::JoinRequest { name, language, .. } = note.body else { return None };
        let space = note.space?.to_string();
        Some(Self { id: JoinRequestId { value: note.id }, space, name, language, at_ms: note.at_ms })
    }
}
