//! A phone is lost, and with it what its owner would have brought to the relay. What others have of it they bring there for them.

use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::{Budget, BundleContents, Exchange};
use rafiq_protocol::Response;
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};

/// By then everybody's turn has come.
const DAYS: u64 = 8;

/// A mentor who has let two others in.
fn three(world: &World) -> ([Phone; 3], PairingId) {
    let phones = [Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"), Phone::new(3, "Farid", "prs")];
    phones[0].sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Three".into() };
    let pairing = phones[0].mentoring().begin(new).unwrap().id;
    for phone in &phones[1..] {
        world.join(&phones[0], phone, &pairing.value);
    }
    for phone in phones.iter().chain(&phones) {
        world.exchange(&[phone]);
    }
    (phones, pairing)
}

fn goals(phone: &Phone, pairing: &PairingId) -> Vec<String> {
    let mut goals: Vec<String> = phone.mentoring().goals(pairing).unwrap().into_iter().map(|goal| goal.text).collect();
    goals.sort();
    goals
}

fn give_card(from: &Phone, to: &Phone) {
    let mut bytes = Vec::new();
    from.sync().stream_bundle(&mut bytes, &BundleContents::default()).unwrap();
    to.rafiq().read_bundle(&mut &bytes[..]).unwrap();
}

/// How many entries a phone still holds that it does not know the relay to have.
fn doubted(phone: &Phone) -> i64 {
    let count = |rows: &rusqlite::Connection| Ok(rows.query_row("SELECT count(*) FROM by_hand", [], |row| row.get(0))?);
    phone.replica().read(count).unwrap()
}

fn nothing_is_left(phone: &Phone) {
    let status = phone.sync().status().unwrap();
    assert_eq!((status.outbox, status.unsent_changes, status.waiting, status.quarantined), (0, 0, 0, 0));
    assert_eq!(status.waiting_for, vec![]);
}

#[test]
fn what_was_given_on_a_card_comes_to_all_though_the_phone_is_lost() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = three(&world);
    amina.mentoring().add_goal(&pairing, "a school for Samira").unwrap();
    give_card(&amina, &farid);
    drop(amina); // it falls into the river
    // He builds on it, and so the others wait for what they do not have.
    farid.mentoring().add_goal(&pairing, "asked at the school").unwrap();
    world.exchange(&[&farid, &mentor]);
    assert_eq!(mentor.sync().status().unwrap().waiting, 1);
    world.pass(2, &[&mentor, &farid]);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(goals(&mentor, &pairing).len(), 0, "its author has some days to bring it");
    world.pass(DAYS, &[&mentor, &farid]);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(goals(&mentor, &pairing), ["a school for Samira", "asked at the school"]);
    [&mentor, &farid].into_iter().for_each(nothing_is_left);
    assert_eq!(doubted(&farid), 0);
}

#[test]
fn whoever_brings_their_own_in_time_is_left_alone() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = three(&world);
    amina.mentoring().add_goal(&pairing, "a school for Samira").unwrap();
    give_card(&amina, &farid);
    world.exchange(&[&farid]);
    assert_eq!(doubted(&farid), 1);
    world.exchange(&[&amina, &farid]);
    assert_eq!(doubted(&farid), 0, "he has seen it there");
    let before = world.envelopes().len();
    world.pass(DAYS, &[&mentor, &amina, &farid]);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(world.envelopes().len(), before);
    assert_eq!(goals(&mentor, &pairing), ["a school for Samira"]);
}

/// The relay was put back to a day before Amina wrote, and her phone is gone. The others have read it.
#[test]
fn what_a_relay_that_was_put_back_has_lost_is_brought_by_those_who_have_read_it() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = three(&world);
    let known: i64 = world.envelopes().last().unwrap().0;
    amina.mentoring().add_goal(&pairing, "a school for Samira").unwrap();
    world.exchange(&[&amina, &mentor, &farid]);
    drop(amina);
    assert_eq!(world.database().execute("DELETE FROM envelope WHERE position > ?1", [known]).unwrap(), 1);
    let carry = |exchange: &Exchange| {
        let mut response = Response::decode(&world.answer(&exchange.bytes)).unwrap();
        response.restores += 1;
        Ok::<_, Error>(response.encode().unwrap())
    };
    let exchange = |phone: &Phone| drop(phone.rafiq().exchange(URL, Budget::default(), 40, carry).unwrap());
    let both = [&mentor, &farid];
    both.into_iter().for_each(exchange);
    both.into_iter().for_each(exchange);
    assert_eq!(both.map(doubted), [1, 1], "all else lies there, and they have seen it");
    let before = world.envelopes().len();
    world.pass(DAYS, &both);
    both.into_iter().for_each(exchange);
    both.into_iter().for_each(exchange);
    assert_eq!(world.envelopes().len(), before + 1, "once, whoever came first");
    assert_eq!(both.map(doubted), [0, 0]);
    let late = Phone::new(4, "Shirin", "prs");
    rafiq_tests::phone::let_in(&mentor, &late, &pairing.value, exchange);
    exchange(&late);
    assert_eq!(goals(&late, &pairing), ["a school for Samira"]);
}

/// What a relay has let go of lies there in a pack: that is as good, and nobody brings all of it again.
#[test]
fn what_lies_in_a_pack_is_there() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = three(&world);
    let space = SpaceId::parse(&pairing.value).unwrap();
    for number in 0..4 {
        amina.mentoring().add_goal(&pairing, &format!("goal {number}")).unwrap();
        world.exchange(&[&amina, &mentor, &farid]);
    }
    assert_eq!(mentor.sync().write_pack(&space), Ok(true));
    world.exchange(&[&mentor, &mentor, &amina, &farid]);
    let all = [&mentor, &amina, &farid];
    let before = world.envelopes().len();
    world.pass(200, &all);
    world.exchange(&all);
    world.pass(1, &all);
    assert!(world.envelopes().len() < before, "the relay has let go of what the pack covers");
    let carry = |exchange: &Exchange| {
        let mut response = Response::decode(&world.answer(&exchange.bytes)).unwrap();
        response.restores += 1;
        Ok::<_, Error>(response.encode().unwrap())
    };
    let exchange = |phone: &Phone| drop(phone.rafiq().exchange(URL, Budget::default(), 40, carry).unwrap());
    exchange(&farid);
    exchange(&farid);
    assert_eq!(doubted(&farid), 0);
}
