//! The keys of a space, one after the other: which is sealed under now, and when a new one is made.
//!
//! Whoever was removed holds the keys up to then. So an epoch is sealed under only if whoever made it knew of every removal; where
//! there is none, any member's device that has something to say makes the next, for those who belong now.

use super::Sync;
use super::by_hand::Way;
use super::incoming::Taken;
use super::wire::{Authority, DeviceId, Epoch, EpochKey, Membership, OperationHash, Role};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::{SpaceKind, SpaceRow};
use rusqlite::{Connection, params};

/// Whether an epoch is to go to the relay, as `epoch.unsent` has it: it is there or others bring it; it is ours to send; it came by hand, and goes when
/// something is sealed under it.
const SENT: u8 = 0;
const UNSENT: u8 = 1;
pub(super) const BY_HAND: u8 = 2;
/// The purpose of an epoch's key in `space_key`.
const EPOCH: u8 = 1;
/// More epochs than this by one device are no person's doing: a removal a day for three years. Each device has its own measure, so that none
/// uses up another's.
const MAX_EPOCHS: i64 = 1_024;
/// The most that a new epoch joins; the newest. The others are opened through these.
const MAX_JOINED: usize = 32;

/// A number so far above that of the key which we know the others to have was not counted up to. Such a key opens what it opens, and nothing
/// is sealed under it or joined to it: numbers end, and one member must not use them up.
const MAX_AHEAD: u32 = 1_024;

/// A key with what is known of its making.
struct HeldKey {
    key: EpochKey,
    heads: Vec<OperationHash>,
}

impl Sync {
    /// The key to seal under now. Made here if there is none that only members hold.
    pub(crate) fn sealing_epoch(&self, rows: &Connection, space: &SpaceRow) -> Result<EpochKey> {
        if space.kind == SpaceKind::Directory {
            return newest_epoch(rows, &space.id); // its readers are no members
        }
        let membership = self.membership(rows, &space.id)?;
        match members_epoch(rows, &membership)? {
            Some(epoch) => {
                self.bring(rows, space, &epoch)?;
                self.give_to_new(rows, space, &membership, &epoch)?;
                Ok(epoch)
            }
            None => self.mint(rows, space, &membership),
        }
    }

    /// The key for somebody who is let in now: it opens everything. Where two were made far from each other and nobody has joined them yet, the
    /// next does.
    pub(crate) fn welcoming_epoch(&self, rows: &Connection, space: &SpaceRow) -> Result<EpochKey> {
        let epoch = self.sealing_epoch(rows, space)?;
        let membership = self.membership(rows, &space.id)?;
        if ends(rows, &membership)?.len() < 2 {
            return Ok(epoch);
        }
        self.mint(rows, space, &membership)
    }

    /// A key that came by hand goes to the others before what we seal under it: whoever made it may be out before they had a line.
    fn bring(&self, rows: &Connection, space: &SpaceRow, key: &EpochKey) -> Result<()> {
        let count = rows
            .prepare_cached("UPDATE epoch SET unsent = ?3 WHERE space = ?1 AND key_id = ?2 AND unsent = ?4")?
            .execute(params![&space.id.0[..], &key.key_id()[..], UNSENT, BY_HAND])?;
        if count > 0 { self.seal_epochs(rows, space) } else { Ok(()) }
    }

    /// Whoever was let in far from where the key was made has an earlier one: another part of the epoch gives it to them, under the keys
    /// that they hold. Of an epoch whose parts are not here nobody can say who lacks it.
    fn give_to_new(&self, rows: &Connection, space: &SpaceRow, membership: &Membership, key: &EpochKey) -> Result<()> {
        let parts = parts_of(rows, &space.id, key)?;
        let lacking: Vec<_> = membership.members().filter(|member| !is_given(&parts, member.device.device)).collect();
        let keys = self.keys(rows)?;
        let may = membership.member(keys.device()).is_some_and(|me| me.role.may_write());
        let Some(first) = parts.first().filter(|_| may && !lacking.is_empty()) else { return Ok(()) };
        let (parents, heads) = (first.parent_keys(key), membership.heads());
        let entropy = self.replica.random().bytes()?;
        let parts = Epoch::mint(&keys, space.id, &heads, &lacking, (key, &parents), &entropy);
        for part in parts.map_err(|error| Error::bug(format!("epoch {}", error.reason())))? {
            keep_item(rows, &part, UNSENT)?;
        }
        self.seal_epochs(rows, space)
    }

    fn mint(&self, rows: &Connection, space: &SpaceRow, membership: &Membership) -> Result<EpochKey> {
        let members: Vec<_> = membership.members().collect();
        let me = members.iter().find(|member| member.device.device == self.keys.device());
        if !me.is_some_and(|me| me.role.may_write()) {
            return Err(Error::NotAllowed { role: "reader" });
        }
        let mut ends = ends(rows, membership)?;
        ends.truncate(MAX_JOINED - 1);
        let parents = with_common(rows, membership, self.device(), ends)?;
        let newest = parents.iter().map(EpochKey::number).max().ok_or_else(|| Error::bug("epoch without parents"))?;
        let random = self.replica.random();
        let number = newest.checked_add(1).ok_or_else(|| Error::bug("epoch number"))?;
        let epoch = EpochKey::new(number, random.bytes()?);
        let heads = membership.heads();
        let parts = Epoch::mint(&self.keys(rows)?, space.id, &heads, &members, (&epoch, &parents), &random.bytes()?);
        for part in parts.map_err(|error| Error::bug(format!("epoch {}", error.reason())))? {
            keep_item(rows, &part, UNSENT)?;
        }
        keep_epoch(rows, &space.id, &epoch, &heads)?;
        join(rows, &space.id, &parents)?;
        // It leaves before what is sealed under it.
        self.seal_epochs(rows, space)?;
        Ok(epoch)
    }

    /// What somebody else has made. The key opens, whoever made it: what is sealed under it is signed. Whether we seal under it is another
    /// question.
    pub(super) fn take_epoch(&self, epoch: &Epoch, way: Way) -> Result<Taken> {
        let space = epoch.space;
        let unlocked = self.replica.store().write(|rows| {
            // Its past may be sealed under the key that it brings, so it does not wait for that.
            let membership = self.membership(rows, &space)?;
            match membership.authorised_at(&epoch.auth_heads, epoch.author, epoch.incarnation) {
                Authority::Role(role) if role.may_write() => {}
                Authority::Waiting(_) => {}
                Authority::Role(_) | Authority::Stranger => return Ok(Err("stranger")),
            }
            let count: i64 = rows.query_row(
                "SELECT count(*) FROM epoch WHERE space = ?1 AND author = ?2",
                params![&space.0[..], &epoch.author.0[..]],
                |row| row.get(0),
            )?;
            if count >= MAX_EPOCHS {
                return Ok(Err("too-many-epochs"));
            }
            let new = keep_item(rows, epoch, if way == Way::Hand { BY_HAND } else { SENT })?;
            let held = epochs(rows, &space)?.into_iter().find(|key| key.key_id() == epoch.key_id);
            let key = held.or_else(|| epoch.key_for(self.keys.device(), self.keys.inbox()));
            let Some(key) = key else { return Ok(Ok((new, Vec::new()))) };
            let parents = epoch.parent_keys(&key);
            let mut unlocked = vec![key.key_id().to_vec()];
            keep_epoch(rows, &space, &key, &[])?;
            for parent in &parents {
                unlocked.push(parent.key_id().to_vec());
                keep_epoch(rows, &space, parent, &[])?;
            }
            join(rows, &space, &parents)?;
            Ok(Ok((new, unlocked)))
        })?;
        Ok(match unlocked {
            Ok((new, unlocked)) => Taken::Done(if new { "epoch" } else { "known" }, unlocked),
            Err(reason) => super::incoming::refused(2, reason),
        })
    }
}

/// Whether only members hold this key: whoever made it knew of every removal, and was a writer by what they knew. What we know ourselves
/// of its making, from the founding, a welcome or our own hand, is not asked again; what others sign adds to it and changes nothing.
fn is_for_members(rows: &Connection, membership: &Membership, held: &HeldKey) -> Result<bool> {
    let (number, key_id) = (held.key.number(), held.key.key_id());
    let is_ours = !held.heads.is_empty() || number == 1;
    if is_ours && membership.knows_all_removals(&held.heads) {
        return Ok(true);
    }
    let mut statement = rows.prepare_cached("SELECT bytes FROM epoch WHERE space = ?1 AND key_id = ?2")?;
    for bytes in statement.query_map(params![&membership.space().0[..], &key_id[..]], |row| row.get::<_, Vec<u8>>(0))? {
        let epoch = Epoch::decode(&bytes?).map_err(|_| Error::Corrupt)?;
        let role = membership.authorised_at(&epoch.auth_heads, epoch.author, epoch.incarnation).role();
        let made = epoch.number == number && role.is_some_and(Role::may_write);
        if made && membership.knows_all_removals(&epoch.auth_heads) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The parts of a key's epoch that are here, the first that came first.
fn parts_of(rows: &Connection, space: &SpaceId, key: &EpochKey) -> Result<Vec<Epoch>> {
    let mut statement =
        rows.prepare_cached("SELECT bytes FROM epoch WHERE space = ?1 AND key_id = ?2 ORDER BY number")?;
    let found = statement.query_map(params![&space.0[..], &key.key_id()[..]], |row| row.get::<_, Vec<u8>>(0))?;
    found.map(|bytes| Epoch::decode(&bytes?).map_err(|_| Error::Corrupt)).collect()
}

/// By which the store tells one from another.
pub(super) fn epoch_name(epoch: &Epoch) -> [u8; 32] {
    hash("rafiq 2026 epoch v1", &[epoch.bytes()])
}

/// Whether it was new.
fn keep_item(rows: &Connection, epoch: &Epoch, unsent: u8) -> Result<bool> {
    let name = epoch_name(epoch);
    let count = rows.execute(
        "INSERT INTO epoch (hash, space, key_id, bytes, unsent, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (hash) DO NOTHING",
        params![&name[..], &epoch.space.0[..], &epoch.key_id[..], epoch.encode(), unsent, &epoch.author.0[..]],
    )?;
    Ok(count > 0)
}

/// Keeps a key; `heads` are the operations under which it was made, where we know that ourselves.
pub(super) fn keep_epoch(rows: &Connection, space: &SpaceId, epoch: &EpochKey, heads: &[OperationHash]) -> Result<()> {
    let heads: Vec<u8> = heads.iter().flat_map(|head| head.0).collect();
    rows.execute(
        "INSERT INTO space_key (space, purpose, number, key_id, secret, heads, joined) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
         ON CONFLICT DO NOTHING",
        params![&space.0[..], EPOCH, epoch.number(), &epoch.key_id()[..], &epoch.secret()[..], heads],
    )?;
    Ok(())
}

fn join(rows: &Connection, space: &SpaceId, parents: &[EpochKey]) -> Result<()> {
    for parent in parents {
        rows.execute(
            "UPDATE space_key SET joined = 1 WHERE space = ?1 AND key_id = ?2",
            params![&space.0[..], &parent.key_id()[..]],
        )?;
    }
    Ok(())
}

fn held_epochs(rows: &Connection, space: &SpaceId) -> Result<Vec<HeldKey>> {
    let mut statement = rows.prepare_cached(
        "SELECT number, secret, heads FROM space_key WHERE space = ?1 AND purpose = ?2 ORDER BY number DESC, key_id",
    )?;
    let mut found = statement.query(params![&space.0[..], EPOCH])?;
    let mut held = Vec::new();
    while let Some(row) = found.next()? {
        let heads: Vec<u8> = row.get(2)?;
        let (heads, rest) = heads.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(Error::Corrupt);
        }
        let heads = heads.iter().map(|head| OperationHash(*head)).collect();
        held.push(HeldKey { key: EpochKey::new(row.get(0)?, row.get(1)?), heads });
    }
    Ok(held)
}

/// Whether all is known here that whoever made this key knew. It may have been made because of a removal that has not come yet: joined to a
/// key for those whom we believe to belong, it would open to whoever is out what the others write without them.
fn is_understood(rows: &Connection, membership: &Membership, key: &EpochKey) -> Result<bool> {
    Ok(!parts_of(rows, &membership.space(), key)?.iter().any(|part| !unknown_to(membership, part).is_empty()))
}

/// What whoever made an epoch knew and we do not.
fn unknown_to(membership: &Membership, part: &Epoch) -> Vec<OperationHash> {
    match membership.authorised_at(&part.auth_heads, part.author, part.incarnation) {
        Authority::Waiting(missing) => missing,
        Authority::Role(_) | Authority::Stranger => Vec::new(),
    }
}

/// The operations under which somebody has made a key and that are not here: a removal, mostly.
pub(super) fn unknown_operations(rows: &Connection, membership: &Membership) -> Result<Vec<OperationHash>> {
    let mut statement = rows.prepare_cached("SELECT bytes FROM epoch WHERE space = ?1 ORDER BY number")?;
    let mut unknown = Vec::new();
    for bytes in statement.query_map([&membership.space().0[..]], |row| row.get::<_, Vec<u8>>(0))? {
        // What cannot be read any more asks for nothing.
        let Ok(epoch) = Epoch::decode(&bytes?) else { continue };
        unknown.append(&mut unknown_to(membership, &epoch));
    }
    unknown.sort_unstable();
    unknown.dedup();
    Ok(unknown)
}

/// The keys that no later one opens and whose making is understood, the newest first.
fn ends(rows: &Connection, membership: &Membership) -> Result<Vec<EpochKey>> {
    let space = &membership.space();
    let highest = known_epoch(rows, &membership.space())?.number().saturating_add(MAX_AHEAD);
    let mut statement = rows.prepare_cached(
        "SELECT number, secret FROM space_key WHERE space = ?1 AND purpose = ?2 AND joined = 0 AND number <= ?4
         ORDER BY number DESC, key_id LIMIT ?3",
    )?;
    let found = statement.query_map(params![&space.0[..], EPOCH, MAX_JOINED as i64, highest], |row| {
        Ok(EpochKey::new(row.get(0)?, row.get(1)?))
    })?;
    let mut ends = Vec::new();
    for key in found {
        let key = key?;
        if is_understood(rows, membership, &key)? {
            ends.push(key);
        }
    }
    Ok(ends)
}

/// The newest key of whose making we know ourselves: from the founding, a welcome or our own hand. Of a key that somebody else made, whatever its
/// number, nobody can say who has it.
fn known_epoch(rows: &Connection, space: &SpaceId) -> Result<EpochKey> {
    let known = held_epochs(rows, space)?.into_iter().find(|held| !held.heads.is_empty());
    known.map_or_else(|| first_epoch(rows, space), |held| Ok(held.key))
}

/// The newest of them that everybody who belongs holds, or what opens it. One that we made before we knew of somebody who had been let in
/// meanwhile is not with them.
fn common_epoch(rows: &Connection, membership: &Membership, us: DeviceId) -> Result<EpochKey> {
    let space = &membership.space();
    for known in held_epochs(rows, space)?.into_iter().filter(|held| !held.heads.is_empty()) {
        if is_with_all(rows, membership, us, &known.key)? {
            return Ok(known.key);
        }
    }
    first_epoch(rows, space)
}

/// The first key that is here: whoever belongs opens it, by their welcome.
fn first_epoch(rows: &Connection, space: &SpaceId) -> Result<EpochKey> {
    let held = held_epochs(rows, space)?;
    let first = held.iter().find(|held| held.key.number() == 1).or(held.first());
    first.map(|held| held.key.clone()).ok_or(Error::NotFound)
}

/// Whether a key of whose making we know ourselves was given to everybody who belongs, by us: what others say that they have sealed to whom,
/// nobody else can open. The first key, and that of a welcome, were.
fn is_with_all(rows: &Connection, membership: &Membership, us: DeviceId, key: &EpochKey) -> Result<bool> {
    let mut parts = parts_of(rows, &membership.space(), key)?;
    parts.retain(|part| part.author == us);
    Ok(parts.is_empty() || membership.members().all(|member| is_given(&parts, member.device.device)))
}

/// Whether one of these parts has the key for a device.
fn is_given(parts: &[Epoch], device: DeviceId) -> bool {
    parts.iter().any(|part| part.seals.binary_search_by_key(&device, |seal| seal.device).is_ok())
}

/// These keys with the common one among them, so that what travels under them reaches everybody.
pub(super) fn with_common(
    rows: &Connection,
    membership: &Membership,
    us: DeviceId,
    mut keys: Vec<EpochKey>,
) -> Result<Vec<EpochKey>> {
    let common = common_epoch(rows, membership, us)?;
    if !keys.iter().any(|key| key.key_id() == common.key_id()) {
        keys.push(common);
    }
    Ok(keys)
}

/// Under which keys everybody hears of a removal: the newest that is here, and the one that we know the others to have.
pub(super) fn heard_by_all(rows: &Connection, membership: &Membership, us: DeviceId) -> Result<Vec<EpochKey>> {
    with_common(rows, membership, us, vec![newest_epoch(rows, &membership.space())?])
}

/// All keys of a space, the newest first.
pub(super) fn epochs(rows: &Connection, space: &SpaceId) -> Result<Vec<EpochKey>> {
    Ok(held_epochs(rows, space)?.into_iter().map(|held| held.key).collect())
}

/// The key with the highest number; for a directory the one that its readers have.
pub(crate) fn newest_epoch(rows: &Connection, space: &SpaceId) -> Result<EpochKey> {
    epochs(rows, space)?.into_iter().next().ok_or(Error::NotFound)
}

/// The newest key that only members hold: what is sealed now is sealed under it, and its list key signs the relay's list. `None` if somebody
/// was removed and it is still to be made.
pub(super) fn members_epoch(rows: &Connection, membership: &Membership) -> Result<Option<EpochKey>> {
    let highest = known_epoch(rows, &membership.space())?.number().saturating_add(MAX_AHEAD);
    for held in held_epochs(rows, &membership.space())?.into_iter().filter(|held| held.key.number() <= highest) {
        if is_for_members(rows, membership, &held)? {
            return Ok(Some(held.key));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
