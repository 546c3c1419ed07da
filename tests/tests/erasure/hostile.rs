//! Words that nobody named, or named in somebody else's stead; erasures by whoever may not erase.

use super::scene::*;
use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, WordsState};
use rafiq::ids::SpaceId;
use rafiq::replica::{DocumentKey, Value as Field};
use rafiq::sharing::Reach;
use rafiq::sync::wire::{Item, open, space_tag};
use rafiq_tests::phone::Phone;

#[test]
fn words_that_nobody_has_named_are_not_kept_and_fill_no_phone() {
    let (scene, _, _) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let (key, space) = (keys(other).remove(0), scene.space());
    let kept = count(mentor, "SELECT count(*) FROM blob");
    // A member, or whoever else has the key, speaks in another's name and in their own: no entry of theirs names it.
    for (number, author) in [newcomer.sync().device(), other.sync().device()].into_iter().enumerate() {
        let report = bring(mentor, &[sealed_words(&key, &space, author.0, number as u32, "never said")]);
        assert_eq!((report.taken, report.aside), (0, 1));
    }
    assert_eq!(reasons(mentor), ["unnamed", "unnamed"]);
    let junk = "x".repeat(40 * 1024);
    for number in 10..200 {
        bring(mentor, &[sealed_words(&key, &space, newcomer.sync().device().0, number, &junk)]);
    }
    assert_eq!(count(mentor, "SELECT count(*) FROM blob"), kept);
    let bytes = count(mentor, "SELECT sum(length(item)) FROM held_item");
    assert!((1 << 20..5 << 20).contains(&bytes), "{bytes} bytes are held");
    assert!(reasons(mentor).contains(&"no-room".to_owned()));
    assert!(count(mentor, "SELECT count(*) FROM blob_envelope") < 200, "no row for what was turned away");
    // None of it is told again, and honest words come as ever.
    assert!(!scene.tells(mentor, "never said")[2]);
    let honest = scene.tell(newcomer, "really said");
    world.exchange(&[newcomer, mentor]);
    assert_eq!(scene.seen(mentor, &honest).note, "really said");
}

#[test]
fn words_that_come_before_what_names_them_wait_and_can_be_erased_meanwhile() {
    let (scene, _, _) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let (early, gone) = (scene.tell(newcomer, "said early"), scene.tell(newcomer, "said and taken back"));
    let known = world.envelopes().len();
    world.exchange(&[newcomer]);
    let is_words = |envelope: &&Vec<u8>| {
        let item = open(&keys(newcomer), &space_tag(&scene.space()), envelope).unwrap();
        matches!(Item::decode(&item), Ok(Item::Blob(_)))
    };
    let envelopes: Vec<Vec<u8>> = world.envelopes().into_iter().skip(known).map(|(_, envelope)| envelope).collect();
    let words: Vec<Vec<u8>> = envelopes.iter().filter(is_words).cloned().collect();
    assert_eq!((words.len(), bring(mentor, &words).aside), (2, 2));
    assert_eq!(reasons(mentor), ["unnamed", "unnamed"]);
    newcomer.check_ins().erase_words(&gone).unwrap();
    world.exchange(&[newcomer]);
    // The relay has none of them any more: what waited is all that there is.
    world.database().execute("UPDATE envelope SET size = 0, bytes = x'' WHERE urgency = 2", []).unwrap();
    world.exchange(&[mentor]);
    assert_eq!(scene.seen(mentor, &early).note, "said early");
    assert_eq!(scene.seen(mentor, &gone).words, WordsState::Erased);
    assert_eq!(scene.tells(mentor, "said and taken back"), [false; 3]);
    assert_eq!(reasons(mentor), [""; 0]);
    // Should the app end between the record and the look at what waited for it, the next start looks.
    drop(bring(other, &words));
    let entries: Vec<Vec<u8>> = envelopes.iter().filter(|envelope| !is_words(envelope)).cloned().collect();
    bring(other, &entries);
    assert_eq!(scene.seen(other, &early).note, "said early");
}

#[test]
fn nobody_reads_words_in_a_directory() {
    let curator = Phone::new(7, "Olena", "uk");
    let space = curator.directory().found("Region", 10).unwrap().space;
    curator.sharing().invite(&space, Reach::InPerson).unwrap();
    let key = keys(&curator).remove(0);
    let space = SpaceId::parse(&space).unwrap();
    let report = bring(&curator, &[sealed_words(&key, &space, curator.sync().device().0, 1, "a reader's words")]);
    assert_eq!((report.taken, reasons(&curator)), (0, vec!["out-of-place".to_owned()]));
}

#[test]
fn nobody_steers_what_is_erased_or_speaks_under_another_name() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let theirs = scene.tell(other, "Farid's own");
    world.exchange(&[other, newcomer, mentor]);
    let (document, person) = (scene.document(), newcomer.people().me().unwrap().unwrap().id.value);
    // Farid's phone writes another check-in of Amina's under the same id, beside it, and names his words and others of hers.
    for (bucket, words) in [("2020-q1", &theirs), ("2020-q2", &theirs), ("2020-q3", &kept), ("2020-q4", &kept)] {
        let forged = DocumentKey::new(document.space, 20, bucket);
        let fields: Vec<(&str, Field)> = vec![
            ("person", person.clone().into()),
            ("feeling", 1.into()),
            ("helps", "".into()),
            ("contact", "no".into()),
            ("at", 1.into()),
            ("words", Field::Bytes(scene.named(words))),
        ];
        other.replica().write(|w| w.create(&forged, &format!("check-in/{}", erased.value), &fields)).unwrap();
    }
    // And in another check-in of hers he puts his own in the place of hers.
    let spoiled = scene.tell(newcomer, "what she had said");
    world.exchange(&[newcomer, other]);
    let his = Field::Bytes(scene.named(&theirs));
    let key = format!("check-in/{}", spoiled.value);
    other.replica().write(|w| w.set_field(&document, &key, "words", his.clone())).unwrap();
    world.exchange(&[other, newcomer, mentor]);
    for phone in [newcomer, mentor] {
        let all = phone.check_ins().list(CheckInFilter::default(), 100, None).unwrap().items;
        assert_eq!(all.iter().filter(|one| one.note == "Farid's own").count(), 1, "under his name alone");
        assert_eq!(all.iter().filter(|one| one.note == KEPT).count(), 1);
        let seen = scene.seen(phone, &spoiled);
        assert_eq!((seen.words, seen.note.as_str()), (WordsState::NotHereYet, ""));
        assert_eq!(phone.check_ins().erase_words(&spoiled).err(), Some(Error::invalid("words", "not-here-yet")));
    }
    // What she erases is what she wrote.
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, mentor, other]);
    for phone in [newcomer, mentor, other] {
        assert_eq!(scene.tells(phone, ERASED), [false; 3]);
        assert!(scene.tells(phone, KEPT)[0]);
        assert_eq!(scene.seen(phone, &theirs).note, "Farid's own");
    }
}

#[test]
fn a_steward_who_was_taken_out_erases_nothing_more_however_they_date_it() {
    let (scene, _, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let person = other.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&scene.pairing.value, &person).unwrap();
    world.exchange(&[mentor, newcomer, mentor]);
    // His phone has not heard of it, or does not want to: it signs by what was known before.
    other.check_ins().erase_words(&erased).unwrap();
    let card = scene.bundle(other);
    for phone in [mentor, newcomer] {
        phone.read_bundle(&mut &card[..]).unwrap();
        assert_eq!(scene.seen(phone, &erased).note, ERASED);
    }
    world.exchange(&[mentor, newcomer, mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(scene.seen(phone, &erased).note, ERASED);
        assert!(phone.sync().erasures(9).unwrap().is_empty());
        assert_eq!(phone.sync().status().unwrap().outbox, 0, "nobody confirms it");
    }
    // Whoever wrote them still may.
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, mentor]);
    assert_eq!(scene.tells(mentor, ERASED), [false; 3]);
}

#[test]
fn what_a_steward_erased_in_time_is_erased_for_all_once_another_says_so() {
    let (scene, _, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    other.check_ins().erase_words(&erased).unwrap();
    let card = scene.bundle(other);
    newcomer.read_bundle(&mut &card[..]).unwrap();
    assert_eq!(scene.seen(newcomer, &erased).words, WordsState::Erased);
    // Meanwhile, far away, somebody takes him out, and hears of the erasure only then.
    let person = other.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&scene.pairing.value, &person).unwrap();
    mentor.read_bundle(&mut &card[..]).unwrap();
    assert_eq!(scene.seen(mentor, &erased).note, ERASED);
    world.exchange(&[mentor, newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(scene.seen(phone, &erased).words, WordsState::Erased);
        assert_eq!(scene.tells(phone, ERASED), [false; 3]);
    }
}
