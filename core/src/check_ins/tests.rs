#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

use super::*;
use crate::mentoring::tests::{Two, two};
use crate::replica::NoteBody;
use crate::replica::testing::{START, exchange};

fn new(feeling: Feeling, contact: ContactWish, share: Share) -> NewCheckIn {
    let helps = vec![HelpKind::Practical, HelpKind::Emotional, HelpKind::Practical];
    NewCheckIn { feeling, helps, contact, share, note: "  Kinder schlafen gut.\n".into() }
}

fn with(two: &Two) -> Share {
    Share::Pairing { pairing: two.pairing.value.clone() }
}

fn everything(check_ins: &CheckIns) -> Vec<CheckIn> {
    check_ins.list(CheckInFilter::default(), 100, None).unwrap().items
}

#[test]
fn a_private_check_in_is_written_in_the_personal_space_and_nowhere_else() {
    let two = two();
    let check_ins = CheckIns::new(two.newcomer.replica.clone());
    let kept = check_ins.record(new(Feeling::Hard, ContactWish::No, Share::Private)).unwrap();
    assert_eq!((kept.note.as_str(), kept.name.as_str()), ("Kinder schlafen gut.", "Zahra"));
    assert_eq!(kept.helps, [HelpKind::Emotional, HelpKind::Practical]);
    assert_eq!(everything(&check_ins), [kept]);
    let spaces: Vec<Vec<u8>> = two
        .newcomer
        .replica
        .read(|rows| {
            let mut statement = rows.prepare("SELECT DISTINCT space FROM document WHERE kind = 20")?;
            let found = statement.query_map([], |row| row.get(0))?;
            Ok(found.map(|space| space.unwrap()).collect())
        })
        .unwrap();
    assert_eq!(spaces, [vec![1; 32]]);
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    assert!(everything(&CheckIns::new(two.mentor.replica.clone())).is_empty());
}

#[test]
fn a_shared_check_in_reaches_the_mentor_and_can_be_taken_back() {
    let two = two();
    let (zahra, bohdan) = (CheckIns::new(two.newcomer.replica.clone()), CheckIns::new(two.mentor.replica.clone()));
    let kept = zahra.record(new(Feeling::SoSo, ContactWish::ThisWeek, with(&two))).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    two.mentor.set_time(START + 60_000);
    let seen = everything(&bohdan);
    assert_eq!(seen, [CheckIn { is_mine: false, ..kept.clone() }]);
    assert_eq!(bohdan.retract(&kept.id).err(), Some(Error::NotAllowed { role: "author" }));
    zahra.retract(&kept.id).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    assert!(everything(&bohdan).is_empty());
    assert_eq!(zahra.retract(&kept.id).err(), Some(Error::NotFound));
}

#[test]
fn today_queues_an_alert_in_the_same_write() {
    let two = two();
    let check_ins = CheckIns::new(two.newcomer.replica.clone());
    check_ins.record(new(Feeling::VeryHard, ContactWish::Today, with(&two))).unwrap();
    let notes: Vec<Vec<u8>> = two
        .newcomer
        .replica
        .read(|rows| {
            let mut statement = rows.prepare("SELECT body FROM note WHERE own = 1 AND state = 1")?;
            let found = statement.query_map([], |row| row.get(0))?;
            Ok(found.map(|body| body.unwrap()).collect())
        })
        .unwrap();
    assert_eq!(notes.len(), 1);
    let NoteBody::Alert { responder, person, name, kind, confirmed } = minicbor::decode(&notes[0]).unwrap() else {
        panic!("not an alert")
    };
    assert_eq!((responder, person), ([2; 16], [1; 16]));
    assert_eq!((name.as_str(), kind.as_str(), confirmed), ("Zahra", "contact-me-today", false));
}

#[test]
fn a_wish_that_nobody_would_hear_is_not_accepted() {
    let two = two();
    let check_ins = CheckIns::new(two.newcomer.replica.clone());
    for wish in [ContactWish::Today, ContactWish::ThisWeek] {
        let refused = check_ins.record(new(Feeling::Hard, wish, Share::Private)).err();
        assert_eq!(refused, Some(Error::invalid("share", "needs-someone")));
    }
    // A circle in which one is alone so far.
    let alone = crate::mentoring::NewPairing { model: "buddy".into(), my_role: "newcomer".into(), title: "New".into() };
    let alone = two.of_newcomer.begin(alone).unwrap().id;
    let refused =
        check_ins.record(new(Feeling::Hard, ContactWish::Today, Share::Pairing { pairing: alone.value })).err();
    assert_eq!(refused, Some(Error::invalid("share", "needs-someone")));
    assert!(everything(&check_ins).is_empty(), "nothing was half-written");
}

#[test]
fn lists_come_in_pages_the_newest_first_and_by_person() {
    let two = two();
    let check_ins = CheckIns::new(two.newcomer.replica.clone());
    for day in 0..5 {
        two.newcomer.set_time(START + day * 86_400_000 * 20);
        let share = if day % 2 == 0 { Share::Private } else { with(&two) };
        check_ins.record(new(Feeling::Good, ContactWish::No, share)).unwrap();
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = check_ins.list(CheckInFilter::default(), 2, before).unwrap();
        seen.extend(page.items.into_iter().map(|c| c.at_ms));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b));
    let shared = CheckInFilter { space: Some(two.pairing.value.clone()), ..CheckInFilter::default() };
    assert_eq!(check_ins.list(shared, 10, None).unwrap().items.len(), 2);
    let of_bohdan = CheckInFilter { person: Some(two.mentor.replica.me().unwrap().into()), ..CheckInFilter::default() };
    assert!(check_ins.list(of_bohdan, 10, None).unwrap().items.is_empty());
    // A clock that went back: what is in the future is shown as now.
    two.newcomer.set_time(START);
    assert!(everything(&check_ins).iter().all(|c| c.at_ms <= START + 10));
    two.newcomer.assert_rebuilds();
}

#[test]
fn bad_input() {
    let two = two();
    let check_ins = CheckIns::new(two.newcomer.replica.clone());
    let long = NewCheckIn { note: "ش".repeat(2_001), ..new(Feeling::Good, ContactWish::No, Share::Private) };
    assert_eq!(check_ins.record(long).err(), Some(Error::invalid("note", "too-long")));
    let nowhere = Share::Pairing { pairing: SpaceId([99; 32]).to_string() };
    assert_eq!(check_ins.record(new(Feeling::Good, ContactWish::No, nowhere)).err(), Some(Error::NotFound));
    let list =
        |limit, before: Option<&str>| check_ins.list(CheckInFilter::default(), limit, before.map(str::to_owned)).err();
    assert_eq!(list(0, None), Some(Error::invalid("limit", "range")));
    assert_eq!(list(1, Some("yesterday")), Some(Error::invalid("cursor", "format")));
    assert_eq!(check_ins.retract(&CheckInId { value: "'; DROP TABLE".into() }).err(), Some(Error::NotFound));
}

#[test]
fn what_a_strange_app_writes_harms_nobody() {
    let two = two();
    let circle = SpaceId::parse(&two.pairing.value).unwrap();
    two.mentor
        .replica
        .write(|w| {
            let document = document::shared(circle, START);
            let person: crate::replica::Value = w.me().to_string().into();
            let at = crate::replica::Value::Int(i64::MAX);
            w.create(
                &document,
                "check-in/1",
                &[("person", person.clone()), ("feeling", 9i64.into()), ("at", at.clone())],
            )?;
            w.create(
                &document,
                "check-in/2",
                &[("person", person), ("feeling", 3i64.into()), ("at", at), ("helps", "magic emotional".into())],
            )?;
            w.set(&document, "check-in/3", "no record".into())
        })
        .unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let seen = everything(&CheckIns::new(two.newcomer.replica.clone()));
    assert_eq!(
        (seen.len(), seen[0].contact, seen[0].helps.as_slice()),
        (1, ContactWish::No, &[HelpKind::Emotional][..])
    );
}
