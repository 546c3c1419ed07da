//! What an exchange does for those who are allowed, and for those who are not.

use crate::common::*;
use ed25519_dalek::SigningKey;
use rafiq_protocol::*;
use rafiq_relay::RelayClock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) fn what_one_puts_the_other_gets_once(on: Backend) {
    let relay = Relay::start(on);
    let (one, two) = pair(&relay.url(), 7);
    let sent = vec![small(7), small(7)];
    let result = one.put(&relay.url(), sent.clone());
    assert_eq!((result.status, result.stored, result.envelopes.len()), (Status::Ok, 2, 0), "nobody hears itself");
    assert_eq!(result.cursor, Cursor::at(2));

    let result = two.read(&relay.url(), Cursor::START);
    assert_eq!((bytes_of(&result), result.cursor, result.more), (sent, Cursor::at(2), false));
    let again = two.read(&relay.url(), result.cursor);
    assert_eq!((again.envelopes.len(), again.cursor), (0, Cursor::at(2)));
}

pub(crate) fn an_envelope_is_stored_once(on: Backend) {
    let relay = Relay::start(on);
    let (one, two) = pair(&relay.url(), 7);
    let same = small(7);
    for _ in 0..3 {
        assert_eq!(one.put(&relay.url(), vec![same.clone(), same.clone()]).stored, 2, "counted as stored each time");
    }
    assert_eq!(two.put(&relay.url(), vec![same.clone()]).stored, 1);
    assert_eq!(bytes_of(&two.read(&relay.url(), Cursor::START)), vec![same]);
}

pub(crate) fn forbidden_looks_like_unknown(on: Backend) {
    let relay = Relay::start(on);
    let (one, _) = pair(&relay.url(), 7);
    one.put(&relay.url(), vec![small(7)]);
    let url = relay.url();
    let nonce = nonce(&url);
    let stranger = Device::new(9, 7);
    let ask = |device: &Device, body: &SectionBody| {
        let sections = vec![device.section(&nonce, body)];
        let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] };
        let (status, answer) = post_bytes(&url, &request.encode().unwrap()).unwrap();
        // Which request it answers is all that may differ.
        (status, Response { request: [0; 8], ..Response::decode(&answer).unwrap() })
    };
    for body in [SectionBody::default(), SectionBody { put: vec![small(7)], ..SectionBody::default() }] {
        let nowhere = Device { tag: [8; 16], ..stranger.clone() };
        let put = body.put.iter().map(|_| small(8)).collect();
        let unknown = ask(&nowhere, &SectionBody { put, ..body.clone() });
        assert_eq!(ask(&stranger, &body), unknown);
        assert_eq!(unknown.1.results[0].status, Status::Forbidden);
    }
    // Neither an allowed key's name with another's signature, nor an opening with another list key, gets in.
    let mut forged = stranger.section(&nonce, &SectionBody::default());
    forged.key = KeyName::Short(key_short_name(&one.public()));
    let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections: vec![forged], posts: vec![] };
    assert_eq!(send(&url, &request).results[0].status, Status::Forbidden);
    for list_key in [[3; 32], list_key().verifying_key().to_bytes()] {
        let open = Some(Open { kind: SpaceKind::Space, list_key, post_token: None });
        let result = stranger.exchange(&url, &SectionBody { open, ..SectionBody::default() });
        assert_eq!((result.status, result.envelopes.len()), (Status::Forbidden, 0));
    }
}

pub(crate) fn a_nonce_is_good_for_two_days(on: Backend) {
    let now = Arc::new(AtomicU64::new(20_000 * 86_400));
    let clock = Arc::clone(&now);
    let relay = Relay::with(on, |config| config.clock = RelayClock::from_fn(move || clock.load(Ordering::Relaxed)));
    let (one, _) = pair(&relay.url(), 7);
    let first = nonce(&relay.url());
    let ask = |nonce: Option<Nonce>| {
        let sections = vec![sign_section(&one.key, nonce.as_ref(), one.tag, &SectionBody::default()).unwrap()];
        let response = send(&relay.url(), &Request { version: 1, nonce, budget: BUDGET, sections, posts: vec![] });
        (response.results[0].status, response.nonce)
    };
    assert_eq!(ask(Some(first)), (Status::Ok, None), "today's needs no new one");
    assert_eq!(ask(None), (Status::StaleNonce, Some(first)));
    now.fetch_add(86_400, Ordering::Relaxed);
    let (status, second) = ask(Some(first));
    assert_eq!(status, Status::Ok, "yesterday's counts");
    assert_ne!(second, Some(first));
    now.fetch_add(86_400, Ordering::Relaxed);
    let (status, third) = ask(Some(first));
    assert_eq!(status, Status::StaleNonce);
    assert_eq!(ask(third), (Status::Ok, None));
}

pub(crate) fn only_holders_of_the_token_post(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let owner = Device::new(1, 5);
    owner.open_inbox(&url, [42; 16]);
    let post = |tag: u8, token: u8, envelope: &[u8]| {
        let posts = vec![Post { tag: [tag; 16], token: [token; 16], envelope: envelope.to_vec() }];
        send(&url, &Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts }).posts[0].status
    };
    let note = small(5);
    assert_eq!(post(5, 41, &note), Status::Forbidden);
    assert_eq!(post(6, 42, &small(6)), Status::Forbidden, "no such inbox");
    assert_eq!(post(5, 42, &small(6)), Status::Invalid, "another inbox's envelope");
    assert_eq!(owner.read(&url, Cursor::START).envelopes.len(), 0);
    assert_eq!([post(5, 42, &note), post(5, 42, &note)], [Status::Ok; 2]);
    assert_eq!(bytes_of(&owner.read(&url, Cursor::START)), vec![note]);
    // A space takes no posts, whatever the token.
    Device::new(1, 7).open(&url);
    assert_eq!([post(7, 0, &small(7)), post(7, 42, &small(7))], [Status::Forbidden; 2]);
}

pub(crate) fn key_lists_decide_who_may_what(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let reader = Device::new(3, 7);
    let list = [(one.public(), Rights::Both), (reader.public(), Rights::Read), (two.public(), Rights::Write)];
    assert_eq!(one.allow(&url, 2, &list).status, Status::Ok);
    assert_eq!(one.put(&url, vec![small(7)]).stored, 1);
    assert_eq!(reader.read(&url, Cursor::START).envelopes.len(), 1);
    assert_eq!(reader.put(&url, vec![small(7)]).status, Status::Forbidden);
    let written = two.put(&url, vec![small(7)]);
    assert_eq!((written.status, written.stored, written.envelopes.len()), (Status::Ok, 1, 0), "writes, reads nothing");

    // An older list changes nothing, nor does one by another key; a newer one shuts out whom it leaves out.
    assert_eq!(one.allow(&url, 1, &[(one.public(), Rights::Both)]).status, Status::Ok);
    assert_eq!(reader.read(&url, Cursor::START).envelopes.len(), 2);
    let mut forged = KeyList { number: 9, keys: vec![], signature: [0; 64], succession: None };
    sign_key_list(&two.key, &two.tag, &mut forged);
    let result = one.exchange(&url, &SectionBody { keys: Some(forged), put: vec![small(7)], ..SectionBody::default() });
    assert_eq!((result.status, result.stored), (Status::Ok, 1));
    assert_eq!(reader.read(&url, Cursor::START).envelopes.len(), 3);
    assert_eq!(one.allow(&url, 3, &[(one.public(), Rights::Both)]).status, Status::Ok);
    assert_eq!(reader.read(&url, Cursor::START).status, Status::Forbidden);
}

pub(crate) fn a_list_key_hands_over_and_is_over(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let newer = SigningKey::from_bytes(&[201; 32]);
    let public = newer.verifying_key().to_bytes();
    let signed = |key: &SigningKey, number, keys: &[&Device], succession: Option<Succession>| {
        let keys = keys.iter().map(|device| ListedKey { key: device.public(), rights: Rights::Both }).collect();
        let mut list = KeyList { number, keys, signature: [0; 64], succession };
        sign_key_list(key, &one.tag, &mut list);
        list
    };
    let with = |device: &Device, list: KeyList| {
        device.exchange(&url, &SectionBody { keys: Some(list), put: vec![small(7)], ..SectionBody::default() }).status
    };
    let handovers = vec![sign_handover(&list_key(), &one.tag, &public)];
    let succession = Some(Succession { list_key: public, handovers });
    // The one is taken out: it has the older key, with which it let itself in again until now.
    assert_eq!(with(&two, signed(&newer, 1, &[&two], succession.clone())), Status::Ok);
    assert_eq!(one.read(&url, Cursor::START).status, Status::Forbidden);
    for number in [2, 1_000, u32::MAX] {
        assert_eq!(with(&one, signed(&list_key(), number, &[&one], None)), Status::Forbidden);
    }
    let evil = vec![sign_handover(&list_key(), &one.tag, &one.public())];
    let evil = Some(Succession { list_key: one.public(), handovers: evil });
    assert_eq!(with(&one, signed(&one.key, 9, &[&one], evil)), Status::Forbidden);
    assert_eq!(
        with(&one, signed(&newer, 1, &[&two], succession)),
        Status::Forbidden,
        "a list that was seen brings nobody in"
    );
    // Somebody who has not heard of the newer key yet goes on, and its list says nothing.
    assert_eq!(with(&two, signed(&list_key(), 9, &[&one, &two], None)), Status::Ok);
    assert_eq!(one.read(&url, Cursor::START).status, Status::Forbidden);
    // Who holds the list key and was left out brings the own key in.
    let third = Device::new(3, 7);
    assert_eq!(third.read(&url, Cursor::START).status, Status::Forbidden);
    assert_eq!(with(&third, signed(&newer, 2, &[&two, &third], None)), Status::Ok);
    assert_eq!(third.read(&url, Cursor::START).envelopes.len(), 2, "what the other put");
}

pub(crate) fn alerts_come_first_from_whatever_space(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (mut sections, nonce) = (vec![], nonce(&url));
    for tag in [1, 2] {
        let (one, two) = pair(&url, tag);
        let put = [Urgency::Large, Urgency::Small, Urgency::Alert, Urgency::Small].map(|u| envelope(tag, u, 20_000));
        assert_eq!(one.put(&url, put.to_vec()).stored, 4);
        sections.push(two.section(&nonce, &SectionBody::default()));
    }
    let urgencies = |response: &Response| {
        let urgency = |e: &StoredEnvelope| (EnvelopeHeader::parse(&e.bytes).unwrap().urgency as u8, e.position);
        response.results.iter().map(|r| r.envelopes.iter().map(urgency).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let ask = |budget| {
        send(&url, &Request { version: 1, nonce: Some(nonce), budget, sections: sections.clone(), posts: vec![] })
    };
    let all = ask(BUDGET);
    assert_eq!(urgencies(&all), [[(0, 3), (1, 2), (1, 4), (2, 1)], [(0, 3), (1, 2), (1, 4), (2, 1)]]);
    let tight = ask(45_000); // room for two
    assert_eq!(urgencies(&tight), [[(0, 3)], [(0, 3)]]);
    assert_eq!(tight.results[0].cursor, Cursor { alert: 4, small: 0, large: 0 });
    let next = ask(65_000); // room for three
    assert_eq!(urgencies(&next), [vec![(0, 3), (1, 2)], vec![(0, 3)]]);
    assert!(next.results.iter().all(|result| result.more));
}

pub(crate) fn paging_brings_everything_once_within_the_budget(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let mut sent = vec![];
    for round in 0..6_usize {
        let put: Vec<_> = (0..5)
            .map(|n| envelope(7, Urgency::ALL[(round + n) % 3], if n == 4 { 65_000 } else { 3_000 * (n + 1) }))
            .collect();
        assert_eq!(one.put(&url, put.clone()).stored, 5);
        sent.extend(put);
    }
    let (mut got, mut cursor, mut rounds) = (vec![], Cursor::START, 0);
    loop {
        let nonce = nonce(&url);
        let sections = vec![two.section(&nonce, &SectionBody { cursor, ..SectionBody::default() })];
        let budget = limits::MIN_BUDGET;
        let request = Request { version: 1, nonce: Some(nonce), budget, sections, posts: vec![] };
        let (_, body) = post_bytes(&url, &request.encode().unwrap()).unwrap();
        assert!(body.len() <= budget as usize);
        let result = Response::decode(&body).unwrap().results.remove(0);
        got.extend(bytes_of(&result));
        cursor = result.cursor;
        rounds += 1;
        assert!(rounds < 40 && (!result.envelopes.is_empty() || !result.more), "every round brings something");
        if !result.more {
            break;
        }
    }
    assert_eq!(cursor, Cursor::at(30));
    got.sort();
    sent.sort();
    assert_eq!(got, sent, "in {rounds} rounds");
    let nothing = two.exchange_within(&url, &SectionBody::default(), 0);
    assert_eq!((nothing.status, nothing.envelopes.len(), nothing.more), (Status::Ok, 0, true));
}

pub(crate) fn a_restored_copy_is_told_before_it_writes(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let never = Some([0; 8]);
    let [first, second, third] = [(); 3].map(|()| small(7));
    let put = |put: &[&Vec<u8>], last| {
        let put = put.iter().map(|&e| e.clone()).collect();
        one.exchange(&url, &SectionBody { put, last, ..SectionBody::default() })
    };
    let begun = put(&[&first], never);
    assert_eq!((begun.status, begun.last), (Status::Ok, Some(short_id(&first))));
    // The answer was lost: offering it again is no contradiction.
    assert_eq!(
        (put(&[&first, &second], never).status, put(&[&second], Some(short_id(&first))).stored),
        (Status::Ok, 1)
    );
    // A copy from before the second envelope wants to write something else.
    let behind = put(&[&third], Some(short_id(&first)));
    assert_eq!((behind.status, behind.stored, behind.last), (Status::Behind, 0, Some(short_id(&second))));
    assert_eq!(bytes_of(&behind), [first.clone(), second.clone()], "its own, which it may not know");
    assert_eq!(two.read(&url, Cursor::START).envelopes.len(), 2, "nothing was stored");
    // It is told even when it only reads, and no more once it knows.
    let told = put(&[], Some(short_id(&first)));
    assert_eq!((told.status, told.last), (Status::Behind, Some(short_id(&second))));
    let reading = put(&[], Some(short_id(&second)));
    assert_eq!((reading.status, reading.last), (Status::Ok, None));
    let writing = put(&[&third], Some(short_id(&second)));
    assert_eq!((writing.stored, writing.last), (1, Some(short_id(&third))));
    // What was there already stays where it was: the newest is another than the last that was put.
    let again = put(&[&first], Some(short_id(&third)));
    assert_eq!((again.status, again.last), (Status::Ok, Some(short_id(&third))));
}

pub(crate) fn a_cursor_beyond_the_end_comes_back_lower(on: Backend) {
    let relay = Relay::start(on);
    let (one, _) = pair(&relay.url(), 7);
    one.put(&relay.url(), vec![small(7)]);
    assert_eq!(one.read(&relay.url(), Cursor::at(u64::MAX)).cursor, Cursor::at(1));
}

pub(crate) fn sections_succeed_and_fail_by_themselves(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let nonce = nonce(&url);
    let put = |tags: &[u8]| SectionBody { put: tags.iter().map(|&t| small(t)).collect(), ..SectionBody::default() };
    let garbage = sign_section(&one.key, Some(&nonce), one.tag, &SectionBody::default()).unwrap();
    let sections = vec![
        one.section(&nonce, &put(&[7])),
        Device::new(9, 9).section(&nonce, &put(&[9])),
        one.section(&nonce, &put(&[7, 8])), // the second belongs elsewhere
        Section { body: vec![0xff], ..garbage },
        two.section(&nonce, &put(&[7])),
    ];
    let response = send(&url, &Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] });
    let statuses: Vec<_> = response.results.iter().map(|result| (result.status, result.stored)).collect();
    let (ok, no, bad) = ((Status::Ok, 1), (Status::Forbidden, 0), (Status::Invalid, 0));
    assert_eq!(statuses, [ok, no, bad, bad, ok]);
}

/// The bar: at most 600 bytes for four spaces with nothing to say, both ways, as they cross the wire.
pub(crate) fn a_second_exchange_is_small(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let nonce = nonce(&url);
    let mut sections = vec![];
    for tag in 1..=4 {
        let (one, two) = pair(&url, tag);
        let last = small(tag);
        one.put(&url, (0..30).map(|_| small(tag)).chain([last.clone()]).collect());
        let cursor = two.read(&url, Cursor::START).cursor;
        sections
            .push(one.section(&nonce, &SectionBody { cursor, last: Some(short_id(&last)), ..SectionBody::default() }));
    }
    let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] };
    let bytes = request.encode().unwrap();
    let (_, answer) = post_bytes(&url, &bytes).unwrap();
    assert!(
        Response::decode(&answer).unwrap().results.iter().all(|r| r.status == Status::Ok && r.envelopes.is_empty())
    );
    println!("{} + {} bytes", bytes.len(), answer.len());
    assert!(bytes.len() + answer.len() <= 600);
}

/// Who writes and had read everything is spared the reading; nobody is spared what another wrote meanwhile.
pub(crate) fn who_writes_misses_nothing(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let (mut cursors, mut got) = ([Cursor::START; 2], [vec![], vec![]]);
    let turns = [0, 0, 1, 0, 1, 1, 1, 0];
    let mut sent = [vec![], vec![]];
    for who in turns {
        let put = vec![small(7)];
        sent[who].extend(put.clone());
        let body = SectionBody { put, cursor: cursors[who], ..SectionBody::default() };
        let result = [&one, &two][who].exchange(&url, &body);
        assert_eq!((result.status, result.stored), (Status::Ok, 1));
        cursors[who] = result.cursor;
        got[who].extend(bytes_of(&result));
    }
    got[1].extend(bytes_of(&two.read(&url, cursors[1])));
    assert_eq!(got, [sent[1].clone(), sent[0].clone()]);
}
