//! What several processes over one database, and those who wait for news, may rely on.

use crate::common::*;
use rafiq_protocol::*;
use rafiq_relay::{Rate, RelayClock};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(crate) fn news_wakes_those_who_wait(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    one.put(&url, vec![small(7)]);
    let mut late = Wake::ask(&url, &two, Cursor::START).unwrap();
    assert_eq!(late.next(), Some(true), "something waits already");
    let mut wake = Wake::ask(&url, &two, Cursor::at(1)).unwrap();
    assert_eq!(wake.next(), Some(false));
    one.put(&url, vec![small(7)]);
    assert_eq!(wake.next(), Some(true));
    assert_eq!(two.read(&url, Cursor::at(1)).envelopes.len(), 1, "what it was woken for is there");
    // Its own work wakes nobody; a stranger hears nothing and learns nothing.
    let mut own = Wake::ask(&url, &one, Cursor::at(2)).unwrap();
    assert_eq!(own.next(), Some(false));
    one.put(&url, vec![small(7)]);
    two.put(&url, vec![small(7)]);
    assert_eq!(own.next(), Some(true));
    for stranger in [Device::new(9, 7), Device::new(9, 8)] {
        assert_eq!(Wake::ask(&url, &stranger, Cursor::START).err(), Some(404));
    }
}

pub(crate) fn a_post_wakes_the_owner(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let owner = Device::new(1, 5);
    owner.open_inbox(&url, [42; 16]);
    let mut wake = Wake::ask(&url, &owner, Cursor::START).unwrap();
    assert_eq!(wake.next(), Some(false));
    let posts = vec![Post { tag: [5; 16], token: [42; 16], envelope: envelope(5, Urgency::Alert, 500) }];
    send(&url, &Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts });
    assert_eq!(wake.next(), Some(true));
}

pub(crate) fn a_wake_stream_ends_with_its_time_and_with_the_relay(on: Backend) {
    let mut relay = Relay::with(on, |config| {
        config.limits.wake = Duration::from_millis(300);
        config.limits.wakes_from_address = 2;
    });
    let url = relay.url();
    let (one, _) = pair(&url, 7);
    let mut streams: Vec<_> = (0..2).map(|_| Wake::ask(&url, &one, Cursor::START).unwrap()).collect();
    // A process that has only just begun to listen to the others wakes everybody: something may have been missed.
    let may_wake = on == Backend::Postgres;
    for stream in &mut streams {
        while let Some(woken) = stream.next() {
            assert!(!woken || may_wake, "it ends, and whoever is still there asks again");
        }
    }
    relay.stop();
    relay.config.limits.wake = Duration::from_secs(3_600);
    relay.start_again();
    let url = relay.url();
    let mut streams: Vec<_> = (0..2).map(|_| Wake::ask(&url, &one, Cursor::START).unwrap()).collect();
    assert_eq!([streams[0].next(), streams[1].next()], [Some(false); 2]);
    assert_eq!(Wake::ask(&url, &one, Cursor::START).err(), Some(429));
    assert!(get(&format!("{}/metrics", relay.admin())).1.contains("\nrafiq_relay_wake_streams 2\n"));
    let stopped = std::thread::spawn(move || relay.stop());
    for stream in &mut streams {
        while let Some(woken) = stream.next() {
            assert!(!woken || may_wake, "nothing came: it ends");
        }
    }
    stopped.join().unwrap();
}

pub(crate) fn a_crowd_is_acknowledged_and_kept(on: Backend) {
    let mut relay = Relay::start(on);
    let other = (on == Backend::Postgres).then(|| relay.beside());
    let urls = [relay.url(), other.as_ref().map_or_else(|| relay.url(), |other| other.url())];
    let reader = Device::new(100, 7);
    reader.open(&urls[0]);
    let writers: Vec<_> = (1..=8).map(|n| Device::new(n, 7)).collect();
    let keys: Vec<_> = writers.iter().chain([&reader]).map(|device| (device.public(), Rights::Both)).collect();
    reader.allow(&urls[1], 1, &keys);
    let sent: BTreeSet<_> = std::thread::scope(|scope| {
        let work = |(writer, url): (&Device, &String)| {
            let (writer, url) = (writer.clone(), url.clone());
            scope.spawn(move || {
                let put_one = |_| {
                    let envelope = small(7);
                    assert_eq!(writer.put(&url, vec![envelope.clone()]).stored, 1);
                    envelope
                };
                (0..50).map(put_one).collect::<Vec<_>>()
            })
        };
        let threads: Vec<_> = writers.iter().zip(urls.iter().cycle()).map(work).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(sent.len(), 400);
    assert_eq!(everything(&reader, &urls[1]), sent);
    let last = reader.read(&urls[0], Cursor::START).cursor;
    assert_eq!(last, Cursor::at(400), "no position was given twice or left out");
    drop(other);
    relay.stop();
    relay.start_again();
    assert_eq!(everything(&reader, &relay.url()), sent);
}

/// A killed process has written what it acknowledged; with a database server another one goes on meanwhile.
pub(crate) fn a_killed_process_keeps_what_it_acknowledged(on: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = on.database(folder.path());
    let (writer, mut acknowledged, mut offered) = (Device::new(1, 7), BTreeSet::new(), BTreeSet::new());
    for cycle in 0..6 {
        let (relay, url) = program(&database, &[]);
        if cycle == 0 {
            pair(&url, 7);
        }
        let nonce = nonce(&url);
        let kill = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(60 + 17 * cycle));
            drop(relay); // SIGKILL
        });
        for _ in 0..25 {
            let envelope = small(7);
            let body = SectionBody { put: vec![envelope.clone()], ..SectionBody::default() };
            let sections = vec![writer.section(&nonce, &body)];
            let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] };
            offered.insert(envelope.clone());
            let Ok((200, answer)) = post_bytes(&url, &request.encode().unwrap()) else { break };
            let result = Response::decode(&answer).unwrap().results.remove(0);
            if result.stored == 1 {
                acknowledged.insert(envelope);
            } else {
                assert_eq!(result.status, Status::TooMany, "the allowance may be used up, no more");
            }
        }
        kill.join().unwrap();
    }
    let (_relay, url) = program(&database, &[]);
    let kept = everything(&Device::new(2, 7), &url);
    println!("offered {}, acknowledged {}, kept {}", offered.len(), acknowledged.len(), kept.len());
    assert!(acknowledged.len() > 6);
    assert!(kept.is_superset(&acknowledged), "lost {}", acknowledged.difference(&kept).count());
    assert!(offered.is_superset(&kept));
}

pub(crate) fn what_is_erased_is_dropped_for_a_writer_and_stays_dropped(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let reader = Device::new(3, 7);
    let list = [(one.public(), Rights::Both), (two.public(), Rights::Both), (reader.public(), Rights::Read)];
    assert_eq!(one.allow(&url, 2, &list).status, Status::Ok);
    let (entry, words, other) = (small(7), envelope(7, Urgency::Large, 900), envelope(7, Urgency::Large, 900));
    assert_eq!(one.put(&url, vec![entry.clone(), words.clone(), other.clone()]).stored, 3);
    let drop = |device: &Device, envelopes: &[&Vec<u8>]| {
        let envelopes = envelopes.iter().map(|envelope| DroppedEnvelope(envelope_id(envelope))).collect();
        device.exchange(&url, &SectionBody { drop: Some(DropList { envelopes }), ..SectionBody::default() })
    };
    let kept = || everything(&two, &url);
    assert_eq!(drop(&reader, &[&words]).status, Status::Forbidden);
    let (stranger, elsewhere) = (Device::new(9, 7), pair(&url, 8).0);
    assert_eq!(drop(&stranger, &[&words]).status, Status::Forbidden);
    assert_eq!(drop(&elsewhere, &[&words]).status, Status::Ok, "nothing of that name there");
    assert_eq!(kept().len(), 3);
    // Any writer of the space may, whoever put it; but nobody takes entries away from the others.
    assert_eq!(drop(&two, &[&words, &entry]).status, Status::Ok);
    assert_eq!(kept(), [entry.clone(), other.clone()].into_iter().collect());
    assert_eq!(drop(&two, &[&words]).status, Status::Ok, "once more does no harm");
    // A phone that has not heard of it offers it again: it counts as stored and does not come back.
    let last = Some(short_id(&other));
    let again = one.exchange(&url, &SectionBody { put: vec![words.clone()], last, ..SectionBody::default() });
    assert_eq!((again.status, again.stored), (Status::Ok, 1));
    assert_eq!(kept(), [entry, other.clone()].into_iter().collect());
    // A writer's newest stays its newest, dropped or not.
    assert_eq!(drop(&one, &[&other]).status, Status::Ok);
    let next = one.exchange(&url, &SectionBody { put: vec![small(7)], last, ..SectionBody::default() });
    assert_eq!((next.status, next.stored, next.cursor), (Status::Ok, 1, Cursor::at(4)));
    assert_eq!(everything(&reader, &url).len(), 2);
}

pub(crate) fn what_is_covered_goes_after_its_time(on: Backend) {
    let now = Arc::new(AtomicU64::new(20_000 * 86_400));
    let clock = Arc::clone(&now);
    let relay = Relay::with(on, |config| {
        config.clock = RelayClock::from_fn(move || clock.load(Ordering::Relaxed));
        config.limits.tidy = Duration::from_millis(20);
    });
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let (other, _) = pair(&url, 8);
    let (old, pack): (Vec<_>, Vec<_>) =
        ((0..5).map(|_| small(7)).collect(), (0..3).map(|_| envelope(7, Urgency::Large, 900)).collect());
    assert_eq!(one.put(&url, old).stored, 5);
    assert_eq!(other.put(&url, vec![small(8)]).stored, 1);
    // The pack covers the first four of them, and lies after them itself. Nobody covers what has not come.
    let result = one.exchange(&url, &SectionBody { put: pack.clone(), covered: Some(4), ..SectionBody::default() });
    assert_eq!((result.status, result.stored), (Status::Ok, 3));
    let reader = Device::new(3, 7);
    let list = [(one.public(), Rights::Both), (two.public(), Rights::Both), (reader.public(), Rights::Read)];
    assert_eq!(one.allow(&url, 2, &list).status, Status::Ok);
    reader.exchange(&url, &SectionBody { covered: Some(8), ..SectionBody::default() });
    let count = |days: u64| {
        now.store((20_000 + days) * 86_400, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(100)); // several turns of tidying
        everything(&two, &url).len()
    };
    assert_eq!([count(0), count(89)], [8, 8]);
    now.store(20_090 * 86_400, Ordering::Relaxed);
    eventually("what is covered is gone", || everything(&two, &url).len() == 4);
    assert!(everything(&two, &url).is_superset(&pack.into_iter().collect()), "the pack stays");
    assert_eq!(count(4_000), 4, "and so does whatever came after what it covers, without limit");
    assert_eq!(everything(&Device::new(2, 8), &url).len(), 1);
    let next = one.put(&url, vec![small(7)]);
    assert_eq!((next.stored, next.cursor), (1, Cursor::at(9)), "no position is used twice");
    let metrics = get(&format!("{}/metrics", relay.admin())).1;
    assert!(metrics.contains("\nrafiq_relay_envelopes_deleted_total 4\n"), "{metrics}");
}

pub(crate) fn spaces_are_opened_with_the_operators_token(on: Backend) {
    let relay = Relay::with(on, |config| config.operator_token = Some("tea at noon".into()));
    let url = relay.url();
    let device = Device::new(1, 7);
    let nonce = nonce(&url);
    let open = |kind, tag: u8, token| {
        let post_token = (kind == SpaceKind::Inbox).then_some([42; 16]);
        let open = Some(Open { kind, list_key: list_key().verifying_key().to_bytes(), post_token });
        let device = Device { tag: [tag; 16], ..device.clone() };
        let sections = vec![device.section(&nonce, &SectionBody { open, ..SectionBody::default() })];
        let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] };
        let answer = post_bytes_as(&url, &request.encode().unwrap(), token).unwrap().1;
        Response::decode(&answer).unwrap().results[0].status
    };
    assert_eq!(open(SpaceKind::Space, 7, None), Status::Forbidden);
    assert_eq!(open(SpaceKind::Space, 7, Some("tea at one")), Status::Forbidden);
    assert_eq!(open(SpaceKind::Inbox, 5, None), Status::Ok, "a newcomer with an invite has no token");
    assert_eq!(open(SpaceKind::Space, 7, Some("tea at noon")), Status::Ok);
    assert_eq!(device.put(&url, vec![small(7)]).status, Status::Ok, "only opening needs it");
}

pub(crate) fn a_directory_has_many_readers_with_one_key(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (curator, readers) = (Device::new(1, 7), Device::new(50, 7));
    curator.open(&url);
    assert_eq!(
        curator.allow(&url, 1, &[(curator.public(), Rights::Both), (readers.public(), Rights::Read)]).status,
        Status::Ok
    );
    curator.put(&url, vec![small(7), small(7)]);
    for _ in 0..3 {
        assert_eq!(readers.read(&url, Cursor::START).envelopes.len(), 2);
    }
    assert_eq!(readers.put(&url, vec![small(7)]).status, Status::Forbidden);
    assert_eq!(
        readers.allow(&url, 2, &[(readers.public(), Rights::Both)]).status,
        Status::Ok,
        "who holds the list key decides"
    );
}

pub(crate) fn a_restored_database_says_so(on: Backend) {
    let mut relay = Relay::start(on);
    let ask = |relay: &Relay| {
        let request = Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts: vec![] };
        let response = send(&relay.url(), &request);
        (response.instance, response.restores)
    };
    let (instance, none) = ask(&relay);
    relay.stop();
    let marked = program_with(&relay.config.database).arg("--restored").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&marked.stdout), "restored 1 times\n");
    relay.start_again();
    let (another, once) = ask(&relay);
    assert_eq!((none, once), (0, 1));
    assert_ne!(another, instance, "what it acknowledged may be gone");
}

pub(crate) fn the_operator_sees_sums_on_a_port_of_their_own(on: Backend) {
    let relay = Relay::with(on, |config| config.limits.tidy = Duration::from_millis(20));
    let (url, admin) = (relay.url(), relay.admin());
    assert_eq!(get(&format!("{admin}/livez")), (200, "alive\n".into()));
    assert_eq!(get(&format!("{admin}/readyz")), (200, "ready\n".into()));
    assert_eq!(get(&format!("{admin}/v1/exchange")).0, 404);
    let (one, _) = pair(&url, 7);
    one.put(&url, vec![small(7), small(7)]);
    let _ = post_bytes(&url, b"nonsense");
    eventually("the sums are right", || {
        let text = get(&format!("{admin}/metrics")).1;
        let has = |line: &str| text.lines().any(|there| there == line);
        has("# TYPE rafiq_relay_envelopes_acknowledged_total counter")
            && has("rafiq_relay_envelopes_acknowledged_total 2")
            && has("rafiq_relay_exchanges_not_understood_total 1")
            && has("rafiq_relay_exchanges_failed_total 0")
            && has("rafiq_relay_spaces 1")
    });
}

/// Two processes share one database: what each does is seen by the other at once.
pub(crate) fn two_processes_are_one_relay(on: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = on.database(folder.path());
    let [(_a, here), (_b, there)] = [program(&database, &[]), program(&database, &[])];
    let (one, two) = pair(&here, 7);
    let nonce = nonce(&here);
    assert_eq!(nonce, crate::common::nonce(&there), "signed for one, good for the other");
    let mut wake = Wake::ask(&there, &two, Cursor::START).unwrap();
    assert_eq!(wake.next(), Some(false));
    let sent = small(7);
    assert_eq!(one.put(&here, vec![sent.clone()]).stored, 1);
    assert_eq!(wake.next(), Some(true), "across processes");
    assert_eq!(bytes_of(&two.read(&there, Cursor::START)), std::slice::from_ref(&sent));
    assert_eq!(one.put(&there, vec![sent]).stored, 1, "stored once, whoever is asked");
    assert_eq!(two.read(&here, Cursor::START).envelopes.len(), 1);
    // Both open the same places at the same moment, again and again: one wins, the other sees it.
    for tag in 20..40 {
        let devices = [Device::new(1, tag), Device::new(1, tag)];
        let statuses = std::thread::scope(|scope| {
            let opening = [(&devices[0], &here), (&devices[1], &there)]
                .map(|(d, url)| scope.spawn(move || d.try_open(url).status));
            opening.map(|thread| thread.join().unwrap())
        });
        assert_eq!(statuses, [Status::Ok; 2]);
    }
}

/// An allowance is one for all processes.
pub(crate) fn allowances_are_shared(on: Backend) {
    let relay = Relay::with(on, |config| config.limits.writes = Rate { per_minute: 1, burst: 6 });
    let other = (on == Backend::Postgres).then(|| relay.beside());
    let urls = [relay.url(), other.as_ref().map_or_else(|| relay.url(), |other| other.url())];
    let (one, _) = pair(&urls[0], 7); // two writes: opening, and a list
    let put = |n: usize| one.put(&urls[n % 2], vec![small(7)]);
    let results: Vec<_> = (0..5).map(put).collect();
    let statuses: Vec<_> = results.iter().map(|result| result.status).collect();
    assert_eq!(statuses, [Status::Ok, Status::Ok, Status::Ok, Status::Ok, Status::TooMany]);
    assert!(results[4].retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)), "{:?}", results[4].retry_after);
}
