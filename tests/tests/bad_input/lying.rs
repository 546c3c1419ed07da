//! Who changes what the relay says: damaged and forged envelopes, and every lie that the messages can tell.
//!
//! What holds. An answer that does not fit its request is refused whole. Nothing that a relay says deletes, refuses for good or
//! hides what a member has written: the worst is that it comes later. What was kept back is noticed when a later entry of its
//! author, or anybody's head, names it; then the place is read from its start again, once at once and from then on hourly,
//! daily if what was missing the last time has not come.
//! What a relay acknowledged and dropped is noticed by the others in the same way ("waiting"), but not by its author: their phone
//! offers it again when the relay says that it was restored, or is another one.

use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::{DeviceKeys, DocumentName, Draft, Entry, EntryHash, EpochKey, Item, OperationHash, open, seal};
use rafiq_protocol::{
    Cursor, MESSAGE_VERSION, PostResult, Request, Response, SectionBody, SectionResult, Status, StoredEnvelope, Tag,
    Urgency, request_id,
};
use rafiq_tests::faults::{Dice, Scene};
use rafiq_tests::mutants::bombs;
use rafiq_tests::phone::Phone;
use rafiq_tests::proxy::Line;
use rafiq_tests::taken::secrets;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const HOUR_MS: i64 = 3_600_000;
const TEN_YEARS_MS: i64 = 3_652 * 24 * HOUR_MS;

/// The request's sections by their tags, with the positions in the answer.
fn sections(request: &[u8]) -> Vec<Tag> {
    Request::decode(request).unwrap().sections.iter().map(|section| section.tag).collect()
}

/// Changes the envelopes of one space.
fn in_space(tag: Tag, change: impl Fn(&mut Vec<StoredEnvelope>) + Send + Sync + 'static) -> Line {
    Line::lying(move |request, mut answer| {
        for (result, of) in answer.results.iter_mut().zip(sections(request)) {
            if of == tag {
                change(&mut result.envelopes);
            }
        }
        answer
    })
}

fn reasons(phone: &Phone) -> Vec<String> {
    let mut reasons: Vec<String> =
        phone.sync().held_items(1_000).unwrap().into_iter().map(|held| held.reason).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

#[test]
fn bad_envelope() {
    let scene = Scene::new(50);
    // A byte of each part of the envelope: version, tag, urgency, key id, nonce, commitment, ciphertext; and its end gone.
    for (place, reason) in [
        (Some(0), "newer-version"),
        (Some(3), "bad-envelope"),
        (Some(17), "bad-envelope"),
        (Some(20), "wrong-key"),
        (Some(30), "bad-commitment"),
        (Some(60), "bad-commitment"),
        (Some(200), "bad-envelope"),
        (None, "bad-envelope"),
    ] {
        let text = scene.mentor_writes(&format!("spoilt at {place:?}"));
        scene.mentor_exchange().unwrap();
        scene.line.set(in_space(scene.tag(), move |envelopes| {
            for envelope in envelopes {
                match place {
                    Some(place) => envelope.bytes[place] ^= 0x40,
                    None => envelope.bytes.truncate(400),
                }
            }
        }));
        let received = scene.newcomer_exchange().unwrap();
        let word = if matches!(reason, "newer-version" | "wrong-key") { "waiting" } else { "quarantined" };
        assert!(received.iter().any(|received| received.delivered.contains(&word)), "{place:?}: {received:?}");
        assert!(reasons(&scene.newcomer).contains(&reason.to_owned()), "{place:?}: {:?}", reasons(&scene.newcomer));
        assert!(!scene.goals(&scene.newcomer).contains(&text));
        // The next honest try brings the sound one, though the relay's cursor had gone past it.
        scene.converge();
        assert!(scene.goals(&scene.newcomer).contains(&text), "{place:?}");
        scene.newcomer.pass(HOUR_MS);
    }
    Scene::assert_sound(&scene.newcomer);
}

fn epoch(phone: &Phone, space: &SpaceId) -> EpochKey {
    secrets(phone, space).1.remove(0)
}

/// Opens each entry of the space, has it forged, and seals it again: what a member could do, and no relay.
fn forge(scene: &Scene, forge: impl Fn(&[u8], Entry) -> Vec<u8> + Send + Sync + 'static) {
    let (key, tag) = (epoch(&scene.mentor, &scene.space()), scene.tag());
    scene.line.set(in_space(tag, move |envelopes| {
        for envelope in envelopes {
            let item = open(std::slice::from_ref(&key), &tag, &envelope.bytes).unwrap();
            if let Ok(Item::Entry(entry)) = Item::decode(&item) {
                envelope.bytes = seal(&key, &tag, Urgency::Small, &forge(&item, entry)).unwrap();
            }
        }
    }));
}

#[test]
fn bad_entry_signature() {
    let scene = Scene::new(51);
    let text = scene.mentor_writes("his own words");
    scene.mentor_exchange().unwrap();
    forge(&scene, |item, entry| {
        let at = item.windows(64).position(|window| window == entry.signature()).unwrap();
        let mut item = item.to_vec();
        item[at + 10] ^= 1;
        item
    });
    let received = scene.newcomer_exchange().unwrap();
    assert!(received.iter().any(|received| received.delivered.contains(&"quarantined")), "{received:?}");
    assert!(received.iter().all(|received| received.taken() == 0), "what is refused is no change: {received:?}");
    assert_eq!(reasons(&scene.newcomer), ["bad-signature"]);
    assert!(!scene.goals(&scene.newcomer).contains(&text));
    let text2 = scene.mentor_writes("and more of them");
    scene.converge();
    assert!(scene.goals(&scene.newcomer).is_superset(&[text.clone(), text2].into()));

    // Signed, and well, by somebody whom nobody let in.
    let text = scene.mentor_writes("in another's mouth");
    scene.mentor_exchange().unwrap();
    forge(&scene, |_, entry| {
        let stranger = DeviceKeys::from_seed([9; 32], 1);
        let draft = Draft {
            space: entry.space,
            sequence: 1,
            previous: None,
            auth_heads: entry.auth_heads.clone(),
            entry_heads: Vec::new(),
            changes: entry.named_changes().map(|(name, bytes)| (name.clone(), bytes.to_vec())).collect(),
        };
        Item::Entry(Entry::sign(&stranger, draft).unwrap()).encode()
    });
    scene.newcomer_exchange().unwrap();
    assert!(reasons(&scene.newcomer).contains(&"stranger".to_owned()), "{:?}", reasons(&scene.newcomer));
    assert!(!scene.goals(&scene.newcomer).contains(&text));
    let later = scene.mentor_writes("his again");
    scene.newcomer.pass(HOUR_MS);
    scene.converge();
    assert!(scene.goals(&scene.newcomer).is_superset(&[text, later].into()));
    Scene::assert_sound(&scene.newcomer);
}

/// A member's entry that goes on from one that is nowhere waits for ever. For its sake the whole space was read again every hour, on
/// everybody's prepaid data.
#[test]
fn what_never_comes_is_not_asked_for_every_hour() {
    let scene = Scene::new(53);
    let text = scene.mentor_writes("his own words");
    scene.mentor_exchange().unwrap();
    forge(&scene, |_, entry| {
        let draft = Draft {
            space: entry.space,
            sequence: 2,
            previous: Some(EntryHash([7; 32])),
            auth_heads: entry.auth_heads.clone(),
            entry_heads: Vec::new(),
            changes: entry.named_changes().map(|(name, bytes)| (name.clone(), bytes.to_vec())).collect(),
        };
        Item::Entry(Entry::sign(&DeviceKeys::from_seed([9; 32], 1), draft).unwrap()).encode()
    });
    scene.newcomer_exchange().unwrap();
    assert_eq!(scene.newcomer.sync().status().unwrap().waiting, 1);
    scene.line.set(Line::Honest);
    let mut read_again = 0;
    for _ in 0..72 {
        scene.newcomer.pass(HOUR_MS);
        read_again +=
            scene.newcomer_exchange().unwrap().iter().filter(|received| !received.delivered.is_empty()).count();
    }
    assert!((2..=4).contains(&read_again), "{read_again} times in three days");
    assert!(scene.goals(&scene.newcomer).contains(&text));
    // Something else is missing: that is asked for at once.
    let first = scene.mentor_writes("kept back");
    scene.mentor_exchange().unwrap();
    scene.line.set(in_space(scene.tag(), Vec::clear));
    scene.newcomer_exchange().unwrap();
    scene.line.set(Line::Honest);
    let second = scene.mentor_writes("its successor");
    scene.mentor_exchange().unwrap();
    scene.newcomer.pass(HOUR_MS);
    scene.newcomer_exchange().unwrap();
    scene.newcomer_exchange().unwrap();
    assert!(scene.goals(&scene.newcomer).is_superset(&[first, second].into()));
}

/// What was damaged while a clock was years ahead is no reason to doubt the relay until that day has come.
#[test]
fn what_was_damaged_in_the_future_is_not_doubted_every_hour() {
    let scene = Scene::new(54);
    let text = scene.mentor_writes("his own words");
    scene.mentor_exchange().unwrap();
    scene
        .line
        .set(in_space(scene.tag(), |envelopes| envelopes.iter_mut().for_each(|envelope| envelope.bytes[60] ^= 1)));
    scene.newcomer.pass(TEN_YEARS_MS);
    scene.newcomer_exchange().unwrap();
    scene.newcomer.pass(-TEN_YEARS_MS);
    scene.line.set(Line::Honest);
    let mut read_again = 0;
    for _ in 0..24 {
        scene.newcomer.pass(HOUR_MS);
        read_again +=
            scene.newcomer_exchange().unwrap().iter().filter(|received| !received.delivered.is_empty()).count();
    }
    assert!(scene.goals(&scene.newcomer).contains(&text));
    assert_eq!(read_again, 1);
}

/// What shows what somebody can find out looks at what stands aside, too: at a change of 115 bytes that claims 4 thousand million
/// operations, which kept automerge busy for longer than anybody would wait.
#[test]
fn a_bomb_can_be_looked_at() {
    let scene = Scene::new(55);
    let bomb = bombs::run_lengths(u64::from(u32::MAX)).bytes;
    let draft = Draft {
        space: scene.space(),
        sequence: 1,
        previous: None,
        auth_heads: vec![OperationHash([7; 32])],
        entry_heads: Vec::new(),
        changes: vec![(DocumentName { kind: 40, bucket: String::new(), generation: 0 }, bomb.clone())],
    };
    let entry = Entry::sign(&DeviceKeys::from_seed([9; 32], 1), draft).unwrap();
    let key = epoch(&scene.mentor, &scene.space());
    let envelope = seal(&key, &scene.tag(), Urgency::Small, &Item::Entry(entry).encode()).unwrap();
    assert!(scene.newcomer.sync().open_any(&envelope).unwrap().unwrap().contains(&bomb));
}

#[test]
fn relay_lying() {
    let scene = Scene::new(52);
    answers_that_do_not_fit(&scene);
    places_that_are_wrong(&scene);
    kept_back(&scene);
    swapped_and_replayed(&scene);
    another_relay_each_time(&scene);
    refusals_without_end(&scene);
    acknowledged_and_dropped(&scene);
    Scene::assert_sound(&scene.newcomer);
    Scene::assert_sound(&scene.mentor);
}

/// Wrong counts, another request's answer, noise: refused whole, nothing is taken or crossed out.
fn answers_that_do_not_fit(scene: &Scene) {
    let invalid = |reason| Some(Error::Invalid { field: "response", reason });
    let (hers, his) = (scene.newcomer_writes("hers"), scene.mentor_writes("his"));
    scene.mentor_exchange().unwrap();
    type Lie = fn(&mut Response);
    let misfits: [(&str, Lie); 6] = [
        ("does-not-fit", |answer| answer.results.clear()),
        ("does-not-fit", |answer| answer.results.push(SectionResult::refused(Status::Ok, Cursor::START))),
        ("does-not-fit", |answer| answer.results.iter_mut().for_each(|result| result.stored = 1_000)),
        ("does-not-fit", |answer| answer.results[0].stored = u32::MAX),
        ("does-not-fit", |answer| answer.posts.push(PostResult { status: Status::Ok, retry_after: None })),
        ("unexpected", |answer| answer.request[0] ^= 1),
    ];
    for (reason, lie) in misfits {
        scene.line.set(Line::lying(move |_, mut answer| {
            lie(&mut answer);
            answer
        }));
        assert_eq!(scene.newcomer_exchange().err(), invalid(reason));
    }
    let noise = |length: usize| {
        let mut dice = Dice::new(length as u64);
        (0..length).map(|_| dice.roll() as u8).collect::<Vec<u8>>()
    };
    let empty = Vec::new();
    for bytes in [
        empty,
        b"<html>Sign in to the hotel</html>".to_vec(),
        vec![0x9b; 100],
        noise(100),
        noise(1 << 20),
        vec![0x87; 1 << 20],
    ] {
        scene.line.set(Line::Invented(Arc::new(move |_| bytes.clone())));
        assert_eq!(scene.newcomer_exchange().err(), invalid("format"));
    }
    assert_eq!(scene.newcomer.sync().status().unwrap().outbox, 1);
    assert!(!scene.goals(&scene.newcomer).contains(&his));
    scene.converge();
    assert!(scene.goals(&scene.newcomer).contains(&his) && scene.goals(&scene.mentor).contains(&hers));
}

/// Cursors that go back, or to places that no relay has: what is new comes all the same, and nothing twice.
fn places_that_are_wrong(scene: &Scene) {
    let far = [0, 1, 2, 1 << 40, i64::MAX as u64, u64::MAX];
    let all = far.into_iter().map(Cursor::at).chain([
        Cursor { alert: u64::MAX, small: 0, large: 3 },
        Cursor { alert: 0, small: 1 << 50, large: 0 },
        Cursor { alert: 1 << 50, small: 0, large: 0 },
    ]);
    for cursor in all {
        let his = scene.mentor_writes(&format!("told with {cursor:?}"));
        scene.mentor_exchange().unwrap();
        scene.line.set(Line::lying(move |_, mut answer| {
            for result in &mut answer.results {
                (result.cursor, result.envelopes) = (cursor, Vec::new());
            }
            answer
        }));
        scene.newcomer_exchange().unwrap();
        scene.converge();
        assert!(scene.goals(&scene.newcomer).contains(&his), "{cursor:?}");
    }
}

/// An entry is kept back, and the cursor moved past it: nobody can know before somebody names it. Then it is read again.
fn kept_back(scene: &Scene) {
    let first = scene.mentor_writes("kept back");
    scene.mentor_exchange().unwrap();
    scene.line.set(in_space(scene.tag(), Vec::clear));
    scene.newcomer_exchange().unwrap();
    scene.line.set(Line::Honest);
    scene.newcomer_exchange().unwrap();
    assert!(!scene.goals(&scene.newcomer).contains(&first), "a relay that withholds cannot be made to speak");
    let second = scene.mentor_writes("its successor");
    scene.mentor_exchange().unwrap();
    let received = scene.newcomer_exchange().unwrap();
    assert!(received[0].delivered.contains(&"waiting"), "{received:?}");
    assert!(received.iter().all(|received| received.taken() == 0), "what waits is no change yet: {received:?}");
    assert_eq!(scene.newcomer.sync().status().unwrap().waiting, 1);
    scene.converge();
    assert!(scene.goals(&scene.newcomer).is_superset(&[first, second].into()));
}

/// Envelopes under other tags, in another order, and old ones again: noted as out of place or known already.
fn swapped_and_replayed(scene: &Scene) {
    let before = scene.goals(&scene.newcomer).len();
    let seen: Arc<std::sync::Mutex<Vec<StoredEnvelope>>> = Arc::default();
    for round in 0..3 {
        scene.newcomer.pass(2 * HOUR_MS);
        scene.mentor_writes(&format!("swapped {round}"));
        scene.mentor_exchange().unwrap();
        let seen = seen.clone();
        scene.line.set(Line::lying(move |_, mut answer| {
            let mut old = seen.lock().unwrap();
            let new: Vec<StoredEnvelope> = answer.results.iter().flat_map(|result| result.envelopes.clone()).collect();
            answer.results.rotate_left(1);
            // The counts must fit, or it is refused whole.
            answer.results.iter_mut().for_each(|result| result.stored = 0);
            for result in &mut answer.results {
                result.envelopes.extend(old.iter().rev().cloned());
            }
            // Each once: an answer must have a legal size.
            old.extend(new);
            old.sort_by(|one, other| one.bytes.cmp(&other.bytes));
            old.dedup_by(|one, other| one.bytes == other.bytes);
            answer
        }));
        scene.newcomer_exchange().unwrap();
        scene.newcomer_exchange().unwrap();
    }
    scene.newcomer.pass(2 * HOUR_MS);
    scene.converge();
    assert_eq!(scene.goals(&scene.newcomer).len(), before + 3);
}

/// A relay that says at each answer that it is another one: everything is offered again each time, and takes no more room.
fn another_relay_each_time(scene: &Scene) {
    let count = Arc::new(AtomicU8::new(0));
    let his = scene.mentor_writes("offered again and again");
    scene.line.set(Line::lying(move |_, mut answer| {
        answer.instance = [count.fetch_add(1, Ordering::Relaxed); 16];
        answer
    }));
    let mut outbox = Vec::new();
    for _ in 0..5 {
        let _ = scene.mentor_exchange();
        let _ = scene.newcomer_exchange();
        outbox.push(scene.mentor.sync().status().unwrap().outbox);
    }
    assert!(outbox.iter().all(|count| *count <= outbox[0]), "{outbox:?}");
    scene.converge();
    assert!(scene.goals(&scene.newcomer).contains(&his));
}

/// No, later, full, stale, more: kept, and a bounded number of requests.
fn refusals_without_end(scene: &Scene) {
    for status in
        [Status::Forbidden, Status::StaleNonce, Status::TooMany, Status::Full, Status::Invalid, Status::Behind]
    {
        let hers = scene.newcomer_writes(&format!("answered with {status:?}"));
        scene.line.set(Line::Invented(Arc::new(move |request| {
            let mut nonce = [0; 16];
            nonce[..8].copy_from_slice(&request_id(request)[..8]);
            let mut answer = invented(request, status, 0);
            answer.nonce = Some(nonce);
            answer.results.iter_mut().for_each(|result| {
                (result.more, result.retry_after) = (true, Some(u32::MAX));
            });
            answer.encode().unwrap()
        })));
        let before = scene.line.requests();
        let _ = scene.newcomer_exchange();
        assert!(scene.line.requests() - before <= 8, "{status:?}: no more rounds than were asked for");
        assert!(scene.newcomer.sync().status().unwrap().outbox >= 1, "{status:?}: kept");
        scene.converge();
        assert!(scene.goals(&scene.mentor).contains(&hers), "{status:?}");
    }
}

/// An answer of somebody who has not even asked the relay. Its instance is made up too: see `acknowledged_and_dropped` for why.
fn invented(request: &[u8], status: Status, instance: u8) -> Response {
    let asked = Request::decode(request).unwrap();
    let results = asked.sections.iter().map(|section| {
        let body = SectionBody::decode(&section.body).unwrap();
        let stored = if status == Status::Ok { body.put.len() as u32 } else { 0 };
        SectionResult { stored, ..SectionResult::refused(status, body.cursor) }
    });
    Response {
        version: MESSAGE_VERSION,
        instance: [instance; 16],
        restores: 0,
        nonce: None,
        results: results.collect(),
        posts: asked.posts.iter().map(|_| PostResult { status, retry_after: None }).collect(),
        request: request_id(request),
    }
}

/// "Stored", and it was not. The author cannot know; the other knows as soon as the next entry comes, and waits for it. It comes
/// when the relay owns up to a restore: then everything is offered again.
fn acknowledged_and_dropped(scene: &Scene) {
    // The relay's own name, or the lie would be seen through at once.
    let instance = Arc::new(std::sync::Mutex::new(([0; 16], 0)));
    let noted = instance.clone();
    scene.line.set(Line::lying(move |_, answer| {
        *noted.lock().unwrap() = (answer.instance, answer.restores);
        answer
    }));
    scene.mentor_exchange().unwrap();
    let (name, restores) = *instance.lock().unwrap();

    let first = scene.mentor_writes("dropped");
    scene.line.set(Line::Invented(Arc::new(move |request| {
        let mut answer = invented(request, Status::Ok, 0);
        (answer.instance, answer.restores) = (name, restores);
        answer.encode().unwrap()
    })));
    scene.mentor_exchange().unwrap();
    assert_eq!(scene.mentor.sync().status().unwrap().outbox, 0, "he has to believe it");
    let second = scene.mentor_writes("kept");
    scene.line.set(Line::Honest);
    scene.mentor_exchange().unwrap();
    for _ in 0..3 {
        scene.newcomer_exchange().unwrap();
        scene.newcomer.pass(2 * HOUR_MS);
    }
    let status = scene.newcomer.sync().status().unwrap();
    assert_eq!(status.waiting, 1, "she knows that something is missing");
    assert!(!scene.goals(&scene.newcomer).contains(&second), "and nothing is refused for good");

    // The operator restores a backup, as the relay's manual says, and the count rises.
    let restored = Line::lying(move |_, mut answer| {
        answer.restores = restores + 1;
        answer
    });
    for _ in 0..2 {
        scene.line.set(restored.clone());
        scene.mentor_exchange().unwrap();
        scene.newcomer_exchange().unwrap();
    }
    scene.converge();
    assert!(scene.goals(&scene.newcomer).is_superset(&[first, second].into()));
}
