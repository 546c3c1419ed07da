//! Packs as large and as hostile as they may come: bounded memory, and nothing in them that nobody signed.

use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::sharing::Reach;
use rafiq::sync::wire::Item;
use rafiq::sync::wire::codec::MAX_PAYLOAD;
use rafiq::sync::{Budget, Exchange};
use rafiq_tests::heap::{Counting, peak_of};
use rafiq_tests::mutants::Rng;
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};

#[global_allocator]
static HEAP: Counting = Counting;

/// The most of the heap that the first sync of a directory may take.
const MEMORY: usize = 64 << 20;
const SERVICES: i64 = 2_000;

fn curated(world: &World) -> (Phone, String) {
    let curator = Phone::new(1, "Olena", "uk");
    curator.sync().set_home_relay(URL).unwrap();
    let space = curator.directory().found("Region", SERVICES).unwrap().space;
    let contents: Vec<serde_json::Value> = (0..SERVICES)
        .map(|n| {
            serde_json::json!({
                "id": format!("00000000-0000-4000-8000-{n:012}"),
                "name": format!("Advice centre {n}"),
                "description": format!("Help with housing, health, school and work, room {n}."),
                "status": "active",
                "organization": { "id": format!("10000000-0000-4000-8000-{:012}", n / 40), "name": format!("Bridge {}", n / 40) },
            })
        })
        .collect();
    let file = curator.path().join("services.json");
    std::fs::write(&file, serde_json::json!({ "contents": contents }).to_string()).unwrap();
    curator.directory().import(&space, &file, &NoProgress).unwrap();
    world.exchange(&[&curator, &curator]);
    (curator, space)
}

#[test]
fn a_directory_from_a_pack_alone_in_bounded_memory() {
    let world = World::default();
    let (curator, space) = curated(&world);
    let id = SpaceId::parse(&space).unwrap();
    assert_eq!(curator.sync().write_pack(&id), Ok(true));
    let (_, writing) = peak_of(|| world.exchange(&[&curator, &curator, &curator]));
    world.pass(200, &[&curator]);
    world.exchange(&[&curator]);
    world.pass(1, &[&curator]);
    let reader = Phone::new(2, "Amina", "ar");
    let invite = curator.sharing().invite(&space, Reach::InPerson).unwrap();
    reader.sharing().accept(&invite.text).unwrap();
    let (mut bytes, mut reading) = (0, 0);
    for _ in 0..40 {
        let exchange: Exchange = reader.sync().next_exchange(URL, Budget::default()).unwrap();
        let answer = world.answer(&exchange.bytes);
        bytes += answer.len();
        let (received, peak) = peak_of(|| reader.rafiq().receive(&answer).unwrap());
        reading = reading.max(peak);
        if !received.again {
            break;
        }
    }
    println!("{} B a service, {writing} B of heap to write, {reading} B to read", bytes as i64 / SERVICES);
    assert_eq!(reader.replica().digest(Some(&id)).unwrap(), curator.replica().digest(Some(&id)).unwrap());
    let status = reader.sync().status().unwrap();
    assert_eq!((status.waiting, status.quarantined), (0, 0));
    assert!(reading < MEMORY && writing < MEMORY, "{reading} to read, {writing} to write");
    spoiled_parts(&world, &curator);
}

/// Parts with something else in them are read in no more memory, and to nothing that was not signed.
fn spoiled_parts(world: &World, curator: &Phone) {
    let parts: Vec<Vec<u8>> = world
        .envelopes()
        .iter()
        .filter_map(|(_, envelope)| curator.sync().open_any(envelope).unwrap())
        .map(|mut opened| opened.swap_remove(0))
        .filter(|item| matches!(Item::decode(item), Ok(Item::Part(_))))
        .collect();
    assert!(parts.len() > 2);
    let mut random = Rng::new(7);
    for round in 0..400 {
        let honest = &parts[round % parts.len()];
        let mut bad = honest.clone();
        let at = random.below(bad.len());
        match random.below(4) {
            0 => bad[at] ^= 1 << random.below(8),
            1 => bad.truncate(at),
            2 => bad.insert(at, random.below(256) as u8),
            _ => drop(bad.splice(at..(at + 40).min(honest.len()), [0xff; 40])),
        }
        let (read, peak) = peak_of(|| Item::decode(&bad));
        assert!(read.is_err() || bad == *honest, "round {round}");
        assert!(peak < 8 * MAX_PAYLOAD, "round {round}: {peak}");
    }
}
