//! What stood aside is taken again: what it waited for is here, its key has come, or a new version may judge it otherwise.

use super::Sync;
use super::answer::Received;
use super::as_packed::worth_a_look;
use super::epochs::epochs;
use super::incoming::{Coming, ENVELOPE, From, ITEM, NO_SPACE, Source, held_id};
use super::parting::Handed;
use super::waiting::{Held, needing_what_is_here, waiting_for, worth_another_try};
use super::wire::{Encoded, OperationHash, open_encoded, space_tag};
use crate::error::{Error, Result};
use crate::ids::SpaceId;

impl Sync {
    /// Those of held rows that can be opened by now, to be taken as if they came.
    pub(super) fn openable_of(&self, waiting: Vec<Held>) -> Result<Vec<Coming>> {
        let mut coming = Vec::new();
        for waiter in waiting {
            let from = if waiter.space == NO_SPACE { From::Inbox } else { From::Space(waiter.space) };
            if let Some((item, packed)) = self.openable(&from, &waiter)? {
                let from =
                    if let Handed::To(space) = self.handed_to(&from, &item)? { From::Space(space) } else { from };
                // A whole envelope waits under its own name. As an item it has a say in what counts, which an envelope has not.
                let envelope = (waiter.item.first() == Some(&ENVELOPE)).then_some(waiter.id);
                let id = held_id(&waiter.space, &item);
                coming.push(Coming { envelope, packed, ..Coming::again(Held { id, item, ..waiter }, from) });
            }
        }
        Ok(coming)
    }

    /// Takes what waits for something that is here. Between the coming of that and the look at what had waited for it the process may have
    /// ended, and what came by another way at the same time may not have seen it yet. What was tried more often than `tries` is left alone.
    pub(super) fn take_what_waits_for_nothing(&self, tries: i64, received: &mut Received) -> Result<()> {
        let waiting = self.replica.read(|rows| {
            let mut waiting = Vec::new();
            for (need, held) in needing_what_is_here(rows, tries)? {
                // An operation that waits itself is here and does not count yet.
                let early = <[u8; 32]>::try_from(need).is_ok_and(|need| {
                    let membership = self.membership(rows, &held.space);
                    membership.is_ok_and(|membership| membership.waiting().contains_key(&OperationHash(need)))
                });
                if !early {
                    waiting.push(held);
                }
            }
            Ok(waiting)
        })?;
        self.take_all(self.openable_of(waiting)?.into(), Source::BY_HAND, received)
    }

    /// The item of a held row, if it can be opened by now; and how it came, where that may be the only way in which it fits an envelope.
    fn openable(&self, from: &From, held: &Held) -> Result<Option<(Vec<u8>, Option<Encoded>)>> {
        match held.item.split_first() {
            Some((&ITEM, item)) => Ok(Some((item.to_vec(), None))),
            Some((&ENVELOPE, envelope)) => {
                let From::Space(space) = from else { return Ok(None) };
                let keys = self.replica.read(|rows| epochs(rows, space))?;
                let opened = open_encoded(&keys, &space_tag(space), envelope);
                let opened = opened.and_then(|encoded| Ok((encoded.item()?, encoded))).ok();
                Ok(opened.map(|(item, encoded)| {
                    let packed = worth_a_look(&item, encoded);
                    (item, packed)
                }))
            }
            _ => Err(Error::Corrupt),
        }
    }

    /// Tries again what stands aside for a reason that an upgrade may have cured. Called at the start of a new version.
    pub(super) fn try_held_again(&self) -> Result<()> {
        // Each row stays until the item has gone its way: the process may end in between.
        let waiting = self.replica.read(worth_another_try)?;
        self.take_all(self.openable_of(waiting)?.into(), Source::BY_HAND, &mut Received::default())
    }

    /// Takes the words of a space that waited and are named by now.
    pub(super) fn take_what_is_named(&self, space: &SpaceId) -> Result<()> {
        self.take_all(self.named_by_now(&From::Space(*space))?.into(), Source::BY_HAND, &mut Received::default())
    }

    /// Takes what waited for something that has come about without an item.
    pub(super) fn try_what_waits_for(&self, need: &[u8], received: &mut Received) -> Result<()> {
        let waiting = self.replica.read(|rows| waiting_for(rows, need))?;
        self.take_all(self.openable_of(waiting)?.into(), Source::BY_HAND, received)
    }
}
