#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::ids::{PersonId, SpaceId};
use crate::sync::wire::alert::CONTACT_ME_TODAY;
use crate::sync::wire::ids::NoteId;
use crate::sync::wire::keys::DeviceKeys;
use crate::sync::wire::vectors::samples;

#[test]
fn every_item_returns_and_every_flip_is_refused() {
    for (name, item) in samples() {
        let bytes = item.encode();
        let again = Item::decode(&bytes).unwrap();
        assert_eq!(again, item, "{name}");
        assert_eq!(again.encode(), bytes, "{name}");
        for place in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[place] ^= 1;
            // A report is not signed: what protects it on its way is the envelope.
            if !matches!(item, Item::Report(_) | Item::Blob(_)) {
                assert!(Item::decode(&bad).is_err(), "{name}, byte {place}");
            }
            assert!(Item::decode(&bytes[..place]).is_err(), "{name}, cut at {place}");
        }
        assert!(Item::decode(&[&bytes[..], &[0]].concat()).is_err(), "{name}, longer");
    }
}

#[test]
fn items_to_come_wait() {
    for later in [&[0x82, 12, 0][..], &[0x83, 0x18, 99, 0, 0], &[0x81, 12]] {
        assert_eq!(Item::decode(later), Err(WireError::Newer { needs: 2 }));
    }
    for bad in [&[0x80][..], &[0x82, 0, 0], &[0x81, 1], &[0x01], &[0x83, 1, 0, 0], &[0x82, 0x20, 0], &[0x81, 11]] {
        assert_eq!(Item::decode(bad), Err(WireError::Malformed), "{bad:02x?}");
    }
}

#[test]
fn alerts_are_small_and_first() {
    let keys = DeviceKeys::from_seed([1; 32], 1);
    let new = |name: &str| Alert::new(&keys, NoteId([1; 16]), CONTACT_ME_TODAY, PersonId([2; 16]), name, i64::MAX);
    let longest = Item::Alert(new(&"ж".repeat(32)).unwrap());
    assert!(longest.encode().len() <= MAX_ALERT);
    assert_eq!(longest.urgency(), Urgency::Alert);
    assert_eq!(new(&"ж".repeat(33)), Err(WireError::TooLarge));
    assert_eq!(new("a\u{0}"), Err(WireError::Malformed));
    // From a later version, longer than an alert may be.
    let Item::Alert(alert) = longest else { return };
    let received = AlertReceived::new(&keys, &alert, 7).unwrap();
    assert_eq!((received.id, received.device), (NoteId([1; 16]), keys.device()));
    let report = Report::new(NoteId([1; 16]), SpaceId([2; 32]), "s", "other", &"n".repeat(500), 5).unwrap();
    assert_eq!(Item::Report(report).urgency(), Urgency::Small);
}
