//! Who may erase whose words.

use super::*;

fn erase(author: &DeviceKeys, parents: &[&Operation], whose: &[u8]) -> Operation {
    let mut blobs: Vec<_> =
        whose.iter().map(|seed| ErasedBlob { author: keys(*seed).device(), digest: [*seed; 32] }).collect();
    blobs.sort_unstable();
    let parents = parents.iter().map(|parent| parent.hash()).collect();
    Operation::sign(author, space(), parents, Action::Erase(Erase { blobs })).unwrap()
}

#[test]
fn the_author_or_a_steward_erases_and_nobody_else() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let other = add(1, &[&writer], 3, Role::Writer);
    // A second device of the writer's, which the writer has let in; and the other says that the writer's is theirs.
    let of = |author: u8, parent: &Operation, person: u8, device: u8| {
        let action = Action::Add(Add {
            person: PersonId([person; 16]),
            device: DeviceRecord::of(&keys(device), &space()),
            role: Role::Writer,
        });
        Operation::sign(&keys(author), space(), vec![parent.hash()], action).unwrap()
    };
    let second = of(2, &other, 2, 12);
    let claim = of(3, &second, 3, 2);
    let all = [&start, &writer, &other, &second, &claim];
    let counts = |erasure: &Operation| {
        let membership = replay(&[&all[..], &[erasure]].concat());
        assert_eq!(membership.heads(), [second.hash()], "no operation builds on an erasure");
        assert!(membership.refused().contains_key(&claim.hash()), "nobody claims another's device");
        assert!(membership.waiting().is_empty());
        membership.erasures().any(|(operation, _)| operation == erasure)
    };
    assert!(counts(&erase(&keys(2), &[&second], &[2])), "one's own");
    assert!(counts(&erase(&keys(12), &[&second], &[2, 12])), "and what one's other device wrote");
    assert!(counts(&erase(&keys(1), &[&second], &[2, 3, 77])), "a steward's word is enough, also on what is not known");
    assert!(!counts(&erase(&keys(3), &[&second], &[2])));
    assert!(!counts(&erase(&keys(3), &[&second], &[2, 3])), "all of it, or nothing");
    assert!(!counts(&erase(&keys(3), &[&claim], &[2])), "not by claiming the device");
    assert!(!counts(&erase(&keys(4), &[&second], &[4])), "nor by whoever does not belong");
    let membership = replay(&all);
    let may = |device: u8, author: u8| membership.may_erase(keys(device).device(), keys(author).device());
    assert_eq!([may(1, 2), may(2, 2), may(3, 2), may(3, 3), may(9, 9)], [true, true, false, true, false]);
}

#[test]
fn a_steward_who_was_taken_out_needs_a_witness_and_nobody_does_for_their_own() {
    let start = founding();
    let steward = add(1, &[&start], 2, Role::Steward);
    let writer = add(1, &[&steward], 3, Role::Writer);
    let (others, own) = (erase(&keys(2), &[&writer], &[3]), erase(&keys(2), &[&writer], &[2]));
    let before = replay(&[&start, &steward, &writer, &others, &own]);
    assert!(!before.needs_witness(&others) && !before.needs_witness(&own));
    // Whether it was made before the removal or is only dated so, nobody can tell by it.
    let out = remove(1, &[&writer], &[2], vec![]);
    let less = add(1, &[&writer], 2, Role::Writer);
    for change in [&out, &less] {
        let after = replay(&[&start, &steward, &writer, &others, &own, change]);
        assert!(after.needs_witness(&others) && !after.needs_witness(&own));
        assert_eq!(after.erasures().count(), 2);
    }
    let back = add(1, &[&out], 2, Role::Steward);
    assert!(!replay(&[&start, &steward, &writer, &others, &out, &back]).needs_witness(&others));
    // Nor is the founder's key ever taken out.
    let action = Action::Erase(Erase { blobs: vec![ErasedBlob { author: keys(3).device(), digest: [1; 32] }] });
    let last = Operation::sign_as_founder(&founder(), space(), vec![writer.hash()], action).unwrap();
    let after = replay(&[&start, &steward, &writer, &out, &last]);
    assert!(after.erasures().count() == 1 && !after.needs_witness(&last));
}

#[test]
fn an_erasure_is_named_by_entries_and_nothing_rests_on_it() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let erasure = erase(&keys(2), &[&writer], &[2]);
    let on_it = add(1, &[&erasure], 3, Role::Writer);
    let membership = replay(&[&start, &writer, &erasure, &on_it]);
    assert_eq!(membership.refused().get(&on_it.hash()), Some(&Refusal::RefusedParent));
    assert_eq!(role(&membership, &[&writer, &erasure], 2), Some(Role::Writer));
    assert!(matches!(
        replay(&[&start, &writer]).authorised_at(&[writer.hash(), erasure.hash()], keys(2).device(), 1),
        Authority::Waiting(missing) if missing == [erasure.hash()]
    ));
    // Whoever is taken out by somebody who does not know of it: what is gone is gone.
    let removal = remove(1, &[&writer], &[2], vec![]);
    assert_eq!(replay(&[&start, &writer, &erasure, &removal]).erasures().count(), 1);
    // What says nothing is not said, and it is said in one order.
    let body = |blobs| Operation::sign(&keys(2), space(), vec![writer.hash()], Action::Erase(Erase { blobs }));
    let blob = |n: u8| ErasedBlob { author: keys(2).device(), digest: [n; 32] };
    for bad in [vec![], vec![blob(2), blob(1)], vec![blob(1), blob(1)]] {
        assert_eq!(body(bad).err(), Some(WireError::Malformed));
    }
    assert!(body((0..64).map(blob).collect()).unwrap().encode().len() < 8 * 1024);
    // A welcome leaves it out.
    let welcome = crate::sync::wire::Welcome::new(
        &keys(1),
        keys(2).device(),
        &replay(&[&start, &writer, &erasure]),
        &crate::sync::wire::EpochKey::new(1, [3; 32]),
        ("", None),
    );
    assert_eq!(welcome.unwrap().operations, [start, writer]);
}
