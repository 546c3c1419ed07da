#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::check_ins::{CheckInsNoun, HelpKind};
use crate::people::{NewMe, NewPerson, People, PeopleNoun};
use crate::replica::testing::{Phone, START, TestFounder, exchange};

/// A newcomer's and a mentor's phone with a pairing that both hold.
pub(crate) struct Two {
    pub(crate) newcomer: Phone,
    pub(crate) mentor: Phone,
    pub(crate) of_newcomer: Mentoring,
    pub(crate) of_mentor: Mentoring,
    pub(crate) pairing: PairingId,
}

pub(crate) fn phone(number: u8, name: &str) -> (Phone, Mentoring) {
    let nouns: Vec<Box<dyn crate::replica::Noun>> = vec![
        Box::new(PeopleNoun),
        Box::new(CheckInsNoun),
        Box::new(MentoringNoun),
        Box::new(crate::groups::GroupsNoun),
    ];
    let phone = Phone::new(number, nouns);
    let me = NewMe { name: name.into(), language: "en".into(), calendar: None };
    People::new(phone.replica.clone()).set_me(me).unwrap();
    let mentoring = Mentoring::new(phone.replica.clone(), Arc::new(TestFounder), Arc::new(Models::shipped()));
    (phone, mentoring)
}

/// The mentor begins, the newcomer joins, both have exchanged.
pub(crate) fn two() -> Two {
    let ((newcomer, of_newcomer), (mentor, of_mentor)) = (phone(1, "Zahra"), phone(2, "Bohdan"));
    let begun = of_mentor.begin(new_pairing("newcomer-mentoring", "mentor")).unwrap();
    let pairing = begun.id;
    newcomer.join(&pairing.value, SpaceKind::Circle);
    newcomer.receive(&mentor, &pairing.value);
    newcomer.replica.write(|w| people::join_roster(w, &SpaceId::parse(&pairing.value)?)).unwrap();
    of_newcomer.take_role(&pairing, "newcomer").unwrap();
    exchange(&newcomer, &mentor, &pairing.value);
    Two { newcomer, mentor, of_newcomer, of_mentor, pairing }
}

fn new_pairing(model: &str, role: &str) -> NewPairing {
    NewPairing { model: model.into(), my_role: role.into(), title: "Zahra and Bohdan".into() }
}

fn meeting(hours: i64, place: &str) -> Meeting {
    Meeting { starts_at_ms: START + hours * 3_600_000, zone: "Europe/Vienna".into(), place: place.into() }
}

#[test]
fn a_pairing_begins_and_both_see_it_alike() {
    let two = two();
    let (mine, theirs) = (two.of_newcomer.get(&two.pairing).unwrap(), two.of_mentor.get(&two.pairing).unwrap());
    assert_eq!(mine.people, theirs.people);
    assert_eq!((mine.title.as_str(), mine.model.as_str()), ("Zahra and Bohdan", "newcomer-mentoring"));
    assert_eq!((mine.my_role.as_deref(), theirs.my_role.as_deref()), (Some("newcomer"), Some("mentor")));
    assert_eq!(mine.responder, Some(two.mentor.replica.me().unwrap().into()), "by default the mentor");
    assert_eq!(two.of_newcomer.list().unwrap(), [mine]);
}

#[test]
fn two_meeting_times_are_kept_and_then_settled() {
    let two = two();
    two.of_newcomer.set_next_meeting(&two.pairing, meeting(30, "Library")).unwrap();
    two.of_mentor.set_next_meeting(&two.pairing, meeting(31, "Café")).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let mine = two.of_newcomer.get(&two.pairing).unwrap().next_meeting.unwrap();
    assert_eq!(Some(&mine), two.of_mentor.get(&two.pairing).unwrap().next_meeting.as_ref());
    let mut names = vec![mine.value.by_name.as_str(), mine.others[0].by_name.as_str()];
    names.sort_unstable();
    assert_eq!(names, ["Bohdan", "Zahra"]);
    let other = mine.others[0].meeting.clone();
    two.of_newcomer.resolve_next_meeting(&two.pairing, other.clone()).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let settled = two.of_mentor.get(&two.pairing).unwrap().next_meeting.unwrap();
    assert_eq!((settled.value.meeting, settled.others), (other, vec![]));
    // The standing value can be confirmed as well, and the same from both is no conflict.
    for mentoring in [&two.of_newcomer, &two.of_mentor] {
        mentoring.set_next_meeting(&two.pairing, meeting(40, "Park")).unwrap();
    }
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    assert!(two.of_mentor.get(&two.pairing).unwrap().next_meeting.unwrap().others.is_empty());
}

#[test]
fn goals_stay_the_persons_own() {
    let two = two();
    let bread = two.of_newcomer.add_goal(&two.pairing, "Bake bread like at home").unwrap();
    let bus = two.of_newcomer.add_goal(&two.pairing, "Take the bus alone").unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    assert_eq!(two.of_mentor.goals(&two.pairing).unwrap(), [bread.clone(), bus.clone()]);
    let not_mine = Some(Error::NotAllowed { role: "author" });
    assert_eq!(two.of_mentor.finish_goal(&bread.id).err(), not_mine);
    assert_eq!(two.of_mentor.withdraw_goal(&bread.id).err(), not_mine);
    two.of_newcomer.finish_goal(&bus.id).unwrap();
    two.of_newcomer.withdraw_goal(&bread.id).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let seen = two.of_mentor.goals(&two.pairing).unwrap();
    assert_eq!((seen.len(), &seen[0].id, seen[0].done_at_ms.is_some()), (1, &bus.id, true));
}

#[test]
fn milestones_and_contacts() {
    let two = two();
    let own = Milestone::Own { text: "Slept through the night".into() };
    two.of_newcomer.reach_milestone(&two.pairing, own.clone()).unwrap();
    let catalogue = Models::shipped();
    let id = catalogue.catalogue("arrival").unwrap().milestones[0].id.clone();
    let listed = Milestone::Catalogue { id };
    two.of_mentor.reach_milestone(&two.pairing, listed.clone()).unwrap();
    let contact = NewContact { kind: ContactKind::Visit, help: HelpKind::Companionship, at_ms: START - 1_000 };
    two.of_mentor.log_contact(&two.pairing, contact.clone()).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let seen: Vec<_> = two.of_newcomer.milestones(&two.pairing).unwrap().into_iter().map(|m| m.milestone).collect();
    assert!(seen.contains(&own) && seen.contains(&listed));
    let contacts = two.of_newcomer.contacts(&two.pairing, 10).unwrap();
    assert_eq!((contacts[0].kind, contacts[0].help), (ContactKind::Visit, HelpKind::Companionship));
    let future = NewContact { at_ms: START + 1_000_000, ..contact };
    assert_eq!(two.of_mentor.log_contact(&two.pairing, future).err(), Some(Error::invalid("at", "future")));
}

#[test]
fn the_plan_runs_and_a_step_done_here_is_done_there() {
    let two = two();
    let plan = two.of_mentor.plan(&two.pairing, START, 2, "Europe/Vienna").unwrap();
    let first = plan.iter().find(|step| step.id == "first-meeting").unwrap();
    assert!(first.is_mine && !first.done && first.text_id == "step-first-meeting");
    assert!(plan.iter().any(|step| step.id.starts_with("weekly-contact.")), "what is ahead is shown too");
    two.of_mentor.complete_step(&two.pairing, "first-meeting").unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let plan = two.of_newcomer.plan(&two.pairing, START + 1_000, 0, "Asia/Kabul").unwrap();
    assert!(plan.iter().any(|step| step.id == "first-meeting" && step.done && !step.is_mine));
    assert_eq!(two.of_mentor.complete_step(&two.pairing, "no-such-step").err(), Some(Error::NotFound));
    let zone = two.of_mentor.plan(&two.pairing, START, 2, "Vienna").err();
    assert_eq!(zone, Some(Error::invalid("zone", "unknown")));
}

#[test]
fn a_responder_is_somebody_in_the_circle() {
    let two = two();
    let people = People::new(two.mentor.replica.clone());
    let new = NewPerson { name: "Olena".into(), language: "uk".into() };
    let olena = people.add_person(&two.pairing.value, new).unwrap();
    two.of_mentor.set_responder(&two.pairing, &olena.id).unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    assert_eq!(two.of_newcomer.get(&two.pairing).unwrap().responder, Some(olena.id));
    let stranger = PersonRef::from(PersonId([77; 16]));
    assert_eq!(two.of_mentor.set_responder(&two.pairing, &stranger).err(), Some(Error::NotFound));
}

#[test]
fn bad_input() {
    let two = two();
    let m = &two.of_mentor;
    let begun = |model: &str, role: &str| m.begin(new_pairing(model, role)).err();
    assert_eq!(begun("no-such", "mentor"), Some(Error::invalid("model", "unknown")));
    assert_eq!(begun("buddy", "mentor"), Some(Error::invalid("role", "unknown")));
    assert_eq!(m.list().unwrap().len(), 1, "no circle was half-founded");
    let bad = |bad: Meeting| m.set_next_meeting(&two.pairing, bad).err();
    assert_eq!(bad(Meeting { starts_at_ms: -1, ..meeting(1, "") }), Some(Error::invalid("starts-at", "range")));
    assert_eq!(bad(Meeting { zone: "CEST?".into(), ..meeting(1, "") }), Some(Error::invalid("zone", "unknown")));
    assert_eq!(bad(meeting(1, &"x".repeat(201))), Some(Error::invalid("place", "too-long")));
    assert_eq!(m.resolve_next_meeting(&two.pairing, meeting(1, "")).err(), Some(Error::NotFound));
    assert_eq!(m.add_goal(&two.pairing, " ").err(), Some(Error::invalid("goal", "empty")));
    assert_eq!(m.add_goal(&two.pairing, &"ж".repeat(501)).err(), Some(Error::invalid("goal", "too-long")));
    let listed = Milestone::Catalogue { id: "flew-to-the-moon".into() };
    assert_eq!(m.reach_milestone(&two.pairing, listed).err(), Some(Error::invalid("milestone", "unknown")));
    let elsewhere = PairingId { value: SpaceId([99; 32]).to_string() };
    assert_eq!(m.goals(&elsewhere).err(), Some(Error::NotFound));
    let personal = PairingId { value: SpaceId([2; 32]).to_string() };
    assert_eq!(m.add_goal(&personal, "x").err(), Some(Error::NotFound), "a personal space is no pairing");
    assert_eq!(m.get(&PairingId { value: "?".into() }).err(), Some(Error::invalid("pairing", "format")));
}

#[test]
fn what_a_strange_app_writes_harms_nobody() {
    let two = two();
    let circle = SpaceId::parse(&two.pairing.value).unwrap();
    two.mentor
        .replica
        .write(|w| {
            let document = document::pairing(circle);
            w.set(&document, MEETING, "no meeting".into())?;
            w.set(&document, RESPONDER, "nobody".into())?;
            w.set(&document, "role/nobody", "mentor".into())?;
            w.set(&document, "step/first-meeting", "yesterday".into())?;
            w.set(&document, "goal/1", Value::Int(1))?;
            w.create(&document, "contact/1", &[("kind", "telepathy".into()), ("at", Value::Int(1))])?;
            w.create(&document, "milestone/1", &[("by", "x".into()), ("at", Value::Int(1))])?;
            w.set(&document, "from-a-newer-app", Value::Null)
        })
        .unwrap();
    exchange(&two.newcomer, &two.mentor, &two.pairing.value);
    let seen = two.of_newcomer.get(&two.pairing).unwrap();
    assert_eq!((seen.next_meeting, seen.responder, seen.people.len()), (None, None, 2));
    assert!(two.of_newcomer.goals(&two.pairing).unwrap().is_empty());
    assert!(two.of_newcomer.plan(&two.pairing, START, 0, "UTC").unwrap().iter().all(|step| !step.done));
}
