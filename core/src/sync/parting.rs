//! What somebody who is out had still to say. The others may have heard that they are out before their last entries came to the relay, by hand
//! or by a line that broke off, and then it takes nothing of theirs any more. What they had written when they belonged goes to the inboxes
//! of those who belong; who gets it brings it to the relay, see [`super::by_hand`].

use super::Sync;
use super::exchange::Part;
use super::incoming::{FORMER, From};
use super::outgoing::stored_entry;
use super::wire::{EntryHash, Item, Member, Role};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::{Connection, params};
use std::cmp::Reverse;

/// So often a relay may refuse what somebody who is out has left there to say.
const MOST_REFUSED: i64 = 5;
/// So many get it, stewards first: one is enough, and some may have lost their phones.
const MOST_HANDED: usize = 3;

impl Sync {
    /// Whoever is out is heard in the space no more, and what lay ready for it is not unsent for ever. Not at the first refusal: a relay that
    /// was put back to an earlier day may not know us yet, and that we left must be heard.
    pub(super) fn refused_outside(&self, rows: &Connection, relay: &str, part: &Part) -> Result<()> {
        let From::Space(space) = &part.from else { return Ok(()) };
        if crate::replica::space(rows, space)?.role != FORMER {
            return Ok(());
        }
        self.hand_over(rows, relay, part, space)?;
        rows.prepare_cached("UPDATE outbox SET later = later + 1 WHERE relay = ?1 AND tag = ?2 AND token IS NULL")?
            .execute(params![relay, &part.tag[..]])?;
        rows.prepare_cached("DELETE FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later > ?3")?
            .execute(params![relay, &part.tag[..], MOST_REFUSED])?;
        Ok(())
    }

    /// Entries of ours that are on no relay and in no bundle, at their first refusal.
    fn hand_over(&self, rows: &Connection, relay: &str, part: &Part, space: &SpaceId) -> Result<()> {
        let mut statement = rows.prepare_cached(
            "SELECT entry FROM outbox WHERE relay = ?1 AND tag = ?2 AND entry IS NOT NULL AND later = 0 ORDER BY number",
        )?;
        let found = statement.query_map(params![relay, &part.tag[..]], |row| row.get(0).map(EntryHash))?;
        let unsent: Vec<EntryHash> = found.collect::<Result<_, _>>().map_err(Error::from)?;
        if unsent.is_empty() {
            return Ok(());
        }
        let membership = self.membership(rows, space)?;
        let mut members: Vec<&Member> = membership.members().filter(|member| member.role.may_write()).collect();
        members.sort_by_key(|member| Reverse(member.role == Role::Steward));
        for hash in unsent {
            let item = Item::Entry(stored_entry(rows, &hash)?);
            for member in members.iter().take(MOST_HANDED) {
                self.seal_note(rows, relay, &member.device.inbox, &item)?;
            }
        }
        Ok(())
    }

    /// The space to which an entry belongs that came to our own inbox, if we hold it and its author was ever let in there.
    pub(super) fn handed_to(&self, from: &From, item: &[u8]) -> Result<Option<SpaceId>> {
        let From::Inbox = from else { return Ok(None) };
        let Ok(Item::Entry(entry)) = Item::decode(item) else { return Ok(None) };
        if self.replica.role_in(&entry.space).is_err() {
            return Ok(None);
        }
        let person = self.replica.read(|rows| Ok(self.membership(rows, &entry.space)?.person_of(entry.device)))?;
        Ok(person.map(|_| entry.space))
    }
}
