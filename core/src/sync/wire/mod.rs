//! The wire format: pure functions of bytes and keys. No store, no noun, no clock, no randomness of its own.
//!
//! | module | what |
//! |---|---|
//! | [`envelope`] | sealing and opening: the only thing that is sent or carried |
//! | [`item`] | what an envelope holds |
//! | [`codec`] | how it is written there: as it is, deflated or compact |
//! | [`entry`] | one device's signed changes in a space |
//! | [`operation`], [`membership`] | who belongs to a space, and what follows from it |
//! | [`alert`], [`note`], [`invite`], [`welcome`] | what people send each other who share no space yet |
//! | [`epoch`] | a space's keys, one after the other, and for whom they are |
//! | [`pack`] | a space from its beginning, for whoever comes late |
//! | [`keys`], [`ids`] | keys, and names derived from them |
//!
//! A value of a signed type ([`Entry`], [`Operation`], [`Alert`], …) exists only with a valid signature; its bytes are kept as
//! they came. What a newer version wrote is [`WireError::Newer`] and waits; it is never refused. Decoding spends time and memory
//! in proportion to the bytes that are there, at most [`codec::MAX_PAYLOAD`] of them.
//!
//! The formats are described in `core/docs/protocol.md`; test vectors of one of each are in `tests/vectors`.

pub mod alert;
pub mod cbor;
pub mod codec;
pub mod entry;
pub mod envelope;
pub mod epoch;
pub mod error;
pub mod ids;
pub mod invite;
pub mod item;
pub mod keys;
pub mod membership;
pub mod note;
pub mod operation;
pub mod pack;
pub mod signed;
pub mod welcome;

#[cfg(test)]
mod vectors;

pub use alert::{Alert, AlertReceived, CONTACT_ME_TODAY};
pub use entry::{Change, DocumentName, Draft, Entry, EntryHead, Header, batch};
pub(crate) use envelope::{Encoded, open_encoded, open_encoded_from_inbox, seal_again, seal_encoded};
pub use envelope::{open, open_from_inbox, seal, seal_to_inbox};
pub use epoch::Epoch;
pub use error::WireError;
pub use ids::{ChangeHash, DeviceId, EntryHash, FounderId, NoteId, OperationHash, inbox_tag, space_tag};
pub use invite::{Invite, InviteDraft, InvitePreview, Purpose};
pub use item::Item;
pub use keys::{DeviceKeys, EpochKey, FounderKey, InboxAddress, InboxKeys};
pub use membership::{Authority, Member, Membership};
pub use note::{JoinRequest, Report};
pub use operation::{Action, Add, DeviceRecord, Erase, ErasedBlob, Keep, Operation, PublishInbox, Remove, Role};
pub use pack::{Covers, Part, PartDraft};
pub use welcome::{Past, Welcome};
