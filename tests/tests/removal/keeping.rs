//! Work that is held because its author was taken out: a steward sees whose it is, and may keep it for all.

use super::scene::*;
use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::Item;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::operations;

#[test]
fn a_steward_sees_whose_work_is_held_and_keeps_it_for_all() {
    let circle = held_of_other();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let theirs = circle.person(other);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), [""; 0]);
        let held = phone.sharing().held_work(&pairing.value).unwrap();
        assert_eq!(held.iter().map(|work| (&work.person, work.entries)).collect::<Vec<_>>(), [(&theirs, 2)]);
    }
    mentor.sharing().keep(&pairing.value, &theirs).unwrap();
    assert_eq!(circle.goals(mentor), ["first", "second"], "here at once");
    circle.exchange(&[mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["first", "second"]);
        assert_eq!(phone.sharing().held_work(&pairing.value).unwrap(), []);
        assert_eq!(phone.sync().status().unwrap().waiting, 0);
    }
    assert_alike(mentor, newcomer);
    // Nobody has been let in by it, and those who come late read it too.
    assert_eq!(mentor.sharing().keep(&pairing.value, &theirs), Err(Error::NotFound));
    circle.exchange(&[other]);
    assert!(other.mentoring().add_goal(pairing, "still here").is_err());
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, &circle.url, pairing);
    circle.exchange(&[&late, mentor, &late]);
    assert_eq!(circle.goals(&late), ["first", "second"]);
}

#[test]
fn only_a_steward_keeps_and_only_what_is_held() {
    let circle = held_of_other();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let (theirs, mine) = (circle.person(other), circle.person(newcomer));
    let nowhere = SpaceId([7; 32]).to_string();
    assert_eq!(mentor.sharing().keep(&pairing.value, &mine), Err(Error::NotFound));
    assert_eq!(mentor.sharing().keep(&nowhere, &theirs), Err(Error::NotFound));
    assert_eq!(mentor.sharing().held_work(&nowhere), Err(Error::NotFound));
    // Whoever is out has no say.
    circle.exchange(&[other, other]);
    assert_eq!(other.sharing().held_work(&pairing.value).unwrap(), []);
    assert!(matches!(other.sharing().keep(&pairing.value, &theirs), Err(Error::NotAllowed { .. })));
    // Both keeping, apart, is keeping once.
    for phone in [mentor, newcomer] {
        phone.sharing().keep(&pairing.value, &theirs).unwrap();
    }
    circle.exchange(&[mentor, newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["first", "second"]);
    }
    assert_alike(mentor, newcomer);
}

#[test]
fn what_was_kept_is_taken_even_if_the_app_ended_right_behind_it() {
    let mut circle = held_of_other();
    let theirs = circle.person(&circle.other);
    circle.newcomer.sharing().keep(&circle.pairing.value, &theirs).unwrap();
    let space = SpaceId::parse(&circle.pairing.value).unwrap();
    let keep = operations(&circle.newcomer, &space).pop().unwrap();
    // As the store is between the word and what follows from it.
    circle
        .mentor
        .replica()
        .store()
        .write(|rows| {
            let (hash, bytes) = (keep.hash().0, keep.encode());
            let row = rusqlite::params![&hash[..], &space.0[..], bytes];
            rows.execute("INSERT INTO operation (hash, space, bytes, unsent) VALUES (?1, ?2, ?3, 1)", row)?;
            Ok(())
        })
        .unwrap();
    assert_eq!(circle.goals(&circle.mentor), [""; 0]);
    circle.mentor.stop();
    circle.mentor.start();
    assert_eq!(circle.goals(&circle.mentor), ["first", "second"]);
}

#[test]
fn what_waits_behind_something_that_nobody_has_brought_is_not_kept_with_it() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    for goal in ["first", "second", "third"] {
        other.mentoring().add_goal(pairing, goal).unwrap();
        circle.exchange(&[other]);
    }
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    // As if the second had been lost on the way to the steward.
    let lost = mentor.replica().store().write(|rows| {
        let mut statement = rows.prepare("SELECT id, item FROM held_item WHERE state = 1")?;
        let found = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let mut held: Vec<_> = found
            .map(|row| {
                let (id, item) = row.unwrap();
                let Item::Entry(entry) = Item::decode(&item[1..]).unwrap() else { panic!("only entries wait") };
                (entry.sequence, id)
            })
            .collect();
        held.sort();
        assert_eq!(held.len(), 3);
        Ok(rows.execute("DELETE FROM held_item WHERE id = ?1", [&held[1].1])?)
    });
    assert_eq!(lost.unwrap(), 1);
    let theirs = circle.person(other);
    assert_eq!(mentor.sharing().held_work(&pairing.value).unwrap()[0].entries, 1);
    mentor.sharing().keep(&pairing.value, &theirs).unwrap();
    circle.exchange(&[mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["first"]);
    }
    assert_eq!(newcomer.sharing().held_work(&pairing.value).unwrap()[0].entries, 2, "for another word");
}
