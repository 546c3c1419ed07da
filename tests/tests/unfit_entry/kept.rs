//! How it came is kept once, where it is of use, and with nothing that is refused.

use super::scene::*;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::Item;
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::secrets;
use rafiq_tests::world::World;
use rusqlite::{Connection, params};

#[test]
fn it_is_kept_as_it_came_though_its_key_came_later() {
    let world = World::default();
    let ([mentor, mallory, farid, olena], pairing) = world.pairing::<4>();
    for phone in [&mallory, &farid, &olena, &mentor] {
        phone.mentoring().add_goal(&pairing, "first").unwrap();
        world.exchange(&[phone]);
    }
    world.exchange(&[&mentor, &mallory, &farid, &olena]);
    let person = olena.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&pairing.value, &person).unwrap();
    world.exchange(&[&mentor, &mallory]);
    let card = card([unfit(&mallory, &pairing, Place::Next)]);
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 1);
    assert_eq!(kept_as_packed(&farid), 0);
    exchange(&world, &farid);
    assert_eq!((entries_of(&farid, &mallory), kept_as_packed(&farid)), (entries_of(&mentor, &mallory) + 1, 1));
}

#[test]
fn refused_it_is_not_kept() {
    let world = World::default();
    let ([_mentor, mallory, farid], pairing) = three(&world);
    let before = entries_of(&farid, &mallory);
    let card = card([unfit(&mallory, &pairing, Place::Nowhere)]);
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 1);
    assert_eq!((entries_of(&farid, &mallory), kept_as_packed(&farid)), (before, 0));
    assert_eq!(farid.sync().status().unwrap().quarantined, 1);
}

#[test]
fn again_and_again_it_is_kept_once() {
    let world = World::default();
    let ([_mentor, mallory, farid], pairing) = three(&world);
    let card = card([unfit(&mallory, &pairing, Place::Next)]);
    for _ in 0..3 {
        farid.rafiq().read_bundle(&mut &card[..]).unwrap();
    }
    assert_eq!(kept_as_packed(&farid), 1);
}

#[test]
fn of_another_space_it_is_not_kept() {
    let world = World::default();
    let ([_mentor, mallory, farid], pairing) = three(&world);
    let (space, (_, epochs)) = (space_of(&pairing), secrets(&mallory, &space_of(&pairing)));
    let other = entry(&mallory, &space, Place::Next, &SpaceId([7; 32]), 0);
    let card = card([sealed(epochs.last().unwrap(), &space, &Item::Entry(other).encode())]);
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 1);
    assert_eq!(kept_as_packed(&farid), 0);
}

#[test]
fn of_sides_of_a_fork_no_more_are_kept_than_are_noted() {
    let world = World::default();
    let ([_mentor, mallory, farid], pairing) = three(&world);
    let (space, (_, epochs)) = (space_of(&pairing), secrets(&mallory, &space_of(&pairing)));
    as_many_as_are_noted(&farid, &space, &mallory);
    for first in [0, 100] {
        let side = entry(&mallory, &space, Place::Last, &space, first);
        let envelope = sealed(epochs.last().unwrap(), &space, &Item::Entry(side).encode());
        farid.rafiq().read_bundle(&mut &card([envelope])[..]).unwrap();
    }
    assert_eq!(kept_as_packed(&farid), large_aside(&farid));
}

/// Sides of somebody's forks, so many that no more are noted.
fn as_many_as_are_noted(phone: &Phone, space: &SpaceId, of: &Phone) {
    let author = of.sync().device();
    let fill = |rows: &Connection| {
        let sql = "INSERT INTO held_item (id, space, state, step, reason, item, arrived, tries, author) VALUES (?1, ?2, 2, 2, 'fork', x'00', 0, 1, ?3)";
        for number in 0..1_000_u32 {
            rows.execute(sql, params![[&number.to_be_bytes()[..], &[7; 28]].concat(), &space.0[..], &author.0[..]])?;
        }
        Ok(())
    };
    phone.replica().store().write(fill).unwrap();
}

#[test]
fn waiting_it_stays_as_it_came_though_no_more_may_wait_when_it_comes_again() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    let (space, device) = (space_of(&pairing), mallory.sync().device());
    let card = card([unfit(&mallory, &pairing, Place::Next)]);
    let person = mallory.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&pairing.value, &person).unwrap();
    world.exchange(&[&mentor, &farid]);
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 1);
    assert_eq!((large_aside(&farid), kept_as_packed(&farid)), (1, 1));
    let more = |rows: &Connection| {
        let sql = "INSERT INTO held_item (id, space, state, step, reason, needs, item, arrived, tries)
                   VALUES (?1, ?2, 1, 2, 'removed', ?3, x'01', 0, 1)";
        for number in 0..63_u8 {
            rows.execute(sql, params![&[number; 32][..], &space.0[..], &device.0[..]])?;
        }
        Ok(())
    };
    farid.replica().store().write(more).unwrap();
    farid.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!((large_aside(&farid), kept_as_packed(&farid)), (1, 1));
}
