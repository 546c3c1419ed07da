//! The cut that a removal carries, enforced. What a removed device wrote after the last entry that the remover had seen counts only if
//! another member's entry names it, or a steward keeps it ([`super::wire::Keep`]). Till then it is held, verbatim; where it had been
//! admitted before the removal came, the documents are made again without it.
//!
//! Whose word counts is a function of the entries and operations that are here, not of the order in which they came: an entry has a say
//! once its signature and its author's role are good, even while it waits for something itself, perhaps for the very entry that it
//! names; and none has a say that lies beyond a cut itself, so that two who were removed cannot vouch for each other.

use super::Sync;
use super::admission::keep_named;
use super::erasing::{forget_seen, note_seen};
use super::incoming::{Coming, From, held_entry};
use super::outgoing::stored_entry;
use super::resting::{Resting, links};
use super::safeguards::Safeguard;
use super::waiting::{Held, REMOVED, Standing, each_entry_aside, hold, waiting_because};
use super::wire::signed::Signed;
use super::wire::{Authority, DeviceId, Entry, EntryHash, Header, Item, Membership};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is here that could have a say: the last operation and entry, how many entries, how many items stand aside and why, and the last.
pub(super) type Stamp = [Option<i64>; 5];
/// How far others vouch for each chain.
pub(super) type Vouched = BTreeMap<(DeviceId, u32), u64>;

impl Sync {
    /// Whether an entry lies beyond a cut and nobody vouches for it.
    pub(super) fn lies_beyond(&self, rows: &Connection, membership: &Membership, entry: &Entry) -> Result<bool> {
        if !self.minds_cuts(membership) || entry.device == self.device() || !membership.beyond_cut(entry, entry.hash())
        {
            return Ok(false);
        }
        Ok(!reaches(&*self.vouched_as_before(rows, membership)?, entry))
    }

    /// The same as [`vouched`], gone through once as long as nothing has come that could have a say: whoever was taken out may send without end.
    fn vouched_as_before(&self, rows: &Connection, membership: &Membership) -> Result<Arc<Vouched>> {
        let space = membership.space();
        let stamp: Stamp = rows
            .prepare_cached(
                "SELECT (SELECT max(number) FROM operation WHERE space = ?1), (SELECT max(number) FROM entry WHERE space = ?1),
                 (SELECT count(*) FROM entry WHERE space = ?1), count(*) * 4 + sum(state), max(rowid) FROM held_item WHERE space = ?1",
            )?
            .query_row([&space.0[..]], |row| {
                Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
            })?;
        if let Some((known, vouched)) = self.vouched.lock().get(&space)
            && *known == stamp
        {
            return Ok(vouched.clone());
        }
        let vouched = Arc::new(vouched(rows, membership)?);
        self.vouched.lock().insert(space, (stamp, vouched.clone()));
        Ok(vouched)
    }

    /// When entries have gone out of the log: others may come to have their numbers.
    pub(super) fn forget_vouched(&self, space: &SpaceId) {
        self.vouched.lock().remove(space);
    }

    /// A device that has been taken out itself keeps what it has read, as it is.
    fn minds_cuts(&self, membership: &Membership) -> bool {
        let out =
            membership.removed().any(|device| device == self.device()) && membership.member(self.device()).is_none();
        self.safeguards.holds(Safeguard::Cut) && !out
    }

    /// After an operation, in its transaction: takes out what lies beyond a cut by now, with all that rests on it. The nouns whose rows have
    /// moved, for listeners after the commit.
    pub(super) fn settle_cuts(&self, rows: &Connection, space: &SpaceId) -> Result<BTreeSet<&'static str>> {
        let beyond = self.admitted_beyond(rows, space)?;
        if beyond.is_empty() {
            return Ok(BTreeSet::new());
        }
        let fallen = Resting::of(rows, space)?.falling(beyond.iter().map(|header| EntryHash::of(header.bytes()).0));
        // Whatever we build on, our entries name, so nothing of ours falls. Should it all the same, nothing of the space does: our chain must
        // not begin again in a place where it has been.
        if self.is_ours_among(rows, fallen.keys())? {
            return Ok(BTreeSet::new());
        }
        let now = self.replica.now_ms();
        let mut hashes = BTreeSet::new();
        for (hash, needs) in &fallen {
            let held = held_entry(&stored_entry(rows, &EntryHash(*hash))?);
            match needs {
                None => hold(rows, &held, Standing::Waiting, 2, REMOVED, None, now)?,
                Some(need) => hold(rows, &held, Standing::Waiting, 0, "needs", Some(need), now)?,
            }
            hashes.insert(*hash);
        }
        let nouns = self.replica.rewrite(rows, &hashes, &BTreeSet::new())?;
        // What they alone have named is not known to exist: nobody waits for it. What packs and others have named stays.
        for hash in &hashes {
            forget_seen(rows, space, hash)?;
            rows.prepare_cached(
                "DELETE FROM named_head WHERE space = ?1 AND by = (SELECT device FROM entry WHERE hash = ?2)",
            )?
            .execute(params![&space.0[..], &hash[..]])?;
            rows.prepare_cached("DELETE FROM entry WHERE hash = ?1")?.execute([&hash[..]])?;
        }
        hear_who_stays(rows, space)?;
        self.forget_vouched(space);
        Ok(nouns)
    }

    fn is_ours_among<'a>(&self, rows: &Connection, mut entries: impl Iterator<Item = &'a [u8; 32]>) -> Result<bool> {
        let mut own = rows.prepare_cached("SELECT 1 FROM entry WHERE hash = ?1 AND own = 1")?;
        entries.try_fold(false, |found, hash| Ok(found || own.exists([&hash[..]])?))
    }

    /// After an upgrade: a version before this one took everything in, whatever had been removed.
    pub(super) fn settle_all_cuts(&self) -> Result<()> {
        for space in self.replica.spaces(None)? {
            self.replica.store().write(|rows| self.settle_cuts(rows, &space.id))?;
        }
        Ok(())
    }

    /// What was held in this space and counts by now, to be taken as if it came.
    pub(super) fn let_in(&self, from: &From) -> Result<Vec<Coming>> {
        let From::Space(space) = from else { return Ok(Vec::new()) };
        self.replica.read(|rows| {
            let held = waiting_because(rows, space, REMOVED)?;
            if held.is_empty() {
                return Ok(Vec::new());
            }
            let membership = self.membership(rows, space)?;
            let vouched = self.vouched_as_before(rows, &membership)?;
            let mut counts = Vec::new();
            for row in held {
                let item = row.item.get(1..).unwrap_or_default().to_vec();
                let Ok(Item::Entry(entry)) = Item::decode(&item) else { continue };
                let minded = self.minds_cuts(&membership) && membership.beyond_cut(&entry, entry.hash());
                if !minded || reaches(&vouched, &entry) {
                    counts.push(Coming::again(Held { item, ..row }, *from));
                }
            }
            Ok(counts)
        })
    }

    /// The admitted entries that lie beyond a cut, and that neither others' entries nor our own unsent work vouch for.
    fn admitted_beyond(&self, rows: &Connection, space: &SpaceId) -> Result<Vec<Signed<Header>>> {
        let membership = self.membership(rows, space)?;
        if !self.minds_cuts(&membership) {
            return Ok(Vec::new());
        }
        let mut beyond = Vec::new();
        for device in membership.removed().filter(|device| *device != self.device()) {
            each_header(rows, space, Some(device), |header| {
                if membership.beyond_cut(&header, EntryHash::of(header.bytes())) {
                    beyond.push(header);
                }
            })?;
        }
        if beyond.is_empty() {
            return Ok(beyond);
        }
        let mut vouched = vouched(rows, &membership)?;
        // What we wrote on top of it before we knew will name it, with the next entry of ours.
        for (chain, sequence) in under_unsent(rows, space)? {
            let end = vouched.entry(chain).or_default();
            *end = sequence.max(*end);
        }
        beyond.retain(|header| !reaches(&vouched, header));
        Ok(beyond)
    }
}

/// After something fell: what the entries that stay say of others' chains and of erasures counts, and nothing else.
pub(super) fn hear_who_stays(rows: &Connection, space: &SpaceId) -> Result<()> {
    let mut stays = Vec::new();
    each_header(rows, space, None, |header| stays.push(header))?;
    stays.iter().try_for_each(|header| {
        keep_named(rows, header)?;
        note_seen(rows, header)
    })
}

fn reaches(vouched: &Vouched, entry: &Header) -> bool {
    vouched.get(&(entry.device, entry.incarnation)).is_some_and(|end| *end >= entry.sequence)
}

/// How far each chain is named by entries of other devices that belonged and lie beyond no cut: of those in the log, and of those that
/// stand aside. Read from the headers themselves, and only where somebody was removed and wrote on.
fn vouched(rows: &Connection, membership: &Membership) -> Result<Vouched> {
    let mut vouched = Vouched::new();
    let mut hear = |header: &Header, hash: EntryHash| {
        let role = membership.authorised_at(&header.auth_heads, header.device, header.incarnation);
        if !matches!(role, Authority::Role(role) if role.may_write()) || membership.beyond_cut(header, hash) {
            return;
        }
        for head in header.entry_heads.iter().filter(|head| head.device != header.device) {
            let end = vouched.entry((head.device, head.incarnation)).or_default();
            *end = head.sequence.max(*end);
        }
    };
    each_header(rows, &membership.space(), None, |header| hear(&header, EntryHash::of(header.bytes())))?;
    // What is refused here is refused everywhere, and a newcomer does not even hear of it.
    each_entry_aside(rows, &membership.space(), |aside| {
        if !aside.refused {
            hear(&aside.entry, aside.entry.hash());
        }
    })?;
    Ok(vouched)
}

/// Goes through the headers of a space in the log, of all devices or of one.
pub(super) fn each_header(
    rows: &Connection,
    space: &SpaceId,
    device: Option<DeviceId>,
    mut work: impl FnMut(Signed<Header>),
) -> Result<()> {
    let mut statement = rows.prepare_cached(
        "SELECT header, signature FROM entry WHERE space = ?1 AND (?2 IS NULL OR device = ?2) ORDER BY number",
    )?;
    let mut found = statement.query(params![&space.0[..], device.map(|device| device.0.to_vec())])?;
    while let Some(row) = found.next()? {
        // Its signature was good when it was taken in; each check more would be one for every header of the log.
        work(Signed::known(row.get(0)?, row.get(1)?).map_err(|_| Error::Corrupt)?);
    }
    Ok(())
}

/// How far each chain lies under changes of ours that no entry carries yet.
fn under_unsent(rows: &Connection, space: &SpaceId) -> Result<Vouched> {
    let mut under: BTreeSet<[u8; 32]> = BTreeSet::new();
    let mut entries = BTreeSet::new();
    for (hash, link) in links(rows, space)?.iter().rev() {
        if link.entry.is_none() || under.contains(hash) {
            under.extend(&link.deps);
            entries.extend(link.entry);
        }
    }
    let mut reached = Vouched::new();
    let mut place = rows.prepare_cached("SELECT device, incarnation, sequence FROM entry WHERE hash = ?1")?;
    for entry in entries {
        let (chain, sequence) = place.query_row([&entry[..]], |row| {
            Ok(((DeviceId(row.get(0)?), row.get(1)?), row.get::<_, i64>(2)?.unsigned_abs()))
        })?;
        let end = reached.entry(chain).or_default();
        *end = sequence.max(*end);
    }
    Ok(reached)
}
