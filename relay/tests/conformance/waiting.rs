//! What a relay says of what waits, and what it keeps back for a line that costs.

use crate::common::*;
use rafiq_protocol::limits::{MAX_COUNTED, MIN_BUDGET};
use rafiq_protocol::*;

fn bytes(envelopes: &[Vec<u8>], urgency: Urgency) -> u32 {
    let of = |envelope: &&Vec<u8>| EnvelopeHeader::parse(envelope).unwrap().urgency == urgency;
    envelopes.iter().filter(of).map(Vec::len).sum::<usize>() as u32
}

fn left(envelopes: &[Vec<u8>]) -> Option<Left> {
    let [alert, small, large] = Urgency::ALL.map(|urgency| bytes(envelopes, urgency));
    Left { alert, small, large }.some()
}

pub(crate) fn what_is_left_is_said(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let kinds = [Urgency::Large, Urgency::Small, Urgency::Alert, Urgency::Small, Urgency::Large, Urgency::Small];
    let mut sent: Vec<_> = kinds.iter().zip(1..).map(|(urgency, n)| envelope(7, *urgency, 9_000 * n)).collect();
    assert_eq!(one.put(&url, sent.clone()).left, None, "nobody waits for their own");
    assert_eq!(two.put(&url, vec![envelope(7, Urgency::Small, 700)]).left, None, "all of it was brought");
    let (mut cursor, mut rounds) = (Cursor::START, 0);
    loop {
        let body = SectionBody { cursor, ..SectionBody::default() };
        let result = two.exchange_within(&url, &body, MIN_BUDGET);
        let came = bytes_of(&result);
        sent.retain(|envelope| !came.contains(envelope));
        assert_eq!(result.left, left(&sent), "after {rounds} rounds");
        assert_eq!(result.more, result.left.is_some());
        (cursor, rounds) = (result.cursor, rounds + 1);
        if !result.more {
            break;
        }
    }
    assert!(sent.is_empty() && rounds > 2);
    // A stranger hears of nothing, and neither does who may only write.
    assert_eq!(Device::new(9, 7).read(&url, Cursor::START).left, None);
    assert_eq!(one.allow(&url, 2, &[(one.public(), Rights::Both), (two.public(), Rights::Write)]).status, Status::Ok);
    assert_eq!(two.exchange_within(&url, &SectionBody::default(), 0).left, None);
}

pub(crate) fn a_line_that_costs_is_spared(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let [small, large] = [Urgency::Small, Urgency::Large].map(|urgency| envelope(7, urgency, 5_000));
    let alert = envelope(7, Urgency::Alert, 900);
    assert_eq!(one.put(&url, vec![large.clone(), small.clone(), alert.clone()]).stored, 3);
    assert_eq!(two.put(&url, vec![envelope(7, Urgency::Large, 60_000)]).stored, 1);
    let ask = |device: &Device, cursor, small: usize, large: usize| {
        let within = Some(Within { small: small as u32, large: large as u32 });
        device.exchange(&url, &SectionBody { cursor, within, ..SectionBody::default() })
    };
    let (just, short) = (large.len(), large.len() - 1);

    // Nothing comes of what is too much; its cursor stays, and what is left is said. One's own is not counted.
    let none = ask(&two, Cursor::START, short, 0);
    assert_eq!((bytes_of(&none), none.more), (vec![alert.clone()], false));
    assert_eq!(none.cursor, Cursor { alert: 4, small: 0, large: 0 });
    assert_eq!(none.left, left(&[small.clone(), large.clone()]));
    let some = ask(&two, none.cursor, just, short);
    assert_eq!((bytes_of(&some), some.left), (vec![small], left(std::slice::from_ref(&large))));
    assert_eq!(some.cursor, Cursor { alert: 4, small: 4, large: 0 });
    // It wakes nobody who spares the line, and does wake who does not.
    let within = Some(Within { small: just as u32, large: short as u32 });
    let body = SectionBody { cursor: some.cursor, within, ..SectionBody::default() };
    assert_eq!(Wake::ask_with(&url, &two, &body).unwrap().next(), Some(false));
    assert_eq!(Wake::ask(&url, &two, some.cursor).unwrap().next(), Some(true));
    let all = ask(&two, some.cursor, 0, just);
    assert_eq!((bytes_of(&all), all.left, all.cursor), (vec![large], None, Cursor::at(4)));
    // A cursor beyond the end comes back lower all the same.
    assert_eq!(ask(&two, Cursor::at(9), 0, 0).cursor, Cursor::at(4));

    // A copy reads everything: it must find out what it is.
    let within = Some(Within { small: 0, large: 0 });
    let copy = one.exchange(&url, &SectionBody { within, last: Some([1; 8]), ..SectionBody::default() });
    assert_eq!((copy.status, copy.envelopes.len(), copy.left), (Status::Behind, 4, None));
    let put = vec![envelope(7, Urgency::Small, 800)];
    let copy = one.exchange(&url, &SectionBody { put, within, last: Some([1; 8]), ..SectionBody::default() });
    assert_eq!((copy.status, copy.stored, copy.envelopes.len(), copy.left), (Status::Behind, 0, 4, None));
}

/// Counting costs the relay no more than so many rows, however much waits.
pub(crate) fn counting_ends_somewhere(on: Backend) {
    let relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let size = small(7).len();
    let mut put = 0;
    while put < MAX_COUNTED as usize + 200 {
        let some: Vec<_> = (0..1_000).map(|_| small(7)).collect();
        put += one.put(&url, some).stored as usize;
    }
    let result = two.exchange_within(&url, &SectionBody::default(), 0);
    assert_eq!(result.left, Some(Left { small: MAX_COUNTED * size as u32, ..Left::default() }), "of {put}");
}
