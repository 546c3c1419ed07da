#![allow(clippy::unwrap_used)] // a test may fail

use super::*;
use crate::replica::testing::{Phone, exchange};
use crate::replica::{DocumentKey, SpaceKind};

fn phone(number: u8) -> (Phone, People) {
    let phone = Phone::new(number, vec![Box::new(PeopleNoun)]);
    let people = People::new(phone.replica.clone());
    (phone, people)
}

fn new_me(name: &str, language: &str) -> NewMe {
    NewMe { name: name.into(), language: language.into(), calendar: None }
}

fn space() -> String {
    SpaceId([9; 32]).to_string()
}

#[test]
fn a_person_says_who_they_are_and_may_change_it() {
    let (phone, people) = phone(1);
    assert_eq!(people.me().unwrap(), None);
    people.set_me(NewMe { calendar: Some("persian".into()), ..new_me(" زهرا ", "PRS") }).unwrap();
    let me = people.me().unwrap().unwrap();
    assert_eq!((me.name.as_str(), me.language.as_str(), me.calendar.as_deref()), ("زهرا", "prs", Some("persian")));
    people.set_me(new_me("زهرا جان", "prs")).unwrap();
    assert_eq!(people.me().unwrap().unwrap().calendar, None);
    phone.assert_rebuilds();
}

#[test]
fn each_enters_themselves_into_a_shared_roster() {
    let ((a, amina), (b, bohdan)) = (phone(1), phone(2));
    amina.set_me(new_me("Amina", "prs")).unwrap();
    bohdan.set_me(new_me("Богдан", "uk")).unwrap();
    for phone in [&a, &b] {
        phone.join(&space(), SpaceKind::Circle);
        let enter = |w: &mut Writer<'_>| join_roster(w, &SpaceId([9; 32]));
        phone.replica.write(enter).unwrap();
        phone.replica.write(enter).unwrap();
    }
    exchange(&a, &b, &space());
    let seen = amina.list(&space()).unwrap();
    let names: Vec<_> = seen.iter().map(|p| (p.name.as_str(), p.language.as_str(), p.is_me)).collect();
    assert_eq!(names, [("Amina", "prs", true), ("Богдан", "uk", false)]);
    // A new name goes to every shared space by itself.
    bohdan.set_me(new_me("Богдан К.", "uk")).unwrap();
    exchange(&a, &b, &space());
    assert_eq!(amina.list(&space()).unwrap()[1].name, "Богдан К.");
}

#[test]
fn a_person_without_a_device_is_entered_by_another() {
    let ((a, amina), (b, bohdan)) = (phone(1), phone(2));
    for phone in [&a, &b] {
        phone.join(&space(), SpaceKind::Group);
    }
    let new = NewPerson { name: "Olena".into(), language: "uk".into() };
    let olena = amina.add_person(&space(), new).unwrap();
    exchange(&a, &b, &space());
    let seen = bohdan.list(&space()).unwrap();
    assert_eq!(seen, [olena]);
    assert_eq!(seen[0].entered_by, Some(a.replica.me().unwrap().into()));
}

#[test]
fn bad_input() {
    let (phone, people) = phone(1);
    let refused = |name: &str, language: &str| people.set_me(new_me(name, language)).err();
    assert_eq!(refused("", "en"), Some(Error::invalid("name", "empty")));
    assert_eq!(refused(&"x".repeat(81), "en"), Some(Error::invalid("name", "too-long")));
    assert_eq!(refused("Amina", "no language"), Some(Error::invalid("language", "format")));
    let calendar = NewMe { calendar: Some("mayan".into()), ..new_me("Amina", "en") };
    assert_eq!(people.set_me(calendar).err(), Some(Error::invalid("calendar", "unknown")));
    assert_eq!(people.list("nowhere").err(), Some(Error::invalid("space", "format")));
    assert_eq!(people.list(&space()).err(), Some(Error::NotFound));
    assert_eq!(people.me().unwrap(), None, "nothing was half-written");
    phone.join(&space(), SpaceKind::Group);
    let nameless = phone.replica.write(|w| join_roster(w, &SpaceId([9; 32])));
    assert_eq!(nameless.err(), Some(Error::invalid("name", "missing")));
}

#[test]
fn what_a_strange_app_writes_harms_nobody() {
    let (phone, people) = phone(1);
    phone.join(&space(), SpaceKind::Group);
    phone
        .replica
        .write(|w| {
            let roster = roster(SpaceId([9; 32]));
            let upper = format!("person/{}", w.me().to_string().to_uppercase());
            w.create(&roster, &upper, &[("name", "twice".into())])?;
            w.create(&roster, "person/short", &[("name", "x".into())])?;
            w.create(&roster, &person_key(&PersonId([5; 16])), &[("name", Value::Int(5))])?;
            w.create(&roster, &person_key(&PersonId([6; 16])), &[("name", "y".repeat(9_000).into())])?;
            w.set(&roster, &person_key(&PersonId([7; 16])), "not a record".into())?;
            let elsewhere = DocumentKey::new(SpaceId([9; 32]), 10, "2026-11");
            w.create(&elsewhere, &person_key(&PersonId([8; 16])), &[("name", "z".into())])
        })
        .unwrap();
    let seen = people.list(&space()).unwrap();
    assert_eq!(seen.iter().map(|p| p.name.chars().count()).collect::<Vec<_>>(), [0, 80]);
    phone.assert_rebuilds();
}
