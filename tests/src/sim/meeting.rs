//! How the people of a world meet: who shares what with whom. The line is already as bad as it will stay; only the clocks are right.

use super::device::Device;
use super::mallory::Mallory;
use super::world::World;
use crate::phone::START_MS;
use rafiq::groups::NewGroup;
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::wire::space_tag;
use std::path::Path;

/// A join that takes more tries than this is stuck.
const MOST_TRIES: usize = 60;
/// What every third phone carries for others, in bytes.
const CARRIED: i64 = 1024 * 1024;
/// As many as meet in one room.
const GROUP: usize = 12;

impl World {
    /// A directory for all, groups of up to a dozen, and pairings, the second with a coordinator beside it.
    pub(super) fn meet(&mut self) {
        for who in 0..self.devices.len() {
            // The coordinator's spaces lie on the first relay; the others' wherever their people happen to be.
            let home = if who == 0 { 0 } else { self.rng.below(self.sites.len()) };
            self.devices[who].rafiq().sync().set_home_relay(&self.sites[home].url).unwrap();
        }
        for who in (0..self.devices.len()).step_by(3) {
            self.devices[who].rafiq().sync().carry(CARRIED).unwrap();
        }
        self.found_directory();
        let everybody: Vec<usize> = (0..self.devices.len()).collect();
        for members in everybody.chunks(GROUP) {
            self.found_group(members.to_vec());
        }
        let unpaired = everybody.len() % 2;
        for pair in everybody[unpaired..].chunks_exact(2) {
            let beside = (self.pairings.len() == 1 && everybody.len() > 4).then_some(0);
            self.found_pairing(pair[0], pair[1], beside);
        }
        self.found_circles();
        if self.plan.byzantine {
            self.let_mallory_in();
        }
        self.tags = self.spaces().iter().map(|(space, _)| space_tag(space)).collect();
    }

    fn found_directory(&mut self) {
        let coordinator = self.devices[0].rafiq();
        self.directory = coordinator.directory().found("Port Alder", 40).unwrap().space;
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/directory/services.json");
        coordinator.directory().import(&self.directory, &sample, &NoProgress).unwrap();
        let invite = coordinator.sharing().invite(&self.directory, Reach::Remote).unwrap();
        self.devices[0].keep_promise();
        for device in &self.devices[1..] {
            device.rafiq().sharing().accept(&invite.text).unwrap();
        }
    }

    fn found_group(&mut self, members: Vec<usize>) {
        let capacity = 2 * GROUP as i32;
        let new = NewGroup { name: "Tuesday tea".into(), language: "en".into(), capacity, place: "Library".into() };
        let group = self.devices[members[0]].rafiq().groups().found(new).unwrap().id;
        self.devices[members[0]].keep_promise();
        for joiner in &members[1..] {
            self.join(members[0], *joiner, &group.value);
        }
        self.groups.push((group, members));
    }

    /// One more comes to the first group and says who they are there. Then their keys are another programme's.
    fn let_mallory_in(&mut self) {
        let seed = self.plan.seed ^ (0xbad << 48);
        self.devices.push(Device::new(seed, START_MS, "Mallory", "en", self.plan.without));
        let (mallory, group) = (self.devices.len() - 1, self.groups[0].0.value.clone());
        self.join(0, mallory, &group);
        for _ in 0..MOST_TRIES {
            self.exchange(mallory);
            let status = self.devices[mallory].rafiq().sync().status().unwrap();
            if status.outbox + status.unsent_changes == 0 {
                let device = self.devices.remove(mallory);
                // The coordinator has founded it, and the first relay is theirs.
                self.mallory = Some(Mallory::of(device, 0, SpaceId::parse(&group).unwrap()));
                return;
            }
        }
        panic!("Mallory does not come to an end");
    }

    fn found_pairing(&mut self, mentor: usize, newcomer: usize, beside: Option<usize>) {
        let new = NewPairing {
            model: "newcomer-mentoring".into(),
            my_role: "mentor".into(),
            title: format!("Pair {mentor}"),
        };
        let pairing = self.devices[mentor].rafiq().mentoring().begin(new).unwrap().id;
        self.devices[mentor].keep_promise();
        let mut members = vec![mentor, newcomer];
        members.extend(beside);
        for joiner in &members[1..] {
            self.join(mentor, *joiner, &pairing.value);
        }
        self.take_role(mentor, newcomer, &pairing, "newcomer");
        self.pairings.push((pairing, members));
    }

    /// Invite, answer, admission, welcome, over the bad line.
    pub(super) fn join(&mut self, inviter: usize, joiner: usize, space: &str) {
        let invite = self.devices[inviter].rafiq().sharing().invite(space, Reach::Remote).unwrap();
        self.devices[joiner].rafiq().sharing().accept(&invite.text).unwrap();
        let id = SpaceId::parse(space).unwrap();
        for _ in 0..MOST_TRIES {
            self.exchange(inviter);
            self.exchange(joiner);
            let sharing = self.devices[inviter].rafiq().sharing();
            for request in sharing.requests().unwrap() {
                sharing.admit(&request.id).unwrap();
            }
            if self.devices[joiner].rafiq().replica().role_in(&id).is_ok() {
                return;
            }
        }
        panic!("{} does not get into {space}", self.devices[joiner].name);
    }

    fn take_role(&mut self, from: usize, who: usize, pairing: &PairingId, role: &str) {
        for _ in 0..MOST_TRIES {
            if self.devices[who].rafiq().mentoring().get(pairing).is_ok_and(|pairing| !pairing.model.is_empty()) {
                self.devices[who].rafiq().mentoring().take_role(pairing, role).unwrap();
                self.devices[who].keep_promise();
                return;
            }
            // What they wait for may not have left yet: their welcome goes another way.
            self.exchange(from);
            self.exchange(who);
        }
        panic!("{} waits for the pairing", self.devices[who].name);
    }
}
