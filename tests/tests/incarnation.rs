//! A phone's data is put back to an earlier day, or lives on two phones at once: what it has forgotten comes back, what it has written
//! meanwhile stays, and nothing stands in one place twice.

use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::wire::{Item, space_tag};
use rafiq::sync::{Budget, BundleContents, Received};
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::World;
use rusqlite::params;
use std::fs::File;
use tempfile::TempDir;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

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

#[test]
fn what_only_a_card_had_and_brings_back_comes_to_the_others() {
    let mut two = two();
    let copy = two.mentor.copied();
    two.add(&two.mentor, "on the card");
    let card = two.folder.path().join("card");
    two.mentor.sync().write_bundle(&card, &BundleContents::default()).unwrap();
    two.mentor.put_back(&copy);
    two.mentor.rafiq().read_bundle(&mut File::open(card).unwrap()).unwrap();
    two.exchange(&[&two.mentor, &two.newcomer, &two.mentor]);
    two.agree(&[&two.mentor, &two.newcomer], &["on the card"]);
}

#[test]
fn what_somebody_has_by_card_is_not_taken_back() {
    let mut two = two();
    // Signed, and lost on a bad line: it lies ready, and the copy knows of no card.
    two.add(&two.newcomer, "first");
    two.newcomer.sync().next_exchange(&two.url, Budget::default()).unwrap();
    let copy = two.newcomer.copied();
    two.add(&two.newcomer, "second");
    two.by_card(&two.newcomer, &two.mentor);
    two.newcomer.put_back(&copy);
    let card = two.folder.path().join("back");
    two.mentor.sync().write_bundle(&card, &BundleContents { spaces: vec![], carried: false }).unwrap();
    let read = |phone: &Phone| phone.rafiq().read_bundle(&mut File::open(&card).unwrap()).unwrap();
    assert!(read(&two.newcomer).taken > 0);
    assert_eq!(two.goals(&two.newcomer), ["first", "second"]);
    assert_eq!((read(&two.newcomer).taken, two.newcomer.sync().status().unwrap().waiting), (0, 0), "all of it is here");
    two.exchange(&[&two.newcomer, &two.mentor, &two.newcomer]);
    two.agree(&[&two.newcomer, &two.mentor], &["first", "second"]);
    let said = |rows: &rusqlite::Connection| {
        Ok(rows.query_row("SELECT count(*) FROM change WHERE instr(bytes, CAST('first' AS BLOB)) > 0", [], |row| {
            row.get(0)
        })?)
    };
    assert_eq!(two.mentor.replica().read(said), Ok(1), "nothing is said twice");
}

#[test]
fn what_the_relay_keeps_back_from_its_author_the_others_bring() {
    let world = World::default();
    let ([mentor, mut newcomer], pairing) = world.pairing::<2>();
    let copy = newcomer.copied();
    newcomer.mentoring().add_goal(&pairing, "forgotten").unwrap();
    world.exchange(&[&newcomer]);
    newcomer.put_back(&copy);
    newcomer.mentoring().add_goal(&pairing, "since").unwrap();
    let tag = space_tag(&SpaceId::parse(&pairing.value).unwrap());
    let device = newcomer.sync().device();
    let own = |item: Option<Item>| matches!(item, Some(Item::Entry(entry)) if entry.device == device);
    for _ in 0..2 {
        world.exchange_without(&newcomer, &tag, own);
    }
    assert_eq!(newcomer.goals(&pairing), ["since"], "the relay has said that there is nothing");
    world.exchange(&[&mentor, &mentor, &newcomer, &newcomer, &mentor, &newcomer]);
    for phone in [&mentor, &newcomer] {
        assert_eq!(phone.goals(&pairing), ["forgotten", "since"]);
    }
}

#[test]
fn the_relay_gives_back_what_was_forgotten_before_anything_new_leaves() {
    let mut two = two();
    two.add(&two.newcomer, "before");
    two.exchange(&[&two.newcomer, &two.mentor]);
    let copy = two.newcomer.copied();
    two.add(&two.newcomer, "forgotten");
    two.exchange(&[&two.newcomer]);
    two.add(&two.newcomer, "forgotten too");
    two.exchange(&[&two.newcomer, &two.mentor]);
    two.newcomer.put_back(&copy);
    two.newcomer.pass(-40 * DAY_MS);
    two.add(&two.newcomer, "since");
    two.exchange(&[&two.newcomer, &two.mentor, &two.newcomer]);
    two.agree(&[&two.mentor, &two.newcomer], &["before", "forgotten", "forgotten too", "since"]);
    assert_eq!(lives(&two.mentor, &two.newcomer).len(), 2);
    // It goes on as any other, without being told again.
    two.add(&two.newcomer, "later");
    let received = two.exchange(&[&two.newcomer]);
    assert_eq!(received.len(), 1, "{received:?}");
    two.exchange(&[&two.mentor]);
    two.agree(&[&two.mentor, &two.newcomer], &["before", "forgotten", "forgotten too", "later", "since"]);
}

#[test]
fn who_has_written_nothing_since_gets_everything_back_and_writes_under_another_name() {
    let mut two = two();
    let copy = two.newcomer.copied();
    for day in 0..5 {
        two.add(&two.newcomer, &format!("day {day}"));
        two.newcomer.pass(DAY_MS);
        two.exchange(&[&two.newcomer]);
    }
    two.newcomer.put_back(&copy);
    two.exchange(&[&two.newcomer]);
    let days = ["day 0", "day 1", "day 2", "day 3", "day 4"];
    assert_eq!(two.goals(&two.newcomer), days);
    two.add(&two.newcomer, "since");
    two.exchange(&[&two.newcomer, &two.mentor]);
    two.agree(&[&two.mentor, &two.newcomer], &[&days[..], &["since"]].concat());
    assert_eq!(lives(&two.mentor, &two.newcomer).len(), 2);
}

#[test]
fn two_phones_with_one_seed_go_on_side_by_side() {
    let two = two();
    two.add(&two.newcomer, "before");
    two.exchange(&[&two.newcomer, &two.mentor]);
    let clone = two.newcomer.cloned(&two.newcomer.copied(), 9);
    let (mut goals, phones) = (vec!["before".to_owned()], [&two.newcomer, &clone]);
    for round in 0..4 {
        for (who, phone) in phones.iter().enumerate() {
            let goal = format!("{who} in round {round}");
            two.add(phone, &goal);
            goals.push(goal);
        }
        // In turn the one or the other comes first.
        two.exchange(&[phones[round % 2], phones[1 - round % 2], &two.mentor]);
    }
    two.exchange(&[&two.newcomer, &clone, &two.mentor, &two.newcomer, &clone]);
    goals.sort();
    let goals: Vec<&str> = goals.iter().map(String::as_str).collect();
    two.agree(&[&two.mentor, &two.newcomer, &clone], &goals);
    assert!(
        lives(&two.mentor, &clone).len() <= 3,
        "each takes a name of its own once: {:?}",
        lives(&two.mentor, &clone)
    );
}
