//! What is refused for a while: too often, too much.

use crate::common::*;
use rafiq_protocol::*;
use rafiq_relay::{LocalRelay, Rate};

pub(crate) fn a_hasty_writer_is_asked_to_wait(on: Backend) {
    let relay = Relay::with(on, |config| config.limits.writes = Rate { per_minute: 6, burst: 4 });
    let url = relay.url();
    let (one, two) = pair(&url, 7); // two writes: opening, key list
    assert_eq!(two.put(&url, vec![small(7)]).stored, 1);
    let results: Vec<_> = (0..4).map(|_| one.put(&url, vec![small(7)])).collect();
    assert_eq!(results.iter().map(|r| r.stored).collect::<Vec<_>>(), [1, 1, 0, 0]);
    assert_eq!(results[3].status, Status::TooMany);
    assert!((1..=10).contains(&results[3].retry_after.unwrap()));
    assert_eq!(results[3].envelopes.len(), 1, "reading goes on");
    assert_eq!(one.read(&url, Cursor::at(1)).status, Status::Ok);
}

pub(crate) fn a_full_space_keeps_what_fits_and_has_room_for_alerts(on: Backend) {
    let relay = Relay::with(on, |config| {
        config.limits.space = 10_000;
        config.limits.alert_reserve = 1_000;
    });
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let big = || envelope(7, Urgency::Small, 4_000);
    let result = one.put(&url, vec![big(), big(), big(), small(7)]);
    assert_eq!((result.status, result.stored), (Status::Full, 2));
    assert!(result.retry_after.is_some());
    assert_eq!(one.put(&url, vec![envelope(7, Urgency::Small, 2_000)]).status, Status::Full);
    assert_eq!(one.put(&url, vec![envelope(7, Urgency::Alert, 2_000)]).stored, 1);
    assert_eq!(two.read(&url, Cursor::START).envelopes.len(), 3);
    let other = Device::new(1, 8);
    other.open(&url);
    assert_eq!(other.put(&url, vec![small(8)]).status, Status::Ok, "another space is not touched");
}

pub(crate) fn alerts_to_an_inbox_have_their_own_allowance(on: Backend) {
    let relay = Relay::with(on, |config| config.limits.posts = Rate { per_minute: 1, burst: 2 });
    let url = relay.url();
    let owner = Device::new(1, 5);
    owner.open_inbox(&url, [42; 16]);
    let post = |urgency| {
        let posts = vec![Post { tag: [5; 16], token: [42; 16], envelope: envelope(5, urgency, 500) }];
        send(&url, &Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts }).posts[0]
    };
    let notes = [Urgency::Small, Urgency::Large, Urgency::Small].map(post);
    assert_eq!(notes.map(|result| result.status), [Status::Ok, Status::Ok, Status::TooMany]);
    assert!(notes[2].retry_after.unwrap() > 0, "the sender keeps it and knows when to come back");
    assert_eq!(post(Urgency::Alert).status, Status::Ok);
    assert_eq!(owner.read(&url, Cursor::START).envelopes.len(), 3);
}

pub(crate) fn a_full_inbox_still_takes_alerts(on: Backend) {
    let relay = Relay::with(on, |config| {
        config.limits.space = 5_000;
        config.limits.alert_reserve = 2_000;
    });
    let url = relay.url();
    let owner = Device::new(1, 5);
    owner.open_inbox(&url, [42; 16]);
    let post = |urgency, size| {
        let posts = vec![Post { tag: [5; 16], token: [42; 16], envelope: envelope(5, urgency, size) }];
        send(&url, &Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts }).posts[0]
    };
    assert_eq!(post(Urgency::Large, 4_000).status, Status::Ok);
    let full = post(Urgency::Small, 4_000);
    assert_eq!((full.status, full.retry_after.is_some()), (Status::Full, true));
    assert_eq!(post(Urgency::Alert, 1_500).status, Status::Ok, "it has room of its own");
    let got = owner.read(&url, Cursor::START).envelopes;
    assert_eq!(got.iter().map(|envelope| envelope.position).collect::<Vec<_>>(), [2, 1], "and comes first");
}

/// Whoever holds a token may fill an inbox. Its owner need not wait for the end of the retention to have room for others.
pub(crate) fn a_flooded_inbox_has_room_again_once_its_owner_has_read_it(on: Backend) {
    let relay = Relay::with(on, |config| {
        config.limits.space = 10_000;
        config.limits.alert_reserve = 1_000;
    });
    let (url, beside) = (relay.url(), LocalRelay::open(&relay.config).unwrap());
    let post = |tag: u8, urgency| {
        let posts = vec![Post { tag: [tag; 16], token: [42; 16], envelope: envelope(tag, urgency, 900) }];
        send(&url, &Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts }).posts[0].status
    };
    let cover = |device: &Device, covered| {
        device.exchange(&url, &SectionBody { covered: Some(covered), ..SectionBody::default() });
    };
    let count = |device: &Device| everything(device, &url).len();
    let (flooded, quiet, read_in_part) = (Device::new(1, 5), Device::new(2, 6), Device::new(3, 7));
    for owner in [&flooded, &quiet, &read_in_part] {
        owner.open_inbox(&url, [42; 16]);
    }
    while post(5, Urgency::Small) == Status::Ok {}
    while post(5, Urgency::Alert) == Status::Ok {}
    beside.tidy().unwrap();
    assert_eq!((post(5, Urgency::Small), post(5, Urgency::Alert)), (Status::Full, Status::Full), "nobody has read it");
    let held = count(&flooded);
    assert!(held > 8, "{held}");

    // What is read of an inbox that holds little is for a phone that is put back to an earlier day; what is not read is for its owner.
    assert_eq!([0; 4].map(|_| post(6, Urgency::Small)), [Status::Ok; 4]);
    cover(&quiet, 4);
    assert_eq!([0; 8].map(|_| post(7, Urgency::Small)), [Status::Ok; 8]);
    cover(&read_in_part, 2);
    // What a pack covers stays for those who are on their way, however full the space is.
    let (writer, member) = pair(&url, 8);
    assert_eq!(writer.put(&url, (0..8).map(|_| envelope(8, Urgency::Small, 900)).collect()).stored, 8);
    cover(&writer, 8);

    cover(&flooded, held as u64);
    beside.tidy().unwrap();
    assert_eq!([count(&flooded), count(&quiet), count(&read_in_part), count(&member)], [5, 4, 6, 8]);
    let kept = flooded.read(&url, Cursor::START).envelopes;
    let mut kept: Vec<u64> = kept.iter().map(|envelope| envelope.position).collect();
    kept.sort_unstable();
    let newest: Vec<u64> = (held as u64 - 4..=held as u64).collect();
    assert_eq!(kept, newest, "half of its room, and the oldest went");
    assert_eq!((post(5, Urgency::Small), post(5, Urgency::Alert)), (Status::Ok, Status::Ok));
    let next = flooded.read(&url, Cursor::at(held as u64));
    assert_eq!(next.envelopes.len(), 2, "no position is used twice");
}

pub(crate) fn one_address_posts_so_often(on: Backend) {
    let relay = Relay::with(on, |config| config.limits.posts_from_address = Rate { per_minute: 1, burst: 3 });
    let url = relay.url();
    let mut statuses = vec![];
    for tag in 1..=4 {
        Device::new(1, tag).open_inbox(&url, [42; 16]);
        let posts = vec![Post { tag: [tag; 16], token: [42; 16], envelope: small(tag) }];
        let request = Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts };
        statuses.push(send(&url, &request).posts[0].status);
    }
    assert_eq!(statuses, [Status::Ok, Status::Ok, Status::Ok, Status::TooMany], "however many inboxes");
}

pub(crate) fn under_pressure_new_spaces_are_refused_first(on: Backend) {
    let relay = Relay::with(on, |config| {
        config.limits.total = 5_000;
        config.limits.tidy = std::time::Duration::from_millis(20);
    });
    let url = relay.url();
    let (one, _) = pair(&url, 7);
    assert_eq!(one.put(&url, vec![envelope(7, Urgency::Small, 6_000)]).status, Status::Ok);
    let mut tag = 20;
    eventually("new spaces are refused", || {
        tag += 1;
        let result = Device::new(3, tag).try_open(&url);
        assert_eq!(result.status == Status::Full, result.retry_after.is_some());
        result.status == Status::Full
    });
    assert_eq!(one.put(&url, vec![small(7)]).status, Status::Ok, "those that are there go on");
}
