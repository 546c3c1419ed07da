//! Three people in one space, and what they hold.

use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::people::PersonRef;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in};
use tempfile::TempDir;

pub struct Circle {
    pub folder: TempDir,
    _relay: RelayHandle,
    pub url: String,
    pub pairing: PairingId,
    pub mentor: Phone,
    pub newcomer: Phone,
    pub other: Phone,
}

/// Three people in one space, all of whom have read each other.
pub fn circle() -> Circle {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = format!("http://{}", relay.addr());
    let (mentor, newcomer, other) =
        (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"), Phone::new(3, "Farid", "prs"));
    mentor.sync().set_home_relay(&url).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Three".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    for phone in [&newcomer, &other] {
        join(&mentor, phone, &url, &pairing);
    }
    for phone in [&mentor, &newcomer, &other, &mentor, &newcomer] {
        phone.exchange(&url);
    }
    Circle { folder, _relay: relay, url, pairing, mentor, newcomer, other }
}

pub fn join(steward: &Phone, phone: &Phone, url: &str, pairing: &PairingId) {
    let_in(steward, phone, &pairing.value, |each| drop(each.exchange(url)));
}

impl Circle {
    pub fn person(&self, phone: &Phone) -> PersonRef {
        phone.people().me().unwrap().unwrap().id
    }

    pub fn goals(&self, phone: &Phone) -> Vec<String> {
        let mut goals: Vec<String> =
            phone.mentoring().goals(&self.pairing).unwrap().into_iter().map(|goal| goal.text).collect();
        goals.sort();
        goals
    }

    pub fn exchange(&self, phones: &[&Phone]) {
        for phone in phones {
            phone.exchange(&self.url);
        }
    }
}

/// What both hold of the space, and that the rows are what the log makes.
pub fn assert_alike(one: &Phone, two: &Phone) {
    let digest = |phone: &Phone| phone.replica().digest(None).unwrap();
    for phone in [one, two] {
        let before = digest(phone);
        phone.replica().forget_read_model().unwrap();
        phone.replica().project_missing(&rafiq::host::NoProgress).unwrap();
        assert_eq!(digest(phone), before);
    }
    assert_eq!(digest(one)["goal"], digest(two)["goal"]);
}

/// One of us has taken somebody out, whose work of before they heard of it has come since, in two exchanges.
pub fn held_of_other() -> Circle {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    for goal in ["first", "second"] {
        other.mentoring().add_goal(pairing, goal).unwrap();
        circle.exchange(&[other, newcomer]);
    }
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, mentor, newcomer, mentor, newcomer]);
    circle
}
