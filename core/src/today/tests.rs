#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::check_ins::{CheckIns, Feeling, HelpKind, NewCheckIn, Share};
use crate::groups::{Groups, Mark, Modality, NewGroup, NewSession, Presence};
use crate::mentoring::tests::{Two, two};
use crate::mentoring::{ContactKind, Meeting, NewContact};
use crate::people::PersonRef;
use crate::replica::notes::keep;
use crate::replica::testing::{Phone, START, TestFounder, exchange};
use crate::replica::{NoteBody, NoteState, SpaceKind};

fn today(phone: &Phone) -> Today {
    Today::new(phone.replica.clone(), Arc::new(Models::shipped()))
}

fn meeting(at_ms: i64) -> Meeting {
    Meeting { starts_at_ms: at_ms, zone: "Europe/Vienna".into(), place: "Library".into() }
}

fn kinds(due: &[DueItem]) -> Vec<DueKind> {
    due.iter().map(|item| item.kind).collect()
}

fn of(due: &[DueItem], kind: DueKind) -> Vec<DueItem> {
    due.iter().filter(|item| item.kind == kind).cloned().collect()
}

fn check_in(two: &Two, contact: ContactWish) {
    let share = Share::Pairing { pairing: two.pairing.value.clone() };
    let new =
        NewCheckIn { feeling: Feeling::Hard, helps: vec![HelpKind::Practical], contact, share, note: String::new() };
    CheckIns::new(two.newcomer.replica.clone()).record(new).unwrap();
}

#[test]
fn alerts_first_then_conflicts_then_by_time_and_goals_last() {
    let two = two();
    two.of_mentor.add_goal(&two.pairing, "Learn to listen").unwrap();
    two.of_mentor.set_next_meeting(&two.pairing, meeting(START + DAY_MS)).unwrap();
    two.of_newcomer.set_next_meeting(&two.pairing, meeting(START + 2 * DAY_MS)).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let alert = NoteBody::Alert {
        responder: [2; 16],
        person: [1; 16],
        name: "Zahra".into(),
        kind: "contact-me-today".into(),
        confirmed: true,
    };
    let note = |rows: &Connection| keep(rows, &[5; 16], None, false, NoteState::New, START, &alert);
    two.mentor.replica.store().write(note).unwrap();
    let today = today(&two.mentor);
    let loaded = two.mentor.replica.documents_loaded();
    let due = today.list(START + 1_000, "Europe/Vienna").unwrap();
    assert_eq!(two.mentor.replica.documents_loaded(), loaded, "reading loads no document");
    assert_eq!(kinds(&due)[..2], [DueKind::Alert, DueKind::Conflict]);
    assert_eq!(due.last().unwrap().kind, DueKind::Goal);
    assert_eq!(due[0].args, [("name".to_owned(), "Zahra".to_owned())]);
    assert!(of(&due, DueKind::Meeting).is_empty(), "the conflict says more");
    let steps = of(&due, DueKind::Step);
    assert!(steps.iter().any(|step| step.text_id == "step-first-meeting" && step.args[0].1 == "Zahra"));
    assert!(steps.is_sorted_by_key(|step| step.due_by_ms));
    // Settled and done: gone from the list.
    two.of_mentor.resolve_next_meeting(&two.pairing, meeting(START + DAY_MS)).unwrap();
    two.of_mentor.complete_step(&two.pairing, "first-meeting").unwrap();
    Safety::new(two.mentor.replica.clone()).settle(&crate::safety::AlertId { value: due[0].target.clone() }).unwrap();
    let due = today.list(START + 1_000, "Europe/Vienna").unwrap();
    assert!(of(&due, DueKind::Alert).is_empty() && of(&due, DueKind::Conflict).is_empty());
    assert!(!due.iter().any(|item| item.target == "first-meeting"));
    assert_eq!(of(&due, DueKind::Meeting)[0].due_by_ms, START + DAY_MS);
    // The newcomer has no mentor's steps and no mentor's goals.
    let theirs = super::tests::today(&two.newcomer).list(START + 1_000, "Asia/Kabul").unwrap();
    assert!(of(&theirs, DueKind::Goal).is_empty());
    assert!(!theirs.iter().any(|item| item.target == "urgent-needs"));
}

#[test]
fn a_wish_for_contact_is_due_until_somebody_was_in_touch() {
    let two = two();
    check_in(&two, ContactWish::ThisWeek);
    check_in(&two, ContactWish::Today);
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let today = today(&two.mentor);
    let due = today.list(START + HOUR_MS, "UTC").unwrap();
    assert_eq!(of(&due, DueKind::CheckIn).len(), 1);
    assert!(of(&due, DueKind::Watch).iter().any(|watch| watch.text_id == "step-contact-today"));
    two.mentor.set_time(START + HOUR_MS);
    let contact = NewContact { kind: ContactKind::Call, help: HelpKind::Emotional, at_ms: START + HOUR_MS };
    two.of_mentor.log_contact(&two.pairing, contact).unwrap();
    let due = today.list(START + HOUR_MS, "UTC").unwrap();
    assert!(of(&due, DueKind::CheckIn).is_empty() && of(&due, DueKind::Watch).is_empty());
}

#[test]
fn sessions_and_differing_marks() {
    let two = two();
    let of_groups = |phone: &Phone| Groups::new(phone.replica.clone(), Arc::new(TestFounder));
    let (bohdan, zahra) = (of_groups(&two.mentor), of_groups(&two.newcomer));
    let new = NewGroup { name: "Tea".into(), language: "en".into(), capacity: 8, place: String::new() };
    let group = bohdan.found(new).unwrap().id;
    let plan = |days: i64| NewSession {
        starts_at_ms: START + days * DAY_MS,
        zone: "UTC".into(),
        place: "Hall".into(),
        modality: Modality::Hybrid,
    };
    let soon = bohdan.schedule_session(&group, plan(3)).unwrap();
    bohdan.schedule_session(&group, plan(8)).unwrap();
    let cancelled = bohdan.schedule_session(&group, plan(2)).unwrap();
    bohdan.cancel_session(&cancelled.id).unwrap();
    two.newcomer.join(&group.value, SpaceKind::Group);
    exchange(&two.newcomer, &two.mentor, &group.value);
    let due = today(&two.newcomer).list(START, "UTC").unwrap();
    let sessions = of(&due, DueKind::Session);
    assert_eq!((sessions.len(), sessions[0].target.as_str()), (1, soon.id.value.as_str()));
    assert_eq!(sessions[0].args[0], ("group".to_owned(), "Tea".to_owned()));
    let bohdan_id = PersonRef::from(PersonId([2; 16]));
    for (who, presence) in [(&bohdan, Presence::Came), (&zahra, Presence::Late)] {
        who.record_attendance(&soon.id, vec![Mark { person: bohdan_id.clone(), presence }]).unwrap();
    }
    zahra.move_session(&soon.id, START + 4 * DAY_MS).unwrap();
    bohdan.move_session(&soon.id, START + 5 * DAY_MS).unwrap();
    exchange(&two.newcomer, &two.mentor, &group.value);
    let due = today(&two.mentor).list(START, "UTC").unwrap();
    let conflicts: Vec<_> = of(&due, DueKind::Conflict).into_iter().map(|item| item.text_id).collect();
    assert_eq!(conflicts, ["conflict-meeting-time", "today-attendance-conflict"]);
}

#[test]
fn reminders_are_stable_and_say_nothing() {
    let two = two();
    two.of_mentor.set_next_meeting(&two.pairing, meeting(START + DAY_MS)).unwrap();
    let today = today(&two.mentor);
    let first = today.reminders(START, 14 * DAY_MS, "Europe/Vienna").unwrap();
    assert!(first.iter().any(|reminder| reminder.at_ms == START + DAY_MS - HOUR_MS));
    assert!(first.iter().all(|reminder| (START..START + 14 * DAY_MS).contains(&reminder.at_ms)));
    assert!(first.iter().all(|reminder| !reminder.id.contains("meeting") && reminder.id.len() == 16));
    assert!(first.is_sorted());
    // A day later the same things have the same ids.
    let later = today.reminders(START + DAY_MS, 13 * DAY_MS, "Europe/Vienna").unwrap();
    assert!(!later.is_empty() && later.iter().all(|reminder| first.contains(reminder)));
    assert!(today.reminders(START, 366 * DAY_MS, "UTC").unwrap().len() <= 60);
}

#[test]
fn bad_input() {
    let two = two();
    let today = today(&two.mentor);
    assert_eq!(today.list(START, "Atlantis").err(), Some(Error::invalid("zone", "unknown")));
    assert_eq!(today.reminders(START, -1, "UTC").err(), Some(Error::invalid("horizon", "range")));
    assert_eq!(today.reminders(START, i64::MAX, "UTC").err(), Some(Error::invalid("horizon", "range")));
    for now_ms in [i64::MIN, 0, i64::MAX] {
        today.list(now_ms, "UTC").unwrap();
        today.reminders(now_ms, DAY_MS, "UTC").unwrap();
    }
}
