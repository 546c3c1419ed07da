//! Circles of a few in which somebody is taken out while they are apart, and somebody leaves. Who belongs is what the operations say, all
//! of them together, whoever holds them.

use super::Fault;
use super::secrets::SINCE;
use super::world::World;
use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::wire::{Membership, Operation};
use std::collections::BTreeMap;

/// In a circle, where there are so many people.
const MEMBERS: usize = 4;
/// Somebody writes into a circle of theirs on one day of so many.
const WRITES: usize = 3;
/// Once in so many times the phone's disk fails when somebody takes out or leaves.
const DISK_TROUBLE: usize = 4;
/// The least role that writes.
const WRITER: u8 = 2;

pub(super) struct Circle {
    pub(super) pairing: PairingId,
    pub(super) space: SpaceId,
    /// Everybody who ever belonged.
    pub(super) members: Vec<usize>,
    /// From which day on somebody is to be taken out, and somebody to leave; until they are.
    removal: Option<u32>,
    leave: Option<u32>,
}

/// Somebody who was taken out or has left.
#[derive(Clone, Copy)]
pub(super) struct Gone {
    pub(super) circle: usize,
    pub(super) who: usize,
}

impl World {
    pub(super) fn found_circles(&mut self) {
        for number in 0..self.plan.circles {
            // A phone that is put back to a copy and has forgotten that it was taken out is another story, not told here yet.
            let breaks = |who: &usize| self.plan.restored_backups && World::breaks(*who);
            let mut people: Vec<usize> = (0..self.devices.len()).filter(|who| !breaks(who)).collect();
            while people.len() > MEMBERS {
                people.swap_remove(self.rng.below(people.len()));
            }
            let title = format!("Circle {number}");
            let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title };
            let pairing = self.devices[people[0]].rafiq().mentoring().begin(new).unwrap().id;
            self.devices[people[0]].keep_promise();
            for joiner in &people[1..] {
                self.join(people[0], *joiner, &pairing.value);
            }
            let space = SpaceId::parse(&pairing.value).unwrap();
            let (days, any) = (self.plan.days, self.plan.days.saturating_sub(2).max(1) as usize);
            // One on the last day, whose work the others hear of when they have written their last word.
            let removal = if number == 0 { days } else { 1 + self.rng.below(any) as u32 };
            let leave = 1 + self.rng.below(any) as u32;
            let leave = (people.len() > 2).then_some(leave);
            self.circles.push(Circle { pairing, space, members: people, removal: Some(removal), leave });
        }
    }

    /// What is to happen in the circles today.
    pub(super) fn people_go(&mut self, day: u32) {
        for number in 0..self.circles.len() {
            let Circle { removal, leave, .. } = &self.circles[number];
            let due = |on: &Option<u32>| on.is_some_and(|on| on <= day);
            let (removal, leave) = (due(removal), due(leave));
            if removal {
                self.take_out(number);
            }
            if leave {
                self.one_leaves(number);
            }
        }
    }

    /// A steward takes somebody out who goes on writing, since they do not know of it, and brings that to the relay.
    fn take_out(&mut self, number: usize) {
        let Some((steward, who)) = self.two_of(number) else { return };
        let (space, device) = (self.circles[number].space, self.devices[who].rafiq().sync().device());
        let person = self.devices[who].rafiq().people().me().unwrap().unwrap().id;
        if self.membership(steward, &space).member(device).is_none() {
            return; // has not even heard yet that the other is there
        }
        self.get_done(steward, "remove", |rafiq| rafiq.sharing().remove(&space.to_string(), &person));
        assert!(self.membership(steward, &space).member(device).is_none(), "{} is still there", self.devices[who].name);
        self.faults.count(Fault::Removal);
        self.circles[number].removal = None;
        self.gone.push(Gone { circle: number, who });
        for _ in 0..=self.rng.below(3) {
            self.write_into(number, who);
        }
        self.exchange(who);
    }

    fn one_leaves(&mut self, number: usize) {
        let Some((_, who)) = self.two_of(number) else { return };
        let space = self.circles[number].space;
        self.write_into(number, who);
        self.get_done(who, "leave", |rafiq| rafiq.sharing().leave(&space.to_string()));
        self.faults.count(Fault::Leave);
        self.circles[number].leave = None;
        self.gone.push(Gone { circle: number, who });
    }

    /// Two who belong to a circle, as far as they know.
    fn two_of(&mut self, number: usize) -> Option<(usize, usize)> {
        let space = self.circles[number].space;
        let mut inside = self.circles[number].members.clone();
        inside.retain(|who| {
            let is_gone = self.gone.iter().any(|gone| gone.circle == number && gone.who == *who);
            !is_gone && self.devices[*who].rafiq().replica().role_in(&space).unwrap() >= WRITER
        });
        if inside.len() < 2 {
            return None;
        }
        let first = inside.swap_remove(self.rng.below(inside.len()));
        Some((first, *self.rng.pick(&inside)))
    }

    /// One call, perhaps over a disk that fails. What a killed process has done nobody was told: then it is done again, and done once.
    fn get_done(&mut self, who: usize, call: &str, work: impl Fn(&rafiq::Rafiq) -> rafiq::Result<()>) {
        if self.rng.once_in(DISK_TROUBLE) {
            self.devices[who].arm(&mut self.rng, 4);
        }
        let done = work(self.devices[who].rafiq());
        self.over(who, call, done.as_ref().err());
        if done.is_err() {
            let again = work(self.devices[who].rafiq());
            assert!(matches!(again, Ok(()) | Err(Error::NotFound)), "{}: {call}: {again:?}", self.devices[who].name);
        }
    }

    /// What somebody writes into circles of theirs on a usual day.
    pub(super) fn write_into_circles(&mut self, who: usize) {
        for number in 0..self.circles.len() {
            if self.circles[number].members.contains(&who) && (!self.chaos || self.rng.once_in(WRITES)) {
                self.write_into(number, who);
            }
        }
    }

    /// Words that name everybody of whom the writer knows that they are out.
    fn write_into(&mut self, number: usize, who: usize) {
        self.count += 1;
        let Circle { pairing, space, .. } = &self.circles[number];
        let membership = self.membership(who, space);
        let mut text = format!("goal {}", self.count);
        for (place, gone) in self.gone.iter().enumerate().filter(|(_, gone)| gone.circle == number) {
            let device = self.devices[gone.who].rafiq().sync().device();
            // Who has not even heard that the other is there does not know that they are out.
            if membership.person_of(device).is_some() && membership.member(device).is_none() {
                text.push_str(&format!(" {SINCE}-{place}."));
            }
        }
        match self.devices[who].rafiq().mentoring().add_goal(pairing, &text) {
            Ok(_) => self.devices[who].keep_promise(),
            Err(Error::NotFound) => {} // has not read yet what the circle is
            Err(Error::NotAllowed { .. }) => {
                // By themselves or another; or whoever let them in was being taken out by somebody who had not heard of it.
                let is_out = !self.inside(&self.circles[number]).contains(&who);
                assert!(is_out, "{} may not write into circle {number}", self.devices[who].name);
            }
            Err(error) => panic!("{}: goal: {error:?}", self.devices[who].name),
        }
    }

    /// As one device sees it.
    pub(super) fn membership(&self, who: usize, space: &SpaceId) -> Membership {
        Membership::replay(*space, self.operations(who, space))
    }

    fn operations(&self, who: usize, space: &SpaceId) -> Vec<Operation> {
        let found = self.devices[who].rafiq().replica().read(|rows| {
            let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1 ORDER BY number")?;
            let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(found.collect::<Result<Vec<_>, _>>()?)
        });
        found.unwrap().into_iter().map(|bytes| Operation::decode(&bytes).unwrap()).collect()
    }

    /// As it is: by what all of them hold.
    pub(super) fn truth(&self, circle: &Circle) -> Membership {
        let all = circle.members.iter().flat_map(|who| self.operations(*who, &circle.space));
        let all: BTreeMap<_, _> = all.map(|operation| (operation.hash(), operation)).collect();
        Membership::replay(circle.space, all.into_values())
    }

    /// Who belongs to a circle.
    pub(super) fn inside(&self, circle: &Circle) -> Vec<usize> {
        let truth = self.truth(circle);
        let belongs = |who: &usize| truth.member(self.devices[*who].rafiq().sync().device()).is_some();
        circle.members.iter().copied().filter(belongs).collect()
    }
}
