//! What was erased is nowhere, what was kept is found, and a receipt says who has confirmed.

use super::scene::*;
use rafiq::Error;
use rafiq::check_ins::{ContactWish, Feeling, NewCheckIn, Share, WordsState};
use rafiq::sync::wire::{Action, Item, space_tag};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::DAY_MS;

#[test]
fn what_was_erased_is_nowhere_and_what_was_kept_is_found() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    // The search finds what is there, wherever it is.
    for phone in [mentor, newcomer] {
        for words in [KEPT, ERASED] {
            assert_eq!(scene.tells(phone, words), [true; 3], "{words}");
        }
        assert_eq!(scene.seen(phone, &erased).note, ERASED);
    }
    assert_eq!(scene.seen(newcomer, &erased).erasure, None);
    let id = newcomer.check_ins().erase_words(&erased).unwrap();
    assert_eq!(
        scene.seen(newcomer, &erased).erasure.as_ref(),
        Some(&id),
        "the receipt is found again from the check-in"
    );
    assert!(is_log_emptied(newcomer) && log_of_writes(newcomer) == 0);
    assert!(!held(newcomer).iter().any(|bytes| contains(bytes, ERASED)), "gone here at once, before any exchange");
    let receipt = newcomer.sync().erasures(10).unwrap();
    assert_eq!((receipt.len(), &receipt[0].id, receipt[0].space), (1, &id.value, scene.space()));
    assert_eq!(scene.unconfirmed(&receipt[0]), ["Farid", "Olena"]);

    world.exchange(&[newcomer]);
    assert!(!scene.tells(mentor, ERASED)[1], "the relay has dropped it with the same exchange");
    world.exchange(&[mentor]);
    assert!(is_log_emptied(mentor), "what was written since holds pages as they are since");
    for phone in [mentor, newcomer] {
        assert_eq!(scene.tells(phone, ERASED), [false; 3]);
        assert_eq!(scene.tells(phone, KEPT), [true; 3]);
        let (gone, there) = (scene.seen(phone, &erased), scene.seen(phone, &kept));
        assert_eq!((gone.words, gone.note.as_str(), gone.feeling), (WordsState::Erased, "", Feeling::Hard));
        assert_eq!((gone.erasure.as_ref(), &there.erasure), (Some(&id), &None));
        assert_eq!((there.words, there.note.as_str()), (WordsState::Here, KEPT));
    }
    // The mentor's phone says that it did, in an entry, without anybody writing anything; the third has not been seen.
    world.exchange(&[mentor, newcomer]);
    assert_eq!(scene.unconfirmed(&newcomer.sync().erasures(1).unwrap()[0]), ["Farid"]);
    world.exchange(&[other]);
    assert_eq!((scene.seen(other, &erased).words, scene.seen(other, &kept).note.as_str()), (WordsState::Erased, KEPT));
    world.exchange(&[other, newcomer, mentor]);
    for phone in [newcomer, mentor, other] {
        assert!(scene.unconfirmed(&phone.sync().erasures(1).unwrap()[0]).is_empty());
        let status = phone.sync().status().unwrap();
        assert_eq!((status.outbox, status.waiting, status.quarantined), (0, 0, 0));
    }
    // Nobody goes on saying so.
    let before = world.envelopes().len();
    world.exchange(&[mentor, newcomer, other, mentor]);
    assert_eq!(world.envelopes().len(), before);
    assert_eq!(newcomer.check_ins().erase_words(&erased).unwrap(), id, "again is no other erasure");
    assert_eq!(newcomer.sync().erasures(10).unwrap().len(), 1);
}

#[test]
fn an_erasure_that_comes_before_the_words_holds() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    let old = scene.bundle(mentor);
    assert!(scene.readable(mentor, sheets(&old)).iter().any(|bytes| contains(bytes, ERASED)));
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, other]);
    other.read_bundle(&mut &old[..]).unwrap();
    assert_eq!(scene.tells(other, ERASED), [false; 3]);
    assert_eq!((scene.seen(other, &erased).words, scene.seen(other, &kept).note.as_str()), (WordsState::Erased, KEPT));
    // A mentor who hears of it only then takes nothing back.
    world.exchange(&[mentor, other]);
    assert_eq!(scene.tells(mentor, ERASED), [false; 3]);
}

#[test]
fn words_that_have_not_come_are_never_shown_as_none() {
    let (scene, _, _) = scene();
    let Scene { world, newcomer, other, .. } = &scene;
    let late = scene.tell(newcomer, "on its way");
    let silent = scene.tell(newcomer, "");
    world.exchange(&[newcomer]);
    let taken = "UPDATE envelope SET size = 0, bytes = x'' WHERE urgency = 2";
    assert_eq!(world.database().execute(taken, []).unwrap(), 3);
    world.exchange(&[other]);
    let seen = scene.seen(other, &late);
    assert_eq!(
        (seen.words, seen.note.as_str(), seen.words.text_id().as_deref()),
        (WordsState::NotHereYet, "", Some("words-not-here-yet"))
    );
    assert_eq!(scene.seen(other, &silent).words, WordsState::None);
    assert_eq!(other.check_ins().erase_words(&late).err(), Some(Error::invalid("words", "not-here-yet")));
    assert_eq!(other.check_ins().erase_words(&silent).err(), Some(Error::invalid("words", "none")));
    // They come another way.
    other.read_bundle(&mut &scene.bundle(newcomer)[..]).unwrap();
    assert_eq!(scene.seen(other, &late).note, "on its way");
}

/// Nothing rests on an erasure, so of one that a relay keeps back nobody would ever know but for its author's next word.
#[test]
fn an_erasure_that_a_relay_keeps_back_is_missed_by_what_its_author_writes_next() {
    let (scene, _, erased) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    newcomer.check_ins().erase_words(&erased).unwrap();
    let entries = || count(newcomer, "SELECT count(*) FROM entry");
    let before = entries();
    world.exchange(&[newcomer]);
    assert_eq!(entries(), before, "it is no reason by itself to write something");
    let is_erasure = |item: Option<Item>| match item {
        Some(Item::Operation(operation)) => matches!(operation.action, Action::Erase(_)),
        _ => false,
    };
    world.exchange_without(mentor, &space_tag(&scene.space()), is_erasure);
    scene.tell(newcomer, "something else");
    world.exchange(&[newcomer]);
    world.pass(2, &[mentor, newcomer]);
    world.exchange(&[mentor, mentor]);
    assert_eq!(scene.seen(mentor, &erased).words, WordsState::Erased);
    assert_eq!(mentor.sync().status().unwrap().waiting, 0);
    // It is named once, and the receipt is what the other has said.
    assert_eq!(count(newcomer, "SELECT count(*) FROM erasure_seen"), 1);
    world.exchange(&[newcomer]);
    assert_eq!(scene.unconfirmed(&newcomer.sync().erasures(1).unwrap()[0]), ["Farid"]);
}

#[test]
fn a_steward_erases_somebody_elses_and_taking_back_erases_too() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    mentor.check_ins().erase_words(&erased).unwrap();
    newcomer.check_ins().retract(&kept).unwrap();
    world.exchange(&[mentor, newcomer, mentor, newcomer]);
    for phone in [mentor, newcomer] {
        for words in [KEPT, ERASED] {
            assert_eq!(scene.tells(phone, words), [false; 3], "{words}");
        }
    }
    assert_eq!(scene.seen(newcomer, &erased).words, WordsState::Erased);
    // What nobody else has is erased all the same.
    let new = NewCheckIn {
        feeling: Feeling::Good,
        helps: vec![],
        contact: ContactWish::No,
        share: Share::Private,
        note: ERASED.into(),
    };
    let private = newcomer.check_ins().record(new).unwrap().id;
    assert!(held(newcomer).iter().any(|bytes| contains(bytes, ERASED)));
    newcomer.check_ins().erase_words(&private).unwrap();
    assert!(!held(newcomer).iter().any(|bytes| contains(bytes, ERASED)));
    let receipt = &newcomer.sync().erasures(1).unwrap()[0];
    assert!(receipt.devices.len() == 1 && receipt.devices[0].confirmed);
}

#[test]
fn what_was_erased_before_it_left_never_leaves() {
    let (scene, _, _) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    const SECRET: &str = "better not said";
    let id = scene.tell(newcomer, SECRET);
    drop(scene.bundle(newcomer)); // sealed, and in the outbox
    newcomer.check_ins().erase_words(&id).unwrap();
    world.exchange(&[newcomer, mentor]);
    assert_eq!([scene.tells(newcomer, SECRET), scene.tells(mentor, SECRET)], [[false; 3]; 2]);
    assert_eq!(scene.seen(mentor, &id).words, WordsState::Erased);
}

#[test]
fn packs_tell_the_erasure_and_the_words_that_live() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    let later = scene.tell(newcomer, "for a while");
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, mentor, other, newcomer, mentor]);
    assert!(mentor.sync().write_pack(&scene.space()).unwrap());
    world.exchange(&[mentor, newcomer, other]);
    world.pass(91, &[mentor, newcomer, other]);
    world.exchange(&[mentor, newcomer, other]);
    let late = Phone::new(4, "Sami", "ar");
    late.pass(91 * DAY_MS);
    world.join(mentor, &late, &scene.pairing.value);
    world.exchange(&[&late]);
    assert_eq!(
        (scene.seen(&late, &kept).note.as_str(), scene.seen(&late, &later).note.as_str()),
        (KEPT, "for a while")
    );
    assert_eq!(scene.seen(&late, &erased).words, WordsState::Erased);
    assert_eq!(scene.tells(&late, ERASED), [false; 3]);
    assert!(late.sync().erasures(9).unwrap()[0].devices.iter().any(|device| device.is_this));
    // What a pack has told again can be erased too, and the pack stays whole.
    newcomer.check_ins().erase_words(&later).unwrap();
    world.exchange(&[newcomer, mentor, &late]);
    assert_eq!(scene.tells(&late, "for a while"), [false; 3]);
    let last = Phone::new(5, "Yara", "ar");
    last.pass(91 * DAY_MS);
    world.join(mentor, &last, &scene.pairing.value);
    world.exchange(&[&last]);
    assert_eq!((scene.seen(&last, &kept).note.as_str(), scene.seen(&last, &later).words), (KEPT, WordsState::Erased));
}
