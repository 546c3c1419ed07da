//! Packs: how somebody who comes late catches up. A newcomer, a phone that lay in a drawer for half a year, the twenty thousandth
//! listing.
//!
//! A steward's device tells the space again from its beginning, in parts that are each an envelope full of what would else be a
//! hundred. A newcomer is told to begin reading there; a relay may let go of what is older and covered; whoever was away takes what
//! they lack and passes over the rest. Nothing in a pack is believed because it stands there: everything has its author's signature
//! and goes through admission.
//!
//! | room | what |
//! |---|---|
//! | this | what is known of a space's newest pack; reading one |
//! | `writing` | when one is due, and writing it part by part |
//! | `admitting` | many entries at once, each document tried once |

mod admitting;
mod writing;

use super::Sync;
use super::answer::Received;
use super::by_hand::Way;
use super::incoming::{From, Source, Taken, refused};
use super::waiting::Standing;
use super::wire::{Authority, Covers, Item, Part, Role};
use crate::error::Result;
use crate::ids::{SpaceId, hash};
use rusqlite::{Connection, OptionalExtension, params};

impl Sync {
    /// Takes a part: operations and epochs, then the entries. Those that cannot be taken together go the road of any entry, one by
    /// one, where each finds its own reason.
    pub(super) fn take_part(
        &self,
        part: &Part,
        (source, way): (Source<'_>, Way),
        received: &mut Received,
    ) -> Result<Taken> {
        let (space, from) = (part.space, From::Space(part.space));
        // It covers what its author had read before writing it, so what lies before it there. Newcomers begin to read where it says.
        let here = self.replica.read(|rows| relay_of(rows, &space))?;
        let is_ours = here == Some((part.covers.instance, part.covers.restores));
        // One that waited for its key lies elsewhere than what brought that.
        let lies_at = source.position.filter(|_| way == Way::Relay);
        if is_ours && lies_at.is_some_and(|position| part.covers.position >= position) {
            return Ok(refused(2, "covers"));
        }
        self.note_way(part.entries(), way)?;
        let mut unlocked = Vec::new();
        // Before the steward is judged: it may be these that make them one.
        for item in self.new_items(part)? {
            self.take_item(&from, source, &item.encode(), received)?;
        }
        let (authority, is_member) = self.replica.read(|rows| {
            let membership = self.membership(rows, &space)?;
            let authority = membership.authorised_at(&part.auth_heads, part.device, part.incarnation);
            Ok((authority, membership.member(part.device).is_some()))
        })?;
        match authority {
            Authority::Role(Role::Steward) => {}
            Authority::Waiting(missing) => {
                let need = missing.first().map(|hash| hash.0.to_vec());
                return Ok(Taken::Aside(Standing::Waiting, 0, "needs", need));
            }
            Authority::Role(_) | Authority::Stranger => return Ok(refused(2, "no-steward")),
        }
        let name = hash("rafiq 2026 pack part v1", &[&part.encode()]);
        let taken = self.admit_together(part.entries(), &name)?;
        if self.replica.read(|rows| anything_waits(rows, &space))? {
            unlocked.extend(taken.admitted);
        }
        for entry in taken.left {
            self.take_item(&from, source, &Item::Entry(entry.clone()).encode(), received)?;
        }
        // What has its author's signature counts whoever passes it on. What a part says by itself, only while its author belongs.
        // Where it lies whole is known to whoever has read it there.
        if part.last && is_member && lies_at.is_some() {
            self.replica.store().write(|rows| finish_reading(rows, part))?;
        }
        Ok(Taken::Done(if taken.new { "pack" } else { "known" }, unlocked))
    }

    /// The operations and epochs of a part that are not here.
    fn new_items(&self, part: &Part) -> Result<Vec<Item>> {
        self.replica.read(|rows| {
            let mut items = Vec::new();
            for operation in &part.operations {
                if !held(rows, "operation", &operation.hash().0)? {
                    items.push(Item::Operation(operation.clone()));
                }
            }
            for epoch in &part.epochs {
                if !held(rows, "epoch", &super::epochs::epoch_name(epoch))? {
                    items.push(Item::Epoch(epoch.clone()));
                }
            }
            Ok(items)
        })
    }
}

fn held(rows: &Connection, table: &'static str, hash: &[u8; 32]) -> Result<bool> {
    Ok(rows.prepare_cached(&format!("SELECT 1 FROM {table} WHERE hash = ?1"))?.exists([&hash[..]])?)
}

fn anything_waits(rows: &Connection, space: &SpaceId) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM held_item WHERE space = ?1 AND state = 1 LIMIT 1")?.exists([&space.0[..]])?)
}

/// The pack's last part was read: its chain ends are known to exist, and it is the space's newest if it lies on our relay.
fn finish_reading(rows: &Connection, part: &Part) -> Result<()> {
    for end in &part.ends {
        super::admission::name_head(rows, &part.space, end, &part.device)?;
    }
    let known = newest(rows, &part.space)?.is_some_and(|known| known.covers.position >= part.covers.position);
    let here = relay_of(rows, &part.space)? == Some((part.covers.instance, part.covers.restores));
    if !here || known {
        return Ok(());
    }
    let last =
        rows.query_row("SELECT coalesce(max(number), 0) FROM entry WHERE space = ?1", [&part.space.0[..]], |row| {
            row.get(0)
        })?;
    keep(rows, &part.space, &part.covers, last, false)
}

/// The newest pack of a space on its relay, as it is now: none when the relay is another one or was restored.
pub(super) struct Newest {
    pub(super) covers: Covers,
    /// The last entry, by our numbers, that was there when it was read or written.
    entry: i64,
    /// Whether this device wrote it.
    pub(super) own: bool,
}

pub(super) fn newest(rows: &Connection, space: &SpaceId) -> Result<Option<Newest>> {
    let found: Option<Newest> = rows
        .prepare_cached("SELECT instance, restores, position, entry, own FROM pack WHERE space = ?1")?
        .query_row([&space.0[..]], |row| {
            let position = row.get::<_, i64>(2)?.unsigned_abs();
            let covers = Covers { instance: row.get(0)?, restores: row.get(1)?, position };
            Ok(Newest { covers, entry: row.get(3)?, own: row.get(4)? })
        })
        .optional()?;
    let relay = relay_of(rows, space)?;
    Ok(found.filter(|pack| relay == Some((pack.covers.instance, pack.covers.restores))))
}

/// Where somebody who is let in now begins to read.
pub(crate) fn newest_pack(rows: &Connection, space: &SpaceId) -> Result<Option<Covers>> {
    Ok(newest(rows, space)?.map(|pack| pack.covers))
}

fn keep(rows: &Connection, space: &SpaceId, covers: &Covers, entry: i64, own: bool) -> Result<()> {
    rows.prepare_cached(
        "INSERT OR REPLACE INTO pack (space, instance, restores, position, entry, own) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![&space.0[..], &covers.instance[..], covers.restores, covers.position as i64, entry, own])?;
    Ok(())
}

/// Which relay a space is on, as it last told.
fn relay_of(rows: &Connection, space: &SpaceId) -> Result<Option<([u8; 16], u32)>> {
    let found = rows
        .prepare_cached("SELECT r.instance, r.restores FROM space s JOIN relay r ON r.url = s.relay WHERE s.id = ?1")?
        .query_row([&space.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

/// A relay was restored or is another one: what packs lay there is in doubt, and so is where things that stand aside lie.
pub(super) fn forget(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.execute("DELETE FROM pack WHERE space = ?1", [&space.0[..]])?;
    rows.execute("DELETE FROM pack_draft WHERE space = ?1", [&space.0[..]])?;
    rows.execute("UPDATE held_item SET position = 1 WHERE space = ?1", [&space.0[..]])?;
    Ok(())
}

/// A newcomer begins to read where the newest pack begins, if the inviter has told so and it is this relay.
pub(super) fn begin_at(rows: &Connection, space: &SpaceId, covers: &Covers) -> Result<()> {
    let here = relay_of(rows, space)? == Some((covers.instance, covers.restores));
    if let Ok(position) = i64::try_from(covers.position)
        && here
    {
        rows.prepare_cached(
            "INSERT INTO relay_cursor (relay, tag, alert, small, large, opened, keys)
             SELECT relay, tag, ?2, ?2, ?2, 0, 0 FROM space WHERE id = ?1 ON CONFLICT DO NOTHING",
        )?
        .execute(params![&space.0[..], position])?;
    }
    Ok(())
}

/// What an envelope at this position has left standing aside: no pack covers it.
pub(super) fn note_position(rows: &Connection, space: &SpaceId, position: u64) -> Result<()> {
    rows.prepare_cached("UPDATE held_item SET position = ?2 WHERE space = ?1 AND position = 0")?
        .execute(params![&space.0[..], i64::try_from(position).unwrap_or(i64::MAX)])?;
    Ok(())
}
