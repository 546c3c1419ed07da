//! Very many erasures, and a log that cannot be emptied.

use super::scene::*;
use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share, WordsState};
use rafiq::sync::wire::operation::{Erase, ErasedBlob};
use rafiq::sync::wire::{Action, DeviceKeys, Item, Membership, Operation, seal, space_tag};
use rafiq_protocol::Urgency;
use rafiq_tests::faults::{Disk, Left};
use rafiq_tests::phone::Phone;

/// Erasures of blobs that never were, signed by a phone's keys by what it knows, an envelope each.
fn many_erasures(scene: &Scene, phone: &Phone, count: u32) -> Vec<Vec<u8>> {
    let space = scene.space();
    let read = phone.replica().read(|rows| {
        let seed = rafiq::store::meta(rows, "seed")?.and_then(|seed| seed.try_into().ok()).unwrap();
        let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1")?;
        let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
        let known: Vec<Operation> = found.map(|bytes| Operation::decode(&bytes.unwrap()).unwrap()).collect();
        Ok((DeviceKeys::from_seed(seed, 1), Membership::replay(space, known)))
    });
    let (device, membership) = read.unwrap();
    let key = keys(phone).remove(0);
    let sealed = |number: u32| {
        let digest = *blake3::hash(&number.to_be_bytes()).as_bytes();
        let erase = Action::Erase(Erase { blobs: vec![ErasedBlob { author: device.device(), digest }] });
        let operation = Operation::sign(&device, space, membership.heads(), erase).unwrap();
        seal(&key, &space_tag(&space), Urgency::Small, &Item::Operation(operation).encode()).unwrap()
    };
    (0..count).map(sealed).collect()
}

#[test]
fn a_thousand_erasures_are_judged_once_each_and_named_a_few_at_a_time_beside_full_entries() {
    let (scene, kept, _) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    let envelopes = many_erasures(&scene, newcomer, 1_000);
    let before = mentor.sync().memberships_replayed();
    let mut times = Vec::new();
    for hundred in envelopes.chunks(100) {
        let began = std::time::Instant::now();
        assert_eq!(bring(mentor, hundred).taken, 100);
        times.push(began.elapsed());
    }
    println!("a hundred erasures, ten times: {times:.0?}");
    assert_eq!(mentor.sync().memberships_replayed() - before, 0, "nothing is judged again");
    assert_eq!(count(mentor, "SELECT count(*) FROM erasure WHERE waits = 0"), 1_000);
    bring(newcomer, &envelopes);
    // The next entries are as full as entries may be, and name them all, a few each.
    for number in 0..300_u32 {
        // Text that does not pack: so many of them are more than one entry holds.
        let text: String =
            (0..7).map(|part| blake3::hash(&[number.to_be_bytes(), [part; 4]].concat()).to_hex().to_string()).collect();
        mentor.mentoring().add_goal(&scene.pairing, &text).unwrap();
    }
    for _ in 0..4 {
        world.exchange(&[mentor, newcomer]);
    }
    let named =
        "SELECT count(*) FROM erasure_seen s JOIN erasure e ON e.operation = s.operation WHERE s.device <> e.author";
    assert_eq!((count(mentor, named), count(newcomer, named)), (1_000, 1_000));
    let status = mentor.sync().status().unwrap();
    assert_eq!((status.outbox, status.unsent_changes), (0, 0));
    assert_eq!(
        (scene.seen(newcomer, &kept).note.as_str(), newcomer.mentoring().goals(&scene.pairing).unwrap().len()),
        (KEPT, 300)
    );
}

#[test]
fn an_erasure_that_is_kept_never_fails_for_the_log_that_cannot_be_emptied() {
    let mut phone = Phone::new(8, "Amina", "ar");
    let share = Share::Private;
    let new =
        NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note: ERASED.into() };
    let id = phone.check_ins().record(new).unwrap().id;
    let copy = phone.copied();
    let disk = Disk::new(phone.path(), 1);
    let mut kept = 0;
    for writes in 0.. {
        phone.stop();
        disk.cut(Left::Nothing);
        disk.power_on();
        phone.put_back(&copy);
        disk.full_after(writes);
        let erased = phone.check_ins().erase_words(&id);
        let full = disk.was_full();
        disk.make_room();
        let words = phone.check_ins().list(CheckInFilter::default(), 1, None).unwrap().items.remove(0).words;
        match erased {
            Ok(_) => assert_eq!(words, WordsState::Erased),
            Err(error) => assert_eq!((error, words), (Error::StorageFull, WordsState::Here)),
        }
        // The log is emptied with the next write then.
        kept += u32::from(words == WordsState::Erased && full && !is_log_emptied(&phone));
        phone
            .people()
            .set_me(rafiq::people::NewMe { name: "Amina".into(), language: "ar".into(), calendar: None })
            .unwrap();
        if words == WordsState::Erased {
            assert!(is_log_emptied(&phone), "after {writes} writes");
        }
        if !full {
            break;
        }
    }
    assert!(kept > 0, "the room ended behind the commit");
}
