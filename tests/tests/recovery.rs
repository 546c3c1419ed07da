//! The recovery kit: a phone is lost, and twelve words bring back on another what its person had written for themselves.

use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share};
use rafiq::mentoring::NewPairing;
use rafiq::people::NewMe;
use rafiq::recovery::words::KitSecret;
use rafiq::sync::{Budget, BundleContents};
use rafiq_protocol::{Request, Response, SectionBody, Status};
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in, post};
use tempfile::TempDir;

struct Scene {
    folder: TempDir,
    config: Config,
    relay: Option<RelayHandle>,
    url: String,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("relay.db"));
        let relay = RelayHandle::start(config.clone()).unwrap();
        config.listen = relay.addr(); // the same after a restart
        let url = relay.url();
        Self { folder, config, relay: Some(relay), url }
    }

    /// Another relay answers at the address, and has nothing.
    fn replace_relay(&mut self) {
        self.relay.take().unwrap().stop().unwrap();
        for side in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(self.folder.path().join(format!("relay.db{side}"))));
        }
        self.relay = Some(RelayHandle::start(self.config.clone()).unwrap());
    }

    /// A phone on which somebody has written two notes for themselves and made a kit that is ready; and the kit's words.
    fn with_kit(&self, seed: u64) -> (Phone, String) {
        let phone = Phone::new(seed, "Amina", "ar");
        phone.sync().set_home_relay(&self.url).unwrap();
        write(&phone, "a bad night");
        write(&phone, "a better one");
        let words = self.make_kit(&phone);
        (phone, words)
    }

    fn make_kit(&self, phone: &Phone) -> String {
        let made = phone.recovery().make_kit().unwrap();
        assert_eq!(made.relay, self.url);
        for _ in 0..3 {
            phone.exchange(&self.url);
        }
        assert!(phone.recovery().kit().unwrap().unwrap().ready);
        made.words.to_string()
    }

    fn recover(&self, phone: &Phone, words: &str) -> Result<(), Error> {
        phone.recovery().recover(words, &self.url, |exchange| post(&exchange.relay, &exchange.bytes))
    }

    /// A new phone that was given the words, and has read.
    fn recovered(&self, seed: u64, words: &str) -> Phone {
        let phone = Phone::unnamed(seed);
        self.recover(&phone, words).unwrap();
        phone.exchange(&self.url);
        assert!(!phone.recovery().is_reading().unwrap());
        phone.exchange(&self.url);
        phone
    }
}

fn write(phone: &Phone, note: &str) {
    try_to_write(phone, note).unwrap();
}

fn try_to_write(phone: &Phone, note: &str) -> Result<(), Error> {
    let new = NewCheckIn {
        feeling: Feeling::Good,
        helps: Vec::new(),
        contact: ContactWish::No,
        share: Share::Private,
        note: note.into(),
    };
    phone.check_ins().record(new).map(|_| ())
}

fn notes(phone: &Phone) -> Vec<String> {
    let found = phone.check_ins().list(CheckInFilter::default(), 50, None).unwrap();
    let mut notes: Vec<String> = found.items.into_iter().map(|item| item.note).collect();
    notes.sort();
    notes
}

#[test]
fn a_new_phone_has_all_and_the_lost_one_is_out() {
    let scene = Scene::new();
    let (lost, words) = scene.with_kit(1);
    let me = lost.people().me().unwrap().unwrap();
    let new = scene.recovered(2, &words);
    assert_eq!(new.people().me().unwrap().unwrap(), me);
    assert_eq!(notes(&new), ["a bad night", "a better one"]);
    write(&new, "a new phone");
    new.exchange(&scene.url);

    // The lost phone learns that it is out, and nothing of what was written since.
    write(&lost, "who has found this phone?");
    for _ in 0..3 {
        lost.exchange(&scene.url);
    }
    new.exchange(&scene.url);
    assert_eq!(notes(&lost), ["a bad night", "a better one", "who has found this phone?"]);
    assert_eq!(notes(&new), ["a bad night", "a better one", "a new phone"]);
}

/// What somebody has written for themselves alone is sealed for a kit and for nobody else: not for a card, nor for the relay of a phone without a kit.
#[test]
fn without_a_kit_nothing_is_sealed_and_no_card_has_it() {
    let scene = Scene::new();
    let phone = Phone::new(17, "Amina", "ar");
    write(&phone, "a bad night");
    let card = |name: &str| {
        let file = scene.folder.path().join(name);
        phone.sync().write_bundle(&file, &BundleContents { spaces: vec![], carried: false }).unwrap()
    };
    assert_eq!((card("before").envelopes, phone.sync().status().unwrap().outbox), (0, 0));
    phone.sync().set_home_relay(&scene.url).unwrap();
    phone.exchange(&scene.url);
    assert_eq!((card("after").envelopes, phone.sync().status().unwrap().outbox), (0, 0));
    write(&phone, "a better one");
    scene.make_kit(&phone);
    assert_eq!(card("with a kit").envelopes, 0);
}

#[test]
fn words_that_are_not_right_change_nothing() {
    let scene = Scene::new();
    let (_amina, words) = scene.with_kit(1);
    let new = Phone::unnamed(2);
    let mut wrong: Vec<&str> = words.split(' ').collect();
    wrong.swap(0, 1);
    let nobodys = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let mut refused = vec![("legal winner", "count"), ("a b c d e f g h i j k l", "unknown"), (nobodys, "no-kit")];
    let wrong = wrong.join(" ");
    if KitSecret::parse(&wrong).is_err() {
        refused.push((&wrong, "checksum"));
    }
    for (words, reason) in refused {
        assert_eq!(scene.recover(&new, words), Err(Error::Invalid { field: "words", reason }));
    }
    assert_eq!(new.recovery().begin(&words, "").unwrap_err(), Error::Invalid { field: "relay", reason: "missing" });
    // No line: it may be tried again.
    let nobody_there = new.recovery().recover(&words, &scene.url, |_| Err(Error::Host { reason: "carrier" }));
    assert_eq!(nobody_there, Err(Error::Host { reason: "carrier" }));
    let unexpected = Error::Invalid { field: "response", reason: "unexpected" };
    let asked = new.recovery().begin(&words, &scene.url).unwrap();
    new.recovery().give_up();
    assert_eq!(new.recovery().take(&post(&asked.relay, &asked.bytes).unwrap()), Err(unexpected));
    assert_eq!(new.people().me().unwrap(), None);
    scene.recover(&new, &words).unwrap();
}

#[test]
fn a_profile_that_is_in_use_stays_its_persons() {
    let scene = Scene::new();
    let (_amina, words) = scene.with_kit(1);
    let other = Phone::new(2, "Farid", "prs");
    let in_use = Err(Error::Invalid { field: "profile", reason: "in-use" });
    assert_eq!(scene.recover(&other, &words), in_use);
    // Also if it is taken into use while the answer is on its way.
    let late = Phone::unnamed(3);
    let named = late.recovery().recover(&words, &scene.url, |exchange| {
        if late.people().me().unwrap().is_none() {
            late.people().set_me(NewMe { name: "Late".into(), language: "uk".into(), calendar: None }).unwrap();
        }
        post(&exchange.relay, &exchange.bytes)
    });
    assert_eq!(named, in_use);
    assert_eq!(late.people().me().unwrap().unwrap().name, "Late");
}

#[test]
fn a_lost_phone_goes_on_writing_in_vain() {
    let scene = Scene::new();
    let (lost, words) = scene.with_kit(1);
    write(&lost, "never sent");
    let before = lost.sync().next_exchange(&scene.url, Budget::default()).unwrap();
    let new = scene.recovered(2, &words);
    write(&new, "after the loss");
    new.exchange(&scene.url);

    // What the lost phone had ready is refused, and so is whatever it sends without having heard: the relay knows it there no more.
    let answer = Response::decode(&post(&before.relay, &before.bytes).unwrap()).unwrap();
    assert!(answer.results.iter().any(|result| result.status == Status::Forbidden), "{:?}", answer.results);
    write(&lost, "and again");
    assert!(lost.receive(&answer.encode().unwrap()).is_ok());
    // It has heard in its own inbox, and says so to whoever writes.
    let written = try_to_write(&lost, "and again");
    assert!(matches!(written, Err(Error::NotAllowed { .. })), "{written:?}");
    for _ in 0..4 {
        lost.exchange(&scene.url);
        new.exchange(&scene.url);
    }
    assert_eq!(notes(&new), ["a bad night", "a better one", "after the loss"]);
    assert!(!notes(&lost).contains(&"after the loss".into()));
    // It cannot make a kit either, with which it would come back.
    let refused = lost.recovery().make_kit();
    assert!(matches!(refused, Err(Error::NotAllowed { .. })), "{refused:?}");
    // And its keys open nothing that was sealed since.
    write(&new, "for nobody else");
    let leaving = new.sync().next_exchange(&scene.url, Budget::default()).unwrap();
    let leaving = Request::decode(&leaving.bytes).unwrap().sections;
    let put: Vec<Vec<u8>> =
        leaving.iter().flat_map(|section| SectionBody::decode(&section.body).unwrap().put).collect();
    assert!(!put.is_empty());
    for envelope in put {
        assert!(new.sync().open_any(&envelope).unwrap().is_some());
        assert_eq!(lost.sync().open_any(&envelope).unwrap(), None);
    }
}

#[test]
fn another_kit_replaces_the_first_and_a_kit_serves_again() {
    let scene = Scene::new();
    let (phone, first) = scene.with_kit(1);
    let second = scene.make_kit(&phone);
    write(&phone, "with another kit");
    phone.exchange(&scene.url);
    let late = Phone::unnamed(2);
    assert_eq!(scene.recover(&late, &first), Err(Error::Invalid { field: "words", reason: "no-kit" }));
    assert_eq!(late.people().me().unwrap(), None);

    let third = scene.recovered(3, &second);
    let all = ["a bad night", "a better one", "with another kit"];
    assert_eq!(notes(&third), all);
    write(&third, "lost once more");
    third.exchange(&scene.url);
    assert!(third.recovery().kit().unwrap().unwrap().ready);
    let fourth = scene.recovered(4, &second);
    assert_eq!(notes(&fourth), ["a bad night", "a better one", "lost once more", "with another kit"]);
    // The phones before are both out.
    for out in [&phone, &third] {
        write(out, "nobody reads this");
        out.exchange(&scene.url);
        out.exchange(&scene.url);
    }
    fourth.exchange(&scene.url);
    assert!(!notes(&fourth).contains(&"nobody reads this".into()));
    // A kit that the person makes now replaces the one that brought them here.
    scene.make_kit(&fourth);
    let fifth = Phone::unnamed(5);
    assert_eq!(scene.recover(&fifth, &second), Err(Error::Invalid { field: "words", reason: "no-kit" }));
}

/// A lost phone is found and switched on after the relay has lost everything: it says again what it had said to the kit before it was out.
#[test]
fn what_the_lost_phone_said_to_the_kit_counts_no_more() {
    let mut scene = Scene::new();
    let (lost, words) = scene.with_kit(1);
    let new = scene.recovered(2, &words);
    write(&new, "since then");
    new.exchange(&scene.url);
    scene.replace_relay();
    for phone in [&new, &lost] {
        for _ in 0..3 {
            phone.exchange(&scene.url);
        }
    }
    new.exchange(&scene.url);
    let third = scene.recovered(3, &words);
    assert_eq!(notes(&third), ["a bad night", "a better one", "since then"]);
}

#[test]
fn nothing_of_the_words_stays_on_the_phone() {
    let scene = Scene::new();
    let (phone, words) = scene.with_kit(1);
    let new = scene.recovered(2, &words);
    let keys = KitSecret::parse(&words).unwrap().keys();
    for phone in [&phone, &new] {
        let mut held = Vec::new();
        phone.sync().dump(&mut |_, bytes| held.extend_from_slice(bytes)).unwrap();
        assert!(contains(&held, &keys.device().0), "the kit's public name is known");
        assert!(!contains(&held, keys.seed()), "its seed is not");
        assert!(!contains(&held, words.as_bytes()));
        assert!(!contains(&held, words.split(' ').take(3).collect::<Vec<_>>().join(" ").as_bytes()));
    }
    // The founder's key, which could let anybody in for ever, is with nobody.
    let founders: i64 = phone
        .replica()
        .read(|rows| Ok(rows.query_row("SELECT count(*) FROM space_key WHERE purpose = 2", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(founders, 0);
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

#[test]
fn the_app_may_end_at_any_step() {
    let scene = Scene::new();
    let mut amina = Phone::new(1, "Amina", "ar");
    let restarted = |phone: &mut Phone| {
        phone.stop();
        phone.start();
    };
    assert_eq!(amina.recovery().make_kit().unwrap_err(), Error::Invalid { field: "relay", reason: "missing" });
    amina.sync().set_home_relay(&scene.url).unwrap();
    for number in 0..40 {
        write(&amina, &format!("night {number}"));
    }
    assert_eq!(amina.recovery().kit().unwrap(), None);
    let words = amina.recovery().make_kit().unwrap().words;
    restarted(&mut amina);
    assert!(!amina.recovery().kit().unwrap().unwrap().ready);
    amina.exchange(&scene.url);
    restarted(&mut amina);
    amina.exchange(&scene.url);
    amina.exchange(&scene.url);
    assert!(amina.recovery().kit().unwrap().unwrap().ready);

    let mut new = Phone::unnamed(2);
    scene.recover(&new, &words).unwrap();
    restarted(&mut new);
    assert!(new.recovery().is_reading().unwrap());
    assert_eq!(new.recovery().make_kit().unwrap_err(), Error::Invalid { field: "kit", reason: "recovering" });
    for _ in 0..12 {
        let one = Budget { bytes: 1, metered: false };
        let exchange = new.sync().next_exchange(&scene.url, one).unwrap();
        restarted(&mut new);
        let again = new.sync().next_exchange(&scene.url, one).unwrap();
        drop(exchange);
        new.receive(&post(&again.relay, &again.bytes).unwrap()).unwrap();
        restarted(&mut new);
    }
    assert!(!new.recovery().is_reading().unwrap());
    new.exchange(&scene.url);
    assert_eq!(notes(&new).len(), 40);
    assert_eq!(new.people().me().unwrap(), amina.people().me().unwrap());
}

#[test]
fn a_steward_lets_the_new_phone_into_what_was_shared() {
    let scene = Scene::new();
    let (amina, words) = scene.with_kit(1);
    let mentor = Phone::new(9, "Olena", "uk");
    mentor.sync().set_home_relay(&scene.url).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    let_in(&mentor, &amina, &pairing.value, |each| drop(each.exchange(&scene.url)));
    mentor.mentoring().add_goal(&pairing, "Learn to swim").unwrap();
    mentor.exchange(&scene.url);

    let phone = scene.recovered(2, &words);
    assert_eq!(phone.sharing().spaces().unwrap(), []);
    // The lost phone is there in the name of the same person: it is taken out first.
    let me = phone.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&pairing.value, &me).unwrap();
    mentor.exchange(&scene.url);
    let_in(&mentor, &phone, &pairing.value, |each| drop(each.exchange(&scene.url)));
    let goals = phone.mentoring().goals(&pairing).unwrap();
    assert_eq!(goals.into_iter().map(|goal| goal.text).collect::<Vec<_>>(), ["Learn to swim"]);
    let people = mentor.people().list(&pairing.value).unwrap();
    assert_eq!(people.iter().filter(|person| person.id == me).count(), 1);
}

#[test]
fn a_phone_that_had_forgotten_makes_a_kit_of_all() {
    let scene = Scene::new();
    let (mut amina, mentor) = (Phone::new(1, "Amina", "ar"), Phone::new(9, "Olena", "uk"));
    mentor.sync().set_home_relay(&scene.url).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    let_in(&mentor, &amina, &pairing.value, |each| drop(each.exchange(&scene.url)));
    write(&amina, "before");
    let copy = amina.copied();
    amina.mentoring().add_goal(&pairing, "Forgotten").unwrap();
    amina.exchange(&scene.url);
    amina.put_back(&copy);
    amina.exchange(&scene.url);
    write(&amina, "after");
    amina.sync().set_home_relay(&scene.url).unwrap();
    let words = scene.make_kit(&amina);
    let new = scene.recovered(2, &words);
    assert_eq!(notes(&new), ["after", "before"]);
}

#[test]
fn a_relay_that_lost_everything_is_given_it_again() {
    let mut scene = Scene::new();
    let (amina, words) = scene.with_kit(1);
    scene.replace_relay();
    for _ in 0..4 {
        amina.exchange(&scene.url);
    }
    assert!(amina.recovery().kit().unwrap().unwrap().ready);
    let new = scene.recovered(2, &words);
    assert_eq!(notes(&new), ["a bad night", "a better one"]);
}
