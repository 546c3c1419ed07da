//! It goes on: to the relay, on cards, behind packs, also from phones that had to ask for it once more.

use super::scene::*;
use rafiq::Error;
use rafiq::mentoring::NewPairing;
use rafiq::sync::wire::space_tag;
use rafiq::sync::{Budget, BundleContents, Exchange};
use rafiq_protocol::{Request, Response, StoredEnvelope};
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{DAY_MS, URL, World};

#[test]
fn who_has_it_from_a_card_brings_it_to_the_relay() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    // The days of its author are over.
    world.pass(8, &[&mentor, &farid]);
    for phone in [&farid, &farid, &mentor] {
        exchange(&world, phone);
    }
    assert_eq!(entries_of(&mentor, &mallory), entries_of(&farid, &mallory));
    assert_eq!((kept_as_packed(&mentor), kept_as_packed(&farid)), (0, 1), "the relay has it");
    nothing_is_left(&farid);
}

#[test]
fn a_card_carries_it_on() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    let mut card = Vec::new();
    farid.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(entries_of(&mentor, &mallory), entries_of(&farid, &mallory));
}

#[test]
fn a_pack_tells_it_again() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&mentor, &unfit(&mallory, &pairing, Place::Next));
    assert_eq!(mentor.sync().write_pack(&space_of(&pairing)), Ok(true));
    for phone in [&mentor, &mentor, &farid] {
        exchange(&world, phone);
    }
    assert_eq!(packs(&mentor), 1);
    assert_eq!(entries_of(&farid, &mallory), entries_of(&mentor, &mallory));
    nothing_is_left(&mentor);
}

#[test]
fn two_packs_and_a_year_later_a_newcomer_has_it_from_the_relay() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    put(&mallory, &space_of(&pairing), &unfit(&mallory, &pairing, Place::Next));
    for phone in [&mallory, &mentor, &farid] {
        exchange(&world, phone);
    }
    assert_eq!(kept_as_packed(&mentor), 0, "the relay has it");
    for goal in ["one more", "another"] {
        farid.mentoring().add_goal(&pairing, goal).unwrap();
        for phone in [&farid, &mentor] {
            exchange(&world, phone);
        }
        assert_eq!(mentor.sync().write_pack(&space_of(&pairing)), Ok(true));
        // The first time it is asked for once more.
        for phone in [&mentor, &mentor, &mentor, &farid] {
            exchange(&world, phone);
        }
        assert_eq!((packs(&mentor), kept_as_packed(&mentor)), (1, 1));
    }
    world.pass(400, &[&mentor, &mallory, &farid]);
    for phone in [&mentor, &farid, &mentor] {
        exchange(&world, phone);
    }
    let shirin = Phone::new(9, "Shirin", "prs");
    shirin.pass(400 * DAY_MS);
    world.join(&mentor, &shirin, &pairing.value);
    for phone in [&mentor, &shirin, &mentor, &shirin] {
        exchange(&world, phone);
    }
    assert_eq!(entries_of(&shirin, &mallory), entries_of(&mentor, &mallory));
    assert_eq!(shirin.goals(&pairing), mentor.goals(&pairing));
    assert_eq!(shirin.sync().status().unwrap().waiting, 0);
}

#[test]
fn what_else_its_author_has_written_at_length_does_not_wait_with_it() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    // Longer than an envelope, and packed like anybody's.
    for number in 0..700 {
        mallory.mentoring().add_goal(&pairing, &format!("to read {number}")).unwrap();
    }
    for phone in [&mallory, &mentor, &farid] {
        exchange(&world, phone);
    }
    put(&mallory, &space_of(&pairing), &unfit(&mallory, &pairing, Place::Next));
    for phone in [&mallory, &mentor] {
        exchange(&world, phone);
    }
    assert_eq!(mentor.sync().write_pack(&space_of(&pairing)), Ok(true));
    for _ in 0..3 {
        exchange(&world, &mentor);
    }
    assert_eq!((packs(&mentor), kept_as_packed(&mentor), asked_for(&mentor)), (1, 1, 0));
}

#[test]
fn what_is_kept_of_it_and_damaged_goes_nowhere() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    farid.mentoring().add_goal(&pairing, "by hand").unwrap();
    for bytes in [vec![], vec![9], vec![1, 0xff, 0xff], vec![0; 70_000]] {
        spoil(&farid, &bytes);
        let mut card = Vec::new();
        farid.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
        let read = mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
        assert!(read.damaged.is_empty() && read.aside == 0, "{read:?}");
    }
    assert_eq!(mentor.goals(&pairing), ["by hand", "first", "second"]);
}

#[test]
fn taken_by_an_earlier_version_it_keeps_nothing_else_from_leaving() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    forget_how_it_came(&farid);
    farid.mentoring().add_goal(&pairing, "before").unwrap();
    exchange(&world, &farid);
    world.pass(8, &[&mentor, &farid]);
    farid.mentoring().add_goal(&pairing, "after").unwrap();
    for phone in [&farid, &farid, &mentor] {
        exchange(&world, phone);
    }
    assert_eq!(mentor.goals(&pairing), ["after", "before", "first", "second"]);
    nothing_is_left(&farid);
    farid.mentoring().add_goal(&pairing, "by hand").unwrap();
    let mut card = Vec::new();
    farid.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(mentor.goals(&pairing), ["after", "before", "by hand", "first", "second"]);
}

#[test]
fn taken_by_an_earlier_version_a_pack_is_given_up_until_it_comes_again() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    let envelope = unfit(&mallory, &pairing, Place::Next);
    hand(&mentor, &envelope);
    forget_how_it_came(&mentor);
    assert_eq!(mentor.sync().write_pack(&space_of(&pairing)), Ok(true));
    exchange(&world, &mentor);
    mentor.mentoring().add_goal(&pairing, "after").unwrap();
    exchange(&world, &mentor);
    exchange(&world, &farid);
    assert_eq!(farid.goals(&pairing), ["after", "first", "second"]);
    nothing_is_left(&mentor);
    assert_eq!((packs(&mentor), mentor.sync().status().unwrap().quarantined), (0, 0));
    assert_eq!(mentor.rafiq().read_bundle(&mut &card([&envelope])[..]).unwrap().known, 1);
    exchange(&world, &mentor);
    exchange(&world, &mentor);
    assert_eq!(packs(&mentor), 1);
}

#[test]
fn as_one_side_of_a_fork_it_ends_no_exchange_and_the_profile_opens_again() {
    let world = World::default();
    let ([_mentor, mallory, mut farid], pairing) = three(&world);
    farid.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Other".into() };
    let other = farid.mentoring().begin(new).unwrap().id;
    exchange(&world, &farid);
    let envelope = unfit(&mallory, &pairing, Place::Last);
    let tag = space_tag(&space_of(&pairing));
    let carry = |exchange: &Exchange| {
        let mut response = Response::decode(&world.answer(&exchange.bytes)).unwrap();
        let sections = Request::decode(&exchange.bytes).unwrap().sections;
        for (result, _) in response.results.iter_mut().zip(&sections).filter(|(_, section)| section.tag == tag) {
            result.envelopes.push(StoredEnvelope { position: 1_000, bytes: envelope.clone() });
        }
        Ok::<_, Error>(response.encode().unwrap())
    };
    farid.rafiq().exchange(URL, Budget::default(), 2, carry).unwrap();
    farid.mentoring().add_goal(&other, "elsewhere").unwrap();
    exchange(&world, &farid);
    nothing_is_left(&farid);
    farid.stop();
    farid.start();
    exchange(&world, &farid);
    assert_eq!(farid.goals(&other), ["elsewhere"]);
}
