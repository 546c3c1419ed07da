#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use proptest::prelude::*;

const TAG: Tag = [5; 16];

fn epoch() -> EpochKey {
    EpochKey::new(1, [1; 32])
}

fn sealed(item: &[u8]) -> Vec<u8> {
    seal(&epoch(), &TAG, Urgency::Small, item).unwrap()
}

#[test]
fn bad_envelope() {
    let good = sealed(b"what was meant");
    assert_eq!(open(&[epoch()], &TAG, &good).unwrap(), b"what was meant");
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1;
        let expected: &[WireError] = match place {
            0 => &[WireError::BadEnvelope, WireError::Newer { needs: 2 }],
            1..=16 => &[WireError::BadEnvelope], // another tag
            17 => &[WireError::BadCommitment],   // urgency 0 for 1
            18..=25 => &[WireError::WrongKey],
            26..=81 => &[WireError::BadCommitment], // nonce and commitment
            _ => &[WireError::BadEnvelope],
        };
        let got = open(&[epoch()], &TAG, &bad).unwrap_err();
        assert!(expected.contains(&got), "byte {place}: {got:?}");
    }
    for length in 0..good.len() {
        assert_eq!(open(&[epoch()], &TAG, &good[..length]), Err(WireError::BadEnvelope), "cut at {length}");
    }
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(open(&[epoch()], &TAG, &longer), Err(WireError::BadEnvelope));
    assert_eq!(open(&[epoch()], &TAG, &vec![1; MAX_ENVELOPE + 1]), Err(WireError::TooLarge));
}

#[test]
fn inbox_envelope() {
    let inbox = InboxKeys::from_seed([3; 32]);
    let item = b"please contact me today";
    let good = seal_to_inbox(&inbox.address(), Urgency::Alert, item, &[9; 32]).unwrap();
    assert_eq!(open_from_inbox(&inbox, &good).unwrap(), item);
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 0x80; // of the encapsulated key's last byte, the bit that X25519 itself ignores
        assert!(open_from_inbox(&inbox, &bad).is_err(), "byte {place}");
    }
    for length in 0..good.len() {
        assert!(open_from_inbox(&inbox, &good[..length]).is_err(), "cut at {length}");
    }
    // Another inbox, even one that answers to the same tag, cannot open it.
    let other = InboxKeys::from_seed([4; 32]);
    assert_eq!(open_from_inbox(&other, &good), Err(WireError::BadEnvelope));
    let mut readdressed = good.clone();
    readdressed[1..17].copy_from_slice(&other.address().tag());
    assert_eq!(open_from_inbox(&other, &readdressed), Err(WireError::WrongKey));
    readdressed[18..26].copy_from_slice(&other.address().key_id());
    assert_eq!(open_from_inbox(&other, &readdressed), Err(WireError::BadCommitment));
    // A generator that repeats itself: other notes still get other keys, the same note is the same envelope.
    let again = seal_to_inbox(&inbox.address(), Urgency::Alert, b"something else", &[9; 32]).unwrap();
    assert_ne!(good[HEADER_LEN..HEADER_LEN + 32], again[HEADER_LEN..HEADER_LEN + 32]);
    assert_eq!(good, seal_to_inbox(&inbox.address(), Urgency::Alert, item, &[9; 32]).unwrap());
    // A key of small order shares no secret; hpke says so.
    let weak = InboxAddress { key: [0; 32], token: [0; 16] };
    assert_eq!(seal_to_inbox(&weak, Urgency::Alert, item, &[9; 32]), Err(WireError::Malformed));
}

/// What has no place in an address is what nothing can be sealed to, and nothing else.
#[test]
fn no_address_has_a_key_that_shares_no_secret() {
    let shares = |key: [u8; 32]| {
        let address = InboxAddress { key, token: [0; 16] };
        let sealed = seal_to_inbox(&address, Urgency::Alert, b"x", &[9; 32]).is_ok();
        let decoded = minicbor::decode::<InboxAddress>(&minicbor::to_vec(address).unwrap()).is_ok();
        assert_eq!(sealed, decoded, "{key:02x?}");
        sealed
    };
    for low in super::super::keys::LOW_ORDER {
        let mut high = low;
        high[31] |= 0x80;
        assert!(!shares(low) && !shares(high));
    }
    assert!((2..=255).map(|first| [first; 32]).all(shares));
    assert!(shares(InboxKeys::from_seed([7; 32]).address().key));
}

#[test]
fn two_keys_and_none() {
    let good = sealed(b"x");
    let other = EpochKey::new(2, [2; 32]);
    assert_eq!(open(&[], &TAG, &good), Err(WireError::WrongKey));
    assert_eq!(open(std::slice::from_ref(&other), &TAG, &good), Err(WireError::WrongKey));
    assert!(WireError::WrongKey.is_waiting());
    assert_eq!(open(&[other.clone(), epoch()], &TAG, &good).unwrap(), b"x");
    // One envelope cannot be made to open under two keys: the commitment is to one.
    let mut claimed = good;
    claimed[18..26].copy_from_slice(&other.key_id());
    assert_eq!(open(&[epoch(), other], &TAG, &claimed), Err(WireError::BadCommitment));
}

#[test]
fn a_member_cannot_hide_a_bad_inside() {
    let keys = SealingKeys::of(epoch().secret());
    let inside = |inner: &[u8]| {
        let envelope = keys.seal((TAG, Urgency::Small, epoch().key_id()), &[], inner, None).unwrap();
        open(&[epoch()], &TAG, &envelope)
    };
    assert_eq!(inside(&[0, 0, 0, 0, 1, 7, 0]).unwrap(), [7]);
    assert_eq!(inside(&[]), Err(WireError::Malformed));
    assert_eq!(inside(&[0, 0, 0, 0]), Err(WireError::Malformed));
    assert_eq!(inside(&[0, 0, 0, 0, 2, 7]), Err(WireError::Malformed)); // longer than what is there
    assert_eq!(inside(&[0, 255, 255, 255, 255, 7]), Err(WireError::Malformed));
    assert_eq!(inside(&[0, 0, 0, 0, 1, 7, 1]), Err(WireError::Malformed)); // padding that says something
    assert_eq!(inside(&[7, 0, 0, 0, 1, 7]), Err(WireError::Newer { needs: 2 })); // a codec to come
    assert_eq!(inside(&[1, 0, 0, 0, 1, 7]), Err(WireError::Malformed)); // not deflate
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; 4 << 20], 9);
    let inner = [&[1][..], &(bomb.len() as u32).to_be_bytes(), &bomb].concat();
    assert_eq!(inside(&inner), Err(WireError::TooLarge));
}

/// What an older version sealed is opened as what we seal today.
#[test]
fn an_entry_opens_from_every_codec() {
    use crate::sync::wire::{DeviceKeys, DocumentName, Draft, Entry, Item, OperationHash};
    use automerge::transaction::Transactable;
    let mut document = automerge::AutoCommit::new();
    for number in 0..30 {
        document.put(automerge::ROOT, format!("step/{number}"), "done").unwrap();
        document.commit();
    }
    let name = DocumentName { kind: 40, bucket: String::new(), generation: 0 };
    let changes = document.get_changes(&[]).iter().map(|change| (name.clone(), change.raw_bytes().to_vec())).collect();
    let draft = Draft {
        space: crate::ids::SpaceId([2; 32]),
        sequence: 1,
        previous: None,
        auth_heads: vec![OperationHash([4; 32])],
        entry_heads: vec![],
        changes,
    };
    let item = Item::Entry(Entry::sign(&DeviceKeys::from_seed([1; 32], 1), draft).unwrap()).encode();
    let (today, compact) = codec::encode(&item).unwrap();
    assert_eq!(today, codec::COMPACT);
    let deflated = miniz_oxide::deflate::compress_to_vec(&item, 6);
    for (codec, payload) in [(codec::STORED, &item), (codec::DEFLATE, &deflated), (codec::COMPACT, &compact)] {
        let inner = [&[codec][..], &(payload.len() as u32).to_be_bytes(), payload].concat();
        let keys = SealingKeys::of(epoch().secret());
        let envelope = keys.seal((TAG, Urgency::Small, epoch().key_id()), &[], &inner, None).unwrap();
        assert_eq!(open(&[epoch()], &TAG, &envelope).unwrap(), item, "codec {codec}");
    }
}

#[test]
fn sizes() {
    assert_eq!(sealed(b"").len(), HEADER_LEN + PADDING_FLOOR + AUTHENTICATOR);
    assert_eq!(sealed(b"short").len(), sealed(&[7; 300]).len());
    let noise: Vec<u8> = (0..MAX_INNER as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
    let (_, encoded) = codec::encode(&noise).unwrap();
    if encoded.len() + INNER_HEAD > MAX_INNER {
        assert_eq!(seal(&epoch(), &TAG, Urgency::Large, &noise), Err(WireError::TooLarge));
    }
    assert_eq!(padded(512), 512);
    assert_eq!(padded(513), 544);
    assert_eq!(padded(57_349), 59_392);
    for length in (1..MAX_INNER).step_by(7) {
        let full = padded(length);
        assert!(full >= length.max(512) && (length < 512 || full <= length + length / 8), "{length} {full}");
        assert_eq!(padded(full), full);
    }
}

proptest! {
    #[test]
    fn any_item_returns(item in proptest::collection::vec(any::<u8>(), 0..3000), key: [u8; 32], urgency in 0u8..3, tag: [u8; 16]) {
        let epoch = EpochKey::new(1, key);
        let urgency = Urgency::try_from(urgency).unwrap();
        let envelope = seal(&epoch, &tag, urgency, &item).unwrap();
        prop_assert_eq!(&envelope, &seal(&epoch, &tag, urgency, &item).unwrap());
        prop_assert_eq!(open(&[epoch], &tag, &envelope).unwrap(), item);
    }

    #[test]
    fn any_bytes_are_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(open(&[epoch()], &TAG, &bytes).is_err());
        prop_assert!(open_from_inbox(&InboxKeys::from_seed([3; 32]), &bytes).is_err());
    }
}

#[test]
fn told_again_it_is_another_envelope_for_each_salt_and_opens_as_ever() {
    let item = b"the same item".to_vec();
    let seal = |salt: Option<&[u8; 32]>| seal_again(&epoch(), &TAG, Urgency::Small, &item, salt).unwrap();
    let (plain, one, other) = (seal(None), seal(Some(&[1; 32])), seal(Some(&[2; 32])));
    assert_eq!(plain, super::seal(&epoch(), &TAG, Urgency::Small, &item).unwrap());
    assert!(plain != one && one != other && one == seal(Some(&[1; 32])));
    for envelope in [plain, one, other] {
        assert_eq!(open(&[epoch()], &TAG, &envelope), Ok(item.clone()));
    }
}
