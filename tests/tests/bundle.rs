//! No relay anywhere: people share a pairing by bundles alone, some of them in the pocket of somebody who can read none of it.

use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share};
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::{BundleContents, BundleReport, BundleWritten, Carried, Damaged};
use rafiq_tests::phone::Phone;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Card(TempDir);

impl Card {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("card.rafiq")
    }
}

fn write(phone: &Phone, file: &Path) -> BundleWritten {
    phone.sync().write_bundle(file, &BundleContents { spaces: vec![], carried: true }).unwrap()
}

fn read(phone: &Phone, file: &Path) -> BundleReport {
    phone.rafiq().read_bundle(&mut File::open(file).unwrap()).unwrap()
}

/// A mentor and a newcomer who share a pairing, let in by two bundles.
fn pair(card: &Card) -> (Phone, Phone, PairingId) {
    let (mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "prs"));
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    join(&mentor, &newcomer, &pairing, card);
    (mentor, newcomer, pairing)
}

/// Invited, asked, let in: there and back by card.
fn join(mentor: &Phone, newcomer: &Phone, pairing: &PairingId, card: &Card) {
    let invite = mentor.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
    newcomer.sharing().accept(&invite.text).unwrap();
    write(newcomer, &card.file());
    read(mentor, &card.file());
    let request = mentor.sharing().requests().unwrap().remove(0);
    mentor.sharing().admit(&request.id).unwrap();
    write(mentor, &card.file());
    read(newcomer, &card.file());
    assert_eq!(newcomer.sharing().spaces().unwrap().len(), 1, "the welcome was on the card");
}

fn goals(phone: &Phone, pairing: &PairingId) -> Vec<String> {
    phone.mentoring().goals(pairing).unwrap().into_iter().map(|goal| goal.text).collect()
}

#[test]
fn two_people_share_by_card_alone() {
    let card = Card::new();
    let (mentor, newcomer, pairing) = pair(&card);
    newcomer.mentoring().add_goal(&pairing, "Read a newspaper").unwrap();
    mentor.mentoring().add_goal(&pairing, "Find the library").unwrap();
    write(&newcomer, &card.file());
    write(&mentor, &card.file());
    let report = read(&newcomer, &card.file());
    assert!(report.taken > 0 && report.damaged.is_empty(), "{report:?}");
    read(&mentor, &card.file());
    let (mut one, mut two) = (goals(&mentor, &pairing), goals(&newcomer, &pairing));
    one.sort();
    two.sort();
    assert_eq!(one, ["Find the library", "Read a newspaper"]);
    assert_eq!(one, two);

    let again = read(&mentor, &card.file());
    assert_eq!((again.taken, again.damaged.len()), (0, 0), "{again:?}");
    assert!(again.known > 0);
    let before = fs::read(card.file()).unwrap();
    let written = write(&mentor, &card.file());
    assert_eq!((written.envelopes, written.bytes), (0, before.len() as i64), "nothing is new");
    assert_eq!(fs::read(card.file()).unwrap(), before);
}

/// What is written in a space that somebody has asked to be let into stands on the card before their welcome, or on another card.
#[test]
fn who_waits_to_be_let_in_keeps_what_they_will_read() {
    let card = Card::new();
    let (mentor, _, pairing) = pair(&card);
    mentor.mentoring().add_goal(&pairing, "Find the library").unwrap();
    let other = Phone::new(3, "Farid", "prs");
    let invite = mentor.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
    let first = Card::new();
    write(&mentor, &first.file());
    other.sharing().accept(&invite.text).unwrap();
    let report = read(&other, &first.file());
    assert_eq!((report.aside, report.carried, report.left), (4, 0, 1), "a note to another's inbox is left: {report:?}");
    // What is carried for others takes none of its room.
    other.sync().carry(1).unwrap();
    assert_eq!(read(&other, &first.file()).left, 1);
    other.sync().carry(0).unwrap();
    assert_eq!(other.sync().carried().unwrap(), Carried::default());
    write(&other, &first.file());
    read(&mentor, &first.file());
    let request = mentor.sharing().requests().unwrap().remove(0);
    mentor.sharing().admit(&request.id).unwrap();
    // Only what is new comes to him by the second card.
    let had = envelopes(&first.file());
    write(&mentor, &first.file());
    let new = envelopes(&first.file()).into_iter().filter(|envelope| !had.contains(envelope));
    let second = Card::new();
    fs::write(second.file(), rafiq_tests::card::card(new)).unwrap();
    let report = read(&other, &second.file());
    assert!(report.taken > 0, "{report:?}");
    assert_eq!(goals(&other, &pairing), ["Find the library"]);
    assert_eq!(other.sync().carried().unwrap().envelopes, 0);
}

/// Everybody ends reading before the end of such a file: nothing is written there that nobody would find.
#[test]
fn a_card_that_is_not_read_to_its_end_is_not_added_to() {
    let card = Card::new();
    let (mentor, _, pairing) = pair(&card);
    let whole = fs::read(card.file()).unwrap();
    let mut damaged = rafiq_tests::card::card(envelopes(&card.file()).into_iter().take(1));
    *damaged.last_mut().unwrap() ^= 1;
    let spoilt = [whole, damaged.repeat(1_001)].concat();
    fs::write(card.file(), &spoilt).unwrap();
    mentor.mentoring().add_goal(&pairing, "Find the library").unwrap();
    let refused = mentor.sync().write_bundle(&card.file(), &BundleContents::default()).unwrap_err();
    assert_eq!(refused, Error::Storage { code: -1 });
    assert!(fs::read(card.file()).unwrap() == spoilt, "nothing of it was changed");
}

#[test]
fn a_courier_carries_what_it_cannot_read() {
    let card = Card::new();
    let (mentor, newcomer, pairing) = pair(&card);
    let courier = Phone::new(3, "Maria", "en");
    newcomer.mentoring().add_goal(&pairing, "Read a newspaper").unwrap();
    let (to, on) = (Card::new(), Card::new());
    write(&newcomer, &to.file());

    let report = read(&courier, &to.file());
    assert_eq!((report.taken, report.carried), (0, 0), "nobody carries who was not asked: {report:?}");
    assert!(report.left > 0);
    courier.sync().carry(1 << 20).unwrap();
    let report = read(&courier, &to.file());
    assert!(report.carried > 0 && report.left == 0, "{report:?}");
    assert_eq!(read(&courier, &to.file()).known, report.carried, "and once");
    for envelope in envelopes(&to.file()) {
        assert_eq!(courier.sync().open_any(&envelope).unwrap(), None);
    }
    write(&courier, &on.file());
    read(&mentor, &on.file());
    assert_eq!(goals(&mentor, &pairing), ["Read a newspaper"]);

    courier.sync().carry(2_000).unwrap();
    let carried = courier.sync().carried().unwrap();
    assert!(carried.bytes <= 2_000 && carried.envelopes > 0, "{carried:?}");
    courier.sync().carry(0).unwrap();
    assert_eq!(courier.sync().carried().unwrap().envelopes, 0);
    assert_eq!(courier.sync().carry(-1), Err(Error::invalid("quota", "range")));
}

#[test]
fn whoever_was_taken_out_finds_nothing_new_on_a_card() {
    let card = Card::new();
    let (mentor, newcomer, pairing) = pair(&card);
    let other = Phone::new(3, "Farid", "prs");
    join(&mentor, &other, &pairing, &card);
    mentor.mentoring().add_goal(&pairing, "before").unwrap();
    write(&mentor, &card.file());
    read(&newcomer, &card.file());
    read(&other, &card.file());
    assert_eq!(goals(&other, &pairing), ["before"]);

    mentor.sharing().remove(&pairing.value, &other.people().me().unwrap().unwrap().id).unwrap();
    // Written far from there, under the old key, and read by the mentor before he has written anything himself.
    newcomer.mentoring().add_goal(&pairing, "meanwhile").unwrap();
    let to_mentor = Card::new();
    write(&newcomer, &to_mentor.file());
    read(&mentor, &to_mentor.file());
    let after = Card::new();
    write(&mentor, &after.file());
    mentor.mentoring().add_goal(&pairing, "after").unwrap();
    write(&mentor, &after.file());
    for envelope in envelopes(&after.file()) {
        let opened = other.sync().open_any(&envelope).unwrap();
        let tells = |words: &[u8]| opened.iter().flatten().any(|part| part.windows(words.len()).any(|at| at == words));
        assert!(!tells(b"meanwhile") && !tells(b"after"), "sealed only to those who belong");
    }
    let report = read(&newcomer, &after.file());
    assert_eq!((report.aside, report.damaged.len()), (0, 0), "{report:?}");
    let sorted = |phone: &Phone| {
        let mut goals = goals(phone, &pairing);
        goals.sort();
        goals
    };
    assert_eq!(sorted(&newcomer), ["after", "before", "meanwhile"]);
    assert_eq!(sorted(&mentor), sorted(&newcomer));

    // They are told, keep what they have read, and write into no bundle of that space any more.
    read(&other, &after.file());
    assert_eq!(goals(&other, &pairing), ["before"]);
    assert!(matches!(other.mentoring().add_goal(&pairing, "still here"), Err(Error::NotAllowed { .. })));
    let theirs = Card::new();
    write(&other, &theirs.file());
    assert!(envelopes(&theirs.file()).iter().all(|envelope| newcomer.sync().open_any(envelope).unwrap().is_none()));
    let contents = BundleContents { spaces: vec![SpaceId::parse(&pairing.value).unwrap()], carried: false };
    let refused = other.sync().write_bundle(&theirs.file(), &contents);
    assert!(matches!(refused, Err(Error::NotAllowed { .. })), "{refused:?}");
    // Whoever comes later reads all of it from one card.
    let late = Phone::new(4, "Shirin", "prs");
    let last = Card::new();
    join(&mentor, &late, &pairing, &last);
    assert_eq!(sorted(&late), sorted(&mentor));
}

#[test]
fn whoever_was_let_in_far_from_a_removal_reads_on() {
    let card = Card::new();
    let (mentor, newcomer, pairing) = pair(&card);
    let (other, late) = (Phone::new(3, "Farid", "prs"), Phone::new(4, "Shirin", "prs"));
    join(&mentor, &other, &pairing, &card);
    read(&newcomer, &card.file());
    // The mentor takes one out, the newcomer, who does not know, lets another in.
    mentor.sharing().remove(&pairing.value, &other.people().me().unwrap().unwrap().id).unwrap();
    mentor.mentoring().add_goal(&pairing, "after").unwrap();
    let (here, there) = (Card::new(), Card::new());
    write(&mentor, &here.file());
    join(&newcomer, &late, &pairing, &there);
    read(&mentor, &there.file());
    mentor.mentoring().add_goal(&pairing, "later").unwrap();
    write(&mentor, &here.file());
    read(&newcomer, &here.file());
    write(&newcomer, &here.file());
    let report = read(&late, &here.file());
    let mut found = goals(&late, &pairing);
    found.sort();
    assert_eq!(found, ["after", "later"], "{report:?}");
}

#[test]
fn an_alert_and_its_answer_go_by_card() {
    let card = Card::new();
    let (mentor, newcomer, pairing) = pair(&card);
    let share = Share::Pairing { pairing: pairing.value.clone() };
    write(&newcomer, &card.file());
    read(&mentor, &card.file());
    newcomer
        .check_ins()
        .record(NewCheckIn {
            feeling: Feeling::Hard,
            helps: vec![],
            contact: ContactWish::Today,
            share,
            note: String::new(),
        })
        .unwrap();
    write(&newcomer, &card.file());
    read(&mentor, &card.file());
    assert_eq!(mentor.safety().alerts().unwrap().len(), 1);
    assert!(!mentor.check_ins().list(CheckInFilter::default(), 10, None).unwrap().items.is_empty());
    write(&mentor, &card.file());
    let (_, received) = newcomer.sync().read_bundle(&mut File::open(card.file()).unwrap()).unwrap();
    assert!(received.delivered.contains(&"alert-received"), "{received:?}");
}

#[test]
fn a_cut_bundle_goes_on_and_a_damaged_one_is_mended() {
    let card = Card::new();
    let (mentor, newcomer, pairing) = pair(&card);
    for number in 0..12 {
        newcomer.mentoring().add_goal(&pairing, &format!("Goal {number}")).unwrap();
        write(&newcomer, &card.file());
    }
    let whole = Card::new();
    write(&newcomer, &whole.file());
    let good = fs::read(whole.file()).unwrap();
    for length in [1, 100, good.len() / 3, good.len() - 40, good.len() - 1] {
        fs::write(card.file(), &good[..length]).unwrap();
        let cut = read(&mentor, &card.file());
        assert_eq!(cut.damaged.iter().map(|damage| damage.what).collect::<Vec<_>>(), [Damaged::Cut], "{length}");
        write(&newcomer, &card.file());
        let mended = read(&mentor, &card.file());
        assert_eq!(mended.damaged, [], "{length}");
        assert_eq!(envelopes(&card.file()).len(), envelopes(&whole.file()).len(), "{length}: none twice");
    }
    let mut bad = good.clone();
    let middle = good.len() * 2 / 3;
    bad[middle] ^= 1;
    fs::write(card.file(), &bad).unwrap();
    assert_eq!(write(&newcomer, &card.file()).envelopes, 1, "what was damaged is written again");
    assert_eq!(read(&mentor, &card.file()).damaged.len(), 1);
    assert_eq!(goals(&mentor, &pairing).len(), 12);
}

#[test]
fn what_is_no_bundle_is_neither_read_nor_touched() {
    let card = Card::new();
    let phone = Phone::new(1, "Olena", "uk");
    fs::write(card.file(), b"a photograph").unwrap();
    let refused = Error::invalid("file", "not-a-bundle");
    let contents = BundleContents::default();
    assert_eq!(phone.sync().write_bundle(&card.file(), &contents).err(), Some(refused.clone()));
    let read = phone.rafiq().read_bundle(&mut OpenOptions::new().read(true).open(card.file()).unwrap());
    assert_eq!(read.err(), Some(refused));
    assert_eq!(fs::read(card.file()).unwrap(), b"a photograph");
}

fn envelopes(file: &Path) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    rafiq::sync::bundle::scan::scan(&mut File::open(file).unwrap(), &mut |found| {
        if let rafiq::sync::bundle::scan::Found::Envelope(_, bytes) = found {
            all.push(bytes.to_vec());
        }
        Ok(())
    })
    .unwrap();
    all
}
