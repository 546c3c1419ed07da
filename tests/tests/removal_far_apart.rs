//! A removal meets people who are apart: whoever is out hears of it whatever they had missed, has nothing unsent for ever, and what they
//! had given somebody by hand is lost to nobody.

use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::PairingId;
use rafiq::people::PersonRef;
use rafiq::sync::bundle::scan::{Found, scan};
use rafiq::sync::wire::{Action, EntryHash, EntryHead, Item, Membership, Operation, Remove, seal, space_tag};
use rafiq::sync::{Budget, BundleContents, BundleReport, Exchange};
use rafiq_protocol::{Cursor, EnvelopeHeader, Request, SectionBody, Urgency};
use rafiq_tests::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{operations, secrets};
use rafiq_tests::world::{URL, World};
use std::cell::Cell;
use std::collections::BTreeMap;

const HOUR_MS: i64 = 3_600_000;

fn person(phone: &Phone) -> PersonRef {
    phone.people().me().unwrap().unwrap().id
}

fn card(phone: &Phone) -> Vec<u8> {
    let mut bytes = Vec::new();
    phone.sync().stream_bundle(&mut bytes, &BundleContents::default()).unwrap();
    bytes
}

fn read(phone: &Phone, mut card: &[u8]) -> BundleReport {
    phone.rafiq().read_bundle(&mut card).unwrap()
}

fn tag(pairing: &PairingId) -> [u8; 16] {
    space_tag(&SpaceId::parse(&pairing.value).unwrap())
}

fn is_out(phone: &Phone, pairing: &PairingId) -> bool {
    matches!(phone.mentoring().add_goal(pairing, "one more"), Err(Error::NotAllowed { .. }))
}

#[test]
fn whoever_is_taken_out_is_told_though_they_missed_what_that_rests_on() {
    let world = World::default();
    let ([mentor, amina, farid, _], pairing) = world.pairing::<4>();
    // Somebody comes and somebody goes while Farid has no line.
    let late = Phone::new(5, "Yusuf", "ar");
    world.join(&mentor, &late, &pairing.value);
    amina.sharing().leave(&pairing.value).unwrap();
    world.exchange(&[&amina, &mentor]);
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor]);
    farid.mentoring().add_goal(&pairing, "not yet").unwrap();
    world.exchange(&[&farid]);
    assert!(is_out(&farid, &pairing));
}

#[test]
fn nothing_of_somebody_who_is_out_is_unsent_for_ever() {
    let world = World::default();
    let ([mentor, _, farid, _], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "sealed").unwrap();
    farid.sync().next_exchange(URL, Budget::default()).unwrap(); // nobody carries it
    farid.mentoring().add_goal(&pairing, "not sealed").unwrap();
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor]);
    assert!(farid.sync().status().unwrap().outbox > 0);
    // Nothing of theirs is offered each time and for ever: after some days it is given up.
    for _ in 0..8 {
        world.exchange(&[&farid]);
        world.pass(1, &[&mentor, &farid]);
    }
    assert!(is_out(&farid, &pairing));
    farid.has_nothing_left();
    // It is still theirs to read.
    assert_eq!(farid.goals(&pairing), ["not sealed", "sealed"]);
}

#[test]
fn a_removal_counts_everywhere_though_its_author_was_out_before_it_left() {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing::<4>();
    amina.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    mentor.sharing().remove(&pairing.value, &person(&amina)).unwrap();
    world.exchange(&[&mentor, &amina]);
    assert!(is_out(&amina, &pairing));
    // Farid hears of it, and so do the others from Farid.
    world.exchange(&[&farid, &farid, &mentor, &shirin]);
    assert!(is_out(&farid, &pairing));
    for phone in [&mentor, &shirin] {
        assert_eq!(phone.sharing().remove(&pairing.value, &person(&farid)), Err(Error::NotFound));
    }
    mentor.mentoring().add_goal(&pairing, "two of us").unwrap();
    world.exchange(&[&mentor, &shirin, &mentor]);
    assert_eq!(shirin.goals(&pairing), ["two of us"]);
    [&mentor, &shirin].into_iter().for_each(Phone::has_nothing_left);
}

#[test]
fn what_somebody_gave_by_hand_before_they_were_out_reaches_everybody() {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "by hand").unwrap();
    read(&amina, &card(&farid));
    amina.mentoring().add_goal(&pairing, "on top of it").unwrap();
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor, &farid, &amina, &amina, &mentor, &shirin, &amina]);
    assert!(is_out(&farid, &pairing));
    for phone in [&mentor, &amina, &shirin] {
        assert_eq!(phone.goals(&pairing), ["by hand", "on top of it"]);
        phone.has_nothing_left();
    }
}

#[test]
fn held_work_that_came_by_hand_is_seen_and_kept_by_any_steward() {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing::<4>();
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor, &amina, &shirin]);
    farid.mentoring().add_goal(&pairing, "did not know").unwrap();
    read(&amina, &card(&farid));
    assert_eq!(amina.goals(&pairing), [""; 0]);
    world.exchange(&[&amina, &mentor]);
    mentor.sharing().keep(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor, &amina, &shirin]);
    for phone in [&mentor, &amina, &shirin] {
        assert_eq!(phone.goals(&pairing), ["did not know"]);
        phone.has_nothing_left();
    }
}

#[test]
fn what_waited_for_a_key_first_has_a_say_like_any_other() {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "did not know").unwrap();
    world.exchange(&[&farid]);
    world.exchange(&[&amina]);
    amina.mentoring().add_goal(&pairing, "on top of it").unwrap();
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    let mentors = card(&mentor);
    assert!(read(&amina, &mentors).taken > 0);
    assert_eq!(read(&amina, &mentors).taken, 0); // the key was new once
    // By Amina's card everything is sealed under the next key, but for what brings that key.
    let whole = card(&amina);
    let mut under: BTreeMap<[u8; 8], Vec<Vec<u8>>> = BTreeMap::new();
    let mut order = Vec::new();
    let tag = tag(&pairing);
    let each = &mut |found: Found<'_>| {
        if let Found::Envelope(_, envelope) = found {
            let header = EnvelopeHeader::parse(envelope).unwrap();
            if header.tag == tag {
                under.entry(header.key_id).or_default().push(envelope.to_vec());
                order.push(header.key_id);
            }
        }
        Ok(())
    };
    assert!(scan(&mut &whole[..], each).unwrap());
    let next = order.last().unwrap();
    for envelope in &under[next] {
        shirin.pass(1_000);
        read(&shirin, &card::card([envelope]));
    }
    assert!(shirin.sync().status().unwrap().waiting > 1);
    read(&shirin, &whole);
    assert_eq!(shirin.goals(&pairing), ["did not know", "on top of it"]);
    world.exchange(&[&mentor, &amina, &shirin, &mentor, &amina, &shirin]);
    for phone in [&mentor, &amina, &shirin] {
        assert_eq!(phone.goals(&pairing), ["did not know", "on top of it"]);
        phone.has_nothing_left();
    }
}

#[test]
fn a_card_from_a_space_that_one_is_out_of_is_for_others() {
    let world = World::default();
    let ([mentor, amina, farid, _], pairing) = world.pairing::<4>();
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor, &amina]);
    amina.mentoring().add_goal(&pairing, "without Farid").unwrap();
    let card = card(&amina);
    // They do not know of it yet, and wait for the key.
    assert!(read(&farid, &card).aside > 0);
    for _ in 0..8 {
        world.exchange(&[&farid]); // the relay has no ear for what they would tell the others
        world.pass(1, &[&mentor, &amina, &farid]);
    }
    assert!(is_out(&farid, &pairing));
    farid.has_nothing_left();
    farid.sync().carry(1 << 20).unwrap();
    let report = read(&farid, &card);
    assert_eq!((report.taken, report.aside), (0, 0));
    assert!(report.carried > 0);
    assert_eq!(farid.goals(&pairing), [""; 0]);
}

#[test]
fn what_was_written_before_leaving_goes_to_the_others() {
    let world = World::default();
    let ([mentor, _, farid, _], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "before I go").unwrap();
    farid.sharing().leave(&pairing.value).unwrap();
    world.exchange(&[&farid, &mentor]);
    assert_eq!(mentor.goals(&pairing), ["before I go"]);
    farid.has_nothing_left();
}

#[test]
fn whoever_was_let_in_by_somebody_who_was_being_taken_out_is_told() {
    let world = World::default();
    let ([mentor, amina, farid, _], pairing) = world.pairing::<4>();
    let late = Phone::new(5, "Yusuf", "ar");
    mentor.sharing().remove(&pairing.value, &person(&amina)).unwrap(); // and has no line
    world.join(&amina, &late, &pairing.value);
    world.exchange(&[&late, &farid]);
    assert!(!is_out(&late, &pairing));
    world.exchange(&[&mentor, &mentor, &farid, &farid]);
    for _ in 0..8 {
        world.exchange(&[&late]);
        world.pass(1, &[&mentor, &farid, &late]);
    }
    assert!(is_out(&late, &pairing));
    late.has_nothing_left();
}

#[test]
fn whoever_has_left_may_be_let_in_again_but_by_no_earlier_welcome() {
    let world = World::default();
    let ([mentor, amina, farid, _], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "before I go").unwrap();
    farid.sharing().leave(&pairing.value).unwrap();
    world.exchange(&[&farid, &mentor, &amina]);
    amina.mentoring().add_goal(&pairing, "meanwhile").unwrap();
    world.exchange(&[&amina, &mentor]);
    assert!(is_out(&farid, &pairing));

    world.join(&mentor, &farid, &pairing.value);
    world.exchange(&[&amina, &farid]);
    assert_eq!(farid.goals(&pairing), ["before I go", "meanwhile"]);
    farid.mentoring().add_goal(&pairing, "back again").unwrap();
    world.exchange(&[&farid, &mentor, &amina]);
    for phone in [&mentor, &amina, &farid] {
        assert_eq!(phone.goals(&pairing), ["back again", "before I go", "meanwhile"]);
        phone.has_nothing_left();
    }
    // Taken out this time; the relay brings the welcomes of both times again.
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor, &farid]);
    farid.replica().store().write(|rows| Ok(rows.execute_batch("DELETE FROM relay_cursor")?)).unwrap();
    for _ in 0..3 {
        world.exchange(&[&farid]);
    }
    assert!(is_out(&farid, &pairing));
}

#[test]
fn what_the_relay_takes_no_more_from_whoever_left_goes_to_the_others_by_their_inboxes() {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "before I go").unwrap();
    farid.sharing().leave(&pairing.value).unwrap();
    // Its line breaks off between the two, and the relay is told to let Farid in no more.
    let outbox = |sql: &str| farid.replica().store().write(|rows| Ok(rows.execute_batch(sql)?)).unwrap();
    outbox(
        "CREATE TEMP TABLE late AS SELECT * FROM outbox WHERE entry IS NOT NULL; DELETE FROM outbox WHERE entry IS NOT NULL",
    );
    world.exchange(&[&farid, &mentor, &mentor]);
    outbox("INSERT INTO outbox SELECT * FROM late");
    assert_eq!(mentor.goals(&pairing), [""; 0]);
    world.exchange(&[&farid, &mentor, &amina, &shirin]);
    for phone in [&mentor, &amina, &shirin] {
        assert_eq!(phone.goals(&pairing), ["before I go"]);
    }
    for _ in 0..8 {
        world.exchange(&[&farid, &mentor, &amina, &shirin]);
        world.pass(1, &[&farid, &mentor, &amina, &shirin]);
    }
    [&mentor, &amina, &farid, &shirin].into_iter().for_each(Phone::has_nothing_left);
}

#[test]
fn the_last_words_of_whoever_left_are_asked_for_again_where_a_relay_kept_them_back() {
    let world = World::default();
    let ([mentor, amina, farid, _], pairing) = world.pairing::<4>();
    farid.mentoring().add_goal(&pairing, "before I go").unwrap();
    farid.sharing().leave(&pairing.value).unwrap();
    world.exchange(&[&farid, &mentor]);
    world.exchange_without(&amina, &tag(&pairing), |item| matches!(item, Some(Item::Entry(_))));
    assert_eq!(amina.goals(&pairing), [""; 0]);
    amina.pass(2 * HOUR_MS);
    world.exchange(&[&amina]);
    assert_eq!(amina.goals(&pairing), ["before I go"]);
}

#[test]
fn a_removal_that_a_relay_kept_back_shows_by_the_next_key() {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing::<4>();
    mentor.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    world.exchange(&[&mentor]);
    world.exchange_without(&amina, &tag(&pairing), |item| matches!(item, Some(Item::Operation(_))));
    let space = SpaceId::parse(&pairing.value).unwrap();
    let known = |phone: &Phone| operations(phone, &space).len();
    assert_eq!(known(&amina), known(&mentor) - 1);
    amina.pass(2 * HOUR_MS);
    world.exchange(&[&amina, &shirin]);
    assert_eq!((known(&amina), known(&shirin)), (known(&mentor), known(&mentor)));
}

/// Whoever made a key before they knew of somebody who had been let in meanwhile reaches that one by an earlier key.
#[test]
fn the_next_key_comes_to_whoever_was_let_in_far_from_where_the_last_was_made() {
    let world = World::default();
    let ([mentor, amina, farid], pairing) = world.pairing();
    amina.sharing().remove(&pairing.value, &person(&farid)).unwrap();
    amina.mentoring().add_goal(&pairing, "the three of us no more").unwrap();
    // The key is made, and the line breaks before the relay has it.
    amina.sync().next_exchange(URL, Budget::default()).unwrap();
    let late = Phone::new(5, "Yusuf", "ar");
    world.join(&mentor, &late, &pairing.value);
    mentor.sharing().leave(&pairing.value).unwrap();
    world.exchange(&[&mentor, &amina, &amina]);
    amina.mentoring().add_goal(&pairing, "the two of us").unwrap();
    world.exchange(&[&amina, &late, &late, &amina, &late]);
    assert_eq!(late.goals(&pairing), ["the three of us no more", "the two of us"]);
    amina.has_nothing_left();
    late.has_nothing_left();
}

#[test]
fn what_never_comes_is_asked_for_ever_more_seldom() {
    let world = World::default();
    let ([mentor, _, farid, _], pairing) = world.pairing::<4>();
    // Farid leaves, by their own account behind a thousand entries that nobody has ever seen.
    let space = SpaceId::parse(&pairing.value).unwrap();
    let ((keys, epochs), device) = (secrets(&farid, &space), farid.sync().device());
    let end = EntryHead { device, incarnation: 1, sequence: 1_000, hash: EntryHash([7; 32]) };
    let remove = Action::Remove(Remove { devices: vec![device], cut: vec![end] });
    let heads = Membership::replay(space, operations(&farid, &space)).heads();
    let item = Item::Operation(Operation::sign(&keys, space, heads, remove).unwrap()).encode();
    let envelope = seal(&epochs[0], &tag(&pairing), Urgency::Small, &item).unwrap();
    assert_eq!(read(&mentor, &card::card([envelope])).taken, 1);
    let from_the_start = Cell::new(0);
    let carry = |exchange: &Exchange| {
        let sections = Request::decode(&exchange.bytes).unwrap().sections;
        let asked = sections.iter().filter(|section| section.tag == tag(&pairing));
        let starts = asked.filter(|section| SectionBody::decode(&section.body).unwrap().cursor == Cursor::START);
        from_the_start.set(from_the_start.get() + starts.count());
        Ok::<_, Error>(world.answer(&exchange.bytes))
    };
    for _ in 0..60 {
        mentor.pass(24 * HOUR_MS);
        mentor.rafiq().exchange(URL, Budget::default(), 40, carry).unwrap();
    }
    assert!((4..=8).contains(&from_the_start.get()), "{from_the_start:?}");
}
