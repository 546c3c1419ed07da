//! Entries that their author has packed better than our codec can: each came in an envelope, and put together anew it fits none. It is kept as
//! it came, beside the log, and leaves so: for those who lack it, on a card, behind a pack. Without that a member could write what nobody
//! else can pass on, and the space would have no more packs.

use super::Sync;
use super::wire::{Encoded, Entry, EntryHash, EpochKey, Item, WireError, seal, seal_encoded, space_tag};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rafiq_protocol::Urgency;
use rusqlite::{Connection, OptionalExtension, params};

/// An entry, and how it came.
pub(super) struct AsPacked {
    entry: EntryHash,
    encoded: Encoded,
}

impl AsPacked {
    /// `None` for all that we can pack ourselves, which is all that honest members write.
    pub(super) fn of(item: &[u8], encoded: Encoded) -> Option<Self> {
        if !Encoded::is_the_only_one(item) {
            return None;
        }
        match Item::decode(item) {
            Ok(Item::Entry(entry)) => Some(Self { entry: entry.hash(), encoded }),
            _ => None,
        }
    }

    pub(super) fn keep(&self, rows: &Connection) -> Result<()> {
        rows.prepare_cached("INSERT INTO as_packed (entry, packed) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![&self.entry.0[..], self.encoded.to_bytes()])?;
        Ok(())
    }
}

impl Sync {
    /// An entry is refused: nobody is to have it from us.
    pub(super) fn forget_packed(&self, entry: &Entry) -> Result<()> {
        let hash = entry.hash();
        if self.replica.read(|rows| packed(rows, &hash))?.is_none() {
            return Ok(());
        }
        self.replica.store().write(|rows| {
            rows.prepare_cached("DELETE FROM as_packed WHERE entry = ?1")?.execute([&hash.0[..]])?;
            Ok(())
        })
    }
}

/// An item that somebody else has signed, sealed: in our codec, or else as it came. `None` if it fits in neither, because a version before this one
/// has taken it: nobody can pass that on from here, and it keeps nothing else from leaving.
pub(super) fn sealed_if_it_fits(
    rows: &Connection,
    key: &EpochKey,
    space: &SpaceId,
    urgency: Urgency,
    item: &Item,
) -> Result<Option<Vec<u8>>> {
    let tag = space_tag(space);
    let sealed = match (seal(key, &tag, urgency, &item.encode()), item) {
        (Err(WireError::TooLarge), Item::Entry(entry)) => match packed(rows, &entry.hash())? {
            Some(encoded) => seal_encoded(key, &tag, urgency, &encoded),
            None => return Ok(None),
        },
        (Err(WireError::TooLarge), _) => return Ok(None),
        (sealed, _) => sealed,
    };
    sealed.map(Some).map_err(|error| Error::bug(format!("seal {}", error.reason())))
}

fn packed(rows: &Connection, entry: &EntryHash) -> Result<Option<Encoded>> {
    let found: Option<Vec<u8>> = rows
        .prepare_cached("SELECT packed FROM as_packed WHERE entry = ?1")?
        .query_row([&entry.0[..]], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(|bytes| Encoded::from_bytes(&bytes)))
}
