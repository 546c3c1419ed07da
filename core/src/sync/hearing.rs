//! Operations that come: who is let in and who is taken out from now on, whom it concerns ourselves, and who else must be told.

use super::Sync;
use super::by_hand::Way;
use super::incoming::{Taken, refused};
use super::signing::{forget_operation, keep_operation};
use super::waiting::{Standing, forget_unopened};
use super::wire::{Action, Authority, Membership, Operation};
use crate::error::Result;
use crate::ids::SpaceId;
use crate::replica::FORMER;
use rusqlite::{Connection, params};

/// So many operations of somebody who is out are taken by an inbox that no removal of theirs knew.
const MOST_BEYOND_REMOVAL: usize = 32;

impl Sync {
    /// Whoever is taken out hears of it in their own inbox: their relay key is good for the space no more. What the removal rests on and they
    /// may not know comes the same way, and so does whatever somebody who might sign it sends there.
    pub(super) fn take_operation_by_inbox(&self, operation: &Operation) -> Result<Taken> {
        let space = operation.space_id();
        if self.replica.role_in(&space).is_err() {
            return Ok(refused(2, "out-of-place"));
        }
        let (authority, is_founder, too_many) = self.replica.read(|rows| {
            let membership = self.membership(rows, &space)?;
            let authority = membership.authorised_at(&operation.parents, operation.author, operation.incarnation);
            // Whoever is out says here what they can have said before they knew, and does not go on for ever.
            let too_many = membership.member(operation.author).is_none()
                && !membership.counts(&operation.hash())
                && membership.signed_beyond_removal(operation.author) >= MOST_BEYOND_REMOVAL;
            Ok((authority, membership.is_founder(operation.author), too_many))
        })?;
        if too_many {
            return Ok(refused(2, "too-many"));
        }
        match authority {
            Authority::Role(_) => self.take_operation(operation, Way::Before, true),
            Authority::Waiting(missing) => {
                Ok(Taken::Aside(Standing::Waiting, 0, "needs", missing.first().map(|hash| hash.0.to_vec())))
            }
            // The founder's key is no device's.
            Authority::Stranger if is_founder && matches!(operation.action, Action::Remove(_)) => {
                self.take_operation(operation, Way::Before, false)
            }
            Authority::Stranger => Ok(refused(2, "out-of-place")),
        }
    }

    /// `by_inbox`: whoever sent it there may be out by now themselves, and then it has come to nobody else.
    pub(super) fn take_operation(&self, operation: &Operation, way: Way, by_inbox: bool) -> Result<Taken> {
        let space = operation.space_id();
        self.seal_before_hearing(operation)?;
        let came = self.replica.store().write(|rows| {
            // What came before its parents counts from now on, and so does what waits for it.
            let early: Vec<_> = self.membership(rows, &space)?.waiting().keys().map(|hash| hash.0.to_vec()).collect();
            let before = self.membership(rows, &space)?;
            // What came by hand may be nowhere else, and its author out: it is a few bytes.
            let by_hand = way == Way::Hand;
            if !keep_operation(rows, operation, by_hand)? {
                return Ok(None);
            }
            let belongs = |membership: &Membership| membership.member(self.keys.device()).is_some();
            if belongs(&before) && !belongs(&*self.membership(rows, &space)?) {
                // Behind it nothing that we sign counts any more: what we have written is signed as of before.
                forget_operation(rows, operation)?;
                self.seal_what_is_unsaid(rows, &crate::replica::space(rows, &space)?)?;
                keep_operation(rows, operation, by_hand)?;
            }
            self.tell_who_fell(rows, operation, &before)?;
            self.renew_role(rows, &space)?;
            if by_inbox {
                self.pass_on_operation(rows, operation)?;
            }
            let mut nouns = self.settle_cuts(rows, &space)?;
            if self.settle_one(rows, operation)? {
                nouns.insert("check_ins");
            }
            Ok(Some((early, nouns)))
        })?;
        drop(self.replica.empty_wal()); // the operation is kept, and what waited for it comes next
        let (word, mut unlocked) = match came {
            None => ("known", Vec::new()),
            Some((early, nouns)) => {
                if !nouns.is_empty() {
                    nouns.iter().chain(&["sync"]).for_each(|noun| self.replica.announce(noun));
                }
                ("operation", early)
            }
        };
        unlocked.push(operation.hash().0.to_vec());
        Ok(Taken::Done(word, unlocked))
    }

    /// The role the membership gives us now, for the writer's check.
    pub(super) fn renew_role(&self, rows: &Connection, space: &SpaceId) -> Result<()> {
        let membership = self.membership(rows, space)?;
        let member = membership.member(self.keys.device());
        // Whoever was taken out keeps what they have read, and writes no more. (A directory's reader is no member.)
        let was_in = membership.person_of(self.keys.device()).is_some();
        let role = member.map_or(FORMER, |member| super::spaces::role_number(member.role));
        if was_in {
            rows.execute("UPDATE space SET role = ?2 WHERE id = ?1", params![&space.0[..], role])?;
        }
        if role == FORMER && was_in {
            forget_unopened(rows, space)?;
        }
        Ok(())
    }
}
