#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::mentoring::tests::two;
use crate::replica::NoteState;
use crate::replica::notes::keep;

#[test]
fn an_alert_stays_until_a_person_has_dealt_with_it() {
    let two = two();
    let safety = Safety::new(two.mentor.replica.clone());
    assert!(safety.alerts().unwrap().is_empty());
    let alert = |name: &str| NoteBody::Alert {
        responder: [2; 16],
        person: [1; 16],
        name: name.into(),
        kind: CONTACT_ME_TODAY.into(),
        confirmed: true,
    };
    let report = NoteBody::Report { service: "s".into(), kind: "closed".into(), note: String::new() };
    two.mentor
        .replica
        .store()
        .write(|rows| {
            keep(rows, &[5; 16], None, false, NoteState::New, i64::MAX, &alert("Zahra"))?;
            keep(rows, &[6; 16], None, true, NoteState::Queued, 1, &alert("mine"))?;
            keep(rows, &[7; 16], None, false, NoteState::New, 1, &report)
        })
        .unwrap();
    let open = safety.alerts().unwrap();
    assert_eq!((open.len(), open[0].name.as_str(), open[0].confirmed), (1, "Zahra", true));
    assert!(open[0].at_ms <= two.mentor.replica.now_ms(), "a clock in the future is shown as now");
    safety.settle(&open[0].id).unwrap();
    assert!(safety.alerts().unwrap().is_empty());
    assert_eq!(safety.settle(&open[0].id).err(), Some(Error::NotFound));
    let report = AlertId { value: crate::ids::to_text(&[7; 16]) };
    assert_eq!(safety.settle(&report).err(), Some(Error::NotFound), "a report is no alert");
    assert_eq!(safety.settle(&AlertId { value: "?".into() }).err(), Some(Error::NotFound));
}

#[test]
fn a_name_is_cut_between_characters() {
    let long = "ش".repeat(80);
    assert_eq!(shorten(&long).len(), 64);
    assert_eq!(shorten(&format!("a{long}")).len(), 63);
    assert_eq!(shorten("Zahra"), "Zahra");
}
