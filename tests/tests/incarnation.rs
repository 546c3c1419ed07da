//! A phone's data is put back to an earlier day, or lives on two phones at once: what it has forgotten comes back, what it has written
//! meanwhile stays, and nothing stands in one place twice.

use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::{BundleContents, Received};
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::Phone;
use rusqlite::params;
use std::fs::File;
use tempfile::TempDir;

struct Two {
    folder: TempDir,
    _relay: RelayHandle,
    url: String,
    pairing: PairingId,
    mentor: Phone,
    newcomer: Phone,
}

/// A mentor and a newcomer who share a pairing over a relay and have read each other.
fn two() -> Two {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let (mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "prs"));
    mentor.sync().set_home_relay(&url).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    let invite = mentor.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
    mentor.exchange(&url);
    newcomer.sharing().accept(&invite.text).unwrap();
    newcomer.exchange(&url);
    mentor.exchange(&url);
    let request = mentor.sharing().requests().unwrap().remove(0);
    mentor.sharing().admit(&request.id).unwrap();
    for phone in [&mentor, &newcomer, &mentor] {
        phone.exchange(&url);
    }
    Two { folder, _relay: relay, url, pairing, mentor, newcomer }
}

impl Two {
    fn add(&self, phone: &Phone, goal: &str) {
        phone.mentoring().add_goal(&self.pairing, goal).unwrap();
    }

    fn goals(&self, phone: &Phone) -> Vec<String> {
        let goals = phone.mentoring().goals(&self.pairing).unwrap();
        let mut goals: Vec<String> = goals.into_iter().map(|goal| goal.text).collect();
        goals.sort();
        goals
    }

    fn by_card(&self, from: &Phone, to: &Phone) {
        let card = self.folder.path().join("card");
        let _ = std::fs::remove_file(&card);
        from.sync().write_bundle(&card, &BundleContents { spaces: vec![], carried: false }).unwrap();
        to.rafiq().read_bundle(&mut File::open(card).unwrap()).unwrap();
    }

    fn exchange(&self, phones: &[&Phone]) -> Vec<Received> {
        phones.iter().flat_map(|phone| phone.exchange(&self.url)).collect()
    }

    /// All have the same goals, the same rows, also when written anew from the log, and nothing stands aside.
    fn agree(&self, phones: &[&Phone], goals: &[&str]) {
        let first = phones[0].replica().digest(None).unwrap();
        let shared = ["pairing", "goal"];
        for phone in phones {
            assert_eq!(self.goals(phone), goals);
            let before = phone.replica().digest(None).unwrap();
            for table in shared.iter().filter(|table| first.contains_key(*table)) {
                assert_eq!(before[table], first[table], "{table}");
            }
            phone.replica().forget_read_model().unwrap();
            phone.replica().project_missing(&rafiq::host::NoProgress).unwrap();
            assert_eq!(phone.replica().digest(None).unwrap(), before);
            let status = phone.sync().status().unwrap();
            assert_eq!((status.waiting, status.quarantined), (0, 0), "{:?}", phone.sync().held_items(10).unwrap());
            assert_eq!((status.unsent_changes, status.outbox), (0, 0));
        }
    }
}

/// The lives of this device that the log knows of, in this order.
fn lives(phone: &Phone, of: &Phone) -> Vec<u32> {
    let device = of.sync().device();
    let sql = "SELECT DISTINCT incarnation FROM entry WHERE device = ?1 ORDER BY incarnation";
    phone
        .replica()
        .read(|rows| {
            let mut statement = rows.prepare(sql)?;
            let found = statement.query_map(params![&device.0[..]], |row| row.get(0))?;
            Ok(found.map(|life| life.unwrap()).collect())
        })
        .unwrap()
}

#[test]
fn what_a_card_brings_back_and_what_was_written_meanwhile_are_both_there() {
    let mut two = two();
    two.add(&two.newcomer, "before");
    two.exchange(&[&two.newcomer, &two.mentor]);
    let copy = two.newcomer.copied();
    two.add(&two.newcomer, "forgotten");
    two.add(&two.newcomer, "forgotten too");
    two.by_card(&two.newcomer, &two.mentor);
    two.newcomer.put_back(&copy);
    assert_eq!(two.goals(&two.newcomer), ["before"]);
    two.add(&two.newcomer, "since");
    two.by_card(&two.mentor, &two.newcomer);
    assert_eq!(two.goals(&two.newcomer), ["before", "forgotten", "forgotten too", "since"]);
    two.exchange(&[&two.newcomer, &two.mentor, &two.newcomer]);
    two.agree(&[&two.mentor, &two.newcomer], &["before", "forgotten", "forgotten too", "since"]);
    assert_eq!(lives(&two.mentor, &two.newcomer).len(), 2, "the second is another author");
}
