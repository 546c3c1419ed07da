#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
//! Which side of a fork stays, and whose seeing counts: of these two alone, without a store.

use super::*;
use crate::ids::PersonId;
use crate::replica::SpaceKind;
use crate::sync::resting::Link;
use crate::sync::wire::{
    Action, Add, DeviceKeys, DeviceRecord, Draft, Entry, EntryHead, FounderKey, Operation, Remove, Role,
};

/// The device whose chains fork: the first writer's.
const WRITER: u8 = 2;

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

/// An entry's name. The lower the number, the lower the hash.
const fn name(number: u8) -> EntryHash {
    EntryHash([number; 32])
}

/// A chain of the writer's device.
fn chain(incarnation: u32) -> Chain {
    (keys(WRITER).device(), incarnation)
}

fn node(chain: Chain, sequence: u64, previous: Option<u8>) -> Node {
    Node { chain, sequence, previous: previous.map(name), stands: true }
}

/// Entries of the writer's first chain: name, place, what each comes after.
fn forks(entries: &[(u8, u64, Option<u8>)]) -> Forks {
    let nodes = entries.iter().map(|(hash, sequence, previous)| (name(*hash), node(chain(1), *sequence, *previous)));
    Forks { nodes: nodes.collect(), seen: HashMap::new() }
}

fn seen_by(forks: &mut Forks, hash: u8, people: &[u8]) {
    let seen = forks.seen.entry(name(hash)).or_default();
    seen.extend(people.iter().map(|person| vec![*person; 16]));
}

/// The losers, in order.
fn losers(forks: &Forks) -> Vec<EntryHash> {
    losers_without(forks, &[])
}

/// The losers if these are no rivals, in order.
fn losers_without(forks: &Forks, no_rivals: &[u8]) -> Vec<EntryHash> {
    let mut losers = forks.losers(&forks.places(), &no_rivals.iter().map(|number| name(*number)).collect());
    losers.sort_unstable();
    losers
}

/// What falls of a log with these entries and changes, and which chains are forked. An entry's change is its number and a hundred.
fn settled(forks: &Forks, rests_on: &[(u8, u8)]) -> (Vec<u8>, BTreeMap<Chain, u64>) {
    let mut log = Resting::default();
    for (hash, node) in &forks.nodes {
        log.add_entry(hash.0, node.previous.map(|previous| previous.0));
    }
    let mut hashes: Vec<u8> = forks.nodes.keys().map(|hash| hash.0[0]).collect();
    // What rests on something comes after it.
    hashes.sort_by_key(|hash| (rests_on.iter().position(|(above, _)| above == hash), *hash));
    for hash in hashes {
        let under = rests_on.iter().filter(|(above, _)| *above == hash).map(|(_, under)| name(under + 100).0);
        log.add_change(name(hash + 100).0, Link { deps: under.collect(), entry: Some(name(hash).0) });
    }
    let settled = settle(forks, &log, &[]);
    (settled.fall.into_keys().map(|hash| hash[0]).collect(), settled.chains)
}

/// A space: 1 founded it, 2 and 3 write in it, 4 is the phone of 3's person too, 5 only reads, and 6 was taken out by 1, who had seen
/// their first entry `seen`. 9 is nobody's.
struct Space {
    membership: Membership,
    /// Its heads before the removal.
    before: Vec<wire::OperationHash>,
}

fn space(seen: Option<EntryHash>) -> Space {
    let found =
        Operation::found(&keys(1), SpaceKind::Circle, [1; 16], FounderKey::from_seed([9; 32]).id(), PersonId([1; 16]));
    let mut operations = vec![found.unwrap()];
    let id = operations[0].space_id();
    let mut sign = |action| {
        let parents = vec![operations.last().unwrap().hash()];
        operations.push(Operation::sign(&keys(1), id, parents, action).unwrap());
    };
    for (seed, person, role) in
        [(2, 2, Role::Writer), (3, 3, Role::Writer), (4, 3, Role::Writer), (5, 5, Role::Reader), (6, 6, Role::Writer)]
    {
        let device = DeviceRecord::of(&keys(seed), &id);
        sign(Action::Add(Add { person: PersonId([person; 16]), device, role }));
    }
    let device = keys(6).device();
    let cut = seen.map(|hash| EntryHead { device, incarnation: 1, sequence: 1, hash }).into_iter().collect();
    sign(Action::Remove(Remove { devices: vec![device], cut }));
    let before = vec![operations[operations.len() - 2].hash()];
    Space { membership: Membership::replay(id, operations), before }
}

impl Space {
    /// The first entry of a device, that names an entry of the writer's chain as the last it has seen.
    fn entry(&self, author: u8, sees: EntryHash, auth_heads: &[wire::OperationHash]) -> Entry {
        let (device, incarnation) = chain(1);
        let draft = Draft {
            space: self.membership.space(),
            sequence: 1,
            previous: None,
            auth_heads: auth_heads.to_vec(),
            entry_heads: vec![EntryHead { device, incarnation, sequence: 2, hash: sees }],
            changes: vec![],
        };
        Entry::sign(&keys(author), draft).unwrap()
    }

    /// Who has seen what, by how many people, after these devices named these entries in full knowledge of who belongs.
    fn votes(&self, forks: &mut Forks, named: &[(u8, u8)]) -> BTreeMap<u8, usize> {
        for (author, sees) in named {
            let entry = self.entry(*author, name(*sees), &self.membership.heads());
            forks.hear(&self.membership, &entry, entry.hash());
        }
        forks.seen.iter().map(|(hash, people)| (hash.0[0], people.len())).collect()
    }
}

#[test]
fn where_one_entry_stands_in_each_place_nothing_falls() {
    let (fall, chains) = settled(&forks(&[(7, 1, None), (3, 2, Some(7)), (5, 3, Some(3))]), &[]);
    assert!(fall.is_empty() && chains.is_empty());
}

#[test]
fn what_rests_on_what_falls_elsewhere_is_no_rival() {
    let forks = forks(&[(8, 1, None), (2, 2, Some(8)), (4, 2, Some(8)), (6, 2, Some(8))]);
    let without = |names: &[u8]| losers_without(&forks, names);
    assert_eq!(without(&[]), [name(4), name(6)]);
    assert_eq!(without(&[2]), [name(2), name(6)]);
    assert_eq!(without(&[2, 4]), [name(2), name(4)]);
    assert_eq!(without(&[2, 4, 6]), [name(2), name(4), name(6)]);
}

#[test]
fn of_equals_the_lower_hash_stays() {
    let mut forks = forks(&[(8, 1, None), (6, 2, Some(8)), (2, 2, Some(8)), (4, 2, Some(8))]);
    assert_eq!(losers(&forks), [name(4), name(6)]);
    // Also of those whom as many have seen.
    for hash in [6, 2, 4] {
        seen_by(&mut forks, hash, &[1, hash]);
    }
    assert_eq!(losers(&forks), [name(4), name(6)]);
}

#[test]
fn what_more_people_have_seen_stays_whatever_its_hash() {
    let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
    seen_by(&mut forks, 9, &[3]);
    assert_eq!(losers(&forks), [name(1)]);
    seen_by(&mut forks, 1, &[1, 5]);
    assert_eq!(losers(&forks), [name(9)]);
}

#[test]
fn it_does_not_matter_in_which_order_entries_came() {
    let entries = [(1, 1, None), (7, 2, Some(1)), (3, 2, Some(1)), (5, 3, Some(7)), (4, 3, Some(7))];
    for turn in 0..entries.len() {
        let mut turned = entries;
        turned.rotate_left(turn);
        let mut forks = forks(&turned);
        seen_by(&mut forks, 7, &[1]);
        assert_eq!(losers(&forks), [name(3), name(5)], "{turned:?}");
    }
}

#[test]
fn only_what_is_in_order_but_for_its_place_is_a_rival() {
    let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
    forks.nodes.get_mut(&name(1)).unwrap().stands = false;
    seen_by(&mut forks, 1, &[1, 3, 5]);
    assert!(losers(&forks).is_empty(), "nor does anybody's having seen it make it one");
}

#[test]
fn entries_after_different_entries_are_no_rivals_of_each_other() {
    // Each side of the fork has gone on: what rests on the side that falls does so with it, not by a vote of its own.
    let mut forks = forks(&[(2, 1, None), (4, 1, None), (8, 2, Some(2)), (6, 2, Some(4))]);
    seen_by(&mut forks, 6, &[1, 3]);
    assert_eq!(losers(&forks), [name(4)]);
}

#[test]
fn whoever_rests_on_what_falls_elsewhere_makes_room_and_so_on() {
    let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
    for (hash, incarnation) in [(2, 2), (8, 2), (3, 3), (7, 3)] {
        forks.nodes.insert(name(hash), node(chain(incarnation), 1, None));
    }
    let forked = BTreeMap::from([(chain(1), 1), (chain(2), 1), (chain(3), 1)]);
    assert_eq!(settled(&forks, &[]), (vec![7, 8, 9], forked.clone()));
    // 9 falls and 2 with it, so 8 stays in the place of 2; 3 rests on 2, so 7 stays in its place.
    assert_eq!(settled(&forks, &[(2, 9), (3, 2)]), (vec![2, 3, 9], forked));
}

#[test]
fn each_chain_is_named_with_the_first_place_that_several_stand_in() {
    let mut forks = forks(&[(1, 4, None), (2, 5, Some(1)), (3, 5, Some(1)), (4, 9, Some(2)), (5, 9, Some(2))]);
    for (hash, sequence) in [(11, 7), (12, 7)] {
        forks.nodes.insert(name(hash), node(chain(2), sequence, Some(10)));
    }
    // In the place of an entry under the other incarnation: another chain, and no fork.
    forks.nodes.insert(name(13), node(chain(3), 7, Some(10)));
    let (_, chains) = settled(&forks, &[]);
    assert_eq!(chains, BTreeMap::from([(chain(1), 5), (chain(2), 7)]));
    assert_eq!(losers(&forks), [name(3), name(5), name(12)]);
}

#[test]
fn whoever_names_an_entry_has_seen_all_before_it_and_none_beside_it() {
    let mut forks = forks(&[(1, 1, None), (2, 2, Some(1)), (3, 2, Some(1)), (4, 3, Some(2))]);
    let votes = space(None).votes(&mut forks, &[(1, 4), (3, 3)]);
    assert_eq!(votes, BTreeMap::from([(1, 2), (2, 1), (3, 1), (4, 1)]));
}

#[test]
fn people_count_once_each_and_nobody_for_themselves() {
    let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
    // 3 and 4 are two phones of one person, and whoever wrote both sides has no say about them.
    let space = space(None);
    let votes = space.votes(&mut forks, &[(3, 9), (4, 9), (3, 9), (WRITER, 1)]);
    assert_eq!(votes, BTreeMap::from([(9, 1)]));
    assert_eq!(losers(&forks), [name(1)]);
    assert_eq!(space.votes(&mut forks, &[(1, 1)]), BTreeMap::from([(1, 1), (9, 1)]));
    assert_eq!(losers(&forks), [name(9)], "one each: the lower hash");
}

#[test]
fn whoever_may_not_write_has_no_say() {
    let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
    let space = space(None);
    assert!(space.votes(&mut forks, &[(5, 9), (6, 9), (9, 9)]).is_empty(), "a reader, one who is out, a stranger");
    // Nor whoever names as their past what nobody knows.
    let entry = space.entry(3, name(9), &[wire::OperationHash([7; 32])]);
    forks.hear(&space.membership, &entry, entry.hash());
    assert!(forks.seen.is_empty());
}

#[test]
fn who_was_taken_out_has_a_say_by_what_was_seen_of_them_alone() {
    let entry = {
        let space = space(None);
        space.entry(6, name(9), &space.before)
    };
    for (cut, votes) in [(None, 0), (Some(name(7)), 0), (Some(entry.hash()), 1)] {
        let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
        let space = space(cut);
        forks.hear(&space.membership, &entry, entry.hash());
        assert_eq!(forks.seen.get(&name(9)).map_or(0, BTreeSet::len), votes, "{cut:?}");
    }
}

#[test]
fn what_is_named_of_other_chains_says_nothing() {
    let mut forks = forks(&[(1, 1, None), (9, 1, None)]);
    assert!(space(None).votes(&mut forks, &[(3, 5)]).is_empty());
}
