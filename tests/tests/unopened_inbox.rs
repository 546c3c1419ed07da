//! A note lies ready for an inbox that nobody has opened at the relay yet, and perhaps never will.

use rafiq::Error;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::{Budget, BundleContents, Exchange};
use rafiq_protocol::Request;
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use std::cell::Cell;

const HOUR_MS: i64 = 3_600_000;

/// A mentor who has let in a newcomer who has only cards: the welcome waits for them at a relay too, should they find it.
fn welcomed(world: &World) -> (Phone, Phone, PairingId) {
    let (mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "prs"));
    mentor.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    world.exchange(&[&mentor]);
    let invite = mentor.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
    newcomer.sharing().accept(&invite.text).unwrap();
    let mut card = Vec::new();
    newcomer.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    let request = mentor.sharing().requests().unwrap().remove(0);
    mentor.sharing().admit(&request.id).unwrap();
    (mentor, newcomer, pairing)
}

/// How many notes an exchange offers.
fn offered(world: &World, phone: &Phone) -> usize {
    let posts = Cell::new(0);
    let carry = |exchange: &Exchange| {
        posts.set(posts.get() + Request::decode(&exchange.bytes).unwrap().posts.len());
        Ok::<_, Error>(world.answer(&exchange.bytes))
    };
    phone.rafiq().exchange(URL, Budget::default(), 4, carry).unwrap();
    posts.get()
}

#[test]
fn it_is_offered_ever_more_seldom_and_lost_never() {
    let world = World::default();
    let (mentor, newcomer, _) = welcomed(&world);
    // Every quarter of an hour for thirty days, as a background job may.
    let mut by_day = Vec::new();
    for _ in 0..30 {
        let mut today = 0;
        for _ in 0..96 {
            mentor.pass(HOUR_MS / 4);
            today += offered(&world, &mentor);
        }
        by_day.push(today);
    }
    assert!((12..=24).contains(&by_day[0]), "for an hour with every exchange: {by_day:?}");
    assert!(by_day[1..].iter().all(|times| (3..=5).contains(times)), "and then four times a day: {by_day:?}");
    assert_eq!(mentor.sync().status().unwrap().outbox, 1, "it is still there");
    // A clock that was set back does not keep it for years.
    mentor.pass(-10 * 365 * 24 * HOUR_MS);
    assert_eq!(offered(&world, &mentor), 1);
    mentor.pass(10 * 365 * 24 * HOUR_MS);
    // They come to a line at last.
    world.exchange(&[&newcomer]);
    mentor.pass(6 * HOUR_MS);
    assert_eq!(offered(&world, &mentor), 1);
    assert_eq!(mentor.sync().status().unwrap().outbox, 0);
    world.exchange(&[&newcomer]);
    assert_eq!(newcomer.sharing().spaces().unwrap().len(), 1);
}
