//! Where a relay keeps envelopes. One trait, so that several relay processes can share a database server one day;
//! [`SqliteStore`] keeps everything in one file.

mod reading;
mod schema;
mod sqlite;
mod writing;

pub use sqlite::SqliteStore;

use crate::Result;
use rafiq_protocol::{Cursor, EnvelopeId, KeyList, KeyName, Open, RelayKey, Status, StoredEnvelope, Tag, Urgency};
use std::future::Future;

/// Who this relay is.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Told to every client.
    pub instance: [u8; 16],
    /// Behind the daily nonces.
    pub secret: [u8; 32],
    /// How often this database came back from a backup.
    pub restores: u32,
}

/// A backend. Its calls wait for a disk or a server, never for a client.
pub trait Store: Send + Sync + 'static {
    /// Who this relay is, as read when the store was opened.
    fn identity(&self) -> Identity;

    /// For each section the allowed keys that bear this name in that space (mostly one or none), for each post whether the
    /// token fits that inbox. An unknown space and a missing right give the same answer.
    fn look_up(&self, query: LookUp) -> impl Future<Output = Result<Known>> + Send;

    /// Carries out writes. When it returns, what the outcome calls stored is on disk: a power cut loses none of it.
    fn write(&self, work: Work) -> impl Future<Output = Result<WorkOutcome>> + Send;

    /// Fills at most `room` bytes, over all asks, in the order of urgency.
    fn read(&self, asks: Vec<Ask>, room: usize) -> impl Future<Output = Result<Vec<Answer>>> + Send;
}

/// What an exchange needs to know before it checks signatures.
#[derive(Debug, Default)]
pub struct LookUp {
    /// Space and key of each section.
    pub sections: Vec<(Tag, KeyName)>,
    /// Inbox and hashed token of each post.
    pub posts: Vec<(Tag, TokenHash)>,
}

/// The answer to a [`LookUp`].
#[derive(Debug, Default)]
pub struct Known {
    /// Allowed keys of each section.
    pub sections: Vec<Vec<RelayKey>>,
    /// Whether each post's token fits.
    pub posts: Vec<bool>,
}

/// The writes of one exchange.
#[derive(Debug, Default)]
pub struct Work {
    /// The day on which it arrives.
    pub day: u32,
    /// Sections whose signature holds.
    pub sections: Vec<SectionWork>,
    /// Posts.
    pub posts: Vec<PostWork>,
}

/// What one section writes, signed by `key`.
#[derive(Debug)]
pub struct SectionWork {
    /// The space.
    pub tag: Tag,
    /// The key that signed.
    pub key: RelayKey,
    /// Create the space first.
    pub open: Option<Open>,
    /// Replace the allowed keys last.
    pub keys: Option<KeyList>,
    /// See [`rafiq_protocol::SectionBody::last`].
    pub last: Option<[u8; 8]>,
    /// Envelopes, checked and in order.
    pub put: Vec<NewEnvelope>,
}

/// An envelope that was parsed and hashed.
#[derive(Debug)]
pub struct NewEnvelope {
    /// The hash of its bytes.
    pub id: EnvelopeId,
    /// From its head.
    pub urgency: Urgency,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// One note for an inbox.
#[derive(Debug)]
pub struct PostWork {
    /// The inbox.
    pub tag: Tag,
    /// What its holder must have.
    pub token: TokenHash,
    /// The note.
    pub envelope: NewEnvelope,
}

/// What became of a [`Work`], in its order.
#[derive(Debug, Default)]
pub struct WorkOutcome {
    /// For each section a status and how many of `put` are stored.
    pub sections: Vec<(Status, u32)>,
    /// For each post a status.
    pub posts: Vec<Status>,
}

/// What one section wants to read.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The space.
    pub tag: Tag,
    /// The key that signed.
    pub key: RelayKey,
    /// Where the reader stands.
    pub cursor: Cursor,
    /// See [`rafiq_protocol::SectionBody::last`]; checked here only for a section that wrote nothing.
    pub last: Option<[u8; 8]>,
    /// The writing part found the reader behind: give back its own envelopes too.
    pub own: bool,
}

/// What there was to read. Empty for a key that may not read.
#[derive(Debug, Default)]
pub struct Answer {
    /// Where the reader stands afterwards.
    pub cursor: Cursor,
    /// Most urgent first.
    pub envelopes: Vec<StoredEnvelope>,
    /// More waits than there was room for.
    pub more: bool,
    /// The relay has a later envelope of this key than `last`.
    pub behind: bool,
}

/// The hash of an inbox's post token: a stolen database lets nobody post.
pub type TokenHash = [u8; 32];

/// What the store keeps of a post token.
#[must_use]
pub fn token_hash(token: &[u8; 16]) -> TokenHash {
    blake3::derive_key("rafiq 2026 relay post token v1", token)
}

/// Bytes that an envelope takes in a response beside its own: array, position, length.
pub const ENVELOPE_OVERHEAD: usize = 15;
