//! What goes to a relay again: it was put back to an earlier day or is another, and what it had acknowledged may be gone.

use super::Sync;
use super::epochs::{BY_HAND, members_epoch};
use super::outbox::{empty_of, in_outbox, put_sealed};
use super::outgoing::{stored_entry, urgency_of};
use super::parting::forget_refusals;
use super::wire::{Action, EntryHash, EpochKey, Item, Membership, Operation, space_tag};
use crate::error::Result;
use crate::ids::SpaceId;
use crate::replica::{FORMER, SpaceKind, SpaceRow};
use rusqlite::{Connection, OptionalExtension, params};

/// Of what is offered again no more is sealed ahead for one space: half of a usual request. A relay that says at every answer that it
/// was restored costs no more than that.
pub(super) const OFFERED_AHEAD: i64 = 256 * 1024;

impl Sync {
    /// Everything of ours in a relay's spaces is to go there again: it was restored from a backup or is another. Notes lie ready;
    /// operations and entries are sealed again as there is room, see [`Sync::seal_offered`].
    pub(super) fn offer_again(&self, rows: &Connection, relay: &str) -> Result<()> {
        rows.execute(
            "INSERT INTO outbox (relay, tag, token, urgency, envelope, later, acknowledged)
             SELECT relay, tag, token, urgency, envelope, 0, at FROM posted WHERE relay = ?1 ORDER BY at, number",
            [relay],
        )?;
        rows.execute("DELETE FROM posted WHERE relay = ?1", [relay])?;
        super::kit::forget_if_out(rows)?;
        // Whoever is out may have left behind there what nobody has read yet.
        rows.execute(
            "INSERT OR REPLACE INTO offer (space, after, until)
             SELECT s.id, 0, max(e.number) FROM space s JOIN entry e ON e.space = s.id
             WHERE s.relay = ?1 AND s.role = ?2 AND s.kind <> 1 AND e.own = 1 GROUP BY s.id",
            params![relay, FORMER],
        )?;
        let mut statement = rows.prepare("SELECT id FROM space WHERE relay = ?1 AND role >= 2")?;
        let found = statement.query_map([relay], |row| row.get(0).map(SpaceId))?;
        let spaces: Vec<SpaceId> = found.collect::<Result<_, _>>()?;
        for space in spaces {
            // All of it is sealed again, the same bytes: a relay that changes its name at each answer fills no disk.
            let row = crate::replica::space(rows, &space)?;
            empty_of(rows, &row)?;
            super::pack::forget(rows, &space)?;
            super::by_hand::doubt_all(rows, &space, self.replica.now_ms())?;
            rows.execute("UPDATE operation SET unsent = 1 WHERE space = ?1", [&space.0[..]])?;
            rows.execute(
                "UPDATE epoch SET unsent = 1 WHERE space = ?1 AND unsent <> ?2",
                params![&space.0[..], BY_HAND],
            )?;
            super::erasing::offer_again(rows, &space, &self.device())?;
            if row.kind == SpaceKind::Personal {
                // It is one person's: words of phones that they lost, nobody else brings. And what told the kit may not be remembered.
                rows.execute("UPDATE blob SET unsent = 1 WHERE space = ?1", [&space.0[..]])?;
                self.welcome_kit(rows, &row)?;
            }
            offer_entries(rows, &space)?;
        }
        Ok(())
    }

    /// A relay that was put back may not know that we are out, nor what we said before: our entries again, what we signed and what took us out.
    /// Once, and under the key that was the members' when we belonged: others who are out must not read it now either. Where there is none, to
    /// some of the members themselves.
    pub(super) fn seal_last_words(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        if !is_offered(rows, &space.id)? {
            return Ok(());
        }
        rows.execute("DELETE FROM offer WHERE space = ?1", [&space.id.0[..]])?;
        let membership = self.membership(rows, &space.id)?;
        // What an earlier removal did is part of it: all that came since we were let in again rests on that.
        let put_out = membership.put_out(self.device());
        let before = membership.operations().iter().filter(|operation| !put_out.contains(&operation.hash())).cloned();
        let before = Membership::replay(space.id, before);
        let key = members_epoch(rows, &before)?;
        // What lies ready there is among it. What never left, and was not refused yet either, nobody has.
        let never_left = rows
            .prepare_cached("SELECT 1 FROM outbox o JOIN entry e ON e.hash = o.entry WHERE e.space = ?1")?
            .exists([&space.id.0[..]])?;
        empty_of(rows, space)?;
        forget_refusals(rows, &space.relay, &space_tag(&space.id))?;
        if key.is_none() || never_left {
            self.give_last_words(rows, space, &membership)?;
        }
        if let Some(key) = key {
            self.seal_all_entries(rows, space, &key)?;
        }
        for operation in membership.operations() {
            if self.takes_us_out(operation) || operation.author == self.device() {
                self.seal_as_former(rows, space, operation)?;
            }
        }
        // The others have it by now, if not that relay: what it refuses of this goes to nobody's inbox.
        rows.execute(
            "UPDATE outbox SET later = 1 WHERE relay = ?1 AND tag = ?2 AND token IS NULL",
            params![space.relay, &space_tag(&space.id)[..]],
        )?;
        Ok(())
    }

    /// All entries of ours, after the keys that we made.
    fn seal_all_entries(&self, rows: &Connection, space: &SpaceRow, key: &EpochKey) -> Result<()> {
        rows.execute(
            "UPDATE epoch SET unsent = 1 WHERE space = ?1 AND author = ?2",
            params![&space.id.0[..], &self.device().0[..]],
        )?;
        self.seal_epochs(rows, space)?;
        let mut own = rows.prepare_cached("SELECT hash FROM entry WHERE space = ?1 AND own = 1 ORDER BY number")?;
        for hash in own.query_map([&space.id.0[..]], |row| row.get(0).map(EntryHash))? {
            let entry = stored_entry(rows, &hash?)?;
            put_sealed(rows, space, key, &Item::Entry(entry), urgency_of(space.kind))?;
        }
        Ok(())
    }

    pub(super) fn takes_us_out(&self, operation: &Operation) -> bool {
        matches!(&operation.action, Action::Remove(remove) if remove.devices.contains(&self.device()))
    }

    /// Seals the next entry that is offered again. `false` when there is none, or enough lies ready.
    pub(super) fn seal_offered(&self, rows: &Connection, space: &SpaceRow) -> Result<bool> {
        let next: Option<(i64, [u8; 32])> = rows
            .prepare_cached(
                "SELECT e.number, e.hash FROM offer o JOIN entry e ON e.space = o.space
                 WHERE o.space = ?1 AND e.own = 1 AND e.number > o.after AND e.number <= o.until ORDER BY e.number LIMIT 1",
            )?
            .query_row([&space.id.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((number, hash)) = next else {
            rows.prepare_cached("DELETE FROM offer WHERE space = ?1")?.execute([&space.id.0[..]])?;
            return Ok(false);
        };
        if in_outbox(rows, space)? >= OFFERED_AHEAD {
            return Ok(false);
        }
        let entry = stored_entry(rows, &EntryHash(hash))?;
        self.seal_to_space(rows, space, &Item::Entry(entry), urgency_of(space.kind))?;
        rows.prepare_cached("UPDATE offer SET after = ?2 WHERE space = ?1")?
            .execute(params![&space.id.0[..], number])?;
        Ok(true)
    }
}

/// All that we have written in a space goes to its relay again.
pub(super) fn offer_entries(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.execute(
        "INSERT OR REPLACE INTO offer (space, after, until)
         SELECT ?1, 0, max(number) FROM entry WHERE space = ?1 AND own = 1 HAVING max(number) IS NOT NULL",
        [&space.0[..]],
    )?;
    Ok(())
}

/// Whether something of ours in a space is still to be offered again.
pub(super) fn is_offered(rows: &Connection, space: &SpaceId) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM offer WHERE space = ?1")?.exists([&space.0[..]])?)
}

/// A space is read from its start again.
pub(super) fn read_anew(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.prepare_cached("DELETE FROM relay_cursor WHERE tag = (SELECT tag FROM space WHERE id = ?1)")?
        .execute([&space.0[..]])?;
    Ok(())
}
