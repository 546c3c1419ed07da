//! Two entries of one phone in one place, both of them out: every phone keeps the same one, and what was written with the other, or on top of
//! it, is written again.

use rafiq::mentoring::{Meeting, NewPairing, PairingId};
use rafiq::sync::BundleContents;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in};
use std::collections::BTreeSet;
use std::fs::File;
use tempfile::TempDir;

struct Circle {
    folder: TempDir,
    _relay: RelayHandle,
    url: String,
    pairing: PairingId,
    /// Olena, the mentor; Amina, the newcomer, whose phone is put back; and who stands beside them.
    phones: Vec<Phone>,
}

const OLENA: usize = 0;
const AMINA: usize = 1;
const YUSUF: usize = 2;
const BOHDAN: usize = 3;

/// Four people who share a pairing and have read each other. All that is random follows from `seed`.
fn circle(seed: u64) -> Circle {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let people = [("Olena", "uk"), ("Amina", "prs"), ("Yusuf", "ar"), ("Bohdan", "uk")];
    let phones =
        people.iter().enumerate().map(|(who, (name, language))| Phone::new(seed * 10 + who as u64, name, language));
    let phones: Vec<Phone> = phones.collect();
    phones[OLENA].sync().set_home_relay(&url).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Together".into() };
    let pairing = phones[OLENA].mentoring().begin(new).unwrap().id;
    for phone in &phones[1..] {
        let_in(&phones[OLENA], phone, &pairing.value, |phone| drop(phone.exchange(&url)));
    }
    let circle = Circle { folder, _relay: relay, url, pairing, phones };
    circle.add(AMINA, "before");
    circle.meet();
    circle
}

impl Circle {
    fn add(&self, who: usize, goal: &str) {
        self.phones[who].mentoring().add_goal(&self.pairing, goal).unwrap();
    }

    fn goals(&self, who: usize) -> BTreeSet<String> {
        let goals = self.phones[who].mentoring().goals(&self.pairing).unwrap();
        goals.into_iter().map(|goal| goal.text).collect()
    }

    fn by_card(&self, from: usize, to: usize) {
        let card = self.folder.path().join("card");
        let _ = std::fs::remove_file(&card);
        self.phones[from].sync().write_bundle(&card, &BundleContents { spaces: vec![], carried: false }).unwrap();
        self.phones[to].rafiq().read_bundle(&mut File::open(card).unwrap()).unwrap();
    }

    /// Everybody exchanges until nothing new comes.
    fn meet(&self) {
        for _ in 0..4 {
            for phone in &self.phones {
                phone.exchange(&self.url);
            }
        }
    }

    /// Amina's phone writes "forgotten", which Olena gets by card; is put back to the day before; and writes "since", which `others` get.
    fn fork(&mut self, others: &[usize]) {
        let copy = self.phones[AMINA].copied();
        self.add(AMINA, "forgotten");
        self.by_card(AMINA, OLENA);
        self.phones[AMINA].put_back(&copy);
        self.add(AMINA, "since");
        for other in others {
            self.by_card(AMINA, *other);
        }
    }

    /// Everybody has the same goals, the same log and rows, also when written anew, and nothing waits.
    fn agree(&self, goals: &[&str]) {
        let log = |phone: &Phone| -> BTreeSet<[u8; 32]> {
            let space = rafiq::ids::SpaceId::parse(&self.pairing.value).unwrap();
            let read = phone.replica().read(|rows| {
                let mut statement = rows.prepare(
                    "SELECT hash FROM change WHERE space = ?1 UNION SELECT hash FROM entry WHERE space = ?1",
                )?;
                let found = statement.query_map([&space.0[..]], |row| row.get(0))?;
                Ok(found.collect::<Result<_, _>>()?)
            });
            read.unwrap()
        };
        for (who, phone) in self.phones.iter().enumerate() {
            assert_eq!(self.goals(who), goals.iter().map(|goal| (*goal).to_owned()).collect(), "{who}");
            assert_eq!(log(phone), log(&self.phones[OLENA]), "{who}");
            let before = phone.replica().digest(None).unwrap();
            phone.replica().forget_read_model().unwrap();
            phone.replica().project_missing(&rafiq::host::NoProgress).unwrap();
            assert_eq!(phone.replica().digest(None).unwrap(), before);
            let status = phone.sync().status().unwrap();
            assert_eq!((status.waiting, status.unsent_changes, status.outbox), (0, 0, 0), "{who}");
            assert!(status.waiting_for.is_empty(), "{who}: {:?}", status.waiting_for);
            let aside = phone.sync().held_items(100).unwrap();
            assert!(aside.iter().all(|item| item.reason == "fork"), "{who}: {aside:?}");
        }
    }

    /// Under how many names a device has written here.
    fn lives(&self, who: usize) -> i64 {
        let device = self.phones[who].sync().device();
        let count = self.phones[OLENA].replica().read(|rows| {
            let sql = "SELECT count(DISTINCT incarnation) FROM entry WHERE device = ?1";
            Ok(rows.query_row(sql, [&device.0[..]], |row| row.get(0))?)
        });
        count.unwrap()
    }
}

/// Which side stays is for the hashes to say where as many have seen the one as the other: of several seeds each comes to be.
#[test]
fn whatever_was_written_on_either_side_is_there_in_the_end() {
    let mut stayed = BTreeSet::new();
    for seed in 1..=6 {
        let mut circle = circle(seed);
        circle.fork(&[YUSUF]);
        circle.add(OLENA, "on top");
        circle.add(YUSUF, "beside");
        circle.meet();
        circle.agree(&["before", "forgotten", "on top", "since", "beside"]);
        assert_eq!(circle.lives(BOHDAN), 1, "whom it does not concern goes on as before");
        stayed.insert(circle.lives(OLENA) == 1);
        // And everybody goes on.
        circle.phones.iter().for_each(|phone| phone.pass(60_000));
        (0..4).for_each(|who| circle.add(who, &format!("{who} goes on")));
        circle.meet();
        let goals =
            ["before", "forgotten", "on top", "since", "beside", "0 goes on", "1 goes on", "2 goes on", "3 goes on"];
        circle.agree(&goals);
    }
    assert_eq!(stayed.len(), 2, "of six forks one goes the other way");
}

/// The side that two have seen stays, whatever the hashes are; who was on the other writes again.
/// As many as an honest phone never makes are kept of one member, and crowd out nobody else's.
#[test]
fn a_member_who_forks_without_end_keeps_no_other_fork_from_being_seen() {
    let mut circle = circle(3);
    let space = rafiq::ids::SpaceId::parse(&circle.pairing.value).unwrap();
    let bohdan = circle.phones[BOHDAN].sync().device();
    for phone in &circle.phones {
        let flood = |rows: &rusqlite::Connection| {
            let sql = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
                 INSERT INTO held_item (id, space, state, step, reason, item, arrived, tries, author)
                 SELECT CAST(printf('%032d', n) AS BLOB), ?1, 2, 2, 'fork', x'00', 0, 1, ?2 FROM n";
            Ok(rows.execute(sql, rusqlite::params![&space.0[..], &bohdan.0[..]])?)
        };
        assert_eq!(phone.replica().store().write(flood).unwrap(), 1_000);
    }
    circle.fork(&[YUSUF]);
    circle.meet();
    circle.agree(&["before", "forgotten", "since"]);
}

#[test]
fn the_side_that_more_have_seen_stays() {
    for seed in 11..=13 {
        let mut circle = circle(seed);
        circle.fork(&[YUSUF, BOHDAN]);
        circle.add(OLENA, "on top");
        circle.add(YUSUF, "beside");
        circle.add(BOHDAN, "beside too");
        circle.meet();
        circle.agree(&["before", "forgotten", "on top", "since", "beside", "beside too"]);
        assert_eq!([OLENA, YUSUF, BOHDAN].map(|who| circle.lives(who)), [2, 1, 1]);
        let olenas = circle.phones[OLENA].sync().held_items(100).unwrap();
        assert!(!olenas.is_empty(), "what fell is kept, with its author's signature");
    }
}

/// A conflict that somebody was to settle is one afterwards too: what is written again stands beside what was written beside it.
#[test]
fn what_is_written_again_overrules_nobody() {
    let mut circle = circle(21);
    let at = |circle: &Circle, who: usize, day: i64| {
        let phone = &circle.phones[who];
        let now = phone.host.clock.now_ms();
        let meeting =
            Meeting { starts_at_ms: now + day * 86_400_000, zone: "Europe/Vienna".into(), place: String::new() };
        phone.mentoring().set_next_meeting(&circle.pairing, meeting).unwrap();
    };
    let copy = circle.phones[AMINA].copied();
    at(&circle, AMINA, 1);
    circle.by_card(AMINA, OLENA);
    circle.phones[AMINA].put_back(&copy);
    circle.add(AMINA, "since");
    circle.by_card(AMINA, YUSUF);
    circle.by_card(AMINA, BOHDAN);
    // Bohdan has not seen what Amina has written there.
    at(&circle, BOHDAN, 2);
    circle.add(YUSUF, "beside");
    circle.meet();
    for phone in &circle.phones {
        let meeting = phone.mentoring().get(&circle.pairing).unwrap().next_meeting.unwrap();
        assert_eq!(meeting.others.len(), 1, "{meeting:?}");
    }
}
