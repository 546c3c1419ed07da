//! The line to the relay: not there, slow, cut.

use rafiq::Error;
use rafiq_tests::faults::Scene;
use rafiq_tests::proxy::{Line, PATIENCE, carry};
use std::time::{Duration, Instant};

const NO_LINE: Error = Error::Host { reason: "carrier" };

#[test]
fn relay_down() {
    let scene = Scene::new(40);
    let text = scene.newcomer_writes("written while nobody answers");
    scene.line.set(Line::Closed);
    for _ in 0..3 {
        assert_eq!(scene.newcomer_exchange().err(), Some(NO_LINE));
    }
    let status = scene.newcomer.sync().status().unwrap();
    assert_eq!((status.outbox, status.unsent_changes), (1, 0), "signed, sealed, kept, and once only");
    // Nobody at the address at all.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(carry(&format!("http://{nobody}"), b"", PATIENCE).err(), Some(NO_LINE));
    scene.converge();
    assert!(scene.goals(&scene.mentor).contains(&text));
}

#[test]
fn relay_slow() {
    let mut scene = Scene::new(41);
    let (hers, his) = (scene.newcomer_writes("hers"), scene.mentor_writes("his"));
    scene.line.set(Line::Slow(4, Duration::from_millis(70)));
    scene.mentor_exchange().expect("slow, and in time");
    // A byte now and then, for ever: the phone does not wait for ever.
    scene.line.set(Line::Slow(1_000, Duration::from_millis(100)));
    scene.patience = Duration::from_secs(1);
    let began = Instant::now();
    assert_eq!(scene.newcomer_exchange().err(), Some(NO_LINE));
    assert!(began.elapsed() < Duration::from_secs(10));
    scene.patience = PATIENCE;
    assert!(!scene.goals(&scene.newcomer).contains(&his), "half an answer is none");
    assert_eq!(scene.newcomer.sync().status().unwrap().outbox, 1);
    scene.converge();
    assert!(scene.goals(&scene.newcomer).contains(&his) && scene.goals(&scene.mentor).contains(&hers));
}

#[test]
fn relay_cut_mid_body() {
    let scene = Scene::new(42);
    for percent in [0, 1, 30, 60, 99] {
        let (hers, his) =
            (scene.newcomer_writes(&format!("hers {percent}")), scene.mentor_writes(&format!("his {percent}")));
        scene.line.set(Line::Honest);
        scene.mentor_exchange().unwrap();
        scene.line.set(Line::Cut(percent));
        assert_eq!(scene.newcomer_exchange().err(), Some(NO_LINE));
        assert!(!scene.goals(&scene.newcomer).contains(&his), "half an answer is none");
        // What a carrier that does not look hands on is no answer either, and the right one is still taken after it.
        let asked = scene.newcomer.sync().next_exchange(&scene.line.url(), Default::default()).unwrap();
        scene.line.set(Line::Honest);
        let answer = carry(&asked.relay, &asked.bytes, PATIENCE).unwrap();
        for end in [0, 1, answer.len() / 2, answer.len() - 1] {
            let refused = scene.newcomer.receive(&answer[..end]).err();
            assert_eq!(refused, Some(Error::Invalid { field: "response", reason: "format" }));
        }
        scene.newcomer.receive(&answer).unwrap();
        assert!(scene.goals(&scene.newcomer).contains(&his));
        scene.converge();
        assert!(scene.goals(&scene.mentor).contains(&hers));
    }
    // The other half: the request arrived, and nobody told her.
    let hers = scene.newcomer_writes("arrived twice");
    scene.line.set(Line::AnswerLost);
    assert_eq!(scene.newcomer_exchange().err(), Some(NO_LINE));
    assert_eq!(scene.newcomer.sync().status().unwrap().outbox, 1, "not acknowledged, so kept");
    scene.converge();
    let goals = scene.mentor.mentoring().goals(&scene.pairing).unwrap();
    assert_eq!(goals.iter().filter(|goal| goal.text == hers).count(), 1, "sent twice, there once");
}
