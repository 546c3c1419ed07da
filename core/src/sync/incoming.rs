//! What arrives: an envelope is opened, its item goes to its room, and what waited for it is tried again.
//!
//! Content never stops an exchange: what cannot be used stands aside with the reason. Only a fault of the store does, and then
//! the relay is asked again.

use super::admission::Admission;
use super::answer::Received;
use super::by_hand::Way;
use super::epochs::epochs;
use super::parting::Handed;
use super::waiting::{
    FORK, Held, NEWER, REMOVED, Standing, author_of, crowd, has_room_for_fork, hold, is_held, refused_count, release,
    unopened_count, waiting_for,
};
use super::wire::{Encoded, Entry, Item, WireError, open_encoded, open_encoded_from_inbox, space_tag};
use super::{Sync, as_packed};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::FORMER;
use rafiq_protocol::{EnvelopeHeader, envelope_id};
use rusqlite::{Connection, params};
use std::collections::VecDeque;

/// Through which door something came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// A space of ours, under its key.
    Space(SpaceId),
    /// This device's own inbox.
    Inbox,
    /// The inbox that we published for a space.
    Published(SpaceId),
    /// The inbox of a recovery kit, which is opened here and read elsewhere.
    Kit,
}

/// Where something came from: a relay, at this position there, or somebody's hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Source<'a> {
    pub(super) relay: &'a str,
    pub(super) position: Option<u64>,
}

impl Source<'_> {
    pub(super) const BY_HAND: Self = Self { relay: "", position: None };
}

/// Envelopes that do not open are noted up to this many in each space; more say nothing new.
const MAX_NOISE: i64 = 1_000;
/// So many entries of one removed device wait in a space, one for each chain that it has begun; more are noted.
const MOST_REMOVED: i64 = 64;
/// No space: what came to the device's own inbox.
pub(super) const NO_SPACE: SpaceId = SpaceId([0; 32]);
/// How a held item begins: a whole envelope that could not be opened, or an item that could.
pub(super) const ENVELOPE: u8 = 0;
pub(super) const ITEM: u8 = 1;

/// Of what is noted at this step, only its name is kept.
pub(super) const NOISE: u8 = 1;

/// An item on its way to its room; `again`: it stood aside. `envelope`: the one in which it came; `packed`: how, where that may be the only
/// way in which it fits one.
pub(super) struct Coming {
    pub(super) held: Held,
    pub(super) from: From,
    pub(super) again: bool,
    pub(super) envelope: Option<Sealed>,
    pub(super) packed: Option<Encoded>,
}

/// An envelope as it came, and its name.
pub(super) struct Sealed {
    pub(super) id: [u8; 32],
    pub(super) bytes: Vec<u8>,
}

/// What taking one item led to.
pub(super) enum Taken {
    /// Done; whatever waited for one of these may go on.
    Done(&'static str, Vec<Vec<u8>>),
    /// Where it stands, at which step of admission, why, and what it needs.
    Aside(Standing, u8, &'static str, Option<Vec<u8>>),
}

impl Sync {
    pub(super) fn take_envelope(
        &self,
        from: &From,
        source: Source<'_>,
        envelope: &[u8],
        received: &mut Received,
    ) -> Result<()> {
        if *from == From::Kit {
            return Ok(());
        }
        let opened = self.open_envelope(from, envelope)?;
        match opened.and_then(|encoded| Ok((encoded.item()?, encoded))) {
            Ok((item, encoded)) => {
                let (from, source) = match self.handed_to(from, &item)? {
                    Handed::To(space) => (From::Space(space), Source::BY_HAND),
                    Handed::Others => return Ok(()),
                    Handed::Nowhere => (*from, source),
                };
                let packed = as_packed::worth_a_look(&item, encoded);
                let held = Held { id: held_id(&from.space(), &item), space: from.space(), item };
                let sealed = Sealed { id: envelope_id(envelope), bytes: envelope.to_vec() };
                let coming = Coming { held, from, again: false, envelope: Some(sealed), packed };
                self.take_all(VecDeque::from([coming]), source, received)
            }
            Err(error) => self.set_envelope_aside(from, envelope, error, received),
        }
    }

    /// With the keys of the door through which it came.
    pub(super) fn open_envelope(
        &self,
        from: &From,
        envelope: &[u8],
    ) -> Result<std::result::Result<Encoded, WireError>> {
        Ok(match from {
            From::Space(space) => {
                let keys = self.replica.read(|rows| epochs(rows, space))?;
                open_encoded(&keys, &space_tag(space), envelope)
            }
            From::Inbox => open_encoded_from_inbox(self.keys.inbox(), envelope),
            From::Published(space) => open_encoded_from_inbox(&self.keys.published_inbox(space), envelope),
            From::Kit => Err(WireError::WrongKey), // its requests open with the words alone
        })
    }

    fn set_envelope_aside(
        &self,
        from: &From,
        envelope: &[u8],
        error: WireError,
        received: &mut Received,
    ) -> Result<()> {
        let standing = if error.is_waiting() { Standing::Waiting } else { Standing::Refused };
        let is_out = matches!(from, From::Space(space) if self.replica.role_in(space) == Ok(FORMER));
        if error == WireError::WrongKey && is_out {
            return Ok(()); // sealed for those who belong: no key to it comes any more
        }
        // With another key it can be opened; an upgrade is waited for with no need named.
        let needs = EnvelopeHeader::parse(envelope).ok().filter(|_| error == WireError::WrongKey);
        // Nobody has signed what does not open, not even what says that it waits for a key: it is noted, and kept if it waits, but a
        // relay must not fill the disk with noise.
        let kept = if error.is_waiting() { envelope } else { &[] };
        let held = Held { id: envelope_id(envelope), space: from.space(), item: [&[ENVELOPE], kept].concat() };
        let now = self.replica.now_ms();
        self.replica.store().write(|rows| {
            let count =
                if error.is_waiting() { unopened_count(rows, &held.space)? } else { refused_count(rows, &held.space)? };
            if count >= MAX_NOISE {
                return Ok(());
            }
            let step = u8::from(!error.is_waiting());
            hold(rows, &held, standing, step, error.reason(), needs.as_ref().map(|header| &header.key_id[..]), now)
        })?;
        received.delivered.push(standing.word());
        Ok(())
    }

    /// Takes an item, then whatever waited for it, and so on.
    pub(super) fn take_item(
        &self,
        from: &From,
        source: Source<'_>,
        bytes: &[u8],
        received: &mut Received,
    ) -> Result<()> {
        let held = Held { id: held_id(&from.space(), bytes), space: from.space(), item: bytes.to_vec() };
        let coming = Coming { held, from: *from, again: false, envelope: None, packed: None };
        self.take_all(VecDeque::from([coming]), source, received)
    }

    pub(super) fn take_all(
        &self,
        mut queue: VecDeque<Coming>,
        source: Source<'_>,
        received: &mut Received,
    ) -> Result<()> {
        while let Some(Coming { held, from, again, envelope, packed }) = queue.pop_front() {
            let way = match (again, &envelope) {
                (false, _) => Way::from_relay(source.relay),
                // An envelope that waited for its key: by which way it had come nobody has noted, and it may have been a card.
                (true, Some(_)) => Way::Hand,
                (true, None) => Way::Before,
            };
            let taken = self.take(&from, source, (way, &held.item), received)?;
            let is_of_use = matches!(taken, Taken::Done(..) | Taken::Aside(Standing::Waiting, ..));
            if let Some(envelope) = envelope.as_ref().filter(|_| is_of_use) {
                self.note_envelope(&from, &held.item, &envelope.id)?;
            }
            match taken {
                Taken::Done(word, unlocked) => {
                    received.delivered.push(word);
                    if let (From::Space(space), "entry" | "pack") = (&from, word) {
                        self.settle_witnessed(space)?;
                    }
                    let waiting = self.replica.store().write(|rows| {
                        if let Some(packed) = &packed {
                            as_packed::keep(rows, &held.item, packed, way)?;
                        }
                        release(rows, &held.id)?;
                        envelope.iter().try_for_each(|envelope| release(rows, &envelope.id))?;
                        let mut waiting = Vec::new();
                        for need in &unlocked {
                            waiting.extend(waiting_for(rows, need)?);
                        }
                        Ok(waiting)
                    })?;
                    queue.extend(self.let_in(&from)?);
                    queue.extend(self.named_by_now(&from)?);
                    queue.extend(self.openable_of(waiting)?);
                }
                Taken::Aside(standing, step, reason, needs) => {
                    let kept = match &envelope {
                        _ if step == NOISE => Held { item: vec![ENVELOPE], ..held },
                        // As it came: unpacked, what a stranger has packed into a few bytes would be a phone's disk.
                        Some(Sealed { id, bytes }) if reason == NEWER => {
                            Held { id: *id, item: [&[ENVELOPE], &bytes[..]].concat(), ..held }
                        }
                        _ => Held { item: [&[ITEM], &held.item[..]].concat(), ..held },
                    };
                    let now = self.replica.now_ms();
                    self.replica.store().write(|rows| {
                        envelope.iter().try_for_each(|envelope| release(rows, &envelope.id))?;
                        // Whoever has seen an invite of ours may post: what is refused is proof of something, but not without end.
                        let noise = || match author_of(&kept).filter(|_| reason == FORK) {
                            Some(device) => Ok(!has_room_for_fork(rows, &kept.space, &device)?),
                            None => Ok::<_, Error>(refused_count(rows, &kept.space)? >= MAX_NOISE),
                        };
                        if standing == Standing::Refused && !again && noise()? {
                            return Ok(());
                        }
                        let crowded = || Ok::<_, Error>(crowd(rows, &kept.space, reason)? >= MAX_NOISE);
                        if kept.space == NO_SPACE && standing == Standing::Waiting && !again && crowded()? {
                            return Ok(());
                        }
                        // What waits already goes on waiting if it comes again where there is no more room.
                        if step == NOISE && is_held(rows, &kept.id)? {
                            return Ok(());
                        }
                        hold(rows, &kept, standing, step, reason, needs.as_deref(), now)?;
                        match &packed {
                            Some(packed) if standing == Standing::Waiting || reason == FORK => {
                                as_packed::keep(rows, &kept.item[1..], packed, way)
                            }
                            _ => Ok(()),
                        }
                    })?;
                    if !again {
                        received.delivered.push(standing.word());
                    }
                    // What waits itself has a say already in what counts, and may be waiting for that.
                    if standing == Standing::Waiting && reason != REMOVED {
                        queue.extend(self.let_in(&from)?);
                    }
                }
            }
        }
        Ok(())
    }

    fn take(
        &self,
        from: &From,
        source: Source<'_>,
        (way, bytes): (Way, &[u8]),
        received: &mut Received,
    ) -> Result<Taken> {
        let item = match Item::decode(bytes) {
            Ok(item) => item,
            Err(error) if error.is_waiting() => return Ok(Taken::Aside(Standing::Waiting, 0, error.reason(), None)),
            Err(error) => return Ok(refused(2, error.reason())),
        };
        match (item, from) {
            (Item::Entry(entry), From::Space(space)) if entry.space == *space => {
                self.note_way([&entry], way)?;
                self.note_left(&entry)?;
                let taken = self.take_entry(&entry)?;
                // What is refused here is refused everywhere: nobody is to bring it to others. Forks may be settled otherwise yet.
                if let Taken::Aside(Standing::Refused, step, reason, _) = taken
                    && step != NOISE
                    && reason != FORK
                {
                    self.forget_way(&entry)?;
                    self.forget_packed(&entry)?;
                }
                Ok(taken)
            }
            (Item::Operation(operation), From::Space(space)) if operation.space_id() == *space => {
                self.take_operation(&operation, way, false)
            }
            (Item::Operation(operation), From::Inbox) => self.take_operation_by_inbox(&operation),
            (Item::Epoch(epoch), From::Space(space)) if epoch.space == *space => self.take_epoch(&epoch, way),
            (Item::Part(part), From::Space(space)) if part.space == *space => {
                self.take_part(&part, (source, way), received)
            }
            (Item::Blob(blob), From::Space(space)) => self.take_blob(space, &blob),
            (Item::Alert(alert), From::Inbox) => self.take_alert(&alert, source.relay),
            (Item::AlertReceived(answer), From::Inbox) => self.take_alert_received(&answer),
            (Item::JoinRequest(request), From::Inbox) => self.take_join_request(&request),
            (Item::Past(past), From::Inbox) => self.take_past(&past),
            (Item::Welcome(welcome), From::Inbox) => self.take_welcome(&welcome, received),
            (Item::Report(report), From::Published(space)) if report.space == *space => self.take_report(&report),
            _ => Ok(refused(2, "out-of-place")),
        }
    }

    fn take_entry(&self, entry: &Entry) -> Result<Taken> {
        Ok(match self.admit(entry)? {
            Admission::Admitted => {
                let mut unlocked = vec![entry.hash().0.to_vec()];
                let changes = self.replica.read(|rows| changes_of(rows, &entry.hash().0))?;
                unlocked.extend(changes);
                Taken::Done("entry", unlocked)
            }
            Admission::Known => Taken::Done("known", Vec::new()),
            Admission::Waiting(need) => Taken::Aside(Standing::Waiting, 0, "needs", need.map(|need| need.to_vec())),
            Admission::Forked => refused(2, FORK),
            Admission::Held => self.replica.read(|rows| room_for_removed(rows, entry))?,
            Admission::Refused { step, reason } => refused(step, reason),
            Admission::Quarantined(reason) => Taken::Aside(Standing::LocalQuarantine, 4, reason, None),
        })
    }
}

impl Coming {
    /// What stood aside, to be taken as if it came.
    pub(super) const fn again(held: Held, from: From) -> Self {
        Self { held, from, again: true, envelope: None, packed: None }
    }
}

impl From {
    pub(super) fn space(&self) -> SpaceId {
        match self {
            Self::Space(space) | Self::Published(space) => *space,
            Self::Inbox | Self::Kit => NO_SPACE,
        }
    }
}

impl Standing {
    const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Refused | Self::LocalQuarantine => "quarantined",
        }
    }
}

/// By which an item that stands aside is known.
pub(super) fn held_id(space: &SpaceId, item: &[u8]) -> [u8; 32] {
    hash("rafiq 2026 held item v1", &[&space.0, item])
}

/// An entry as it is kept aside.
pub(super) fn held_entry(entry: &Entry) -> Held {
    let item = Item::Entry(entry.clone()).encode();
    Held { id: held_id(&entry.space, &item), space: entry.space, item: [&[ITEM], &item[..]].concat() }
}

pub(super) const fn refused(step: u8, reason: &'static str) -> Taken {
    Taken::Aside(Standing::Refused, step, reason, None)
}

/// An entry of somebody who had been taken out waits for another's word: of each of a device's chains the next, so an honest device has few.
fn room_for_removed(rows: &Connection, entry: &Entry) -> Result<Taken> {
    let count: i64 = rows
        .prepare_cached("SELECT count(*) FROM held_item WHERE needs = ?1 AND space = ?2 AND reason = ?3")?
        .query_row(params![&entry.device.0[..], &entry.space.0[..], REMOVED], |row| row.get(0))?;
    Ok(if count < MOST_REMOVED {
        Taken::Aside(Standing::Waiting, 2, REMOVED, Some(entry.device.0.to_vec()))
    } else {
        Taken::Aside(Standing::Refused, NOISE, "too-many", None)
    })
}

fn changes_of(rows: &Connection, entry: &[u8; 32]) -> Result<Vec<Vec<u8>>> {
    let mut statement = rows.prepare_cached("SELECT hash FROM change WHERE entry = ?1")?;
    let found = statement.query_map([&entry[..]], |row| row.get(0))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}
