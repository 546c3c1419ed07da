//! A group that people have come to and left for years, and what lies ready for somebody who is let in.

use rafiq::groups::{Modality, NewGroup, NewSession};
use rafiq::ids::{PersonId, SpaceId};
use rafiq::sharing::Reach;
use rafiq::sync::wire::{
    Action, Add, DeviceKeys, DeviceRecord, Item, Membership, Operation, OperationHash, Remove, Role, open_from_inbox,
};
pub use rafiq_tests::card::card;
use rafiq_tests::phone::{Phone, START_MS};
use rafiq_tests::taken::{operations, secrets};
use rafiq_tests::world::{URL, World};
use std::collections::BTreeSet;

pub struct Scene {
    pub world: World,
    pub steward: Phone,
    pub newcomer: Phone,
    pub space: SpaceId,
}

/// A group that has seen so many operations.
pub fn group_of(count: usize) -> Scene {
    let (steward, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    steward.sync().set_home_relay(URL).unwrap();
    let space = found(&steward, count);
    let scene = Scene { world: World::default(), steward, newcomer, space };
    scene.world.exchange(&[&scene.steward]);
    scene
}

/// A steward's group that people have come to and left.
pub fn found(steward: &Phone, count: usize) -> SpaceId {
    let new = NewGroup { name: "Sundays".into(), language: "uk".into(), capacity: 12, place: String::new() };
    let group = steward.groups().found(new).unwrap().id;
    let space = SpaceId::parse(&group.value).unwrap();
    came_and_went(steward, &space, count - 1);
    assert_eq!(operations(steward, &space).len(), count);
    space
}

/// The steward lets somebody in and takes them out again, until that are so many operations more.
pub fn came_and_went(steward: &Phone, space: &SpaceId, count: usize) {
    let (keys, _) = secrets(steward, space);
    let known = operations(steward, space);
    let mut heads = Membership::replay(*space, known.iter().cloned()).heads();
    let mut more = Vec::new();
    for number in 0..count {
        let mut seed = [66; 32];
        seed[..8].copy_from_slice(&(known.len() as u64 + number as u64 / 2).to_be_bytes());
        let visitor = DeviceKeys::from_seed(seed, 1);
        let action = if number % 2 == 0 {
            let device = DeviceRecord::of(&visitor, space);
            Action::Add(Add { person: PersonId([66; 16]), device, role: Role::Writer })
        } else {
            Action::Remove(Remove { devices: vec![visitor.device()], cut: vec![] })
        };
        let operation = Operation::sign(&keys, *space, heads, action).unwrap();
        heads = vec![operation.hash()];
        more.push(operation);
    }
    let keep = steward.replica().store().write(|rows| {
        let mut keep = rows.prepare("INSERT INTO operation (hash, space, bytes, unsent) VALUES (?1, ?2, ?3, 1)")?;
        for operation in &more {
            keep.execute((&operation.hash().0[..], &space.0[..], operation.encode()))?;
        }
        Ok(())
    });
    keep.unwrap();
}

impl Scene {
    /// The newcomer has asked and the steward says yes; what is for the newcomer has not left yet.
    pub fn admitted(&self) {
        let invite = self.steward.sharing().invite(&self.space.to_string(), Reach::InPerson).unwrap();
        self.world.exchange(&[&self.steward]);
        self.newcomer.sharing().accept(&invite.text).unwrap();
        self.world.exchange(&[&self.newcomer, &self.steward]);
        let request = self.steward.sharing().requests().unwrap().pop().unwrap();
        self.steward.sharing().admit(&request.id).unwrap();
    }

    /// What lies ready at the steward's for the newcomer's inbox, in its order.
    pub fn ready(&self) -> Vec<Vec<u8>> {
        let ready = self.steward.replica().read(|rows| {
            let mut statement = rows.prepare("SELECT envelope FROM outbox WHERE token IS NOT NULL ORDER BY number")?;
            let found = statement.query_map([], |row| row.get(0))?;
            Ok(found.collect::<Result<_, _>>()?)
        });
        ready.unwrap()
    }

    /// What is in an envelope to the newcomer.
    pub fn opened(&self, envelope: &[u8]) -> Item {
        let (keys, _) = secrets(&self.newcomer, &self.space);
        Item::decode(&open_from_inbox(keys.inbox(), envelope).unwrap()).unwrap()
    }

    pub fn is_in(&self) -> bool {
        is_in(&self.newcomer, &self.space)
    }

    /// How many operations the newcomer keeps ahead of a welcome.
    pub fn kept_ahead(&self) -> usize {
        count(&self.newcomer, "SELECT count(*) FROM past")
    }

    /// Both know the same of who belongs, and hear each other.
    pub fn are_together(&self) {
        let both = [&self.steward, &self.newcomer];
        assert_eq!(known(&self.newcomer, &self.space), known(&self.steward, &self.space));
        let before = sessions(&self.newcomer);
        for phone in both {
            let group = phone.groups().list().unwrap().pop().unwrap().id;
            let (zone, place) = ("Europe/Kyiv".into(), String::new());
            let new = NewSession { starts_at_ms: START_MS, zone, place, modality: Modality::InPerson };
            phone.groups().schedule_session(&group, new).unwrap();
            self.world.exchange(&both);
        }
        self.world.exchange(&both);
        for phone in both {
            assert_eq!(sessions(phone), before + 2);
            assert_eq!(phone.sync().status().unwrap().waiting, 0);
        }
        assert_eq!(self.kept_ahead(), 0);
    }
}

fn sessions(phone: &Phone) -> usize {
    let group = phone.groups().list().unwrap().pop().unwrap();
    assert_eq!(group.name, "Sundays");
    phone.groups().sessions(&group.id, 0, 50, None).unwrap().items.len()
}

pub fn is_in(phone: &Phone, space: &SpaceId) -> bool {
    phone.replica().role_in(space).is_ok_and(|role| role > 0)
}

pub fn known(phone: &Phone, space: &SpaceId) -> BTreeSet<OperationHash> {
    operations(phone, space).iter().map(Operation::hash).collect()
}

pub fn count(phone: &Phone, sql: &str) -> usize {
    phone.replica().read(|rows| Ok(rows.query_row(sql, [], |row| row.get::<_, i64>(0))? as usize)).unwrap()
}

/// A phone reads a card with these envelopes.
pub fn hand<'a>(phone: &Phone, envelopes: impl IntoIterator<Item = &'a Vec<u8>>) {
    phone.rafiq().read_bundle(&mut &card(envelopes)[..]).unwrap();
}
