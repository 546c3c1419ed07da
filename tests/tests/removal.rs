//! Somebody is taken out of a space, or leaves: what is written from then on is sealed under a key that they do not get, and those
//! who come later read the past with it.

use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::people::PersonRef;
use rafiq::sync::bundle::sheet::Sheets;
use rafiq::sync::wire::{
    DeviceKeys, Draft, Entry, EntryHash, EntryHead, Epoch, EpochKey, Item, Membership, Operation, seal, space_tag,
};
use rafiq_protocol::{
    Cursor, KeyList, ListedKey, MESSAGE_VERSION, Request, Response, Rights, SectionBody, Status, Succession, Urgency,
    sign_handover, sign_key_list, sign_section,
};
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in, post};
use tempfile::TempDir;

struct Circle {
    _folder: TempDir,
    _relay: RelayHandle,
    url: String,
    pairing: PairingId,
    mentor: Phone,
    newcomer: Phone,
    other: Phone,
}

/// Three people in one space, all of whom have read each other.
fn circle() -> Circle {
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
    Circle { _folder: folder, _relay: relay, url, pairing, mentor, newcomer, other }
}

fn join(steward: &Phone, phone: &Phone, url: &str, pairing: &PairingId) {
    let_in(steward, phone, &pairing.value, |each| drop(each.exchange(url)));
}

impl Circle {
    fn person(&self, phone: &Phone) -> PersonRef {
        phone.people().me().unwrap().unwrap().id
    }

    fn goals(&self, phone: &Phone) -> Vec<String> {
        let mut goals: Vec<String> =
            phone.mentoring().goals(&self.pairing).unwrap().into_iter().map(|goal| goal.text).collect();
        goals.sort();
        goals
    }

    fn exchange(&self, phones: &[&Phone]) {
        for phone in phones {
            phone.exchange(&self.url);
        }
    }
}

#[test]
fn whoever_was_removed_reads_and_writes_no_more_and_the_others_go_on() {
    let circle = circle();
    let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
    mentor.mentoring().add_goal(pairing, "before").unwrap();
    circle.exchange(&[mentor, newcomer, other]);
    assert_eq!(circle.goals(other), ["before"]);

    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor]);
    mentor.mentoring().add_goal(pairing, "after").unwrap();
    newcomer.mentoring().add_goal(pairing, "meanwhile").unwrap(); // does not know of it yet
    circle.exchange(&[mentor, newcomer, mentor, newcomer]);
    newcomer.mentoring().add_goal(pairing, "later").unwrap();
    circle.exchange(&[newcomer, mentor]);
    let all = ["after", "before", "later", "meanwhile"];
    assert_eq!(circle.goals(mentor), all);
    assert_eq!(circle.goals(newcomer), all);

    // They are told, keep what they have read, and write no more.
    circle.exchange(&[other, other]);
    assert_eq!(circle.goals(other), ["before"]);
    let refused = other.mentoring().add_goal(pairing, "still here").unwrap_err();
    assert!(matches!(refused, Error::NotAllowed { .. }), "{refused:?}");
    // Nor do their keys open what was written since, wherever they find it.
    let newcomers_goal = |bytes: &[u8]| bytes.windows(5).any(|window| window == b"later");
    let relay = rusqlite::Connection::open(circle._folder.path().join("relay.db")).unwrap();
    let mut statement = relay.prepare("SELECT bytes FROM envelope").unwrap();
    let envelopes: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let found = |phone: &Phone| {
        let opened = envelopes.iter().filter_map(|envelope| phone.sync().open_any(envelope).unwrap());
        opened.flatten().any(|part| newcomers_goal(&part))
    };
    assert!(found(mentor) && !found(other));

    // Who comes later reads all of it.
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, url, pairing);
    circle.exchange(&[&late, mentor, &late]);
    assert_eq!(circle.goals(&late), all);
    late.mentoring().add_goal(pairing, "and me").unwrap();
    circle.exchange(&[&late, newcomer]);
    assert!(circle.goals(newcomer).contains(&"and me".to_owned()));
    for phone in [mentor, newcomer, &late] {
        let status = phone.sync().status().unwrap();
        assert_eq!((status.waiting, status.quarantined), (0, 0));
    }
}

#[test]
fn everybody_may_leave_and_only_stewards_take_out_others() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let nobody = PersonRef { value: PersonRef::from(rafiq::ids::PersonId([9; 16])).value };
    assert_eq!(mentor.sharing().remove(&pairing.value, &nobody), Err(Error::NotFound));
    other.sharing().leave(&pairing.value).unwrap();
    assert!(other.mentoring().add_goal(pairing, "gone").is_err());
    circle.exchange(&[other, mentor, newcomer, mentor]);
    mentor.mentoring().add_goal(pairing, "two of us").unwrap();
    circle.exchange(&[mentor, newcomer, other]);
    assert_eq!(circle.goals(newcomer), ["two of us"]);
    assert_eq!(circle.goals(other), [""; 0]);
}

#[test]
fn two_stewards_far_apart_may_each_take_somebody_out() {
    let circle = circle();
    let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, url, pairing);
    circle.exchange(&[newcomer, other, &late]);
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    newcomer.sharing().remove(&pairing.value, &circle.person(&late)).unwrap();
    mentor.mentoring().add_goal(pairing, "one").unwrap();
    newcomer.mentoring().add_goal(pairing, "two").unwrap();
    circle.exchange(&[mentor, newcomer, mentor, newcomer]);
    mentor.mentoring().add_goal(pairing, "three").unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["one", "three", "two"]);
    assert_eq!(circle.goals(newcomer), ["one", "three", "two"]);
}

/// What both hold of the space, and that the rows are what the log makes.
fn assert_alike(one: &Phone, two: &Phone) {
    let digest = |phone: &Phone| phone.replica().digest(None).unwrap();
    for phone in [one, two] {
        let before = digest(phone);
        phone.replica().forget_read_model().unwrap();
        phone.replica().project_missing(&rafiq::host::NoProgress).unwrap();
        assert_eq!(digest(phone), before);
    }
    assert_eq!(digest(one)["goal"], digest(two)["goal"]);
}

#[test]
fn what_nobody_had_seen_of_a_removed_person_is_held_and_taken_out_where_it_was_admitted() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    other.mentoring().add_goal(pairing, "in time").unwrap();
    circle.exchange(&[other, mentor, newcomer]);
    other.mentoring().add_goal(pairing, "beyond").unwrap();
    other.mentoring().add_goal(pairing, "beyond it too").unwrap();
    circle.exchange(&[other, newcomer]);
    assert_eq!(circle.goals(newcomer), ["beyond", "beyond it too", "in time"]);

    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, mentor, newcomer, mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["in time"]);
        let held = phone.sync().held_items(10).unwrap();
        assert_eq!(held.iter().map(|item| &*item.reason).collect::<Vec<_>>(), ["removed"], "kept, and why");
    }
    assert_alike(mentor, newcomer);
    // The others go on, on what is left.
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor, other]);
    assert_eq!(circle.goals(mentor), ["in time", "we go on"]);
    // Whoever was taken out keeps what they had.
    assert_eq!(circle.goals(other), ["beyond", "beyond it too", "in time"]);
}

#[test]
fn honest_work_that_another_built_on_before_they_knew_is_kept() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    other.mentoring().add_goal(pairing, "honest").unwrap();
    circle.exchange(&[other, newcomer]);
    newcomer.mentoring().add_goal(pairing, "on top of it").unwrap();
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, mentor]);
    assert_eq!(circle.goals(mentor), [""; 0], "nobody has vouched for it yet");
    circle.exchange(&[newcomer, mentor, newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["honest", "on top of it"]);
        assert_eq!(phone.sync().status().unwrap().waiting, 0);
    }
    assert_alike(mentor, newcomer);
}

#[test]
fn in_whatever_order_it_becomes_known_everybody_who_stays_ends_alike() {
    for seed in 1..=6_u64 {
        println!("seed {seed}");
        let circle = circle();
        let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
        let late = Phone::new(4, "Shirin", "prs");
        join(mentor, &late, url, pairing);
        circle.exchange(&[newcomer, other, &late]);
        let phones = [mentor, newcomer, &late, other];
        let mut state = seed;
        for step in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (who, what) = ((state >> 33) as usize % 4, (state >> 40) % 2);
            if step == 10 {
                mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
            } else if what == 0 {
                circle.exchange(&[phones[who]]);
            } else {
                // Whoever has heard that they are out cannot.
                let _ = phones[who].mentoring().add_goal(pairing, &format!("{step} by {who}"));
            }
        }
        for _ in 0..3 {
            circle.exchange(&[mentor, newcomer, &late]);
        }
        assert_alike(mentor, newcomer);
        assert_alike(mentor, &late);
    }
}

/// What a device would need to go to the relay by itself: its keys and the list keys that it holds.
fn secrets(phone: &Phone, space: &SpaceId) -> (DeviceKeys, Vec<EpochKey>) {
    let read = phone.replica().read(|rows| {
        let seed = rafiq::store::meta(rows, "seed")?.and_then(|seed| seed.try_into().ok()).unwrap();
        let mut statement = rows.prepare("SELECT number, secret FROM space_key WHERE space = ?1 AND purpose = 1")?;
        let found = statement.query_map([&space.0[..]], |row| Ok(EpochKey::new(row.get(0)?, row.get(1)?)))?;
        Ok((DeviceKeys::from_seed(seed, 1), found.map(|key| key.unwrap()).collect()))
    });
    read.unwrap()
}

#[test]
fn whoever_was_removed_does_not_let_themselves_in_again_at_the_relay() {
    let circle = circle();
    let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
    let space = SpaceId::parse(&pairing.value).unwrap();
    mentor.sharing().remove(&pairing.value, &circle.person(newcomer)).unwrap();
    circle.exchange(&[mentor]);
    let (keys, epochs) = secrets(newcomer, &space);
    assert!(!epochs.is_empty());
    let (tag, key) = (space_tag(&space), keys.relay_key(&space));
    let public = key.verifying_key().to_bytes();
    let ask = |nonce, sections| {
        let request = Request { version: MESSAGE_VERSION, nonce, budget: 1 << 17, sections, posts: vec![] };
        Response::decode(&post(url, &request.encode().unwrap()).unwrap()).unwrap()
    };
    let nonce = ask(None, vec![]).nonce;
    for epoch in &epochs {
        let list_key = epoch.list_key();
        // A list of its own, by the key that it holds; and by its own key, to which that one hands over.
        let evil = Succession { list_key: public, handovers: vec![sign_handover(&list_key, &tag, &public)] };
        for (signer, succession) in [(&list_key, None), (&key, Some(evil))] {
            let keys = vec![ListedKey { key: public, rights: Rights::Both }];
            let mut list = KeyList { number: u32::MAX, keys, signature: [0; 64], succession };
            sign_key_list(signer, &tag, &mut list);
            let body = SectionBody { cursor: Cursor::START, keys: Some(list), ..SectionBody::default() };
            let answer = ask(nonce, vec![sign_section(&key, nonce.as_ref(), tag, &body).unwrap()]);
            assert_eq!((answer.results[0].status, answer.results[0].envelopes.len()), (Status::Forbidden, 0));
        }
    }
    other.mentoring().add_goal(pairing, "after").unwrap();
    circle.exchange(&[other, mentor, other]);
    assert_eq!(circle.goals(mentor), ["after"]);
    assert_eq!(circle.goals(other), ["after"], "who had not heard of it goes on");
}

/// Epochs as a member can plant them: numbered as they like, sealed to whom they like, under the key that all have. On a card.
fn planted(circle: &Circle, to: &[&Phone], numbers: &[u32]) -> Vec<u8> {
    let space = SpaceId::parse(&circle.pairing.value).unwrap();
    let (keys, epochs) = secrets(&circle.other, &space);
    let membership = Membership::replay(space, operations(&circle.other, &space));
    let devices: Vec<_> = to.iter().map(|phone| phone.sync().device()).collect();
    let members: Vec<_> = membership.members().filter(|member| devices.contains(&member.device.device)).collect();
    let mut card = Vec::new();
    let mut sheets = Sheets::new(&mut card);
    for (at, number) in numbers.iter().enumerate() {
        let key = EpochKey::new(*number, [at as u8 + 1; 32]);
        for part in Epoch::mint(&keys, space, &membership.heads(), &members, (&key, &[]), &[at as u8; 32]).unwrap() {
            let item = Item::Epoch(part).encode();
            sheets.put(&seal(&epochs[0], &space_tag(&space), Urgency::Small, &item).unwrap()).unwrap();
        }
    }
    sheets.finish().unwrap();
    card
}

fn operations(phone: &Phone, space: &SpaceId) -> Vec<Operation> {
    let read = phone.replica().read(|rows| {
        let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1")?;
        let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(found.map(|bytes| Operation::decode(&bytes.unwrap()).unwrap()).collect())
    });
    read.unwrap()
}

#[test]
fn keys_that_a_member_planted_at_one_of_us_keep_no_removal_from_the_others() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let card = planted(&circle, &[mentor], &(100..140).collect::<Vec<_>>());
    assert_eq!(mentor.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 40);
    assert_eq!(mentor.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 0, "keys are new once");
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    mentor.mentoring().add_goal(pairing, "after").unwrap();
    circle.exchange(&[mentor, newcomer, mentor, newcomer]);
    assert_eq!(newcomer.people().list(&pairing.value).unwrap().len(), 3, "the roster stays");
    assert_eq!(circle.goals(newcomer), ["after"]);
    newcomer.mentoring().add_goal(pairing, "heard").unwrap();
    circle.exchange(&[newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["after", "heard"]);
    assert_eq!(newcomer.sync().status().unwrap().waiting, 0);
}

#[test]
fn a_member_who_uses_up_the_numbers_stops_nobody() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let card = planted(&circle, &[mentor, newcomer, other], &[u32::MAX / 2, u32::MAX / 2 - 1]);
    for phone in [mentor, newcomer] {
        assert_eq!(phone.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 2);
    }
    mentor.mentoring().add_goal(pairing, "before").unwrap();
    circle.exchange(&[mentor, newcomer]);
    assert_eq!(circle.goals(newcomer), ["before"]);
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    mentor.mentoring().add_goal(pairing, "after").unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["after", "before", "we go on"]);
    }
    // Nor does a newcomer lack anything of the past.
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, &circle.url, pairing);
    circle.exchange(&[&late, mentor, &late]);
    assert_eq!(circle.goals(&late), ["after", "before", "we go on"]);
}

/// One of us has taken somebody out, whose work of before they heard of it has come since, in two exchanges.
fn held_of_other() -> Circle {
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

#[test]
fn a_steward_sees_whose_work_is_held_and_keeps_it_for_all() {
    let circle = held_of_other();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let theirs = circle.person(other);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), [""; 0]);
        let held = phone.sharing().held_work(&pairing.value).unwrap();
        assert_eq!(held.iter().map(|work| (&work.person, work.entries)).collect::<Vec<_>>(), [(&theirs, 2)]);
    }
    mentor.sharing().keep(&pairing.value, &theirs).unwrap();
    assert_eq!(circle.goals(mentor), ["first", "second"], "here at once");
    circle.exchange(&[mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["first", "second"]);
        assert_eq!(phone.sharing().held_work(&pairing.value).unwrap(), []);
        assert_eq!(phone.sync().status().unwrap().waiting, 0);
    }
    assert_alike(mentor, newcomer);
    // Nobody has been let in by it, and those who come late read it too.
    assert_eq!(mentor.sharing().keep(&pairing.value, &theirs), Err(Error::NotFound));
    circle.exchange(&[other]);
    assert!(other.mentoring().add_goal(pairing, "still here").is_err());
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, &circle.url, pairing);
    circle.exchange(&[&late, mentor, &late]);
    assert_eq!(circle.goals(&late), ["first", "second"]);
}

#[test]
fn only_a_steward_keeps_and_only_what_is_held() {
    let circle = held_of_other();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let (theirs, mine) = (circle.person(other), circle.person(newcomer));
    let nowhere = SpaceId([7; 32]).to_string();
    assert_eq!(mentor.sharing().keep(&pairing.value, &mine), Err(Error::NotFound));
    assert_eq!(mentor.sharing().keep(&nowhere, &theirs), Err(Error::NotFound));
    assert_eq!(mentor.sharing().held_work(&nowhere), Err(Error::NotFound));
    // Whoever is out has no say.
    circle.exchange(&[other, other]);
    assert_eq!(other.sharing().held_work(&pairing.value).unwrap(), []);
    assert!(matches!(other.sharing().keep(&pairing.value, &theirs), Err(Error::NotAllowed { .. })));
    // Both keeping, apart, is keeping once.
    for phone in [mentor, newcomer] {
        phone.sharing().keep(&pairing.value, &theirs).unwrap();
    }
    circle.exchange(&[mentor, newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["first", "second"]);
    }
    assert_alike(mentor, newcomer);
}

#[test]
fn what_was_kept_is_taken_even_if_the_app_ended_right_behind_it() {
    let mut circle = held_of_other();
    let theirs = circle.person(&circle.other);
    circle.newcomer.sharing().keep(&circle.pairing.value, &theirs).unwrap();
    let space = SpaceId::parse(&circle.pairing.value).unwrap();
    let keep = operations(&circle.newcomer, &space).pop().unwrap();
    // As the store is between the word and what follows from it.
    circle
        .mentor
        .replica()
        .store()
        .write(|rows| {
            let (hash, bytes) = (keep.hash().0, keep.encode());
            let row = rusqlite::params![&hash[..], &space.0[..], bytes];
            rows.execute("INSERT INTO operation (hash, space, bytes, unsent) VALUES (?1, ?2, ?3, 1)", row)?;
            Ok(())
        })
        .unwrap();
    assert_eq!(circle.goals(&circle.mentor), [""; 0]);
    circle.mentor.stop();
    circle.mentor.start();
    assert_eq!(circle.goals(&circle.mentor), ["first", "second"]);
}

#[test]
fn what_waits_behind_something_that_nobody_has_brought_is_not_kept_with_it() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    for goal in ["first", "second", "third"] {
        other.mentoring().add_goal(pairing, goal).unwrap();
        circle.exchange(&[other]);
    }
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    // As if the second had been lost on the way to the steward.
    let lost = mentor.replica().store().write(|rows| {
        let mut statement = rows.prepare("SELECT id, item FROM held_item WHERE state = 1")?;
        let found = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let mut held: Vec<_> = found
            .map(|row| {
                let (id, item) = row.unwrap();
                let Item::Entry(entry) = Item::decode(&item[1..]).unwrap() else { panic!("only entries wait") };
                (entry.sequence, id)
            })
            .collect();
        held.sort();
        assert_eq!(held.len(), 3);
        Ok(rows.execute("DELETE FROM held_item WHERE id = ?1", [&held[1].1])?)
    });
    assert_eq!(lost.unwrap(), 1);
    let theirs = circle.person(other);
    assert_eq!(mentor.sharing().held_work(&pairing.value).unwrap()[0].entries, 1);
    mentor.sharing().keep(&pairing.value, &theirs).unwrap();
    circle.exchange(&[mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["first"]);
    }
    assert_eq!(newcomer.sharing().held_work(&pairing.value).unwrap()[0].entries, 2, "for another word");
}

#[test]
fn whoever_was_removed_fills_no_phone_with_what_nobody_speaks_for() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let space = SpaceId::parse(&pairing.value).unwrap();
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    let (keys, epochs) = secrets(other, &space);
    let auth_heads = Membership::replay(space, operations(other, &space)).heads();
    let last = other.replica().read(|rows| {
        let last = "SELECT sequence, hash FROM entry WHERE space = ?1 AND own = 1 ORDER BY sequence DESC LIMIT 1";
        let last = rows.query_row(last, [&space.0[..]], |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)));
        Ok(last.ok().map(|(sequence, hash)| (sequence, EntryHash(hash))))
    });
    let last = last.unwrap();
    // The next entry of the chain, signed two hundred times, never the same.
    let mut card = Vec::new();
    let mut sheets = Sheets::new(&mut card);
    for number in 1..=200_u8 {
        let (device, hash) = (newcomer.sync().device(), EntryHash([number; 32]));
        let draft = Draft {
            space,
            sequence: last.map_or(1, |(sequence, _)| sequence + 1),
            previous: last.map(|(_, hash)| hash),
            auth_heads: auth_heads.clone(),
            entry_heads: vec![EntryHead { device, incarnation: 1, sequence: 1_000, hash }],
            changes: vec![],
        };
        let item = Item::Entry(Entry::sign(&keys, draft).unwrap()).encode();
        sheets.put(&seal(&epochs[0], &space_tag(&space), Urgency::Small, &item).unwrap()).unwrap();
    }
    sheets.finish().unwrap();
    assert_eq!(mentor.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 200);
    let held = mentor.sync().held_items(1_000).unwrap();
    assert_eq!(held.iter().filter(|item| item.reason == "removed").count(), 64);
    assert_eq!(held.iter().filter(|item| item.reason == "too-many").count(), 136);
    // The same again changes nothing, and the others go on.
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(mentor.sync().held_items(1_000).unwrap(), held);
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["we go on"]);
}
