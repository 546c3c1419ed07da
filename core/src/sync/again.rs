//! What stood aside is taken again: what it waited for is here, its key has come, or a new version may judge it otherwise.

use super::Sync;
use super::answer::Received;
use super::as_packed::worth_a_look;
use super::incoming::{Coming, ENVELOPE, From, ITEM, NO_SPACE, Sealed, Source, held_id};
use super::parting::Handed;
use super::waiting::{Held, held_by_id, needing_what_is_here, waiting_for, worth_another_try};
use super::wire::{Encoded, OperationHash};
use crate::error::{Error, Result};
use crate::ids::SpaceId;

impl Sync {
    /// Those of held rows that can be opened by now, to be taken as if they came.
    pub(super) fn openable_of(&self, waiting: Vec<Held>) -> Result<Vec<Coming>> {
        let mut coming = Vec::new();
        for waiter in waiting {
            let Some((from, item, packed)) = self.openable(&waiter)? else { continue };
            let from = if let Handed::To(space) = self.handed_to(&from, &item)? { From::Space(space) } else { from };
            // A whole envelope waits under its envelope's id. From here on it is an item: only those have a say in what counts.
            let envelope = match waiter.item.split_first() {
                Some((&ENVELOPE, bytes)) => Some(Sealed { id: waiter.id, bytes: bytes.to_vec() }),
                _ => None,
            };
            let id = held_id(&waiter.space, &item);
            coming.push(Coming { envelope, packed, ..Coming::again(Held { id, item, ..waiter }, from) });
        }
        Ok(coming)
    }

    /// Takes what waits for something that is here by now and was missed: the process ended between the two, or both came at once by two ways.
    /// What was tried more than `tries` times is left for the next start.
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

    /// The item of a held row, if it can be opened by now, and its door; and how it came, where that may be the only way in which it fits an
    /// envelope.
    #[allow(clippy::type_complexity)] // three things of one row
    fn openable(&self, held: &Held) -> Result<Option<(From, Vec<u8>, Option<Encoded>)>> {
        let doors = match held.space {
            NO_SPACE => vec![From::Inbox],
            space => vec![From::Space(space), From::Published(space)],
        };
        match held.item.split_first() {
            Some((&ITEM, item)) => Ok(Some((doors[0], item.to_vec(), None))),
            Some((&ENVELOPE, envelope)) => {
                for from in doors {
                    let opened = self.open_envelope(&from, envelope)?;
                    if let Ok((item, encoded)) = opened.and_then(|encoded| Ok((encoded.item()?, encoded))) {
                        let packed = worth_a_look(&item, encoded);
                        return Ok(Some((from, item, packed)));
                    }
                }
                Ok(None)
            }
            _ => Err(Error::Corrupt),
        }
    }

    /// Tries again what stands aside for a reason that an upgrade may have cured, one after the other: there may be much of it. Called at the start
    /// of a new version.
    pub(super) fn try_held_again(&self) -> Result<()> {
        // Each row stays until the item has gone its way: the process may end in between.
        for id in self.replica.read(worth_another_try)? {
            let waiting = self.replica.read(|rows| held_by_id(rows, &id))?.into_iter().collect();
            self.take_all(self.openable_of(waiting)?.into(), Source::BY_HAND, &mut Received::default())?;
        }
        Ok(())
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
