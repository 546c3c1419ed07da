//! A note lies ready for an inbox that nobody has opened at the relay yet, and perhaps never will. A relay that is busy is another thing.

use rafiq::Error;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::{Budget, BundleContents, Exchange};
use rafiq_protocol::{PostResult, Request, Response, Status, request_id};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use std::cell::Cell;

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

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

/// An exchange with a relay that is too busy for notes.
fn exchange_busy(world: &World, phone: &Phone) {
    let carry = |exchange: &Exchange| {
        let asked = Request::decode(&exchange.bytes).unwrap();
        let notes = asked.posts.len();
        let without = Request { posts: vec![], ..asked }.encode().unwrap();
        let mut response = Response::decode(&world.answer(&without)).unwrap();
        response.request = request_id(&exchange.bytes);
        response.posts = vec![PostResult { status: Status::TooMany, retry_after: Some(2) }; notes];
        Ok::<_, Error>(response.encode().unwrap())
    };
    phone.rafiq().exchange(URL, Budget::default(), 1, carry).unwrap();
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

#[test]
fn a_welcome_leaves_as_soon_as_a_busy_relay_has_room() {
    let world = World::default();
    let (mentor, newcomer, _) = welcomed(&world);
    world.exchange(&[&newcomer]);
    for _ in 0..12 {
        exchange_busy(&world, &mentor);
        mentor.pass(2 * MINUTE_MS);
    }
    assert_eq!(mentor.sync().status().unwrap().outbox, 1);
    world.exchange(&[&mentor]);
    assert_eq!(mentor.sync().status().unwrap().outbox, 0);
    world.exchange(&[&newcomer]);
    assert_eq!(newcomer.sharing().spaces().unwrap().len(), 1);
}

/// Many share one address in a camp, and an invite from hand to hand holds for ten minutes.
#[test]
fn a_request_comes_through_a_busy_relay_while_its_invite_holds() {
    let world = World::default();
    let (mentor, _, pairing) = welcomed(&world);
    let late = Phone::new(3, "Farid", "prs");
    let invite = mentor.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
    world.exchange(&[&mentor]);
    late.sharing().accept(&invite.text).unwrap();
    for _ in 0..10 {
        exchange_busy(&world, &late);
        [&late, &mentor].into_iter().for_each(|phone| phone.pass(MINUTE_MS / 2));
    }
    world.exchange(&[&late, &mentor]);
    let request = mentor.sharing().requests().unwrap().pop().unwrap();
    mentor.sharing().admit(&request.id).unwrap();
    world.exchange(&[&mentor, &late]);
    assert_eq!(late.sharing().spaces().unwrap().len(), 1);
}
