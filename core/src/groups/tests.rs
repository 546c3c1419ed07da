#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::mentoring::tests::phone;
use crate::people::{People, PersonRef};
use crate::replica::testing::{Phone, START, TestFounder, exchange};

const DAY: i64 = 86_400_000;

struct Two {
    zahra: Phone,
    bohdan: Phone,
    of_zahra: Groups,
    of_bohdan: Groups,
    group: SupportGroupId,
}

fn new_group() -> NewGroup {
    NewGroup { name: "Women's tea".into(), language: "prs".into(), capacity: 8, place: "Library".into() }
}

fn two() -> Two {
    let ((zahra, _), (bohdan, _)) = (phone(1, "Zahra"), phone(2, "Bohdan"));
    let of = |phone: &Phone| Groups::new(phone.replica.clone(), Arc::new(TestFounder));
    let (of_zahra, of_bohdan) = (of(&zahra), of(&bohdan));
    let group = of_bohdan.found(new_group()).unwrap().id;
    zahra.join(&group.value, SpaceKind::Group);
    zahra.replica.write(|w| people::join_roster(w, &SpaceId::parse(&group.value)?)).unwrap();
    exchange(&zahra, &bohdan, &group.value);
    Two { zahra, bohdan, of_zahra, of_bohdan, group }
}

fn new_session(days: i64) -> NewSession {
    NewSession {
        starts_at_ms: START + days * DAY,
        zone: "Europe/Vienna".into(),
        place: "Room 2".into(),
        modality: Modality::InPerson,
    }
}

fn mark(person: &PersonRef, presence: Presence) -> Mark {
    Mark { person: person.clone(), presence }
}

#[test]
fn a_group_is_founded_and_seen_by_who_joins() {
    let two = two();
    let seen = two.of_zahra.get(&two.group).unwrap();
    assert_eq!(Ok(&seen), two.of_bohdan.get(&two.group).as_ref());
    assert_eq!((seen.name.as_str(), seen.capacity, seen.people, seen.place.as_str()), ("Women's tea", 8, 2, "Library"));
    assert_eq!(two.of_zahra.list().unwrap(), [seen]);
    assert_eq!(People::new(two.zahra.replica.clone()).list(&two.group.value).unwrap().len(), 2);
}

#[test]
fn sessions_come_in_pages_and_can_be_moved_and_cancelled() {
    let two = two();
    // Over the turn of a quarter.
    let made: Vec<_> =
        (0..6).map(|n| two.of_bohdan.schedule_session(&two.group, new_session(n * 14)).unwrap()).collect();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let first = two.of_zahra.sessions(&two.group, START + DAY, 3, None).unwrap();
    let rest = two.of_zahra.sessions(&two.group, START + DAY, 3, first.next.clone()).unwrap();
    let seen: Vec<_> = first.items.into_iter().chain(rest.items).collect();
    assert_eq!(seen, made[1..]);
    assert_eq!(rest.next, None);
    // Into another quarter: still the same session.
    two.of_zahra.move_session(&made[0].id, START + 100 * DAY).unwrap();
    two.of_zahra.cancel_session(&made[1].id).unwrap();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let moved = two.of_bohdan.session(&made[0].id).unwrap();
    assert_eq!((moved.starts_at_ms, moved.other_times_ms), (START + 100 * DAY, vec![]));
    assert!(two.of_bohdan.session(&made[1].id).unwrap().cancelled);
}

#[test]
fn two_times_of_a_session_are_kept_and_then_settled() {
    let two = two();
    let session = two.of_bohdan.schedule_session(&two.group, new_session(7)).unwrap().id;
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    two.of_zahra.move_session(&session, START + 8 * DAY).unwrap();
    two.of_bohdan.move_session(&session, START + 9 * DAY).unwrap();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let seen = two.of_zahra.session(&session).unwrap();
    assert_eq!(seen, two.of_bohdan.session(&session).unwrap());
    let mut both = vec![seen.starts_at_ms, seen.other_times_ms[0]];
    both.sort_unstable();
    assert_eq!(both, [START + 8 * DAY, START + 9 * DAY]);
    // The one that stands is confirmed.
    two.of_zahra.resolve_session_time(&session, seen.starts_at_ms).unwrap();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let settled = two.of_bohdan.session(&session).unwrap();
    assert_eq!((settled.starts_at_ms, settled.other_times_ms), (seen.starts_at_ms, vec![]));
}

#[test]
fn who_came_is_marked_by_two_and_a_difference_is_kept() {
    let two = two();
    let session = two.of_bohdan.schedule_session(&two.group, new_session(0)).unwrap().id;
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let (z, b) = (PersonRef::from(PersonId([1; 16])), PersonRef::from(PersonId([2; 16])));
    two.of_zahra.record_attendance(&session, vec![mark(&z, Presence::Late), mark(&b, Presence::Came)]).unwrap();
    two.of_bohdan.record_attendance(&session, vec![mark(&z, Presence::Came), mark(&b, Presence::Came)]).unwrap();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let seen = two.of_zahra.attendance(&session).unwrap();
    assert_eq!(seen, two.of_bohdan.attendance(&session).unwrap());
    assert_eq!((seen[0].name.as_str(), seen[0].presence, seen[0].others.len()), ("Bohdan", Some(Presence::Came), 0));
    assert_eq!((seen[1].name.as_str(), seen[1].others.len()), ("Zahra", 1));
    two.of_bohdan.record_attendance(&session, vec![mark(&z, seen[1].presence.unwrap())]).unwrap();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    assert!(two.of_zahra.attendance(&session).unwrap()[1].others.is_empty());
    // What stands already is not written again.
    let changes = || {
        two.zahra.replica.read(|rows| Ok(rows.query_row("SELECT count(*) FROM change", [], |r| r.get::<_, i64>(0))?))
    };
    let before = changes().unwrap();
    two.of_zahra.record_attendance(&session, vec![mark(&b, Presence::Came)]).unwrap();
    assert_eq!(changes().unwrap(), before);
}

#[test]
fn bad_input() {
    let two = two();
    let g = &two.of_bohdan;
    let found = |new: NewGroup| g.found(new).err();
    assert_eq!(found(NewGroup { name: String::new(), ..new_group() }), Some(Error::invalid("name", "empty")));
    assert_eq!(found(NewGroup { capacity: 1, ..new_group() }), Some(Error::invalid("capacity", "range")));
    assert_eq!(found(NewGroup { language: "?".into(), ..new_group() }), Some(Error::invalid("language", "format")));
    assert_eq!(g.list().unwrap().len(), 1, "no group was half-founded");
    let plan = |new: NewSession| g.schedule_session(&two.group, new).err();
    assert_eq!(plan(NewSession { zone: "Vienna".into(), ..new_session(0) }), Some(Error::invalid("zone", "unknown")));
    let far = NewSession { starts_at_ms: i64::MAX, ..new_session(0) };
    assert_eq!(plan(far), Some(Error::invalid("starts-at", "range")));
    let session = g.schedule_session(&two.group, new_session(0)).unwrap().id;
    assert_eq!(g.move_session(&session, 0).err(), Some(Error::invalid("starts-at", "range")));
    let stranger = PersonRef::from(PersonId([7; 16]));
    assert_eq!(g.record_attendance(&session, vec![mark(&stranger, Presence::Came)]).err(), Some(Error::NotFound));
    let nobody = PersonRef { value: "x".into() };
    let refused = g.record_attendance(&session, vec![mark(&nobody, Presence::Came)]).err();
    assert_eq!(refused, Some(Error::invalid("person", "format")));
    let many = vec![mark(&stranger, Presence::Came); 501];
    assert_eq!(g.record_attendance(&session, many).err(), Some(Error::invalid("marks", "too-many")));
    let unknown = SessionId { value: "x".into() };
    assert_eq!(g.cancel_session(&unknown).err(), Some(Error::NotFound));
    let personal = SupportGroupId { value: SpaceId([2; 32]).to_string() };
    assert_eq!(g.get(&personal).err(), Some(Error::NotFound), "a personal space is no group");
    assert_eq!(g.sessions(&two.group, 0, 0, None).err(), Some(Error::invalid("limit", "range")));
}

#[test]
fn what_a_strange_app_writes_harms_nobody() {
    let two = two();
    let space = SpaceId::parse(&two.group.value).unwrap();
    two.bohdan
        .replica
        .write(|w| {
            let document = document::sessions(space, "2026-q4");
            let at = Value::Int(START);
            w.create(&document, "session/1", &[("starts_at", "soon".into()), ("zone", "UTC".into())])?;
            w.create(&document, "session/2", &[("starts_at", at.clone()), ("zone", "Mars".into())])?;
            w.create(
                &document,
                "session/3",
                &[("starts_at", at), ("zone", "UTC".into()), ("modality", "dream".into())],
            )?;
            w.set(&document, "attendance/3/nobody", "came".into())?;
            w.set(&document, &attendance_key("3", &PersonId([1; 16]).to_string()), "flew".into())?;
            w.set(&document, "attendance/3", "came".into())?;
            w.set(&profile(space), CAPACITY, Value::Int(i64::MAX))
        })
        .unwrap();
    exchange(&two.zahra, &two.bohdan, &two.group.value);
    let seen = two.of_zahra.sessions(&two.group, 0, 10, None).unwrap().items;
    assert_eq!((seen.len(), seen[0].modality), (1, Modality::InPerson));
    let marks = two.of_zahra.attendance(&seen[0].id).unwrap();
    assert!(marks.len() == 2 && marks.iter().all(|mark| mark.presence.is_none()));
    assert_eq!(two.of_zahra.get(&two.group).unwrap().capacity, i32::MAX);
}
