//! A phone is lost, and with it what its owner would have brought to the relay. What others have of it they bring there for them.

use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share, WordsState};
use rafiq::ids::SpaceId;
use rafiq::mentoring::PairingId;
use rafiq::sync::{Budget, BundleContents, Exchange};
use rafiq_protocol::{Cursor, Request, Response, SectionBody};
use rafiq_tests::phone::{Phone, let_in};
use rafiq_tests::world::{DAY_MS, URL, World};
use std::cell::Cell;

/// By then everybody's turn has come.
const DAYS: u64 = 8;
const METERED: Budget = Budget { bytes: 512 * 1024, metered: true };

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

/// So many goals, each in an entry of its own.
fn write_each(phone: &Phone, pairing: &PairingId, count: usize) {
    for number in 0..count {
        phone.mentoring().add_goal(pairing, &format!("goal {number:02}")).unwrap();
        phone.sync().next_exchange(URL, Budget::default()).unwrap(); // nobody carries it
    }
}

fn check_in(phone: &Phone, pairing: &PairingId, note: String) {
    let share = Share::Pairing { pairing: pairing.value.clone() };
    let new = NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note };
    phone.check_ins().record(new).unwrap();
}

/// An exchange: how many envelopes it brings to spaces, and how many places it reads from their start.
fn looked_at(world: &World, phone: &Phone, budget: Budget) -> (usize, usize) {
    counted(phone, budget, |exchange| Ok(world.answer(&exchange.bytes)))
}

fn counted(phone: &Phone, budget: Budget, answer: impl Fn(&Exchange) -> Result<Vec<u8>, Error>) -> (usize, usize) {
    let (brought, starts) = (Cell::new(0), Cell::new(0));
    let carry = |exchange: &Exchange| {
        for section in Request::decode(&exchange.bytes).unwrap().sections {
            let body = SectionBody::decode(&section.body).unwrap();
            brought.set(brought.get() + body.put.len());
            starts.set(starts.get() + usize::from(body.cursor == Cursor::START));
        }
        answer(exchange)
    };
    phone.rafiq().exchange(URL, budget, 40, carry).unwrap();
    (brought.get(), starts.get())
}

/// The answer of a relay that says that it was put back.
fn put_back(world: &World, exchange: &Exchange) -> Result<Vec<u8>, Error> {
    let mut response = Response::decode(&world.answer(&exchange.bytes)).unwrap();
    response.restores += 1;
    Ok(response.encode().unwrap())
}

fn exchange_put_back(world: &World, phone: &Phone) {
    phone.rafiq().exchange(URL, Budget::default(), 40, |exchange| put_back(world, exchange)).unwrap();
}

#[test]
fn what_was_given_on_a_card_comes_to_all_though_the_phone_is_lost() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    amina.mentoring().add_goal(&pairing, "a school for Samira").unwrap();
    give_card(&amina, &farid);
    drop(amina); // it falls into the river
    // He builds on it, and so the others wait for what they do not have.
    farid.mentoring().add_goal(&pairing, "asked at the school").unwrap();
    world.exchange(&[&farid, &mentor]);
    assert_eq!(mentor.sync().status().unwrap().waiting, 1);
    world.pass(2, &[&mentor, &farid]);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(mentor.goals(&pairing).len(), 0, "its author has some days to bring it");
    world.pass(DAYS, &[&mentor, &farid]);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(mentor.goals(&pairing), ["a school for Samira", "asked at the school"]);
    [&mentor, &farid].into_iter().for_each(Phone::has_nothing_left);
    assert_eq!(doubted(&farid), 0);
}

#[test]
fn whoever_brings_their_own_in_time_is_left_alone() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
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
    assert_eq!(mentor.goals(&pairing), ["a school for Samira"]);
}

/// The relay was put back to a day before Amina wrote, and her phone is gone. The others have read it.
#[test]
fn what_a_relay_that_was_put_back_has_lost_is_brought_by_those_who_have_read_it() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    let known: i64 = world.envelopes().last().unwrap().0;
    amina.mentoring().add_goal(&pairing, "a school for Samira").unwrap();
    world.exchange(&[&amina, &mentor, &farid]);
    drop(amina);
    assert_eq!(world.database().execute("DELETE FROM envelope WHERE position > ?1", [known]).unwrap(), 1);
    let exchange = |phone: &Phone| exchange_put_back(&world, phone);
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
    let_in(&mentor, &late, &pairing.value, exchange);
    exchange(&late);
    assert_eq!(late.goals(&pairing), ["a school for Samira"]);
}

/// What a relay has let go of lies there in a pack: that is as good, and nobody brings all of it again.
#[test]
fn what_lies_in_a_pack_is_there() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
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
    exchange_put_back(&world, &farid);
    exchange_put_back(&world, &farid);
    assert_eq!(doubted(&farid), 0);
}

/// He reads a card and is away for nine days; meanwhile its author has brought all of it.
#[test]
fn whoever_was_away_looks_first_and_brings_nothing_that_lies_there() {
    let world = World::default();
    let ([_mentor, amina, farid], pairing) = world.pairing::<3>();
    write_each(&amina, &pairing, 20);
    give_card(&amina, &farid);
    world.exchange(&[&amina, &amina]);
    assert_eq!(doubted(&farid), 20);
    world.pass(9, &[&amina, &farid]);
    assert_eq!(looked_at(&world, &farid, METERED), (0, 0));
    assert_eq!(doubted(&farid), 0);
}

/// His only line costs, and words that are large wait at the relay for a better one.
#[test]
fn on_a_line_that_costs_it_is_brought_too() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    farid.sync().spare_above(512 * 1024, 1024);
    for seed in 0..3 {
        let mut noise = [0; 1_800];
        blake3::Hasher::new().update(&[seed]).finalize_xof().fill(&mut noise);
        check_in(&mentor, &pairing, noise.map(|byte| char::from(b'a' + byte % 26)).iter().collect());
    }
    world.exchange(&[&mentor]);
    amina.mentoring().add_goal(&pairing, "a school for Samira").unwrap();
    give_card(&amina, &farid);
    drop(amina);
    for _ in 0..DAYS {
        world.pass(1, &[&mentor, &farid]);
        looked_at(&world, &farid, METERED);
    }
    let filter = CheckInFilter { space: Some(pairing.value.clone()), ..CheckInFilter::default() };
    let heard = farid.check_ins().list(filter, 10, None).unwrap().items;
    assert!(heard.iter().any(|one| one.words != WordsState::Here), "some wait still");
    world.exchange(&[&mentor]);
    assert_eq!(mentor.goals(&pairing), ["a school for Samira"]);
    assert_eq!(doubted(&farid), 0);
}

/// Nobody who reads it there meanwhile waits for a part of it, or reads all again for one.
#[test]
fn a_chain_is_brought_as_a_whole_and_in_its_order() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    write_each(&amina, &pairing, 12);
    give_card(&amina, &farid);
    drop(amina);
    for _ in 0..4 * DAYS {
        [&mentor, &farid].into_iter().for_each(|phone| phone.pass(DAY_MS / 4));
        looked_at(&world, &farid, Budget::default());
        assert_eq!(looked_at(&world, &mentor, METERED).1, 0);
        assert_eq!(mentor.sync().status().unwrap().waiting, 0);
        assert!([0, 12].contains(&mentor.goals(&pairing).len()));
    }
    assert_eq!(mentor.goals(&pairing).len(), 12);
}

/// The relay was put back and Amina's phone is gone: whoever comes later reads in her check-in what the others do.
#[test]
fn the_words_of_a_lost_phone_are_brought_with_what_names_them() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    let known: i64 = world.envelopes().last().unwrap().0;
    check_in(&amina, &pairing, "I cannot sleep".into());
    world.exchange(&[&amina, &mentor, &farid]);
    drop(amina);
    assert_eq!(world.database().execute("DELETE FROM envelope WHERE position > ?1", [known]).unwrap(), 2);
    let exchange = |phone: &Phone| exchange_put_back(&world, phone);
    for days in [0, DAYS] {
        world.pass(days, &[&mentor, &farid]);
        [&mentor, &farid, &mentor, &farid].into_iter().for_each(exchange);
    }
    let late = Phone::new(4, "Shirin", "prs");
    let_in(&mentor, &late, &pairing.value, exchange);
    exchange(&late);
    let filter = CheckInFilter { space: Some(pairing.value.clone()), ..CheckInFilter::default() };
    let heard = late.check_ins().list(filter, 10, None).unwrap().items;
    assert_eq!(heard.iter().map(|one| one.words).collect::<Vec<_>>(), [WordsState::Here]);
}

/// The line breaks behind the first answer of a relay that was put back, and all that he doubts lies there.
#[test]
fn a_restore_that_was_heard_over_a_bad_line_brings_nothing_that_lies_there() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    write_each(&amina, &pairing, 20);
    (0..2).for_each(|_| world.exchange(&[&amina, &mentor, &farid]));
    farid.rafiq().exchange(URL, Budget::default(), 1, |exchange| put_back(&world, exchange)).unwrap();
    assert!(doubted(&farid) >= 20);
    world.pass(9, &[&mentor, &amina, &farid]);
    let (brought, _) = counted(&farid, METERED, |exchange| put_back(&world, exchange));
    assert!(brought < 10, "what is his own he brings at once: {brought}");
    assert_eq!(doubted(&farid), 0);
}

/// It was ten years ahead when he read the card.
#[test]
fn a_clock_that_is_set_right_gives_the_author_their_days() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing::<3>();
    write_each(&amina, &pairing, 3);
    farid.pass(3_650 * DAY_MS);
    give_card(&amina, &farid);
    drop(amina);
    farid.pass(-3_650 * DAY_MS);
    assert_eq!(looked_at(&world, &farid, METERED), (0, 0));
    assert_eq!(doubted(&farid), 3);
    world.pass(DAYS, &[&mentor, &farid]);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(mentor.goals(&pairing).len(), 3);
}
