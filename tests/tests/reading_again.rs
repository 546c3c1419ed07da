//! What is missing may lie before what was read: all is read again then. That costs prepaid data, and whoever means harm must not decide
//! how often.

use rafiq::Error;
use rafiq::sync::wire::{DeviceKeys, EntryHash, EntryHead, space_tag};
use rafiq::sync::{Budget, Exchange};
use rafiq_protocol::{Cursor, Request, SectionBody};
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::put_last_part;
use rafiq_tests::world::{URL, World};

/// How often a phone, in one exchange, reads its space from the start.
fn reads_again(world: &World, phone: &Phone, place: &str, metered: bool) -> usize {
    let tag = space_tag(&rafiq::ids::SpaceId::parse(place).unwrap());
    let mut times = 0;
    let carry = |exchange: &Exchange| {
        let sections = Request::decode(&exchange.bytes).unwrap().sections.into_iter();
        let ours = sections.filter(|section| section.tag == tag);
        times += ours.filter(|one| SectionBody::decode(&one.body).unwrap().cursor == Cursor::default()).count();
        Ok::<_, Error>(world.answer(&exchange.bytes))
    };
    phone.rafiq().exchange(URL, Budget { metered, ..Budget::default() }, 40, carry).unwrap();
    times
}

/// The end of a chain that is nowhere.
fn nowhere(number: u64) -> EntryHead {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    let device = DeviceKeys::from_seed(hash, 1).device();
    EntryHead { device, incarnation: 1, sequence: 1, hash: EntryHash(hash) }
}

/// A member names each hour something else that is nowhere.
#[test]
fn whoever_names_what_is_nowhere_has_nobody_read_all_again_each_hour() {
    let world = World::default();
    let ([mentor, harmful], pairing) = world.pairing();
    let space = rafiq::ids::SpaceId::parse(&pairing.value).unwrap();
    let mut hours = Vec::new();
    for hour in 0..72 {
        put_last_part(&harmful, &space, 1, vec![nowhere(hour)]);
        world.exchange(&[&harmful]);
        if reads_again(&world, &mentor, &pairing.value, false) > 0 {
            hours.push(hour);
        }
        world.wait(61, &[&mentor, &harmful]);
    }
    // An hour after the first time, then two, four, eight, sixteen, and from then on a day.
    let waits: Vec<u64> = hours.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(hours[0] <= 1, "{hours:?}");
    assert!(waits.len() >= 5 && waits.is_sorted() && waits[..4].iter().sum::<u64>() >= 15, "{hours:?}");
}
