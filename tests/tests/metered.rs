//! A line that costs by the byte: what is large waits for another one, or until the person says that it may go; what is small goes, and an
//! alert always does. Over a real relay.

use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share, WordsState};
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::{Budget, MeteredLine, Received, SpaceProgress};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use std::path::Path;

const METERED: Budget = Budget { bytes: 512 * 1024, metered: true };

struct Two {
    world: World,
    pairing: PairingId,
    mentor: Phone,
    amina: Phone,
}

fn begin(phone: &Phone) -> PairingId {
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    phone.mentoring().begin(new).unwrap().id
}

fn two() -> Two {
    let (world, mentor, amina) = (World::default(), Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    mentor.sync().set_home_relay(URL).unwrap();
    let pairing = begin(&mentor);
    world.join(&mentor, &amina, &pairing.value);
    world.exchange(&[&mentor, &amina, &mentor, &amina]);
    Two { world, pairing, mentor, amina }
}

/// Words that do not pack well.
fn noise(number: u32, letters: usize) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(&number.to_be_bytes());
    let mut noise = vec![0; letters / 2];
    hash.finalize_xof().fill(&mut noise);
    noise.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Exchanges over a line that costs; what that cost, both ways.
fn spare(world: &World, phone: &Phone) -> (usize, Vec<Received>) {
    let (mut cost, mut all) = (0, Vec::new());
    loop {
        let request = phone.sync().next_exchange(URL, METERED).unwrap();
        let answer = world.answer(&request.bytes);
        cost += request.bytes.len() + answer.len();
        let received = phone.receive(&answer).unwrap();
        let again = received.again;
        all.push(received);
        assert!(all.len() < 10, "it does not come to an end");
        if !again {
            return (cost, all);
        }
    }
}

fn of(phone: &Phone, space: &str) -> SpaceProgress {
    let space = SpaceId::parse(space).unwrap();
    let mut all = phone.sync().progress().unwrap();
    all.retain(|place| place.space == Some(space));
    all.pop().unwrap()
}

impl Two {
    fn tell(&self, number: u32) {
        let share = Share::Pairing { pairing: self.pairing.value.clone() };
        let note = noise(number, 1_900);
        let new = NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note };
        self.amina.check_ins().record(new).unwrap();
    }

    /// How many check-ins the mentor sees, and how many of them with their words.
    fn heard(&self) -> (usize, usize) {
        let filter = CheckInFilter { space: Some(self.pairing.value.clone()), ..CheckInFilter::default() };
        let all = self.mentor.check_ins().list(filter, 200, None).unwrap().items;
        (all.len(), all.iter().filter(|each| each.words == WordsState::Here).count())
    }
}

#[test]
fn a_directory_waits_for_another_line_or_for_the_persons_word() {
    let world = World::default();
    let (curator, reader) = (Phone::new(1, "Maria", "en"), Phone::new(2, "Amina", "prs"));
    curator.sync().set_home_relay(URL).unwrap();
    let space = curator.directory().found("Port Alder", 40).unwrap().space;
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/directory/services.json");
    for _ in 0..8 {
        curator.directory().import(&space, &sample, &NoProgress).unwrap();
    }
    curator.sync().spare_above(64 * 1024, 8 * 1024);
    reader.sync().spare_above(64 * 1024, 8 * 1024);
    let invite = curator.sharing().invite(&space, Reach::Remote).unwrap();
    spare(&world, &curator);
    let waits = of(&curator, &space);
    assert!(waits.unmetered_bytes > 8 * 1024 && waits.done_bytes == waits.total_bytes, "{waits:?}");
    assert_eq!(curator.sync().status().unwrap().unmetered_bytes, waits.unmetered_bytes);
    let services = curator.directory().browse(&space, 1, None).unwrap().items;
    assert_eq!(services.len(), 1);
    world.exchange(&[&curator]);
    assert_eq!(curator.sync().status().unwrap().unmetered_bytes, 0);

    reader.sharing().accept(&invite.text).unwrap();
    let (cost, _) = spare(&world, &reader);
    assert!(cost < 4 * 1024, "{cost} bytes");
    assert_eq!(reader.directory().browse(&space, 1, None).unwrap().items.len(), 0);
    let status = reader.sync().status().unwrap();
    assert_eq!((status.metered_line, status.unmetered_bytes), (None, of(&reader, &space).unmetered_bytes));
    assert!(status.unmetered_bytes >= waits.unmetered_bytes * 9 / 10, "{status:?}");
    // Asking again, also after hours, costs next to nothing.
    for _ in 0..3 {
        reader.pass(25 * 60 * 60 * 1000);
        world.pass(1, &[]);
        let (cost, received) = spare(&world, &reader);
        assert!(cost < 2 * 1024 && received.iter().all(|each| each.delivered.is_empty()), "{cost} bytes");
    }
    // What the person says is kept, and counts.
    reader.sync().set_metered_line(MeteredLine::Wait).unwrap();
    spare(&world, &reader);
    assert_eq!(reader.directory().browse(&space, 1, None).unwrap().items.len(), 0);
    reader.sync().set_metered_line(MeteredLine::Use).unwrap();
    assert_eq!(reader.sync().status().unwrap().unmetered_bytes, 0, "it waits for nothing any more");
    spare(&world, &reader);
    assert_eq!(reader.directory().browse(&space, 1, None).unwrap().items.len(), 1);
    assert_eq!(reader.sync().metered_line().unwrap(), Some(MeteredLine::Use));
}

/// With the limits that hold for people: a few words beside check-ins go over any line; a hundred wait, on the phone that wrote them and on the
/// relay, while what they belong to goes.
#[test]
fn words_go_while_they_are_few() {
    let two = two();
    for number in 0..10 {
        two.tell(number);
    }
    spare(&two.world, &two.amina);
    spare(&two.world, &two.mentor);
    assert_eq!(two.heard(), (10, 10));
    for number in 10..110 {
        two.tell(number);
    }
    spare(&two.world, &two.amina);
    assert!(of(&two.amina, &two.pairing.value).unmetered_bytes > 100_000);
    let (cost, _) = spare(&two.world, &two.mentor);
    assert_eq!(two.heard(), (110, 10), "the words are not there yet, for {cost} bytes");
    assert_eq!(of(&two.mentor, &two.pairing.value).unmetered_bytes, 0, "nobody knows of them here");
    // On her side the line is another one now; on the mentor's not.
    two.world.exchange(&[&two.amina]);
    assert_eq!(two.amina.sync().status().unwrap().unmetered_bytes, 0);
    let (cost, _) = spare(&two.world, &two.mentor);
    assert!(cost < 4 * 1024, "{cost} bytes");
    assert_eq!(two.heard(), (110, 10));
    let waits = of(&two.mentor, &two.pairing.value);
    assert!(waits.unmetered_bytes > 100_000 && waits.done_bytes == waits.total_bytes, "{waits:?}");
    two.world.exchange(&[&two.mentor]);
    assert_eq!(two.heard(), (110, 110));
    assert_eq!(two.mentor.sync().status().unwrap().unmetered_bytes, 0);
}

/// Who was away for so long that half a megabyte waits is told, and decides. An alert comes meanwhile, and one's own work goes.
#[test]
fn a_long_absence_waits_and_an_alert_does_not() {
    let two = two();
    two.mentor.sync().spare_above(24 * 1024, 64 * 1024);
    for number in 0..40 {
        two.amina.mentoring().add_goal(&two.pairing, &noise(number, 500)).unwrap();
        two.world.exchange(&[&two.amina]);
    }
    let share = Share::Pairing { pairing: two.pairing.value.clone() };
    let contact = ContactWish::Today;
    let new = NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact, share, note: String::new() };
    two.amina.check_ins().record(new).unwrap();
    two.world.exchange(&[&two.amina]);
    two.mentor.mentoring().add_goal(&two.pairing, "from the mentor").unwrap();

    spare(&two.world, &two.mentor);
    spare(&two.world, &two.mentor); // the answer to the alert
    assert_eq!(two.mentor.safety().alerts().unwrap().len(), 1);
    assert_eq!(two.mentor.mentoring().goals(&two.pairing).unwrap().len(), 1);
    assert_eq!(two.mentor.sync().status().unwrap().outbox, 0, "what is ours has gone");
    assert!(two.mentor.sync().status().unwrap().unmetered_bytes > 24 * 1024);
    two.world.exchange(&[&two.amina]);
    assert_eq!(two.amina.mentoring().goals(&two.pairing).unwrap().len(), 41);
    two.world.exchange(&[&two.mentor]);
    assert_eq!(two.mentor.mentoring().goals(&two.pairing).unwrap().len(), 41);
}

#[test]
fn no_pack_is_written_for_others_on_such_a_line() {
    let two = two();
    for number in 0..340 {
        // enough whichever of the two stewards has the first turn
        two.mentor.mentoring().add_goal(&two.pairing, &format!("goal {number}")).unwrap();
        spare(&two.world, &two.mentor);
    }
    let received = |all: Vec<Received>| all.iter().map(|each| each.stored).sum::<i64>();
    assert_eq!(received(spare(&two.world, &two.mentor).1), 0);
    let before = two.world.envelopes().len();
    two.world.exchange(&[&two.mentor, &two.mentor]);
    assert!(two.world.envelopes().len() > before, "it was due, and goes now");
}
