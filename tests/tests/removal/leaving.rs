//! Who is out reads and writes no more, and the others go on; what they had written before they knew is judged alike by all who stay.

use super::scene::*;
use rafiq::Error;
use rafiq::people::PersonRef;
use rafiq_tests::phone::Phone;

#[test]
fn whoever_was_removed_reads_and_writes_no_more_and_the_others_go_on() {
    let circle = circle();
    let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
    mentor.mentoring().add_goal(pairing, "before").unwrap();
    circle.exchange(&[mentor, newcomer, other]);
    assert_eq!(circle.goals(other), ["before"]);

    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor]);
    mentor.mentoring().add_goal(pairing, "after").unwrap();
    newcomer.mentoring().add_goal(pairing, "meanwhile").unwrap(); // does not know of it yet
    circle.exchange(&[mentor, newcomer, mentor, newcomer]);
    newcomer.mentoring().add_goal(pairing, "later").unwrap();
    circle.exchange(&[newcomer, mentor]);
    let all = ["after", "before", "later", "meanwhile"];
    assert_eq!(circle.goals(mentor), all);
    assert_eq!(circle.goals(newcomer), all);

    // They are told, keep what they have read, and write no more.
    circle.exchange(&[other, other]);
    assert_eq!(circle.goals(other), ["before"]);
    let refused = other.mentoring().add_goal(pairing, "still here").unwrap_err();
    assert!(matches!(refused, Error::NotAllowed { .. }), "{refused:?}");
    // Nor do their keys open what was written since, wherever they find it.
    let newcomers_goal = |bytes: &[u8]| bytes.windows(5).any(|window| window == b"later");
    let relay = rusqlite::Connection::open(circle.folder.path().join("relay.db")).unwrap();
    let mut statement = relay.prepare("SELECT bytes FROM envelope").unwrap();
    let envelopes: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let found = |phone: &Phone| {
        let opened = envelopes.iter().filter_map(|envelope| phone.sync().open_any(envelope).unwrap());
        opened.flatten().any(|part| newcomers_goal(&part))
    };
    assert!(found(mentor) && !found(other));

    // Who comes later reads all of it.
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, url, pairing);
    circle.exchange(&[&late, mentor, &late]);
    assert_eq!(circle.goals(&late), all);
    late.mentoring().add_goal(pairing, "and me").unwrap();
    circle.exchange(&[&late, newcomer]);
    assert!(circle.goals(newcomer).contains(&"and me".to_owned()));
    for phone in [mentor, newcomer, &late] {
        let status = phone.sync().status().unwrap();
        assert_eq!((status.waiting, status.quarantined), (0, 0));
    }
}

#[test]
fn everybody_may_leave_and_only_stewards_take_out_others() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let nobody = PersonRef::from(rafiq::ids::PersonId([9; 16]));
    assert_eq!(mentor.sharing().remove(&pairing.value, &nobody), Err(Error::NotFound));
    other.sharing().leave(&pairing.value).unwrap();
    assert!(other.mentoring().add_goal(pairing, "gone").is_err());
    circle.exchange(&[other, mentor, newcomer, mentor]);
    mentor.mentoring().add_goal(pairing, "two of us").unwrap();
    circle.exchange(&[mentor, newcomer, other]);
    assert_eq!(circle.goals(newcomer), ["two of us"]);
    assert_eq!(circle.goals(other), [""; 0]);
}

#[test]
fn two_stewards_far_apart_may_each_take_somebody_out() {
    let circle = circle();
    let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, url, pairing);
    circle.exchange(&[newcomer, other, &late]);
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    newcomer.sharing().remove(&pairing.value, &circle.person(&late)).unwrap();
    mentor.mentoring().add_goal(pairing, "one").unwrap();
    newcomer.mentoring().add_goal(pairing, "two").unwrap();
    circle.exchange(&[mentor, newcomer, mentor, newcomer]);
    mentor.mentoring().add_goal(pairing, "three").unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["one", "three", "two"]);
    assert_eq!(circle.goals(newcomer), ["one", "three", "two"]);
}

#[test]
fn what_nobody_had_seen_of_a_removed_person_is_held_and_taken_out_where_it_was_admitted() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    other.mentoring().add_goal(pairing, "in time").unwrap();
    circle.exchange(&[other, mentor, newcomer]);
    other.mentoring().add_goal(pairing, "beyond").unwrap();
    other.mentoring().add_goal(pairing, "beyond it too").unwrap();
    circle.exchange(&[other, newcomer]);
    assert_eq!(circle.goals(newcomer), ["beyond", "beyond it too", "in time"]);

    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, mentor, newcomer, mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["in time"]);
        let held = phone.sync().held_items(10).unwrap();
        assert_eq!(held.iter().map(|item| &*item.reason).collect::<Vec<_>>(), ["removed"], "kept, and why");
    }
    assert_alike(mentor, newcomer);
    // The others go on, on what is left.
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor, other]);
    assert_eq!(circle.goals(mentor), ["in time", "we go on"]);
    // Whoever was taken out keeps what they had.
    assert_eq!(circle.goals(other), ["beyond", "beyond it too", "in time"]);
}

#[test]
fn honest_work_that_another_built_on_before_they_knew_is_kept() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    other.mentoring().add_goal(pairing, "honest").unwrap();
    circle.exchange(&[other, newcomer]);
    newcomer.mentoring().add_goal(pairing, "on top of it").unwrap();
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, mentor]);
    assert_eq!(circle.goals(mentor), [""; 0], "nobody has vouched for it yet");
    circle.exchange(&[newcomer, mentor, newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["honest", "on top of it"]);
        assert_eq!(phone.sync().status().unwrap().waiting, 0);
    }
    assert_alike(mentor, newcomer);
}

#[test]
fn in_whatever_order_it_becomes_known_everybody_who_stays_ends_alike() {
    for seed in 1..=6_u64 {
        println!("seed {seed}");
        let circle = circle();
        let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
        let late = Phone::new(4, "Shirin", "prs");
        join(mentor, &late, url, pairing);
        circle.exchange(&[newcomer, other, &late]);
        let phones = [mentor, newcomer, &late, other];
        let mut state = seed;
        for step in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (who, what) = ((state >> 33) as usize % 4, (state >> 40) % 2);
            if step == 10 {
                mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
            } else if what == 0 {
                circle.exchange(&[phones[who]]);
            } else {
                // Whoever has heard that they are out cannot.
                let _ = phones[who].mentoring().add_goal(pairing, &format!("{step} by {who}"));
            }
        }
        for _ in 0..3 {
            circle.exchange(&[mentor, newcomer, &late]);
        }
        assert_alike(mentor, newcomer);
        assert_alike(mentor, &late);
    }
}
