//! The spaces of this profile as sync knows them: their keys, their membership, how one is founded or joined.

use super::epochs::{epochs, keep_epoch, members_epoch, newest_epoch};
use super::signing::keep_operation;
use super::wire::operation::INBOX_REPORTS;
use super::wire::{
    Action, DeviceId, EpochKey, FounderKey, Invite, Membership, Operation, PublishInbox, Role, space_tag,
};
use super::{LastOperation, Sync};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::{READER, STEWARD, SpaceFounder, SpaceKind, WRITER};
use crate::store::{meta, set_meta};
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const FOUNDER: u8 = 2;
const HOME_RELAY: &str = "home relay";

impl SpaceFounder for Sync {
    fn found(&self, rows: &Connection, kind: SpaceKind, title: &str) -> Result<SpaceId> {
        let random = self.replica.random();
        let founder = random.bytes::<32>()?;
        let keys = self.keys(rows)?;
        let operation =
            Operation::found(&keys, kind, random.bytes()?, FounderKey::from_seed(founder).id(), self.replica.me()?)
                .map_err(|_| Error::bug("founding"))?;
        let space = operation.space_id();
        let relay = if kind == SpaceKind::Personal { String::new() } else { home_relay(rows)? };
        add_space(rows, &space, kind, Role::Steward, title, &relay, self.replica.now_ms())?;
        keep_epoch(rows, &space, &EpochKey::new(1, random.bytes()?), &[operation.hash()])?;
        keep_founder(rows, &space, &founder)?;
        keep_operation(rows, &operation, true)?;
        if kind == SpaceKind::Directory {
            let inbox = self.keys.published_inbox(&space).address();
            let publish = Action::PublishInbox(PublishInbox { inbox, purpose: INBOX_REPORTS });
            self.sign_and_keep(rows, &space, vec![operation.hash()], publish)?;
        }
        Ok(space)
    }
}

impl Sync {
    /// The membership of a space as the operations held here make it.
    pub(crate) fn membership(&self, rows: &Connection, space: &SpaceId) -> Result<Arc<Membership>> {
        let last: LastOperation = rows
            .prepare_cached("SELECT number, hash FROM operation WHERE space = ?1 ORDER BY number DESC LIMIT 1")?
            .query_row([&space.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // What is out of date is taken out, so that it is ours to add to.
        let held = match self.memberships.lock().entry(*space) {
            Entry::Occupied(held) if held.get().0 == last => return Ok(held.get().1.clone()),
            Entry::Occupied(held) => Some(held.remove()),
            Entry::Vacant(_) => None,
        };
        let added = match held {
            Some((Some(known), membership)) => with_erasures(rows, space, known, membership)?,
            _ => None,
        };
        let membership = match added {
            Some(membership) => membership,
            None => {
                self.replays.fetch_add(1, Ordering::Relaxed);
                Arc::new(Membership::replay(*space, operations_after(rows, space, 0)?))
            }
        };
        self.memberships.lock().insert(*space, (last, membership.clone()));
        Ok(membership)
    }

    /// How often a space's operations were judged from the first on, since the start; erasures must not raise it.
    #[doc(hidden)]
    pub fn memberships_replayed(&self) -> u64 {
        self.replays.load(Ordering::Relaxed)
    }

    /// By which the relay knows us in a space: our own key as a member, the shared one as a reader of a directory.
    pub(super) fn relay_key(&self, rows: &Connection, space: &SpaceId) -> Result<SigningKey> {
        if let Some(key) = super::kit::relay_key(rows, space)? {
            return Ok(key);
        }
        if let Ok(key) = self.membership(rows, space)?.relay_key(&self.keys) {
            return Ok(key);
        }
        newest_epoch(rows, space).map(|epoch| epoch.reader_relay_key())
    }

    /// Signs the relay's key list of a space: every member's, except in a directory, where only its founder's device may.
    pub(super) fn list_key(&self, rows: &Connection, space: &SpaceId, kind: SpaceKind) -> Result<Option<SigningKey>> {
        if kind != SpaceKind::Directory {
            let membership = self.membership(rows, space)?;
            return Ok(members_epoch(rows, &membership)?.map(|epoch| epoch.list_key()));
        }
        let founder = self.membership(rows, space)?.operations().first().map(|operation| operation.author);
        Ok((founder == Some(self.keys.device())).then(|| self.keys.list_key(space)))
    }

    /// The relay that spaces founded on this device will use; also given to those that have none yet, or one that never answered.
    ///
    /// Errors: `Invalid{field: "relay"}` unless it is an `http(s)` address of at most 200 bytes.
    pub fn set_home_relay(&self, url: &str) -> Result<()> {
        super::wire::invite::check_relay_url(url).map_err(|error| error.in_field("relay"))?;
        let url = url.trim_end_matches('/');
        self.replica.store().write(|rows| {
            // An address that never answered was mistyped, or its relay never came to be: what was to go there goes here.
            let before = home_relay(rows)?;
            let reached = rows.prepare("SELECT 1 FROM relay WHERE url = ?1")?.exists([&before])?;
            let moved = if reached { "" } else { before.as_str() };
            // The personal space goes where a kit is to find it, and nowhere without one.
            rows.execute(
                "UPDATE space SET relay = ?1 WHERE relay = ?2 AND relay <> '' OR relay = '' AND kind <> 1",
                [url, moved],
            )?;
            rows.execute("UPDATE outbox SET relay = ?1 WHERE relay IN ('', ?2)", [url, moved])?;
            keep_home_relay(rows, url)
        })
    }

    /// Where spaces founded here are synced; empty for none.
    pub fn home_relay(&self) -> Result<String> {
        self.replica.read(home_relay)
    }

    /// This device's public name.
    pub fn device(&self) -> DeviceId {
        self.keys.device()
    }
}

impl Sync {
    /// A directory that an invite lets us read: its key is in the invite, and nobody has to be asked.
    ///
    /// Nobody has signed the invite. So for a space that we hold it brings no key, under which we would then write, and it moves
    /// no space to another relay but a directory that we only read and whose key it knows.
    pub(crate) fn add_directory(&self, rows: &Connection, invite: &Invite) -> Result<()> {
        let epoch = invite.read_key().ok_or(Error::invalid("invite", "malformed"))?;
        let (kind, now) = (invite.kind, self.replica.now_ms());
        let held: Option<(u8, u8)> = rows
            .query_row("SELECT kind, role FROM space WHERE id = ?1", [&invite.space.0[..]], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match held {
            None => {}
            Some(held) if held != (SpaceKind::Directory as u8, READER) => return Ok(()),
            Some(_) if epochs(rows, &invite.space)?.contains(&epoch) => {}
            Some(_) => return Err(Error::invalid("invite", "other-key")),
        }
        add_space(rows, &invite.space, kind, Role::Reader, &invite.title, &invite.relay, now)?;
        keep_epoch(rows, &invite.space, &epoch, &[])
    }
}

/// The operations of a space behind one of our numbers. They were verified when they came.
pub(super) fn operations_after(rows: &Connection, space: &SpaceId, number: i64) -> Result<Vec<Operation>> {
    let mut statement =
        rows.prepare_cached("SELECT bytes FROM operation WHERE space = ?1 AND number > ?2 ORDER BY number")?;
    let found = statement.query_map(params![&space.0[..], number], |row| row.get::<_, Vec<u8>>(0))?;
    found.map(|bytes| Operation::known(&bytes?).map_err(|_| Error::Corrupt)).collect()
}

/// A membership as far as it was known, with the erasures that came since: a space may see many, and not one of them changes what the others
/// are judged by. `None` if anything else came.
fn with_erasures(
    rows: &Connection,
    space: &SpaceId,
    (number, hash): (i64, [u8; 32]),
    mut membership: Arc<Membership>,
) -> Result<Option<Arc<Membership>>> {
    // Known from a transaction that failed, or later than what this reader sees.
    let mut known = rows.prepare_cached("SELECT 1 FROM operation WHERE number = ?1 AND hash = ?2")?;
    if !known.exists(params![number, &hash[..]])? {
        return Ok(None);
    }
    let new = operations_after(rows, space, number)?;
    if new.iter().any(|operation| !matches!(operation.action, Action::Erase(_))) {
        return Ok(None);
    }
    let own = Arc::make_mut(&mut membership);
    Ok(new.iter().all(|operation| own.add_erasure(operation)).then_some(membership))
}

pub(super) fn home_relay(rows: &Connection) -> Result<String> {
    let url = meta(rows, HOME_RELAY)?.unwrap_or_default();
    String::from_utf8(url).map_err(|_| Error::Corrupt)
}

pub(super) fn add_space(
    rows: &Connection,
    space: &SpaceId,
    kind: SpaceKind,
    role: Role,
    title: &str,
    relay: &str,
    now_ms: i64,
) -> Result<()> {
    rows.execute(
        "INSERT INTO space (id, kind, tag, role, title, relay, added) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET role = max(role, excluded.role), relay = excluded.relay",
        params![&space.0[..], kind as u8, &space_tag(space)[..], role_number(role), title, relay, now_ms],
    )?;
    Ok(())
}

/// Founding twice with the same randomness is founding once.
fn keep_founder(rows: &Connection, space: &SpaceId, secret: &[u8; 32]) -> Result<()> {
    rows.execute(
        "INSERT INTO space_key (space, purpose, number, key_id, secret, heads, joined) VALUES (?1, ?2, 0, x'', ?3, x'', 0)
         ON CONFLICT DO NOTHING",
        params![&space.0[..], FOUNDER, &secret[..]],
    )?;
    Ok(())
}

pub(super) fn keep_home_relay(rows: &Connection, url: &str) -> Result<()> {
    set_meta(rows, HOME_RELAY, url.as_bytes())
}

/// The founder's key of a space is with nobody from now on.
pub(super) fn forget_founder(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.execute("DELETE FROM space_key WHERE space = ?1 AND purpose = ?2", params![&space.0[..], FOUNDER])?;
    Ok(())
}

/// As the `space` table holds it.
pub(crate) const fn role_number(role: Role) -> u8 {
    match role {
        Role::Reader => READER,
        Role::Writer => WRITER,
        Role::Steward => STEWARD,
    }
}
