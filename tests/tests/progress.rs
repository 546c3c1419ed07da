//! How far an exchange has come: known after every answer, never going back, and right at the end.

use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::{Budget, Received, SpaceProgress};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};

/// As small as requests and answers get.
const LEAST: Budget = Budget { bytes: 1, metered: false };

struct Two {
    world: World,
    pairing: PairingId,
    mentor: Phone,
    amina: Phone,
}

fn two() -> Two {
    let (world, mentor, amina) = (World::default(), Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    mentor.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    world.join(&mentor, &amina, &pairing.value);
    world.exchange(&[&mentor, &amina, &mentor, &amina]);
    Two { world, pairing, mentor, amina }
}

impl Two {
    /// A goal that does not pack well, as a person's words in many languages do not.
    fn write(&self, phone: &Phone, number: u32) {
        let mut hash = blake3::Hasher::new();
        hash.update(&number.to_be_bytes());
        let mut noise = [0; 240];
        hash.finalize_xof().fill(&mut noise);
        let words: String = noise.iter().map(|byte| format!("{byte:02x}")).collect();
        phone.mentoring().add_goal(&self.pairing, &words).unwrap();
    }

    fn step(&self, phone: &Phone) -> Received {
        let request = phone.sync().next_exchange(URL, LEAST).unwrap();
        phone.receive(&self.world.answer(&request.bytes)).unwrap()
    }

    fn progress(&self, phone: &Phone) -> Option<SpaceProgress> {
        let space = SpaceId::parse(&self.pairing.value).unwrap();
        let mut all = phone.sync().progress().unwrap();
        all.retain(|place| place.space == Some(space));
        assert!(all.len() <= 1 && all.iter().all(|place| place.relay == URL));
        all.pop()
    }
}

#[test]
fn what_waits_on_the_relay_is_known_from_the_first_answer_on() {
    let mut two = two();
    for number in 0..240 {
        two.write(&two.mentor, number);
        two.world.exchange(&[&two.mentor]);
    }
    two.write(&two.amina, 1_000);
    two.step(&two.amina); // ends the run that letting her in was
    let (first, mut last) = (two.progress(&two.amina).unwrap(), None);
    assert!(first.done_bytes > 0 && first.total_bytes > first.done_bytes * 2, "{first:?}");
    for round in 0.. {
        let again = two.step(&two.amina).again;
        let now = two.progress(&two.amina).unwrap();
        assert_eq!(now.total_bytes, first.total_bytes, "nobody wrote meanwhile: it was known");
        assert!(now.done_bytes > last.map_or(first.done_bytes, |last: SpaceProgress| last.done_bytes));
        last = Some(now.clone());
        if !again {
            assert_eq!(now.done_bytes, now.total_bytes, "after {round} rounds");
            assert!(round > 0);
            break;
        }
        if round == 0 {
            // The app ends in the middle: what has gone is forgotten, what is left is not.
            two.amina.stop();
            two.amina.start();
            let after = two.progress(&two.amina).unwrap();
            assert_eq!((after.done_bytes, after.total_bytes), (0, now.total_bytes - now.done_bytes));
            break;
        }
    }
    let mut rounds = 0;
    while two.step(&two.amina).again {
        rounds += 1;
        assert!(rounds < 20);
    }
    let end = two.progress(&two.amina).unwrap();
    assert_eq!(end.done_bytes, end.total_bytes);
    assert_eq!(two.amina.mentoring().goals(&two.pairing).unwrap().len(), 241);
    // The next run begins anew, and there is nothing in it.
    two.step(&two.amina);
    assert_eq!(two.progress(&two.amina), None);
}

#[test]
fn what_waits_here_is_known_before_any_answer() {
    let two = two();
    assert!(!two.step(&two.mentor).again);
    for number in 0..600 {
        two.write(&two.mentor, number);
    }
    assert_eq!(two.progress(&two.mentor), None, "nothing is sealed yet");
    two.mentor.sync().next_exchange(URL, LEAST).unwrap();
    let first = two.progress(&two.mentor).unwrap();
    assert!(first.done_bytes == 0 && first.total_bytes > 150_000, "{first:?}");
    let (mut before, mut rounds) = (0, 0);
    loop {
        let again = two.step(&two.mentor).again;
        let now = two.progress(&two.mentor).unwrap();
        assert_eq!(now.total_bytes, first.total_bytes);
        assert!(now.done_bytes > before);
        (before, rounds) = (now.done_bytes, rounds + 1);
        if !again {
            break;
        }
    }
    assert!(before == first.total_bytes && rounds > 1, "{before} of {} in {rounds} rounds", first.total_bytes);
}

/// A line that is cut changes nothing, and a relay that lies about what it has breaks nothing.
#[test]
fn a_cut_line_does_not_count() {
    let two = two();
    assert!(!two.step(&two.mentor).again);
    two.write(&two.mentor, 1);
    let request = two.mentor.sync().next_exchange(URL, LEAST).unwrap();
    let queued = two.progress(&two.mentor).unwrap();
    let answer = two.world.answer(&request.bytes);
    assert!(two.mentor.receive(&answer[..answer.len() - 1]).is_err());
    assert_eq!(two.progress(&two.mentor), Some(queued.clone()));
    two.step(&two.mentor);
    let gone = two.progress(&two.mentor).unwrap();
    assert_eq!((gone.done_bytes, gone.total_bytes), (queued.total_bytes, queued.total_bytes));
}
