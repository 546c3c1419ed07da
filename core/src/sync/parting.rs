//! What somebody who leaves or is out has still to say. Before they leave, all that they have written is sealed. The others may hear of it before
//! that has come to the relay, by hand or by a line that broke off, and then it takes nothing of theirs any more: their entries go to the
//! inboxes of those who belong, and who gets one brings it to the relay, see [`super::by_hand`].

use super::Sync;
use super::epochs::epochs;
use super::exchange::Part;
use super::incoming::From;
use super::outgoing::stored_entry;
use super::spaces::operations_after;
use super::waiting::{waiting_count, waiting_of};
use super::wire::item::is_entry;
use super::wire::{Action, Authority, Entry, EntryHash, Item, Member, Membership, Operation, Role, open};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, to_text};
use crate::replica::{FORMER, SpaceKind, SpaceRow, WRITER};
use crate::store::{meta, set_meta};
use rafiq_protocol::Tag;
use rusqlite::{Connection, params};
use std::cmp::Reverse;

/// So often at least a relay has refused what somebody who is out has left there to say before it is given up,
const LEAST_REFUSED: i64 = 5;
/// and for so long, in milliseconds: three days. A relay that was put back may know nobody of the space, until a steward comes there.
const GIVEN_UP_MS: i64 = 3 * 24 * 3_600_000;
/// Till then it is offered again after so many milliseconds: what is refused was sent for nothing.
const ASKED_AGAIN_MS: i64 = 4 * 3_600_000;
/// Where so many entries of a device wait in a space already, and so many bytes of them, an inbox brings no more of it: some two hundred small ones, which
/// may all wait until the space has been read. Each of those whom we know has their own measure, so that nobody uses up another's; whom we
/// know nothing of may be one under many names, and there so many wait of all. And so much at once goes to inboxes of last words.
const MOST_WAITING: i64 = 16;
const MOST_WAITING_BYTES: i64 = 128 * 1024;
/// So many get it, stewards first: one is enough, and some may have lost their phones.
const MOST_HANDED: usize = 3;

impl Sync {
    /// Signs and seals all that this profile has written in a space that it is about to leave.
    pub(crate) fn seal_before_leaving(&self, space: &SpaceRow) -> Result<()> {
        if space.kind == SpaceKind::Personal || space.role < WRITER {
            return Ok(());
        }
        let sealed = self.fill_from(space, false).and_then(|()| {
            // Also where something older is still to be offered again.
            while self.seal_entry(space)? {}
            Ok(())
        });
        match sealed {
            // By the membership we write there no more, which the space's row does not say yet.
            Err(Error::NotAllowed { .. }) => Ok(()),
            // Nobody knows yet what it was, and what they wrote is not left behind for it: they are told, and may ask again. A second time they
            // are let go.
            Err(bug @ Error::Bug { .. }) => {
                let told = self.trouble_of(&space.id).is_some();
                self.isolated(&space.id, Err::<(), _>(bug.clone()))?;
                if told { Ok(()) } else { Err(bug) }
            }
            // What cannot be read any more keeps nobody from leaving.
            sealed => self.isolated(&space.id, sealed).map(|_| ()),
        }
    }

    /// The same for whoever is about to hear that they are out: all but what is written in between, an entry at a time.
    pub(super) fn seal_before_hearing(&self, operation: &Operation) -> Result<()> {
        let space = operation.space_id();
        let row = self.replica.read(|rows| {
            let before = self.membership(rows, &space)?;
            let is_news = matches!(operation.action, Action::Remove(_)) && !before.counts(&operation.hash());
            if !is_news || before.member(self.device()).is_none() {
                return Ok(None);
            }
            let known = operations_after(rows, &space, 0)?.into_iter();
            let after = Membership::replay(space, known.chain([operation.clone()]));
            let row = crate::replica::space(rows, &space)?;
            Ok((after.member(self.device()).is_none() && row.kind != SpaceKind::Personal && row.role >= WRITER)
                .then_some(row))
        })?;
        let Some(row) = row else { return Ok(()) };
        let mut sealed = self.seal_entry(&row);
        while sealed == Ok(true) {
            sealed = self.seal_entry(&row);
        }
        match sealed {
            Err(Error::NotAllowed { .. }) => Ok(()),
            sealed => self.isolated(&space, sealed).map(|_| ()),
        }
    }

    /// What is left of it, in the transaction in which they do. The relay may take nothing of it any more, and then it goes
    /// to the others' inboxes, see [`Sync::refused_outside`]. What went wrong in this space alone keeps nobody from hearing it.
    pub(super) fn seal_what_is_unsaid(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        if space.kind == SpaceKind::Personal || space.role < WRITER {
            return Ok(());
        }
        rows.execute_batch("SAVEPOINT unsaid")?;
        let sealed = self
            .sign_erasures(rows, &space.id)
            .and_then(|()| self.seal_operations(rows, space))
            .and_then(|()| self.seal_all_unsent(rows, space));
        let ended =
            rows.execute_batch(if sealed.is_ok() { "RELEASE unsaid" } else { "ROLLBACK TO unsaid; RELEASE unsaid" });
        match sealed {
            Err(Error::NotAllowed { .. }) => {}
            // A full disk may have taken the whole transaction back, and then it is that which is told.
            sealed => drop(self.isolated(&space.id, sealed)?),
        }
        Ok(ended?)
    }

    /// The relay refuses us because we are out. What lay ready goes to the others' inboxes, and is given up after [`GIVEN_UP_MS`];
    /// not before, since a relay that was put back may not know us yet and must hear that we left.
    pub(super) fn refused_outside(&self, rows: &Connection, relay: &str, part: &Part) -> Result<()> {
        let From::Space(space) = &part.from else { return Ok(()) };
        if crate::replica::space(rows, space)?.role != FORMER {
            return Ok(());
        }
        let is_known = rows
            .prepare_cached("SELECT 1 FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later > 0")?
            .exists(params![relay, &part.tag[..]])?;
        self.hand_over(rows, relay, part, space)?;
        rows.prepare_cached(
            "UPDATE outbox SET later = later + 1, entry = NULL WHERE relay = ?1 AND tag = ?2 AND token IS NULL",
        )?
        .execute(params![relay, &part.tag[..]])?;
        let (name, now) = (refused_name(relay, &part.tag), self.replica.now_ms());
        let first =
            refusals(rows, &name)?.map(|(first, _)| first).filter(|first| is_known && *first <= now).unwrap_or(now);
        set_meta(rows, &name, &[first.to_be_bytes(), now.to_be_bytes()].concat())?;
        if now - first >= GIVEN_UP_MS {
            rows.prepare_cached("DELETE FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later > ?3")?
                .execute(params![relay, &part.tag[..], LEAST_REFUSED])?;
        }
        Ok(())
    }

    /// Whether a relay has refused us in a space that we are out of, and is left alone for now.
    pub(super) fn was_refused_lately(&self, rows: &Connection, relay: &str, tag: &Tag) -> Result<bool> {
        let last = refusals(rows, &refused_name(relay, tag))?.map(|(_, last)| last);
        // A clock that was set back must not keep us from it.
        Ok(last.is_some_and(|last| (last..last.saturating_add(ASKED_AGAIN_MS)).contains(&self.replica.now_ms())))
    }

    /// Entries of ours that lie ready, at their first refusal. On a card they may be too; nobody knows where that is.
    fn hand_over(&self, rows: &Connection, relay: &str, part: &Part, space: &SpaceId) -> Result<()> {
        let mut statement = rows.prepare_cached(
            "SELECT envelope FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later = 0 ORDER BY number",
        )?;
        let refused = statement.query_map(params![relay, &part.tag[..]], |row| row.get::<_, Vec<u8>>(0))?;
        let (keys, mut unsent) = (epochs(rows, space)?, Vec::new());
        for envelope in refused {
            let item = open(&keys, &part.tag, &envelope?).ok().and_then(|item| Item::decode(&item).ok());
            match item {
                Some(Item::Entry(entry)) if entry.device == self.device() => unsent.push(Item::Entry(entry)),
                // Our entries name our erasures, and who lacks those waits for them. They are signed before the entries, and so stand before.
                Some(Item::Operation(operation)) if operation.author == self.device() => {
                    if matches!(operation.action, Action::Erase(_)) {
                        unsent.push(Item::Operation(operation));
                    }
                }
                _ => {}
            }
        }
        if unsent.is_empty() {
            return Ok(());
        }
        let membership = self.membership(rows, space)?;
        self.give(rows, relay, &membership, &unsent)
    }

    /// To the inboxes of some who belong.
    fn give(&self, rows: &Connection, relay: &str, membership: &Membership, items: &[Item]) -> Result<()> {
        let may = |member: &&Member| member.role.may_write() && member.device.device != self.device();
        let mut members: Vec<&Member> = membership.members().filter(may).collect();
        members.sort_by_key(|member| Reverse(member.role == Role::Steward));
        for item in items {
            for member in members.iter().take(MOST_HANDED) {
                self.seal_note(rows, relay, &member.device.inbox, item)?;
            }
        }
        Ok(())
    }

    /// The last that we wrote, as far as nobody has named it, with the erasures that it names, to the inboxes of some who belong. Who was out has
    /// heard since that somebody else is too, and holds no key that those do not. Each entry once: a note is offered again by itself, and a relay
    /// may say at each answer that it was put back.
    pub(super) fn give_last_words(&self, rows: &Connection, space: &SpaceRow, membership: &Membership) -> Result<()> {
        let name = format!("last words {}", space.id);
        let given = meta(rows, &name)?.and_then(|bytes| Some(i64::from_be_bytes(*bytes.first_chunk()?)));
        let mut statement = rows.prepare_cached(
            "SELECT e.number, e.hash FROM entry e WHERE e.space = ?1 AND e.own = 1 AND e.number > ?2 AND e.sequence > coalesce(
                 (SELECT max(n.sequence) FROM named_head n WHERE n.space = e.space AND n.device = e.device
                  AND n.incarnation = e.incarnation AND n.by <> e.device), 0) ORDER BY e.number DESC",
        )?;
        let mut found = statement.query(params![&space.id.0[..], given.unwrap_or_default()])?;
        let (mut last, mut newest, mut bytes) = (Vec::new(), None, 0);
        while let Some(row) = found.next()? {
            let entry = stored_entry(rows, &EntryHash(row.get(1)?))?;
            bytes += entry.encode().len() as i64;
            if bytes > MOST_WAITING_BYTES && last.len() as i64 >= MOST_WAITING {
                break;
            }
            newest = newest.or(Some(row.get::<_, i64>(0)?));
            last.push(entry);
        }
        let Some(newest) = newest else { return Ok(()) };
        set_meta(rows, &name, &newest.to_be_bytes())?;
        let mut items = Vec::new();
        for entry in last.into_iter().rev() {
            let erased = membership.operations().iter().filter(|operation| {
                let is_ours = matches!(operation.action, Action::Erase(_)) && operation.author == self.device();
                is_ours && entry.auth_heads.contains(&operation.hash())
            });
            items.extend(erased.cloned().map(Item::Operation));
            items.push(Item::Entry(entry));
        }
        // A relay that was set up anew may know nobody of the space, and then nobody would hear of it from there.
        let leaves = membership.operations().iter().filter(|operation| operation.author == self.device());
        let leaves = leaves.filter(|operation| self.takes_us_out(operation)).cloned();
        items.extend(leaves.map(Item::Operation));
        self.give(rows, &space.relay, membership, &items)
    }

    /// Where an entry belongs that came to our own inbox: to a space of ours, if its author was ever let in there as far as we know, its place is
    /// free and there is room. Who means harm and is out must not fill our store, nor through us the relay's, by this way.
    pub(super) fn handed_to(&self, from: &From, item: &[u8]) -> Result<Handed> {
        if *from != From::Inbox || !is_entry(item) {
            return Ok(Handed::Nowhere);
        }
        let Ok(Item::Entry(entry)) = Item::decode(item) else { return Ok(Handed::Nowhere) };
        match self.replica.role_in(&entry.space) {
            Err(_) => return Ok(Handed::Nowhere),
            Ok(FORMER) => return Ok(Handed::Others),
            Ok(_) => {}
        }
        self.replica.read(|rows| {
            let membership = self.membership(rows, &entry.space)?;
            // An inbox is read before the space: what let them in may come in the same answer.
            let authority = membership.authorised_at(&entry.auth_heads, entry.device, entry.incarnation);
            let has_room = || {
                if membership.person_of(entry.device).is_some() {
                    let (entries, bytes) = waiting_of(rows, &entry.space, &entry.device)?;
                    return Ok::<_, Error>(entries < MOST_WAITING || bytes < MOST_WAITING_BYTES);
                }
                let may_be = matches!(authority, Authority::Waiting(_));
                Ok(may_be && waiting_count(rows, &entry.space)? < MOST_WAITING)
            };
            let fits = !is_taken(rows, &entry)? && has_room()?;
            Ok(if fits { Handed::To(entry.space) } else { Handed::Nowhere })
        })
    }
}

fn refused_name(relay: &str, tag: &Tag) -> String {
    format!("refused {} {relay}", to_text(tag))
}

/// When a relay first refused us in a space that we are out of, and when it last did.
fn refusals(rows: &Connection, name: &str) -> Result<Option<(i64, i64)>> {
    let times = |bytes: Vec<u8>| {
        let (first, rest) = bytes.split_first_chunk()?;
        Some((i64::from_be_bytes(*first), i64::from_be_bytes(*rest.first_chunk()?)))
    };
    Ok(meta(rows, name)?.and_then(times))
}

/// A relay is offered our last words anew: what it refused before is forgotten.
pub(super) fn forget_refusals(rows: &Connection, relay: &str, tag: &Tag) -> Result<()> {
    rows.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([refused_name(relay, tag)])?;
    Ok(())
}

/// Where something belongs that came to an inbox.
pub(super) enum Handed {
    /// To this space.
    To(SpaceId),
    /// To those who belong to a space that we are out of: whoever sent it had not heard of that.
    Others,
    /// To no space.
    Nowhere,
}

/// Whether another entry stands in the place of this one: which of the two stays is no question for an inbox.
fn is_taken(rows: &Connection, entry: &Entry) -> Result<bool> {
    let mut statement = rows.prepare_cached(
        "SELECT 1 FROM entry WHERE space = ?1 AND device = ?2 AND incarnation = ?3 AND sequence = ?4 AND hash <> ?5",
    )?;
    let place = params![
        &entry.space.0[..],
        &entry.device.0[..],
        entry.incarnation,
        entry.sequence.cast_signed(),
        &entry.hash().0[..]
    ];
    Ok(statement.exists(place)?)
}
